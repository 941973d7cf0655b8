/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* FSD is a lease, and the way back (docs/plan.md, 6). */

#define PLAN "[plan]\nrestart = 30\ncalm = 60\n"
#define NAS "[machine nas]\nlogin = admin\nafter = 60\ntakes = 20\nboots = 100\n"
#define WAKES "wake = 00:11:22:33:44:55\n"
#define ESXI                                                                 \
	"[machine esxi]\nhook = /stop\noff = ping\naddress = 192.168.0.40\n" \
	"wake-hook = /start\nafter = 60\nboots = 100\n"
#define NAS_AT "192.168.0.20"
#define SERVES "MONITOR qnapups@localhost 0 nut nut primary\n"

/* One UPS, full, on mains for long. */
static struct house *
house(const char *upsmon_conf, const char *holdup_conf)
{
	struct house *h = house_new_own(SERVER_UPS, upsmon_conf, holdup_conf);

	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL");
	house_pass(h, 600000);
	buf_clear(&h->did);
	buf_clear(&h->log);
	return h;
}

/* True when the last thing that was shown to everybody is this. */
static bool
shows(struct house *h, const char *view)
{
	const char *last = NULL, *at = buf_str(&h->did);
	char line[64];

	while ((at = strstr(at, "VIEW qnapups ")) != NULL) {
		static const char *const views[] = {"none\n", "fsd\n", "old\n"};

		at += strlen("VIEW qnapups ");
		for (size_t i = 0; i < 3; i++)
			if (strncmp(at, views[i], strlen(views[i])) == 0)
				last = at;
	}
	snprintf(line, sizeof(line), "%s\n", view);
	return last != NULL && strncmp(last, line, strlen(line)) == 0;
}

static size_t
times(struct house *h, const char *line)
{
	size_t count = 0;

	for (const char *at = buf_str(&h->did); (at = strstr(at, line)) != NULL; at++)
		count++;
	return count;
}

/* FSD that somebody else called ends when the mains is calm and the charge above the mark;
 * from ten seconds on it is an old one. */
static void
test_lease(void **data)
{
	struct house *h = house("", PLAN);

	house_status(h, 0, "OB");
	house_value(h, 0, POLICY_CHARGE, 12);
	house_fsd(h, 0);
	assert_did(h, "VIEW qnapups fsd\n");
	house_pass(h, 600000);
	house_status(h, 0, "OL");
	house_pass(h, 9999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "VIEW qnapups old\n");
	house_pass(h, 600000);
	assert_did(h, "");
	house_value(h, 0, POLICY_CHARGE, 30);
	assert_did(h, "VIEW qnapups none\n");
	assert_logged(h, "ups qnapups: the forced shutdown is over: on mains for");
	/* A new outage calls it anew, with the mains there, too. */
	house_fsd(h, 0);
	house_pass(h, 14000);
	assert_did(h, "VIEW qnapups fsd\n");
	house_pass(h, 1000);
	assert_did(h, "VIEW qnapups old\n");
	house_pass(h, 45000);
	assert_did(h, "VIEW qnapups none\n");
	house_end(h);
}

/* A cable that is lost on mains keeps nobody who boots from staying on; it is over when the
 * driver is back. */
static void
test_lease_lost(void **data)
{
	struct house *h = house(SERVES, PLAN NAS);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_status(h, 0, "OB LB");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 30000);
	buf_clear(&h->did);
	house_status(h, 0, "OL");
	house_pass(h, 5000);
	house_source(h, 0, FEED_LOST);
	house_pass(h, 4999);
	assert_int_equal(times(h, "VIEW"), 0);
	house_pass(h, 1);
	assert_int_equal(times(h, "VIEW qnapups old\n"), 1);
	house_pass(h, 90000);
	assert_int_equal(times(h, "VIEW qnapups nas hold\n"), 1);
	assert_int_equal(times(h, "VIEW"), 2);
	house_dump(h, 0, "OL");
	assert_int_equal(times(h, "VIEW qnapups none\n"), 1);
	house_end(h);
}

/* The mains goes again: it stays old for those who were there, and nothing ends. Called
 * again, it is a new one. */
static void
test_lease_and_another_outage(void **data)
{
	struct house *h = house("", PLAN);

	house_status(h, 0, "OB");
	house_fsd(h, 0);
	house_status(h, 0, "OL");
	house_pass(h, 20000);
	assert_did(h, "VIEW qnapups fsd\nVIEW qnapups old\n");
	house_status(h, 0, "OB");
	house_pass(h, 600000);
	assert_did(h, "");
	house_fsd(h, 0);
	house_status(h, 0, "OL");
	house_pass(h, 9999);
	assert_did(h, "VIEW qnapups fsd\n");
	house_pass(h, 60000);
	assert_did(h, "VIEW qnapups old\nVIEW qnapups none\n");
	house_end(h);
}

/* What is lost, or not calm, ends nothing. */
static void
test_lease_needs_calm(void **data)
{
	struct house *h = house("", PLAN);

	house_status(h, 0, "OB");
	house_fsd(h, 0);
	for (int i = 0; i < 20; i++) {
		house_status(h, 0, "OL");
		house_pass(h, 59000);
		house_status(h, 0, "OB");
		house_pass(h, 1000);
	}
	house_status(h, 0, "OL");
	house_source(h, 0, FEED_LOST);
	house_pass(h, 600000);
	assert_false(shows(h, "none"));
	house_dump(h, 0, "OL");
	assert_true(shows(h, "none"));
	house_end(h);
}

/* Each row: what happened since FSD; then somebody logs in: what does he see? */
static void
test_lease_table(void **data)
{
	enum { RESTART = 1, REBOOT = 2 };
	static const struct row {
		const char *status;
		double charge;
		unsigned after_s, how;
		const char *view; /* of everybody */
	} rows[] = {
	    {"OB", 50, 5, 0, "fsd"},
	    {"OB", 50, 5, RESTART, "fsd"},
	    {"OL", 50, 5, RESTART, "fsd"},
	    {"OL", 50, 20, 0, "old"},
	    {"OL", 50, 20, RESTART, "old"},
	    {"OL", 12, 3000, RESTART, "old"},
	    {"OL", 50, 61, 0, "none"},
	    {"OL", 50, 61, RESTART, "none"},
	    {"OL", 12, 5, REBOOT, NULL}, /* never shown in this boot */
	    {"OL", 50, 61, REBOOT, NULL},
	    {"OB", 50, 5, REBOOT, NULL},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct house *h = house("", PLAN);

		house_status(h, 0, "OB");
		house_value(h, 0, POLICY_CHARGE, 50);
		house_fsd(h, 0);
		house_pass(h, 30000);
		if (r->how == REBOOT) {
			buf_clear(&h->did);
			house_reboot(h, "boot-2");
		}
		house_value(h, 0, POLICY_CHARGE, r->charge);
		house_dump(h, 0, r->status);
		house_pass(h, r->after_s * 1000 / 2);
		if (r->how == RESTART) {
			house_restart(h);
			house_dump(h, 0, r->status);
		}
		house_pass(h, r->after_s * 1000 / 2 + 500);
		if (r->how == RESTART) {
			buf_clear(&h->did);
			house_restart(h);
			house_dump(h, 0, r->status);
		}
		if (r->view == NULL || strcmp(r->view, "none") == 0) {
			if (shows(h, "fsd") || shows(h, "old"))
				fail_msg("row %zu: %s", i, buf_str(&h->did));
		} else if (!shows(h, r->view))
			fail_msg("row %zu: %s", i, buf_str(&h->did));
		house_end(h);
	}
}

static void
test_forget(void **data)
{
	struct house *h = house("", PLAN);
	const struct policy_event forget = {.kind = POLICY_FORGET};

	house_step(h, forget);
	assert_logged(h, "no forced shutdown is there to be given up");
	house_status(h, 0, "OB");
	house_fsd(h, 0);
	house_step(h, forget);
	assert_did(h, "VIEW qnapups fsd\nVIEW qnapups none\n");
	house_end(h);

	h = house(SERVER_MON, PLAN);
	house_status(h, 0, "OB");
	house_fsd(h, 0);
	house_step(h, forget);
	assert_logged(h, "cannot be given up: this machine is going down");
	assert_true(shows(h, "fsd"));
	house_end(h);
}

/* This machine's own way down is not stopped by the mains, nor is FSD an old one then. */
static void
test_own_way_down(void **data)
{
	struct house *h = house(SERVER_MON, PLAN);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_status(h, 0, "OB");
	house_fsd(h, 0);
	house_status(h, 0, "OL");
	house_pass(h, 3600000);
	assert_true(shows(h, "fsd"));
	assert_true(times(h, "SHUTDOWN cut\n") > 10);
	house_end(h);
}

/* Down, and up again: by the first readings of the boot. */
static void
test_boot(void **data)
{
	static const struct row {
		const char *upsmon_conf, *holdup_conf, *status;
		double charge;
		bool went_down, down;
	} rows[] = {
	    {SERVER_MON, PLAN, "OL", 5, true, false},
	    {SERVER_MON, PLAN, "OB", 29, true, true},
	    {SERVER_MON, PLAN, "OB", 30, true, false},
	    {SERVER_MON, PLAN, "OB", NAN, true, true},
	    {SERVER_MON, PLAN, "OB OFF", 90, true, true}, /* it carries nobody */
	    {SERVER_MON, PLAN, "OB", 29, false, true},
	    {SERVER_MON, "", "OB", 29, true, true},
	    /* As NUT: without a plan, and when we did not take it down. */
	    {SERVER_MON, "", "OB", 29, false, false},
	    {SERVES, PLAN, "OB", 29, true, false},
	    {"", PLAN, "OB", 29, true, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct house *h = house(r->upsmon_conf, r->holdup_conf);

		house_status(h, 0, "OB");
		if (r->went_down)
			house_fsd(h, 0);
		house_pass(h, 60000);
		house_reboot(h, "boot-2");
		buf_clear(&h->did);
		house_value(h, 0, POLICY_CHARGE, r->charge);
		house_dump(h, 0, r->status);
		house_pass(h, 30000);
		if ((times(h, "SHUTDOWN") > 0) != r->down)
			fail_msg("row %zu: %s", i, buf_str(&h->did));
		house_end(h);
	}
}

/* The charge may be told after the status. */
static void
test_boot_waits_for_the_charge(void **data)
{
	struct house *h = house(SERVER_MON, PLAN);

	house_reboot(h, "boot-2");
	house_value(h, 0, POLICY_CHARGE, NAN);
	house_dump(h, 0, "OB");
	house_pass(h, 4900);
	house_value(h, 0, POLICY_CHARGE, 80);
	house_pass(h, 60000);
	assert_int_equal(times(h, "SHUTDOWN"), 0);
	house_end(h);
}

/* What was read once decides: hours later a low charge is a matter of the plan. */
static void
test_boot_is_judged_once(void **data)
{
	struct house *h = house(SERVER_MON, PLAN);

	house_reboot(h, "boot-2");
	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL");
	house_pass(h, 600000);
	house_status(h, 0, "OB");
	house_value(h, 0, POLICY_CHARGE, 29);
	house_pass(h, 60000);
	assert_int_equal(times(h, "SHUTDOWN"), 0);
	/* A crash between the first step and the first reading loses nothing. */
	house_reboot(h, "boot-3");
	house_pass(h, 1000);
	house_restart(h);
	house_value(h, 0, POLICY_CHARGE, 29);
	house_dump(h, 0, "OB");
	house_pass(h, 60000);
	assert_true(times(h, "SHUTDOWN") > 0);
	house_end(h);
}

/* The NAS was taken down, this machine was not: the power race. */
static struct house *
nas_off(const char *holdup_conf)
{
	struct house *h = house(SERVER_MON, holdup_conf);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_status(h, 0, "OB");
	house_value(h, 0, POLICY_CHARGE, 70);
	house_pass(h, 61000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 21000);
	assert_int_equal(times(h, "STAND nas off\n"), 1);
	buf_clear(&h->did);
	return h;
}

static void
test_power_race(void **data)
{
	struct house *h = nas_off(PLAN NAS WAKES);
	uint32_t first;

	house_status(h, 0, "OL");
	house_pass(h, 59999);
	assert_int_equal(times(h, "TASK"), 0);
	house_pass(h, 1);
	assert_int_equal(times(h, "STAND nas waking\nTASK wake nas\n"), 1);
	first = h->key;
	house_pass(h, 99999);
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	house_pass(h, 1);
	assert_int_equal(times(h, "TASK wake nas\n"), 2);
	assert_true(h->key != first);
	house_login(h, 0, 2, NAS_AT, "admin");
	house_pass(h, 1000);
	assert_int_equal(times(h, "STAND nas on\n"), 1);
	assert_logged(h, "outage 1 is over; back: nas\n");
	house_pass(h, 3600000);
	assert_int_equal(times(h, "TASK wake nas\n"), 2);
	house_end(h);
}

/* One that seems to have stayed on is woken all the same, once: its connection may be one
 * that nobody closed. */
static void
test_stayed_on(void **data)
{
	struct house *h = house(SERVER_MON, PLAN NAS WAKES);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_status(h, 0, "OB");
	house_pass(h, 61000);
	house_status(h, 0, "OL");
	house_pass(h, 600000);
	assert_int_equal(times(h, "STAND nas on\n"), 1);
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	assert_logged(h, "outage 1 is over; back: nas\n");
	house_end(h);
}

/* Five times, and then it is said. */
static void
test_never_back(void **data)
{
	struct house *h = nas_off(PLAN NAS WAKES);

	house_status(h, 0, "OL");
	house_pass(h, 60000 + 5 * 100000 + 2000);
	assert_int_equal(times(h, "TASK wake nas\n"), 5);
	assert_int_equal(times(h, "STAND nas off\n"), 1);
	assert_logged(h, "outage 1 is over; back: nobody; not back: nas\n");
	house_pass(h, 3600000);
	assert_int_equal(times(h, "TASK wake nas\n"), 5);
	/* It comes late, and is one like the others again. */
	house_login(h, 0, 2, NAS_AT, "admin");
	assert_int_equal(times(h, "STAND nas on\n"), 1);
	house_end(h);
}

/* Nothing wakes it but the mains: it is waited for. */
static void
test_waited_for(void **data)
{
	struct house *h = nas_off(PLAN NAS);

	house_status(h, 0, "OL");
	house_pass(h, 60000 + 199000);
	house_login(h, 0, 2, NAS_AT, "admin");
	house_pass(h, 1000);
	assert_int_equal(times(h, "TASK"), 0);
	assert_logged(h, "outage 1 is over; back: nas\n");
	house_end(h);
}

/* Of one that nobody can see it is believed, so that the next outage tells it again. */
static void
test_unseen(void **data)
{
	struct house *h = house(SERVER_MON,
	    PLAN "[machine box]\nhook = /stop\nwake-hook = /start\nafter = 60\n"
		 "takes = 20\nboots = 100\n");

	for (int i = 1; i <= 2; i++) {
		buf_clear(&h->did);
		house_status(h, 0, "OB");
		house_pass(h, 61000);
		house_done(h, 0);
		house_pass(h, 30000);
		assert_int_equal(times(h, "TASK tell box\n"), 1);
		assert_int_equal(times(h, "STAND box off\n"), 1);
		house_status(h, 0, "OL");
		house_pass(h, 60000);
		assert_int_equal(times(h, "TASK wake box\n"), 1);
		house_pass(h, 101000);
		assert_int_equal(times(h, "STAND box on\n"), 1);
		assert_int_equal(times(h, "TASK wake box\n"), 1);
	}
	assert_logged(h, "outage 2 is over; back: box\n");
	house_end(h);
}

/* The charge must be there as well; and the mains that goes again stops the waking. */
static void
test_wake_rests(void **data)
{
	struct house *h = nas_off(PLAN NAS WAKES);

	house_status(h, 0, "OL");
	house_value(h, 0, POLICY_CHARGE, 20);
	house_pass(h, 600000);
	assert_int_equal(times(h, "TASK"), 0);
	house_value(h, 0, POLICY_CHARGE, 30);
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	house_pass(h, 50000);
	house_status(h, 0, "OB");
	house_pass(h, 30000);
	assert_int_equal(times(h, "STAND nas off\n"), 1);
	/* It has heard the first call: its moment counts from the new outage on. */
	house_login(h, 0, 2, NAS_AT, "admin");
	house_pass(h, 1000);
	assert_int_equal(times(h, "STAND nas on\n"), 1);
	house_pass(h, 30000);
	assert_int_equal(times(h, "STAND nas told\n"), 1);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 21000);
	buf_clear(&h->did);
	buf_clear(&h->log);
	house_status(h, 0, "OL");
	house_pass(h, 60000);
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	house_login(h, 0, 3, NAS_AT, "admin");
	house_pass(h, 1000);
	assert_logged(h, "outage 2 is over; back: nas\n");
	house_end(h);
}

/* Time passes; whatever is asked for ends with this. */
static void
pass_answered(struct house *h, unsigned seconds, int status)
{
	for (unsigned i = 0; i < seconds; i++) {
		house_pass(h, 1000);
		house_done(h, status);
	}
}

/* In the order of the file: the second when the first is there, or has had its time. */
static void
test_order(void **data)
{
	struct house *h = house(SERVER_MON, PLAN NAS WAKES ESXI);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_status(h, 0, "OB");
	pass_answered(h, 61, 0);
	house_session(h, POLICY_LOGOUT, 0, 1);
	pass_answered(h, 60, 1);
	assert_int_equal(times(h, "STAND esxi off\n"), 1);
	buf_clear(&h->did);
	house_status(h, 0, "OL");
	pass_answered(h, 60, 1);
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	assert_int_equal(times(h, "TASK wake esxi\n"), 0);
	pass_answered(h, 101, 1);
	assert_int_equal(times(h, "TASK wake esxi\n"), 1);
	house_login(h, 0, 2, NAS_AT, "admin");
	pass_answered(h, 5, 0);
	assert_logged(h, "outage 1 is over; back: nas, esxi\n");
	house_end(h);

	h = house(SERVER_MON, PLAN NAS WAKES ESXI);
	house_login(h, 0, 1, NAS_AT, "admin");
	house_status(h, 0, "OB");
	pass_answered(h, 61, 0);
	house_session(h, POLICY_LOGOUT, 0, 1);
	pass_answered(h, 60, 1);
	house_status(h, 0, "OL");
	pass_answered(h, 80, 1);
	assert_int_equal(times(h, "TASK wake esxi\n"), 0);
	house_login(h, 0, 2, NAS_AT, "admin");
	pass_answered(h, 1, 1);
	assert_int_equal(times(h, "TASK wake esxi\n"), 1);
	house_end(h);
}

/* All of it over our own power-off; and over a kill at each second of the way back. */
static void
test_over_the_power(void **data)
{
	struct house *h = nas_off(PLAN NAS WAKES);

	house_status(h, 0, "OB LB");
	house_pass(h, 30000);
	assert_int_equal(times(h, "SHUTDOWN cut\n") > 0, 1);
	house_reboot(h, "boot-2");
	buf_clear(&h->did);
	house_value(h, 0, POLICY_CHARGE, 40);
	house_dump(h, 0, "OL");
	assert_logged(h, "this machine is up again after outage 1");
	for (int i = 0; i < 130; i++) {
		house_pass(h, 1000);
		house_restart(h);
		house_value(h, 0, POLICY_CHARGE, 40);
		house_dump(h, 0, "OL");
	}
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	assert_int_equal(times(h, "VIEW qnapups fsd\n"), 0);
	house_reboot(h, "boot-3");
	house_value(h, 0, POLICY_CHARGE, 40);
	house_dump(h, 0, "OL");
	house_login(h, 0, 2, NAS_AT, "admin");
	house_pass(h, 61000);
	assert_logged(h, "outage 1 is over; back: nas\n");
	house_end(h);
}

/* One that answers a probe is on, and need not have logged in when the mains fails again: for
 * its `boots` it is there. */
static void
test_on_without_login(void **data)
{
	for (int late = 0; late < 2; late++) {
		struct house *h = nas_off(PLAN NAS WAKES "address = " NAS_AT "\n");

		house_status(h, 0, "OL");
		house_pass(h, 61000);
		assert_int_equal(times(h, "TASK probe nas\n"), 1);
		house_done(h, 0);
		assert_int_equal(times(h, "STAND nas on\n"), 1);
		house_pass(h, late ? 40000 : 39000);
		house_status(h, 0, "OB");
		buf_clear(&h->log);
		house_pass(h, 60000);
		if (late)
			assert_logged(h, "nas: its moment has come, but it is not there");
		else
			assert_logged(h, "nas: told to go down");
		house_end(h);
	}
}

/* The power goes again while it boots: the next try is another one. And while the output is
 * about to be cut, by an order of the boot before, nobody is woken. */
static void
test_power_goes_while_it_boots(void **data)
{
	struct house *h = nas_off(PLAN NAS WAKES);
	uint32_t first;

	house_status(h, 0, "OB LB");
	house_pass(h, 30000);
	house_reboot(h, "boot-2");
	buf_clear(&h->did);
	house_value(h, 0, POLICY_CHARGE, 40);
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, 50);
	house_dump(h, 0, "OL");
	house_pass(h, 90000);
	assert_int_equal(times(h, "TASK wake nas\n"), 0);
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, -1);
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	first = h->key;
	house_reboot(h, "boot-3");
	house_value(h, 0, POLICY_CHARGE, 40);
	house_dump(h, 0, "OL");
	house_pass(h, 61000);
	assert_int_equal(times(h, "TASK wake nas\n"), 2);
	assert_true(h->key != first);
	house_end(h);
}

/* On battery nobody is woken, however often we boot. */
static void
test_boot_on_battery_wakes_nobody(void **data)
{
	struct house *h = nas_off(PLAN NAS WAKES);

	house_status(h, 0, "OB LB");
	house_pass(h, 30000);
	buf_clear(&h->did);
	for (int i = 2; i < 5; i++) {
		char boot[16];

		snprintf(boot, sizeof(boot), "boot-%d", i);
		house_reboot(h, boot);
		house_value(h, 0, POLICY_CHARGE, 20);
		house_dump(h, 0, "OB");
		house_pass(h, 600000);
		assert_logged(h, "on battery at boot, charge 20 % (restart at 30 %)");
	}
	assert_int_equal(times(h, "TASK"), 0);
	house_end(h);
}

/* Nor as long as the UPS of this machine is silent, though theirs is back: nobody knows yet
 * whether this machine stays. */
static void
test_boot_silent_wakes_nobody(void **data)
{
	struct house *h = house_new_own("[own]\ndriver = x\nport = y\n"
					"[far]\ndriver = x\nport = y\n",
	    "MONITOR own@localhost 1 u p primary\n"
	    "MONITOR far@localhost 0 u p primary\n",
	    PLAN NAS WAKES "feeds = far\n");

	for (size_t row = 0; row < 2; row++) {
		house_value(h, row, POLICY_CHARGE, 100);
		house_dump(h, row, "OL");
	}
	house_login(h, 1, 1, NAS_AT, "admin");
	house_status(h, 1, "OB");
	house_pass(h, 61000);
	house_session(h, POLICY_LOGOUT, 1, 1);
	house_reboot(h, "boot-2");
	buf_clear(&h->did);
	house_value(h, 1, POLICY_CHARGE, 100);
	house_dump(h, 1, "OL");
	house_pass(h, 3600000);
	assert_int_equal(times(h, "TASK"), 0);
	house_value(h, 0, POLICY_CHARGE, 100);
	house_dump(h, 0, "OL");
	house_pass(h, 1000);
	assert_int_equal(times(h, "TASK wake nas\n"), 1);
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lease),
	    cmocka_unit_test(test_lease_lost),
	    cmocka_unit_test(test_lease_and_another_outage),
	    cmocka_unit_test(test_lease_needs_calm),
	    cmocka_unit_test(test_lease_table),
	    cmocka_unit_test(test_forget),
	    cmocka_unit_test(test_own_way_down),
	    cmocka_unit_test(test_boot),
	    cmocka_unit_test(test_boot_waits_for_the_charge),
	    cmocka_unit_test(test_boot_is_judged_once),
	    cmocka_unit_test(test_power_race),
	    cmocka_unit_test(test_stayed_on),
	    cmocka_unit_test(test_never_back),
	    cmocka_unit_test(test_waited_for),
	    cmocka_unit_test(test_unseen),
	    cmocka_unit_test(test_wake_rests),
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_over_the_power),
	    cmocka_unit_test(test_on_without_login),
	    cmocka_unit_test(test_power_goes_while_it_boots),
	    cmocka_unit_test(test_boot_on_battery_wakes_nobody),
	    cmocka_unit_test(test_boot_silent_wakes_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
