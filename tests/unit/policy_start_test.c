/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* Who may be starting is told and waited for, though nobody sees it; and who goes in an
 * outage without being told was taken down by it, too (docs/plan.md, 4 and 6). */

#define AT HOUSE_NAS_AT
#define PLAN "[plan]\nrestart = 30\ncalm = 60\n"
#define WAKE "boots = 100\nwake = 00:11:22:33:44:55\n"
#define NAS "[machine nas]\nlogin = nas\nafter = 60\ntakes = 20\n" WAKE

static struct house *
server(const char *upsmon_conf, const char *holdup_conf)
{
	struct house *h = house_new_own(SERVER_UPS, upsmon_conf, holdup_conf);

	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL");
	house_pass(h, 600000);
	buf_clear(&h->did);
	buf_clear(&h->log);
	return h;
}

static bool
has_done(struct house *h, const char *what)
{
	return strstr(buf_str(&h->did), what) != NULL;
}

/* The machine's moment comes, it goes, and is off. */
static void
go_down(struct house *h)
{
	house_login(h, 0, 1, AT, "nas");
	house_status(h, 0, "OB");
	house_pass(h, 61000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 20000);
	assert_true(has_done(h, "STAND nas off"));
	buf_clear(&h->did);
}

/* The mains returns for as long as the primary needs to boot: whoever we took down may be
 * booting, too, and sees FSD; the cut waits for `boots`. */
static void
test_boot_on_battery(void **data)
{
	struct house *h = server(SERVER_MON, PLAN NAS);

	go_down(h);
	house_reboot(h, "boot-2");
	buf_clear(&h->did);
	house_value(h, 0, POLICY_CHARGE, 20);
	house_dump(h, 0, "OB");
	assert_logged(h, "on battery at boot, charge 20 %");
	assert_logged(h, "waiting until they are off: nas (may be starting)");
	assert_true(has_done(h, "VIEW qnapups nas fsd"));
	house_pass(h, 99000);
	assert_false(has_done(h, "NOTIFY SHUTDOWN\n"));
	house_pass(h, 1000);
	assert_true(has_done(h, "NOTIFY SHUTDOWN\n"));
	house_end(h);
}

/* It logs in late: it is told, and waited for until it is off; holdupd has the time. */
static void
test_starts_late(void **data)
{
	struct house *h = server(SERVER_MON, PLAN NAS);

	go_down(h);
	house_reboot(h, "boot-2");
	house_value(h, 0, POLICY_CHARGE, 20);
	house_dump(h, 0, "OB");
	house_pass(h, 90000);
	buf_clear(&h->did);
	house_restart(h);
	house_dump(h, 0, "OB");
	house_login(h, 0, 1, AT, "nas");
	assert_true(has_done(h, "STAND nas told"));
	house_pass(h, 10000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 19999);
	assert_false(has_done(h, "NOTIFY SHUTDOWN\n"));
	house_pass(h, 1);
	assert_true(has_done(h, "NOTIFY SHUTDOWN\n"));
	assert_true(h->deadline >= h->now + 5000);
	house_end(h);
}

/* Woken, and the mains is away again before it is seen. */
static void
test_woken(void **data)
{
	struct house *h = server(SERVER_MON, PLAN NAS);

	go_down(h);
	house_status(h, 0, "OL");
	house_pass(h, 60000);
	assert_true(has_done(h, "TASK wake nas"));
	house_pass(h, 10000);
	house_status(h, 0, "OB LB");
	house_pass(h, 89999);
	assert_false(has_done(h, "NOTIFY SHUTDOWN\n"));
	house_pass(h, 1);
	assert_true(has_done(h, "NOTIFY SHUTDOWN\n"));
	house_end(h);
}

/* Its time is needed, too: here 100 s to start, HOSTSYNC, 20 s, and 125 s of our own. */
static void
test_is_needed(void **data)
{
	struct house *h = server(SERVER_MON, PLAN NAS);

	go_down(h);
	house_value(h, 0, POLICY_RUNTIME, 261);
	house_status(h, 0, "OL");
	house_pass(h, 60000);
	house_status(h, 0, "OB");
	house_pass(h, 3000);
	assert_false(has_done(h, "VIEW qnapups fsd"));
	house_value(h, 0, POLICY_RUNTIME, 240);
	house_pass(h, 6000);
	assert_true(has_done(h, "VIEW qnapups fsd"));
	house_end(h);
}

/* One that nobody can see is told by its hook while it starts; that may fail twice, the last
 * one is for a machine that is up. Its time begins then. */
static void
test_unseen(void **data)
{
	struct house *h = server(
	    SERVER_MON, PLAN "[machine vm]\nhook = x\nafter = 60\ntakes = 20\n" WAKE);

	house_status(h, 0, "OB");
	house_pass(h, 60000);
	house_done(h, 0);
	house_pass(h, 20000);
	assert_true(has_done(h, "STAND vm off"));
	house_reboot(h, "boot-2");
	buf_clear(&h->did);
	house_value(h, 0, POLICY_CHARGE, 20);
	house_dump(h, 0, "OB");
	assert_true(has_done(h, "TASK tell vm"));
	house_done(h, 256);
	house_pass(h, 10000);
	house_done(h, 256);
	buf_clear(&h->did);
	house_pass(h, 89999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "TASK tell vm\n");
	house_pass(h, 5000);
	house_done(h, 0);
	house_pass(h, 19999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_true(
	    has_done(h, "STAND vm off\nSTAND vm") || has_done(h, "NOTIFY SHUTDOWN"));
	house_end(h);
}

#define POE_MON "MONITOR qnapups@localhost 0 nut nut master\n"

/* The Pi is on PoE. The output that it had cut is back: who hangs on it starts. */
static void
test_output_returns(void **data)
{
	struct house *h = server(POE_MON, PLAN NAS);

	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 20);
	house_login(h, 0, 1, AT, "nas");
	house_status(h, 0, "OB LB");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 20000);
	assert_true(has_done(h, "ORDER qnapups cut"));
	house_pass(h, 90000);
	buf_clear(&h->did);
	house_value(h, 0, POLICY_CHARGE, 10);
	house_status(h, 0, "OL");
	house_pass(h, 20000);
	house_status(h, 0, "OB LB");
	house_pass(h, 79999);
	assert_false(has_done(h, "ORDER"));
	house_pass(h, 1);
	assert_true(has_done(h, "ORDER qnapups cut"));
	house_end(h);

	/* With the mains there once is enough. */
	h = server(POE_MON, PLAN NAS);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 20);
	house_login(h, 0, 1, AT, "nas");
	house_status(h, 0, "OB LB");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 110000);
	house_value(h, 0, POLICY_CHARGE, 10);
	buf_clear(&h->did);
	house_status(h, 0, "OL");
	house_pass(h, 3600000);
	assert_false(has_done(h, "ORDER"));
	house_end(h);
}

/* Its moment is 60 s on battery, and it takes 20 s. */
static const struct house_story stories[] = {
    {"it goes by itself before its moment, sees no FSD for that, and is woken at the end",
	PLAN NAS,
	{{"login", 1, NULL}, {"OB", 30000, NULL},
	    {"logout", 19999, "STAND nas leaving\n"}, {NULL, 1, "STAND nas off\n"},
	    {"OL", 60000,
		"NOTIFY ONLINE qnapups@localhost\nSTAND nas waking\n"
		"TASK wake nas\n"},
	    {"login", 1000, NULL}},
	"outage 1 is over; back: nas"},
    {"its upsmon was started anew: nothing has happened, it is told at its moment",
	PLAN NAS,
	{{"login", 1, NULL}, {"OB", 10000, NULL}, {"logout", 5000, "STAND nas leaving\n"},
	    {"login", 1, "STAND nas on\n"},
	    {"logout", 25000, "STAND nas leaving\nSTAND nas off\n"},
	    {"login", 19998, "STAND nas on\n"},
	    {NULL, 1, "STAND nas told\nVIEW qnapups nas fsd\n"}},
	NULL},
    {"a login that broke in the outage returns when the mains is back, or it has gone",
	PLAN NAS,
	{{"login", 1, NULL}, {"OB", 20000, NULL}, {"broken", 20000, ""},
	    {"OL", 14999, "NOTIFY ONLINE qnapups@localhost\n"},
	    {NULL, 1, "STAND nas leaving\n"},
	    {NULL, 60000, "STAND nas off\nSTAND nas waking\nTASK wake nas\n"}},
	"nas: off, though it was not told: it went by itself"},
    {"long after the return it goes for a reason of its own", PLAN NAS,
	{{"login", 1, NULL}, {"OB", 20000, NULL}, {"OL", 80000, NULL},
	    {"logout", 600000, ""}},
	NULL},
    {"it boots while it would still stop: it is on", PLAN NAS,
	{{"login", 1, NULL}, {"OB", 60000, NULL}, {"OL", 1, NULL},
	    {"logout", 15000, "STAND nas leaving\nVIEW qnapups nas hold\n"},
	    {"login", 1, "STAND nas on\n"}},
	NULL},
};

static void
test_stories(void **data)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct house *h = server(SERVER_MON, stories[i].own);

		house_tell(h, &stories[i]);
		house_end(h);
	}
}

/* A reader that learned slowly how often it comes is not taken for on while it is silent. */
static void
test_stayed_needs_a_sign(void **data)
{
	struct house *h = server(SERVER_MON,
	    PLAN "[machine nas]\naddress = " AT "\nafter = 60\ntakes = 20\n" WAKE);

	house_seen(h, 0, MACHINE_QNAP, AT);
	house_pass(h, 55000);
	house_seen(h, 0, MACHINE_QNAP, AT);
	house_status(h, 0, "OB");
	house_pass(h, 60000);
	house_status(h, 0, "OL");
	house_seen(h, 0, MACHINE_QNAP, AT);
	buf_clear(&h->did);
	house_pass(h, 164999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND nas leaving\nVIEW qnapups nas hold\n");
	house_end(h);
}

/* After a sleep of this machine nothing is decided for a moment, and all clocks begin anew:
 * what was done meanwhile is heard first. */
static void
test_slept(void **data)
{
	struct house *h = server(SERVER_MON, PLAN NAS);

	house_login(h, 0, 1, AT, "nas");
	house_status(h, 0, "OB");
	house_pass(h, 61000);
	house_status(h, 0, "OL");
	house_pass(h, 10000);
	buf_clear(&h->did);
	buf_clear(&h->log);
	h->now += 300000;
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
	house_dump(h, 0, "OL");
	house_pass(h, 30000);
	assert_not_logged(h, "still on");
	assert_not_logged(h, "on again");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 10000);
	h->now += 300000; /* it had 20 s, and may have slept, too */
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
	house_dump(h, 0, "OL");
	house_pass(h, 19000);
	assert_true(has_done(h, "STAND nas leaving\n"));
	assert_false(has_done(h, "STAND nas off\n"));
	house_pass(h, 1000);
	assert_true(has_done(h, "STAND nas off\n"));
	house_end(h);
}

/* While FSD is called on its feed it is not woken, though the mains and the charge are
 * there. */
static void
test_unfed_is_not_woken(void **data)
{
	struct house *h = server(POE_MON, PLAN NAS);

	house_login(h, 0, 1, AT, "nas");
	house_status(h, 0, "OB");
	house_pass(h, 61000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 20000);
	house_status(h, 0, "OL");
	house_pass(h, 55000);
	house_login(h, 0, 2, "192.168.0.40", "other"); /* no cut before HOSTSYNC */
	house_fsd(h, 0);
	house_pass(h, 10000);
	assert_false(has_done(h, "TASK wake"));
	house_step(h, (struct policy_event){.kind = POLICY_FORGET});
	house_pass(h, 11000);
	assert_true(has_done(h, "TASK wake"));
	house_end(h);
}

#define BOX                                      \
	"[machine box]\nhook = x\naddress = " AT \
	"\noff = ping\nafter = 60\ntakes = 40\n" WAKE

/* Each probe is answered so, for so long. */
static void
probes(struct house *h, bool answer, uint64_t ms)
{
	uint64_t end = h->now + ms;
	uint32_t tell = h->tell_key;

	while (h->now < end) {
		house_pass(h, 1000);
		if (h->key != tell && h->key != 0)
			house_done(h, answer ? 0 : 256);
		h->key = 0;
	}
}

/* A network that fails for a moment makes three misses while it stops: that it answers again
 * before its time is over means that it still stops. Then it is off, and woken. */
static void
test_answers_again(void **data)
{
	struct house *h = server(SERVER_MON, PLAN BOX);

	house_status(h, 0, "OB");
	probes(h, true, 62000);
	assert_true(has_done(h, "STAND box told"));
	house_status(h, 0, "OL");
	probes(h, false, 8000);
	assert_true(has_done(h, "STAND box off"));
	buf_clear(&h->did);
	probes(h, true, 15000);
	assert_true(has_done(h, "STAND box told"));
	house_end(h);
}

/* Nor is one off that is logged in still, as long as it is waited for. */
static void
test_logged_in(void **data)
{
	struct house *h =
	    server(SERVER_MON, PLAN "[machine box]\nlogin = nas\naddress = " AT
				    "\noff = ping\nafter = 60\ntakes = 40\n");

	house_login(h, 0, 1, AT, "nas");
	house_status(h, 0, "OB");
	probes(h, true, 62000);
	assert_true(has_done(h, "STAND box told"));
	probes(h, false, 15000);
	assert_false(has_done(h, "STAND box off"));
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_true(has_done(h, "STAND box off"));
	house_end(h);
}

/* The primary boots faster than the NAS stops: that is back, and then it goes. */
static void
test_goes_after_it_is_back(void **data)
{
	struct house *h = server(SERVER_MON, PLAN NAS);

	house_login(h, 0, 1, AT, "nas");
	house_status(h, 0, "OB");
	house_pass(h, 61000);
	house_reboot(h, "boot-2");
	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL");
	house_pass(h, 12000);
	house_login(h, 0, 1, AT, "nas");
	house_pass(h, 5000);
	buf_clear(&h->did);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 100000);
	assert_did(
	    h, "STAND nas leaving\nSTAND nas off\nSTAND nas waking\nTASK wake nas\n");
	house_end(h);
}

/* One that is off by probes, too; an output that is off wakes nobody. */
static void
test_probed_goes_again(void **data)
{
	struct house *h = server(SERVER_MON, PLAN BOX);

	house_status(h, 0, "OB");
	probes(h, true, 62000);
	probes(h, false, 50000);
	assert_true(has_done(h, "STAND box off"));
	house_status(h, 0, "OL");
	probes(h, false, 50000);
	house_status(h, 0, "OL OFF");
	probes(h, false, 20000);
	assert_false(has_done(h, "STAND box waking"));
	house_status(h, 0, "OL");
	probes(h, false, 62000);
	assert_true(has_done(h, "STAND box waking"));
	probes(h, true, 20000);
	assert_true(has_done(h, "STAND box on"));
	buf_clear(&h->did);
	probes(h, false, 150000);
	assert_true(has_done(h, "STAND box off"));
	assert_true(has_done(h, "STAND box waking"));
	house_end(h);
}

/* One that was woken answers before it logs in: that is no going. */
static void
test_answers_before_login(void **data)
{
	struct house *h =
	    server(SERVER_MON, PLAN "[machine nas]\nlogin = nas\naddress = " AT
				    "\nafter = 60\ntakes = 20\n" WAKE);

	go_down(h);
	house_status(h, 0, "OL");
	house_pass(h, 63000);
	assert_true(has_done(h, "TASK wake nas\n"));
	buf_clear(&h->did);
	house_done(h, 0); /* a probe */
	house_pass(h, 60000);
	assert_did(h, "STAND nas on\n");
	house_end(h);
}

/* Back on battery is not back for good: nothing is reported before the mains is there. */
static void
test_back_on_battery(void **data)
{
	struct house *h = server(SERVER_MON, PLAN NAS);

	go_down(h);
	house_status(h, 0, "OL");
	house_pass(h, 61000);
	house_status(h, 0, "OB");
	house_login(h, 0, 2, AT, "nas");
	house_pass(h, 6000);
	assert_true(has_done(h, "STAND nas on"));
	assert_not_logged(h, "is over");
	buf_clear(&h->did);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 20000);
	house_status(h, 0, "OL");
	house_pass(h, 61000);
	assert_true(has_done(h, "TASK wake nas"));
	house_end(h);
}

/* One of its two UPSes is lost just after the mains is back for both: that is no reason to go
 * down again. */
static void
test_lost_at_the_return(void **data)
{
	struct house *h = house_new_own("[one]\ndriver = usbhid-ups\nport = auto\n"
					"[two]\ndriver = usbhid-ups\nport = auto\n",
	    "MONITOR one@localhost 1 u p master\n",
	    PLAN NAS "feeds = one, two\nneeds = 2\n");

	for (size_t row = 0; row < 2; row++) {
		house_value(h, row, POLICY_CHARGE, 100);
		house_dump(h, row, "OL");
	}
	go_down(h);
	house_status(h, 1, "OB");
	house_status(h, 0, "OL");
	house_status(h, 1, "OL");
	house_pass(h, 6000);
	house_source(h, 1, FEED_STALE);
	house_pass(h, 60000);
	buf_clear(&h->did);
	house_login(h, 0, 2, AT, "nas");
	assert_true(has_done(h, "STAND nas on"));
	house_end(h);
}

#define SERVES "MONITOR qnapups@localhost 0 nut nut primary\n"
#define ESXI "[machine esxi]\naddress = " AT "\nhook = /stop\n"

/* It did not answer before its time was over, and its output was off since: who answers then
 * has started, and stays. */
static void
test_answers_after_cut(void **data)
{
	static const struct {
		const char *away, *stand;
	} rows[] = {{"OB", "STAND esxi told"}, {"OB OFF", "STAND esxi on"}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h =
		    server(SERVES, ESXI "off = ping\nafter = 5\nboots = 100\n");

		house_status(h, 0, "OB");
		house_pass(h, 6000);
		house_step(h, (struct policy_event){
				  .kind = POLICY_DONE, .key = h->tell_key, .done = 0});
		for (int miss = 0; miss < 3; miss++) {
			house_done(h, 256);
			house_pass(h, 2000);
		}
		assert_true(has_done(h, "STAND esxi off"));
		house_status(h, 0, rows[i].away);
		house_pass(h, 1000);
		house_status(h, 0, "OL");
		buf_clear(&h->did);
		for (int s = 0; s < 50; s++) {
			house_pass(h, 1000);
			if (s > 15)
				house_done(h, 0);
		}
		assert_true(has_done(h, rows[i].stand));
		house_end(h);
	}
}

/* FSD by hand counts no outage: what was done before in the last one is remembered, over a
 * boot, too, so that no key comes again. */
static void
test_keys_of_an_outage(void **data)
{
	struct house *h =
	    server(SERVES, "[machine esxi]\nhook = /stop\ntakes = 5\nboots = 10\n");
	uint32_t key;

	house_fsd(h, 0);
	house_pass(h, 1000);
	house_done(h, 0);
	key = h->tell_key;
	assert_true(has_done(h, "TASK tell esxi"));
	house_pass(h, 600000);
	assert_true(has_done(h, "STAND esxi on"));
	house_reboot(h, "boot-2");
	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL");
	house_pass(h, 600000);
	buf_clear(&h->did);
	house_fsd(h, 0);
	house_pass(h, 1000);
	assert_true(has_done(h, "TASK tell esxi"));
	assert_int_not_equal(h->tell_key, key);
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_boot_on_battery),
	    cmocka_unit_test(test_starts_late),
	    cmocka_unit_test(test_woken),
	    cmocka_unit_test(test_is_needed),
	    cmocka_unit_test(test_unseen),
	    cmocka_unit_test(test_output_returns),
	    cmocka_unit_test(test_stories),
	    cmocka_unit_test(test_stayed_needs_a_sign),
	    cmocka_unit_test(test_slept),
	    cmocka_unit_test(test_unfed_is_not_woken),
	    cmocka_unit_test(test_answers_again),
	    cmocka_unit_test(test_logged_in),
	    cmocka_unit_test(test_goes_after_it_is_back),
	    cmocka_unit_test(test_probed_goes_again),
	    cmocka_unit_test(test_answers_before_login),
	    cmocka_unit_test(test_back_on_battery),
	    cmocka_unit_test(test_lost_at_the_return),
	    cmocka_unit_test(test_answers_after_cut),
	    cmocka_unit_test(test_keys_of_an_outage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
