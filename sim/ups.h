/* SPDX-License-Identifier: ISC */
#ifndef SIM_UPS_H
#define SIM_UPS_H

#include <stdbool.h>

#include "sim/battery.h"

/*
 * A standby UPS: mains or battery feed the output through a relay that timers, an empty
 * battery and the returning mains move. Pure: ups_step() is how time passes.
 */

/* How a UPS goes about the cut of its output in ways of its own. All zero: as ordered. */
struct ups_quirks {
	double
	    cap_delay;   /* seconds that any timer to the cut counts at most; 0: no cap */
	bool ignore_cut; /* orders to cut are taken and forgotten */
	bool keep_on_mains; /* no cut while mains is there: ignored when ordered, dropped
			      * when the time has come (NUT issue 322) */
	bool return_anyway; /* comes back after its delay, mains or not (NUT issue 625) */
};

/* What Battery.Test reads (HID Power Device, 4.2.1), the first three also how NUT says
 * it: passed, passed with a warning, failed. */
enum {
	UPS_TEST_PASSED = 1,
	UPS_TEST_WARNING = 2,
	UPS_TEST_FAILED = 3,
	UPS_TEST_ABORTED = 4,
	UPS_TEST_RUNNING = 5,
	UPS_TEST_NONE = 6,
};

/* What AudibleAlarmControl reads and takes. */
enum { UPS_BEEPER_DISABLED = 1, UPS_BEEPER_ENABLED = 2, UPS_BEEPER_MUTED = 3 };

#define UPS_IDLE (-1.0) /* of a timer: not running */

struct ups {
	struct battery battery;
	double watts; /* of a load of 100 % */
	double load;  /* percent that is plugged in */
	double mains; /* V at the inlet; 0: failed */
	double mains_nominal;
	double transfer_low,
	    transfer_high; /* V between which mains is used; 0: no limit */
	double charge_low; /* percent, and seconds, that count as low */
	double runtime_low;
	bool output;  /* the relay is closed */
	bool replace; /* the last self-test failed */
	int test, beeper;
	bool deep;         /* of a running test: until low, not for seconds */
	double test_left;  /* seconds of a quick test */
	double shutdown;   /* seconds until the output is cut */
	double reboot;     /* seconds until it is cut, to come back at once */
	double startup;    /* seconds that mains must be there before it comes back */
	bool stay_off;     /* mains alone does not bring it back */
	bool mains_missed; /* mains was away while the output was off */
	struct ups_quirks quirks;
};

/* Mains there, battery full, output on. */
void ups_init(struct ups *u, double watts, double mains, double battery_volts);

/* Lets time pass, in steps that end where a timer does. */
void ups_step(struct ups *u, double seconds);

/* Seconds until a timer or test ends by itself; INFINITY when none runs. */
double ups_due(const struct ups *u);

void ups_unplug(struct ups *u);
void ups_plug(struct ups *u);

/*
 * What a host writes. The delays take seconds or UPS_IDLE: cancel for shutdown and
 * reboot; for startup "stay off until told otherwise". A startup delay waits while the
 * output is on, and counts from when output is off and mains there; 0 switches a dead
 * output on at once, from the battery if need be. A cut without any startup delay lasts
 * until mains returns.
 */
void ups_shutdown(struct ups *u, double seconds);
void ups_reboot(struct ups *u, double seconds);
void ups_startup(struct ups *u, double seconds);

/* 1 quick test, 2 deep test, 3 abort; anything else is ignored (HID Power Device). */
void ups_test(struct ups *u, int what);

/* One of UPS_BEEPER_*; muted ends with the outage. */
void ups_beeper(struct ups *u, int what);

/* The transfer limits, a charge or a load were changed by hand: let it show. */
void ups_settle(struct ups *u);

bool ups_fed(const struct ups *u);         /* mains is there and within the limits */
bool ups_discharging(const struct ups *u); /* outage or test */
bool ups_charging(const struct ups *u);
bool ups_low_charge(const struct ups *u);  /* charge at or below its limit */
bool ups_low_runtime(const struct ups *u); /* discharging, runtime at or below its */
bool ups_imminent(const struct ups *u);    /* the output is about to be cut */
bool ups_overload(const struct ups *u);
double ups_load(const struct ups *u);    /* percent that flows: 0 when off */
double ups_runtime(const struct ups *u); /* seconds on battery at this load */
double ups_watts(const struct ups *u);   /* that a battery must give, losses included */

#endif
