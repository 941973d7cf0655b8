/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* Machines that hang on several UPSes and need more than one of them, and whose cut it is:
 * docs/plan.md, 4 to 6. */

#define UPS(name) "[" name "]\ndriver = usbhid-ups\nport = auto\n"
#define PRIMARY(name) "MONITOR " name "@localhost 1 u p primary\n"
#define PLAN "[plan]\nrestart = 30\ncalm = 60\n"
#define NAS "[machine nas]\nlogin = nas\n"
#define NAS_AT "192.168.0.30"
#define ROWS_MAX 3

/* All on mains and full, with a delay that can be set; nas logged in on each. */
static struct house *
house(const char *ups_conf, const char *upsmon_conf, const char *holdup_conf)
{
	struct house *h = house_new_own(ups_conf, upsmon_conf, holdup_conf);

	assert_true(h->conf.nupses <= ROWS_MAX);
	for (size_t row = 0; row < h->conf.nupses; row++) {
		house_value(h, row, POLICY_CHARGE, 100);
		house_value(h, row, POLICY_DELAY_SHUTDOWN, 20);
		house_value(h, row, POLICY_TIMER_SHUTDOWN, -1);
		house_dump(h, row, "OL");
		house_login(h, row, 1 + row, NAS_AT, "nas");
	}
	house_pass(h, 100000);
	buf_clear(&h->did);
	return h;
}

static bool
did(struct house *h, const char *what)
{
	return strstr(buf_str(&h->did), what) != NULL;
}

/* This machine goes down and cuts one of two: who needs both is told, who needs one stays. */
static void
test_cut_of_one(void **data)
{
	static const struct {
		const char *holdup_conf;
		bool told;
	} rows[] = {
	    {NAS "feeds = a, b\nneeds = 2\n", true},
	    {NAS "feeds = a, b\nneeds = 1\n", false},
	    {NAS "feeds = b\n", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = house(UPS("a"),
		    PRIMARY("a") "MONITOR b@192.168.0.9 0 u p secondary\n",
		    rows[i].holdup_conf);

		house_step(h, (struct policy_event){.kind = POLICY_FSD_ALL});
		assert_int_equal(did(h, "STAND nas told\n"), rows[i].told);
		house_end(h);
	}
}

/* How long a UPS is needed for one that needs two of three: not at all while the two others
 * are on mains. */
static void
test_spared(void **data)
{
	static const char low[] =
	    "ups a: on battery and low: runtime 100 s, 350 s are needed";

	for (int third = 0; third <= 1; third++) {
		struct house *h = house(UPS("a") UPS("b") UPS("c"),
		    PRIMARY("a") PRIMARY("b") PRIMARY("c"),
		    NAS "feeds = a, b, c\nneeds = 2\ntakes = 210\n");

		if (third == 0)
			house_status(h, 2, "OB");
		house_status(h, 0, "OB");
		house_value(h, 0, POLICY_RUNTIME, 100);
		house_pass(h, 10000);
		if (third == 0)
			assert_logged(h, low);
		else
			assert_not_logged(h, "ups a: on battery and low");
		assert_false(did(h, "STAND nas told\n"));
		house_end(h);
	}
}

/* Who needs two is woken when both can carry it. */
static void
test_woken_by_both(void **data)
{
	struct house *h = house(UPS("a") UPS("b"), PRIMARY("a") PRIMARY("b"),
	    PLAN NAS "feeds = a, b\nneeds = 2\nafter = 60\ntakes = 20\n"
		     "wake = 00:11:22:33:44:55\n");

	house_status(h, 0, "OB");
	house_status(h, 1, "OB");
	house_pass(h, 60000);
	assert_true(did(h, "STAND nas told\n"));
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_session(h, POLICY_LOGOUT, 1, 2);
	house_pass(h, 30000);
	assert_true(did(h, "STAND nas off\n"));
	house_status(h, 0, "OL");
	house_pass(h, 3600000);
	assert_false(did(h, "TASK wake nas\n"));
	house_status(h, 1, "OL");
	house_pass(h, 59999);
	assert_false(did(h, "TASK wake nas\n"));
	house_pass(h, 1);
	assert_true(did(h, "TASK wake nas\n"));
	house_end(h);
}

/* Primary of one UPS, secondary of another one here: only the first is cut. */
static void
test_secondary_of_another(void **data)
{
	struct house *h = house(UPS("a") UPS("b"),
	    PRIMARY("a") "MONITOR b@localhost 1 u p secondary\nMINSUPPLIES 2\n", "");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_session(h, POLICY_LOGOUT, 1, 2);
	house_fsd(h, 0);
	house_pass(h, 1000);
	assert_true(did(h, "ORDER a delay 125\n"));
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 125);
	house_value(h, 1, POLICY_DELAY_SHUTDOWN, 125);
	house_pass(h, 30000);
	assert_true(did(h, "ORDER a cut\n"));
	assert_false(did(h, "ORDER b"));
	house_end(h);
}

/* Somebody without a plan who did not leave in HOSTSYNC has that time again, and his own. */
static void
test_one_who_stays(void **data)
{
	struct house *h =
	    house(UPS("a"), PRIMARY("a"), "[machine nas]\nlogin = nas\ntakes = 200\n");

	house_fsd(h, 0);
	house_pass(h, 14999);
	assert_false(did(h, "ORDER"));
	house_pass(h, 1);
	assert_true(did(h, "ORDER a delay 340\n"));
	house_end(h);
}

/* Of whom nothing is said has 120 s: one who stays, and one who has just left, though nobody
 * waits for him; who left and is back stays, too. */
static void
test_unsaid(void **data)
{
	const char *pi = "[machine pi]\naddress = localhost\ntakes = 40\n";
	struct house *h = house(UPS("a"), PRIMARY("a"), pi);

	house_fsd(h, 0);
	house_pass(h, 15000);
	assert_true(did(h, "ORDER a delay 180\n")); /* 15 + 120 + 5 + 40 */
	house_end(h);

	h = house(UPS("a"), PRIMARY("a"), pi);
	house_login(h, 0, 9, "192.168.0.40", "other");
	house_fsd(h, 0);
	house_pass(h, 4000);
	house_session(h, POLICY_LOGOUT, 0, 9);
	house_pass(h, 6000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_true(did(h, "NOTIFY SHUTDOWN\n"));
	assert_true(did(h, "ORDER a delay 165\n")); /* 120 + 5 + 40 */
	house_end(h);

	h = house(UPS("a"), PRIMARY("a"), pi);
	house_fsd(h, 0);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_restart(h);
	house_dump(h, 0, "OL");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 45);
	house_login(h, 0, 2, NAS_AT, "nas");
	buf_clear(&h->did);
	house_pass(h, 5000);
	assert_true(did(h, "ORDER a delay 180\n"));
	house_end(h);
}

/* Who was waited for in vain may begin to stop at any moment: he has all his time. */
static void
test_late(void **data)
{
	struct house *h = house(
	    UPS("a"), PRIMARY("a"), NAS "takes = 200\nafter = 600\nwake = 0:1:2:3:4:5\n");

	house_fsd(h, 0);
	house_pass(h, 230000);
	assert_logged(h, "nas: still on, 230 s after it was told");
	house_pass(h, 5000);
	assert_true(did(h, "ORDER a delay 215\n"));
	house_end(h);
}

/* A box that serves cuts who did not leave in HOSTSYNC, but nobody who boots after that. */
static void
test_box(void **data)
{
	struct house *h = house(UPS("a"), "MONITOR a@localhost 0 u p primary\n", PLAN);

	house_status(h, 0, "OB");
	house_fsd(h, 0);
	house_pass(h, 14999);
	assert_false(did(h, "ORDER"));
	house_pass(h, 1);
	assert_true(did(h, "ORDER a cut\n"));
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, 20);
	house_login(h, 0, 7, "192.168.0.40", "desk");
	assert_true(did(h, "ORDER a cancel\n"));
	house_end(h);
}

/* The end of something else is not that of a hook. */
static void
test_other_keys(void **data)
{
	struct house *h = house(
	    UPS("a"), PRIMARY("a"), "[machine esx]\nhook = /bin/true\nafter = 60\n");
	uint32_t key;

	house_status(h, 0, "OB");
	house_pass(h, 60000);
	assert_true(did(h, "TASK tell esx\n"));
	key = h->tell_key;
	for (uint32_t other = 0; other < 8; other++) {
		h->key = other == (key & 7) ? 5 : (key & ~7U) | other;
		house_done(h, 0);
	}
	assert_not_logged(h, "its hook has ended well");
	h->key = key;
	house_done(h, 0);
	assert_logged(h, "esx: its hook has ended well");
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cut_of_one),
	    cmocka_unit_test(test_spared),
	    cmocka_unit_test(test_woken_by_both),
	    cmocka_unit_test(test_secondary_of_another),
	    cmocka_unit_test(test_one_who_stays),
	    cmocka_unit_test(test_unsaid),
	    cmocka_unit_test(test_late),
	    cmocka_unit_test(test_box),
	    cmocka_unit_test(test_other_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
