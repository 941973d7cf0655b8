/* SPDX-License-Identifier: ISC */
/* Outlets that a descriptor numbers. */
#include "tests/unit/hidups_device.h"

static const struct hidups_ident ident = {.vendor = 0x1234, .product = 1};

/* OutletSystem with Outlet.[1] to [3]. [1]: Switchable (1). [2]: SwitchOnOff (2), the limit
 * (3), SwitchOnControl and SwitchOffControl (4), its timers (5). [3]: SwitchOnOff (6),
 * ActivePower (7). */
static const char descriptor[] =
    "0584 0904 a101 0918 a100 1500 26ff00 7508 9501 "
    "0920 a181 0902 a100 8501 096c b102 c0 c0 "
    "0920 a182 0902 a100 8502 096b b102 c0 "
    "8503 0585 0929 b102 0584 8504 0950 b102 0951 b102 "
    "15ff 26ff7f 7510 8505 0957 b102 0956 b102 1500 26ff00 7508 c0 "
    "0920 a183 0902 a100 8506 096b b102 c0 8507 0934 b102 c0 "
    "c0 c0";

static struct device *
open_outlets(void)
{
	static const char *const reports[] = {
	    "01 01", "02 01", "03 14", "04 00 00", "05 ff ff ff ff", "06 00", "07 2a"};
	struct device *dev = open_device(descriptor, &ident);

	for (size_t i = 0; i < COUNT(reports); i++)
		report(dev, HID_FEATURE, reports[i]);
	return dev;
}

static void
variables(void **state)
{
	static const char *const wanted[][2] = {
	    {"outlet.switchable", "yes"},
	    {"outlet.status", NULL},
	    {"outlet.0.status", NULL},
	    {"outlet.1.status", "on"},
	    {"outlet.1.switchable", NULL},
	    {"outlet.1.autoswitch.charge.low", "20"},
	    {"outlet.1.timer.shutdown", "-1"},
	    {"outlet.2.status", "off"},
	    {"outlet.2.realpower", "42"},
	    {"outlet.3.status", NULL},
	};
	struct device *dev = open_outlets();

	for (size_t i = 0; i < COUNT(wanted); i++)
		assert_var(dev, wanted[i][0], wanted[i][1]);
	assert_int_equal(state_var(dev->state, "outlet.1.autoswitch.charge.low")->flags,
	    STATE_RW | STATE_NUMBER);
	assert_int_equal(set(dev, "outlet.1.autoswitch.charge.low", "35"), HIDUPS_OK);
	assert_writes(dev, "03 23");
	close_device(dev);
}

static void
commands(void **state)
{
	static const struct row {
		const char *name, *value, *writes; /* NULL: not offered */
	} rows[] = {
	    {"outlet.1.load.on", NULL, "04 01 00"},
	    {"outlet.1.load.off", NULL, "04 00 01"},
	    {"outlet.1.load.off.delay", "300", "05 2c 01 ff ff"},
	    {"outlet.1.load.off.delay", NULL, "05 14 00 ff ff"},
	    {"outlet.1.load.on.delay", "60", "05 ff ff 3c 00"},
	    {"outlet.1.load.cycle", NULL, NULL},
	    {"outlet.2.load.off", NULL, NULL},
	    {"outlet.3.load.off", NULL, NULL},
	    {"outlet.#.load.off", NULL, NULL},
	    {"load.off", NULL, NULL},
	};
	struct device *dev = open_outlets();

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(
		    state_cmd_has(dev->state, rows[i].name), rows[i].writes != NULL);
		assert_int_equal(command(dev, rows[i].name, rows[i].value),
		    rows[i].writes != NULL ? HIDUPS_OK : HIDUPS_UNKNOWN);
		if (rows[i].writes != NULL)
			assert_writes(dev, rows[i].writes);
	}
	assert_int_equal(command(dev, "outlet.1.load.on", "5"), HIDUPS_INVALID);
	assert_int_equal(command(dev, "outlet.1.load.off.delay", "x"), HIDUPS_INVALID);
	close_device(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(variables),
	    cmocka_unit_test(commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
