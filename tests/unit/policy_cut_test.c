/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* The cut that is armed while this machine still runs (docs/plan.md, 6). */

#define SERVES "MONITOR qnapups@localhost 0 nut nut primary\n"
#define SECONDARY "MONITOR qnapups@localhost 1 nut nut secondary\n"
#define NAS_AT "192.168.0.20"
#define PLAN "[plan]\nrestart = 30\ncalm = 60\n"
#define NEEDED 125 /* s: FINALDELAY, and this machine's own 120 s */

/* On battery, with this delay that can be set (NAN: it cannot). */
static struct house *
house(const char *upsmon_conf, const char *holdup_conf, double delay)
{
	struct house *h = house_new_own(SERVER_UPS, upsmon_conf, holdup_conf);

	house_value(h, 0, POLICY_CHARGE, 100);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, delay);
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, -1);
	house_dump(h, 0, "OL");
	house_pass(h, 1000);
	house_status(h, 0, "OB");
	buf_clear(&h->did);
	return h;
}

/* FSD, until FINALDELAY begins. */
static void
final(struct house *h)
{
	house_fsd(h, 0);
	while (strstr(buf_str(&h->did), "NOTIFY SHUTDOWN\n") == NULL)
		house_pass(h, 1000);
}

/* The orders and SHUTDOWN, in their order. */
static void
assert_orders(struct house *h, const char *wanted)
{
	char *text = xstrdup(buf_str(&h->did)), *rest = text, *line;
	struct buf orders = {0};

	while ((line = strsep(&rest, "\n")) != NULL)
		if (strncmp(line, "ORDER", 5) == 0 || strncmp(line, "SHUTDOWN", 8) == 0)
			buf_printf(&orders, "%s\n", line);
	assert_string_equal(buf_str(&orders), wanted);
	buf_free(&orders);
	buf_clear(&h->did);
	free(text);
}

/* What is needed is set and read back, then ordered as this machine goes down. */
static void
test_armed(void **data)
{
	struct house *h = house(SERVER_MON, "", 20);

	final(h);
	assert_orders(h, "ORDER qnapups delay 125\n");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
	house_pass(h, 4999);
	assert_orders(h, "");
	house_pass(h, 1);
	assert_orders(h, "SHUTDOWN cut\nORDER qnapups cut\n");
	assert_logged(h, "ups qnapups: it is told to cut its output in 125 s");
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, 125);
	house_pass(h, 20000);
	assert_orders(h, "SHUTDOWN cut\nSHUTDOWN cut\nSHUTDOWN cut\nSHUTDOWN cut\n");
	assert_not_logged(h, "ignores");
	house_end(h);
}

/* One that keeps a longer delay does no harm; what is read back late is what it counts. */
static void
test_longer(void **data)
{
	struct house *h = house(SERVER_MON, "", 600);

	final(h);
	house_pass(h, 5000);
	assert_orders(h, "ORDER qnapups delay 125\nSHUTDOWN cut\nORDER qnapups cut\n");
	assert_logged(h, "cut its output in 600 s");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, NEEDED);
	house_pass(h, 10000);
	assert_not_logged(h, "not armed");
	house_end(h);
}

/* All are cut at once: who hangs on two, and starts when the power comes, must lose both. */
static void
test_at_once(void **data)
{
	/* Where nobody hangs on both, the one has no business with the other. */
	for (int both = 0; both < 2; both++) {
		struct house *h = house_new_own(
		    "[a]\ndriver = x\nport = y\n[b]\ndriver = x\nport = y\n",
		    "MONITOR a@localhost 1 u p primary\nMONITOR b@localhost 0 u p "
		    "primary\n",
		    both ? "[machine nas]\nlogin = admin\nfeeds = a, b\ntakes = 20\n"
			 : "[machine nas]\nlogin = admin\nfeeds = b\ntakes = 20\n");

		for (size_t row = 0; row < 2; row++) {
			house_value(h, row, POLICY_DELAY_SHUTDOWN, 20);
			house_dump(h, row, "OL");
		}
		final(h);
		assert_orders(h, "ORDER a delay 125\nORDER b delay 125\n");
		/* One that cannot is left to the late hook, and so are all. */
		house_value(h, 0, POLICY_DELAY_SHUTDOWN, 125);
		house_value(h, 1, POLICY_DELAY_SHUTDOWN, 125);
		house_pass(h, 5000);
		assert_orders(h, "SHUTDOWN cut\nORDER a cut\nORDER b cut\n");
		house_value(h, 0, POLICY_TIMER_SHUTDOWN, 124);
		house_value(h, 1, POLICY_DELAY_SHUTDOWN, 60);
		assert_orders(h, both ? "ORDER a cancel\n" : "");
		house_end(h);
	}
}

/* A device that caps its delay at 60 s under a machine that needs 120 s is not armed. */
static void
test_capped(void **data)
{
	struct house *h = house(SERVER_MON, "", 20);

	final(h);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 60);
	house_pass(h, 20000);
	assert_orders(h,
	    "ORDER qnapups delay 125\nSHUTDOWN cut\nSHUTDOWN cut\nSHUTDOWN cut\n"
	    "SHUTDOWN cut\n");
	assert_logged(h, "ups qnapups: it waits 60 s at most, and 125 s are needed");
	house_end(h);

	/* One whose cap shows when it counts: its driver has cancelled that. */
	h = house(SERVER_MON, "", 20);
	final(h);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
	house_pass(h, 5000);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 60);
	house_pass(h, 20000);
	assert_orders(h,
	    "ORDER qnapups delay 125\nSHUTDOWN cut\nORDER qnapups cut\nSHUTDOWN cut\n"
	    "SHUTDOWN cut\nSHUTDOWN cut\nSHUTDOWN cut\n");
	assert_logged(h, "ups qnapups: it counts only 60 s of 125 s: not armed");
	house_end(h);
}

/* What cannot be set is left to the late hook, in silence of orders. */
static void
test_not_settable(void **data)
{
	struct house *h = house(SERVER_MON, "", NAN);

	final(h);
	house_pass(h, 5000);
	assert_orders(h, "SHUTDOWN cut\n");
	assert_logged(h, "ups qnapups: how long it waits cannot be set");
	house_end(h);
}

/* Who takes long, counts: planned machines that are still on, and this one. */
static void
test_needed(void **data)
{
	struct house *h = house(SERVER_MON,
	    "[machine pi]\naddress = localhost\ntakes = 40\n"
	    "[machine nas]\nlogin = admin\ntakes = 200\nafter = 600\n",
	    20);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_fsd(h, 0);
	house_pass(h, 10000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 200000);
	assert_orders(h, "ORDER qnapups delay 45\n");
	house_end(h);
}

/* Who comes while FINALDELAY runs is among them: a primary that boots on battery goes down
 * before others have found it. */
static void
test_comes_late(void **data)
{
	struct house *h = house(SERVER_MON,
	    PLAN "[machine nas]\nlogin = admin\ntakes = 200\nafter = 900\n", 20);

	final(h);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
	assert_orders(h, "ORDER qnapups delay 125\n");
	house_login(h, 0, 1, NAS_AT, "admin");
	house_pass(h, 5000);
	assert_orders(h, "SHUTDOWN cut\nORDER qnapups delay 335\n");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 335);
	assert_orders(h, "ORDER qnapups cut\n");
	house_end(h);
}

/* SHUTDOWN waits for nothing: neither for the delay that is read back, nor without
 * FINALDELAY. */
static void
test_delays_nothing(void **data)
{
	struct house *h = house(SERVER_MON "FINALDELAY 0\n", "", 20);

	house_fsd(h, 0);
	assert_orders(h, "SHUTDOWN cut\nORDER qnapups delay 120\n");
	house_pass(h, 300);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 120);
	assert_orders(h, "ORDER qnapups cut\n");
	house_end(h);
}

/* One that takes the order and does not count is named; one without a timer is believed. */
static void
test_ignored(void **data)
{
	struct house *h = house(SERVER_MON, "", 300);

	final(h);
	house_pass(h, 9999);
	assert_not_logged(h, "ignores");
	house_pass(h, 1);
	assert_logged(h, "ups qnapups ignores the order to cut its output");
	/* It may count in silence. */
	assert_orders(h, "ORDER qnapups delay 125\nSHUTDOWN cut\nORDER qnapups cut\n"
			 "SHUTDOWN cut\nORDER qnapups cancel\n");
	house_end(h);

	h = house(SERVER_MON, "", 300);
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, NAN);
	final(h);
	house_pass(h, 30000);
	assert_not_logged(h, "ignores");
	house_end(h);

	/* Nor is one named of which nothing is heard: what its timer said is of before. */
	h = house(SERVER_MON, "", 300);
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, -1);
	final(h);
	house_pass(h, 6000);
	house_source(h, 0, FEED_LOST);
	house_pass(h, 30000);
	assert_not_logged(h, "ignores");
	house_end(h);
}

/* One that accepts a delay and counts less is called off: the late hook alone cuts. */
static void
test_counts_less(void **data)
{
	static const struct {
		double timer;
		bool armed;
	} rows[] = {{125, true}, {122, true}, {121, false}, {60, false}, {0, false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = house(SERVER_MON, "", NEEDED);

		final(h);
		house_pass(h, 5000);
		buf_clear(&h->did);
		house_value(h, 0, POLICY_TIMER_SHUTDOWN, rows[i].timer);
		house_pass(h, 4999);
		assert_orders(h, "");
		house_pass(h, 1);
		assert_orders(h, rows[i].armed ? "SHUTDOWN cut\n"
					       : "SHUTDOWN cut\nORDER qnapups cancel\n");
		if (!rows[i].armed)
			assert_logged(h, "s of 125 s: not armed");
		house_end(h);
	}
}

/* Up again with the mains while the UPS still counts what we ordered when we went down: it
 * is called off before anybody is woken, in the first seconds only. */
static void
test_boot_calls_off(void **data)
{
	static const struct {
		const char *status;
		double charge, timer;
		unsigned late_ms;
		bool cancels;
	} rows[] = {
	    {"OL", 100, 200, 0, true},
	    {"OL", 100, 200, POLICY_READ_MS, false},             /* somebody else's */
	    {"OL", 100, -1, 0, false}, {"OB", 90, 200, 0, true}, /* it stays on */
	    {"OB", 20, 200, 0, false},                           /* down again */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = house(SERVER_MON, PLAN, NEEDED);

		final(h);
		house_reboot(h, "boot-2");
		buf_clear(&h->did);
		house_value(h, 0, POLICY_CHARGE, rows[i].charge);
		house_dump(h, 0, rows[i].status);
		house_pass(h, rows[i].late_ms);
		house_value(h, 0, POLICY_TIMER_SHUTDOWN, rows[i].timer);
		house_pass(h, 1000);
		assert_int_equal(
		    strstr(buf_str(&h->did), "ORDER qnapups cancel\n") != NULL,
		    rows[i].cancels);
		house_end(h);
	}
}

/* ... at the end of these where its timer cannot be read, if it can be told when to cut. */
static void
test_boot_calls_off_unread(void **data)
{
	static const struct {
		double delay;
		bool cancels;
	} rows[] = {{300, true}, {NAN, false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = house(SERVER_MON, PLAN, NEEDED);

		final(h);
		house_reboot(h, "boot-2");
		buf_clear(&h->did);
		house_value(h, 0, POLICY_CHARGE, 100);
		house_value(h, 0, POLICY_DELAY_SHUTDOWN, rows[i].delay);
		house_dump(h, 0, "OL");
		house_pass(h, POLICY_READ_MS - 1);
		assert_orders(h, "");
		house_pass(h, 60000);
		assert_orders(h, rows[i].cancels ? "ORDER qnapups cancel\n" : "");
		house_end(h);
	}
}

/* A driver that comes back as this machine goes down is told once it takes orders; one that
 * stays away leaves it to the late hook. */
static void
test_driver_away_at_last(void **data)
{
	for (int back = 0; back < 2; back++) {
		struct house *h = house(SERVER_MON, "", NEEDED);

		final(h);
		house_pass(h, 4999);
		house_restart(h);
		house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
		house_status(h, 0, "OB");
		house_pass(h, 1);
		assert_orders(h, "SHUTDOWN cut\n");
		if (back) {
			house_source(h, 0, FEED_OK);
			house_step(h, (struct policy_event){.kind = POLICY_READ});
			assert_orders(h, "ORDER qnapups cut\n");
		} else {
			house_pass(h, 10000);
			assert_logged(h, "its driver is away");
			assert_null(strstr(buf_str(&h->did), "ORDER"));
		}
		house_end(h);
	}
}

/* A secondary never cuts, nor the primary of a far UPS, nor who only logs a shutdown. */
static void
test_never(void **data)
{
	struct house *h = house(SECONDARY, "", 300);

	house_fsd(h, 0);
	house_pass(h, 30000);
	assert_null(strstr(buf_str(&h->did), "ORDER"));
	assert_non_null(strstr(buf_str(&h->did), "SHUTDOWN stay\n"));
	assert_null(strstr(buf_str(&h->did), "SHUTDOWN cut\n"));
	house_end(h);

	h = house_new("", "MONITOR far@192.168.0.9 1 nut nut primary\n");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 300);
	house_dump(h, 0, "OB LB");
	house_step(h, (struct policy_event){.kind = POLICY_LOGINS, .logins = 1});
	house_pass(h, 60000);
	assert_null(strstr(buf_str(&h->did), "ORDER"));
	assert_non_null(strstr(buf_str(&h->did), "SHUTDOWN"));
	house_end(h);

	h = house(SERVER_MON, "", 300);
	h->conf.harmless = true;
	house_fsd(h, 0);
	house_pass(h, 30000);
	assert_null(strstr(buf_str(&h->did), "ORDER"));
	house_end(h);
}

/* A kill in between orders nothing twice. */
static void
test_restart(void **data)
{
	struct house *h = house(SERVER_MON, "", 20);

	final(h);
	assert_orders(h, "ORDER qnapups delay 125\n");
	house_restart(h);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
	house_dump(h, 0, "OB");
	house_pass(h, 5000);
	assert_orders(h, "SHUTDOWN cut\nORDER qnapups cut\n");
	house_restart(h);
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, 120);
	house_pass(h, 4000);
	assert_orders(h, "SHUTDOWN cut\n");
	assert_not_logged(h, "ignores");
	house_end(h);
}

/* A core that was killed has saved its order, and need not have said it: it is said again to a
 * UPS that does not count, once. */
static void
test_restart_ordered(void **data)
{
	static const struct {
		double timer;
		const char *orders;
	} rows[] = {{-1, "ORDER qnapups cut\n"}, {NAN, ""}, {NEEDED, ""}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = house(SERVER_MON, "", NEEDED);

		final(h);
		house_pass(h, 5000);
		assert_orders(h, "SHUTDOWN cut\nORDER qnapups cut\n");
		house_pass(h, 100);
		house_restart(h);
		house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
		house_value(h, 0, POLICY_TIMER_SHUTDOWN, rows[i].timer);
		assert_non_null(strstr(buf_str(&h->did), "SHUTDOWN cut\n"));
		assert_null(strstr(buf_str(&h->did), "ORDER"));
		buf_clear(&h->did);
		house_dump(h, 0, "OB");
		assert_orders(h, rows[i].orders);
		house_value(h, 0, POLICY_TIMER_SHUTDOWN, NEEDED);
		house_pass(h, 20000);
		assert_null(strstr(buf_str(&h->did), "ORDER"));
		assert_not_logged(h, "ignores");
		house_end(h);
	}
}

/* A driver that is away as FINALDELAY begins would lose what it is asked: it hears it when it is
 * there. */
static void
test_driver_away(void **data)
{
	struct house *h = house(SERVER_MON, "", 20);

	house_source(h, 0, FEED_LOST);
	final(h);
	house_pass(h, 1000);
	assert_orders(h, "");
	house_dump(h, 0, "OB");
	assert_orders(h, "ORDER qnapups delay 125\n");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, NEEDED);
	house_pass(h, 4000);
	assert_orders(h, "SHUTDOWN cut\nORDER qnapups cut\n");
	house_end(h);
}

/* A box that is not fed by the UPS cuts when all are off, and stays. */
static struct house *
box(void)
{
	struct house *h = house(SERVES, PLAN, 20);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_fsd(h, 0);
	house_pass(h, 10000);
	assert_orders(h, "");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 1000);
	assert_orders(h, "ORDER qnapups cut\n");
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, 20);
	return h;
}

static void
test_box(void **data)
{
	struct house *h = box();

	/* The power race: what counts is carried through, and the output comes back. */
	house_status(h, 0, "OL");
	house_pass(h, 19000);
	assert_null(strstr(buf_str(&h->did), "VIEW qnapups none\n"));
	house_value(h, 0, POLICY_TIMER_SHUTDOWN, -1);
	house_pass(h, 3600000);
	assert_non_null(strstr(buf_str(&h->did), "VIEW qnapups none\n"));
	assert_orders(h, "");
	/* The next outage is one like the first. */
	house_login(h, 0, 2, NAS_AT, "admin");
	house_status(h, 0, "OB LB");
	house_pass(h, 1000);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 15000);
	assert_orders(h, "ORDER qnapups cut\n");
	house_end(h);
}

/* It drops what it counts, as some do when the mains returns: nothing is waited for, and the
 * lease ends. Who says nothing of it is believed for 30 s beyond its time. */
static void
test_box_drops(void **data)
{
	static const struct {
		double timer;
		unsigned after_s, ends_s; /* after the return of the mains */
	} rows[] = {{-1, 5, 61}, {-1, 18, 61}, {NAN, 5, 61}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = box();

		house_status(h, 0, "OL");
		house_pass(h, rows[i].after_s * 1000);
		house_value(h, 0, POLICY_TIMER_SHUTDOWN, rows[i].timer);
		house_pass(h, 1000);
		assert_int_equal(
		    strstr(buf_str(&h->log), "ups qnapups: it counts no more") != NULL,
		    rows[i].timer < 0 && rows[i].after_s < 17);
		house_pass(h, (rows[i].ends_s - rows[i].after_s - 1) * 1000);
		assert_non_null(strstr(buf_str(&h->did), "VIEW qnapups none\n"));
		assert_orders(h, "");
		house_end(h);
	}
}

/* A delay so short that the output is off, or back, before the timer was ever read. */
static void
test_box_at_once(void **data)
{
	struct house *h = house(SERVES, PLAN, 2);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_fsd(h, 0);
	house_pass(h, 10000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 1000);
	assert_orders(h, "ORDER qnapups cut\n");
	house_pass(h, 1500);
	house_status(h, 0, "OFF");
	house_pass(h, 500);
	house_status(h, 0, "OL");
	house_pass(h, 60000);
	assert_not_logged(h, "ignores");
	assert_orders(h, "");
	house_end(h);
}

/* Nobody takes an order while the driver is away: it goes out when it is back. */
static void
test_box_lost(void **data)
{
	struct house *h = house(SERVES, PLAN, 20);

	house_login(h, 0, 1, NAS_AT, "admin");
	house_fsd(h, 0);
	house_source(h, 0, FEED_LOST);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 20000);
	assert_orders(h, "");
	house_dump(h, 0, "OB LB");
	house_pass(h, 1000);
	assert_orders(h, "ORDER qnapups cut\n");
	house_end(h);
}

/* Somebody boots before the cut: it is called off, and again ordered when he has left. */
static void
test_box_calls_off(void **data)
{
	struct house *h = box();

	house_login(h, 0, 2, NAS_AT, "admin");
	house_pass(h, 1000);
	assert_orders(h, "ORDER qnapups cancel\n");
	assert_logged(h, "ups qnapups: its output is not to be cut any more");
	house_pass(h, 5000);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 1000);
	assert_orders(h, "ORDER qnapups cut\n");
	house_end(h);

	/* With the mains back it may stay, and is not cut. */
	h = box();
	house_status(h, 0, "OL");
	house_pass(h, 10000);
	house_login(h, 0, 2, NAS_AT, "admin");
	house_pass(h, 3600000);
	assert_orders(h, "ORDER qnapups cancel\n");
	house_end(h);

	/* FSD is given up by hand. */
	h = box();
	house_step(h, (struct policy_event){.kind = POLICY_FORGET});
	house_pass(h, 1000);
	assert_orders(h, "ORDER qnapups cancel\n");
	house_end(h);
}

/* A core that died just before asks its driver, which is not there at once, again. */
static void
test_restart_before(void **data)
{
	struct house *h = house(SERVER_MON, "", 20);

	house_login(h, 0, 1, NAS_AT, "nas");
	house_fsd(h, 0);
	house_pass(h, 14000);
	house_restart(h);
	house_pass(h, 2000);
	assert_non_null(strstr(buf_str(&h->did), "NOTIFY SHUTDOWN\n"));
	assert_orders(h, "");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 20);
	house_dump(h, 0, "OB");
	/* With HOSTSYNC and 120 s for the one that did not leave. */
	assert_orders(h, "ORDER qnapups delay 260\n");
	assert_not_logged(h, "cannot be set");
	house_end(h);

	/* It never comes. */
	h = house(SERVER_MON, "", 20);
	house_fsd(h, 0);
	house_restart(h);
	house_pass(h, 6000);
	assert_logged(h, "its driver is away");
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_armed),
	    cmocka_unit_test(test_longer),
	    cmocka_unit_test(test_at_once),
	    cmocka_unit_test(test_capped),
	    cmocka_unit_test(test_not_settable),
	    cmocka_unit_test(test_needed),
	    cmocka_unit_test(test_comes_late),
	    cmocka_unit_test(test_delays_nothing),
	    cmocka_unit_test(test_ignored),
	    cmocka_unit_test(test_counts_less),
	    cmocka_unit_test(test_boot_calls_off),
	    cmocka_unit_test(test_boot_calls_off_unread),
	    cmocka_unit_test(test_driver_away_at_last),
	    cmocka_unit_test(test_never),
	    cmocka_unit_test(test_driver_away),
	    cmocka_unit_test(test_restart),
	    cmocka_unit_test(test_restart_ordered),
	    cmocka_unit_test(test_restart_before),
	    cmocka_unit_test(test_box),
	    cmocka_unit_test(test_box_drops),
	    cmocka_unit_test(test_box_at_once),
	    cmocka_unit_test(test_box_lost),
	    cmocka_unit_test(test_box_calls_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
