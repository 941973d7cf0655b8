/* SPDX-License-Identifier: ISC */
/* A charge that is not percent, and times that are not seconds. */
#include "tests/unit/hidups_device.h"

static const struct hidups_ident ident = {.vendor = 0x5131, .product = 0x2007};

/* PowerSummary: CapacityMode (1); DesignCapacity (2), FullChargeCapacity (3),
 * RemainingCapacity (4) and RemainingCapacityLimit (5) of 24 bits. */
#define SUMMARY "05 84 09 04 a1 01 09 24 a1 00 05 85 "
#define MODE "85 01 09 2c 15 00 26 ff 00 75 08 95 01 b1 02 "
#define CAPACITIES                                                  \
	"27 ff ff ff 00 75 18 85 02 09 83 b1 02 85 03 09 67 b1 02 " \
	"85 04 09 66 b1 02 85 05 09 29 b1 02 "
#define END "c0 c0"

static void
modes(void **state)
{
	static const struct row {
		const char *mode, *design, *full, *remaining;
		const char *charge, *low; /* NULL: not known; the limit is 400 */
	} rows[] = {
	    /* percent, whatever else is said */
	    {"01 02", NULL, NULL, "04 4b 00 00", "75", "400"},
	    {"01 02", "02 64 00 00", "03 50 00 00", "04 50 00 00", "80", "400"},
	    /* mAh and mWh: of a full charge, else of the design; at most 100 */
	    {"01 00", "02 d0 07 00", "03 40 06 00", "04 20 03 00", "50", "25"},
	    {"01 01", "02 d0 07 00", "03 40 06 00", "04 20 03 00", "50", "25"},
	    {"01 00", "02 d0 07 00", NULL, "04 20 03 00", "40", "20"},
	    {"01 00", "02 d0 07 00", "03 00 00 00", "04 20 03 00", "40", "20"},
	    {"01 00", "02 d0 07 00", "03 ff ff ff", "04 20 03 00", "40", "20"},
	    {"01 00", NULL, "03 40 06 00", "04 41 06 00", "100", "25"},
	    {"01 00", NULL, NULL, "04 20 03 00", NULL, "400"},
	    /* a maker who says mAh and means percent */
	    {"01 00", NULL, "03 64 00 00", "04 4b 00 00", "75", "400"},
	    {"01 00", NULL, NULL, "04 4b 00 00", "75", "400"},
	    /* some or none is no number */
	    {"01 03", NULL, NULL, "04 01 00 00", NULL, "400"},
	    {"01 03", NULL, NULL, "04 00 00 00", NULL, "400"},
	    {"01 03", NULL, NULL, "04 4b 00 00", "75", "400"},
	    /* not said */
	    {NULL, NULL, "03 64 00 00", "04 4b 00 00", "75", "400"},
	    {NULL, NULL, "03 78 00 00", "04 78 00 00", "120", "400"},
	    {NULL, NULL, "03 40 06 00", "04 20 03 00", "50", "25"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		const char *reports[] = {
		    r->mode, r->design, r->full, r->remaining, "05 90 01 00"};
		struct device *dev = open_device(SUMMARY MODE CAPACITIES END, &ident);

		for (size_t j = 0; j < COUNT(reports); j++)
			if (reports[j] != NULL)
				report(dev, HID_FEATURE, reports[j]);
		assert_var(dev, "battery.charge", r->charge);
		assert_var(dev, "battery.charge.low", r->low);
		close_device(dev);
	}
}

/* What is set in percent is written as the battery counts. */
static void
set_in_percent(void **state)
{
	struct device *dev = open_device(SUMMARY MODE CAPACITIES END, &ident);
	const struct state_var *v;

	report(dev, HID_FEATURE, "01 00");
	report(dev, HID_FEATURE, "03 40 06 00");
	report(dev, HID_FEATURE, "04 20 03 00");
	report(dev, HID_FEATURE, "05 90 01 00");
	v = state_var(dev->state, "battery.charge.low");
	assert_int_equal(v->ranges[0].min, 0);
	assert_int_equal(v->ranges[0].max, 100);
	assert_int_equal(set(dev, "battery.charge.low", "30"), HIDUPS_OK);
	assert_writes(dev, "05 e0 01 00");
	assert_false(hidups_kept(
	    dev->ups, "battery.charge.low", "30", dev->cause, sizeof(dev->cause)));
	assert_string_equal(dev->cause, "asked for 30, it says 25");
	report(dev, HID_FEATURE, "05 e0 01 00");
	assert_true(hidups_kept(
	    dev->ups, "battery.charge.low", "30", dev->cause, sizeof(dev->cause)));
	assert_var(dev, "battery.charge.low", "30");
	close_device(dev);
}

/* An input report alone, with the capacities that the feature reports told. */
static void
input_alone(void **state)
{
	struct device *dev = open_device(SUMMARY MODE "27 ff ff ff 00 75 18 85 03 09 67 "
						      "b1 02 85 04 09 66 81 02 " END,
	    &ident);

	report(dev, HID_FEATURE, "01 01");
	report(dev, HID_INPUT, "04 20 03 00");
	assert_var(dev, "battery.charge", NULL);
	report(dev, HID_FEATURE, "03 40 06 00");
	assert_var(dev, "battery.charge", "50");
	close_device(dev);
}

/* A runtime in minutes whose descriptor says so: 0 to 1092 are 0 to 65520 seconds. */
static void
minutes_by_range(void **state)
{
	struct device *dev = open_device(SUMMARY
	    "66 01 10 55 00 15 00 26 44 04 35 00 47 f0 ff 00 00 75 10 95 01 "
	    "85 06 09 68 b1 02 85 07 09 2a b1 02 " END,
	    &ident);

	report(dev, HID_FEATURE, "06 0a 00");
	assert_var(dev, "battery.runtime", "600");
	report(dev, HID_FEATURE, "07 02 00");
	assert_var(dev, "battery.runtime.low", "120");
	assert_int_equal(set(dev, "battery.runtime.low", "300"), HIDUPS_OK);
	assert_writes(dev, "07 05 00");
	assert_int_equal(
	    state_var(dev->state, "battery.runtime.low")->ranges[0].max, 65520);
	close_device(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(modes),
	    cmocka_unit_test(set_in_percent),
	    cmocka_unit_test(input_alone),
	    cmocka_unit_test(minutes_by_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
