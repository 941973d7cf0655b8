/* SPDX-License-Identifier: ISC */
#ifndef CORE_POLICY_IN_H
#define CORE_POLICY_IN_H

#include "core/policy.h"

/*
 * What the files of policy share:
 *   policy.c          a step: events, time, actions, heartbeat
 *   policy_ups.c      what the state of one UPS means
 *   policy_machines.c who hangs on a UPS, and who of them is still on
 *   policy_down.c     the way down
 *   policy_saved.c    what outlives the process
 *   policy_conf.c     the configuration
 */

/* Words of ups.status that mean something here. */
enum {
	WORD_OL = 1 << 0,
	WORD_OB = 1 << 1,
	WORD_LB = 1 << 2,
	WORD_RB = 1 << 3,
	WORD_CAL = 1 << 4,
	WORD_FSD = 1 << 5,
};

enum policy_line { LINE_UNKNOWN, LINE_MAINS, LINE_BATTERY };

/* Times of 0 mean: not so, or not yet. */
struct policy_ups {
	unsigned told;  /* WORD_* of the driver's ups.status */
	unsigned words; /* ... when its data were last fresh */
	enum policy_line line;
	enum feed_view view, shown; /* to be shown; shown by the feed */
	bool fresh;
	bool unread;  /* we slept or are new: `words` is hearsay until it is read */
	bool commbad; /* people know that it does not answer */
	bool self;    /* the feed counts this machine among its logins */
	long logins; /* at the server of a far UPS, once FSD is demanded; -1: not known */
	uint64_t lost_ms;               /* since when it is not fresh */
	uint64_t low_ms;                /* since when it is on battery and low */
	uint64_t replace_ms, nocomm_ms; /* when people were last told */
};

struct policy_machine {
	size_t row;
	unsigned long session; /* 0: of a core before this one */
	enum policy_machine_kind kind;
	bool broken;     /* a login whose connection ended without LOGOUT */
	bool primary;    /* a login of another upsmon here that decides */
	bool gone;       /* a reader that is silent for too long */
	uint64_t off_ms; /* it has left, and is off then: its stopping time is known */
	uint64_t seen_ms, interval_ms; /* of a reader: last, longest between two */
	uint64_t awaited_ms;           /* ... it may be silent from here on */
	char address[POLICY_ADDRESS_MAX], account[POLICY_ACCOUNT_MAX];
};

/* What a MONITOR line gives. */
struct policy_supply {
	const char *why; /* it gives nothing; NULL: it is good */
	bool known;      /* people know that it does not */
};

/* The way down, in its order. */
enum policy_phase {
	PHASE_WATCH, /* nothing is decided */
	PHASE_SYNC,  /* FSD is shown; others may leave until sync_ms */
	PHASE_FINAL, /* FINALDELAY runs until final_ms */
	PHASE_DOWN,  /* SHUTDOWN is said again and again */
};

struct policy {
	const struct policy_conf *conf;
	struct policy_ups *upses; /* by row */
	struct policy_machine *machines;
	size_t nmachines;
	bool crowded;                   /* more machines than can be told apart */
	struct policy_supply *supplies; /* by MONITOR line */

	enum policy_phase phase;
	bool cut;
	unsigned outage; /* its number; grows with each */
	bool battery;    /* some watched UPS is on battery: an outage */
	uint64_t fsd_ms, sync_ms, final_ms, again_ms, deadline_ms;
	bool elsewhere; /* another upsmon of this machine decides */
	bool left;      /* ... has called FSD and left: the rest is its business */

	uint64_t now_ms, hold_ms; /* nothing is decided before hold_ms */
	uint64_t seq, heartbeat_ms;
	uint32_t run_id;
	uint64_t saved; /* blocks made so far */
	bool dirty;     /* what outlives us has changed */
	bool begun;     /* the first step is done */

	struct policy_action *actions;
	size_t nactions, room;
	uint64_t next_ms;
	struct policy_actions result;
};

/* policy.c: an action to be filled in further / a line for people / true when it is time;
 * else that time will be asked for. */
struct policy_action *policy_act(
    struct policy *p, enum policy_action_kind kind, size_t row);
void policy_say(struct policy *p, bool warn, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool policy_due(struct policy *p, uint64_t at_ms);

/* policy_ups.c: takes in a status or a source; tells people what is due; tells them of a
 * type, by every MONITOR line of the UPS; why this MONITOR line has no supply, or NULL. */
void policy_ups_event(struct policy *p, const struct policy_event *event);
void policy_ups_slept(struct policy *p);
void policy_ups_tell(struct policy *p);
void policy_notify(struct policy *p, size_t row, enum notify_type type);
void policy_view(struct policy *p, size_t row, enum feed_view view);
const char *policy_critical(struct policy *p, const struct policy_monitor *m);
bool policy_watched(const struct policy *p, size_t row);

/* policy_machines.c: room for one more, behind the others (who move meanwhile), of which the
 * caller knows that it is not one too many. */
struct policy_machine *policy_machine_new(struct policy *p);

/* policy_machines.c: takes in what a machine does; nobody could be seen while we slept;
 * true when another upsmon of this
 * machine holds PRIMARY; names who is still on and returns how many: of those that have
 * left and are stopping, or of all others; the longest stopping time that is known. */
void policy_machine_event(struct policy *p, const struct policy_event *event);
void policy_machines_slept(struct policy *p);
bool policy_elsewhere(const struct policy *p);
size_t policy_still_on(struct policy *p, bool stopping, char *names, size_t size);
uint64_t policy_longest_stop(const struct policy *p);

/* policy_down.c: decides / begins the way down at once. */
void policy_down_step(struct policy *p);
void policy_down_begin(struct policy *p);

#endif
