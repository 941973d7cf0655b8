/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* kill -9 of core in the middle changes no decision: each story is lived through twice, and
 * the second time core is started anew, and its driver tells all again. */

#define PLAN "[ups qnapups]\nhonest = no\n[plan]\nrestart = 30\ncalm = 60\n"
#define NAS PLAN "[machine nas]\nlogin = nas\nafter = 60\n"
#define NAS_AT "192.168.0.30"
#define LONGEST_S 3600

struct story {
	const char *upsmon_conf, *holdup_conf;
	void (*begin)(struct house *h);
	void (*again)(struct house *h); /* what its driver says to the second core */
	const char *ends;               /* with this line; NULL: never */
};

/* Seconds until the log says so. */
static int
until(struct house *h, const char *text)
{
	int s = 0;

	while (strstr(buf_str(&h->log), text) == NULL && s < LONGEST_S) {
		house_pass(h, 1000);
		s++;
	}
	return s;
}

static void
dump_ob(struct house *h)
{
	house_dump(h, 0, "OB");
}

static void
dump_ol(struct house *h)
{
	house_dump(h, 0, "OL");
}

static void
keep_silent(struct house *h)
{
	house_source(h, 0, FEED_LOST);
}

/* A self-test that the word tells of. */
static void
test_word(struct house *h)
{
	house_status(h, 0, "OL TEST");
	house_pass(h, 1000);
	house_status(h, 0, "OB TEST");
	house_pass(h, 20000);
}

static void
dump_test(struct house *h)
{
	house_dump(h, 0, "OB TEST");
}

/* One that was ordered here, and one that is just over. */
static void
test_ordered(struct house *h)
{
	house_step(
	    h, (struct policy_event){.kind = POLICY_TEST, .test = POLICY_TEST_DEEP});
	house_pass(h, 5000);
	house_status(h, 0, "OB");
	house_pass(h, 20000);
}

static void
test_over(struct house *h)
{
	test_word(h);
	house_status(h, 0, "OB");
	house_pass(h, 5000);
}

/* OL without mains. */
static void
denied(struct house *h)
{
	house_value(h, 0, POLICY_INPUT_VOLTAGE, 230);
	house_pass(h, 60000);
	house_value(h, 0, POLICY_INPUT_VOLTAGE, 0);
	house_pass(h, 20000);
}

static void
dump_denied(struct house *h)
{
	house_value(h, 0, POLICY_INPUT_VOLTAGE, 0);
	house_dump(h, 0, "OL");
}

/* Lost on battery. */
static void
lost(struct house *h)
{
	house_value(h, 0, POLICY_CHARGE, 80);
	house_value(h, 0, POLICY_RUNTIME, 1800);
	house_value(h, 0, POLICY_RUNTIME_LOW, 120);
	house_status(h, 0, "OB");
	house_pass(h, 5000);
	house_source(h, 0, FEED_LOST);
	house_pass(h, 100000);
}

/* A flag that all denies. */
static void
flagged(struct house *h)
{
	house_value(h, 0, POLICY_CHARGE, 100);
	house_status(h, 0, "OB LB");
	house_pass(h, 10000);
}

/* It has convinced, and a secondary leaves it to its primary for HOSTSYNC. */
static void
convinced(struct house *h)
{
	flagged(h);
	house_pass(h, 20000);
}

static void
dump_flagged(struct house *h)
{
	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OB LB");
}

/* FSD by hand, with the mains there all the time. */
static void
leased(struct house *h)
{
	house_fsd(h, 0);
	house_pass(h, 30000);
}

/* The clock of `after`. */
static void
on_battery(struct house *h)
{
	house_status(h, 0, "OB");
	house_pass(h, 40000);
}

/* Another upsmon of this machine has called FSD, and left. */
static void
elsewhere(struct house *h)
{
	house_login(h, 0, 9, "127.0.0.1", "upsmon");
	house_session(h, POLICY_PRIMARY, 0, 9);
	house_status(h, 0, "OB LB");
	house_fsd(h, 0);
	house_pass(h, 5000);
	house_session(h, POLICY_LOGOUT, 0, 9);
	house_pass(h, 5000);
}

static void
dump_low(struct house *h)
{
	house_dump(h, 0, "OB LB");
}

/* A battery that is to be replaced. */
static void
replaced(struct house *h)
{
	house_status(h, 0, "OL RB");
	house_pass(h, 5000);
}

static void
dump_replaced(struct house *h)
{
	house_dump(h, 0, "OL RB");
}

static const struct story stories[] = {
    {SERVER_MON, NAS, on_battery, dump_ob, "nas: told to go down: 60 s on battery"},
    {SERVER_MON, NAS, test_word, dump_test, "nas: told to go down"},
    {SERVER_MON, NAS, test_ordered, dump_ob, "nas: told to go down"},
    {SERVER_MON, NAS, test_over, dump_ob, "nas: told to go down"},
    {SERVER_MON, NAS, denied, dump_denied, "nas: told to go down"},
    {SERVER_MON, PLAN, lost, keep_silent, "this machine goes down in"},
    {SERVER_MON, PLAN, flagged, dump_flagged, "this machine goes down in"},
    {CLIENT_MON "HOSTSYNC 40\n", PLAN, convinced, dump_flagged,
	"this machine goes down in"},
    {"MONITOR qnapups@localhost 0 u p primary\n", PLAN, leased, dump_ol,
	"the forced shutdown is over"},
    {SERVER_MON, "", elsewhere, dump_low, "this machine goes down in"},
    {SERVER_MON, "", replaced, dump_replaced, "this machine goes down in"},
};

/* How long the end of a story takes from the kill on; how often people are told until then. */
static int
live(const struct story *story, bool kill, unsigned *told)
{
	const bool here = strstr(story->upsmon_conf, "localhost") != NULL;
	struct house *h =
	    house_new_own(here ? SERVER_UPS : "", story->upsmon_conf, story->holdup_conf);
	const char *at;
	unsigned outage;
	int s;

	house_dump(h, 0, "OL");
	house_login(h, 0, 1, NAS_AT, "nas");
	house_pass(h, 100000);
	story->begin(h);
	assert_not_logged(h, story->ends);
	outage = h->outage;
	buf_clear(&h->did);
	if (kill) {
		house_restart(h);
		if (strcmp(story->holdup_conf, NAS) == 0)
			house_login(h, 0, 1, NAS_AT, "nas");
		story->again(h);
	}
	house_pass(h, 1000);
	assert_int_equal(h->outage, outage);
	s = until(h, story->ends);
	at = buf_str(&h->did);
	for (*told = 0; (at = strstr(at, "NOTIFY ")) != NULL; at++)
		++*told;
	house_end(h);
	return s;
}

static void
test_stories(void **data)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		unsigned told, told_again;
		int s = live(&stories[i], false, &told);
		int again = live(&stories[i], true, &told_again);

		if (s != again)
			fail_msg("story %zu ends after %d s, with a kill after %d s", i,
			    s, again);
		if (told != told_again)
			fail_msg("story %zu: %u notifications, with a kill %u", i, told,
			    told_again);
	}
}

/* A worse value of a gauge counts when it has lasted 3 s, however many cores have seen it. */
static void
test_worse_value(void **data)
{
	for (int kill = 0; kill < 2; kill++) {
		struct house *h = house_new_own(SERVER_UPS, SERVER_MON,
		    PLAN "[machine nas]\nlogin = nas\ncharge = 50\n");

		house_value(h, 0, POLICY_CHARGE, 60);
		house_dump(h, 0, "OB");
		house_login(h, 0, 1, NAS_AT, "nas");
		house_value(h, 0, POLICY_CHARGE, 50);
		house_pass(h, 1000);
		if (kill) {
			house_restart(h);
			house_login(h, 0, 2, NAS_AT, "nas");
			house_dump(h, 0, "OB");
		}
		house_pass(h, 1999);
		assert_not_logged(h, "nas: told to go down");
		house_pass(h, 1);
		assert_logged(h, "nas: told to go down: charge 50 %");
		house_end(h);
	}
}

/* How its charge fell is not forgotten: a UPS that is lost right after is estimated by it. */
static void
test_fall(void **data)
{
	for (int kill = 0; kill < 2; kill++) {
		struct house *h = house_new_own(SERVER_UPS, SERVER_MON, PLAN);
		double charge = 100;

		house_value(h, 0, POLICY_CHARGE, charge);
		house_dump(h, 0, "OB");
		for (; charge > 85; charge--) {
			house_pass(h, 5000);
			house_value(h, 0, POLICY_CHARGE, charge);
		}
		if (kill) {
			house_restart(h);
			house_dump(h, 0, "OB");
		}
		house_source(h, 0, FEED_LOST);
		house_pass(h, 10000);
		assert_logged(h, "after the fall of its charge: empty in 4");
		house_end(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_stories),
	    cmocka_unit_test(test_worse_value),
	    cmocka_unit_test(test_fall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
