/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* For whom this machine waits, and until when (docs/plan.md, 4). */

#define NAS_AT "192.168.0.30"
#define NAS "[machine nas]\nlogin = nas\ntakes = 90\n"
#define PI "[machine pi]\naddress = localhost\ntakes = 60\n"
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

/* What is planned and not off bounds the way down by its own time; holdupd knows. */
static void
test_waits_for_planned(void **data)
{
	struct house *h = server(NAS "feeds = qnapups\n");
	uint64_t fsd;

	house_status(h, 0, "OB LB");
	fsd = h->now;
	/* 90 s and 30 s to say LOGOUT, 90 s to stop, FINALDELAY, POLICY_GRACE_MS. */
	assert_int_equal(h->deadline, fsd + 210000 + 5000 + POLICY_GRACE_MS);
	buf_clear(&h->did);
	house_restart(h);
	assert_int_equal(h->deadline, fsd + 210000 + 5000 + POLICY_GRACE_MS);
	house_dump(h, 0, "OB LB");
	house_login(h, 0, 2, NAS_AT, "nas");
	buf_clear(&h->did);
	house_pass(h, 119999);
	assert_did(h, "");
	house_pass(h, 1); /* it never left */
	assert_logged(h, "nas: still on, 120 s after it was told: waited for no longer");
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);

	/* One of whom nobody knows how long it takes has 120 s. */
	h = server("[machine nas]\nlogin = nas\nfeeds = qnapups\n");
	house_status(h, 0, "OB LB");
	house_pass(h, 60000);
	buf_clear(&h->did);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, POLICY_TAKES_MS - 1);
	assert_did(h, "STAND nas leaving\n");
	house_pass(h, 1);
	assert_did(h, "STAND nas off\nNOTIFY SHUTDOWN\n");
	house_end(h);
}

/* ... unless the battery ends before: it waits until it needs what is left itself. A UPS
 * that says 0 does not know. */
static void
test_waits_no_longer(void **data)
{
	struct house *h = server(NAS "feeds = qnapups\n" PI);

	house_value(h, 0, POLICY_RUNTIME, 0);
	house_status(h, 0, "OB LB");
	house_pass(h, 10000);
	buf_clear(&h->did);
	house_value(h, 0, POLICY_RUNTIME, 66);
	house_pass(h, 10000);
	assert_did(h, "");
	house_value(h, 0, POLICY_RUNTIME, 65);
	house_pass(h, 3000);
	assert_logged(h, "the battery lasts no longer than this machine itself takes");
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* ... but one that told another runtime on battery, and says 0 for 3 s. */
static void
test_runtime_of_nothing(void **data)
{
	static const struct {
		bool tells;    /* a runtime before that */
		unsigned on_s; /* on battery when it says 0 */
		bool hurries;
	} rows[] = {
	    {true, 60, true}, {true, 10, true}, {true, 9, false}, {false, 60, false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct house *h = server(NAS "feeds = qnapups\n" PI);

		house_value(h, 0, POLICY_RUNTIME, rows[i].tells ? 600 : 0);
		house_status(h, 0, "OB LB");
		house_pass(h, 1000);
		house_value(h, 0, POLICY_RUNTIME, rows[i].tells ? 240 : 0);
		house_pass(h, (rows[i].on_s - 1) * 1000);
		house_value(h, 0, POLICY_RUNTIME, 0);
		house_pass(h, 2999);
		assert_not_logged(h, "the battery lasts no longer");
		house_pass(h, 1);
		if ((strstr(buf_str(&h->log), "the battery lasts no longer") != NULL) !=
		    rows[i].hurries)
			fail_msg("row %zu: %s", i, buf_str(&h->log));
		house_end(h);
	}
}

/* With two supplies the one that lasts longer counts; one that is off gives nothing. */
static void
test_waits_for_the_longer(void **data)
{
	struct house *h = two(NAS "feeds = one, two\n" PI);

	house_value(h, 0, POLICY_RUNTIME, 228);
	house_value(h, 1, POLICY_RUNTIME, 3);
	house_status(h, 1, "OB LB");
	house_status(h, 0, "OB LB");
	house_pass(h, 10000);
	assert_not_logged(h, "the battery lasts no longer");
	house_status(h, 1, "OB LB OFF");
	house_pass(h, 10000);
	assert_not_logged(h, "the battery lasts no longer");
	house_value(h, 0, POLICY_RUNTIME, 65);
	house_pass(h, 3000);
	assert_logged(h, "the battery lasts no longer than this machine itself takes");
	house_end(h);
}

/* What happens in the FINALDELAY (5 s) of a machine that waits no longer, for its battery is
 * short. */
static const struct {
	const char *what;
	const char *status;      /* that its UPS has then; NULL: it is lost */
	enum policy_value value; /* ... and says */
	double number;
	bool leaves; /* nas has, before that */
	bool waits;  /* again */
} hurries[] = {
    {"the mains is back", "OL", POLICY_CHARGE, 40, false, true},
    {"it is away", "OB LB", POLICY_RUNTIME, 20, false, false},
    {"the gauge thinks better of it", "OB", POLICY_RUNTIME, 900, false, false},
    {"the cable is lost", NULL, POLICY_CHARGE, 40, false, false},
    {"nobody is there any more", "OL", POLICY_CHARGE, 40, true, false},
};

/* True when it asks for the shutdown 5 s after it was in a hurry, and people know once. */
static void
test_hurries(void **data)
{
	for (size_t i = 0; i < sizeof(hurries) / sizeof(hurries[0]); i++) {
		struct house *h = server(NAS "takes = 1\nfeeds = qnapups\n" PI);

		house_status(h, 0, "OB LB");
		house_value(h, 0, POLICY_RUNTIME, 65);
		assert_logged(h, "waiting no more for those who are not off");
		if (hurries[i].leaves)
			house_session(h, POLICY_LOGOUT, 0, 1);
		house_pass(h, 2000);
		buf_clear(&h->did);
		if (hurries[i].status == NULL)
			house_source(h, 0, FEED_LOST);
		else
			house_status(h, 0, hurries[i].status);
		house_value(h, 0, hurries[i].value, hurries[i].number);
		house_pass(h, 3000);
		if ((strstr(buf_str(&h->did), "SHUTDOWN cut") == NULL) !=
		    hurries[i].waits)
			fail_msg("%s: %s", hurries[i].what, buf_str(&h->did));
		house_end(h);
	}
}

/* However short its FINALDELAY, whoever reads once in POLLFREQ (5 s) hears of FSD. */
static void
test_hurry_is_heard(void **data)
{
	struct house *h = house_new_own(
	    SERVER_UPS, SERVER_MON "FINALDELAY 0\n", NAS "feeds = qnapups\n" PI);

	house_value(h, 0, POLICY_RUNTIME, 50);
	house_dump(h, 0, "OL");
	house_login(h, 0, 1, NAS_AT, "nas");
	house_status(h, 0, "OB LB");
	assert_logged(h, "waiting no more for those who are not off");
	house_pass(h, 4999);
	assert_null(strstr(buf_str(&h->did), "SHUTDOWN cut"));
	house_pass(h, 1);
	assert_non_null(strstr(buf_str(&h->did), "SHUTDOWN cut"));
	house_end(h);
}

/* It goes on waiting as if it had never been in a hurry, a restart of core included: the delay
 * that was asked for is forgotten, holdupd's deadline stands, and people hear nothing twice. */
static void
test_waits_again(void **data)
{
	struct house *h = server(NAS "feeds = qnapups\n" PI);
	uint64_t deadline;

	house_value(h, 0, POLICY_DELAY_SHUTDOWN, 20);
	house_status(h, 0, "OB LB");
	deadline = h->deadline;
	house_value(h, 0, POLICY_RUNTIME, 65);
	assert_non_null(strstr(buf_str(&h->did), "NOTIFY SHUTDOWN\nORDER qnapups delay"));
	house_restart(h);
	house_dump(h, 0, "OL");
	house_login(h, 0, 2, NAS_AT, "nas");
	assert_logged(h, "the mains is back: waiting for the others again");
	buf_clear(&h->did);
	house_pass(h, 20000);
	assert_did(h, "");
	assert_int_equal(h->deadline, deadline);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 89999);
	assert_did(h, "STAND nas leaving\n");
	house_pass(h, 1);
	assert_did(h, "STAND nas off\n");
	house_pass(h, 5000);
	assert_non_null(strstr(buf_str(&h->did), "SHUTDOWN cut"));
	house_end(h);
}

/* HOSTSYNC is the others' time to read FSD: it begins when FSD is shown. A core that dies on
 * the way from its decision to that has shown it to nobody. */
static const struct {
	uint64_t lives_ms; /* after the decision */
	uint64_t down_ms;  /* so long after the restart, 3 s later, it ends its waiting */
} kills[] = {{0, 15000}, {1000, 11000}, {10000, 2000}};

static void
test_hostsync_is_theirs(void **data)
{
	for (size_t i = 0; i < sizeof(kills) / sizeof(kills[0]); i++) {
		struct house *h = house_new(SERVER_UPS, SERVER_MON);

		house_dump(h, 0, "OL");
		house_login(h, 0, 1, NAS_AT, "nas");
		house_status(h, 0, "OB LB");
		house_pass(h, kills[i].lives_ms);
		h->now += 3000;
		house_restart(h);
		house_dump(h, 0, "OB LB");
		house_login(h, 0, 2, NAS_AT, "nas");
		buf_clear(&h->did);
		house_pass(h, kills[i].down_ms - 1);
		assert_did(h, "");
		house_pass(h, 1);
		assert_did(h, "NOTIFY SHUTDOWN\n");
		house_end(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_waits_for_planned),
	    cmocka_unit_test(test_waits_no_longer),
	    cmocka_unit_test(test_runtime_of_nothing),
	    cmocka_unit_test(test_waits_for_the_longer),
	    cmocka_unit_test(test_hurries),
	    cmocka_unit_test(test_hurry_is_heard),
	    cmocka_unit_test(test_waits_again),
	    cmocka_unit_test(test_hostsync_is_theirs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
