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
#define POLICY_SELF_MS 30000    /* ... this one, where the battery ends while it waits */
#define POLICY_TAKES_MS 120000 /* a machine that does not say how long it takes to stop */
#define POLICY_KEY_TASK (1U << 31) /* in keys of tasks; ids of notifications are below */
#define POLICY_EVERYBODY (-1)      /* machine `*` of a view */

/* What is configured. */
struct policy_monitor {
	long row; /* -1: no such UPS; it never fails, as for upsmon */
	int power;
	bool primary;
	bool far; /* served by another machine */
};

/* When a machine goes down: the first of these (docs/plan.md, 1). */
struct policy_moment {
	uint64_t after_ms;               /* on battery; 0: not said */
	double charge, runtime, voltage; /* percent, s, V, or less; NAN: not said */
};

/* How one knows that it is off. */
enum policy_off {
	POLICY_OFF_TIME, /* `takes` after it was told */
	POLICY_OFF_LOGOUT, /* its login said LOGOUT (or broke: HOSTSYNC), and `takes` is over */
	POLICY_OFF_SILENT, /* it no longer reads, and `takes` is over */
	POLICY_OFF_PROBE,  /* three probes in a row found nobody */
};

/* A machine with a section of its own in holdup.conf; by its row there. Planned are those
 * whose section says more than how long they take. */
struct policy_plan {
	char *name;
	char *account, *address; /* how it is known; NULL: any */
	bool self;               /* it is this machine */
	bool planned;  /* its section says more than who it is and how long it takes; else
	               * it is one of `*`, as docs/outage.md has it */
	size_t *feeds; /* rows of ups.conf */
	size_t nfeeds;
	unsigned needs; /* of them that must feed it */
	struct policy_moment moment;
	uint64_t takes_ms; /* from its leaving until it is off; 0: not said */
	uint64_t boots_ms;
	enum policy_off off;
	bool hook, wake, probe; /* run has such a task */
};

struct policy_conf {
	char **names; /* of the UPSes, by row */
	size_t nupses;
	struct policy_monitor *monitors; /* none: this machine is never taken down */
	size_t nmonitors;
	struct policy_plan *plans; /* the first that fits a machine counts */
	size_t nplans;
	bool *honest;     /* by row: its low-battery flag needs no evidence */
	double restart;   /* percent of charge, and ... */
	uint64_t calm_ms; /* ... time on mains, that end an outage */
	bool planned;     /* holdup.conf has [plan] or [machine] */
	int minsupplies;  /* at most what all together give */
	bool harmless; /* SHUTDOWN is only logged here: FSD ends when the mains is back */
	bool serves_only; /* that no MONITOR line is here means nothing */
	uint64_t pollfreq_ms, deadtime_ms, hostsync_ms, finaldelay_ms;
	uint64_t rbwarn_ms, nocommwarn_ms;
	uint64_t pollfail_ms; /* a silence is logged again so often; 0: once */
	int64_t exit_ms;      /* logins end so long after SHUTDOWN; negative: never */
	uint64_t oblb_ms;
	int64_t off_ms, over_ms; /* negative: never */
	bool alarm_critical;
};

/* What upsmon.conf, ups.conf (with the sections of lib/monitors.h) and holdup.conf mean
 * here / releases what it holds. */
void policy_conf_make(struct policy_conf *c, const struct upsmon_conf *m,
    const struct ups_conf *u, const struct holdup_conf *h);
void policy_conf_free(struct policy_conf *c);

/* When the machine goes down, for people: "after 180 s on battery, or at 50 % of charge".
 * The caller frees it. */
char *policy_plan_text(const struct policy_plan *plan);

enum policy_event_kind {
	POLICY_TIME,    /* nothing but time has passed */
	POLICY_STATUS,  /* ups.status is `status` now (NULL: there is none) */
	POLICY_ALARM,   /* so is ups.alarm */
	POLICY_MODE,    /* ... and ups.mode.buzzwords (experimental.ups.mode.buzzwords) */
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
	POLICY_SLEEP,   /* this machine is about to sleep (no row) */
	POLICY_VALUE,   /* `value` is `number` now (NAN: no longer known) */
	POLICY_TEST,    /* a self-test was ordered here: `test` */
	POLICY_DONE,    /* the task of key `key` has ended with `done` (0: well) */
	POLICY_DRILL,   /* machine `plan` is to be told, outage or not (no row) */
	POLICY_FORGET,  /* the forced shutdown of the UPS is given up by hand */
};

/* What policy is told of a UPS besides its status. */
enum policy_value {
	POLICY_CHARGE,        /* battery.charge, percent */
	POLICY_CHARGE_LOW,    /* battery.charge.low */
	POLICY_RUNTIME,       /* battery.runtime, s */
	POLICY_RUNTIME_LOW,   /* battery.runtime.low */
	POLICY_VOLTAGE,       /* battery.voltage, V */
	POLICY_VOLTAGE_LOW,   /* battery.voltage.low */
	POLICY_INPUT_VOLTAGE, /* input.voltage */
	POLICY_LOAD,          /* ups.load, percent */
	POLICY_TESTING, /* 1: ups.test.result says that one is in progress; else 0 */
	POLICY_DELAY_SHUTDOWN, /* ups.delay.shutdown, s, where it can be set; else NAN */
	POLICY_TIMER_SHUTDOWN, /* ups.timer.shutdown, s; negative: it does not count */
	POLICY_VALUES          /* their number */
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

enum policy_test { POLICY_TEST_STOP, POLICY_TEST_QUICK, POLICY_TEST_DEEP };

struct policy_event {
	enum policy_event_kind kind;
	size_t row;
	const char *status;
	enum feed_source source;
	unsigned long session; /* 0: of a core before this one (LOGOUT alone) */
	uint64_t ago_ms;       /* LOGOUT: said so long ago, while there was no core */
	long logins;           /* with this machine; -1: not known */
	const char *address, *account;
	enum policy_machine_kind machine;
	enum policy_value value;
	enum policy_test test;
	double number;
	uint32_t key;
	int done;
	size_t plan;
};

/* What is asked of a UPS's driver. */
enum policy_order {
	POLICY_ORDER_DELAY,  /* SET ups.delay.shutdown to `seconds` */
	POLICY_ORDER_CUT,    /* INSTCMD shutdown.return */
	POLICY_ORDER_CANCEL, /* INSTCMD shutdown.stop */
};

/* How a planned machine stands; policy_stands[]: as the feed has it. */
enum policy_stand {
	STAND_ON,
	STAND_TOLD,
	STAND_LEAVING,
	STAND_OFF,
	STAND_WAKING,
	POLICY_STANDS
};
extern const char *const policy_stands[POLICY_STANDS];

enum policy_action_kind {
	POLICY_SAVE, /* write what policy_save() gives, before anything that follows */
	POLICY_LOG,  /* text for people */
	POLICY_KEEP, /* write what policy_remember() gives to disk, before what follows */
	POLICY_VIEW, /* show the UPS so to a planned machine, or POLICY_EVERYBODY else */
	POLICY_STAND,    /* tell how a planned machine stands, and why */
	POLICY_TASK,     /* have a task run (lib/task.h); repeated, run does it once */
	POLICY_ORDER,    /* ask the UPS's driver */
	POLICY_ESTIMATE, /* show these values though the driver is silent; off: no longer */
	POLICY_LEAVE,  /* log out at the server of a far UPS; repeated, it does so once */
	POLICY_SELF,   /* count this machine among the UPS's logins, or no longer */
	POLICY_NOTIFY, /* have a row of the notify table run */
	POLICY_REFRESH,   /* read the driver's values anew */
	POLICY_RESTART,   /* have the UPS's driver restarted */
	POLICY_HEARTBEAT, /* tell holdupd that core lives */
	POLICY_SHUTDOWN, /* take this machine down; repeated, the receiver does it once */
};

struct policy_action {
	enum policy_action_kind kind;
	size_t row;      /* of ups.conf */
	unsigned outage; /* with machine and kind the key of the action */
	bool warn;       /* LOG: somebody should look at it */
	bool on;         /* SELF, ESTIMATE */
	bool cut; /* HEARTBEAT, SHUTDOWN: the UPS is to cut its output afterwards */
	enum feed_view view;
	int plan; /* VIEW, STAND: row of the machine; or POLICY_EVERYBODY */
	enum policy_stand stand; /* STAND; `text` is why */
	uint32_t notify, id;     /* NOTIFY: row of lib/notify.h (`text`: what the UPS says
	                            * there, or empty), number of the run; TASK:
	                            * row of lib/task.h, key */
	enum policy_order order;
	unsigned seconds;          /* ORDER_DELAY */
	double charge, runtime;    /* ESTIMATE; NAN: not known */
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

/* True when the way down of this machine has begun: nothing calls it back. */
bool policy_goes_down(const struct policy *p);

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

/*
 * What outlives the power: a block of policy_memory_size() bytes with its own checksum,
 * of which policy_memory_number() tells the younger of two (0: damaged). policy_recall()
 * wants a policy just made, after policy_load(); -1 with the cause when the block is
 * damaged.
 */
size_t policy_memory_size(void);
void policy_remember(struct policy *p, const char *boot_id, void *block);
int policy_recall(struct policy *p, const char *boot_id, const void *block,
    uint64_t now_ms, const char **cause);
uint64_t policy_memory_number(const void *block);

#endif
