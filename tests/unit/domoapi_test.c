/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "publish/domoapi.h"

static char url[] = "http://192.168.0.9:8080", user[] = "ups";
static const struct conf_domoticz house = {.url = url};

#define API "http://192.168.0.9:8080/json.htm?type=command&param="

static void
asks(struct buf *got, const char *wanted)
{
	assert_string_equal(buf_str(got), wanted);
	buf_clear(got);
}

/* Every question, letter by letter. */
static void
test_questions(void **state)
{
	const struct domosensor custom = {.type = 0xF31F, .unit = "s"};
	const struct domosensor alert = {.type = 0xF316};
	struct domo_value v = {.nvalue = 4, .svalue = "a b;&=%+\xc3\xa9/~"};
	struct buf b = {0};

	domoapi_version(&b, &house);
	asks(&b, API "getversion");
	domoapi_hardware(&b, &house);
	asks(&b, API "gethardware");
	domoapi_add_hardware(&b, &house, "My UPS");
	asks(&b,
	    API "addhardware&htype=15&port=1&name=My%20UPS&enabled=true&datatimeout=0");
	domoapi_devices(&b, &house, 0);
	asks(&b, API "getdevices&filter=all&used=all&displayhidden=1&displaydisabled=1");
	domoapi_devices(&b, &house, 7);
	asks(&b, API "getdevices&filter=all&used=all&displayhidden=1&displaydisabled=1"
		     "&hwidx=7");
	domoapi_create(&b, &house, 7, "qnapups runtime", &custom);
	asks(&b,
	    API "createdevice&idx=7&sensorname=qnapups%20runtime&sensormappedtype=0xF31F"
		"&sensoroptions=1%3Bs");
	domoapi_create(&b, &house, 7, "a", &alert);
	asks(&b, API "createdevice&idx=7&sensorname=a&sensormappedtype=0xF316");
	domoapi_update(&b, &house, 14, &v, -1);
	asks(&b, API "udevice&idx=14&nvalue=4&svalue=a%20b%3B%26%3D%25%2B%C3%A9%2F~");
	domoapi_update(&b, &house, 14, &v, 97);
	asks(&b, API
	    "udevice&idx=14&nvalue=4&svalue=a%20b%3B%26%3D%25%2B%C3%A9%2F~&battery=97");
	buf_free(&b);
}

/* Answers, and what they mean. */
static const struct {
	const char *url; /* NULL: as above */
	bool user;
	long status;
	const char *body;
	enum verdict verdict;
	const char *cause;
} answers[] = {
    {NULL, false, 200, "{\"status\" : \"OK\", \"title\" : \"Update Device\"}", VERDICT_OK,
	""},
    {NULL, false, 200, "{\"status\" : \"ERR\"}", VERDICT_REFUSED, ""},
    {NULL, false, 200, "{\"status\" : \"\"}", VERDICT_REFUSED, ""},
    {NULL, false, 200, "null\n", VERDICT_REFUSED, ""},
    {NULL, false, 200, "{\"title\" : \"gethardware\"}", VERDICT_REFUSED, ""},
    {NULL, false, 200, "{}", VERDICT_FOREIGN, "not as Domoticz does (HTTP 200)"},
    {NULL, false, 200, "{\"status\" : 1}", VERDICT_FOREIGN, "is the url right?"},
    {NULL, false, 200, "[\"status\"]", VERDICT_FOREIGN, "is the url right?"},
    {NULL, false, 200, "<html>", VERDICT_FOREIGN, "is the url right?"},
    {NULL, false, 200, "{\"status\" : \"OK\"", VERDICT_FOREIGN, "is the url right?"},
    {NULL, false, 200, "", VERDICT_FOREIGN, "is the url right?"},
    {NULL, false, 404, "{\"status\" : \"OK\"}", VERDICT_FOREIGN, "(HTTP 404)"},
    {NULL, false, 302, "", VERDICT_FOREIGN, "(HTTP 302)"},
    {NULL, false, 503, "", VERDICT_AWAY, "(HTTP 503)"},
    {NULL, false, 0, "", VERDICT_AWAY, "does not answer (no reason given)"},
    {NULL, false, 401, "", VERDICT_DENIED, "user = and password = into [domoticz]"},
    {NULL, true, 401, "", VERDICT_DENIED, "Allow Basic-Auth over plain HTTP"},
    {NULL, true, 403, "", VERDICT_DENIED, "Trusted Networks"},
    {NULL, true, 403, "<html>", VERDICT_DENIED, "Trusted Networks"},
    {"https://h", true, 401, "", VERDICT_DENIED, "Security): \"Trusted"},
};

static void
test_answers(void **state)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		char other[] = "https://h";
		struct conf_domoticz d = {.url = answers[i].url == NULL ? url : other,
		    .user = answers[i].user ? user : NULL};
		struct http_reply reply = {.status = answers[i].status};
		struct domo_answer a;
		char cause[512];

		buf_puts(&reply.body, answers[i].body);
		domoapi_read(&a, &d, &reply, cause, sizeof(cause));
		assert_int_equal(a.verdict, answers[i].verdict);
		if (strstr(cause, answers[i].cause) == NULL ||
		    (*answers[i].cause == '\0') != (*cause == '\0'))
			fail_msg("\"%s\" is not \"%s\"", cause, answers[i].cause);
		domoapi_free(&a);
		buf_free(&reply.body);
	}
}

static struct domo_answer
answer(long status, const char *body, const char *error, bool cut)
{
	struct http_reply reply = {.status = status, .error = error, .cut = cut};
	struct domo_answer a;
	char cause[512];

	buf_puts(&reply.body, body);
	domoapi_read(&a, &house, &reply, cause, sizeof(cause));
	buf_free(&reply.body);
	return a;
}

/* A missing right is told from a missing login. */
static void
test_rights(void **state)
{
	struct domo_answer a = answer(403, "null\n", NULL, false);

	assert_int_equal(a.verdict, VERDICT_REFUSED);
	a = answer(200, "null\n", NULL, false);
	assert_int_equal(a.verdict, VERDICT_REFUSED);
}

/* What is cut off, or breaks off, is no answer. */
static void
test_cut(void **state)
{
	struct domo_answer a =
	    answer(200, "{\"status\" : \"OK\"}", "Failure when receiving", false);

	assert_int_equal(a.verdict, VERDICT_AWAY);
	a = answer(200, "{\"status\" : \"OK\"}", "Failed writing", true);
	assert_int_equal(a.verdict, VERDICT_FOREIGN);
}

static void
test_lists(void **state)
{
	static const char hardware[] =
	    "{\"result\":[{\"Name\":\"Motherboard\",\"Type\":1,\"idx\":\"1\"},"
	    "{\"Name\":\"UPS\",\"Type\":15,\"idx\":\"7\"},"
	    "{\"Name\":\"none\",\"Type\":15,\"idx\":\"0\"},"
	    "{\"Name\":\"huge\",\"Type\":15,\"idx\":\"99999999999\"},"
	    "{\"Name\":\"odd\",\"Type\":15,\"idx\":\"7x\"}, 5, null],\"status\":\"OK\"}";
	static const char devices[] =
	    "{\"result\":[{\"Name\":\"a scene\",\"Type\":\"Scene\",\"idx\":\"12\"},"
	    "{\"HardwareID\":7,\"HardwareName\":\"UPS\",\"HardwareTypeVal\":15,"
	    "\"Name\":\"qnapups charge\",\"SubType\":\"Percentage\",\"Type\":\"General\","
	    "\"idx\":\"12\"}],\"status\":\"OK\"}";
	struct domo_answer a = answer(200, hardware, NULL, false);

	assert_int_equal(a.verdict, VERDICT_OK);
	assert_int_equal(a.nrows, 2);
	assert_int_equal(a.rows[1].idx, 7);
	assert_int_equal(a.rows[1].type, DOMO_DUMMY);
	assert_string_equal(a.rows[1].name, "UPS");
	domoapi_free(&a);

	a = answer(200, devices, NULL, false);
	assert_int_equal(a.nrows, 1);
	assert_int_equal(a.rows[0].idx, 12);
	assert_int_equal(a.rows[0].hardware, 7);
	assert_int_equal(a.rows[0].type, DOMO_DUMMY);
	assert_string_equal(a.rows[0].owner, "UPS");
	assert_string_equal(a.rows[0].subtype, "Percentage");
	domoapi_free(&a);

	a = answer(200, "{\"idx\" : \"15\", \"status\" : \"OK\"}", NULL, false);
	assert_int_equal(a.idx, 15);
	a = answer(200, "{\"idx\" : 15, \"status\" : \"OK\"}", NULL, false);
	assert_int_equal(a.idx, 15);
	a = answer(200, "{\"version\" : \"2024.7\", \"status\" : \"OK\"}", NULL, false);
	assert_string_equal(a.version, "2024.7");
}

static void
test_version(void **state)
{
	static const char *const new[] = {
	    "2023.2", "2023.2 (build 15410)", "2024.1", "2025.1", "", "beta"};
	static const char *const old[] = {
	    "2023.1", "2022.2", "2020.2", "4.10717", "3.5877"};

	for (size_t i = 0; i < sizeof(new) / sizeof(new[0]); i++)
		assert_true(domoapi_new_enough(new[i]));
	for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++)
		assert_false(domoapi_new_enough(old[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_questions),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_rights),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
