/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/battery.h"

static void
assert_near(double value, double wanted, double tolerance)
{
	if (value < wanted - tolerance || value > wanted + tolerance)
		fail_msg("%g is not %g +- %g", value, wanted, tolerance);
}

/* Forty minutes at a light load, second by second: the charge only falls, the voltage
 * sags, and the terminals deliver what was asked for. */
static void
test_forty_minutes(void **state)
{
	struct battery b;
	double last = 1.0, joules = 0.0, volts = 0.0;
	int second;

	(void)state;
	battery_init(&b, 12.0, 7.0);
	for (second = 0; second < 2400; second++) {
		assert_near(battery_discharge(&b, 50.0, 1.0), 1.0, 0.0);
		assert_true(b.charge < last);
		last = b.charge;
		volts = battery_volts(&b);
		joules += volts * b.current;
	}
	assert_near(joules, 50.0 * 2400.0, 1200.0);
	assert_true(volts < 12.3 && volts > 11.0);
	assert_true(b.charge > 0.05 && b.charge < 0.6);
	assert_true(b.temperature > 25.0 && b.temperature < 35.0);
}

/* The estimate given at the start comes true within a tenth, at any load, and falls all
 * the time. */
static void
test_runtime_comes_true(void **state)
{
	static const double watts[] = {10.0, 50.0, 150.0, 300.0};
	struct battery b;
	double promised, lived, estimate, last;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(watts) / sizeof(watts[0]); i++) {
		battery_init(&b, 12.0, 7.0);
		last = promised = battery_runtime(&b, watts[i]);
		for (lived = 0.0; b.charge > 0.0;) {
			lived += battery_discharge(&b, watts[i], 1.0);
			estimate = battery_runtime(&b, watts[i]);
			assert_true(estimate <= last + 1.0);
			last = estimate;
		}
		assert_near(lived, promised, promised / 10.0);
	}
}

/* Peukert: half the load gives more than twice the time. */
static void
test_peukert(void **state)
{
	struct battery b;

	(void)state;
	battery_init(&b, 12.0, 7.0);
	assert_true(battery_runtime(&b, 150.0) > 2.2 * battery_runtime(&b, 300.0));
}

/* What comes out is less than what went in; what goes in fills it, ever more slowly. */
static void
test_charge(void **state)
{
	struct battery b;
	double taken = 0.0, given = 0.0, last, early;
	int hours;

	(void)state;
	battery_init(&b, 12.0, 7.0);
	while (b.charge > 0.0)
		taken += battery_discharge(&b, 10.0, 1.0) * 10.0;
	battery_charge(&b, 1.0);
	early = -b.current;
	for (hours = 0; b.charge < 1.0 && hours < 24 * 3600; hours++) {
		last = b.charge;
		battery_charge(&b, 1.0);
		assert_true(b.charge > last);
		given -= battery_volts(&b) * b.current;
		if (b.charge > 0.95 && b.charge < 1.0)
			assert_true(-b.current < early / 3.0);
	}
	assert_true(hours > 4 * 3600 && hours < 16 * 3600);
	assert_true(given > taken && taken > given / 3.0);
	battery_charge(&b, 60.0);
	assert_near(b.charge, 1.0, 0.0);
	assert_near(battery_volts(&b), 13.6, 0.001);
}

static void
test_age_and_cold(void **state)
{
	struct battery young, old, cold;

	(void)state;
	battery_init(&young, 12.0, 7.0);
	old = cold = young;
	old.age = 0.5;
	cold.temperature = cold.ambient = 0.0;
	assert_true(battery_runtime(&old, 100.0) < 0.52 * battery_runtime(&young, 100.0));
	assert_true(battery_runtime(&cold, 100.0) < 0.9 * battery_runtime(&young, 100.0));
	battery_discharge(&young, 300.0, 5.0);
	battery_discharge(&old, 300.0, 5.0);
	assert_true(battery_volts(&old) < battery_volts(&young) - 0.5);
}

static void
test_temperature(void **state)
{
	struct battery b;

	(void)state;
	battery_init(&b, 12.0, 7.0);
	b.ambient = 35.0;
	battery_rest(&b, 2700.0);
	assert_near(b.temperature, 31.3, 0.1);
	battery_rest(&b, 100000.0);
	assert_near(b.temperature, 35.0, 0.01);
}

/* An empty battery delivers nothing; a load beyond its power empties it, no more. */
static void
test_limits(void **state)
{
	struct battery b;

	(void)state;
	battery_init(&b, 12.0, 7.0);
	assert_true(battery_discharge(&b, 1e6, 3600.0) < 3600.0);
	assert_near(b.charge, 0.0, 0.0);
	assert_near(battery_discharge(&b, 10.0, 1.0), 0.0, 0.0);
	assert_near(battery_runtime(&b, 10.0), 0.0, 0.0);
}

static void
test_calibrate(void **state)
{
	struct battery b;

	(void)state;
	battery_init(&b, 12.0, 7.0);
	b.charge = 0.8;
	battery_calibrate(&b, 42.0, 3877.0);
	assert_near(battery_runtime(&b, 42.0), 3877.0, 0.01);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_forty_minutes),
	    cmocka_unit_test(test_runtime_comes_true),
	    cmocka_unit_test(test_peukert),
	    cmocka_unit_test(test_charge),
	    cmocka_unit_test(test_age_and_cold),
	    cmocka_unit_test(test_temperature),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_calibrate),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
