/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/ups.h"

static struct ups u;

static int
setup(void **state)
{
	(void)state;
	ups_init(&u, 300.0, 230.0, 12.0);
	u.load = 50.0;
	return 0;
}

static void
test_transfer(void **state)
{
	(void)state;
	assert_true(ups_fed(&u) && u.output);
	assert_false(ups_discharging(&u) || ups_charging(&u));
	ups_unplug(&u);
	assert_true(ups_discharging(&u) && u.output && u.mains == 0.0);
	ups_step(&u, 60.0);
	assert_true(u.battery.charge < 1.0);
	ups_plug(&u);
	assert_true(ups_charging(&u) && !ups_discharging(&u) && u.mains == 230.0);
}

/* Low comes before imminent, imminent before the cut, and mains brings all back. */
static void
test_outage_to_the_end(void **state)
{
	double low = 0, imminent = 0, second;

	(void)state;
	ups_unplug(&u);
	for (second = 1; u.output; second++) {
		ups_step(&u, 1.0);
		if (low == 0 && (ups_low_charge(&u) || ups_low_runtime(&u)))
			low = second;
		if (imminent == 0 && ups_imminent(&u))
			imminent = second;
	}
	assert_true(low > 0 && low < imminent && imminent < second);
	assert_true(second > 400 && second < 900);
	assert_true(ups_load(&u) == 0.0 && u.battery.charge == 0.0);
	ups_step(&u, 3600.0);
	assert_false(u.output);
	ups_plug(&u);
	assert_true(u.output && ups_charging(&u));
	ups_step(&u, 24 * 3600.0);
	assert_true(u.battery.charge == 1.0 && !ups_charging(&u));
}

/* One step of an hour and 3,600 of a second end alike. */
static void
test_step_size(void **state)
{
	struct ups other;
	int i;

	(void)state;
	u.load = 5.0;
	ups_unplug(&u);
	ups_shutdown(&u, 1800.5);
	other = u;
	ups_step(&u, 3600.0);
	for (i = 0; i < 3600; i++)
		ups_step(&other, 1.0);
	assert_false(u.output || other.output);
	assert_true(fabs(u.battery.charge - other.battery.charge) < 1e-3);
}

static void
test_shutdown_and_return(void **state)
{
	(void)state;
	ups_unplug(&u);
	ups_startup(&u, 30.0);
	ups_shutdown(&u, 20.0);
	assert_true(ups_imminent(&u) && ups_due(&u) == 20.0);
	ups_step(&u, 19.9);
	assert_true(u.output);
	ups_step(&u, 0.2);
	assert_false(u.output);
	ups_step(&u, 600.0);
	assert_true(u.startup == 30.0);
	ups_plug(&u);
	ups_step(&u, 29.0);
	assert_false(u.output);
	ups_step(&u, 1.0);
	assert_true(u.output && u.startup == UPS_IDLE);
}

/* Mains that came back before the cut still gets a cut, and a return: the hosts that
 * went down would otherwise never start again. */
static void
test_mains_returns_before_cut(void **state)
{
	(void)state;
	ups_unplug(&u);
	ups_startup(&u, 30.0);
	ups_shutdown(&u, 20.0);
	ups_step(&u, 10.0);
	ups_plug(&u);
	ups_step(&u, 10.0);
	assert_false(u.output);
	ups_step(&u, 30.0);
	assert_true(u.output);
}

static void
test_shutdown_stop(void **state)
{
	(void)state;
	ups_shutdown(&u, 20.0);
	ups_reboot(&u, 25.0);
	ups_step(&u, 5.0);
	ups_shutdown(&u, UPS_IDLE);
	assert_true(isinf(ups_due(&u)));
	ups_step(&u, 60.0);
	assert_true(u.output);
}

/* A plain cut on mains lasts until "on"; one in an outage until mains returns; one with
 * "stay off" beyond that. */
static void
test_load_off_on(void **state)
{
	(void)state;
	ups_shutdown(&u, 0.0);
	assert_false(u.output);
	ups_step(&u, 3600.0);
	assert_false(u.output);
	ups_startup(&u, 0.0);
	assert_true(u.output);

	ups_unplug(&u);
	ups_shutdown(&u, 0.0);
	ups_plug(&u);
	assert_true(u.output);

	ups_unplug(&u);
	ups_startup(&u, UPS_IDLE);
	ups_shutdown(&u, 0.0);
	ups_plug(&u);
	ups_step(&u, 3600.0);
	assert_false(u.output);
	ups_unplug(&u);
	ups_startup(&u, 0.0);
	assert_true(u.output && ups_discharging(&u));
}

static void
test_reboot(void **state)
{
	(void)state;
	ups_reboot(&u, 10.0);
	ups_step(&u, 10.0);
	assert_false(u.output);
	ups_step(&u, 6.0);
	assert_true(u.output);
}

static void
test_quick_test(void **state)
{
	(void)state;
	ups_test(&u, 1);
	assert_int_equal(u.test, UPS_TEST_RUNNING);
	assert_true(ups_fed(&u) && ups_discharging(&u) && ups_due(&u) == 10.0);
	ups_step(&u, 9.0);
	assert_int_equal(u.test, UPS_TEST_RUNNING);
	ups_step(&u, 2.0);
	assert_int_equal(u.test, UPS_TEST_PASSED);
	assert_true(!u.replace && ups_charging(&u));

	u.battery.age = 0.6;
	ups_test(&u, 1);
	ups_step(&u, 10.0);
	assert_int_equal(u.test, UPS_TEST_FAILED);
	assert_true(u.replace && u.output);
}

static void
test_deep_test(void **state)
{
	(void)state;
	ups_test(&u, 2);
	ups_step(&u, 60.0);
	assert_int_equal(u.test, UPS_TEST_RUNNING);
	ups_step(&u, 3600.0);
	assert_int_equal(u.test, UPS_TEST_PASSED);
	assert_true(u.output);
}

static void
test_test_abort(void **state)
{
	(void)state;
	ups_test(&u, 2);
	ups_test(&u, 3);
	assert_int_equal(u.test, UPS_TEST_ABORTED);
	ups_test(&u, 1);
	ups_unplug(&u);
	assert_int_equal(u.test, UPS_TEST_ABORTED);
	assert_true(ups_discharging(&u));
	u.test = UPS_TEST_NONE;
	ups_test(&u, 1);
	assert_int_equal(u.test, UPS_TEST_ABORTED);
}

static void
test_transfer_limits(void **state)
{
	(void)state;
	u.transfer_low = 235.0;
	ups_settle(&u);
	assert_true(ups_discharging(&u));
	u.transfer_low = 180.0;
	u.transfer_high = 266.0;
	assert_false(ups_discharging(&u));
	u.mains = 270.0;
	assert_true(ups_discharging(&u));
}

static void
test_beeper_and_overload(void **state)
{
	(void)state;
	ups_unplug(&u);
	ups_beeper(&u, UPS_BEEPER_MUTED);
	assert_int_equal(u.beeper, UPS_BEEPER_MUTED);
	ups_plug(&u);
	assert_int_equal(u.beeper, UPS_BEEPER_ENABLED);
	ups_beeper(&u, 77);
	assert_int_equal(u.beeper, UPS_BEEPER_ENABLED);
	u.load = 101.0;
	assert_true(ups_overload(&u));
	u.load = 100.0;
	assert_false(ups_overload(&u));
}

/* A cap holds for every order, and a longer one is not refused. */
static void
test_cap_delay(void **state)
{
	(void)state;
	u.quirks.cap_delay = 60.0;
	ups_shutdown(&u, 120.0);
	assert_true(u.shutdown == 60.0);
	ups_shutdown(&u, 20.0);
	assert_true(u.shutdown == 20.0);
	ups_shutdown(&u, UPS_IDLE);
	assert_true(u.shutdown == UPS_IDLE);
	ups_reboot(&u, 120.0);
	assert_true(u.reboot == 60.0);
}

static void
test_ignore_cut(void **state)
{
	(void)state;
	u.quirks.ignore_cut = true;
	ups_unplug(&u);
	ups_shutdown(&u, 20.0);
	ups_reboot(&u, 20.0);
	assert_true(u.shutdown == UPS_IDLE && u.reboot == UPS_IDLE);
	ups_step(&u, 30.0);
	assert_true(u.output);
}

/* With the mains there it does not cut, whether ordered then or before; without, it does. */
static void
test_keep_on_mains(void **state)
{
	(void)state;
	u.quirks.keep_on_mains = true;
	ups_shutdown(&u, 20.0);
	assert_true(u.shutdown == UPS_IDLE);
	ups_unplug(&u);
	ups_shutdown(&u, 20.0);
	ups_step(&u, 10.0);
	ups_plug(&u);
	assert_true(u.shutdown == 10.0);
	ups_step(&u, 20.0);
	assert_true(u.output && u.shutdown == UPS_IDLE);
	ups_unplug(&u);
	ups_shutdown(&u, 20.0);
	ups_step(&u, 20.0);
	assert_false(u.output);
}

/* Without mains it comes back after its delay, on what the battery has. */
static void
test_return_anyway(void **state)
{
	(void)state;
	u.quirks.return_anyway = true;
	ups_unplug(&u);
	ups_startup(&u, 30.0);
	ups_shutdown(&u, 20.0);
	ups_step(&u, 49.0);
	assert_false(u.output);
	ups_step(&u, 1.5);
	assert_true(u.output && ups_discharging(&u));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_transfer, setup),
	    cmocka_unit_test_setup(test_outage_to_the_end, setup),
	    cmocka_unit_test_setup(test_step_size, setup),
	    cmocka_unit_test_setup(test_shutdown_and_return, setup),
	    cmocka_unit_test_setup(test_mains_returns_before_cut, setup),
	    cmocka_unit_test_setup(test_shutdown_stop, setup),
	    cmocka_unit_test_setup(test_load_off_on, setup),
	    cmocka_unit_test_setup(test_reboot, setup),
	    cmocka_unit_test_setup(test_quick_test, setup),
	    cmocka_unit_test_setup(test_deep_test, setup),
	    cmocka_unit_test_setup(test_test_abort, setup),
	    cmocka_unit_test_setup(test_transfer_limits, setup),
	    cmocka_unit_test_setup(test_beeper_and_overload, setup),
	    cmocka_unit_test_setup(test_cap_delay, setup),
	    cmocka_unit_test_setup(test_ignore_cut, setup),
	    cmocka_unit_test_setup(test_keep_on_mains, setup),
	    cmocka_unit_test_setup(test_return_anyway, setup),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
