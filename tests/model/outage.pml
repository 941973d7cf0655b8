/* SPDX-License-Identifier: ISC */

/*
 * An outage, with everything that may happen in it, in any order: a primary, its UPS, the
 * mains, and N secondaries that hang on the UPS. Spin walks through every state that can
 * be reached; tests/model/run says what has to hold, and what has to break.
 *
 * What is here, and where it is in the tree:
 *   Mains      the plug
 *   Ups        battery, output and countdown: what is behind hid/; sim has a finer one
 *   Core       core/policy_*.c: who goes down when, FSD, the cut, the way back
 *   Primary    holdupd/shutdown.c, the late hook (packaging/holdup.shutdown.in, upsdrvctl
 *              late), and what core's memory holds at the next boot (policy_memory.c)
 *   Secondary  an upsmon, NUT's or ours: it reads what net shows it
 *   Faults     kill -9 of core, a reset of the primary; connections that break, a LOGOUT
 *              that is lost and secondaries that fall are in Secondary, a wake-up that is
 *              lost in Core
 *
 * What is promised:
 *   cut    when we cut, nobody is on who hangs on the output, not even one that is just
 *          starting. (An empty battery is not ours.)
 *   going  nobody goes down while the mains feeds it: unless it heard "on battery" last, or
 *          sees the FSD of this outage. Who has started since the mains is back is not
 *          taken down by an old one, but while the primary itself is on its way down.
 *   once   core orders the cut once in an outage, however often it is restarted. (The late
 *          hook orders it when it finds that nothing counts down.)
 *   back   when the mains is back for good, in the end everybody runs, FSD is over, and it
 *          stays so.
 *   down   when the mains stays away, in the end everybody is off, before the battery is
 *          empty, if that lasts long enough.
 * The mains comes and goes, and things fail, as often as they like; `last` ends it, and may
 * come at any moment. `back` and `down` count from there, under weak fairness: who can go
 * on does so at some time.
 *
 * Time is order. A time that somebody has declared is over when that has happened which it
 * was declared for, and at any moment after that. So these are assumed, not proved:
 *   - `takes` is true: a machine that has said LOGOUT is off when it is over; with it goes
 *     the time for which one is waited of whom nothing is heard: within that it is back, or
 *     off by itself (DEADTIME and `takes`), or has started and logged in (`boots`).
 *   - `calm` is longer than a client needs from its decision to its LOGOUT.
 *   - The delay of an armed cut, read back, is longer than the primary needs to stop; the
 *     primary does not fall meanwhile.
 *   - core sees a change of the mains before a machine has started.
 *   - A UPS that is told to cut while the mains is away does so, even if it returns
 *     meanwhile; and its countdown is over before the primary, in its hook, starts again.
 *   - A machine that was on when its power went starts when it is back, and so does the
 *     primary in any case. A secondary that was off may stay off.
 *   - Of the tries to wake a machine one gets through.
 *   - The battery lasts as long as the declared times need (`down` alone needs it).
 * Left out: several UPSes and `needs`, hooks and probes (a machine without LOGOUT is like
 * one whose LOGOUT was lost), low battery that is in doubt (policy_power.c has its own
 * table), holdupd's deadline for a silent core, people who press buttons.
 */
#ifndef N
#define N 3 /* secondaries */
#endif

/* ---- Switches: one thing done in another way ---- */

#ifndef SWITCH
#define SWITCH 0
#endif
#define if_(name) (SWITCH == name)
#define is_nut    (SWITCH > 0 && SWITCH < 10) /* it knows one moment: FSD */

/* How often the mains fails, and anything else; 255: as often as it likes. */
#ifndef OUTAGES
#define OUTAGES 255
#endif
#ifndef FAULTS
#define FAULTS 255
#endif

/* As NUT does it. */
#define NUT_LEAVES_EARLY   1  /* the primary takes LOGOUT for off */
#define NUT_HOSTSYNC       2  /* ... and leaves after HOSTSYNC, whoever is still there */
#define NUT_STICKY_FSD     3  /* FSD stays until upsd is restarted, and is for everybody */
#define NUT_POWER_RACE     4  /* who is off stays off until its power is cycled */
#define NUT_SECONDARY_CUTS 5  /* the late hook of a secondary cuts, too */
#define NUT_LOST_IS_DOWN   6  /* a lost connection counts as lost mains */

/* As we could have done it. */
#define LEASE_STAYS        10 /* the lease of FSD does not end */
#define LEASE_HIDDEN       11 /* who logs in is not shown FSD, even on the primary's way down */
#define WAKES_ONCE         12 /* nobody looks whether it helped */
#define WAKES_UNDER_TIMER  13 /* ... or whether a cut is still to come */
#define FORGETS            14 /* who is off is not remembered over the primary's power-off */
#define REMEMBERS_TOLD     15 /* ... but for those who went by FSD */
#define NO_CALM            16 /* the outage is over while a machine is still on its way out */
#define STARTING_IS_OFF    17 /* who may be starting is not waited for */
#define ARMS_UNPROVED      18 /* the cut is armed early, however short its delay */
#define ORDERS_THEN_SAVES  19 /* a restarted core does not know what the one before it did */
#define HOOK_ORDERS_ONCE   20 /* ... though the mains, with which nothing came of it, went */
#define HOOK_IMPATIENT     21 /* the primary starts again though the UPS still counts */

/* What we rely on, taken away. */
#define WAIT_TOO_SHORT     30 /* a machine may be away for longer than it is waited for */
#define UPS_GIVES_UP       31 /* a countdown may end when the mains is back */
#define UPS_NEVER_CUTS     32 /* the output may stay on whatever is ordered */

/* ---- The world ---- */

/* A machine: off; off, but was on when its power went; starting; running; decided to go
 * down, still logged in; stopping; in its late hook (the primary). */
mtype:machine = { OFF, DARK, BOOT, RUN, GOING, STOP, HOOK };

/* What a UPS does when it is told to cut its output and to return with the mains. */
mtype:ups = {
	CUTS,   /* that */
	DEAF,   /* it takes no order while the mains is there */
	AT_ONCE /* it returns without the mains */
};

/* Charge of the battery. MARK: above `restart`. */
#define EMPTY 0
#define LOW   1
#define SOME  2
#define MARK  3

bool mains = true, output = true;
bool counts;      /* the UPS's countdown to the cut runs */
byte charge = MARK;
mtype:ups ups;
bool last;        /* what the mains does was its last, and nothing else fails any more */
byte outages = OUTAGES, faults = FAULTS; /* to come */

/* ---- The primary ---- */

mtype:machine primary = RUN;
bool fed = true;  /* by this UPS; else it serves and orders, and stays */
bool arms;        /* its UPS can be armed before the OS stops */

/* core. What is saved outlives it; of that, the machine outlives only who is to be woken. */
mtype:phase = { WATCH, SYNC, ORDERED, BACK };
mtype:phase phase = WATCH; /* saved */
bool fsd;         /* saved: the lease */
bool outage;      /* saved: it is not over yet */
bool sees = true; /* the mains is there */
bool ordering;    /* an action that is saved, and not carried out yet */
byte orders;      /* cuts that were ordered in this outage */

/* How a secondary stands, for core. */
mtype:stand = {
	ON,      /* logged in */
	LEAVING, /* it said LOGOUT, its `takes` runs: counts as on */
	UNHEARD, /* its connection broke, or it may be starting: counts as on */
	TAKEN,   /* off, by this outage: to be woken */
	LEFT     /* off, by its own will */
};
mtype:stand stand[N] = ON;
bool spared[N];       /* it has logged in since the FSD was `old` */

/* ---- The secondaries ---- */

mtype:machine at[N] = RUN;
bool linked[N] = true;
bool battery[N];      /* the last that it heard, before its connection broke: OB */
bool fresh[N];        /* it has started since the mains is back */

#if N == 3
#define each(what) (what(0) && what(1) && what(2))
#define some(what) (what(0) || what(1) || what(2))
#define pick(what) if :: what(0) -> i = 0 :: what(1) -> i = 1 :: what(2) -> i = 2 fi
#elif N == 2
#define each(what) (what(0) && what(1))
#define some(what) (what(0) || what(1))
#define pick(what) if :: what(0) -> i = 0 :: what(1) -> i = 1 fi
#else
#define each(what) what(0)
#define some(what) what(0)
#define pick(what) if :: what(0) -> i = 0 fi
#endif

#define may_fail          (faults > 0 && !last)
#define is_up             (primary == RUN)
#define is_remembered     (outage && (fsd || !if_(REMEMBERS_TOLD)))
#define is_calm           (sees && charge == MARK)
#define has_no_power(i)   (at[i] == OFF || at[i] == DARK)
#define has_not_gone(i)   (at[i] != GOING)
#define is_home(i)        (at[i] == RUN && linked[i] && stand[i] == ON)
#define counts_as_off(i)  (stand[i] == TAKEN || stand[i] == LEFT)
#define is_to_be_woken(i) (stand[i] == TAKEN || stand[i] == UNHEARD)

/* Nobody waits for ever: a time that a machine has declared is over when it has done what
 * the time is for. */
#define takes_is_over(i)  (stand[i] == LEAVING && (at[i] == OFF || if_(NUT_LEAVES_EARLY)))
#define wait_is_over(i)   (stand[i] == UNHEARD && (at[i] == OFF || if_(WAIT_TOO_SHORT)))
#define time_is_over(i)   (takes_is_over(i) || (phase == SYNC && \
	(wait_is_over(i) || (if_(NUT_HOSTSYNC) && !counts_as_off(i)))))

/* What a secondary knows, and when it may go down. */
#define heard_battery(i)  ((linked[i] && !sees) || (!linked[i] && battery[i]))
#define sees_fsd(i)       (linked[i] && fsd && !spared[i])
#define may_go_down(i)    (!mains || heard_battery(i) || (sees_fsd(i) && \
	(!fresh[i] || (fed && phase != WATCH))))

#define everybody_runs    (is_up && phase == WATCH && !fsd && each(is_home))
#define everybody_is_off  (each(has_no_power) && \
	(!fed || primary == HOOK || primary == OFF || primary == DARK))

#ifdef SORT
inline swap(a, b)
{
	rest = a; a = b; b = rest
}

/* Secondaries are alike: of six states that differ by their order one is kept. */
#define rank(i) ((((((at[i] * 32 + stand[i]) * 2 + linked[i]) * 2 + battery[i]) * 2 + \
	spared[i]) * 2) + fresh[i])
inline order(a, b)
{
	if
	:: rank(a) > rank(b) ->
		swap(at[a], at[b]); swap(stand[a], stand[b]); swap(linked[a], linked[b]);
		swap(battery[a], battery[b]); swap(spared[a], spared[b]);
		swap(fresh[a], fresh[b])
	:: else
	fi
}

byte rest;
inline tidy()
{
	d_step { order(0, 1); order(1, 2); order(0, 1); rest = 0 }
}
#else
#define tidy() skip
#endif

/* ---- What steps have in common ---- */

inline one_less(left)
{
	left = (left == 255 -> 255 : left - 1)
}

/* The connection of a secondary ends without a word. */
inline breaks(s)
{
	if
	:: stand[s] == ON -> stand[s] = UNHEARD
	:: else
	fi;
	linked[s] = false;
	battery[s] = at[s] == RUN && !sees;
	spared[s] = false
}

inline all_break()
{
	for (i : 0 .. N - 1) {
		if
		:: linked[i] -> breaks(i)
		:: else
		fi
	}
	i = 0
}

/* Who was off has got power, or is woken: it may be starting, and counts as on. */
inline may_start()
{
	for (i : 0 .. N - 1) {
		if
		:: stand[i] == TAKEN && !if_(STARTING_IS_OFF) -> stand[i] = UNHEARD
		:: else
		fi
	}
	if
	:: ordering -> ordering = false; phase = SYNC
	:: else
	fi;
	i = 0
}

/* The output goes off, and all that hangs on it. */
inline output_goes()
{
	output = false;
	counts = false;
	if
	:: fed -> primary = DARK; phase = WATCH; fsd = false; ordering = false
	:: else
	fi;
	for (i : 0 .. N - 1) {
		if
		:: at[i] != OFF -> at[i] = DARK; fresh[i] = false; breaks(i)
		:: else
		fi
	}
	i = 0; tidy()
}

/* A machine that was on when its power went starts; one that was off may, or may not. */
inline output_comes()
{
	output = true;
	if
	:: fed -> primary = BOOT
	:: else -> may_start()
	fi;
	for (i : 0 .. N - 1) {
		if
		:: at[i] == DARK || at[i] == OFF -> at[i] = BOOT
		:: at[i] == OFF && !if_(NUT_POWER_RACE)
		fi
	}
	i = 0; tidy()
}

inline cut_is_ordered()
{
	if
	:: !output || (ups == DEAF && mains) || if_(UPS_NEVER_CUTS) ->
		printf("The UPS is told to cut its output, and does not.\n")
	:: else ->
		counts = true;
		printf("The UPS is told to cut its output.\n")
	fi
}

/* ---- Mains, UPS ---- */

proctype Mains()
{
	byte i;
end:	do
	:: atomic { mains && outages > 0 && !last ->
		mains = false;
		one_less(outages);
		printf("The mains fails.\n");
		for (i : 0 .. N - 1) { fresh[i] = false }
		i = 0; tidy() }
	:: atomic { !mains && !last ->
		mains = true;
		printf("The mains is back.\n") }
	:: atomic { !last ->
		last = true;
		printf("Nothing else fails from here on.\n") }
	/* Time passes: a run never ends, and what never happens can be told. */
	:: last
	od
}

proctype Ups()
{
	byte i;
end:	do
	:: atomic { mains && output && charge < MARK ->
		charge++;
		printf("The battery charges.\n") }
	:: atomic { !mains && output && charge > LOW ->
		charge--;
		printf("The battery falls.\n") }
	/* It lasts as long as the declared times need, once nothing else fails. */
	:: atomic { !mains && output && charge == LOW && (!last || everybody_is_off) ->
		charge = EMPTY;
		printf("The battery is empty.\n");
		output_goes() }
	:: atomic { !output && (mains || (ups == AT_ONCE && charge > EMPTY)) ->
		printf("The output is on.\n");
		if
		:: charge == EMPTY -> charge = LOW
		:: else
		fi;
		output_comes() }
	:: atomic { counts && mains && if_(UPS_GIVES_UP) ->
		counts = false;
		printf("The UPS sees the mains, and does not cut.\n") }
	/* A delay that is armed early was read back, and is longer than the OS needs. */
	:: atomic { counts && (!(fed && (primary == RUN || primary == STOP)) ||
			if_(ARMS_UNPROVED) || if_(NUT_SECONDARY_CUTS)) ->
		printf("The UPS cuts its output.\n");
		assert(output && each(has_no_power) && !(fed && primary != HOOK && primary != OFF));
		output_goes() }
	od
}

/* ---- The primary ---- */

proctype Core()
{
	byte i;
end:	do
	/* policy_ups.c, policy_power.c */
	:: atomic { is_up && sees && !mains ->
		sees = false; outage = true; orders = 0;
		printf("The primary sees the mains fail.\n");
		for (i : 0 .. N - 1) { spared[i] = false }
		if
		:: phase == BACK -> phase = SYNC
		:: else
		fi;
		i = 0; tidy() }
	:: atomic { is_up && !sees && mains ->
		sees = true;
		printf("The primary sees the mains.\n");
		if
		:: !fed -> may_start()
		:: else
		fi;
		tidy() }
	:: atomic { is_up && !fed && phase == ORDERED && !ordering && sees ->
		phase = BACK }

	/* policy_down.c */
	:: atomic { is_up && phase == WATCH && !sees && charge == LOW ->
		phase = SYNC; fsd = true;
		printf("The battery is low: FSD.\n") }
	:: atomic { is_up && phase == SYNC && each(counts_as_off) ->
		phase = ORDERED; ordering = !fed || arms;
		printf("For the primary nobody else is on.\n") }
	:: atomic { is_up && ordering ->
		ordering = false; orders++;
		assert(orders == 1);
		cut_is_ordered() }
	:: atomic { is_up && phase == ORDERED && !ordering && fed ->
		primary = STOP; phase = WATCH; fsd = false;
		printf("The primary goes down.\n");
		all_break(); tidy() }

	/* policy_machines.c, policy_plan.c */
	:: atomic { is_up && some(time_is_over) ->
		pick(time_is_over);
		stand[i] = TAKEN;
		printf("Secondary %d counts as off.\n", i + 1);
		i = 0; tidy() }

	/* policy_back.c */
	:: atomic { is_up && (phase == SYNC || phase == BACK) && !fed && is_calm &&
			(!counts || if_(WAKES_UNDER_TIMER)) &&
			!if_(NUT_STICKY_FSD) && !if_(LEASE_STAYS) ->
		phase = WATCH; fsd = false;
		printf("The lease of FSD is over.\n");
		for (i : 0 .. N - 1) { spared[i] = false }
		i = 0; tidy() }
	:: atomic { is_up && phase == WATCH && outage && is_calm &&
			(each(has_not_gone) || if_(NO_CALM)) ->
		outage = false;
		printf("The outage is over.\n") }
	:: atomic { is_up && phase == WATCH && is_calm && some(is_to_be_woken) &&
			(!counts || if_(WAKES_UNDER_TIMER)) && !if_(NUT_POWER_RACE) ->
		pick(is_to_be_woken);
		stand[i] = (if_(WAKES_ONCE) -> LEFT : (if_(STARTING_IS_OFF) -> TAKEN : UNHEARD));
		if
		:: at[i] == OFF && output ->
			at[i] = BOOT;
			printf("Secondary %d is woken.\n", i + 1)
		:: at[i] != OFF || !output ->
			printf("Secondary %d is woken, in vain.\n", i + 1)
		:: at[i] == OFF && may_fail ->
			one_less(faults);
			printf("Secondary %d is woken, but does not hear it.\n", i + 1)
		fi;
		i = 0; tidy() }
	od
}

proctype Primary()
{
	byte i;
end:	do
	:: atomic { primary == BOOT ->
		primary = RUN; sees = mains; outage = true; orders = 0;
		for (i : 0 .. N - 1) {
			stand[i] = (if_(FORGETS) -> LEFT : (if_(STARTING_IS_OFF) -> TAKEN : UNHEARD))
		}
		i = 0;
		if
		:: !sees && charge < MARK ->
			phase = SYNC; fsd = true;
			printf("The primary has started, on battery: it goes down again.\n")
		:: else ->
			phase = WATCH; fsd = false;
			printf("The primary has started.\n")
		fi;
		i = 0; tidy() }
	/* The late hook: without the mains it is done with the order, else it stays. */
	:: atomic { primary == STOP ->
		printf("The primary has stopped, but for its late hook.\n");
		if
		:: counts
		:: else -> cut_is_ordered()
		fi;
		if
		:: mains -> primary = HOOK
		:: else -> primary = OFF
		fi }
	:: atomic { primary == HOOK && mains && (!counts || if_(HOOK_IMPATIENT)) &&
			!if_(NUT_POWER_RACE) ->
		primary = BOOT;
		printf("The primary still has power and mains, and starts again.\n") }
	:: atomic { primary == HOOK && !mains && !counts ->
		primary = OFF;
		printf("The mains is away again.\n");
		if
		:: if_(HOOK_ORDERS_ONCE)
		:: else -> cut_is_ordered()
		fi }
	od
}

/* ---- The secondaries ---- */

inline decides(s)
{
	assert(may_go_down(s));
	at[s] = GOING;
	tidy()
}

proctype Secondary(byte i)
{
end:	do
	:: atomic { at[i] == BOOT && (!is_up || sees == mains) ->
		at[i] = RUN; fresh[i] = mains;
		printf("Secondary %d has started.\n", i + 1);
		tidy() }
	:: atomic { at[i] == RUN && !linked[i] && is_up ->
		linked[i] = true; stand[i] = ON; battery[i] = false;
		spared[i] = fsd && sees && (!fed || if_(LEASE_HIDDEN)) && !if_(NUT_STICKY_FSD);
		printf("Secondary %d logs in.\n", i + 1);
		tidy() }
	:: atomic { at[i] == RUN && sees_fsd(i) ->
		printf("Secondary %d sees FSD, and is to go down.\n", i + 1);
		decides(i) }
	:: atomic { at[i] == RUN && linked[i] && !sees && !is_nut ->
		printf("Secondary %d has its moment on battery, and is to go down.\n", i + 1);
		decides(i) }
	:: atomic { at[i] == RUN && !linked[i] && (battery[i] || if_(NUT_LOST_IS_DOWN)) ->
		printf("Secondary %d has lost its server for DEADTIME, and is to go down.\n",
			i + 1);
		decides(i) }
	:: atomic { at[i] == GOING ->
		at[i] = STOP; fresh[i] = false; battery[i] = false;
		if
		:: linked[i] && is_remembered -> stand[i] = LEAVING;
			printf("Secondary %d says LOGOUT, and stops.\n", i + 1)
		:: linked[i] && !is_remembered -> stand[i] = LEFT;
			printf("Secondary %d says LOGOUT, and stops.\n", i + 1)
		:: linked[i] && may_fail -> stand[i] = UNHEARD; one_less(faults);
			printf("Secondary %d says LOGOUT, which is lost, and stops.\n", i + 1)
		:: !linked[i] -> printf("Secondary %d stops.\n", i + 1)
		fi;
		linked[i] = false; spared[i] = false;
		tidy() }
	:: atomic { at[i] == STOP ->
		at[i] = OFF;
		printf("Secondary %d is off.\n", i + 1);
		if
		:: if_(NUT_SECONDARY_CUTS) && !counts -> cut_is_ordered()
		:: else
		fi;
		tidy() }

	/* What fails. */
	:: atomic { at[i] == RUN && linked[i] && may_fail ->
		printf("The connection of secondary %d breaks.\n", i + 1);
		one_less(faults);
		breaks(i);
		tidy() }
	:: atomic { at[i] == RUN && may_fail ->
		printf("Secondary %d falls, and starts again.\n", i + 1);
		one_less(faults);
		at[i] = BOOT; fresh[i] = false;
		breaks(i);
		tidy() }
	od
}

proctype Faults()
{
	byte i;
end:	do
	:: atomic { is_up && may_fail ->
		printf("The primary's core falls, and goes on with what it has saved.\n");
		one_less(faults);
		ordering = false;
		if
		:: if_(ORDERS_THEN_SAVES) && phase == ORDERED -> phase = SYNC
		:: else
		fi;
		all_break(); tidy() }
	:: atomic { is_up && !counts && may_fail ->
		printf("The primary falls, and starts again.\n");
		one_less(faults);
		primary = BOOT; phase = WATCH; fsd = false; ordering = false;
		all_break(); tidy() }
	od
}

/* ---- What is promised ---- */

ltl back { [] ((last && mains) -> <> [] everybody_runs) }
ltl down { [] ((last && !mains) -> <> everybody_is_off) }

init {
	byte i;
	atomic {
		if
		:: ups = CUTS; printf("The UPS cuts its output when told to.\n")
		:: ups = DEAF; printf("The UPS takes no order while the mains is there.\n")
		:: ups = AT_ONCE; printf("The UPS cuts, and returns without the mains.\n")
		fi;
		if
		:: printf("It feeds the primary.\n")
		:: !is_nut -> arms = true; printf("It feeds the primary, and can be armed early.\n")
		:: !is_nut || if_(NUT_STICKY_FSD) ->
			fed = false; printf("The primary only serves and orders.\n")
		fi;
		run Mains(); run Ups(); run Core(); run Primary(); run Faults();
		for (i : 0 .. N - 1) { run Secondary(i) }
		i = 0
	}
}
