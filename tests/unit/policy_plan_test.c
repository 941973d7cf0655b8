/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* Who goes down when (docs/plan.md, 4): the moment of each machine, to the second. */

#define NAS_AT "192.168.0.30"
#define ESXI_AT "192.168.0.40"
#define NAS "[machine nas]\nlogin = nas\ntakes = 90\n"
#define TWO_UPS                                     \
	"[one]\ndriver = usbhid-ups\nport = auto\n" \
	"[two]\ndriver = usbhid-ups\nport = auto\n"
#define TWO_MON                                \
	"MONITOR one@localhost 1 u p master\n" \
	"MONITOR two@localhost 1 u p master\n"

/* The server of the article's house, on mains, nas logged in by session 1. */
static struct house *
server(const char *holdup_conf)
{
	struct house *h = house_new_own(SERVER_UPS, SERVER_MON, holdup_conf);

	house_dump(h, 0, "OL");
	house_login(h, 0, 1, NAS_AT, "nas");
	return h;
}

/* Two UPSes, nas on both. */
static struct house *
two(const char *holdup_conf)
{
	struct house *h = house_new_own(TWO_UPS, TWO_MON, holdup_conf);

	house_dump(h, 0, "OL");
	house_dump(h, 1, "OL");
	house_login(h, 0, 1, NAS_AT, "nas");
	house_login(h, 1, 2, NAS_AT, "nas");
	buf_clear(&h->did);
	return h;
}

static bool
is_told(struct house *h, const char *machine)
{
	char text[64];

	snprintf(text, sizeof(text), "%s: told to go down", machine);
	return strstr(buf_str(&h->log), text) != NULL;
}

/* It is told in this very millisecond, `ms` from now, for this reason. */
static void
assert_told_in(struct house *h, uint64_t ms, const char *machine, const char *line)
{
	if (ms > 1)
		house_pass(h, ms - 1);
	assert_false(is_told(h, machine));
	house_pass(h, 1);
	assert_logged(h, line);
}

/* What a UPS says, some time after it went on battery. */
struct told {
	uint64_t ms;
	const char *status;
	enum policy_value value;
	double number;
};

/* Each moment alone, and whichever is first. A worse value counts when it has lasted 3 s
 * (docs/plan.md, 3). */
static const struct {
	const char *moment;
	struct told told[4];
	uint64_t ms;
	const char *line;
} moments[] = {
    {"after = 180\n", {{0}}, 180000,
	"nas: told to go down: 180 s on battery (after = 180) on qnapups; takes 90 s"},
    {"after = 1\n", {{0}}, 1000, "1 s on battery (after = 1) on qnapups"},
    {"charge = 50\n",
	{{100000, NULL, POLICY_CHARGE, 51}, {160000, NULL, POLICY_CHARGE, 50}}, 163000,
	"nas: told to go down: charge 50 % (charge = 50) on qnapups; takes 90 s"},
    {"runtime = 600\n",
	{{100000, NULL, POLICY_RUNTIME, 601}, {300000, NULL, POLICY_RUNTIME, 600}},
	303000, "nas: told to go down: runtime 600 s (runtime = 600) on qnapups"},
    {"voltage = 11.5\n",
	{{100000, NULL, POLICY_VOLTAGE, 11.6}, {240000, NULL, POLICY_VOLTAGE, 11.5}},
	243000, "nas: told to go down: 11.5 V (voltage = 11.5) on qnapups"},
    {"feeds = qnapups\n", {{600000, "OB LB", 0, 0}}, 600000,
	"nas: told to go down: on battery and low"},
    {"after = 180\ncharge = 50\n", {{57000, NULL, POLICY_CHARGE, 49}}, 60000,
	"told to go down: charge 49 % (charge = 50)"},
    {"after = 180\ncharge = 50\nruntime = 600\nvoltage = 11.5\n",
	{{100000, NULL, POLICY_RUNTIME, 900}, {110000, NULL, POLICY_CHARGE, 60},
	    {120000, NULL, POLICY_VOLTAGE, 12.2}},
	180000, "told to go down: 180 s on battery"},
    {"after = 180\n", {{20000, "OB LB", 0, 0}}, 20000, "told to go down: on battery and"},
    /* HOSTSYNC 15 s, `takes` 90 s, FINALDELAY 5 s, 120 s for this machine itself. */
    {"feeds = qnapups\n",
	{{100000, NULL, POLICY_RUNTIME, 231}, {200000, NULL, POLICY_RUNTIME, 230}},
	203000, "told to go down: on battery and low: runtime 230 s, 230 s are needed"},
};

static void
test_moments(void **data)
{
	for (size_t i = 0; i < sizeof(moments) / sizeof(moments[0]); i++) {
		char text[256];
		struct house *h;
		uint64_t begin;

		snprintf(text, sizeof(text), NAS "%s", moments[i].moment);
		h = server(text);
		house_value(h, 0, POLICY_CHARGE, 100);
		house_value(h, 0, POLICY_RUNTIME, 1800);
		house_value(h, 0, POLICY_VOLTAGE, 13.5);
		assert_did(h, "VIEW qnapups nas hold\nSELF qnapups on\n");
		house_pass(h, 3600000);
		house_status(h, 0, "OB DISCHRG");
		begin = h->now;
		for (const struct told *t = moments[i].told; t->ms > 0; t++) {
			house_pass(h, begin + t->ms - h->now - 1);
			assert_false(is_told(h, "nas"));
			house_pass(h, 1);
			if (t->status != NULL)
				house_status(h, 0, t->status);
			else
				house_value(h, 0, t->value, t->number);
		}
		if (begin + moments[i].ms > h->now)
			assert_told_in(
			    h, begin + moments[i].ms - h->now, "nas", moments[i].line);
		assert_logged(h, moments[i].line);
		assert_non_null(
		    strstr(buf_str(&h->did), "STAND nas told\nVIEW qnapups nas fsd\n"));
		house_end(h);
	}
}

/* Its moment has no business with those of others: the NAS at minute 3, the hypervisor at
 * minute 12, the Pi last. Each sees FSD then, and not before, nor LB. */
static void
test_staggered(void **data)
{
	struct house *h =
	    server(NAS "after = 180\n"
		       "[machine esxi]\naddress = " ESXI_AT "\nafter = 720\ntakes = 60\n"
		       "[machine pi]\naddress = localhost\nafter = 900\ntakes = 20\n");

	house_login(h, 0, 2, ESXI_AT, "monuser");
	assert_did(h, "VIEW qnapups nas hold\nVIEW qnapups esxi hold\n"
		      "SELF qnapups on\n");
	house_status(h, 0, "OB DISCHRG");
	house_pass(h, 179999);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\n");
	house_pass(h, 1);
	assert_did(h, "STAND nas told\nVIEW qnapups nas fsd\n");
	house_pass(h, 5000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 90000);
	assert_did(h, "STAND nas leaving\nSTAND nas off\n");
	house_pass(h, 720000 - 275001);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND esxi told\nVIEW qnapups esxi fsd\n");
	house_pass(h, 10000);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 169999);
	assert_did(h, "STAND esxi leaving\nSTAND esxi off\n");
	house_pass(h, 1);
	assert_logged(h, "pi: this machine goes down: 900 s on battery (after = 900) on");
	assert_did(h, "STAND pi told\nVIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\n"
		      "STAND pi leaving\nNOTIFY SHUTDOWN\n");
	house_pass(h, 5000);
	assert_did(h, "SHUTDOWN cut\n");
	house_end(h);
}

/* Low comes before any moment: all are told, those who are planned and the others. */
static void
test_low_tells_all(void **data)
{
	struct house *h = server(NAS "after = 180\n");

	house_login(h, 0, 2, ESXI_AT, "monuser");
	house_status(h, 0, "OB DISCHRG");
	buf_clear(&h->did);
	house_status(h, 0, "OB DISCHRG LB");
	assert_did(h, "NOTIFY LOWBATT qnapups@localhost\nSTAND nas told\n"
		      "VIEW qnapups nas fsd\nVIEW qnapups fsd\n"
		      "NOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	assert_logged(h, "waiting up to 15 s (HOSTSYNC) for " ESXI_AT " (monuser)");
	assert_logged(h, "waiting until they are off: nas");
	assert_not_logged(h, NAS_AT);
	house_end(h);
}

/* Two feeds, one is enough: only the second moment counts; the first may come and go. */
static void
test_needs_one(void **data)
{
	struct house *h = two(NAS "feeds = one, two\nafter = 180\n");

	house_status(h, 0, "OB");
	house_pass(h, 600000);
	assert_false(is_told(h, "nas"));
	house_status(h, 1, "OB");
	assert_told_in(h, 180000, "nas",
	    "nas: told to go down: 780 s on battery (after = 180) on one, "
	    "180 s on battery (after = 180) on two; takes 90 s");
	house_end(h);
}

static void
test_needs_two(void **data)
{
	struct house *h = two(NAS "feeds = one, two\nneeds = 2\nafter = 180\n");

	house_status(h, 1, "OB");
	assert_told_in(h, 180000, "nas",
	    "nas: told to go down: 180 s on battery (after = 180) on two; takes 90 s");
	assert_non_null(strstr(
	    buf_str(&h->did), "STAND nas told\nVIEW one nas fsd\nVIEW two nas fsd\n"));
	house_end(h);
}

/* One feed low: nobody goes down while enough supplies are fed. */
static void
test_one_feed_low(void **data)
{
	struct house *h = two(NAS "feeds = one, two\n");

	house_status(h, 0, "OB LB");
	house_pass(h, 3600000);
	assert_logged(h, "ups one: on battery and low");
	assert_false(is_told(h, "nas"));
	house_status(h, 0, "OL");
	house_status(h, 1, "OB");
	house_pass(h, 3600000);
	assert_false(is_told(h, "nas"));
	house_end(h);
}

/* A feed that is lost on mains feeds; one lost on battery, and nothing known of it, feeds
 * for DEADTIME. */
static void
test_feed_lost(void **data)
{
	struct house *h = two(NAS "feeds = one, two\nneeds = 2\nafter = 180\n");

	house_source(h, 0, FEED_LOST);
	house_pass(h, 3600000);
	assert_false(is_told(h, "nas"));
	house_dump(h, 0, "OB");
	house_source(h, 0, FEED_LOST);
	assert_told_in(
	    h, 15000, "nas", "nas: told to go down: lost on battery for DEADTIME on one");
	house_end(h);
}

/* FSD that somebody calls on its feed is its moment, too; and only there. */
static void
test_fsd_on_feed(void **data)
{
	struct house *h =
	    two(NAS "feeds = two\n[machine esxi]\naddress = " ESXI_AT "\nfeeds = one\n");

	house_login(h, 0, 3, ESXI_AT, "x");
	house_fsd(h, 0);
	assert_logged(h, "esxi: told to go down: forced shutdown was called on one");
	house_pass(h, 60000);
	assert_false(is_told(h, "nas"));
	house_end(h);
}

/* The mains before the moment: nothing has happened, and the clock starts anew. */
static void
test_back_before(void **data)
{
	struct house *h = server(NAS "after = 180\n");

	buf_clear(&h->did);
	for (int i = 0; i < 3; i++) {
		house_status(h, 0, "OB");
		house_pass(h, 179999);
		house_status(h, 0, "OL");
		house_pass(h, 1000);
		assert_did(h, "NOTIFY ONBATT qnapups@localhost\n"
			      "NOTIFY ONLINE qnapups@localhost\n");
	}
	house_status(h, 0, "OB");
	assert_told_in(h, 180000, "nas", "180 s on battery");
	house_end(h);
}

/* A hook tells it, and its login sees nothing of it; which key, nobody has seen before. */
static void
test_hook(void **data)
{
	struct house *h = server(NAS "after = 180\nhook = \"/bin/stop nas\"\n");
	uint32_t first;

	buf_clear(&h->did);
	house_status(h, 0, "OB");
	buf_clear(&h->did);
	house_pass(h, 180000);
	assert_did(h, "STAND nas told\nTASK tell nas\n");
	first = h->key;
	assert_true(first >> 31); /* apart from what counts notifications */
	house_done(h, 0);
	assert_logged(h, "nas: its hook has ended well");
	house_restart(h); /* no word of it a second time */
	assert_did(h, "STAND nas told\nVIEW qnapups nas hold\nSELF qnapups on\n");
	house_login(h, 0, 1, NAS_AT, "nas");
	house_dump(h, 0, "OB");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 90000);
	assert_did(h, "STAND nas leaving\nSTAND nas off\nVIEW qnapups nas fsd\n");
	house_status(h, 0, "OL");
	house_pass(h, 10000);
	house_login(h, 0, 2, NAS_AT, "nas");
	buf_clear(&h->did);
	house_status(h, 0, "OB");
	house_pass(h, 180000);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\nSTAND nas told\n"
		      "TASK tell nas\n");
	assert_int_not_equal(h->key, first);
	house_end(h);
}

/* A hook that fails is run again, by another key; in the end FSD is shown. */
static void
test_hook_fails(void **data)
{
	struct house *h = server(NAS "after = 180\nhook = \"/bin/stop nas\"\n");
	uint32_t key;

	house_status(h, 0, "OB");
	house_pass(h, 180000);
	buf_clear(&h->did);
	for (int i = 0; i < 2; i++) {
		key = h->key;
		house_done(h, 256);
		house_done(h, 256); /* the answer comes twice */
		house_pass(h, 9999);
		assert_did(h, "");
		house_pass(h, 1);
		assert_did(h, "TASK tell nas\n");
		assert_int_not_equal(h->key, key);
	}
	house_done(h, 256);
	assert_did(h, "VIEW qnapups nas fsd\n");
	assert_logged(h, "nas: its hook failed (exit status 1): it sees FSD instead");
	house_end(h);
}

/* kill -9 between the word and the hook's end: the same key, so it runs once. */
static void
test_hook_restart(void **data)
{
	struct house *h = server(NAS "after = 180\nhook = \"/bin/stop nas\"\n");
	uint32_t key;

	house_status(h, 0, "OB");
	house_pass(h, 180000);
	key = h->key;
	buf_clear(&h->did);
	house_restart(h);
	assert_did(h, "TASK tell nas\nSTAND nas told\nVIEW qnapups nas hold\n"
		      "SELF qnapups on\n");
	assert_int_equal(h->key, key);
	house_done(h, 256);
	house_restart(h);
	house_pass(h, 10000);
	assert_int_not_equal(h->key, key);
	house_end(h);
}

#define OUTAGES 40

/* No key is ever the same in another outage, nor for another telling in the same. */
static void
test_keys(void **data)
{
	struct house *h = server(NAS "after = 60\nhook = /bin/stop\n"
				     "[machine pump]\nhook = /bin/stop\nafter = 60\n");
	uint32_t keys[2 * OUTAGES];
	size_t n = 0;

	for (unsigned long i = 1; i <= OUTAGES; i++) {
		house_status(h, 0, "OB");
		house_pass(h, 59000);
		house_restart(h);
		house_login(h, 0, 2 * i, NAS_AT, "nas");
		house_dump(h, 0, "OB");
		house_pass(h, 1000);
		keys[n++] = h->key; /* of the pump; the nas came before it */
		house_session(h, POLICY_LOGOUT, 0, 2 * i);
		house_pass(h, 90000);
		house_login(h, 0, 2 * i + 1, NAS_AT, "nas");
		keys[n++] = h->key;
		house_status(h, 0, "OL");
		house_pass(h, 600000);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(keys[i], keys[k]);
	house_end(h);
}

/* Who is not there is not told, but sees FSD when it comes, and then is told. */
static void
test_not_there(void **data)
{
	struct house *h = server(NAS "after = 180\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_status(h, 0, "OB");
	buf_clear(&h->did);
	house_pass(h, 180000);
	assert_did(h, "STAND nas off\nVIEW qnapups nas fsd\n");
	assert_logged(h, "nas: its moment has come, but it is not there: 180 s on");
	house_pass(h, 60000);
	house_login(h, 0, 2, NAS_AT, "nas");
	assert_did(h, "STAND nas told\n");
	assert_logged(h, "nas: told to go down: 240 s on battery (after = 180)");
	house_end(h);

	/* ... and once the mains is back for 10 s, it does not. */
	h = server(NAS "after = 180\n");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_status(h, 0, "OB");
	house_pass(h, 180000);
	buf_clear(&h->did);
	house_status(h, 0, "OL");
	house_pass(h, 9999);
	assert_did(h, "NOTIFY ONLINE qnapups@localhost\n");
	house_pass(h, 1);
	assert_did(h, "VIEW qnapups nas hold\n");
	house_login(h, 0, 2, NAS_AT, "nas");
	assert_did(h, "STAND nas on\n");
	assert_false(is_told(h, "nas"));
	house_end(h);
}

/* Who boots during the outage sees what the plan gives now: before its moment nothing,
 * after it FSD, time and again; by a hook, with a key of its own each time. */
static void
test_boots_meanwhile(void **data)
{
	struct house *h = server(NAS "after = 180\n");
	uint32_t key;

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_status(h, 0, "OB");
	house_pass(h, 100000);
	house_login(h, 0, 2, NAS_AT, "nas");
	buf_clear(&h->did);
	house_pass(h, 79999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND nas told\nVIEW qnapups nas fsd\n");
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 90000);
	assert_did(h, "STAND nas leaving\nSTAND nas off\n");
	house_login(h, 0, 3, NAS_AT, "nas");
	assert_did(h, "STAND nas told\n");
	house_end(h);

	h = server(NAS "after = 180\nhook = /bin/stop\n");
	house_status(h, 0, "OB");
	house_pass(h, 180000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 90000);
	buf_clear(&h->did);
	key = h->key;
	house_login(h, 0, 3, NAS_AT, "nas");
	assert_did(h, "STAND nas told\nTASK tell nas\nVIEW qnapups nas hold\n");
	assert_int_not_equal(h->key, key);
	house_end(h);
}

/* The primary too: what it finds at its boot counts from its boot. */
static void
test_primary_boots(void **data)
{
	struct house *h = house_new_own(SERVER_UPS, SERVER_MON,
	    NAS "after = 180\n[machine pi]\naddress = localhost\nafter = 240\n");

	house_dump(h, 0, "OB");
	house_login(h, 0, 1, NAS_AT, "nas");
	assert_told_in(h, 180000, "nas", "180 s on battery");
	house_pass(h, 59999);
	assert_not_logged(h, "pi:");
	house_pass(h, 1);
	assert_logged(h, "pi: this machine goes down: 240 s on battery (after = 240)");
	house_end(h);
}

/* This machine's moment: everybody who is still on is told, and waited for. */
static void
test_own_moment(void **data)
{
	struct house *h = server(NAS "after = 900\n"
				     "[machine pi]\naddress = localhost\ncharge = 40\n");

	house_login(h, 0, 2, ESXI_AT, "monuser");
	house_value(h, 0, POLICY_CHARGE, 90);
	house_status(h, 0, "OB");
	house_pass(h, 300000);
	house_value(h, 0, POLICY_CHARGE, 40);
	buf_clear(&h->did);
	house_pass(h, 3000);
	assert_did(h, "STAND pi told\nSTAND nas told\nVIEW qnapups nas fsd\n"
		      "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\n"
		      "NOTIFY SHUTDOWN_HOSTSYNC\n");
	assert_logged(h, "nas: told to go down: this machine goes down; takes 90 s");
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 89999);
	assert_did(h, "STAND nas leaving\n");
	house_pass(h, 1);
	assert_did(h, "STAND nas off\nSTAND pi leaving\nNOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Its own feeds and needs, not those of MONITOR and MINSUPPLIES alone. */
static void
test_own_feeds(void **data)
{
	struct house *h = two("[machine pi]\naddress = localhost\nfeeds = two, one\n"
			      "after = 60\n");

	house_status(h, 0, "OB");
	house_pass(h, 600000);
	assert_not_logged(h, "goes down");
	house_status(h, 1, "OB");
	house_pass(h, 59999);
	assert_not_logged(h, "goes down");
	house_pass(h, 1);
	assert_logged(h, "pi: this machine goes down: 60 s on battery (after = 60) on "
			 "two, 660 s on battery (after = 60) on one");
	house_end(h);
}

/* After a suspend nothing is decided before all was read anew. */
static void
test_suspend(void **data)
{
	struct house *h = server(NAS "after = 180\n");

	house_status(h, 0, "OB");
	house_pass(h, 170000);
	h->now += 3600000;
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
	house_pass(h, 1000);
	house_dump(h, 0, "OL");
	house_pass(h, 3600000);
	assert_false(is_told(h, "nas"));
	h->now += 3600000;
	house_status(h, 0, "OB");
	house_dump(h, 0, "OB");
	house_pass(h, 184999);
	assert_true(is_told(h, "nas"));
	house_end(h);
}

/* A core that dies at any stage goes on where it was, and says each thing once more only
 * to the feed, which has forgotten it. */
static void
test_restart(void **data)
{
	struct house *h = server(NAS "after = 180\n");

	house_restart(h); /* on */
	house_login(h, 0, 1, NAS_AT, "nas");
	house_dump(h, 0, "OL");
	house_status(h, 0, "OB");
	house_pass(h, 100000);
	buf_clear(&h->did);
	house_restart(h); /* on battery */
	assert_did(h, "VIEW qnapups nas hold\nSELF qnapups on\n");
	house_dump(h, 0, "OB");
	house_login(h, 0, 1, NAS_AT, "nas");
	house_pass(h, 79999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND nas told\nVIEW qnapups nas fsd\n");
	house_restart(h); /* told */
	assert_did(h, "STAND nas told\nVIEW qnapups nas fsd\nSELF qnapups on\n");
	house_login(h, 0, 1, NAS_AT, "nas");
	house_dump(h, 0, "OB");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 40000);
	buf_clear(&h->did);
	house_restart(h); /* leaving */
	assert_did(h, "STAND nas leaving\nVIEW qnapups nas fsd\nSELF qnapups on\n");
	house_dump(h, 0, "OB");
	house_pass(h, 49999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND nas off\n");
	house_restart(h); /* off */
	assert_did(h, "STAND nas off\nVIEW qnapups nas fsd\nSELF qnapups on\n");
	house_dump(h, 0, "OB");
	house_pass(h, 60000);
	assert_did(h, "");
	house_end(h);
}

/* A core that dies with everybody logged in takes nobody for gone. */
static void
test_restart_is_no_logout(void **data)
{
	struct house *h = server(NAS "after = 180\nhook = /bin/stop\n");

	house_status(h, 0, "OB");
	house_pass(h, 240000); /* told, HOSTSYNC ago */
	buf_clear(&h->did);
	house_restart(h);
	house_dump(h, 0, "OB");
	house_pass(h, 5000);
	buf_clear(&h->did);
	house_login(h, 0, 7, NAS_AT, "nas");
	house_pass(h, 20000);
	assert_did(h, "");
	house_end(h);
}

/* A section with no more than `takes` leaves all as docs/outage.md has it: no view of its
 * own, no moment, HOSTSYNC and `takes` alone. */
static void
test_takes_only(void **data)
{
	struct house *h = server(NAS "[machine pi]\naddress = localhost\ntakes = 60\n");

	assert_did(h, "SELF qnapups on\n");
	house_status(h, 0, "OB");
	house_pass(h, 600000);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\n");
	house_status(h, 0, "OB LB");
	assert_did(h, "NOTIFY LOWBATT qnapups@localhost\nVIEW qnapups fsd\n"
		      "NOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_logged(h, "leaving: " NAS_AT " (nas), off in 90 s (takes)");
	house_pass(h, 89999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Who logs in at a UPS that does not feed it is one of all there. */
static void
test_other_ups(void **data)
{
	struct house *h = two("[machine nas]\nlogin = nas\nfeeds = two\nafter = 60\n");

	house_session(h, POLICY_LOGOUT, 1, 2);
	house_status(h, 1, "OB");
	house_pass(h, 60000);
	assert_logged(h, "nas: its moment has come, but it is not there");
	house_status(h, 0, "OB LB");
	house_status(h, 1, "OB LB");
	assert_logged(h, "waiting up to 15 s (HOSTSYNC) for " NAS_AT " (nas)");
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_moments),
	    cmocka_unit_test(test_staggered),
	    cmocka_unit_test(test_low_tells_all),
	    cmocka_unit_test(test_needs_one),
	    cmocka_unit_test(test_needs_two),
	    cmocka_unit_test(test_one_feed_low),
	    cmocka_unit_test(test_feed_lost),
	    cmocka_unit_test(test_fsd_on_feed),
	    cmocka_unit_test(test_back_before),
	    cmocka_unit_test(test_hook),
	    cmocka_unit_test(test_hook_fails),
	    cmocka_unit_test(test_hook_restart),
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_not_there),
	    cmocka_unit_test(test_boots_meanwhile),
	    cmocka_unit_test(test_primary_boots),
	    cmocka_unit_test(test_own_moment),
	    cmocka_unit_test(test_own_feeds),
	    cmocka_unit_test(test_suspend),
	    cmocka_unit_test(test_restart),
	    cmocka_unit_test(test_restart_is_no_logout),
	    cmocka_unit_test(test_takes_only),
	    cmocka_unit_test(test_other_ups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
