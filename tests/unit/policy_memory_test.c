/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* What outlives the power (docs/plan.md, 6). */

#define PLAN "[plan]\nrestart = 30\ncalm = 60\n"
#define NAS "[machine nas]\nlogin = admin\nafter = 60\ntakes = 20\n"
#define PI2 "[machine pi2]\naddress = 192.168.0.30\nafter = 60\ntakes = 20\n"

static struct house *
house(const char *holdup_conf)
{
	struct house *h = house_new_own(SERVER_UPS, SERVER_MON, holdup_conf);

	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL");
	return h;
}

/* The number of an outage grows over reboots; nothing is written but at its edges. */
static void
test_outages_are_counted_on(void **data)
{
	struct house *h = house("");
	unsigned keeps;

	assert_int_equal(policy_memory_number(h->memory), 1);
	house_pass(h, 3600000);
	assert_int_equal(policy_memory_number(h->memory), 1);
	for (int i = 0; i < 3; i++) {
		house_status(h, 0, "OB");
		house_pass(h, 1000);
		house_status(h, 0, "OL");
	}
	keeps = h->keeps;
	assert_int_equal(policy_memory_number(h->memory), 4);
	house_reboot(h, "boot-2");
	house_dump(h, 0, "OB");
	assert_true(h->keeps > keeps);
	house_fsd(h, 0);
	assert_int_equal(h->outage, 4);
	house_end(h);
}

/* One writing for each that is told and comes back, and at the edges of the outage and of
 * our own power-off: a card that is slow is asked no more often. */
static void
test_few_writings(void **data)
{
	struct house *h = house(PLAN NAS PI2);

	assert_int_equal(h->keeps, 1);
	house_login(h, 0, 1, "192.168.0.20", "admin");
	house_status(h, 0, "OB"); /* 2 */
	house_pass(h, 58000);
	house_seen(h, 0, MACHINE_QNAP, "192.168.0.30");
	house_pass(h, 3000); /* 3: both are told in one step */
	assert_int_equal(h->keeps, 3);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_status(h, 0, "OB LB");
	house_pass(h, 300000); /* 4: FINALDELAY */
	assert_int_equal(h->keeps, 4);
	house_reboot(h, "boot-2"); /* 5 */
	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL"); /* 6: up again */
	house_pass(h, 10000);
	assert_int_equal(h->keeps, 6);
	house_login(h, 0, 1, "192.168.0.20", "admin"); /* 7 */
	house_pass(h, 60000);
	house_seen(h, 0, MACHINE_QNAP, "192.168.0.30"); /* 8 */
	house_pass(h, 1000);                            /* 9: the line at the end */
	assert_logged(h, "outage 1 is over; back: nas, pi2");
	assert_int_equal(h->keeps, 9);
	house_end(h);
}

/* A block that is torn or otherwise damaged is none. */
static void
test_damage(void **data)
{
	struct house *h = house(NAS);
	struct policy *p = policy_new(&h->conf, h->now);
	unsigned char *block = h->memory;
	const char *cause = NULL;

	for (size_t i = 0; i < policy_memory_size(); i += 97) {
		block[i] ^= 0x40;
		assert_int_equal(policy_memory_number(block), 0);
		assert_int_equal(policy_recall(p, BOOT, block, h->now, &cause), -1);
		assert_string_equal(cause, "it is damaged");
		block[i] ^= 0x40;
	}
	for (size_t len = 0; len < policy_memory_size(); len += 1001) {
		unsigned char *torn = xcalloc(1, policy_memory_size());

		memcpy(torn, block, len);
		/* Whether what is missing was zero is all the same. */
		if (memcmp(torn, block, policy_memory_size()) != 0)
			assert_int_equal(policy_memory_number(torn), 0);
		free(torn);
	}
	assert_int_equal(policy_recall(p, BOOT, block, h->now, &cause), 0);
	policy_remember(p, BOOT, block);
	assert_int_equal(policy_memory_number(block), 2);
	policy_free(p);
	house_end(h);
}

/* Machines and UPSes are known by name: one that has gone does no harm, a new one is not
 * taken for it. */
static void
test_other_names(void **data)
{
	struct house *h = house(PLAN NAS PI2);
	struct house *other =
	    house_new_own("[new]\ndriver = x\nport = y\n" SERVER_UPS, SERVER_MON,
		PLAN "[machine new]\nlogin = new\nafter = 9\nfeeds = qnapups\n" PI2);
	const char *cause;

	house_login(h, 0, 1, "192.168.0.20", "admin");
	house_status(h, 0, "OB");
	house_pass(h, 58000);
	house_seen(h, 0, MACHINE_QNAP, "192.168.0.30");
	house_pass(h, 3000);
	other->now = 20000;
	assert_int_equal(
	    policy_recall(other->policy, "boot-2", h->memory, other->now, &cause), 0);
	house_step(other, (struct policy_event){.kind = POLICY_TIME});
	assert_non_null(strstr(buf_str(&other->did), "STAND pi2 off\n"));
	assert_null(strstr(buf_str(&other->did), "STAND new"));
	house_end(other);
	house_end(h);
}

/* The state of this boot is younger than what is on disk. */
static void
test_state_counts_first(void **data)
{
	struct house *h = house(PLAN NAS);
	const char *cause;
	void *old = xcalloc(1, policy_memory_size());

	house_login(h, 0, 1, "192.168.0.20", "admin");
	house_status(h, 0, "OB");
	house_pass(h, 61000);
	memcpy(old, h->memory, policy_memory_size());
	house_status(h, 0, "OL");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 21000);
	house_login(h, 0, 2, "192.168.0.20", "admin");
	house_pass(h, 60000);
	assert_logged(h, "outage 1 is over; back: nas");
	policy_free(h->policy);
	house_start(h);
	assert_int_equal(policy_load(h->policy, BOOT, h->saved, h->now, &cause), 0);
	assert_int_equal(policy_recall(h->policy, BOOT, old, h->now, &cause), 0);
	buf_clear(&h->did);
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
	assert_null(strstr(buf_str(&h->did), "STAND"));
	free(old);
	house_end(h);
}

/* holdupd was stopped and started in one boot: whoever is off is still to come back, and
 * this machine has not gone down. */
static void
test_same_boot_without_state(void **data)
{
	struct house *h = house(PLAN NAS);

	house_login(h, 0, 1, "192.168.0.20", "admin");
	house_status(h, 0, "OB");
	house_pass(h, 61000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 21000);
	buf_clear(&h->did);
	buf_clear(&h->log);
	house_reboot(h, BOOT);
	assert_non_null(strstr(buf_str(&h->did), "STAND nas off\n"));
	house_dump(h, 0, "OB");
	house_pass(h, 1000);
	assert_not_logged(h, "on battery at boot");
	house_end(h);
}

/* What an outage teaches of the battery is known after the next boot. */
static void
test_learned_fall(void **data)
{
	struct house *h = house("");

	house_value(h, 0, POLICY_LOAD, 50);
	house_status(h, 0, "OB");
	for (int charge = 99; charge >= 85; charge--) {
		house_pass(h, 10000);
		house_value(h, 0, POLICY_CHARGE, charge);
	}
	house_status(h, 0, "OL");
	house_pass(h, 1000);
	house_reboot(h, "boot-2");
	house_value(h, 0, POLICY_CHARGE, 80);
	house_value(h, 0, POLICY_LOAD, 50);
	house_dump(h, 0, "OB");
	house_source(h, 0, FEED_LOST);
	house_pass(h, 10000);
	assert_logged(
	    h, "by estimate, after the fall of its charge in the mean: empty in 7");
	house_end(h);
}

/* What is told is on disk before the state knows of it: a core that dies between the two says
 * it again, and one that dies with the power has left a word. */
static void
test_kept_before_saved(void **data)
{
	const struct policy_event time = {.kind = POLICY_TIME};
	struct house *h = house(PLAN NAS);
	const struct policy_actions *actions;

	house_login(h, 0, 1, "192.168.0.20", "admin");
	house_status(h, 0, "OB");
	house_pass(h, 59999);
	actions = policy_step(h->policy, &time, h->now + 1);
	assert_true(actions->count > 2);
	assert_int_equal(actions->list[0].kind, POLICY_KEEP);
	assert_int_equal(actions->list[1].kind, POLICY_SAVE);
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_outages_are_counted_on),
	    cmocka_unit_test(test_few_writings),
	    cmocka_unit_test(test_kept_before_saved),
	    cmocka_unit_test(test_learned_fall),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_other_names),
	    cmocka_unit_test(test_state_counts_first),
	    cmocka_unit_test(test_same_boot_without_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
