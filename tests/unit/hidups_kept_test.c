/* SPDX-License-Identifier: ISC */
/* What a device says after a command or a setting, beside what it was told. */
#include "tests/unit/hidups_device.h"

static void
on_the_article(void **state)
{
	static const struct row {
		const char *name, *value; /* NULL: a command */
		const char *report;       /* read afterwards */
		const char *cause;        /* NULL: kept, or not to be judged */
	} rows[] = {
	    {"battery.charge.low", "20", "11 14 00 00", NULL},
	    {"battery.charge.low", "20", "11 0a 00 00", "asked for 20, it says 10"},
	    {"battery.date", "2026/11/23", "1d 26 23 11", NULL},
	    {"battery.date", "2026/11/23", "1d 10 19 09",
		"asked for 2026/11/23, it says 2010/09/19"},
	    {"input.sensitivity", "high", "37 02", NULL},
	    {"input.sensitivity", "high", "37 01", "asked for high, it says medium"},
	    {"input.transfer.low", "170", "32 a0 00", "asked for 170, it says 160"},
	    {"beeper.enable", NULL, "18 02", NULL},
	    {"beeper.enable", NULL, "18 01", "asked for 2, it says 1"},
	    {"beeper.mute", NULL, "18 02", NULL},
	    {"test.battery.start.quick", NULL, "21 05", NULL},
	    {"shutdown.return", NULL, "2e 00", NULL},
	    {"no.such.command", NULL, "21 05", NULL},
	    {"no.such.setting", "1", "21 05", NULL},
	    {"ups.delay.start", "60", "19 00 00", NULL},
	    {"battery.charge", "50", "21 05", NULL},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct device *dev = open_body();

		report(dev, HID_FEATURE, r->report);
		dev->cause[0] = '\0';
		assert_int_equal(hidups_kept(dev->ups, r->name, r->value, dev->cause,
				     sizeof(dev->cause)),
		    r->cause == NULL);
		if (r->cause != NULL)
			assert_string_equal(dev->cause, r->cause);
		close_device(dev);
	}
}

/* A report that could not be read again proves nothing. */
static void
unread(void **state)
{
	struct device *dev = open_body();

	hidups_report_failed(dev->ups, 0x18);
	assert_true(hidups_kept(
	    dev->ups, "beeper.disable", NULL, dev->cause, sizeof(dev->cause)));
	close_device(dev);
}

/* Eaton's bypass: 1 in SwitchOnControl is an order, and 0 may stand there afterwards. */
static void
orders(void **state)
{
	static const struct hidups_ident eaton = {.vendor = 0x0463, .product = 0xffff};
	struct device *dev = open_device("0584 0904 a101 0916 a100 091a a182 1500 2501 "
					 "7508 9501 8501 0950 b102 c0 c0 c0",
	    &eaton);

	report(dev, HID_FEATURE, "01 00");
	assert_var(dev, "input.bypass.switch.on", "disabled");
	assert_int_equal(command(dev, "bypass.start", NULL), HIDUPS_OK);
	assert_writes(dev, "01 01");
	assert_int_equal(set(dev, "input.bypass.switch.on",
			     state_var(dev->state, "input.bypass.switch.on")->enums[1]),
	    HIDUPS_OK);
	assert_writes(dev, "01 01");
	assert_true(hidups_kept(dev->ups, "input.bypass.switch.on",
	    state_var(dev->state, "input.bypass.switch.on")->enums[1], dev->cause,
	    sizeof(dev->cause)));
	close_device(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(on_the_article),
	    cmocka_unit_test(unread),
	    cmocka_unit_test(orders),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
