/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "core/check.h"
#include "tests/unit/policy_house.h"

/* Policy without an outage: heartbeat, views, what people are told. The way down is in
 * policy_down_test.c. */

static void
test_heartbeat(void **data)
{
	struct house *h = house_new("", "");
	struct policy_event event = {.kind = POLICY_TIME};
	const struct policy_actions *a;

	h->now = 86400000;
	house_step(h, event);
	assert_int_equal(h->heartbeats, 1);
	assert_int_equal(h->deadline, 0);
	assert_int_equal(h->next, h->now + 1000);
	h->now += 999;
	house_step(h, event);
	assert_int_equal(h->heartbeats, 1);
	/* One that comes late is one, not as many as were missed. */
	h->now += 3501;
	a = policy_step(h->policy, &event, h->now);
	assert_int_equal(a->count, 1);
	assert_int_equal(a->list[0].kind, POLICY_HEARTBEAT);
	assert_int_equal(a->list[0].seq, 2);
	assert_int_equal(a->next_ms, h->now + 1000);
	house_end(h);
}

static void
test_fsd_is_sticky(void **data)
{
	struct house *h = house_new("[a]\ndriver=x\nport=y\n[b]\ndriver=x\nport=y\n", "");

	house_fsd(h, 1);
	assert_did(h, "VIEW b fsd\n");
	house_fsd(h, 1);
	house_pass(h, 3600000);
	assert_did(h, "");
	house_end(h);
}

/* Design, 5: without a MONITOR line this machine is never shut down, and the log says so. */
static void
test_not_protected(void **data)
{
	struct house *h = house_new(SERVER_UPS, "");

	house_dump(h, 0, "OB LB");
	assert_logged(h, "this machine is not protected");
	assert_logged(h, "upsmon.conf(5) says how");
	house_pass(h, 600000);
	house_fsd(h, 0);
	assert_logged(h, "ups qnapups: forced shutdown was called; this machine is not");
	house_step(h, (struct policy_event){.kind = POLICY_FSD_ALL});
	house_source(h, 0, FEED_LOST);
	house_pass(h, 600000);
	assert_did(h, "VIEW qnapups fsd\n");
	house_end(h);
}

static void
test_silent_driver(void **data)
{
	struct house *h = house_new(SERVER_UPS, "");

	house_step(h, (struct policy_event){.kind = POLICY_SILENT});
	assert_did(h, "RESTART qnapups\n");
	house_end(h);
}

static void
test_unknown_row(void **data)
{
	struct house *h = house_new(SERVER_UPS, "");

	house_fsd(h, 1);
	house_login(h, SIZE_MAX, 1, "a", "b");
	house_session(h, POLICY_LOGOUT, 0, 7);
	house_session(h, POLICY_BROKEN, 0, 7);
	house_session(h, POLICY_PRIMARY, 0, 7);
	assert_did(h, "");
	house_end(h);
}

/* Each NOTIFYTYPE comes at its edge, once (upsmon). */
static void
test_notify_edges(void **data)
{
	struct house *h = house_new(SERVER_UPS, SERVER_MON);

	house_dump(h, 0, "OL CHRG");
	assert_did(h, "SELF qnapups on\n");
	house_status(h, 0, "OL");
	house_status(h, 0, "OB DISCHRG");
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\n");
	house_pass(h, 60000);
	house_status(h, 0, "OB");
	assert_did(h, "");
	house_status(h, 0, "OL LB");
	assert_did(h, "NOTIFY ONLINE qnapups@localhost\n"
		      "NOTIFY LOWBATT qnapups@localhost\n");
	house_status(h, 0, "OL");
	house_pass(h, 600000);
	assert_did(h, "");
	house_end(h);
}

/* The first status may be bad news; good news it is not. */
static void
test_notify_start_on_battery(void **data)
{
	struct house *h = house_new(SERVER_UPS, SERVER_MON);

	house_dump(h, 0, "OB");
	assert_did(h, "SELF qnapups on\nNOTIFY ONBATT qnapups@localhost\n");
	house_end(h);
}

/* RBWARNTIME, NOCOMMWARNTIME. */
static void
test_notify_repeats(void **data)
{
	struct house *h = house_new(
	    SERVER_UPS, SERVER_MON "RBWARNTIME 100\nNOCOMMWARNTIME 60\nPOLLFREQ 5\n");

	house_dump(h, 0, "OL RB");
	assert_did(h, "SELF qnapups on\nNOTIFY REPLBATT qnapups@localhost\n");
	house_pass(h, 99999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY REPLBATT qnapups@localhost\n");
	house_status(h, 0, "OL");
	house_source(h, 0, FEED_STALE);
	house_pass(h, 4999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY COMMBAD qnapups@localhost\n");
	house_pass(h, 54999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY NOCOMM qnapups@localhost\n");
	house_pass(h, 60000);
	assert_did(h, "NOTIFY NOCOMM qnapups@localhost\n");
	house_source(h, 0, FEED_OK);
	assert_did(h, "NOTIFY COMMOK qnapups@localhost\n");
	house_end(h);
}

/* A driver that restarts is no news. */
static void
test_notify_blip(void **data)
{
	struct house *h = house_new(SERVER_UPS, SERVER_MON);

	house_dump(h, 0, "OL");
	assert_did(h, "SELF qnapups on\n");
	house_source(h, 0, FEED_LOST);
	house_pass(h, 3000);
	house_dump(h, 0, "OL");
	house_pass(h, 60000);
	assert_did(h, "");
	house_end(h);
}

/* Words are true only while the data are fresh. */
static void
test_stale_words(void **data)
{
	struct house *h = house_new(SERVER_UPS, SERVER_MON);

	house_status(h, 0, "OB LB");
	house_source(h, 0, FEED_STALE);
	house_pass(h, 3000);
	assert_did(h, "SELF qnapups on\n");
	house_end(h);
}

static void
test_check(void **data)
{
	struct state *s = state_new();

	state_cmd_add(s, "load.off");
	assert_null(check_instcmd(s, "load.off"));
	assert_string_equal(check_instcmd(s, "load.on"), "CMD-NOT-SUPPORTED");

	assert_string_equal(check_set(s, "ups.id", "x"), "VAR-NOT-SUPPORTED");
	state_set(s, "ups.id", "me");
	assert_string_equal(check_set(s, "ups.id", "x"), "READONLY");
	state_flags(s, "ups.id", STATE_RW | STATE_STRING);
	assert_null(check_set(s, "ups.id", "whatever"));
	state_aux(s, "ups.id", 4);
	assert_null(check_set(s, "ups.id", "four"));
	assert_string_equal(check_set(s, "ups.id", "fives"), "TOO-LONG");

	state_set(s, "input.transfer.low", "160");
	state_flags(s, "input.transfer.low", STATE_RW);
	state_enum_add(s, "input.transfer.low", "160");
	state_enum_add(s, "input.transfer.low", "low");
	assert_null(check_set(s, "input.transfer.low", "low"));
	assert_string_equal(check_set(s, "input.transfer.low", "161"), "INVALID-VALUE");
	state_range_add(s, "input.transfer.low", 170, 180);
	assert_null(check_set(s, "input.transfer.low", "170"));
	assert_null(check_set(s, "input.transfer.low", "180"));
	assert_string_equal(check_set(s, "input.transfer.low", "181"), "INVALID-VALUE");
	assert_string_equal(check_set(s, "input.transfer.low", "175x"), "INVALID-VALUE");
	assert_string_equal(check_set(s, "input.transfer.low", ""), "INVALID-VALUE");
	state_free(s);
}

/* POLLFAIL_LOG_THROTTLE_MAX: how often the log is told of a silence besides its begin. */
static void
test_silence_in_log(void **data)
{
	static const struct {
		const char *conf;
		unsigned lines; /* in an hour */
	} logs[] = {
	    {"", 0},
	    {"POLLFAIL_LOG_THROTTLE_MAX 0\n", 0},
	    {"POLLFAIL_LOG_THROTTLE_MAX -1\n", 0},
	    {"POLLFAIL_LOG_THROTTLE_MAX 120\n", 6},
	    {"POLLFAIL_LOG_THROTTLE_MAX 60\nPOLLFREQ 20\n", 3},
	};

	for (size_t i = 0; i < sizeof(logs) / sizeof(logs[0]); i++) {
		char text[256];
		struct house *h;
		unsigned n = 0;

		snprintf(text, sizeof(text), SERVER_MON "%s", logs[i].conf);
		h = house_new(SERVER_UPS, text);
		house_dump(h, 0, "OL");
		house_source(h, 0, FEED_STALE);
		house_pass(h, 3600000);
		for (const char *at = buf_str(&h->log);
		     (at = strstr(at, "ups qnapups: no answer for ")) != NULL; at++)
			n++;
		assert_int_equal(n, logs[i].lines);
		house_end(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_heartbeat),
	    cmocka_unit_test(test_fsd_is_sticky),
	    cmocka_unit_test(test_not_protected),
	    cmocka_unit_test(test_silent_driver),
	    cmocka_unit_test(test_unknown_row),
	    cmocka_unit_test(test_notify_edges),
	    cmocka_unit_test(test_notify_start_on_battery),
	    cmocka_unit_test(test_notify_repeats),
	    cmocka_unit_test(test_notify_blip),
	    cmocka_unit_test(test_stale_words),
	    cmocka_unit_test(test_check),
	    cmocka_unit_test(test_silence_in_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
