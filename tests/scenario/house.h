/* SPDX-License-Identifier: ISC */
#ifndef TESTS_SCENARIO_HOUSE_H
#define TESTS_SCENARIO_HOUSE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/policy.h"
#include "sim/ups.h"

/*
 * A whole house under virtual time, drawn from a seed: UPSes, machines that hang on them,
 * the network between, the mains. It lives through outages; what must hold is checked at
 * every turn (must.h). Time jumps from one event to the next.
 *
 *   main.c      how many houses, and which
 *   draw.c      what the house is
 *   house.c     how its time passes, from one outage to the next
 *   faults.c    what goes wrong, and when
 *   supply.c    a UPS: battery, output, mains
 *   driver.c    what its driver tells core, and takes from it
 *   machine.c   power on, boot, stop, power off
 *   core.c      our core and holdupd on a machine
 *   deeds.c     what the actions of a policy do
 *   net.c       who reads what, sessions, messages
 *   kinds.c     the kinds of machines; kind_*.c: one each
 *   must.h      what must hold
 *   story.c     the same in sentences
 */

#define SUPPLIES_MAX 3
#define MACHINES_MAX 9 /* the primary and eight others */
#define PRIMARY 0
#define MESSAGES_MAX 128
#define FAULTS_MAX 96
#define TASKS_MAX 512 /* that one holdupd remembers to have handed on */
#define NEVER UINT64_MAX
#define OFFDELAY_S 20 /* ups.delay.shutdown and .start as hid has them by itself */
#define ONDELAY_S 30

/* Words of ups.status. */
enum {
	SAYS_OL = 1 << 0,
	SAYS_OB = 1 << 1,
	SAYS_LB = 1 << 2,
	SAYS_FSD = 1 << 3,
	SAYS_TEST = 1 << 4,
	SAYS_OFF = 1 << 5,
};

/* What is odd about a UPS or its driver. */
enum quirk {
	QUIRK_CAPS,       /* takes no delay above `cap` */
	QUIRK_FIXED,      /* its delay cannot be set */
	QUIRK_IGNORES,    /* takes the order to cut, and does nothing */
	QUIRK_NO_CYCLE,   /* does not cut while the mains is there */
	QUIRK_BLIND,      /* switches on again after a cut, mains or not */
	QUIRK_NO_TIMER,   /* its timer cannot be read */
	QUIRK_FLASH,      /* flags low battery for half a second at transfer */
	QUIRK_EARLY,      /* flags low battery long before it is */
	QUIRK_NEVER,      /* never flags low battery */
	QUIRK_STUCK,      /* its charge stays at 100 % */
	QUIRK_NO_CHARGE,  /* ... is not told */
	QUIRK_NO_RUNTIME, /* nor its runtime */
	QUIRK_NO_VOLTAGE, /* nor the battery's voltage */
	QUIRK_NO_INPUT,   /* nor the input voltage */
	QUIRK_DROPS,      /* USB is lost at transfer */
	QUIRK_DENIES,     /* says OL without mains; the input voltage says 0 */
	QUIRKS
};

/* Why an output goes off. */
enum cut { CUT_ORDERED, CUT_EMPTY };

struct supply {
	char name[8];
	struct ups ups;
	bool quirks[QUIRKS];
	unsigned circuit;  /* of the mains */
	double cap;        /* s */
	double charger;    /* times as fast as a usual one */
	double delay;      /* s; ups.delay.shutdown */
	uint64_t at_ms;    /* its physics are done until */
	uint64_t next_ms;  /* when something happens by itself */
	uint64_t blind_ms; /* switches on again then, or NEVER */
	uint64_t mains_ms; /* the mains came or went */
	uint64_t cut_ms;   /* the output went off; 0: it is on */
	bool ordered;      /* we have ordered the cut that counts, */
	bool late;         /* ... by the late hook */
	uint64_t obeys_ms; /* as core is told, it does as ordered until then; 0: not */
	/* The driver. */
	uint64_t poll_ms, report_ms; /* period; next */
	uint64_t lost_ms, stale_ms;  /* away until then */
	uint64_t flash_ms;           /* LB without reason until then */
	double runtime_unit;         /* s: so coarse it is told */
	uint64_t heard_ms;           /* the driver is there since; 0: it is not */
	bool odd_lately;             /* away, or empty, in this outage */
	bool lit;            /* core was told of an input voltage since its boot */
	bool hints;          /* a self-test says so */
	bool dump;           /* core is to be told everything, */
	uint64_t dump_ms;    /* at that time; NEVER: when it is read next */
	unsigned read_words; /* as it was read last */
	double read[POLICY_VALUES];
	bool read_fed;           /* there was really mains then */
	enum feed_source source; /* as core was told */
	unsigned words;
	double values[POLICY_VALUES];
	bool fed;             /* at the last report: was there really mains */
	uint64_t told_fed_ms; /* ... core knows of it since; 0: it does not */
	uint64_t told_ob_ms;  /* core knows of the outage since; 0: it does not */
	uint64_t low_ms;      /* ... of low battery */
	uint64_t away_ms;     /* ... nothing, while on battery */
	double away_runtime;  /* what was known then; NAN: nothing */
	/* The feed, as net has it. */
	enum feed_view views[MACHINES_MAX + 1]; /* by plan; the last: everybody */
	bool viewed[MACHINES_MAX + 1]; /* a planned machine has a line of its own */
	bool estimated;
	uint64_t fsd_ms; /* everybody was shown FSD; 0: not */
	/* For the checks. */
	uint64_t ready_ms; /* on mains and charged above the mark since; 0: not */
};

enum power { POWER_OFF, POWER_BOOTING, POWER_ON, POWER_STOPPING, POWER_LATE };

/* What a machine knows of a UPS that it reads. */
struct reader {
	bool linked;           /* has a connection, as it believes */
	unsigned long session; /* at the server; 0: none */
	uint64_t session_ms;   /* since */
	unsigned words;        /* of the last answer */
	double charge;
	enum feed_source source;
	uint64_t fresh_ms;   /* of the last good one */
	uint64_t calm_ms;    /* when it was last not critical */
	uint64_t battery_ms; /* on battery since; 0: not */
	bool nearly; /* ... and so near its end that the charge was seen to fall */
};

struct core;
struct machine_kind;

struct machine {
	unsigned index;
	char name[16], address[16], account[16];
	const struct machine_kind *kind;
	size_t feeds[SUPPLIES_MAX];
	size_t nfeeds;
	unsigned needs; /* 0: it is not fed by a UPS (PoE) */
	double watts;
	uint64_t takes_ms, boots_ms; /* as it really is */
	uint64_t declared_ms;        /* takes, as the plan has it; 0: not said */
	uint64_t patience_ms;        /* of its own on battery; NEVER */
	uint64_t period_ms, finaldelay_ms;
	bool auto_on; /* boots when its supply returns */
	bool wakes;   /* on a magic packet */
	bool slow;    /* needs longer than declared */
	int plan;     /* row of the plans, or -1 */

	enum power power;
	uint64_t power_ms, until_ms; /* since; ends then, or NEVER */
	uint64_t up_ms;              /* it was last up */
	uint64_t stop_ms;            /* it begins to stop then, or NEVER */
	uint64_t services_ms;        /* its processes end then, or NEVER */
	uint64_t asleep_ms;          /* suspended until then; 0: it is not */
	bool supplied;
	struct reader readers[SUPPLIES_MAX]; /* by feed */
	uint64_t next_ms;                    /* its agent's next act, or NEVER */
	struct core *core;                   /* of those that run ours */
	/* The network to it. */
	uint64_t cut_off_ms; /* partitioned until then */
	uint64_t reached_ms; /* it was partitioned, asleep or without server until then */
	/* For the checks. */
	bool drilled;          /* told for an exercise */
	bool cycled;           /* it lost its supply while off, and got it again */
	uint64_t told_ms;      /* it read FSD, or its hook has run; 0: not */
	uint64_t told_left_ms; /* what its batteries would have given then */
	uint64_t first_ms;     /* it read for the first time since it is up; 0: not yet */
	uint64_t dark_ms;      /* it last found nobody to read, when it had read OB */
	uint64_t slept_ms;     /* it last woke up from a sleep */
	bool overlooked;       /* it was stopping when the primary came up */
	bool hook_failed;      /* its hook was in vain, and nobody could know better */
	uint64_t shown_ms;     /* core wanted it to */
	uint64_t earliest_ms;  /* ... in the first outage; NEVER: not */
	uint64_t starved_ms;   /* too few of its feeds had mains at that time */
	uint64_t due_ms;       /* it was to be told then, by what core knew; 0: not yet */
	unsigned wakings;      /* magic packets */
	unsigned in_vain;      /* ... in a row that were lost */
};

/* holdupd hands a task on once. */
struct handed {
	uint32_t row, id;
	unsigned outage;
};

/* Our core on a machine, and holdupd above it. */
struct core {
	struct policy_conf conf;
	struct policy *policy; /* NULL: it does not run */
	void *saved, *memory;  /* blocks */
	bool has_saved, has_memory;
	bool lazy;         /* saves nothing until a kill is near */
	unsigned boot;     /* number of it */
	unsigned restarts; /* in it */
	uint64_t boot_ms;  /* when CLOCK_BOOTTIME was 0 */
	uint64_t next_ms;  /* of the policy */
	uint64_t start_ms; /* holdupd starts another then, or NEVER */
	uint64_t hung_ms;  /* it does nothing until then */
	uint64_t lives_ms; /* it was started */
	uint64_t gap_ms;   /* it did nothing until then, or slept */
	unsigned doom; /* dies after so many actions of the next step; 0: it does not */
	uint64_t doom_ms;              /* dies then, or NEVER */
	uint64_t beat_ms, deadline_ms; /* last heartbeat; 0: none, else the time */
	bool deadline_cut;
	bool begun, cut; /* the shutdown; with the cut afterwards */
	bool hurried;    /* ... because its battery lasts no longer than it takes */
	struct handed handed[TASKS_MAX];
	size_t nhanded;
	uint64_t fsd_ms, final_ms; /* said */
	uint64_t woke_ms;          /* from a suspend */
	unsigned outage;           /* its number, as of the last action */
};

enum message_kind {
	MESSAGE_LOGIN,
	MESSAGE_LOGOUT,
	MESSAGE_BROKEN,
	MESSAGE_DONE, /* a task has ended with `done` */
	MESSAGE_HOOK, /* reaches the machine */
	MESSAGE_WAKE, /* a magic packet does */
};

struct message {
	uint64_t at_ms;
	uint64_t again_ms; /* nobody took it: offered again then */
	uint64_t said_ms;  /* LOGOUT: net has heard it */
	enum message_kind kind;
	unsigned machine;
	size_t feed;           /* of its feeds */
	unsigned long session; /* LOGIN, LOGOUT, BROKEN */
	unsigned boot,
	    restarts; /* of the server's core that is to hear it, or was last */
	uint32_t key;
	int done;
};

enum fault_kind {
	FAULT_MAINS,     /* of circuit `who` fails, or returns */
	FAULT_PARTITION, /* a machine is cut off from the others */
	FAULT_DROP,      /* its connection breaks */
	FAULT_NET,       /* all connections break: net is restarted */
	FAULT_KILL,      /* kill -9 of a core */
	FAULT_HANG,      /* a core does nothing for a while */
	FAULT_USB,       /* a driver is lost */
	FAULT_STALE,     /* or stale */
	FAULT_SLEEP,     /* a machine sleeps */
	FAULT_TEST,      /* a self-test begins */
	FAULT_RUN,       /* run dies: what it does counts as killed */
	FAULT_DRILL,     /* a planned machine is told, for an exercise */
	FAULT_FSD,       /* somebody entitled calls FSD */
	FAULTS
};

struct fault {
	uint64_t at_ms, lasts_ms;
	enum fault_kind kind;
	unsigned who;
};

/* Moments at which things go wrong most of all. */
enum moment {
	MOMENT_BATTERY,
	MOMENT_LOW,
	MOMENT_FSD,
	MOMENT_TOLD,
	MOMENT_FINAL,
	MOMENT_DOWN,
	MOMENT_CUT,
	MOMENT_RETURN,
	MOMENTS
};

/* Why somebody may be running when his output goes off. */
enum excuse {
	EXCUSE_BATTERY,    /* it did not last from the due moment for the declared time */
	EXCUSE_BLIND,      /* nothing that core was told made a moment due */
	EXCUSE_SLOW,       /* took longer than declared */
	EXCUSE_AWAY,       /* could not be reached, or slept */
	EXCUSE_UNDECLARED, /* was told, and nobody said how long it takes */
	EXCUSE_BOOTING,    /* one of several UPSes came back before the others were cut */
	EXCUSE_APART,      /* ... because they cannot be */
	EXCUSE_SHORT,      /* the primary's own battery ended before it was off */
	EXCUSES
};

/* Why somebody may not come back. */
enum stranded {
	STRANDED_DEAF,    /* nothing wakes it, nor does it start with its supply */
	STRANDED_KEPT,    /* it starts with its supply, and did not lose that */
	STRANDED_UNKNOWN, /* a packet would wake it, and nobody knows that it is off */
	STRANDEDS
};

struct count {
	unsigned long houses, outages, cuts, stops, returns, kills, steps;
	unsigned long excused[EXCUSES], stranded[STRANDEDS];
};

struct house {
	unsigned long seed;
	bool trace;
	uint64_t random, now_ms;
	struct supply supplies[SUPPLIES_MAX];
	size_t nsupplies;
	struct machine machines[MACHINES_MAX];
	size_t nmachines;
	bool mains[SUPPLIES_MAX]; /* by circuit */
	size_t ncircuits;
	struct policy_plan plans[MACHINES_MAX];
	struct policy_monitor monitors[SUPPLIES_MAX];
	char *names[SUPPLIES_MAX];
	bool honest[SUPPLIES_MAX];
	struct handed done[TASKS_MAX]; /* told and woken, in all of its life */
	size_t ndone;
	struct message messages[MESSAGES_MAX];
	size_t nmessages;
	struct fault faults[FAULTS_MAX];
	size_t nfaults;
	bool kills;   /* processes die in this house */
	bool alike;   /* one of two lives that differ in nothing but the kills: house.c */
	bool certain; /* nothing is left to chance any more */
	bool spared;  /* ... and this is the one without */
	bool wild;    /* the worst moments are sought in this one */
	unsigned long sessions;
	uint64_t begin_ms;   /* of this outage */
	uint64_t late_ms;    /* the primary came to its late hook; 0: not */
	uint64_t good_ms;    /* mains is back for good; NEVER: not yet */
	uint64_t quiet_ms;   /* nothing goes wrong any more */
	uint64_t settled_ms; /* nothing goes down or is cut any more, since */
	bool fsd_called;     /* by hand, in this outage */
	struct count *count;
	bool first;       /* outage of this house */
	uint64_t down_ms; /* the primary went down in it; NEVER: not */
	uint64_t fsd_ms;  /* FSD was shown in it, of any UPS */
	bool by_fall;     /* the fall of a gauge decided in it */
	bool go_on;       /* after a failure, with the next house */
	jmp_buf *failed; /* where a failure goes; NULL: the program ends with the story */
};

/* A kind of machine: what it does when its system is up / at its next_ms / when it is told
 * by hook / when its processes end, in order (`clean`) or not. */
struct machine_kind {
	const char *what; /* "an upsmon" */
	bool logs_in;     /* and is told by its view */
	bool by_hook;
	void (*up)(struct house *h, struct machine *m);
	void (*act)(struct house *h, struct machine *m);
	void (*end)(struct house *h, struct machine *m, bool clean);
};
extern const struct machine_kind kind_core, kind_upsmon, kind_synology, kind_qnap,
    kind_hook;

/* draw.c: makes the house of this seed / releases it. */
void house_draw(struct house *h, unsigned long seed);
void house_free(struct house *h);

/* house.c: lives through all its outages. Random numbers: below a limit, from a range
 * (both ends in it), true once in `n`. */
void house_live(struct house *h);
bool house_run(unsigned long seed, bool trace, bool go_on, struct count *count);
unsigned chance(struct house *h, unsigned below);
uint64_t between(struct house *h, uint64_t low, uint64_t high);
bool once_in(struct house *h, unsigned n);

/* faults.c: draws what goes wrong in the outage that begins now / does what is due /
 * a moment at which something may go wrong / the next one, or NEVER. */
void faults_draw(struct house *h);
void faults_act(struct house *h);
void faults_moment(struct house *h, enum moment moment);
uint64_t faults_next(const struct house *h);

/* supply.c: physics until now / the mains of a circuit / what is plugged in has changed /
 * supply_cut(): orders a cut in `seconds`; false when it does not obey. */
void supply_advance(struct house *h, struct supply *s);
void supply_mains(struct house *h, unsigned circuit, bool there);
void supply_load(struct house *h);
bool supply_cut(struct house *h, struct supply *s, double seconds);
void supply_plan(struct house *h, struct supply *s); /* sets next_ms */

/* It cuts when it is told to, mains or not / and after any delay, and its driver was there. */
bool supply_obeys(const struct supply *s);
bool supply_is_plain(const struct supply *s);

/* driver.c: tells core what is new, if it is time / takes an order of core / the late cut:
 * exit status of hid -k. */
void driver_act(struct house *h, struct supply *s);
void driver_order(struct house *h, struct supply *s, const struct policy_action *a);
int driver_late(struct house *h, struct supply *s);

/* machine.c: looks whether it has supply / goes on as time says / begins to stop, for
 * `why` / a packet wakes it / it was told
 * to go down, by view or hook / runs in the sense of the first law / its system is up. */
void machine_supply(struct house *h, struct machine *m, enum cut cause);
void machine_act(struct house *h, struct machine *m);
void machine_stop(struct house *h, struct machine *m, const char *why);
void machine_wake(struct house *h, struct machine *m);
void machine_told(struct house *h, struct machine *m);
bool machine_runs(const struct machine *m);
bool machine_awake(const struct house *h, const struct machine *m);
uint64_t machine_next(const struct machine *m);
void machine_boot(struct house *h, struct machine *m);
void machine_sleep(struct house *h, struct machine *m, uint64_t until_ms);

/* core.c: started by holdupd on a machine that is up / gets an event / as time passes /
 * killed / stopped with its machine. core_time(): a time of the policy's clock. */
void core_start(struct house *h, struct machine *m);
void core_event(struct house *h, struct machine *m, struct policy_event event);
void core_act(struct house *h, struct machine *m);
void core_kill(struct house *h, struct machine *m);
void core_stop(struct house *h, struct machine *m);
uint64_t core_next(const struct machine *m);
uint64_t core_time(const struct core *c, uint64_t policy_ms);
void core_prepare_kill(struct machine *m);
void core_shutdown(struct house *h, struct machine *m, bool cut, const char *why);

/* deeds.c: carries out one action. */
void deed_do(struct house *h, struct machine *m, const struct policy_action *a);

/* net.c: what a machine reads of its feed, after connecting where need be / it says
 * LOGOUT / its connections break, seen by both ends or (`silent`) only here / delivers
 * what is due / sends a message / core of the primary is new: it hears who is there / all
 * that the server held is gone / what run has begun is killed. */
void net_read(struct house *h, struct machine *m, size_t feed);
void net_logout(struct house *h, struct machine *m);
void net_break(struct house *h, struct machine *m, bool silent);
void net_act(struct house *h);
void net_send(struct house *h, struct message message);
void net_core_new(struct house *h);
void net_server_gone(struct house *h);
bool net_serves(const struct house *h);
bool net_reaches(const struct house *h, const struct machine *m);
uint64_t net_next(const struct house *h);
void net_run_dies(struct house *h);

/*
 * must.h: what must hold. must() ends the program with the story unless `good`; so does
 * each of the others when its rule is broken: an output goes off under a machine / somebody
 * begins to stop / is told to / the primary, or a secondary, ends its waiting (must_decide():
 * a secondary has a reason) / asks for its shutdown / a task is executed / somebody is not
 * back in time: true when all are. must_watch() keeps what these need: in every turn.
 * must_left(): ms for which the feeds of a machine would go on giving.
 */
void must(struct house *h, bool good, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void must_cut(struct house *h, struct machine *m, enum cut cause);
void must_leave(struct house *h, struct machine *m);
void must_tell(struct house *h, struct machine *m);
void must_final(struct house *h, struct machine *m);
void must_decide(struct house *h, struct machine *m);
void must_shutdown(struct house *h, struct machine *m, bool cut);
void must_task(struct house *h, uint32_t row, uint32_t id, unsigned outage);
bool must_be_back(struct house *h);
void must_watch(struct house *h);
uint64_t must_left(const struct house *h, const struct machine *m);
extern const char *const must_excuses[EXCUSES], *const must_strandeds[STRANDEDS];

/* story.c: a line / what the house is / seconds of ms / "OB LB" into `out`. */
void tell(const struct house *h, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void tell_house(const struct house *h);
double seconds(uint64_t ms);
const char *told_words(unsigned words, char *out, size_t size);

#endif
