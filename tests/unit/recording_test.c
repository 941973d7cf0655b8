/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/recording.h"

#define IDS "\"vendor_id\": \"051d\", \"product_id\": \"0002\", "

static char cause[200];

static void
test_read(void **state)
{
	static const char text[] =
	    "{" IDS "\"bcd_device\": \"0106\", \"serial\": null,"
	    " \"product\": \"UPS \\\"x\\\" \\u00e4\", \"descriptor\": "
	    "\"0584C0\", \"strings\": {\"4\": \"PbAc\"}, \"reports\":"
	    " [{\"type\": \"feature\", \"id\": 12, \"hex\": \"0c64\"},"
	    " {\"type\": \"input\", \"id\": 0, \"hex\": \"\"}]}";
	struct recording *r = recording_read(text, strlen(text), cause, sizeof(cause));
	struct recording *copy;
	char *written;

	assert_non_null(r);
	written = recording_write(r);
	copy = recording_read(written, strlen(written), cause, sizeof(cause));
	recording_free(r);
	free(written);
	assert_non_null(copy);
	assert_int_equal(copy->ident.vendor, 0x051d);
	assert_int_equal(copy->ident.version, 0x0106);
	assert_string_equal(copy->ident.name, "UPS \"x\" \xc3\xa4");
	assert_string_equal(copy->ident.serial, "");
	assert_int_equal(copy->descriptor_len, 3);
	assert_memory_equal(copy->descriptor, "\x05\x84\xc0", 3);
	assert_string_equal(copy->strings[4], "PbAc");
	assert_int_equal(copy->nreports, 2);
	assert_int_equal(copy->reports[0].type, HID_FEATURE);
	assert_int_equal(copy->reports[0].id, 12);
	assert_memory_equal(copy->reports[0].bytes, "\x0c\x64", 2);
	assert_int_equal(copy->reports[1].len, 0);
	recording_free(copy);
}

/* Each refusal names what is wrong. */
static void
test_refusals(void **state)
{
	static const char *const rows[][2] = {
	    {"", "line 1"},
	    {"{\n\"vendor_id\": ,}", "line 2"},
	    {"[]", "vendor_id"},
	    {"{\"vendor_id\": \"51d\"}", "vendor_id"},
	    {"{\"vendor_id\": \"051d\", \"product_id\": \"00g2\"}", "product_id"},
	    {"{" IDS "\"bcd_device\": 1}", "bcd_device"},
	    {"{" IDS "\"descriptor\": \"058\"}", "descriptor"},
	    {"{" IDS "\"descriptor\": \"05zz\"}", "descriptor"},
	    {"{" IDS "\"a\": 1}", "descriptor"},
	    {"{" IDS "\"descriptor\": \"\", \"reports\": [{\"type\": \"feature\"}]}",
		"report 0"},
	    {"{" IDS "\"descriptor\": \"\", \"reports\": [{\"type\": \"x\", \"id\": 1,"
	     " \"hex\": \"\"}]}",
		"report 0"},
	    {"{" IDS "\"descriptor\": \"\", \"reports\": [{\"type\": \"input\","
	     " \"id\": 256, \"hex\": \"\"}]}",
		"report 0"},
	    {"{" IDS "\"descriptor\": \"\", \"reports\": [{\"type\": \"input\","
	     " \"id\": 1, \"hex\": \"0\"}]}",
		"hex"},
	    {"{" IDS "\"descriptor\": \"\", \"strings\": {\"256\": \"x\"}}", "256"},
	    {"{" IDS "\"descriptor\": \"\", \"strings\": {\"4\": 1}}", "4"},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_null(
		    recording_read(rows[i][0], strlen(rows[i][0]), cause, sizeof(cause)));
		if (strstr(cause, rows[i][1]) == NULL)
			fail_msg("%s: refused, but for \"%s\"", rows[i][0], cause);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
