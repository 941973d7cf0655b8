/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_upssched.h"
#include "tests/unit/conf_read.h"

#define HEAD "CMDSCRIPT /c\nPIPEFN /p\nLOCKFN /l\n" /* three lines */

static void
test_all(void **state)
{
	static const char text[] = "# mine\nCMDSCRIPT \"/bin/cmd -x\"\nPIPEFN /run/p\n"
				   "LOCKFN /run/l\nDEBUG_MIN 2\n"
				   "AT ONBATT * START-TIMER off 30\n"
				   "AT onbatt a@x START-TIMER-SHARED \"my off\" 0\n"
				   "AT ONLINE * CANCEL-TIMER off\n"
				   "AT ONLINE b@x CANCEL-TIMER off back\n"
				   "AT ONLINE * CANCEL-TIMER-MATCHED off\n"
				   "AT LOWBATT * EXECUTE low\n";
	struct upssched_conf c;
	struct problems p = {0};

	upssched_conf_read(&c, "f", text, sizeof(text) - 1, &p);
	assert_int_equal(p.count, 0);
	assert_string_equal(c.cmdscript, "/bin/cmd -x");
	assert_string_equal(c.pipefn, "/run/p");
	assert_string_equal(c.lockfn, "/run/l");
	assert_int_equal(c.debug_min, 2);
	assert_int_equal(c.nats, 6);
	for (int i = AT_START_TIMER; i <= AT_CANCEL_TIMER; i++)
		assert_int_equal(c.ats[i].verb, i);
	assert_int_equal(c.ats[4].verb, AT_CANCEL_TIMER_MATCHED);
	assert_int_equal(c.ats[5].verb, AT_EXECUTE);
	assert_int_equal(c.ats[0].seconds, 30);
	assert_int_equal(c.ats[0].line, 6);
	assert_string_equal(c.ats[1].name, "my off");
	assert_null(c.ats[2].instead);
	assert_string_equal(c.ats[3].instead, "back");
	assert_true(conf_at_matches(&c.ats[0], "ONBATT", "z@z"));
	assert_true(conf_at_matches(&c.ats[0], "onbatt", ""));
	assert_false(conf_at_matches(&c.ats[0], "ONLINE", "z@z"));
	assert_true(conf_at_matches(&c.ats[1], "ONBATT", "a@x"));
	assert_false(conf_at_matches(&c.ats[1], "ONBATT", "A@x"));
	upssched_conf_free(&c);
}

/* One fault each, in line 4; how many AT lines are left, and the seconds of the first. */
static const struct {
	const char *text, *problem;
	size_t ats;
	int seconds;
} faults[] = {
    {"AT ONBATT * START-TIMER off 30s\n", "read as 30 seconds", 1, 30},
    {"AT ONBATT * START-TIMER off\n", "takes seconds from 0", 0, 0},
    {"AT ONBATT * START-TIMER off -3\n", "takes seconds from 0", 0, 0},
    {"AT ONBATT * START-TIMER off 99999999999999999999\n", "takes seconds", 0, 0},
    {"AT ONBATT * START-TIMER off 3 4\n", "takes no \"4\"", 1, 3},
    {"AT ONBATT * EXECUTE tell me\n", "EXECUTE takes no \"me\"", 1, 0},
    {"AT ONBATT * CANCEL-TIMER off a b\n", "takes no \"b\"", 1, 0},
    {"AT ONBATT * START_TIMER off 3\n", "did you mean \"START-TIMER\"?", 0, 0},
    {"AT ONBATT * RUN off\n", "there are START-TIMER, ", 0, 0},
    {"AT ONBATT * EXECUTE\n", "AT needs a type", 0, 0},
    {"AT ONBATT * EXECUTE \"\"\n", "AT needs a type", 0, 0},
    {"AT\n", "AT needs a type", 0, 0},
    {"AT ONBAT * EXECUTE x\n", "did you mean \"ONBATT\"?", 1, 0},
    {"CMDSCRIP /x\n", "did you mean \"CMDSCRIPT\"?", 0, 0},
    {"PIPEFN\n", "PIPEFN needs a value", 0, 0},
    {"NOTIFYCMD /x\n", "belongs into upsmon.conf", 0, 0},
    {"[ups]\n", "no sections", 0, 0},
};

static void
test_faults(void **state)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct upssched_conf c;
		struct problems p = {0};
		char text[256];

		snprintf(text, sizeof(text), "%s%s", HEAD, faults[i].text);
		upssched_conf_read(&c, "f", text, strlen(text), &p);
		assert_problem(&p, 1, 0, 4, faults[i].problem);
		assert_int_equal(c.nats, faults[i].ats);
		if (c.nats > 0)
			assert_int_equal(c.ats[0].seconds, faults[i].seconds);
		upssched_conf_free(&c);
		problems_free(&p);
	}
}

/* Types that an upsmon newer than the names here may tell of. */
static void
test_strange_type(void **state)
{
	static const char text[] = HEAD "AT SOMETHINGNEW * EXECUTE x\n";
	struct upssched_conf c;
	struct problems p = {0};

	upssched_conf_read(&c, "f", text, sizeof(text) - 1, &p);
	assert_int_equal(p.count, 0);
	assert_true(conf_at_matches(&c.ats[0], "SOMETHINGNEW", "a"));
	upssched_conf_free(&c);
}

/* What lacks is said once it is needed. */
static void
test_missing(void **state)
{
	static const char timers[] = "AT ONBATT * START-TIMER off 3\n";
	static const char execute[] = "AT ONBATT * EXECUTE x\n";
	struct upssched_conf c;
	struct problems p = {0};

	upssched_conf_read(&c, "f", "", 0, &p);
	assert_int_equal(p.count, 0);
	upssched_conf_free(&c);
	upssched_conf_read(&c, "f", execute, sizeof(execute) - 1, &p);
	assert_problem(&p, 1, 0, 0, "no CMDSCRIPT");
	upssched_conf_free(&c);
	problems_free(&p);
	upssched_conf_read(&c, "f", timers, sizeof(timers) - 1, &p);
	assert_problem(&p, 3, 1, 0, "no PIPEFN");
	assert_problem(&p, 3, 2, 0, "no LOCKFN");
	upssched_conf_free(&c);
	problems_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_strange_type),
	    cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
