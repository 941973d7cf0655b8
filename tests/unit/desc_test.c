/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/desc.h"
#include "hid/usages.h"

#define UPS_BEGIN 0x05, 0x84, 0x09, 0x04, 0xa1, 0x01
#define UPS_END 0xc0

static char cause[200];

#define PARSE(...) parse((const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}))
#define REFUSED(text, ...) \
	refused(text, (const uint8_t[]){__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__}))

static struct hid_desc *
parse(const uint8_t *bytes, size_t len)
{
	struct hid_desc *d = hid_desc_parse(bytes, len, cause, sizeof(cause));

	if (d == NULL)
		fail_msg("%s", cause);
	return d;
}

static void
refused(const char *text, const uint8_t *bytes, size_t len)
{
	assert_null(hid_desc_parse(bytes, len, cause, sizeof(cause)));
	if (strstr(cause, text) == NULL)
		fail_msg("refused, but for \"%s\"", cause);
}

static void
assert_path(const struct hid_field *f, const char *path)
{
	char out[200];

	assert_string_equal(hid_usage_path(out, sizeof(out), f->usages, f->depth), path);
}

static void
test_one_field(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x09, 0x24, 0xa1, 0x02, 0x85, 0x0c, 0x05,
	    0x85, 0x09, 0x66, 0x75, 0x08, 0x95, 0x01, 0x15, 0x00, 0x25, 0x64, 0xb1, 0x82,
	    0xc0, UPS_END);
	const struct hid_field *f = d->fields;

	assert_int_equal(d->nfields, 1);
	assert_int_equal(f->type, HID_FEATURE);
	assert_int_equal(f->report_id, 0x0c);
	assert_int_equal(f->offset, 0);
	assert_int_equal(f->size, 8);
	assert_int_equal(f->logical_max, 100);
	assert_path(f, "UPS.PowerSummary.RemainingCapacity");
	assert_true(d->report_ids);
	assert_true(hid_desc_is_power(d));
	assert_int_equal(hid_desc_report_len(d, HID_FEATURE, 0x0c), 2);
	assert_int_equal(hid_desc_report_len(d, HID_INPUT, 0x0c), 0);
	assert_ptr_equal(hid_desc_find(d, HID_FEATURE, f->usages, 3), f);
	assert_null(hid_desc_find(d, HID_FEATURE, f->usages, 2));
	assert_null(hid_desc_find(d, HID_INPUT, f->usages, 3));
	hid_desc_free(d);
}

/* Items without usage move the offset and give no field; a count of 300 is fine. */
static void
test_padding(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x75, 0x01, 0x96, 0x2c, 0x01, 0xb1, 0x03,
	    0x09, 0x35, 0x75, 0x08, 0x95, 0x01, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->nfields, 1);
	assert_int_equal(d->fields[0].offset, 300);
	assert_int_equal(d->fields[0].report_id, 0);
	assert_false(d->report_ids);
	assert_int_equal(hid_desc_report_len(d, HID_FEATURE, 0), 39);
	hid_desc_free(d);
}

/* Of three elements with two usages the last one repeats. */
static void
test_usages_repeat(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x09, 0x30, 0x09, 0x31, 0x75, 0x08, 0x95,
	    0x03, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->nfields, 3);
	assert_path(&d->fields[0], "UPS.Voltage");
	assert_path(&d->fields[1], "UPS.Current");
	assert_path(&d->fields[2], "UPS.Current");
	assert_int_equal(d->fields[2].offset, 16);
	hid_desc_free(d);
}

static void
test_usage_range(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x19, 0x30, 0x29, 0x32, 0x75, 0x01, 0x95,
	    0x03, 0x81, 0x02, UPS_END);

	assert_int_equal(d->nfields, 3);
	assert_path(&d->fields[2], "UPS.Frequency");
	hid_desc_free(d);
}

/* A usage of four bytes brings its own page. */
static void
test_extended_usage(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x0b, 0xd0, 0x00, 0x85, 0x00, 0x75, 0x01,
	    0x95, 0x01, 0xb1, 0x02, UPS_END);

	assert_path(&d->fields[0], "UPS.ACPresent");
	hid_desc_free(d);
}

static void
test_push_pop(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x75, 0x08, 0x95, 0x01, 0xa4, 0x75, 0x10,
	    0x09, 0x30, 0xb1, 0x02, 0xb4, 0x09, 0x31, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->fields[0].size, 16);
	assert_int_equal(d->fields[1].size, 8);
	hid_desc_free(d);
}

/* Of a delimited set the first usage counts. */
static void
test_delimiter(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0xa9, 0x01, 0x09, 0x30, 0x09, 0x31, 0xa9,
	    0x00, 0x09, 0x32, 0x75, 0x08, 0x95, 0x02, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->nfields, 2);
	assert_path(&d->fields[0], "UPS.Voltage");
	assert_path(&d->fields[1], "UPS.Frequency");
	hid_desc_free(d);
}

static void
test_long_item(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0xfe, 0x03, 0x10, 1, 2, 3, 0x09, 0x30, 0x75,
	    0x08, 0x95, 0x01, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->nfields, 1);
	hid_desc_free(d);
}

/* A maximum of 25 ff is 255 when -1 would be below the minimum. */
static void
test_short_maximum(void **state)
{
	struct hid_desc *d =
	    PARSE(UPS_BEGIN, 0x75, 0x08, 0x95, 0x01, 0x15, 0x00, 0x25, 0xff, 0x09, 0x30,
		0xb1, 0x02, 0x15, 0xff, 0x25, 0xff, 0x09, 0x31, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->fields[0].logical_max, 255);
	assert_int_equal(d->fields[1].logical_min, -1);
	assert_int_equal(d->fields[1].logical_max, -1);
	hid_desc_free(d);
}

static void
test_unit_and_physical(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x75, 0x08, 0x95, 0x01, 0x67, 0x21, 0xd1,
	    0xf0, 0x00, 0x55, 0x0f, 0x35, 0x00, 0x45, 0x00, 0x09, 0x30, 0xb1, 0x02, 0x55,
	    0x05, 0x45, 0x10, 0x09, 0x31, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->fields[0].unit, 0x00f0d121);
	assert_int_equal(d->fields[0].exponent, -1);
	assert_false(d->fields[0].physical);
	assert_int_equal(d->fields[1].exponent, 5);
	assert_true(d->fields[1].physical);
	assert_int_equal(d->fields[1].physical_max, 16);
	hid_desc_free(d);
}

/* A collection without usage is 00000000; a numbered one adds its number. */
static void
test_odd_collections(void **state)
{
	struct hid_desc *d =
	    PARSE(UPS_BEGIN, 0xa1, 0x02, 0x09, 0x30, 0x75, 0x08, 0x95, 0x01, 0xb1, 0x02,
		0xc0, 0x09, 0x1a, 0xa1, 0x82, 0x09, 0x30, 0xb1, 0x02, 0xc0, 0x09, 0x31,
		0xb1, 0x02, UPS_END, 0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0xc0);
	uint32_t usages[4];

	assert_path(&d->fields[0], "UPS.00000000.Voltage");
	assert_path(&d->fields[1], "UPS.Input.[2].Voltage");
	assert_path(&d->fields[2], "UPS.Current");
	assert_int_equal(d->ntop, 2);
	assert_int_equal(d->top_level[1], 0xff000001);
	assert_int_equal(hid_usage_parse("UPS.Input.[2].Voltage", usages, 4), 4);
	assert_memory_equal(usages, d->fields[1].usages, sizeof(usages));
	assert_int_equal(hid_usage_parse("UPS.Input.[2].Voltage", usages, 3), 0);
	assert_int_equal(hid_usage_parse("UPS.Nonsense", usages, 4), 0);
	assert_int_equal(hid_usage_parse("UPS..Input", usages, 4), 0);
	hid_desc_free(d);
}

/* Wide fields keep their place and are cut to 32 bits. */
static void
test_wide_field(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x75, 0x40, 0x95, 0x02, 0x09, 0x30, 0x09,
	    0x31, 0xb1, 0x02, UPS_END);

	assert_int_equal(d->fields[1].offset, 64);
	assert_int_equal(d->fields[1].size, 32);
	hid_desc_free(d);
}

/* An array that selects one of many usages is no field; one usage per element is. */
static void
test_arrays(void **state)
{
	struct hid_desc *d = PARSE(UPS_BEGIN, 0x75, 0x08, 0x95, 0x01, 0x09, 0x30, 0x09,
	    0x31, 0xb1, 0x00, 0x09, 0x32, 0xb1, 0x00, UPS_END);

	assert_int_equal(d->nfields, 1);
	assert_path(&d->fields[0], "UPS.Frequency");
	assert_int_equal(d->fields[0].offset, 8);
	hid_desc_free(d);
}

static void
test_not_power(void **state)
{
	struct hid_desc *d = PARSE(0x06, 0x00, 0xff, 0x09, 0x01, 0xa1, 0x01, 0xc0);

	assert_false(hid_desc_is_power(d));
	assert_int_equal(d->nfields, 0);
	assert_non_null(d->fields);
	hid_desc_free(d);
}

static void
test_refusals(void **state)
{
	refused("empty", NULL, 0);
	REFUSED("read it again", 0x81, 0x06, 0x00, 0x22, 0x00, 0x00, 0x30, 0x02);
	REFUSED("cut short", UPS_BEGIN, 0x75);
	REFUSED("cut short", UPS_BEGIN, 0x27, 0xff, 0xff);
	REFUSED("cut short", UPS_BEGIN, 0xfe, 0x20, 0x00, 0x01);
	REFUSED("left open", UPS_BEGIN);
	REFUSED("never began", UPS_BEGIN, UPS_END, UPS_END);
	REFUSED(
	    "bits long", UPS_BEGIN, 0x77, 0, 0, 0, 0x80, 0x95, 0x01, 0xb1, 0x02, UPS_END);
	REFUSED("bits long", UPS_BEGIN, 0x77, 0xff, 0xff, 0xff, 0xff, 0x97, 0xff, 0xff,
	    0xff, 0xff, 0xb1, 0x02, UPS_END);
	REFUSED("fields", UPS_BEGIN, 0x09, 0x30, 0x75, 0x01, 0x96, 0x01, 0x10, 0xb1, 0x02,
	    UPS_END);
	REFUSED("report id", UPS_BEGIN, 0x85, 0x00, UPS_END);
	REFUSED("pop", UPS_BEGIN, 0xb4, UPS_END);
	REFUSED("minimum", UPS_BEGIN, 0x29, 0x10, UPS_END);
}

static void
test_too_much(void **state)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX + 1];
	size_t i;

	for (i = 0; i < 10000; i++) {
		bytes[2 * i] = 0xa1;
		bytes[2 * i + 1] = 0x02;
	}
	refused("deeper", bytes, 20000);
	memset(bytes, 0xa4, sizeof(bytes));
	refused("pushes", bytes, 100);
	refused("at most", bytes, sizeof(bytes));
	for (i = 0; i < 1000; i++)
		bytes[i] = i % 2 == 0 ? 0x09 : 0x30;
	refused("usages", bytes, 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_one_field),
	    cmocka_unit_test(test_padding),
	    cmocka_unit_test(test_usages_repeat),
	    cmocka_unit_test(test_usage_range),
	    cmocka_unit_test(test_extended_usage),
	    cmocka_unit_test(test_push_pop),
	    cmocka_unit_test(test_delimiter),
	    cmocka_unit_test(test_long_item),
	    cmocka_unit_test(test_short_maximum),
	    cmocka_unit_test(test_unit_and_physical),
	    cmocka_unit_test(test_odd_collections),
	    cmocka_unit_test(test_wide_field),
	    cmocka_unit_test(test_arrays),
	    cmocka_unit_test(test_not_power),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_too_much),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
