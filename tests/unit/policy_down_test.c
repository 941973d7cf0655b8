/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* The way down (docs/outage.md, 4): who decides it, who is waited for, and when. */

#define TWO_UPS                                     \
	"[one]\ndriver = usbhid-ups\nport = auto\n" \
	"[two]\ndriver = usbhid-ups\nport = auto\n"
#define PI2 "192.168.0.20"
#define NAS "192.168.0.30"

/* The server of the article's house, on mains, pi2 logged in by session 1. */
static struct house *
server(const char *more)
{
	char text[512];
	struct house *h;

	snprintf(text, sizeof(text), "%s%s", SERVER_MON, more);
	h = house_new(SERVER_UPS, text);
	house_dump(h, 0, "OL");
	house_login(h, 0, 1, PI2, "admin");
	assert_did(h, "SELF qnapups on\n");
	return h;
}

/* The mains fails; a minute later the battery is low. */
static void
run_low(struct house *h)
{
	house_status(h, 0, "OB DISCHRG");
	house_pass(h, 60000);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\n");
	house_status(h, 0, "OB DISCHRG LB");
	assert_did(h, "NOTIFY LOWBATT qnapups@localhost\nVIEW qnapups fsd\n"
		      "NOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
}

/* Item 2, primary: FSD first, the others leave, SHUTDOWN, FINALDELAY, the cut. */
static void
test_primary_in_order(void **data)
{
	struct house *h = server("");

	run_low(h);
	assert_logged(h, "ups qnapups: on battery and low; forced shutdown of what hangs "
			 "on it");
	assert_logged(h, "waiting up to 15 s (HOSTSYNC) for " PI2 " (admin)");
	house_pass(h, 4000);
	assert_did(h, "");
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	assert_logged(h, "gone: " PI2 " (admin)");
	house_pass(h, 4999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "SHUTDOWN cut\n");
	house_pass(h, 5000);
	assert_did(h, "SHUTDOWN cut\n");
	house_end(h);
}

/* Where a shutdown is only logged, FSD ends with the outage; the next one counts anew. */
static void
test_only_logged(void **data)
{
	struct house *h = server("FINALDELAY 0\n");

	h->conf.harmless = true;
	run_low(h);
	house_status(h, 0, "OL CHRG");
	assert_did(h, "NOTIFY ONLINE qnapups@localhost\n"); /* pi2 is waited for */
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_did(h, "NOTIFY SHUTDOWN\nSHUTDOWN cut\nVIEW qnapups none\n");
	house_pass(h, 60000);
	assert_did(h, "");
	house_login(h, 0, 2, PI2, "admin");
	run_low(h);
	house_session(h, POLICY_LOGOUT, 0, 2);
	assert_did(h, "NOTIFY SHUTDOWN\nSHUTDOWN cut\n");
	house_pass(h, 5000);
	assert_did(h, "SHUTDOWN cut\n"); /* the mains is still away */
	house_end(h);
}

/* Item 2, FINALDELAY 0 and HOSTSYNC 0 are times too. */
static void
test_no_delays(void **data)
{
	struct house *h = server("HOSTSYNC 0\nFINALDELAY 0\n");

	house_status(h, 0, "OB LB");
	assert_did(h,
	    "NOTIFY ONBATT qnapups@localhost\nNOTIFY LOWBATT qnapups@localhost\n"
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\n"
	    "NOTIFY SHUTDOWN_HOSTSYNC\nNOTIFY SHUTDOWN\n"
	    "SHUTDOWN cut\n");
	assert_logged(h, "still there after HOSTSYNC (0 s): " PI2 " (admin)");
	house_end(h);
}

/* Item 2, secondary: the primary calls the shutdown; this machine only leaves. */
static void
test_secondary_on_fsd(void **data)
{
	struct house *h = house_new("", CLIENT_MON);

	house_dump(h, 0, "OL");
	house_status(h, 0, "FSD OB LB");
	assert_did(h, "NOTIFY ONBATT qnapups@192.168.0.9\n"
		      "NOTIFY LOWBATT qnapups@192.168.0.9\n"
		      "NOTIFY FSD qnapups@192.168.0.9\nNOTIFY SHUTDOWN\n");
	house_pass(h, 5000);
	assert_did(h, "SHUTDOWN stay\nLEAVE qnapups\n");
	assert_false(h->cut);
	house_end(h);
}

static const struct {
	const char *conf;
	uint64_t leaves; /* s after SHUTDOWN; 0: with it */
	bool ever;
} exits[] = {
    {"", 0, true},
    {"SHUTDOWNEXIT yes\n", 0, true},
    {"SHUTDOWNEXIT 90\n", 90, true},
    {"SHUTDOWNEXIT no\n", 0, false},
    {"SHUTDOWNEXIT -5\n", 0, false},
};

/* SHUTDOWNEXIT: when the servers of far UPSes hear that this machine leaves; a new process
 * says it again. */
static void
test_shutdownexit(void **data)
{
	for (size_t i = 0; i < sizeof(exits) / sizeof(exits[0]); i++) {
		char text[256];
		struct house *h;

		snprintf(text, sizeof(text), CLIENT_MON "%s", exits[i].conf);
		h = house_new("", text);
		house_dump(h, 0, "OL");
		house_status(h, 0, "FSD OB LB");
		house_pass(h, 4999);
		assert_null(strstr(buf_str(&h->did), "LEAVE"));
		house_pass(h, 1 + exits[i].leaves * 1000 - (exits[i].leaves > 0));
		assert_int_equal(strstr(buf_str(&h->did), "LEAVE qnapups") != NULL,
		    exits[i].ever && exits[i].leaves == 0);
		house_pass(h, 3600000);
		assert_int_equal(
		    strstr(buf_str(&h->did), "LEAVE qnapups") != NULL, exits[i].ever);
		buf_clear(&h->did);
		house_pass(h, 60000);
		assert_null(strstr(buf_str(&h->did), "LEAVE"));
		house_restart(h);
		house_pass(h, 10000);
		assert_int_equal(
		    strstr(buf_str(&h->did), "LEAVE qnapups") != NULL, exits[i].ever);
		house_end(h);
	}
}

/* One that serves its UPS itself has nobody to leave; one that goes down only in the log
 * stays. */
static void
test_nobody_to_leave(void **data)
{
	struct house *h = server("");

	house_status(h, 0, "OB LB");
	house_pass(h, 60000);
	assert_non_null(strstr(buf_str(&h->did), "SHUTDOWN cut"));
	assert_null(strstr(buf_str(&h->did), "LEAVE"));
	house_end(h);
	h = house_new("", CLIENT_MON);
	h->conf.harmless = true;
	house_dump(h, 0, "OL");
	house_status(h, 0, "FSD OB LB");
	house_pass(h, 60000);
	assert_non_null(strstr(buf_str(&h->did), "SHUTDOWN stay"));
	assert_null(strstr(buf_str(&h->did), "LEAVE"));
	house_end(h);
}

/* Item 2, secondary: a primary that says nothing for HOSTSYNC is given up (upsmon). */
static void
test_secondary_waits_for_its_primary(void **data)
{
	struct house *h = house_new("", CLIENT_MON);

	house_dump(h, 0, "OB LB");
	house_pass(h, 14999);
	assert_did(h, "NOTIFY ONBATT qnapups@192.168.0.9\n"
		      "NOTIFY LOWBATT qnapups@192.168.0.9\n");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	assert_logged(h, "its primary is silent for HOSTSYNC");
	house_end(h);
}

/* Item 2, power values and MINSUPPLIES. */
static void
test_minsupplies(void **data)
{
	struct house *h = house_new(TWO_UPS, "MONITOR one@localhost 1 u p primary\n"
					     "MONITOR two@localhost 1 u p primary\n");

	house_dump(h, 0, "OL");
	house_dump(h, 1, "OL");
	house_status(h, 0, "OB LB");
	house_pass(h, 600000);
	assert_logged(h, "ups one: on battery and low; the other supplies suffice");
	assert_not_logged(h, "forced shutdown");
	buf_clear(&h->did);
	house_status(h, 1, "OB LB");
	assert_did(h, "NOTIFY ONBATT two@localhost\nNOTIFY LOWBATT two@localhost\n"
		      "VIEW one fsd\nNOTIFY FSD one@localhost\n"
		      "VIEW two fsd\nNOTIFY FSD two@localhost\nNOTIFY SHUTDOWN\n");
	house_end(h);
}

static void
test_minsupplies_two(void **data)
{
	struct house *h = house_new(TWO_UPS, "MINSUPPLIES 2\n"
					     "MONITOR one@localhost 1 u p primary\n"
					     "MONITOR two@localhost 1 u p primary\n");

	house_dump(h, 0, "OL");
	house_dump(h, 1, "OL");
	house_status(h, 0, "OB LB");
	assert_logged(h, "ups one: on battery and low; forced shutdown");
	house_end(h);
}

/* A power value of 0: watched, but it feeds something else. */
static void
test_power_value_zero(void **data)
{
	struct house *h = house_new(TWO_UPS, "MONITOR one@localhost 1 u p primary\n"
					     "MONITOR two@localhost 0 u p secondary\n");

	house_dump(h, 0, "OL");
	house_dump(h, 1, "FSD OB LB");
	house_pass(h, 600000);
	assert_not_logged(h, "HOSTSYNC");
	assert_null(strstr(buf_str(&h->did), "SHUTDOWN"));
	house_end(h);
}

/* More supplies wanted than there are is a slip, no outage. */
static void
test_minsupplies_beyond_all(void **data)
{
	struct house *h = house_new(SERVER_UPS, SERVER_MON "MINSUPPLIES 3\n");

	house_dump(h, 0, "OL");
	house_pass(h, 600000);
	assert_did(h, "SELF qnapups on\n");
	house_status(h, 0, "OB LB");
	assert_logged(h, "forced shutdown of what hangs on it");
	house_end(h);
}

/* Item 2, FSD by a client that may, and by upsmon -c fsd; on mains, too. */
static void
test_fsd_is_called(void **data)
{
	struct house *h = server("");

	house_fsd(h, 0);
	assert_did(h,
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	assert_logged(h, "forced shutdown was called");
	house_pass(h, 20000);
	assert_did(h, "NOTIFY SHUTDOWN\nSHUTDOWN cut\n");
	house_end(h);

	h = server("");
	house_step(h, (struct policy_event){.kind = POLICY_FSD_ALL});
	assert_did(h,
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	house_pass(h, 20000);
	assert_did(h, "NOTIFY SHUTDOWN\nSHUTDOWN cut\n");
	house_end(h);

	h = house_new("", CLIENT_MON);
	house_dump(h, 0, "OL");
	house_step(h, (struct policy_event){.kind = POLICY_FSD_ALL});
	house_pass(h, 5000);
	assert_did(h, "NOTIFY SHUTDOWN\nSHUTDOWN stay\nLEAVE qnapups\n");
	house_end(h);
}

/* Mains returning before FSD cancels; after FSD the shutdown is carried through. */
static void
test_mains_return(void **data)
{
	struct house *h = server("");

	house_status(h, 0, "OB");
	house_pass(h, 600000);
	house_status(h, 0, "OL LB");
	house_pass(h, 600000);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\nNOTIFY ONLINE qnapups@localhost\n"
		      "NOTIFY LOWBATT qnapups@localhost\n");
	house_status(h, 0, "OB LB");
	house_pass(h, 1000);
	house_status(h, 0, "OL");
	house_pass(h, 19000);
	assert_did(h, "NOTIFY ONBATT qnapups@localhost\nVIEW qnapups fsd\n"
		      "NOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n"
		      "NOTIFY ONLINE qnapups@localhost\n"
		      "NOTIFY SHUTDOWN\nSHUTDOWN cut\n");
	house_end(h);
}

/* A calibration runs the battery down on purpose (upsmon). */
static void
test_calibration(void **data)
{
	struct house *h = server("");

	house_status(h, 0, "OB CAL LB");
	house_pass(h, 600000);
	assert_did(h,
	    "NOTIFY ONBATT qnapups@localhost\nNOTIFY LOWBATT qnapups@localhost\n"
	    "NOTIFY CAL qnapups@localhost\n");
	house_end(h);
}

/* Item 2: another upsmon of this machine holds PRIMARY. */
static void
test_another_upsmon_decides(void **data)
{
	struct house *h = server("");

	house_login(h, 0, 2, "127.0.0.1", "nut");
	house_session(h, POLICY_PRIMARY, 0, 2);
	assert_did(h, "SELF qnapups off\n");
	assert_logged(h, "another upsmon on this machine holds PRIMARY");
	house_status(h, 0, "OB LB");
	house_pass(h, 60000);
	assert_logged(h, "the other upsmon decides");
	/* It calls FSD and leaves: the shutdown is its own. */
	house_fsd(h, 0);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 60000);
	assert_did(h, "VIEW qnapups fsd\n");
	house_end(h);

	/* It crashes: somebody has to decide. */
	h = server("");
	house_login(h, 0, 2, "127.0.0.1", "nut");
	house_session(h, POLICY_PRIMARY, 0, 2);
	house_status(h, 0, "OB LB");
	buf_clear(&h->did);
	house_session(h, POLICY_BROKEN, 0, 2);
	assert_logged(h, "deciding again");
	assert_did(h, "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\n"
		      "NOTIFY SHUTDOWN_HOSTSYNC\nSELF qnapups on\n");
	house_end(h);
}

/* Item 3: a connection that merely broke leaves the machine counted until HOSTSYNC. */
static void
test_broken_counts_as_on(void **data)
{
	struct house *h = server("");

	house_session(h, POLICY_BROKEN, 0, 1);
	run_low(h);
	house_pass(h, 14999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	assert_logged(h, "still there after HOSTSYNC (15 s): " PI2
			 " (admin); shutting down all the same");
	house_end(h);
}

/* Item 3: a restarted net breaks all; who comes back is one machine, not two. */
static void
test_login_replaces_broken(void **data)
{
	struct house *h = server("");

	house_session(h, POLICY_BROKEN, 0, 1);
	house_login(h, 0, 2, PI2, "admin");
	run_low(h);
	house_session(h, POLICY_LOGOUT, 0, 2);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Item 3: who broke during HOSTSYNC is waited for as well. */
static void
test_broken_in_hostsync(void **data)
{
	struct house *h = server("");

	run_low(h);
	house_pass(h, 2000);
	house_session(h, POLICY_BROKEN, 0, 1);
	house_pass(h, 12999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Item 3: a reader that shuts down by itself is waited for until it is silent. */
static void
test_reader_is_waited_for(void **data)
{
	struct house *h = server("HOSTSYNC 60\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	for (int i = 0; i < 5; i++) {
		house_seen(h, 0, MACHINE_QNAP, NAS);
		house_pass(h, 5000);
	}
	house_seen(h, 0, MACHINE_QNAP, NAS);
	house_status(h, 0, "OB LB");
	assert_logged(h, "waiting up to 60 s (HOSTSYNC) for QNAP at " NAS);
	buf_clear(&h->did);
	house_pass(h, 14999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	assert_logged(h, "gone: QNAP at " NAS);
	house_end(h);
}

/* The proof: with a QNAP too slow for HOSTSYNC the log names it. */
static void
test_slow_reader_is_named(void **data)
{
	struct house *h = server("");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_QNAP, NAS);
	house_status(h, 0, "OB LB");
	for (int i = 0; i < 15; i++) {
		house_pass(h, 1000);
		house_seen(h, 0, MACHINE_QNAP, NAS);
	}
	assert_logged(h, "still there after HOSTSYNC (15 s): QNAP at " NAS);
	house_end(h);
}

/* A short silence proves nothing: 10 s at least; one that has long gone is not waited
 * for. */
static void
test_reader_silence(void **data)
{
	struct house *h = server("");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_SYNOLOGY, NAS);
	house_pass(h, 100);
	house_seen(h, 0, MACHINE_SYNOLOGY, NAS);
	house_pass(h, 9000);
	house_status(h, 0, "OB LB");
	buf_clear(&h->did);
	house_pass(h, 999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);

	h = server("");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_WINNUT, NAS);
	house_pass(h, 10000);
	house_status(h, 0, "OB LB");
	assert_logged(h, "no other machine is on, 0 s after FSD");
	house_end(h);
}

/* A reader that logs in is known by its login, and leaves by it. */
static void
test_reader_with_login(void **data)
{
	struct house *h = server("");

	house_seen(h, 0, MACHINE_SYNOLOGY, PI2);
	run_low(h);
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Item 7: a stale or lost device on mains never shuts anything down. */
static void
test_lost_on_mains(void **data)
{
	struct house *h = server("NOCOMMWARNTIME 100000\n");

	house_source(h, 0, FEED_STALE);
	house_pass(h, 3600000);
	house_source(h, 0, FEED_LOST);
	house_pass(h, 3600000);
	assert_did(h, "NOTIFY COMMBAD qnapups@localhost\n");
	house_end(h);
}

/* Item 7: on battery it runs DEADTIME. */
static void
test_lost_on_battery(void **data)
{
	struct house *h = server("DEADTIME 25\n");

	house_status(h, 0, "OB");
	house_source(h, 0, FEED_LOST);
	house_pass(h, 24999);
	assert_did(
	    h, "NOTIFY ONBATT qnapups@localhost\nNOTIFY COMMBAD qnapups@localhost\n");
	house_pass(h, 1);
	assert_did(h,
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	assert_logged(h, "ups qnapups: lost on battery for DEADTIME; forced shutdown");
	house_end(h);
}

/* ... and a source that comes back in time ends it. */
static void
test_lost_and_back(void **data)
{
	struct house *h = server("");

	house_status(h, 0, "OB");
	for (int i = 0; i < 20; i++) {
		house_source(h, 0, FEED_STALE);
		house_pass(h, 14000);
		house_dump(h, 0, "OB");
		house_pass(h, 1000);
	}
	assert_not_logged(h, "forced shutdown");
	house_end(h);
}

/* Never heard from: neither good nor bad, and nothing is done about it. */
static void
test_never_heard(void **data)
{
	struct house *h = house_new(SERVER_UPS, SERVER_MON);

	house_pass(h, 100000);
	assert_did(h, "SELF qnapups on\nNOTIFY COMMBAD qnapups@localhost\n");
	house_end(h);
}

/* Item 7: after a sleep everything is read anew before anything is decided. */
static void
test_sleep_reads_first(void **data)
{
	struct house *h = server("");

	house_status(h, 0, "OB");
	buf_clear(&h->did);
	h->now += 3600000;
	house_status(h, 0, "OB LB");
	assert_did(h, "REFRESH qnapups\nNOTIFY SUSPEND_FINISHED\n");
	assert_logged(h, "the machine slept");
	house_pass(h, 2000);
	house_dump(h, 0, "OL");
	house_pass(h, 60000);
	assert_did(h, "NOTIFY ONLINE qnapups@localhost\n");
	house_end(h);

	/* What is read says that it is true. */
	h = server("");
	house_status(h, 0, "OB");
	buf_clear(&h->did);
	h->now += 3600000;
	house_status(h, 0, "OB LB");
	house_step(h, (struct policy_event){.kind = POLICY_READ});
	assert_did(h, "REFRESH qnapups\nNOTIFY SUSPEND_FINISHED\nNOTIFY LOWBATT "
		      "qnapups@localhost\n");
	house_pass(h, 5000);
	assert_did(h,
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	house_end(h);

	/* DEADTIME does not pass while the machine sleeps. */
	h = server("");
	house_status(h, 0, "OB");
	house_source(h, 0, FEED_LOST);
	buf_clear(&h->did);
	h->now += 3600000;
	house_pass(h, 14999);
	assert_did(h, "REFRESH qnapups\nNOTIFY SUSPEND_FINISHED\nNOTIFY COMMBAD "
		      "qnapups@localhost\n");
	house_pass(h, 1);
	assert_did(h,
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	house_end(h);
}

/* ... and whoever could not be seen meanwhile is not thought to be gone. */
static void
test_sleep_sees_no_reader(void **data)
{
	struct house *h = server("HOSTSYNC 60\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_QNAP, NAS);
	house_status(h, 0, "OB LB");
	h->now += 20000;
	buf_clear(&h->did);
	house_pass(h, 9999);
	assert_did(h, "REFRESH qnapups\nNOTIFY SUSPEND_FINISHED\n");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* From FSD on the heartbeat says when a silent core means: take the machine down. */
static void
test_heartbeat_deadline(void **data)
{
	struct house *h = server("");
	unsigned beats;

	assert_int_equal(h->deadline, 0);
	house_status(h, 0, "OB");
	assert_int_equal(h->deadline, 0);
	beats = h->heartbeats;
	house_status(h, 0, "OB LB");
	assert_int_equal(h->heartbeats, beats + 1);
	assert_int_equal(h->deadline, h->now + 15000 + 5000 + 10000);
	assert_true(h->cut);
	house_end(h);
}

/* An action has its outage for a key; the outage ends when the mains returns. */
static void
test_outages_are_numbered(void **data)
{
	struct house *h = server("");
	const struct policy_event time = {.kind = POLICY_TIME};
	const struct policy_event silent = {.kind = POLICY_SILENT};

	policy_step(h->policy, &time, h->now);
	assert_int_equal(policy_step(h->policy, &silent, h->now)->list[0].outage, 0);
	house_status(h, 0, "OB");
	assert_int_equal(policy_step(h->policy, &silent, h->now)->list[0].outage, 1);
	house_status(h, 0, "OL");
	house_status(h, 0, "OB");
	assert_int_equal(policy_step(h->policy, &silent, h->now)->list[0].outage, 2);
	house_end(h);
}

/* More machines than the table has: nobody is forgotten, HOSTSYNC is waited for. */
static void
test_crowd(void **data)
{
	struct house *h = server("");

	for (unsigned long i = 2; i <= POLICY_MACHINES_MAX + 1; i++)
		house_login(h, 0, i, "10.0.0.1", "admin");
	assert_logged(h, "more than 256 machines");
	run_low(h);
	for (unsigned long i = 1; i <= POLICY_MACHINES_MAX + 1; i++)
		house_session(h, POLICY_LOGOUT, 0, i);
	house_pass(h, 14000);
	assert_did(h, "");
	house_pass(h, 1000);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_primary_in_order),
	    cmocka_unit_test(test_only_logged),
	    cmocka_unit_test(test_no_delays),
	    cmocka_unit_test(test_secondary_on_fsd),
	    cmocka_unit_test(test_shutdownexit),
	    cmocka_unit_test(test_nobody_to_leave),
	    cmocka_unit_test(test_secondary_waits_for_its_primary),
	    cmocka_unit_test(test_minsupplies),
	    cmocka_unit_test(test_minsupplies_two),
	    cmocka_unit_test(test_power_value_zero),
	    cmocka_unit_test(test_minsupplies_beyond_all),
	    cmocka_unit_test(test_fsd_is_called),
	    cmocka_unit_test(test_mains_return),
	    cmocka_unit_test(test_calibration),
	    cmocka_unit_test(test_another_upsmon_decides),
	    cmocka_unit_test(test_broken_counts_as_on),
	    cmocka_unit_test(test_login_replaces_broken),
	    cmocka_unit_test(test_broken_in_hostsync),
	    cmocka_unit_test(test_reader_is_waited_for),
	    cmocka_unit_test(test_slow_reader_is_named),
	    cmocka_unit_test(test_reader_silence),
	    cmocka_unit_test(test_reader_with_login),
	    cmocka_unit_test(test_lost_on_mains),
	    cmocka_unit_test(test_lost_on_battery),
	    cmocka_unit_test(test_lost_and_back),
	    cmocka_unit_test(test_never_heard),
	    cmocka_unit_test(test_sleep_reads_first),
	    cmocka_unit_test(test_sleep_sees_no_reader),
	    cmocka_unit_test(test_heartbeat_deadline),
	    cmocka_unit_test(test_outages_are_numbered),
	    cmocka_unit_test(test_crowd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
