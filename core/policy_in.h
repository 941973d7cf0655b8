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
 *   policy_power.c    what is believed of its battery: on it, in a test, without mains
 *   policy_low.c      ... that it is low, that a moment is reached
 *   policy_lost.c     ... while it is lost
 *   policy_fall.c     how fast a gauge falls
 *   policy_critical.c why a UPS cannot be counted on
 *   policy_machines.c who hangs on a UPS, and who of them is still on
 *   policy_plan.c     the moment of each planned machine
 *   policy_follow.c   what it does when it was told, until it is off
 *   policy_wait.c     how long it is waited for, and needs power
 *   policy_task.c     what run does for it: its hook, probes
 *   policy_start.c    who may be starting, seen by nobody
 *   policy_down.c     the way down of this machine
 *   policy_serve.c    what takes its place where no UPS feeds this machine
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

/* What a gauge said while its battery fed, oldest first; the newest is its last word. */
#define POLICY_SAMPLES 8
struct policy_fall {
	unsigned n;
	uint64_t ms[POLICY_SAMPLES];
	double at[POLICY_SAMPLES];
};

/* Why a UPS is low. */
enum policy_low {
	LOW_NOT,
	LOW_FLAG,     /* its flag was convincing; as long as it has it */
	LOW_FALL,     /* it would be empty too soon; until the outage is over */
	LOW_ESTIMATE, /* it is lost, and was given up; until it is back */
};

/* What is known of a battery, and what is made of it. Times of 0: not so, or not yet. */
#define POLICY_WHY_MAX 240
struct policy_power {
	double values[POLICY_VALUES], before[POLICY_VALUES]; /* NAN: not known */
	uint64_t changed_ms[POLICY_VALUES];
	enum policy_line line;    /* as told, since line_ms */
	uint64_t line_ms;         /* of the first reading: since we live */
	uint64_t battery_ms;      /* on battery since (an outage that is believed) */
	uint64_t mains_ms;        /* on mains, believed, since */
	uint64_t off_ms, over_ms; /* OFF, OVER since */

	uint64_t test_ms, tested_ms; /* a self-test began; nothing tells of it since */
	uint64_t ordered_ms;         /* one was ordered here */
	bool ordered_deep;
	unsigned signs;   /* of a test, now */
	bool excused;     /* OB is no outage */
	bool input_seen;  /* the input voltage has been a real one */
	bool dark;        /* the input voltage denies OL */
	uint64_t dark_ms; /* there is none since */

	enum policy_low low;
	uint64_t flag_ms, short_ms; /* LB since; a runtime that is too short since */
	struct policy_fall charge, voltage; /* of this outage */
	double charge_fall, voltage_fall;   /* percent, V per s, now; 0: not known */
	double loaded;       /* the voltage when it began to be looked at */
	double begin_charge; /* when the outage began; NAN: not known */
	/* Percent of charge per s and percent of load (100 where it is not told), in the
	 * mean of the last outage that taught. */
	double learned_fall;

	uint64_t estimate_ms;             /* it is lost on battery since, and estimated */
	double left_charge, left_runtime; /* then; NAN: not known */
	double lasts_s, half_s; /* from then on: empty; half of the way to its low mark */
	const char *estimate_by;
	bool estimating;     /* core shows it */
	bool estimate_said;  /* the log knows */
	bool estimate_again; /* the driver has said something else */
	uint64_t shown_ms;

	char why[POLICY_WHY_MAX];    /* it is low */
	char clause[POLICY_WHY_MAX]; /* the last answer of policy_reached() and others */
};

/* FSD belongs to one outage (policy_back.c). */
enum policy_lease {
	LEASE_NONE,  /* there is no FSD, or it is over */
	LEASE_SHOWN, /* to everybody */
	LEASE_OLD,   /* the mains is back: to those who were there when it came */
};

/* The cut that is armed early, by its stage (policy_cut.c). */
enum policy_cut {
	CUT_NONE,
	CUT_ASKED,   /* for the delay that is needed */
	CUT_ORDERED, /* shutdown.return */
	CUT_COUNTS,  /* its timer runs, or cannot be read */
	CUT_DONE,    /* the output went off, and we are still there */
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
	uint64_t low_ms;                /* power.low since */
	uint64_t replace_ms, nocomm_ms; /* when people were last told */
	uint64_t silence_ms;            /* when the log was last told of a silence */
	struct policy_said said;
	struct policy_power power;
	uint64_t sync_ms; /* policy_serves(): others may leave until then; not saved */
	enum policy_lease lease;
	uint64_t lease_ms;   /* FSD came */
	enum policy_cut cut; /* of its output, ordered by us; since cut_ms, after cut_s */
	uint64_t cut_ms;
	unsigned cut_s;
	unsigned cut_on;       /* so many machines were still on all the same */
	uint64_t look_back_ms; /* what counts until then was ordered before a boot */
	bool dead; /* its output has gone off: who hangs on it starts when it is back */
};

/* Whether it came back after an outage. */
enum policy_came { CAME_UNSAID, CAME_BACK, CAME_NOT };

/* How a planned machine stands. By its row in policy_conf's plans. */
struct policy_planned {
	enum policy_stand stand, shown; /* shown: as the feed knows it */
	unsigned outage;                /* in which it was told last */
	bool drill;                     /* ... by a drill */
	bool taken;                     /* we took it down, and it is not back */
	bool alive;   /* a sign of life since the last look (login, reading, probe) */
	bool reached; /* its moment has come, and its feeds are not back for good */
	uint64_t told_ms, leaving_ms, off_ms;
	uint64_t fed_ms;    /* its feeds suffice again since */
	uint64_t broken_ms; /* its logins are broken since */
	uint64_t
	    starts_ms;     /* it may be starting until then; told: it has heard by then */
	uint64_t on_ms;    /* it stands on since, as far as it was ever off */
	bool present;      /* it was there in an outage of its feeds, or is just back */
	bool left;         /* it went in an outage, and was not told */
	bool late;         /* its time is over: it is waited for no longer */
	bool hooked;       /* its hook has ended well */
	unsigned tells;    /* tellings in `outage` before the last one */
	unsigned fails;    /* ... in which the hook has failed so often */
	bool doubted;      /* ... or was killed: it may have done its work */
	uint64_t retry_ms; /* the hook runs again then; 0: it runs, or is given up */
	uint64_t probe_ms; /* the next probe, or the one that runs is given up */
	unsigned misses;   /* probes in a row that found nobody */
	uint32_t probe_key; /* of the probe that runs; 0: none */
	unsigned wakes;     /* tries to wake it, in wake_outage */
	unsigned wake_outage;
	uint64_t wake_ms;            /* the next one */
	enum policy_came came;       /* what the line at the end says of it */
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
	uint64_t
	    stops_ms; /* ... it is not: it needs power until then, and nobody waits */
	uint64_t seen_ms, interval_ms; /* of a reader: last, longest between two */
	uint64_t awaited_ms;           /* ... its silence counts from here on */
	char address[POLICY_ADDRESS_MAX], account[POLICY_ACCOUNT_MAX];
	bool known; /* `plan`: what policy_plan_of() says of it */
	int plan;
};

/* What is heard of a planned machine by its logins and readings. */
enum policy_there {
	THERE_NOT,
	THERE_BROKEN,  /* a login whose connection broke */
	THERE_CARRIED, /* ... that was one of a core before this one */
	THERE_YES,
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
	int leaver;       /* the plan of who says LOGOUT in this step, or -1, */
	uint64_t left_ms; /* ... and when it was said */
	bool crowded;     /* more machines than can be told apart */
	struct policy_supply *supplies; /* by MONITOR line */
	struct policy_planned *planned; /* by row of conf->plans */

	enum policy_phase phase;
	bool cut;
	unsigned outage; /* its number; grows with each */
	bool battery;    /* some watched UPS is on battery: an outage */
	uint64_t fsd_ms, sync_ms, final_ms, again_ms, deadline_ms;
	bool announced;  /* SYNC: FSD has been shown, and HOSTSYNC runs since */
	bool hurried;    /* FINAL: the battery alone ended the waiting */
	bool notified;   /* people know that this machine goes down */
	bool logged_out; /* the servers of far UPSes have been told that we leave */
	bool elsewhere;  /* another upsmon of this machine decides */
	bool left;       /* ... has called FSD and left: the rest is its business */

	uint64_t start_ms;        /* of this process */
	uint64_t now_ms, hold_ms; /* nothing is decided before hold_ms */
	uint64_t seq, heartbeat_ms;
	uint32_t run_id;
	uint64_t saved;      /* blocks made so far */
	bool dirty;          /* what outlives us has changed */
	bool keep;           /* what outlives the power has changed */
	uint64_t remembered; /* blocks of memory made so far */
	uint64_t kept;       /* the outage that memory knows of, and 1; 0: no memory */
	bool went_down;      /* memory: this machine was taken down in outage `outage` */
	bool booted;         /* memory was of another boot: the first readings decide */
	uint64_t
	    charge_ms; /* ... and a charge that is missing is waited for until then */
	bool begun;    /* the first step is done */
	bool resumed;  /* ... of policy_plan.c, with what was under way before */
	char text[POLICY_TEXT_MAX]; /* what policy_plan_unfed() returns */

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
bool policy_watched(const struct policy *p, size_t row);

/* policy_machines.c: room for one more, behind the others (who move meanwhile), of which the
 * caller knows that it is not one too many. */
struct policy_machine *policy_machine_new(struct policy *p);

/*
 * policy_machines.c: takes in what a machine does / nobody could be seen while we slept /
 * true when another upsmon of this machine holds PRIMARY / names who is still on, planned
 * ones apart, and returns how many: of those that have left and are stopping, or of all
 * others, on this row (-1: on all that this machine is primary of) / what is heard of a
 * planned machine / true for one that is logged in, or has read since then / how long the
 * others need power on this row, 0: there are none / the longest stopping time that is known.
 */
void policy_machine_event(struct policy *p, const struct policy_event *event);
void policy_machines_slept(struct policy *p);
bool policy_elsewhere(const struct policy *p);
size_t policy_still_on(
    struct policy *p, long row, bool stopping, char *names, size_t size);
enum policy_there policy_there(struct policy *p, size_t plan);
bool policy_heard(const struct policy *p, size_t plan, uint64_t since_ms);
uint64_t policy_machines_need(struct policy *p, size_t row);
uint64_t policy_longest_stop(const struct policy *p);

/*
 * policy_power.c: takes in what was told (status, source and values of a row; called after
 * policy_ups_event()) / lets its clocks run, and counts outages / finds itself in a new
 * process. All questions below are
 * about what is believed now: since when it is on battery (0: it is not) / the charge and
 * the seconds left, estimated where need be (NAN: not known) / a value, or the better one
 * before it for some seconds: one bad reading of a gauge is none / true when a machine of
 * holdup.conf hangs on it.
 */
void policy_power_event(struct policy *p, const struct policy_event *event);
void policy_power_step(struct policy *p);
void policy_power_slept(struct policy *p);
void policy_power_loaded(struct policy_ups *u);
uint64_t policy_on_battery(const struct policy *p, size_t row);
double policy_charge(const struct policy *p, size_t row);
double policy_runtime(const struct policy *p, size_t row);
double policy_steady(struct policy *p, size_t row, enum policy_value v);
bool policy_feeds(const struct policy *p, size_t row);

/*
 * policy_critical.c: why a UPS cannot be counted on (low; off; lost, and nothing is known
 * of it any more) / why this MONITOR line has no supply, as is_ups_critical() of upsmon.
 * policy_low.c: why this moment is reached. One clause, valid until the next step or the
 * next such question about this UPS; NULL: it is not so.
 */
const char *policy_low(struct policy *p, size_t row);
const char *policy_critical(struct policy *p, const struct policy_monitor *m);
const char *policy_reached(
    struct policy *p, size_t row, const struct policy_moment *moment);

/* policy_low.c: decides whether it is low / what that says is over / how long who hangs on
 * it needs to stop, as a fall of the battery counts it / s until the voltage is that of an
 * empty battery, NAN: not known. */
void policy_low_step(struct policy *p, size_t row);
void policy_low_end(struct policy *p, size_t row);
uint64_t policy_fall_need_ms(struct policy *p, size_t row);
double policy_voltage_left_s(const struct policy_power *w);

/* policy_lost.c: what goes on by estimate / true when that has to be given up / s until it
 * is empty, by estimate. */
#define POLICY_CHARGE_MARK 20.0   /* percent: low, where the UPS does not say */
#define POLICY_RUNTIME_MARK 120.0 /* s, likewise */
void policy_lost_step(struct policy *p, size_t row);
bool policy_lost_low(struct policy *p, size_t row);
double policy_lost_left_s(const struct policy *p, size_t row);

/* policy_fall.c, pure: a gauge says `value` (NAN: nothing) / how much it falls per s, by at
 * least 3 samples over 20 s that fall by `least` (the same at each call) without the steepest step among them, which
 * may be a slip of the gauge; 0: it does not, or has stopped. */
#define POLICY_FALL_CHARGE 5.0   /* percent of charge */
#define POLICY_FALL_VOLTAGE 0.02 /* of the voltage */
void policy_fall_add(struct policy_fall *f, double value, double least, uint64_t now_ms);
double policy_fall_rate(const struct policy_fall *f, double least, uint64_t now_ms);

/*
 * policy_plan.c: takes in what a machine does (after policy_machine_event()) or a task has
 * found / decides, follows, and shows / tells all that still stand on what this machine
 * will cut, because it goes down / true for a UPS whose output this machine cuts when it
 * goes down / the longest time that is needed on this UPS from now on (docs/plan.md, 5) /
 * true when a planned machine that is there and not off hangs on it (only then a UPS is low
 * because that time is needed) / the plan of a machine, by what is known of it (this
 * machine is none), or -1 / why fewer than `needs` of its feeds are good, or NULL / how long
 * this machine itself takes to stop, where its section says so.
 */
void policy_plan_event(struct policy *p, const struct policy_event *event);
void policy_plan_step(struct policy *p);
void policy_plan_tell_all(struct policy *p);
bool policy_plan_cuts(const struct policy *p, size_t row);
uint64_t policy_needed_ms(struct policy *p, size_t row);
bool policy_plan_any(struct policy *p, size_t row);
int policy_plan_of(
    const struct policy *p, size_t row, const char *address, const char *account);
const char *policy_plan_unfed(struct policy *p, size_t plan);
uint64_t policy_own_takes(const struct policy *p, uint64_t unsaid_ms);

/*
 * policy_follow.c: a planned machine is told, with its reason / its moment has come: it is
 * told, if it is there / it is, as far as can be seen / what it does next (`unfed`: why its
 * feeds do not suffice, or NULL; only where `decide` says that this is known). One that was
 * there in an outage of its feeds and goes, told by nobody, is taken down by it, too /
 * the machine slept / how one stands from now on, and why: all files change `stand` by this
 * alone. A sign of life of one that is off or waking, whose feeds suffice, makes it STAND_ON;
 * `taken` is left for policy_back.c to see that it is back.
 */
void policy_follow_tell(struct policy *p, size_t plan, const char *why, bool drill);
bool policy_is_unseen(const struct policy_plan *plan); /* neither login nor address */
void policy_follow_moment(struct policy *p, size_t plan, const char *why);
bool policy_follow_is_there(struct policy *p, size_t plan);
void policy_follow(struct policy *p, size_t plan, bool decide, const char *unfed);
void policy_plan_slept(struct policy *p);
void policy_plan_stand(
    struct policy *p, size_t plan, enum policy_stand stand, const char *why);

/*
 * policy_wait.c: how long a machine takes to stop, as far as anybody says / it was told, and
 * is not known to be off / when it heard that, at the latest / until when one that was told is
 * waited for / when one that leaves is off / how long it needs power from now on; 0: no more.
 */
uint64_t policy_takes_ms(const struct policy_plan *plan);
bool policy_is_going(const struct policy_planned *machine);
uint64_t policy_heard_ms(const struct policy_planned *machine);
uint64_t policy_wait_bound_ms(const struct policy *p, size_t plan);
uint64_t policy_leaving_ms(const struct policy *p, size_t plan);
uint64_t policy_wait_need_ms(struct policy *p, size_t plan);

/*
 * policy_wait.c: how many planned machines were told and are not off yet, or may be
 * starting, and are waited for on this row (-1: on all that this machine cuts), with their
 * names / until when at the latest (0: nobody).
 */
size_t policy_plan_still_on(struct policy *p, long row, char *names, size_t size);
uint64_t policy_plan_wait_ms(const struct policy *p);

#define POLICY_HOOK_TRIES 3 /* until FSD is shown instead */

/*
 * policy_task.c: what run does for a machine (docs/plan.md, 7). The action with its key,
 * which is the same for the same try after a restart, and another one for whatever else:
 *   bit 31      1: a task (POLICY_KEY_TASK); what counts notifications stays below
 *   bits 29-30  the verb
 *   bits 21-28  the machine
 *   TELL, WAKE: bits 7-20 the outage (of the telling; the one that is now), 3-6 the telling
 *               in it, 0-2 `attempt` (of the hook, or to wake)
 *   PROBE:      bits 0-20 `attempt`: the second of this boot in which it began
 */
uint32_t policy_task(
    struct policy *p, size_t plan, enum task_verb verb, unsigned attempt);

/*
 * policy_task.c: a probe that does not end is a miss, and a hook that failed runs again /
 * probes a machine that may be told, is told, off, or waking, when that is due; `alive` and
 * `misses` are what came of it / it is off: the next probe is not yet / a task has ended /
 * goes on after a restart.
 */
void policy_task_look(struct policy *p, size_t plan);
void policy_task_probe(struct policy *p, size_t plan);
void policy_task_off(struct policy *p, size_t plan);
void policy_task_done(struct policy *p, uint32_t key, int status);
void policy_task_resume(struct policy *p, size_t plan);

/*
 * policy_back.c: FSD is to be forgotten / lets leases begin and end, judges the first
 * readings of a boot, brings machines back. Whoever shows FSD (policy_view()) need not say
 * more. policy_restored(): the mains is calm and the charge above the mark, and the output
 * is not about to be cut.
 */
void policy_back_event(struct policy *p, const struct policy_event *event);
void policy_back_step(struct policy *p);
bool policy_restored(struct policy *p, size_t row);

/*
 * policy_start.c: looks whose output goes and returns / this machine starts it, or it starts
 * with this one: it may be on from here on, for `boots` / true while that is so: it has to be
 * told, and is waited for.
 */
void policy_start_step(struct policy *p);
void policy_start(struct policy *p, size_t plan);
bool policy_is_starting(const struct policy *p, size_t plan);

/* policy_memory.c: has memory written when the outage or the way down is another one. */
void policy_memory_step(struct policy *p);

/* policy_cut.c: orders, looks, and names who does not obey. */
void policy_cut_step(struct policy *p);

/* policy_down.c: decides / begins the way down at once. */
void policy_down_step(struct policy *p);
void policy_down_begin(struct policy *p);

/*
 * policy_serve.c: this machine serves and orders, but no UPS feeds it (docs/plan.md, 4): it
 * does not go down. True for a UPS of which it is primary so / decides: FSD on what is
 * critical / calls FSD on all of them; false: there are none / true where FSD was called, and nobody is on or
 * waited for any more: the output can go.
 */
bool policy_serves(const struct policy *p, size_t row);
void policy_serve_step(struct policy *p);
bool policy_serve_fsd(struct policy *p);
bool policy_all_off(struct policy *p, size_t row);

#endif
