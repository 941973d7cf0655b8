/* SPDX-License-Identifier: ISC */
/* What the options of ups.conf make of a status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hid/hidups.h"

/* Status bits and charge: reports 1 and 2. */
static const uint8_t descriptor[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x24, 0xa1,
    0x00, 0x85, 0x01, 0x09, 0x02, 0xa1, 0x00, 0x05, 0x85, 0x09, 0xd0, 0x09, 0x44, 0x09,
    0x45, 0x09, 0x42, 0x09, 0x4b, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x05, 0xb1,
    0x22, 0x95, 0x03, 0xb1, 0x03, 0xc0, 0x85, 0x02, 0x05, 0x85, 0x09, 0x66, 0x26, 0xff,
    0x00, 0x75, 0x08, 0x95, 0x01, 0xb1, 0x22, 0xc0, 0xc0};

enum { AC = 1, CHARGING = 2, DISCHARGING = 4, LOW = 8, REPLACE = 16 };

struct bench {
	struct hid_desc *desc;
	struct hidups *ups;
	struct state *vars;
	uint64_t now;
};

static void
bench_new(struct bench *b, const char *name, const struct hidups_options *o)
{
	struct hidups_ident ident = {
	    .vendor = 0x1234, .manufacturer = "American Power Conversion"};
	char cause[128];

	snprintf(ident.name, sizeof(ident.name), "%s", name);
	b->desc = hid_desc_parse(descriptor, sizeof(descriptor), cause, sizeof(cause));
	assert_non_null(b->desc);
	b->ups = hidups_new(b->desc, &ident);
	if (o != NULL)
		hidups_options(b->ups, o);
	b->vars = state_new();
	b->now = 5000;
}

static void
bench_free(struct bench *b)
{
	hidups_free(b->ups);
	hid_desc_free(b->desc);
	state_free(b->vars);
}

/* The device says that, and charge; `seconds` later clients see: */
static void
says(struct bench *b, uint8_t bits, uint8_t charge, unsigned seconds, const char *status)
{
	hidups_report(b->ups, HID_FEATURE, (uint8_t[]){1, bits}, 2);
	hidups_report(b->ups, HID_FEATURE, (uint8_t[]){2, charge}, 2);
	hidups_clock(b->ups, b->now);
	b->now += seconds * 1000;
	hidups_clock(b->ups, b->now);
	hidups_vars(b->ups, b->vars);
	assert_string_equal(state_get(b->vars, "ups.status"), status);
}

static void
on_mains_and_discharging(void **state)
{
	static const struct {
		bool battery, calibration;
		const char *status;
	} rows[] = {
	    {false, false, "OL DISCHRG"},
	    {true, false, "OB DISCHRG"},
	    {false, true, "OL DISCHRG CAL"},
	    {true, true, "OB DISCHRG CAL"},
	};
	struct bench b;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hidups_options o = HIDUPS_OPTIONS_NONE;

		o.onlinedischarge_battery = rows[i].battery;
		o.onlinedischarge_calibration = rows[i].calibration;
		bench_new(&b, "Test", &o);
		says(&b, AC, 100, 0, "OL");
		says(&b, AC | DISCHARGING, 100, 0, rows[i].status);
		says(&b, DISCHARGING, 100, 0, "OB DISCHRG");
		bench_free(&b);
	}
}

/* A flicker of a second or two is nothing, what stays is, and on battery all is at once. */
static void
low_that_flickers(void **state)
{
	struct hidups_options o = HIDUPS_OPTIONS_NONE;
	struct bench b;

	o.lbrb_log_delay_sec = 3;
	bench_new(&b, "Test", &o);
	says(&b, AC | LOW, 100, 2, "OL LB"); /* it does not calibrate */
	bench_free(&b);
	o.lbrb_log_delay_without_calibrating = true;
	bench_new(&b, "Test", &o);
	says(&b, AC | LOW, 100, 2, "OL");
	says(&b, AC | LOW, 100, 1, "OL");
	says(&b, AC, 100, 0, "OL");
	says(&b, AC | LOW | REPLACE, 100, 3, "OL");
	assert_null(state_get(b.vars, "ups.alarm"));
	says(&b, AC | LOW | REPLACE, 100, 1, "ALARM OL LB RB");
	says(&b, AC, 100, 0, "OL");
	says(&b, DISCHARGING | LOW, 100, 0, "OB DISCHRG LB");
	bench_free(&b);
	o.lbrb_log_delay_without_calibrating = false;
	o.onlinedischarge_calibration = true;
	bench_new(&b, "Test", &o);
	says(&b, AC | DISCHARGING | LOW, 100, 2, "OL DISCHRG CAL");
	says(&b, AC | DISCHARGING | LOW, 100, 2, "OL DISCHRG LB CAL");
	bench_free(&b);
}

/* Models that flicker need no option for the delay. */
static void
models(void **state)
{
	static const struct {
		const char *name;
		bool flickers;
	} rows[] = {
	    {"Back-UPS BX1600MI", true},
	    {"BX750MI", true},
	    {"Back-UPS BVK750M2", true},
	    {"Back-UPS BK650M2_CH", true},
	    {"Back-UPS BK650M2-CH", true},
	    {"Back-UPS CS 500", false},
	    {"Back-UPS XBX1600MI", false},
	    {"Back-UPS BX1600MI2", false},
	};
	struct hidups_options o = HIDUPS_OPTIONS_NONE;
	struct bench b;

	o.lbrb_log_delay_without_calibrating = true;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bench_new(&b, rows[i].name, &o);
		says(&b, AC | LOW, 100, 2, rows[i].flickers ? "OL" : "OL LB");
		bench_free(&b);
	}
	o.lbrb_log_delay_sec = 0;
	bench_new(&b, rows[0].name, &o);
	says(&b, AC | LOW, 100, 0, "OL LB");
	bench_free(&b);
}

static void
own_limit(void **state)
{
	struct hidups_options o = HIDUPS_OPTIONS_NONE;
	struct bench b;

	o.lowbatt = 40;
	bench_new(&b, "Test", &o);
	says(&b, AC, 30, 0, "OL");
	says(&b, DISCHARGING, 41, 0, "OB DISCHRG");
	says(&b, DISCHARGING, 40, 0, "OB DISCHRG LB");
	says(&b, DISCHARGING | LOW, 90, 0, "OB DISCHRG LB");
	bench_free(&b);
}

/* A remark is made when the charge moves below the hovering one, or when its time is over. */
static void
remarks(void **state)
{
	struct hidups_options o = HIDUPS_OPTIONS_NONE;
	struct bench b;
	char text[320];

	bench_new(&b, "Test", &o);
	says(&b, AC | DISCHARGING, 100, 0, "OL DISCHRG");
	assert_false(hidups_remark(b.ups, text, sizeof(text)));
	says(&b, AC | DISCHARGING, 99, 0, "OL DISCHRG");
	assert_true(hidups_remark(b.ups, text, sizeof(text)));
	assert_non_null(strstr(text, "onlinedischarge_battery"));
	assert_false(hidups_remark(b.ups, text, sizeof(text)));
	says(&b, AC | DISCHARGING, 99, 100, "OL DISCHRG");
	assert_false(hidups_remark(b.ups, text, sizeof(text)));
	says(&b, AC | DISCHARGING, 98, 0, "OL DISCHRG");
	assert_true(hidups_remark(b.ups, text, sizeof(text)));
	bench_free(&b);
	o.onlinedischarge_log_throttle_sec = 20;
	o.onlinedischarge_log_throttle_hovercharge = 90;
	bench_new(&b, "Test", &o);
	says(&b, AC | DISCHARGING, 90, 60, "OL DISCHRG");
	assert_false(hidups_remark(b.ups, text, sizeof(text)));
	says(&b, AC | DISCHARGING, 89, 19, "OL DISCHRG");
	assert_true(hidups_remark(b.ups, text, sizeof(text)));
	says(&b, AC | DISCHARGING, 89, 19, "OL DISCHRG");
	assert_false(hidups_remark(b.ups, text, sizeof(text)));
	says(&b, AC | DISCHARGING, 89, 1, "OL DISCHRG");
	assert_true(hidups_remark(b.ups, text, sizeof(text)));
	bench_free(&b);
	o.onlinedischarge_battery = true;
	bench_new(&b, "Test", &o);
	says(&b, AC | DISCHARGING, 50, 60, "OB DISCHRG");
	assert_false(hidups_remark(b.ups, text, sizeof(text)));
	bench_free(&b);
}

static void
fields(void **state)
{
	struct bench b;
	char text[512];

	bench_new(&b, "Test", NULL);
	says(&b, AC, 77, 0, "OL");
	assert_string_equal(hidups_field_text(b.ups, 0, text, sizeof(text)),
	    "feature report 1, offset 0, size 1: "
	    "UPS.PowerSummary.PresentStatus.ACPresent = 1 (raw 1)");
	bench_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(on_mains_and_discharging),
	    cmocka_unit_test(low_that_flickers),
	    cmocka_unit_test(models),
	    cmocka_unit_test(own_limit),
	    cmocka_unit_test(remarks),
	    cmocka_unit_test(fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
