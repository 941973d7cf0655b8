/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "sim/ups.h"

#define STEP_MAX 1.0          /* s: so often the battery is asked whether it is low */
#define SELF_SHARE 0.15       /* of the rated watts: what the inverter itself takes */
#define QUICK_TEST 10.0       /* s */
#define OLD_AGE 0.5           /* a battery that lost so much fails the test */
#define REBOOT_OFF 5.0        /* s without output */
#define IMMINENT_RUNTIME 30.0 /* s */
#define COLD_START 0.02       /* charge that can start the inverter without mains */
#define INSTANT 1e-6          /* s: a timer with less left has ended */

void
ups_init(struct ups *u, double watts, double mains, double battery_volts)
{
	*u = (struct ups){.watts = watts,
	    .mains = mains,
	    .mains_nominal = mains,
	    .charge_low = 10.0,
	    .runtime_low = 120.0,
	    .output = true,
	    .test = UPS_TEST_NONE,
	    .beeper = UPS_BEEPER_ENABLED,
	    .shutdown = UPS_IDLE,
	    .reboot = UPS_IDLE,
	    .startup = UPS_IDLE};
	battery_init(
	    &u->battery, battery_volts, 7.0 * (watts / 300.0) * (12.0 / battery_volts));
}

bool
ups_fed(const struct ups *u)
{
	return u->mains > 0.0 && u->mains >= u->transfer_low &&
	       (u->transfer_high <= 0.0 || u->mains <= u->transfer_high);
}

bool
ups_discharging(const struct ups *u)
{
	return u->output && (!ups_fed(u) || u->test == UPS_TEST_RUNNING);
}

bool
ups_charging(const struct ups *u)
{
	return ups_fed(u) && !ups_discharging(u) && u->battery.charge < 1.0;
}

bool
ups_low_charge(const struct ups *u)
{
	return round(u->battery.charge * 100.0) <= u->charge_low;
}

bool
ups_low_runtime(const struct ups *u)
{
	return ups_discharging(u) && ups_runtime(u) <= u->runtime_low;
}

bool
ups_imminent(const struct ups *u)
{
	return u->output && (u->shutdown >= 0.0 || u->reboot >= 0.0 ||
				(!ups_fed(u) && ups_runtime(u) <= IMMINENT_RUNTIME));
}

bool
ups_overload(const struct ups *u)
{
	return ups_load(u) > 100.0;
}

double
ups_load(const struct ups *u)
{
	return u->output ? u->load : 0.0;
}

double
ups_watts(const struct ups *u)
{
	return u->watts * (u->load / 100.0 + SELF_SHARE);
}

double
ups_runtime(const struct ups *u)
{
	return battery_runtime(&u->battery, ups_watts(u));
}

/* The test is over: the battery has shown what it can. */
static void
test_end(struct ups *u)
{
	u->replace = u->battery.age >= OLD_AGE || u->battery.charge <= 0.0;
	u->test = u->replace ? UPS_TEST_FAILED : UPS_TEST_PASSED;
}

static void
cut(struct ups *u)
{
	u->output = false;
	u->shutdown = u->reboot = UPS_IDLE;
	u->mains_missed = !ups_fed(u);
	if (u->test == UPS_TEST_RUNNING)
		u->test = UPS_TEST_ABORTED;
}

static void
switch_on(struct ups *u)
{
	u->output = true;
	u->startup = UPS_IDLE;
	u->stay_off = u->mains_missed = false;
}

static bool
ended(double timer)
{
	return timer >= 0.0 && timer < INSTANT;
}

static void
settle_output(struct ups *u)
{
	bool empty = u->battery.charge <= 0.0 && !ups_fed(u);

	if (u->quirks.keep_on_mains && ups_fed(u) &&
	    (ended(u->reboot) || ended(u->shutdown))) {
		u->reboot = u->shutdown = UPS_IDLE;
	} else if (ended(u->reboot)) {
		u->startup = REBOOT_OFF;
		u->stay_off = false;
		cut(u);
	} else if (ended(u->shutdown) || empty)
		cut(u);
}

static void
settle_test(struct ups *u)
{
	bool low = ups_low_charge(u) || ups_low_runtime(u);
	bool over = u->deep ? low : u->test_left < INSTANT;

	if (!ups_fed(u))
		u->test = UPS_TEST_ABORTED;
	else if (over || u->battery.charge <= 0.0)
		test_end(u);
}

/* Whether a dead output has a reason to come back now. */
static void
settle_dead(struct ups *u)
{
	if (!ups_fed(u)) {
		u->mains_missed = true;
		if (ended(u->startup) && u->battery.charge >= COLD_START)
			switch_on(u);
	} else if (u->startup >= 0.0 ? ended(u->startup)
				     : u->mains_missed && !u->stay_off)
		switch_on(u);
}

void
ups_settle(struct ups *u)
{
	if (u->output)
		settle_output(u);
	if (u->test == UPS_TEST_RUNNING)
		settle_test(u);
	if (!u->output)
		settle_dead(u);
	if (ups_fed(u) && u->beeper == UPS_BEEPER_MUTED)
		u->beeper = UPS_BEEPER_ENABLED;
}

/* True while the delay before coming back counts. */
static bool
startup_runs(const struct ups *u)
{
	return u->startup >= 0.0 && !u->output && (ups_fed(u) || u->quirks.return_anyway);
}

double
ups_due(const struct ups *u)
{
	double due = INFINITY;

	if (u->shutdown >= 0.0)
		due = fmin(due, u->shutdown);
	if (u->reboot >= 0.0)
		due = fmin(due, u->reboot);
	if (startup_runs(u))
		due = fmin(due, u->startup);
	if (u->test == UPS_TEST_RUNNING && !u->deep)
		due = fmin(due, u->test_left);
	return due;
}

static void
count_down(double *timer, double seconds)
{
	if (*timer >= 0.0)
		*timer = fmax(*timer - seconds, 0.0);
}

void
ups_step(struct ups *u, double seconds)
{
	double step;

	while (seconds > 0.0) {
		step = fmin(fmin(seconds, STEP_MAX), fmax(ups_due(u), INSTANT));
		if (ups_discharging(u))
			battery_discharge(&u->battery, ups_watts(u), step);
		else if (ups_fed(u))
			battery_charge(&u->battery, step);
		else
			battery_rest(&u->battery, step);
		count_down(&u->shutdown, step);
		count_down(&u->reboot, step);
		if (startup_runs(u))
			count_down(&u->startup, step);
		u->test_left = fmax(u->test_left - step, 0.0);
		ups_settle(u);
		seconds -= step;
	}
}

void
ups_unplug(struct ups *u)
{
	u->mains = 0.0;
	ups_settle(u);
}

void
ups_plug(struct ups *u)
{
	u->mains = u->mains_nominal;
	ups_settle(u);
}

/* What this UPS makes of an order to cut in so many seconds. */
static double
obey(const struct ups *u, double seconds)
{
	const struct ups_quirks *q = &u->quirks;

	if (!u->output || seconds < 0.0 || q->ignore_cut ||
	    (q->keep_on_mains && ups_fed(u)))
		return UPS_IDLE;
	return q->cap_delay > 0.0 ? fmin(seconds, q->cap_delay) : seconds;
}

void
ups_shutdown(struct ups *u, double seconds)
{
	u->shutdown = obey(u, seconds);
	if (seconds < 0.0)
		u->reboot = UPS_IDLE;
	ups_settle(u);
}

void
ups_reboot(struct ups *u, double seconds)
{
	u->reboot = obey(u, seconds);
	ups_settle(u);
}

void
ups_startup(struct ups *u, double seconds)
{
	u->stay_off = seconds < 0.0;
	u->startup = fmax(seconds, UPS_IDLE);
	/* "On now" means nothing to an output that is on, and must not wait for its end. */
	if (u->output && seconds == 0.0)
		u->startup = UPS_IDLE;
	ups_settle(u);
}

void
ups_test(struct ups *u, int what)
{
	bool running = u->test == UPS_TEST_RUNNING;

	if (what == 3 && running)
		u->test = UPS_TEST_ABORTED;
	if ((what != 1 && what != 2) || running)
		return;
	u->deep = what == 2;
	u->test_left = u->deep ? 0.0 : QUICK_TEST;
	u->test = u->output && ups_fed(u) ? UPS_TEST_RUNNING : UPS_TEST_ABORTED;
	ups_settle(u);
}

void
ups_beeper(struct ups *u, int what)
{
	if (what >= UPS_BEEPER_DISABLED && what <= UPS_BEEPER_MUTED)
		u->beeper = what;
	ups_settle(u);
}
