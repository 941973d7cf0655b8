/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/monitors.h"

#include "conf_read.h"

/* What upsmon.conf and ups.conf make of each other. */
struct world {
	struct upsmon_conf upsmon;
	struct ups_conf ups;
	struct problems problems;
	struct buf text;
};

static void
world_make(struct world *w, const char *upsmon, const char *ups, bool serving)
{
	*w = (struct world){0};
	buf_puts(&w->text, ups);
	upsmon_conf_read(&w->upsmon, "f", upsmon, strlen(upsmon), &w->problems);
	ups_conf_read(&w->ups, "u", ups, strlen(ups), &w->problems);
	monitors_sections(&w->text, &w->upsmon, &w->ups, serving, "f", &w->problems);
	ups_conf_free(&w->ups);
	ups_conf_read(&w->ups, "u", buf_str(&w->text), w->text.len, &w->problems);
}

static void
world_free(struct world *w)
{
	upsmon_conf_free(&w->upsmon);
	ups_conf_free(&w->ups);
	problems_free(&w->problems);
	buf_free(&w->text);
}

/* A row of ups.conf has this value. */
static void
assert_value(const struct world *w, long row, const char *key, const char *value)
{
	assert_in_range(row, 0, w->ups.nupses - 1);
	assert_string_equal(conf_ups_get(&w->ups.upses[row], key), value);
}

static void
test_hosts(void **state)
{
	static const char *const near[] = {
	    "localhost", "LocalHost", "127.0.0.1", "127.1.2.3", "::1", NULL};
	static const char *const far[] = {
	    "192.168.0.9", "128.0.0.1", "pi", "localhost.example", "::", "", NULL};

	for (size_t i = 0; near[i] != NULL; i++)
		assert_true(monitors_host_is_local(near[i]));
	for (size_t i = 0; far[i] != NULL; i++)
		assert_false(monitors_host_is_local(far[i]));
}

#define QNAPUPS "[qnapups]\n\tdriver = usbhid-ups\n\tport = auto\n"

/* The article's server: the UPS is ours, nothing is added. */
static void
test_near(void **state)
{
	struct world w;

	world_make(&w, "MONITOR qnapups@localhost 1 nut nut master\n", QNAPUPS, true);
	assert_int_equal(w.problems.count, 0);
	assert_int_equal(w.ups.nupses, 1);
	assert_int_equal(monitors_row(&w.upsmon, 0, &w.ups), 0);
	world_free(&w);
}

/* The article's client: one section, with all that remote needs to log in. */
static void
test_far(void **state)
{
	struct world w;

	world_make(&w, "MONITOR qnapups@192.168.0.9 1 admin 123456 slave\n", "", false);
	assert_int_equal(w.problems.count, 0);
	assert_int_equal(w.ups.nupses, 1);
	assert_int_equal(monitors_row(&w.upsmon, 0, &w.ups), 0);
	assert_string_equal(w.ups.upses[0].name, "qnapups");
	assert_value(&w, 0, "driver", "remote");
	assert_value(&w, 0, "port", "qnapups@192.168.0.9:3493");
	assert_value(&w, 0, "user", "admin");
	assert_value(&w, 0, "password", "123456");
	assert_value(&w, 0, "login", "secondary");
	assert_value(&w, 0, "pollfreq", "5");
	assert_value(&w, 0, "pollfreqalert", "5");
	world_free(&w);
	/* A server that is polled is polled as upsmon.conf says, once an hour at least. */
	world_make(
	    &w, "MONITOR u@pi 1 u p slave\nPOLLFREQ 86400\nPOLLFREQALERT 2\n", "", false);
	assert_value(&w, 0, "pollfreq", "3600");
	assert_value(&w, 0, "pollfreqalert", "2");
	world_free(&w);
}

/* A password may hold what files are made of. */
static void
test_quoting(void **state)
{
	struct world w;

	world_make(&w, "MONITOR a@[fe80::1]:99 0 \"u]=#\" \"p \\\"\\\\[b]\" primary\n",
	    "", false);
	assert_int_equal(w.problems.count, 0);
	assert_int_equal(w.ups.nupses, 1);
	assert_value(&w, 0, "port", "a@[fe80::1]:99");
	assert_value(&w, 0, "user", "u]=#");
	assert_value(&w, 0, "password", "p \"\\[b]");
	assert_value(&w, 0, "login", "primary");
	world_free(&w);
}

/* Lines of one name are told apart by host, port and at last a number. */
static void
test_names(void **state)
{
	static const char *const names[] = {
	    "ups-pi-3501", "ups", "ups-pi", "3-ups", "ups-fe80--1", "ups-localhost"};
	struct world w;

	world_make(&w,
	    "MONITOR ups@pi 1 u p slave\n"
	    "MONITOR ups@pi:3500 1 u p slave\n"
	    "MONITOR ups@pi:3501 1 u p slave\n"
	    "MONITOR ups@[fe80::1] 1 u p slave\n"
	    "MONITOR ups@localhost:3500 1 u p slave\n"
	    "MONITOR ups@pi 1 again again slave\n",
	    "[ups-pi-3501]\n\tdriver = x\n\tport = y\n", false);
	assert_int_equal(w.problems.count, 0);
	assert_int_equal(w.ups.nupses, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(w.ups.upses[i].name, names[i]);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(monitors_row(&w.upsmon, i, &w.ups), (long)i + 1);
	assert_int_equal(monitors_row(&w.upsmon, 5, &w.ups), 1);
	world_free(&w);
}

/* Where ups.conf uses the name, the far UPS gets another, and each line its own row. */
static void
test_both(void **state)
{
	struct world w;

	world_make(&w,
	    "MONITOR qnapups@localhost 1 u p master\n"
	    "MONITOR qnapups@pi 1 u p slave\n",
	    QNAPUPS, true);
	assert_int_equal(w.problems.count, 0);
	assert_int_equal(w.ups.nupses, 2);
	assert_int_equal(monitors_row(&w.upsmon, 0, &w.ups), 0);
	assert_int_equal(monitors_row(&w.upsmon, 1, &w.ups), 1);
	assert_string_equal(w.ups.upses[1].name, "qnapups-pi");
	world_free(&w);
}

/* A far UPS that took the name first is not the one of this machine. */
static void
test_name_taken_by_far(void **state)
{
	struct world w;

	world_make(&w, "MONITOR ups@pi 1 u p slave\nMONITOR ups@localhost 1 u p slave\n",
	    "", false);
	assert_int_equal(w.ups.nupses, 2);
	assert_int_equal(monitors_row(&w.upsmon, 0, &w.ups), 0);
	assert_int_equal(monitors_row(&w.upsmon, 1, &w.ups), 1);
	assert_value(&w, 1, "port", "ups@localhost:3493");
	world_free(&w);
}

/* A section of the user's with the same port keeps its own row. */
static void
test_own_remote(void **state)
{
	struct world w;

	world_make(&w, "MONITOR ups@pi 1 u p slave\n",
	    "[mine]\n\tdriver = remote\n\tport = ups@pi:3493\n", true);
	assert_int_equal(w.ups.nupses, 2);
	assert_int_equal(monitors_row(&w.upsmon, 0, &w.ups), 1);
	world_free(&w);
}

static void
test_missing(void **state)
{
	struct world w;

	world_make(&w, "MONITOR ups@localhost 1 u p master\n", QNAPUPS, true);
	assert_problem(&w.problems, 1, 0, 1, "ups.conf has no section [ups]");
	assert_int_equal(w.ups.nupses, 1);
	assert_int_equal(monitors_row(&w.upsmon, 0, &w.ups), -1);
	world_free(&w);
}

/* What is wanted of the TLS of each server; CERTHOST counts before the rest. */
static const struct {
	const char *upsmon, *tls, *name;
} tls_cases[] = {
    {"", NULL, NULL},
    {"CERTPATH /ca\n", "try", NULL},
    {"FORCESSL 1\n", "force", NULL},
    {"FORCESSL 1\nCERTVERIFY 1\nCERTPATH /ca\n", "verify", NULL},
    {"CERTPATH /ca\nCERTHOST PI \"my pi\" 1 0\n", "verify", "my pi"},
    {"CERTHOST pi \"\" 0 1\n", "force", NULL},
    {"CERTVERIFY 1\nCERTPATH /ca\nCERTHOST pi other 0 0\n", "try", "other"},
    {"FORCESSL 1\nCERTHOST pi x 0 0\n", NULL, NULL},
    {"FORCESSL 1\nCERTHOST nas x 0 0\n", "force", NULL},
    {"CERTHOST nas x 0 1\n", NULL, NULL},
};

static void
assert_same_text(const char *a, const char *b)
{
	assert_true((a == NULL) == (b == NULL));
	if (a != NULL)
		assert_string_equal(a, b);
}

static void
test_tls(void **state)
{
	for (size_t i = 0; i < sizeof(tls_cases) / sizeof(tls_cases[0]); i++) {
		struct world w;
		char upsmon[256];

		snprintf(upsmon, sizeof(upsmon), "MONITOR a@pi 1 u p slave\n%s",
		    tls_cases[i].upsmon);
		world_make(&w, upsmon, "", false);
		assert_int_equal(w.problems.count, 0);
		assert_same_text(conf_ups_get(&w.ups.upses[0], "tls"), tls_cases[i].tls);
		assert_same_text(
		    conf_ups_get(&w.ups.upses[0], "tlsname"), tls_cases[i].name);
		world_free(&w);
	}
}

/* A passphrase with quotes arrives as it is. */
static void
test_tls_passphrase(void **state)
{
	struct world w;

	world_make(&w,
	    "MONITOR a@pi 1 u p slave\nFORCESSL 1\nCERTIDENT me \"a \\\"b\\\\ #c\"\n", "",
	    false);
	assert_value(&w, 0, "tlspassphrase", "a \"b\\ #c");
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hosts),
	    cmocka_unit_test(test_near),
	    cmocka_unit_test(test_far),
	    cmocka_unit_test(test_quoting),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_both),
	    cmocka_unit_test(test_name_taken_by_far),
	    cmocka_unit_test(test_own_remote),
	    cmocka_unit_test(test_missing),
	    cmocka_unit_test(test_tls),
	    cmocka_unit_test(test_tls_passphrase),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
