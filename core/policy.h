/* SPDX-License-Identifier: ISC */
#ifndef CORE_POLICY_H
#define CORE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"
#include "lib/conf_ups.h"
#include "lib/conf_upsmon.h"
#include "lib/feed.h"

/*
 * Interface 5 (docs/outage.md, 4): what is decided, and nothing else. Pure: no
 * descriptor, no clock, no log. An event and a time (CLOCK_BOOTTIME, in ms) go in, actions
 * and the next time to ask come out. A UPS is named by its row in ups.conf, counted
 * from 0. NUT's upsmon is the measure for all that it has a word for.
 */

#define POLICY_HEARTBEAT_MS 1000
#define POLICY_GAP_MS 5000      /* a longer pause between two steps: the machine slept */
#define POLICY_READ_MS 5000     /* drivers get this long to read anew after a sleep */
#define POLICY_AGAIN_MS 5000    /* SHUTDOWN is repeated */
#define POLICY_GRACE_MS 10000   /* holdupd's patience beyond FINALDELAY */
#define POLICY_SILENCE_MS 10000 /* the shortest silence by which a reader is gone */
#define POLICY_ABSENT_MS 60000  /* a longer one says nothing about how often it reads */
#define POLICY_MACHINES_MAX 256 /* that are told apart */
#define POLICY_ADDRESS_MAX 64   /* bytes, with NUL */
#define POLICY_ACCOUNT_MAX 64   /* bytes, with NUL */
#define POLICY_TEXT_MAX 512     /* bytes of a line for people, with NUL */

/* What is configured. */
struct policy_monitor {
	long row; /* -1: no such UPS; it never fails, as for upsmon */
	int power;
	bool primary;
	bool far; /* served by another machine */
};

/* A machine whose stopping time is known: by login, address, or both. */
struct policy_takes {
	char *account, *address; /* NULL: any */
	uint64_t ms;
};

struct policy_conf {
	char **names; /* of the UPSes, by row */
	size_t nupses;
	struct policy_monitor *monitors; /* none: this machine is never taken down */
	size_t nmonitors;
	struct policy_takes *takes; /* the first that fits counts */
	size_t ntakes;
	int minsupplies; /* at most what all together give */
	bool harmless; /* SHUTDOWN is only logged here: FSD ends when the mains is back */
	bool serves_only; /* that no MONITOR line is here means nothing */
	uint64_t pollfreq_ms, deadtime_ms, hostsync_ms, finaldelay_ms;
	uint64_t rbwarn_ms, nocommwarn_ms;
};

/* What upsmon.conf, ups.conf (with the sections of lib/monitors.h) and holdup.conf mean
 * here / releases what it holds. */
void policy_conf_make(struct policy_conf *c, const struct upsmon_conf *m,
    const struct ups_conf *u, const struct holdup_conf *h);
void policy_conf_free(struct policy_conf *c);

enum policy_event_kind {
	POLICY_TIME,    /* nothing but time has passed */
	POLICY_STATUS,  /* ups.status is `status` now (NULL: there is none) */
	POLICY_SOURCE,  /* the driver's data became `source` */
	POLICY_READ,    /* the driver's values were read as a whole */
	POLICY_SILENT,  /* the driver no longer answers PING */
	POLICY_LOGIN,   /* `session` of account and address has logged in */
	POLICY_LOGOUT,  /* `session` has said that it leaves */
	POLICY_BROKEN,  /* the connection of `session` ended without a word */
	POLICY_PRIMARY, /* `session` is another upsmon of this machine, and decides */
	POLICY_SEEN,    /* a machine without login, `machine` at `address`, reads */
	POLICY_LOGINS,  /* the server of a far UPS counts `logins` */
	POLICY_FSD,     /* somebody entitled demands a forced shutdown */
	POLICY_FSD_ALL, /* ... of all that feeds this machine (no row) */
};

/* Machines by how they are known. Those that read without login are known by how they
 * talk and shut down by themselves; others are waited for where holdup.conf has a [machine]
 * of their address. */
enum policy_machine_kind {
	MACHINE_LOGIN,
	MACHINE_QNAP,
	MACHINE_SYNOLOGY,
	MACHINE_WINNUT,
	MACHINE_OTHER
};

struct policy_event {
	enum policy_event_kind kind;
	size_t row;
	const char *status;
	enum feed_source source;
	unsigned long session; /* never 0 */
	long logins;           /* with this machine; -1: not known */
	const char *address, *account;
	enum policy_machine_kind machine;
};

enum policy_action_kind {
	POLICY_SAVE,    /* write what policy_save() gives, before anything that follows */
	POLICY_LOG,     /* text for people */
	POLICY_VIEW,    /* show the UPS so to every machine */
	POLICY_SELF,    /* count this machine among the UPS's logins, or no longer */
	POLICY_NOTIFY,  /* have a row of the notify table run */
	POLICY_REFRESH, /* read the driver's values anew */
	POLICY_RESTART, /* have the UPS's driver restarted */
	POLICY_HEARTBEAT, /* tell holdupd that core lives */
	POLICY_SHUTDOWN, /* take this machine down; repeated, the receiver does it once */
};

struct policy_action {
	enum policy_action_kind kind;
	size_t row;      /* of ups.conf */
	unsigned outage; /* with machine and kind the key of the action */
	bool warn;       /* LOG: somebody should look at it */
	bool on;         /* SELF */
	bool cut; /* HEARTBEAT, SHUTDOWN: the UPS is to cut its output afterwards */
	enum feed_view view;
	uint32_t notify, id;       /* NOTIFY: row of lib/notify.h, number of the run */
	uint64_t seq, deadline_ms; /* HEARTBEAT, see lib/ctl.h */
	char text[POLICY_TEXT_MAX];
};

struct policy_actions {
	const struct policy_action *list; /* to be carried out in order */
	size_t count;
	uint64_t next_ms; /* call again with POLICY_TIME at this time */
};

struct policy;

/* `conf` is kept by reference. First heartbeat at `now_ms`. */
struct policy *policy_new(const struct policy_conf *conf, uint64_t now_ms);
void policy_free(struct policy *p);

/*
 * One step. Time never runs backwards. A row or session that does not exist changes
 * nothing. The actions stay valid until the next step.
 */
const struct policy_actions *policy_step(
    struct policy *p, const struct policy_event *event, uint64_t now_ms);

/*
 * What outlives this process: a block of policy_saved_size() bytes with its own checksum,
 * valid within one boot (`boot_id`: any text). policy_load() wants a policy just made; a
 * block that is damaged or of another boot changes nothing and returns -1 with the cause.
 * The machines of the block count as on until they come back and leave, or HOSTSYNC.
 * policy_saved_number() tells the younger of two blocks (0: damaged).
 */
size_t policy_saved_size(void);
void policy_save(struct policy *p, const char *boot_id, void *block);
int policy_load(struct policy *p, const char *boot_id, const void *block, uint64_t now_ms,
    const char **cause);
uint64_t policy_saved_number(const void *block);

#endif
