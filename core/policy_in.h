/* SPDX-License-Identifier: ISC */
#ifndef CORE_POLICY_IN_H
#define CORE_POLICY_IN_H

#include "core/policy.h"
#include "lib/notify.h"
#include "lib/task.h"

/*
 * What the files of policy share:
 *   policy.c          a step: events, time, actions, heartbeat
 *   policy_words.c    the words of ups.status
 *   policy_ups.c      what the state of one UPS means
 *   policy_power.c    what is believed of its battery: on it, low, how much is left
 *   policy_machines.c who hangs on a UPS, and who of them is still on
 *   policy_plan.c     the moment of each planned machine, until it is off
 *   policy_down.c     the way down of this machine
 *   policy_cut.c      the cut, ordered before the machine stops
 *   policy_back.c     FSD as a lease, whom we took down, and how they come back
 *   policy_memory.c   what outlives the power
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
	WORD_OFF = 1 << 6,
	WORD_BYPASS = 1 << 7,
	WORD_ECO = 1 << 8, /* or ups.mode.buzzwords say so */
	WORD_ALARM = 1 << 9,
	WORD_OVER = 1 << 10,
	WORD_TRIM = 1 << 11,
	WORD_BOOST = 1 << 12,
	WORD_TEST = 1 << 13,  /* a self-test runs */
	WORD_OTHER = 1 << 14, /* at least one that NUT has not classified */
};

/* What a UPS says in words, and what people know of it. */
struct policy_said {
	char told_others[NOTIFY_EXTRA_MAX]; /* the words of WORD_OTHER, as `told` */
	char others[NOTIFY_EXTRA_MAX];      /* ... as `words` */
	char alarm[NOTIFY_EXTRA_MAX];       /* ups.alarm, as far as it fits */
	char alarm_known[NOTIFY_EXTRA_MAX]; /* ... as people know it */
	uint64_t alarm_ms;                  /* ALARM since; they have not been told yet */
	bool eco;                           /* ups.mode.buzzwords tell of a saving mode */
	bool carried; /* `words` are of a process before this one, without these texts */
};

enum policy_line { LINE_UNKNOWN, LINE_MAINS, LINE_BATTERY };

/* What is known of a battery, and what is made of it. Times of 0: not so, or not yet. */
struct policy_power {
	double values[POLICY_VALUES]; /* NAN: not known */
	uint64_t battery_ms;          /* on battery since (an outage that is believed) */
	uint64_t mains_ms;            /* on mains, believed, since */
	uint64_t flag_ms;             /* OB LB since */
	uint64_t test_ms;             /* a self-test began */
	uint64_t dark_ms;             /* OL with no input voltage since */
	uint64_t off_ms, over_ms;     /* OFF, OVER since */
	bool input_seen;              /* the input voltage has been a real one */
	bool low;                     /* low, and why */
	bool estimating;
	double charge_fall,
	    voltage_fall; /* per s, learned in this discharge; 0: not yet */
	double
	    learned_fall; /* percent of charge per s and percent of load, from memory */
	uint64_t sample_ms, samples; /* first of the fall, how many */
	double sample_charge, sample_voltage;
	double left_charge, left_runtime; /* when it was lost */
	char why[POLICY_TEXT_MAX];
};

/* The cut that is armed early, by its stage (policy_cut.c). */
enum policy_cut {
	CUT_NONE,
	CUT_ASKED,   /* for the delay that is needed */
	CUT_ORDERED, /* shutdown.return */
	CUT_COUNTS,  /* its timer runs, or cannot be read */
	CUT_FAILED,  /* it is not armed early, and the log knows why */
};

/* Times of 0 mean: not so, or not yet. */
struct policy_ups {
	unsigned told;  /* WORD_* of the driver's ups.status */
	unsigned words; /* ... when its data were last fresh */
	enum policy_line line;
	enum feed_view view, shown; /* to be shown; shown by the feed */
	bool fresh;
	bool served;  /* the driver's data are ... */
	bool worded;  /* ... and have an ups.status: without it upsmon knows nothing */
	bool unread;  /* we slept or are new: `words` is hearsay until it is read */
	bool commbad; /* people know that it does not answer */
	bool self;    /* the feed counts this machine among its logins */
	long logins; /* at the server of a far UPS, once FSD is demanded; -1: not known */
	uint64_t lost_ms;               /* since when it is not fresh */
	uint64_t low_ms;                /* since when it is on battery and low */
	uint64_t replace_ms, nocomm_ms; /* when people were last told */
	uint64_t silence_ms;            /* when the log was last told of a silence */
	struct policy_said said;
	struct policy_power power;
	bool lease; /* FSD of outage `lease_outage` is not over */
	unsigned lease_outage;
	enum policy_cut cut; /* of its output, ordered by us; since cut_ms, after cut_s */
	uint64_t cut_ms;
	unsigned cut_s;
};

/* How a planned machine stands. By its row in policy_conf's plans. */
struct policy_planned {
	enum policy_stand stand, shown; /* shown: as the feed knows it */
	unsigned outage;                /* in which it was told last */
	bool drill;                     /* ... by a drill */
	bool taken;                     /* we took it down, and it is not back */
	bool alive; /* a sign of life since the last look (login, reading, probe) */
	uint64_t told_ms, leaving_ms, off_ms;
	uint64_t probe_ms;           /* the next probe */
	unsigned misses;             /* probes in a row that found nobody */
	uint32_t probe_key;          /* of the probe that runs; 0: none */
	unsigned wakes;              /* tries */
	uint64_t wake_ms;            /* the next one */
	enum feed_view *shown_views; /* by feed, as net knows them */
	char why[POLICY_TEXT_MAX];
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
	struct policy_planned *planned; /* by row of conf->plans */

	enum policy_phase phase;
	bool cut;
	unsigned outage; /* its number; grows with each */
	bool battery;    /* some watched UPS is on battery: an outage */
	uint64_t fsd_ms, sync_ms, final_ms, again_ms, deadline_ms;
	bool logged_out; /* the servers of far UPSes have been told that we leave */
	bool elsewhere; /* another upsmon of this machine decides */
	bool left;      /* ... has called FSD and left: the rest is its business */

	uint64_t now_ms, hold_ms; /* nothing is decided before hold_ms */
	uint64_t seq, heartbeat_ms;
	uint32_t run_id;
	uint64_t saved;      /* blocks made so far */
	bool dirty;          /* what outlives us has changed */
	bool keep;           /* what outlives the power has changed */
	uint64_t remembered; /* blocks of memory made so far */
	bool went_down;      /* memory: this machine was taken down in outage `outage` */
	bool booted;         /* memory was of another boot: the first readings decide */
	uint64_t
	    back_ms; /* the outage is over since; 0: it is not, or nothing is left to do */
	bool begun;      /* the first step is done */

	struct policy_action *actions;
	size_t nactions, room;
	uint64_t next_ms;
	struct policy_actions result;
};

/* policy.c: an action to be filled in further / a line for people / true when it is time;
 * else that time will be asked for. */
struct policy_action *policy_act(
    struct policy *p, enum policy_action_kind kind, size_t row);
void policy_act_view(struct policy *p, size_t row, int plan, enum feed_view view);
void policy_say(struct policy *p, bool warn, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool policy_due(struct policy *p, uint64_t at_ms);

/*
 * policy_words.c, pure: the words of a status as flags, and those that are not classified
 * in `others` (NOTIFY_EXTRA_MAX bytes; what does not fit is left out) / true when one of
 * ups.mode.buzzwords is a mode that saves energy / true when both have the same words, in
 * any order / what people are told between two sets of flags, in order: first what is over
 * (at most POLICY_EDGES_MAX types; returns how many).
 */
#define POLICY_EDGES_MAX 16
unsigned policy_words_read(const char *status, char *others);
bool policy_words_eco(const char *modes);
bool policy_words_same(const char *a, const char *b);
size_t policy_words_edges(unsigned before, unsigned now, enum notify_type *types);

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

/*
 * policy_power.c: takes in what was told (status, source and values of a row; called after
 * policy_ups_event()) / lets its clocks run. All pure questions below are about what is
 * believed now: since when it is on battery (0: it is not); the charge and the seconds
 * left, estimated where need be (NAN: not known); why it is low, or this moment is reached
 * (one clause, valid until the next step; NULL: it is not); why this MONITOR line has no
 * supply, as policy_critical() of upsmon.
 */
void policy_power_event(struct policy *p, const struct policy_event *event);
void policy_power_step(struct policy *p);
void policy_power_slept(struct policy *p);
uint64_t policy_on_battery(const struct policy *p, size_t row);
double policy_charge(const struct policy *p, size_t row);
double policy_runtime(const struct policy *p, size_t row);
const char *policy_low(struct policy *p, size_t row);
const char *policy_reached(
    struct policy *p, size_t row, const struct policy_moment *moment);

/*
 * policy_plan.c: takes in what a machine does (after policy_machine_event()) or a task has
 * found / decides and follows / tells all that still stand on the feeds of this machine,
 * because it goes down / how many of them are not off yet (names as policy_still_on()) /
 * the longest time that is needed on this UPS (docs/plan.md, 5) / the plan of a machine, by
 * what is known of it, or -1.
 */
void policy_plan_event(struct policy *p, const struct policy_event *event);
void policy_plan_step(struct policy *p);
void policy_plan_tell_all(struct policy *p);
size_t policy_plan_still_on(struct policy *p, char *names, size_t size);
uint64_t policy_needed_ms(struct policy *p, size_t row);
int policy_plan_of(
    const struct policy *p, size_t row, const char *address, const char *account);
/* A task of a machine: action with its key, once (docs/plan.md, 7). */
void policy_task(struct policy *p, size_t plan, enum task_verb verb, unsigned attempt);

/*
 * policy_back.c: FSD was called or decided on this UPS: its lease begins / lets leases end,
 * brings machines back. policy_back_down(): this machine goes down now. policy_restored():
 * mains is calm and the charge above the mark.
 */
void policy_back_lease(struct policy *p, size_t row);
void policy_back_event(struct policy *p, const struct policy_event *event);
void policy_back_step(struct policy *p);
void policy_back_down(struct policy *p);
bool policy_restored(struct policy *p, size_t row);

/* policy_cut.c: orders, looks, and names who does not obey. */
void policy_cut_step(struct policy *p);

/* policy_down.c: decides / begins the way down at once. */
void policy_down_step(struct policy *p);
void policy_down_begin(struct policy *p);

#endif
