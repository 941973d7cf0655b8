/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* What policy makes of holdup.conf (docs/plan.md, 1). */

#define THREE                                                                            \
	"[a]\ndriver = x\nport = y\n[b]\ndriver = x\nport = y\n[c]\ndriver = x\nport = " \
	"y\n"
#define NAS "[machine nas]\nlogin = nas\n"

/* The section of a machine alone. */
static struct house *
house(const char *section)
{
	return house_new_own(THREE, "MONITOR a@localhost 1 u p primary\n", section);
}

/* A section that says more than who it is, how long it takes and boots, is a plan. */
static void
test_planned(void **data)
{
	static const struct {
		const char *line;
		bool planned;
	} rows[] = {
	    {"", false},
	    {"takes = 90\n", false},
	    {"boots = 90\n", false},
	    {"address = 10.0.0.1\n", false},
	    {"after = 60\n", true},
	    {"charge = 50\n", true},
	    {"runtime = 600\n", true},
	    {"voltage = 11.5\n", true},
	    {"feeds = a\n", true},
	    {"feeds = a, b\nneeds = 2\n", true},
	    {"hook = /bin/true\n", true},
	    {"off = logout\n", true},
	    {"wake = 00:11:22:33:44:55\n", true},
	    {"wake-hook = /bin/true\n", true},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf text = {0};
		struct house *h;

		buf_printf(&text, NAS "%s", rows[i].line);
		h = house(buf_str(&text));
		if (h->conf.plans[0].planned != rows[i].planned)
			fail_msg("%s", rows[i].line);
		house_end(h);
		buf_free(&text);
	}
}

/* How one knows that it is off, said or not. */
static void
test_off(void **data)
{
	static const struct {
		const char *section;
		enum policy_off off;
	} rows[] = {
	    {"login = nas\n", POLICY_OFF_LOGOUT},
	    {"login = nas\naddress = 10.0.0.1\n", POLICY_OFF_LOGOUT},
	    {"login = nas\naddress = 10.0.0.1\noff = ping\n", POLICY_OFF_PROBE},
	    {"login = nas\naddress = 10.0.0.1\noff = tcp 22\n", POLICY_OFF_PROBE},
	    {"login = nas\naddress = 10.0.0.1\noff = silent\n", POLICY_OFF_SILENT},
	    {"address = 10.0.0.1\n", POLICY_OFF_SILENT},
	    {"address = 10.0.0.1\nhook = /bin/true\n", POLICY_OFF_PROBE},
	    {"hook = /bin/true\n", POLICY_OFF_TIME},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf text = {0};
		struct house *h;

		buf_printf(&text, "[machine nas]\n%s", rows[i].section);
		h = house(buf_str(&text));
		if (h->conf.plans[0].off != rows[i].off)
			fail_msg("%s", rows[i].section);
		house_end(h);
		buf_free(&text);
	}
}

/* Its feeds, and how many of them it needs: never more than there are. */
static void
test_feeds(void **data)
{
	struct house *h = house(NAS "after = 60\n");

	assert_int_equal(h->conf.plans[0].nfeeds, 1);
	assert_int_equal(h->conf.plans[0].feeds[0], 0);
	assert_int_equal(h->conf.plans[0].needs, 1);
	house_end(h);
	h = house(NAS "feeds = C, b\nneeds = 2\n");
	assert_int_equal(h->conf.plans[0].nfeeds, 2);
	assert_int_equal(h->conf.plans[0].feeds[0], 2);
	assert_int_equal(h->conf.plans[0].needs, 2);
	house_end(h);
	h = house(NAS "feeds = b, gone\nneeds = 2\n");
	assert_int_equal(h->conf.plans[0].nfeeds, 1);
	assert_int_equal(h->conf.plans[0].needs, 1);
	house_end(h);
}

/* When an outage is over is what [plan] says. */
static void
test_plan(void **data)
{
	struct house *h = house_new_own(THREE, "MONITOR a@localhost 0 u p primary\n",
	    "[plan]\nrestart = 55\ncalm = 90\n");
	house_value(h, 0, POLICY_CHARGE, 54);
	house_dump(h, 0, "OL");
	house_fsd(h, 0);
	house_pass(h, 3600000);
	assert_non_null(strstr(buf_str(&h->did), "VIEW a old\n"));
	assert_null(strstr(buf_str(&h->did), "VIEW a none\n"));
	house_status(h, 0, "OB");
	house_value(h, 0, POLICY_CHARGE, 55);
	house_status(h, 0, "OL");
	house_pass(h, 89999);
	assert_null(strstr(buf_str(&h->did), "VIEW a none\n"));
	house_pass(h, 1);
	assert_non_null(strstr(buf_str(&h->did), "VIEW a none\n"));
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_planned),
	    cmocka_unit_test(test_off),
	    cmocka_unit_test(test_feeds),
	    cmocka_unit_test(test_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
