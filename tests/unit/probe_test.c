/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "cli/replay.h"

/* A UPS with: charge in report 1 as input and feature alike; a voltage in report 2 as
 * feature (exponent 5 = hundredths); report 3 as input at another place than as feature. */
static const uint8_t descriptor[] = {
    0x05,
    0x84,
    0x09,
    0x04,
    0xa1,
    0x01,
    0x09,
    0x24,
    0xa1,
    0x00, /* UPS.PowerSummary */
    0x15,
    0x00,
    0x26,
    0xff,
    0x00,
    0x75,
    0x08,
    0x95,
    0x01,
    0x85,
    0x01, /* id 1 */
    0x05,
    0x85,
    0x09,
    0x66,
    0x81,
    0x82,
    0x09,
    0x66,
    0xb1,
    0x82,
    0x85,
    0x02,
    0x05,
    0x84,
    0x67,
    0x21,
    0xd1,
    0xf0,
    0x00,
    0x55,
    0x05,
    0x75,
    0x10, /* id 2 */
    0x27,
    0xff,
    0xff,
    0x00,
    0x00,
    0x09,
    0x30,
    0xb1,
    0x82,
    0x85,
    0x03,
    0x65,
    0x00,
    0x55,
    0x00,
    0x75,
    0x08,
    0x05,
    0x85, /* id 3 */
    0x09,
    0x44,
    0x81,
    0x82,
    0x09,
    0x45,
    0xb1,
    0x82,
    0x09,
    0x44,
    0xb1,
    0x82,
    0xc0,
    0xc0,
};

static const char json[] =
    "{\"vendor_id\":\"051d\",\"product_id\":\"0002\",\"manufacturer\":\"APC\","
    "\"product\":\"Back-UPS\",\"serial\":\"1\",\"bcd_device\":\"0100\","
    "\"descriptor\":\"0584\",\"reports\":["
    "{\"type\":\"feature\",\"id\":1,\"hex\":\"0132\"},"
    "{\"type\":\"feature\",\"id\":1,\"hex\":\"0133\"},"
    "{\"type\":\"feature\",\"id\":1,\"hex\":\"01\"},"
    "{\"type\":\"feature\",\"id\":2,\"hex\":\"024e05\"},"
    "{\"type\":\"feature\",\"id\":3,\"hex\":\"030001\"}]}";

static void
numbers(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {{13.58, "13.58"}, {100, "100"}, {0, "0"}, {-1, "-1"}, {0.1, "0.1"},
	    {1966020, "1966020"}, {4294967295.0, "4294967295"}, {100000, "100000"},
	    {0.001214, "0.001214"}, {1.0 / 3, "0.3333333333333333"}, {-0.0, "0"}};
	char out[32];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    replay_number(out, sizeof(out), cases[i].value), cases[i].text);
	(void)state;
}

static void
fields(void **state)
{
	char cause[256];
	struct hid_desc *d =
	    hid_desc_parse(descriptor, sizeof(descriptor), cause, sizeof(cause));
	struct recording *r = recording_read(json, strlen(json), cause, sizeof(cause));
	struct buf out = {0};

	assert_non_null(d);
	assert_non_null(r);
	replay_fields(&out, d, r);
	/* The newest report that is long enough counts; an input field takes its feature
	 * twin's value only where both are at the same place. */
	assert_string_equal(buf_str(&out),
	    "input 1 0 8 00840004.00840024.00850066 51 "
	    "UPS.PowerSummary.RemainingCapacity\n"
	    "feature 1 0 8 00840004.00840024.00850066 51 "
	    "UPS.PowerSummary.RemainingCapacity\n"
	    "feature 2 0 16 00840004.00840024.00840030 13.58 "
	    "UPS.PowerSummary.Voltage\n"
	    "input 3 0 8 00840004.00840024.00850044 - UPS.PowerSummary.Charging\n"
	    "feature 3 0 8 00840004.00840024.00850045 0 UPS.PowerSummary.Discharging\n"
	    "feature 3 8 8 00840004.00840024.00850044 1 UPS.PowerSummary.Charging\n");
	buf_free(&out);
	recording_free(r);
	hid_desc_free(d);
	(void)state;
}

static void
variables(void **state)
{
	char cause[256];
	struct hid_desc *d =
	    hid_desc_parse(descriptor, sizeof(descriptor), cause, sizeof(cause));
	struct recording *r = recording_read(json, strlen(json), cause, sizeof(cause));
	struct state *vars = state_new();
	struct buf out = {0};
	struct hidups *u;

	assert_non_null(d);
	assert_non_null(r);
	u = replay_device(d, r);
	hidups_vars(u, vars);
	assert_string_equal(state_get(vars, "battery.charge"), "51");
	assert_string_equal(state_get(vars, "ups.vendorid"), "051d");
	assert_non_null(state_get(vars, "ups.status"));
	state_cmd_add(vars, "load.off");
	state_set(vars, "battery.date", "2026/11/23");
	state_flags(vars, "battery.date", STATE_RW | STATE_STRING);
	state_aux(vars, "battery.date", 10);
	state_set(vars, "input.sensitivity", "low");
	state_flags(vars, "input.sensitivity", STATE_RW);
	state_enum_add(vars, "input.sensitivity", "low");
	state_enum_add(vars, "input.sensitivity", "very high");
	state_flags(vars, "battery.charge", STATE_RW | STATE_NUMBER);
	state_range_add(vars, "battery.charge", 10, 50);
	replay_commands(&out, u, vars);
	assert_string_equal(buf_str(&out),
	    "cmd load.off -\n"
	    "rw battery.charge range 10 50 -\n"
	    "rw battery.date string 10 -\n"
	    "rw input.sensitivity enum \"low\" \"very high\" -\n");
	buf_free(&out);
	hidups_free(u);
	state_free(vars);
	recording_free(r);
	hid_desc_free(d);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(fields),
	    cmocka_unit_test(variables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
