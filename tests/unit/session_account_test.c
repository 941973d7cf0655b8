/* SPDX-License-Identifier: ISC */
/* Sessions whose account must be judged first, and those that may not even read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/session_world.h"

#define HASHED "USERNAME hashed\nPASSWORD pw\n"
#define MON "USERNAME mon\nPASSWORD secret\n"
#define DENIED "ERR ACCESS-DENIED\n"
#define HERE "10.0.0.7"

static enum session_next
say(struct world *w, const char *said)
{
	return session_input(&w->session, said, strlen(said), &w->out);
}

/* Compares what was answered since the last time. */
static void
assert_heard(struct world *w, const char *wanted)
{
	assert_string_equal(w->out.len > 0 ? buf_str(&w->out) : "", wanted);
	buf_clear(&w->out);
}

/* Another client from there. */
static void
reconnect(struct world *w, const char *address)
{
	session_end(&w->session);
	buf_clear(&w->out);
	session_begin(&w->session, &w->host, 13, address);
}

/* Says it all and lets core and judge answer. */
static void
converse(struct world *w, const char *said)
{
	enum session_next next = say(w, said);

	while (next == SESSION_WAIT) {
		world_answer(w, NULL, &w->out);
		next = session_input(&w->session, NULL, 0, &w->out);
	}
}

/* The line waits for the verdict, what follows waits behind it, and each counts once. */
static void
test_order(void **state)
{
	struct world w;

	world_begin(&w);
	assert_int_equal(
	    say(&w, HASHED "SET VAR Fake ups.id you\nGET NUMLOGINS Fa"), SESSION_WAIT);
	assert_int_equal(w.judging, 1);
	assert_string_equal(w.hash, "$y$j9T$abc$def");
	assert_int_equal(w.hold, 0);
	assert_heard(&w, "OK\nOK\n");
	assert_int_equal(say(&w, "ke\nNETVER\n"), SESSION_WAIT);
	assert_heard(&w, "");
	session_answer(&w.session, NULL, &w.out); /* core has not been asked */
	assert_heard(&w, "");

	session_judged(&w.session, ACCOUNT_RIGHT);
	assert_int_equal(session_input(&w.session, NULL, 0, &w.out), SESSION_WAIT);
	assert_non_null(strstr(
	    buf_str(&w.requests), "0 12 hashed " HERE " - SET Fake ups.id \"you\"\n"));
	session_answer(&w.session, NULL, &w.out);
	assert_int_equal(session_input(&w.session, NULL, 0, &w.out), SESSION_READ);
	assert_heard(&w, "OK\nNUMLOGINS Fake 1\n1.3\n");
	assert_int_equal(w.judging, 1);

	/* The next line is judged again: a reload may have changed the account. */
	assert_int_equal(say(&w, "LOGIN Fake\n"), SESSION_WAIT);
	assert_int_equal(w.judging, 2);
	session_judged(&w.session, ACCOUNT_WRONG);
	assert_int_equal(session_input(&w.session, NULL, 0, &w.out), SESSION_READ);
	assert_heard(&w, DENIED);
	assert_int_equal(w.lack, ACCOUNT_NO_PASSWORD);

	/* Nobody waits any more. */
	session_judged(&w.session, ACCOUNT_RIGHT);
	assert_int_equal(say(&w, "NETVER\n"), SESSION_READ);
	assert_heard(&w, "1.3\n");
	world_end(&w);
}

/* What is refused, for which reason, and what of it counts as a guess. */
static void
test_lacks(void **state)
{
	static const struct {
		const char *who;
		enum account_verdict verdict;
		enum account_lack lack;
		unsigned failures, judging;
	} rows[] = {
	    {"USERNAME hashed\nPASSWORD x\n", ACCOUNT_WRONG, ACCOUNT_NO_PASSWORD, 1, 1},
	    {"USERNAME hashed\nPASSWORD x\n", ACCOUNT_UNJUDGED, ACCOUNT_NO_VERDICT, 0, 1},
	    {"USERNAME hashed\nPASSWORD x\n", ACCOUNT_RIGHT, ACCOUNT_NO_RIGHT, 0, 1},
	    {"USERNAME hashed\nPASSWORD $y$j9T$abc$def\n", ACCOUNT_WRONG,
		ACCOUNT_NO_PASSWORD, 1, 1},
	    /* Whoever it is, it takes as long; and somebody else's password opens nothing. */
	    {"USERNAME nobody\nPASSWORD x\n", ACCOUNT_RIGHT, ACCOUNT_NO_USER, 1, 1},
	    {"USERNAME mon\nPASSWORD x\n", ACCOUNT_RIGHT, ACCOUNT_NO_PASSWORD, 1, 0},
	    {"USERNAME near\nPASSWORD near\n", ACCOUNT_RIGHT, ACCOUNT_NO_ADDRESS, 0, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world w;

		world_begin(&w);
		w.verdict = rows[i].verdict;
		converse(&w, rows[i].who);
		buf_clear(&w.out);
		converse(&w, "PRIMARY Fake\n");
		assert_heard(&w, DENIED);
		assert_int_equal(w.denied, 1);
		assert_int_equal(w.lack, rows[i].lack);
		assert_int_equal(w.judging, rows[i].judging);
		assert_int_equal(
		    failures_count(&w.host.failures, HERE), rows[i].failures);
		world_end(&w);
	}
}

/* Who has failed too often waits, whatever he says now; who was right does not wait. */
static void
test_hold(void **state)
{
	struct world w;

	world_begin(&w);
	for (int i = 0; i < FAILURES_FREE; i++) {
		converse(&w, "USERNAME mon\nPASSWORD x\nLOGIN Fake\n");
		assert_int_equal(w.judging, 0);
		reconnect(&w, HERE);
	}
	assert_int_equal(say(&w, MON "LOGIN Fake\n"), SESSION_WAIT);
	assert_heard(&w, "OK\nOK\n");
	assert_int_equal(w.hold, FAILURES_HOLD);
	assert_null(w.hash);
	session_judged(&w.session, ACCOUNT_HELD);
	assert_int_equal(session_input(&w.session, NULL, 0, &w.out), SESSION_WAIT);
	session_answer(&w.session, NULL, &w.out);
	assert_heard(&w, "OK\n");
	assert_int_equal(w.judging, 1);
	converse(&w, "SET VAR Fake ups.id x\n"); /* has no right, but waits no more */
	assert_int_equal(w.judging, 1);

	/* Nor does he when he comes again, as the others from there still do. */
	reconnect(&w, HERE);
	converse(&w, MON "LOGIN Fake\n");
	assert_int_equal(w.judging, 1);
	reconnect(&w, HERE);
	assert_int_equal(say(&w, HASHED "LOGIN Fake\n"), SESSION_WAIT);
	assert_int_equal(w.hold, FAILURES_HOLD);
	assert_non_null(w.hash);
	session_judged(&w.session, ACCOUNT_RIGHT);
	assert_int_equal(session_input(&w.session, NULL, 0, &w.out), SESSION_WAIT);
	reconnect(&w, "10.0.0.8");
	converse(&w, MON "LOGIN Fake\n");
	assert_int_equal(w.judging, 2);
	world_end(&w);
}

/* A client may go at any moment. */
static void
test_gone(void **state)
{
	struct world w;

	world_begin(&w);
	assert_int_equal(say(&w, HASHED "LOGIN Fake\n"), SESSION_WAIT);
	session_end(&w.session);
	assert_int_equal(w.requests.len, 0);
	world_end(&w);
}

/* What [server] read takes away and what it leaves. */
static void
test_reading(void **state)
{
	static const char text[] = "[server]\nread = 10.0.0.8 login\n";
	static const char *const open[] = {
	    "VER", "NETVER", "HELP", "STARTTLS", "UNSUBSCRIBE"};
	static const char *const closed[] = {"GET VAR Fake ups.status", "LIST UPS",
	    "LIST VAR Fake", "get upsdesc Fake", "GET TRACKING", "SUBSCRIBE"};
	struct problems problems = {0};
	struct holdup_conf own;
	struct world w;

	world_begin(&w);
	holdup_conf_read(&own, "holdup.conf", text, strlen(text), &problems);
	problems_free(&problems);
	w.host.own = &own;
	for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++) {
		say(&w, open[i]);
		say(&w, "\n");
		assert_null(strstr(buf_str(&w.out), DENIED));
		buf_clear(&w.out);
	}
	for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++) {
		say(&w, closed[i]);
		say(&w, "\n");
		assert_heard(&w, DENIED);
		assert_int_equal(w.lack, ACCOUNT_NO_CLAIM);
	}
	assert_int_equal(failures_count(&w.host.failures, HERE), 0);
	converse(&w, MON "GET NUMLOGINS Fake\nSUBSCRIBE Fake\nLOGIN Fake\nLOGOUT\n");
	assert_heard(&w, "OK\nOK\nNUMLOGINS Fake 1\nOK SUBSCRIBE Fake\nOK\nOK Goodbye\n");

	/* A wrong password reads nothing; a hashed one is judged once. */
	reconnect(&w, HERE);
	converse(&w, "USERNAME mon\nPASSWORD x\nGET NUMLOGINS Fake\n");
	assert_heard(&w, "OK\nOK\n" DENIED);
	assert_int_equal(failures_count(&w.host.failures, HERE), 1);
	reconnect(&w, HERE);
	w.verdict = ACCOUNT_RIGHT;
	converse(&w, HASHED "GET NUMLOGINS Fake\nGET NUMLOGINS Fake\n");
	assert_heard(&w, "OK\nOK\nNUMLOGINS Fake 1\nNUMLOGINS Fake 1\n");
	assert_int_equal(w.judging, 1);

	/* Until the next reload; and who is named needs none. */
	w.host.epoch++;
	assert_int_equal(say(&w, "GET NUMLOGINS Fake\n"), SESSION_WAIT);
	reconnect(&w, "10.0.0.8");
	converse(&w, "GET NUMLOGINS Fake\n");
	assert_heard(&w, "NUMLOGINS Fake 1\n");
	world_end(&w);
	holdup_conf_free(&own);
}

/* The logins that boxes have hard-coded: only from where holdup.conf says, only to be
 * told to shut down, and never in the place of an account that somebody has written. */
static void
test_fixed(void **state)
{
	static const char text[] = "[client 10.0.0.7]\naccount = synology\n"
				   "[client 10.0.0.8]\naccount = qnap\n";
	static const struct {
		const char *address, *said, *heard;
	} rows[] = {
	    {"10.0.0.7", "USERNAME monuser\nPASSWORD secret\nLOGIN Fake\n",
		"OK\nOK\nOK\n"},
	    {"10.0.0.7", "USERNAME monuser\nPASSWORD secret\nPRIMARY Fake\n",
		"OK\nOK\n" DENIED},
	    {"10.0.0.7", "USERNAME monuser\nPASSWORD secret\nFSD Fake\n",
		"OK\nOK\n" DENIED},
	    {"10.0.0.7", "USERNAME monuser\nPASSWORD secret\nSET VAR Fake ups.id x\n",
		"OK\nOK\n" DENIED},
	    {"10.0.0.7", "USERNAME monuser\nPASSWORD secret\nINSTCMD Fake load.off\n",
		"OK\nOK\n" DENIED},
	    {"10.0.0.7", "USERNAME monuser\nPASSWORD 123456\nLOGIN Fake\n",
		"OK\nOK\n" DENIED},
	    {"10.0.0.7", "USERNAME upsmon\nPASSWORD fixmepass\nLOGIN Fake\n",
		"OK\nOK\n" DENIED},
	    {"10.0.0.9", "USERNAME monuser\nPASSWORD secret\nLOGIN Fake\n",
		"OK\nOK\n" DENIED},
	    /* admin is in upsd.users and does what it says there. */
	    {"10.0.0.8", "USERNAME admin\nPASSWORD 123456\nPRIMARY Fake\n",
		"OK\nOK\nOK PRIMARY-GRANTED\n"},
	};
	struct problems problems = {0};
	struct holdup_conf own;
	struct world w;

	world_begin(&w);
	holdup_conf_read(&own, "holdup.conf", text, strlen(text), &problems);
	problems_free(&problems);
	w.host.own = &own;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		w.host.failures = (struct failures){0};
		reconnect(&w, rows[i].address);
		converse(&w, rows[i].said);
		assert_heard(&w, rows[i].heard);
	}
	world_end(&w);
	holdup_conf_free(&own);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_lacks),
	    cmocka_unit_test(test_hold),
	    cmocka_unit_test(test_gone),
	    cmocka_unit_test(test_reading),
	    cmocka_unit_test(test_fixed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
