/* SPDX-License-Identifier: ISC */
/* How long the output stays on after shutdown.return: what may be set, and what counts. */
#include "tests/unit/hidups_device.h"

/* UPS.Output: reports 15 and 16 are the delays before shutdown and startup, 16 bits in
 * seconds, within what the first argument says. */
#define DELAYS(range)                                     \
	"058409 04a101 091ca102 7510 9501" range "660110" \
	"8515 0957b102 8516 0956b102 c0c0"

/* What shutdown.return orders may be set as far as the device's field goes, and as far as
 * it was seen to count. */
static void
test_delay(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x1234};
	struct device *dev = open_device(DELAYS("15ff 26ff7f"), &ident);
	const struct state_var *v;

	report(dev, HID_FEATURE, "15ffff");
	v = state_var(dev->state, "ups.delay.shutdown");
	assert_int_equal(v->flags, STATE_RW | STATE_NUMBER);
	assert_int_equal(v->ranges[0].max, 7200);
	assert_int_equal(set(dev, "ups.delay.shutdown", "120"), HIDUPS_OK);
	assert_writes(dev, "");
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "ups.delay.shutdown", "120");
	assert_int_equal(command(dev, "shutdown.return", NULL), HIDUPS_OK);
	assert_writes(dev, "16 1e 00; 15 78 00");
	assert_int_equal(set(dev, "ups.delay.shutdown", "7201"), HIDUPS_INVALID);
	assert_int_equal(set(dev, "ups.delay.shutdown", "-1"), HIDUPS_INVALID);
	hidups_cap(dev->ups, 60);
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "ups.delay.shutdown", "60");
	v = state_var(dev->state, "ups.delay.shutdown");
	assert_int_equal(v->nranges, 1);
	assert_int_equal(v->ranges[0].max, 60);
	assert_int_equal(set(dev, "ups.delay.shutdown", "61"), HIDUPS_INVALID);
	close_device(dev);

	dev = open_device(DELAYS("1500 252d"), &ident);
	report(dev, HID_FEATURE, "15ffff");
	assert_int_equal(state_var(dev->state, "ups.delay.shutdown")->ranges[0].max, 45);
	close_device(dev);
}

/* A device that cuts after a delay of its own takes none, nor does one that cannot cut. */
static void
test_no_delay(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x1234};
	struct device *dev = open_body();

	assert_int_equal(state_var(dev->state, "ups.delay.shutdown")->flags, 0);
	assert_int_equal(state_var(dev->state, "ups.delay.shutdown")->nranges, 0);
	assert_int_equal(set(dev, "ups.delay.shutdown", "120"), HIDUPS_UNKNOWN);
	assert_int_equal(hidups_asked(dev->ups, "shutdown.return", NULL), -1);
	assert_int_equal(hidups_asked(dev->ups, "load.off.delay", NULL), 20);
	close_device(dev);

	dev = open_device("058409 04a101 0924a102 0585 0966 7508 9501 b102 c0c0", &ident);
	report(dev, HID_FEATURE, "5a");
	assert_int_equal(state_var(dev->state, "ups.delay.shutdown")->flags, 0);
	assert_int_equal(state_var(dev->state, "ups.delay.start")->flags, 0);
	assert_int_equal(set(dev, "ups.delay.start", "1"), HIDUPS_UNKNOWN);
	assert_int_equal(hidups_asked(dev->ups, "shutdown.return", NULL), -1);
	close_device(dev);
}

/* The countdown as read back, against what was ordered. */
static void
test_count(void **state)
{
	static const struct {
		const char *report;
		long asked;
		enum hidups_count count;
		long left;
	} rows[] = {
	    {"15ffff", 120, HIDUPS_IDLE, -1},
	    {"150000", 120, HIDUPS_IDLE, -1},
	    {"150000", 2, HIDUPS_COUNTS, 0},
	    {"157800", 120, HIDUPS_COUNTS, 120},
	    {"157500", 120, HIDUPS_COUNTS, 117},
	    {"157400", 120, HIDUPS_SHORT, 116},
	    {"153c00", 120, HIDUPS_SHORT, 60},
	    {"15c800", 120, HIDUPS_COUNTS, 200},
	};
	static const struct hidups_ident ident = {.vendor = 0x1234};
	struct device *dev = open_device(DELAYS("1500 27feff0000"), &ident);
	long left;

	assert_int_equal(hidups_count(dev->ups, 20, &left), HIDUPS_UNREAD);
	for (size_t i = 0; i < COUNT(rows); i++) {
		report(dev, HID_FEATURE, rows[i].report);
		assert_int_equal(
		    hidups_count(dev->ups, rows[i].asked, &left), rows[i].count);
		assert_int_equal(left, rows[i].left);
	}
	report(dev, HID_FEATURE, "15ffff"); /* no 65535 seconds */
	assert_var(dev, "ups.timer.shutdown", "-1");
	hidups_report_failed(dev->ups, 0x15);
	assert_int_equal(hidups_count(dev->ups, 20, &left), HIDUPS_UNREAD);
	assert_int_equal(hidups_asked(dev->ups, "shutdown.return", NULL), 20);
	assert_int_equal(hidups_asked(dev->ups, "shutdown.return", "300"), 300);
	assert_int_equal(hidups_asked(dev->ups, "shutdown.stayoff", NULL), 20);
	assert_int_equal(hidups_asked(dev->ups, "shutdown.stop", NULL), -1);
	assert_int_equal(hidups_asked(dev->ups, "load.off", NULL), -1);
	close_device(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_delay),
	    cmocka_unit_test(test_no_delay),
	    cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
