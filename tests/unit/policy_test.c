/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/check.h"
#include "core/policy.h"

static struct policy_actions
step(struct policy *p, enum policy_event_kind kind, size_t row, uint64_t now)
{
	const struct policy_event event = {.kind = kind, .row = row};
	struct policy_actions actions;

	policy_step(p, &event, now, &actions);
	return actions;
}

/* Two UPSes, and the first heartbeat behind us. */
static struct policy
begin(void)
{
	struct policy p;

	policy_init(&p, 2, 1000);
	step(&p, POLICY_TIME, 0, 1000);
	return p;
}

static void
test_heartbeat(void **data)
{
	struct policy p;
	struct policy_actions a;

	policy_init(&p, 0, 5000);
	a = step(&p, POLICY_TIME, 0, 5000);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.list[0].kind, POLICY_HEARTBEAT);
	assert_int_equal(a.list[0].seq, 1);
	assert_int_equal(a.list[0].deadline_ms, 0);
	assert_int_equal(a.next_ms, 6000);
	a = step(&p, POLICY_TIME, 0, 5999);
	assert_int_equal(a.count, 0);
	assert_int_equal(a.next_ms, 6000);
	/* One that comes late is one, not as many as were missed. */
	a = step(&p, POLICY_TIME, 0, 9500);
	assert_int_equal(a.count, 1);
	assert_int_equal(a.list[0].seq, 2);
	assert_int_equal(a.next_ms, 10500);
	policy_free(&p);
}

static void
test_fsd_is_sticky(void **data)
{
	struct policy p = begin();
	struct policy_actions a = step(&p, POLICY_FSD, 1, 1100);

	assert_int_equal(a.count, 1);
	assert_int_equal(a.list[0].kind, POLICY_VIEW);
	assert_int_equal(a.list[0].row, 1);
	assert_int_equal(a.list[0].view, FEED_VIEW_FSD);
	assert_int_equal(step(&p, POLICY_FSD, 1, 1200).count, 0);
	step(&p, POLICY_TIME, 0, 3600000);
	assert_int_equal(p.upses[1].view, FEED_VIEW_FSD);
	assert_int_equal(p.upses[0].view, FEED_VIEW_NONE);
	policy_free(&p);
}

static void
test_logins_are_counted(void **data)
{
	struct policy p = begin();

	step(&p, POLICY_LOGIN, 0, 1100);
	step(&p, POLICY_LOGIN, 0, 1100);
	step(&p, POLICY_LOGOUT, 0, 1100);
	assert_int_equal(p.upses[0].logins, 1);
	assert_int_equal(p.upses[1].logins, 0);
	step(&p, POLICY_LOGOUT, 0, 1100);
	step(&p, POLICY_LOGOUT, 0, 1100);
	assert_int_equal(p.upses[0].logins, 0);
	policy_free(&p);
}

static void
test_silent_driver(void **data)
{
	struct policy p = begin();
	struct policy_actions a = step(&p, POLICY_SILENT, 1, 2000);

	assert_int_equal(a.count, 2);
	assert_int_equal(a.list[0].kind, POLICY_RESTART);
	assert_int_equal(a.list[0].row, 1);
	assert_int_equal(a.list[1].kind, POLICY_HEARTBEAT);
	policy_free(&p);
}

static void
test_unknown_row(void **data)
{
	struct policy p = begin();

	assert_int_equal(step(&p, POLICY_FSD, 2, 1100).count, 0);
	assert_int_equal(step(&p, POLICY_LOGIN, SIZE_MAX, 1100).count, 0);
	policy_free(&p);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_heartbeat),
	    cmocka_unit_test(test_fsd_is_sticky),
	    cmocka_unit_test(test_logins_are_counted),
	    cmocka_unit_test(test_silent_driver),
	    cmocka_unit_test(test_unknown_row),
	    cmocka_unit_test(test_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
