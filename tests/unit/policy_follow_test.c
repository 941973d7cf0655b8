/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* What a planned machine does once it was told, until it is off, and how one knows; and
 * those of a machine that serves, but hangs on nothing (docs/plan.md, 4). */

#define AT HOUSE_NAS_AT
#define READS_MS 5000

static struct house *
server(const char *holdup_conf)
{
	struct house *h = house_new_own(SERVER_UPS, SERVER_MON, holdup_conf);

	house_dump(h, 0, "OL");
	buf_clear(&h->did);
	return h;
}

/* The mains fails; it is the moment of the machine when this returns. */
static void
reach(struct house *h)
{
	house_status(h, 0, "OB");
	house_pass(h, 60000);
}

/* A box reads on. */
static void
reads(struct house *h, uint64_t ms)
{
	for (; ms >= READS_MS; ms -= READS_MS) {
		house_pass(h, READS_MS);
		house_seen(h, 0, MACHINE_QNAP, AT);
	}
}

/* LOGOUT, and `takes` after it, or 120 s where that is not said. */
static void
test_logout(void **data)
{
	struct house *h = server("[machine nas]\nlogin = nas\nafter = 60\ntakes = 40\n");

	house_login(h, 0, 1, AT, "nas");
	house_login(h, 0, 2, AT, "nas");
	reach(h);
	house_session(h, POLICY_LOGOUT, 0, 1);
	buf_clear(&h->did);
	house_pass(h, 7000);
	assert_did(h, ""); /* it has another login */
	house_session(h, POLICY_LOGOUT, 0, 2);
	assert_did(h, "STAND nas leaving\n");
	assert_logged(h, "nas: leaving: logged out; off in 40 s (takes)");
	house_pass(h, 39999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND nas off\n");
	assert_logged(h, "nas: off, 47 s after it was told: logged out");
	house_end(h);
}

#define NAS "[machine nas]\nlogin = nas\nafter = 60\n"
#define ONBATT "NOTIFY ONBATT qnapups@localhost\n"
#define TOLD "STAND nas told\nVIEW qnapups nas fsd\n"

static const struct house_story stories[] = {
    {"it says LOGOUT, and not how long it takes", NAS,
	{{"login", 1, NULL}, {"OB", 60000, ONBATT TOLD},
	    {"logout", POLICY_TAKES_MS - 1, "STAND nas leaving\n"},
	    {NULL, 1, "STAND nas off\n"}},
	"nas: leaving: logged out; off in 120 s (takes is not said)"},
    {"a login that broke leaves, as one that logs out, unless it returns",
	NAS "takes = 40\n",
	{{"login", 1, NULL}, {"OB", 60000, ONBATT TOLD},
	    {"broken", 14000, "STAND nas leaving\n"},
	    {"login", 14000, "STAND nas told\n"},
	    {"broken", 39999, "STAND nas leaving\n"}, {NULL, 1, "STAND nas off\n"}},
	NULL},
    {"for HOSTSYNC that may be the network alone", NAS "takes = 5\n",
	{{"login", 1, NULL}, {"OB", 60000, ONBATT TOLD},
	    {"broken", 14999, "STAND nas leaving\n"}, {NULL, 1, "STAND nas off\n"}},
	NULL},
    {"the mains is back, and it is past the point of no return: it finishes, and stays "
     "when "
     "it boots before that",
	NAS "takes = 40\n",
	{{"login", 1, NULL}, {"OB", 60000, ONBATT TOLD},
	    {"OL", 20000, "NOTIFY ONLINE qnapups@localhost\n"},
	    {"logout", 39999, "STAND nas leaving\nVIEW qnapups nas hold\n"},
	    {NULL, 1, "STAND nas off\nSTAND nas waking\n"}},
	NULL},
    {"... or it stays, its time and a minute after the return, and nobody wakes it",
	NAS "takes = 40\n",
	{{"login", 1, NULL}, {"OB", 70000, ONBATT TOLD},
	    {"OL", 99999, "NOTIFY ONLINE qnapups@localhost\n"},
	    {NULL, 1, "STAND nas on\nVIEW qnapups nas hold\n"}, {NULL, 3600000, ""},
	    {"OB", 60000, ONBATT TOLD}},
	"nas: was told to go down and stayed"},
    {"it boots by itself after the return, and sees nothing of the FSD that was; the "
     "next "
     "outage begins at zero",
	NAS "takes = 5\n",
	{{"login", 1, NULL}, {"OB", 60000, ONBATT TOLD},
	    {"logout", 5000, "STAND nas leaving\nSTAND nas off\n"},
	    {"OL", 10000, "NOTIFY ONLINE qnapups@localhost\nVIEW qnapups nas hold\n"},
	    {"login", 1, "STAND nas on\n"}, {"OB", 59999, ONBATT}, {NULL, 1, TOLD}},
	NULL},
};

static void
test_stories(void **data)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct house *h = server(stories[i].own);

		house_tell(h, &stories[i]);
		house_end(h);
	}
}

/* One that breaks before its moment is there: it is told, and may come back to hear it. */
static void
test_broken_before(void **data)
{
	struct house *h = server("[machine nas]\nlogin = nas\nafter = 60\ntakes = 40\n");

	house_login(h, 0, 1, AT, "nas");
	house_session(h, POLICY_BROKEN, 0, 1);
	reach(h);
	assert_logged(h, "nas: told to go down");
	house_end(h);
}

/* A reader that falls silent, and `takes` after that. */
static void
test_silent(void **data)
{
	struct house *h =
	    server("[machine nas]\naddress = " AT "\nafter = 60\ntakes = 40\n");

	house_seen(h, 0, MACHINE_QNAP, AT);
	reads(h, 60000);
	house_status(h, 0, "OB");
	buf_clear(&h->did);
	reads(h, 60000);
	assert_did(h, "STAND nas told\nVIEW qnapups nas fsd\n");
	reads(h, 20000);
	house_pass(h, 14999); /* three times its interval */
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND nas leaving\n");
	assert_logged(h, "nas: leaving: no longer reads; off in 40 s");
	house_pass(h, 40000);
	assert_did(h, "STAND nas off\n");
	house_end(h);
}

/* How long it was off is not how often it reads: when it goes once more, it is missed as soon
 * as the first time. */
static void
test_silent_twice(void **data)
{
	struct house *h =
	    server("[machine nas]\naddress = " AT "\nafter = 60\ntakes = 30\n");

	house_seen(h, 0, MACHINE_QNAP, AT);
	reads(h, 60000);
	house_status(h, 0, "OB");
	reads(h, 60000);
	house_status(h, 0, "OL");
	house_pass(h, 40000);
	house_seen(h, 0, MACHINE_QNAP, AT);
	buf_clear(&h->did);
	house_pass(h, 14999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND nas leaving\n");
	assert_logged(h, "nas: leaving: it went by itself");
	house_end(h);
}

/* One that has not read lately is not there. */
static void
test_reader_not_there(void **data)
{
	struct house *h = server("[machine nas]\naddress = " AT "\nafter = 60\n");

	house_seen(h, 0, MACHINE_QNAP, AT);
	house_pass(h, 600000);
	reach(h);
	assert_logged(h, "nas: its moment has come, but it is not there");
	house_seen(h, 0, MACHINE_QNAP, AT);
	assert_logged(h, "nas: told to go down");
	house_end(h);
}

/* The answers of each probe, 1 s after it. */
static void
answers(struct house *h, int status, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint32_t key = h->key;

		house_pass(h, 1000);
		house_done(h, status);
		house_pass(h, 2000);
		assert_int_not_equal(h->key, key);
	}
}

#define ESXI                                                                 \
	"[machine esxi]\naddress = " AT "\nhook = /bin/stop\noff = tcp 22\n" \
	"after = 60\ntakes = 40\n"

/* Probes: before its moment every 10 s, then 2 s after each answer, each with a key of its
 * own; three misses in a row are off. */
static void
test_probe(void **data)
{
	struct house *h = server(ESXI);
	uint32_t keys[3];

	house_status(h, 0, "OB");
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\nTASK probe esxi\n");
	house_pass(h, 1000);
	house_done(h, 0);
	keys[0] = h->key;
	house_pass(h, 10000);
	assert_did(h, "TASK probe esxi\n");
	keys[1] = h->key;
	house_done(h, 0);
	house_pass(h, 49000 - 12000);
	buf_clear(&h->did);
	house_done(h, 0);
	house_pass(h, 12000);
	assert_did(h, "TASK probe esxi\nSTAND esxi told\nTASK tell esxi\n"
		      "TASK probe esxi\n");
	keys[2] = h->key;
	assert_int_not_equal(keys[0], keys[1]);
	assert_int_not_equal(keys[1], keys[2]);
	answers(h, 0, 5);
	answers(h, 256, 2);
	answers(h, 0, 1); /* not in a row */
	answers(h, 256, 2);
	buf_clear(&h->did);
	house_done(h, 256);
	house_done(h, 256); /* twice the same is one */
	assert_did(h, "STAND esxi off\nVIEW qnapups esxi fsd\n");
	assert_logged(h, "it does not answer");
	house_end(h);
}

/* A probe that does not end is a miss, too. */
static void
test_probe_hangs(void **data)
{
	struct house *h = server(ESXI);

	house_status(h, 0, "OB");
	for (int i = 0; i < 60; i++) {
		house_done(h, 0);
		house_pass(h, 1000);
	}
	assert_logged(h, "esxi: told to go down");
	house_done(h, 0);
	buf_clear(&h->did);
	house_pass(h, 2000 + 45000);
	assert_did(h, "TASK probe esxi\nTASK probe esxi\nTASK probe esxi\n"
		      "STAND esxi off\nVIEW qnapups esxi fsd\n");
	house_end(h);
}

/* Probes are lost while it stops: that it answers again before its time is over does not say
 * that it is back; after it, it does. */
static void
test_probe_answers_again(void **data)
{
	struct house *h = server(ESXI);

	house_status(h, 0, "OB");
	for (int i = 0; i < 60; i++) {
		house_done(h, 0);
		house_pass(h, 1000);
	}
	assert_logged(h, "esxi: told to go down");
	answers(h, 256, 2);
	house_done(h, 256);
	assert_logged(h, "it does not answer");
	house_status(h, 0, "OL");
	buf_clear(&h->did);
	for (int i = 0; i < 25; i++) {
		house_pass(h, 1000);
		house_done(h, 0);
	}
	assert_null(strstr(buf_str(&h->did), "STAND esxi on"));
	assert_non_null(strstr(buf_str(&h->did), "TASK probe esxi"));
	for (int i = 0; i < 80; i++) {
		house_pass(h, 1000);
		house_done(h, 0);
	}
	assert_non_null(strstr(buf_str(&h->did), "STAND esxi on"));
	house_end(h);
}

/* One that seemed not to be there, and answers before its time is over, is there: it goes, and
 * it is we who took it down. */
static void
test_probe_there_after_all(void **data)
{
	struct house *h = server("[machine esxi]\naddress = " AT "\nhook = /bin/stop\n"
				 "off = tcp 22\nafter = 5\ntakes = 40\n");

	house_status(h, 0, "OB");
	house_pass(h, 5000);
	assert_logged(h, "esxi: told to go down");
	house_step(h, (struct policy_event){
			  .kind = POLICY_DONE, .key = h->tell_key, .done = 65280});
	for (int i = 0; i < 3; i++) {
		house_done(h, 256);
		house_pass(h, 2000);
	}
	assert_logged(h, "not there: nobody answered");
	buf_clear(&h->did);
	house_pass(h, 10000);
	assert_null(strstr(buf_str(&h->did), "TASK tell")); /* nobody would hear it */
	house_done(h, 0);
	assert_non_null(strstr(buf_str(&h->did), "STAND esxi told"));
	house_pass(h, 1000);
	assert_non_null(strstr(buf_str(&h->did), "TASK tell esxi\n"));
	for (int i = 0; i < 3; i++) {
		house_pass(h, 2000);
		house_done(h, 256);
	}
	assert_non_null(strstr(buf_str(&h->did), "STAND esxi off"));
	house_status(h, 0, "OL");
	house_pass(h, 120000);
	assert_non_null(strstr(buf_str(&h->did), "STAND esxi waking"));
	house_end(h);
}

/* A hook that failed is not run again when the mains is back, nor by another core; but when it
 * fails again. */
static void
test_hook_mains_back(void **data)
{
	struct house *h = server("[machine esxi]\nhook = /bin/stop\nafter = 5\n");

	house_status(h, 0, "OB");
	house_pass(h, 5000);
	assert_logged(h, "esxi: told to go down");
	house_status(h, 0, "OL");
	house_pass(h, 5000);
	house_step(h,
	    (struct policy_event){.kind = POLICY_DONE, .key = h->tell_key, .done = 256});
	assert_logged(h, "once more");
	buf_clear(&h->did);
	house_pass(h, 40000);
	house_restart(h);
	house_dump(h, 0, "OL");
	house_pass(h, 10000);
	assert_null(strstr(buf_str(&h->did), "TASK tell"));
	house_status(h, 0, "OB");
	house_pass(h, 5000);
	assert_non_null(strstr(buf_str(&h->did), "TASK tell esxi\n"));
	house_end(h);
}

/* Nobody answered before its moment: it is not there. */
static void
test_probe_not_there(void **data)
{
	struct house *h = server(ESXI);

	house_status(h, 0, "OB");
	for (int i = 0; i < 3; i++) {
		house_done(h, 256);
		house_pass(h, 10000);
	}
	buf_clear(&h->did);
	house_pass(h, 30000);
	assert_non_null(
	    strstr(buf_str(&h->did), "STAND esxi off\nVIEW qnapups esxi fsd\n"));
	assert_null(strstr(buf_str(&h->did), "TASK tell"));
	/* It boots: it answers. */
	house_pass(h, 60000);
	buf_clear(&h->did);
	house_done(h, 0);
	assert_did(h, "STAND esxi told\nTASK tell esxi\nTASK probe esxi\n"
		      "VIEW qnapups esxi hold\n");
	house_end(h);

	/* In doubt it is told, and was there, */
	h = server(ESXI);
	house_status(h, 0, "OB LB");
	assert_non_null(strstr(buf_str(&h->did), "TASK tell esxi\n"));
	for (int i = 0; i < 3; i++) {
		house_done(h, 256);
		house_pass(h, 2000);
	}
	assert_logged(h, "esxi: off, 4 s after it was told: it does not answer");
	house_end(h);

	/* ... unless its hook fails, too. */
	h = server(ESXI);
	house_status(h, 0, "OB");
	house_pass(h, 100);
	house_status(h, 0, "OB LB");
	house_step(h, (struct policy_event){
			  .kind = POLICY_DONE, .key = h->tell_key, .done = 65280});
	for (int i = 0; i < 3; i++) {
		house_done(h, 256);
		house_pass(h, 2000);
	}
	assert_logged(h, "not there: nobody answered");
	house_end(h);
}

/* Nor is it known whether it was there when its hook is killed, with run or because it takes
 * too long, before anybody answered: it was, and is woken. One that fails after that says
 * nothing new. */
static void
test_hook_killed(void **data)
{
	static const int killed[] = {9, 15};

	for (size_t i = 0; i < sizeof(killed) / sizeof(killed[0]); i++) {
		struct house *h =
		    server("[machine esxi]\naddress = " AT "\nhook = /bin/stop\n"
			   "off = tcp 22\nafter = 5\ntakes = 40\n");

		house_status(h, 0, "OB");
		house_pass(h, 5000);
		house_step(
		    h, (struct policy_event){
			   .kind = POLICY_DONE, .key = h->tell_key, .done = killed[i]});
		assert_logged(h, "esxi: its hook failed (signal ");
		house_restart(h);
		house_dump(h, 0, "OB");
		house_pass(h, 10000);
		house_step(h, (struct policy_event){
				  .kind = POLICY_DONE, .key = h->tell_key, .done = 256});
		house_pass(h, 50000); /* no probe is answered */
		assert_logged(h, "told: it does not answer");
		house_status(h, 0, "OL");
		house_pass(h, 180000);
		assert_non_null(strstr(buf_str(&h->did), "STAND esxi waking"));
		house_end(h);
	}
}

/* A hook and nothing else: it is there, and off `takes` after it was told. */
static void
test_time(void **data)
{
	struct house *h = server("[machine pump]\nhook = /bin/stop\nafter = 60\n"
				 "takes = 40\n[machine fan]\nhook = /bin/stop\n");

	reach(h);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\nSTAND pump told\n"
		      "TASK tell pump\n");
	house_done(h, 0);
	house_pass(h, 39999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND pump off\nVIEW qnapups pump fsd\n");
	house_status(h, 0, "OB LB"); /* of the fan nobody knows how long it takes */
	house_done(h, 0);
	buf_clear(&h->did);
	house_pass(h, POLICY_TAKES_MS - 1);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "STAND fan off\nVIEW qnapups fan fsd\nNOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Nobody saw it come back with the mains: in the next outage it is told all the same. */
static void
test_time_again(void **data)
{
	struct house *h = server("[machine pump]\nhook = /bin/stop\nafter = 60\n"
				 "takes = 40\nboots = 600\n");
	uint32_t key;

	reach(h);
	house_pass(h, 60000);
	key = h->tell_key;
	house_status(h, 0, "OL");
	house_pass(h, 90000);
	buf_clear(&h->did);
	reach(h);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\nSTAND pump off\n"
		      "STAND pump told\nTASK tell pump\n");
	assert_int_not_equal(h->tell_key, key);
	house_pass(h, 3600000);
	assert_did(h, "STAND pump off\nVIEW qnapups pump fsd\n");
	house_end(h);
}

static void
drill(struct house *h, size_t plan)
{
	house_step(h, (struct policy_event){.kind = POLICY_DRILL, .plan = plan});
}

/* A drill: told for real with the mains there, followed until it is off, and woken. */
static void
test_drill(void **data)
{
	struct house *h = server("[machine nas]\nlogin = nas\nafter = 60\ntakes = 40\n"
				 "wake = 00:11:22:33:44:55\n"
				 "[machine pi]\naddress = localhost\nafter = 900\n"
				 "[machine old]\nlogin = old\ntakes = 5\n");

	house_value(h, 0, POLICY_CHARGE, 100);
	house_pass(h, 600000);
	house_login(h, 0, 1, AT, "nas");
	buf_clear(&h->did);
	drill(h, 0);
	assert_did(h, "STAND nas told\nVIEW qnapups nas fsd\n");
	assert_logged(h, "nas: told to go down: drill; takes 40 s");
	drill(h, 0);
	assert_logged(h, "drill: nas is told, and is not told");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 39999);
	assert_did(h, "STAND nas leaving\n");
	house_pass(h, 1);
	assert_did(h, "STAND nas off\nVIEW qnapups nas hold\nSTAND nas waking\n"
		      "TASK wake nas\n");
	drill(h, 1);
	assert_logged(h, "drill: pi is this machine, and stays");
	drill(h, 2);
	assert_logged(h, "drill: old is not there, and is not told");
	drill(h, 99);
	house_end(h);
}

/* One that is not planned can be drilled: it sees FSD alone, and then what all see. */
static void
test_drill_unplanned(void **data)
{
	struct house *h = server("[machine nas]\nlogin = nas\ntakes = 40\n");

	house_login(h, 0, 1, AT, "nas");
	drill(h, 0);
	assert_did(h, "STAND nas told\nVIEW qnapups nas fsd\n");
	house_pass(h, 100000); /* it stays */
	assert_did(h, "STAND nas on\nVIEW qnapups nas none\n");
	house_end(h);
}

/* The mains fails in a drill: then it is no drill any more. */
static void
test_drill_outage(void **data)
{
	struct house *h = server("[machine nas]\nlogin = nas\nafter = 60\ntakes = 5\n");

	house_login(h, 0, 1, AT, "nas");
	drill(h, 0);
	house_status(h, 0, "OB");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 60000);
	buf_clear(&h->did);
	house_login(h, 0, 2, AT, "nas");
	assert_did(h, "STAND nas told\n");
	assert_logged(h, "nas: told to go down: 60 s on battery");
	house_end(h);
}

#define POE_MON "MONITOR qnapups@localhost 0 nut nut master\n"

/* The Pi is on PoE: it orders, waits until all are off, and stays. */
static void
test_serves(void **data)
{
	struct house *h = house_new_own(
	    SERVER_UPS, POE_MON, "[machine nas]\nlogin = nas\nafter = 60\ntakes = 40\n");

	house_dump(h, 0, "OL");
	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 20);
	house_login(h, 0, 1, AT, "nas");
	house_login(h, 0, 2, "192.168.0.40", "other");
	reach(h);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 600000);
	buf_clear(&h->did);
	house_status(h, 0, "OB LB");
	assert_did(h, "NOTIFY LOWBATT qnapups@localhost\nVIEW qnapups fsd\n"
		      "NOTIFY FSD qnapups@localhost\n");
	assert_logged(
	    h, "forced shutdown of what hangs on it; this machine does not, and");
	assert_logged(h, "waiting up to 15 s (HOSTSYNC) for 192.168.0.40 (other)");
	house_pass(h, 9999);
	assert_did(h, "");
	house_session(h, POLICY_LOGOUT, 0, 2);
	assert_did(h, "ORDER qnapups cut\n");
	house_pass(h, 600000);
	assert_null(strstr(buf_str(&h->did), "SHUTDOWN"));
	assert_int_equal(h->deadline, 0);
	house_end(h);
}

static struct house *
poe(const char *holdup_conf)
{
	struct house *h = house_new_own(SERVER_UPS, POE_MON, holdup_conf);

	house_dump(h, 0, "OL");
	house_login(h, 0, 1, AT, "nas");
	house_login(h, 0, 2, "192.168.0.40", "other");
	buf_clear(&h->did);
	return h;
}

static bool
is_cut(struct house *h)
{
	return strstr(buf_str(&h->did), "ORDER qnapups cut") != NULL;
}

/* Planned ones are waited for until they are off, the others for HOSTSYNC. */
static void
test_serves_waits(void **data)
{
	struct house *h = poe("[machine nas]\nlogin = nas\nfeeds = qnapups\n"
			      "takes = 40\n");

	house_status(h, 0, "OB LB");
	house_pass(h, 60000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 39999);
	assert_false(is_cut(h));
	house_pass(h, 1);
	assert_true(is_cut(h)); /* the other one never left */
	house_end(h);
}

/* upsmon -c fsd there means all that it serves. */
static void
test_serves_fsd(void **data)
{
	struct house *h = poe("[machine nas]\nlogin = nas\nfeeds = qnapups\ntakes = 5\n");

	house_step(h, (struct policy_event){.kind = POLICY_FSD_ALL});
	house_pass(h, 4000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 5000);
	assert_false(is_cut(h));
	house_session(h, POLICY_LOGOUT, 0, 2);
	assert_true(is_cut(h));
	assert_null(strstr(buf_str(&h->did), "SHUTDOWN"));
	house_end(h);
}

/* The mains is back before all are off: who is on stays on, and keeps the output. */
static void
test_serves_mains_back(void **data)
{
	struct house *h = poe("[machine nas]\nlogin = nas\nfeeds = qnapups\n"
			      "takes = 40\n");

	house_value(h, 0, POLICY_CHARGE, 10); /* FSD is not over yet */
	house_status(h, 0, "OB LB");
	house_pass(h, 5000);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_status(h, 0, "OL");
	house_pass(h, 20000);
	house_login(h, 0, 3, "192.168.0.40", "other");
	house_pass(h, 3600000);
	assert_false(is_cut(h));
	house_end(h);

	/* All are off by then: the cut starts them all again. */
	h = poe("[machine nas]\nlogin = nas\nfeeds = qnapups\ntakes = 40\n");
	house_value(h, 0, POLICY_CHARGE, 10);
	house_status(h, 0, "OB LB");
	house_pass(h, 5000);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_status(h, 0, "OL");
	house_pass(h, 39999);
	assert_false(is_cut(h));
	house_pass(h, 1);
	assert_true(is_cut(h));
	house_end(h);
}

/* Without a plan it is NUT's monitor that never shuts anything down. */
static void
test_serves_no_plan(void **data)
{
	struct house *h = house_new(SERVER_UPS, POE_MON);

	house_dump(h, 0, "OL");
	house_status(h, 0, "OB LB");
	house_pass(h, 600000);
	assert_null(strstr(buf_str(&h->did), "fsd"));
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_logout),
	    cmocka_unit_test(test_stories),
	    cmocka_unit_test(test_broken_before),
	    cmocka_unit_test(test_silent),
	    cmocka_unit_test(test_silent_twice),
	    cmocka_unit_test(test_reader_not_there),
	    cmocka_unit_test(test_probe),
	    cmocka_unit_test(test_probe_hangs),
	    cmocka_unit_test(test_hook_mains_back),
	    cmocka_unit_test(test_probe_answers_again),
	    cmocka_unit_test(test_probe_there_after_all),
	    cmocka_unit_test(test_probe_not_there),
	    cmocka_unit_test(test_hook_killed),
	    cmocka_unit_test(test_time),
	    cmocka_unit_test(test_time_again),
	    cmocka_unit_test(test_drill),
	    cmocka_unit_test(test_drill_unplanned),
	    cmocka_unit_test(test_drill_outage),
	    cmocka_unit_test(test_serves),
	    cmocka_unit_test(test_serves_waits),
	    cmocka_unit_test(test_serves_fsd),
	    cmocka_unit_test(test_serves_mains_back),
	    cmocka_unit_test(test_serves_no_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
