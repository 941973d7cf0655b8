/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "lib/request.h"
#include "lib/words.h"

static void
assert_text(const char *got, const char *wanted)
{
	if (wanted == NULL)
		assert_null(got);
	else {
		assert_non_null(got);
		assert_string_equal(got, wanted);
	}
}

static const struct {
	struct request r;
	const char *line;
} cases[] = {
    {{7, 12, "admin", "192.168.0.20", NULL, REQUEST_LOGIN, "qnapups", NULL, NULL, 0},
	"7 12 admin 192.168.0.20 - LOGIN qnapups\n"},
    {{8, 12, "admin", "::1", "nas", REQUEST_INSTCMD, "qnapups", "load.off", NULL, 0},
	"8 12 admin ::1 nas INSTCMD qnapups load.off\n"},
    {{8, 12, "admin", "::1", NULL, REQUEST_INSTCMD, "qnapups", "load.off", "5", 0},
	"8 12 admin ::1 - INSTCMD qnapups load.off \"5\"\n"},
    {{8, 12, "admin", "::1", NULL, REQUEST_INSTCMD_TRACKED, "qnapups", "load.off", "5",
	 0},
	"8 12 admin ::1 - INSTCMD-TRACKED qnapups load.off \"5\"\n"},
    {{9, 1, "admin", "::1", NULL, REQUEST_SET_TRACKED, "qnapups", "ups.id", "x", 0},
	"9 1 admin ::1 - SET-TRACKED qnapups ups.id \"x\"\n"},
    {{9, 1, "a b", "::1", NULL, REQUEST_SET, "qnapups", "ups.id", "x \"y\"", 0},
	"9 1 \"a b\" ::1 - SET qnapups ups.id \"x \\\"y\\\"\"\n"},
    {{9, 1, "-", "", NULL, REQUEST_SET, "qnapups", "ups.id", "", 0},
	"9 1 \"-\" \"\" - SET qnapups ups.id \"\"\n"},
    {{10, 12, NULL, NULL, NULL, REQUEST_FSD, "qnapups", NULL, NULL, 0},
	"10 12 - - - FSD qnapups\n"},
    {{11, 12, NULL, "::1", NULL, REQUEST_LOGOUT, "qnapups", NULL, NULL, 0},
	"11 12 - ::1 - LOGOUT qnapups\n"},
    {{11, 12, "nut", "::1", NULL, REQUEST_LOGOUT, "qnapups", NULL, NULL, 3200},
	"11 12 nut ::1 - LOGOUT qnapups 3200\n"},
    {{12, 12, NULL, "::1", NULL, REQUEST_SEEN, "qnapups", "qnap", NULL, 0},
	"12 12 - ::1 - SEEN qnapups qnap\n"},
    {{13, 12, NULL, "::1", NULL, REQUEST_BROKEN, "qnapups", NULL, NULL, 0},
	"13 12 - ::1 - BROKEN qnapups\n"},
    {{14, 12, "nut", "::1", NULL, REQUEST_PRIMARY, "qnapups", NULL, NULL, 0},
	"14 12 nut ::1 - PRIMARY qnapups\n"},
    {{15, 0, "history", NULL, NULL, REQUEST_LEARNED, "qnapups", "battery.health", "93",
	 0},
	"15 0 history - - LEARNED qnapups battery.health \"93\"\n"},
    {{15, 0, "history", NULL, NULL, REQUEST_LEARNED, "qnapups", "battery.health", "", 0},
	"15 0 history - - LEARNED qnapups battery.health \"\"\n"},
    {{16, 0, "history", NULL, NULL, REQUEST_NEWS, "qnapups", "untested", "a b", 0},
	"16 0 history - - NEWS qnapups untested \"a b\"\n"},
};

/* What one end writes, the other reads. */
static void
test_both_ways(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct request *wanted = &cases[i].r;
		struct request r;
		struct words store;
		struct buf b = {0};

		request_format(&b, wanted);
		assert_string_equal(buf_str(&b), cases[i].line);
		assert_int_equal(request_parse(&r, &store, buf_head(&b), b.len - 1), 0);
		assert_int_equal(r.id, wanted->id);
		assert_int_equal(r.session, wanted->session);
		assert_int_equal(r.verb, wanted->verb);
		assert_text(r.account, wanted->account);
		assert_text(r.address, wanted->address);
		assert_text(r.machine, wanted->machine);
		assert_text(r.ups, wanted->ups);
		assert_text(r.name, wanted->name);
		assert_text(r.value, wanted->value);
		assert_int_equal(r.ago_ms, wanted->ago_ms);
		buf_free(&b);
	}
}

static void
test_bad(void **state)
{
	static const char *const bad[] = {"", "7", "7 12 a b - LOGIN",
	    "x 1 a b - LOGIN u", "7 -1 a b - LOGIN u", "7 1 a b - LOGIN u x",
	    "7 1 a b - login u", "7 1 a b - SEEN u", "7 1 a b - SEEN u qnap x",
	    "7 1 a b - BROKEN u x", "7 1 a b - LOGOUT u x", "7 1 a b - LOGOUT u -1",
	    "7 1 a b - LOGOUT u 1 2", "7 1 a - - LEARNED u n", "7 1 a b - SET u n",
	    "7 1 a b - INSTCMD u", "7 1 a b - INSTCMD u c v w",
	    "99999999999999999999999 1 a b - LOGIN u", "7 1 a b - LOGIN \"u"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct request r;
		struct words store;

		assert_int_equal(request_parse(&r, &store, bad[i], strlen(bad[i])), -1);
	}
}

static void
test_answers(void **state)
{
	static const char *const bad[] = {
	    "", "OK", "OK x", "OK 7 X", "ERR 7", "ERR 7 A B", "NO 7"};
	struct words store;
	const char *word;
	unsigned long id;

	assert_int_equal(request_answer(&id, &word, &store, "OK 7", 4), 0);
	assert_int_equal(id, 7);
	assert_null(word);
	assert_int_equal(request_answer(&id, &word, &store, "ERR 8 UNKNOWN-UPS", 17), 0);
	assert_int_equal(id, 8);
	assert_string_equal(word, "UNKNOWN-UPS");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    request_answer(&id, &word, &store, bad[i], strlen(bad[i])), -1);
}

static void
test_done(void **state)
{
	static const char *const bad[] = {"", "DONE", "DONE 7", "DONE 7 x", "DONE x 1",
	    "DONE 7 1 2", "OK 7", "DONE 7 -1"};
	struct words store;
	unsigned long id, status;

	assert_int_equal(request_done(&id, &status, &store, "DONE 7 3", 8), 0);
	assert_int_equal(id, 7);
	assert_int_equal(status, 3);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    request_done(&id, &status, &store, bad[i], strlen(bad[i])), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_both_ways),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
