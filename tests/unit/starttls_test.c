/* SPDX-License-Identifier: ISC */
/* The session's part of STARTTLS: what it answers, what it forgets, what ends it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/session_world.h"

/* Gives the session bytes; what it says is the whole of w->out. */
static enum session_next
say(struct world *w, const char *bytes, const char *expected)
{
	enum session_next next;

	buf_clear(&w->out);
	next = session_input(&w->session, bytes, strlen(bytes), &w->out);
	assert_string_equal(buf_str(&w->out), expected);
	return next;
}

static void
begin(struct world *w)
{
	world_begin(w);
	w->host.tls = true;
}

static void
test_refused(void **state)
{
	struct world w;

	world_begin(&w);
	assert_int_equal(
	    say(&w, "STARTTLS\n", "ERR FEATURE-NOT-CONFIGURED\n"), SESSION_READ);
	assert_int_equal(say(&w, "NETVER\n", "1.3\n"), SESSION_READ);
	world_end(&w);
}

static void
test_once(void **state)
{
	struct world w;

	begin(&w);
	assert_int_equal(
	    say(&w, "NETVER\nSTARTTLS\n", "1.3\nOK STARTTLS\n"), SESSION_TLS);
	session_secured(&w.session);
	assert_int_equal(say(&w, "NETVER\n", "1.3\n"), SESSION_READ);
	assert_int_equal(say(&w, "STARTTLS\n", "ERR ALREADY-SSL-MODE\n"), SESSION_READ);
	world_end(&w);
}

/* To whom holdup.conf gives the profile of a NAS with an old OpenSSL, it is not offered. */
static void
test_profile(void **state)
{
	static const char text[] = "[client 10.0.0.7]\nprofile = synology\n";
	struct problems problems = {0};
	struct holdup_conf own;
	struct world w;

	holdup_conf_read(&own, "holdup.conf", text, strlen(text), &problems);
	begin(&w);
	w.host.own = &own;
	w.host.epoch++;
	say(&w, "STARTTLS\n", "ERR FEATURE-NOT-CONFIGURED\n");
	world_end(&w);
	holdup_conf_free(&own);
	problems_free(&problems);
}

/* Whatever stands behind the line ends the session, and OK is never said. */
static void
test_injected(void **state)
{
	static const char *const said[] = {"STARTTLS\nx", "STARTTLS\nNETVER\n",
	    "STARTTLS\r\n\n", "STARTTLS\nSTARTTLS\n"};

	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
		struct world w;

		begin(&w);
		assert_int_equal(say(&w, said[i], ""), SESSION_CLOSE);
		assert_int_equal(say(&w, "NETVER\n", ""), SESSION_CLOSE);
		world_end(&w);
	}
}

/* Who it is was said in the clear, maybe by another: it counts no more. */
static void
test_forgets(void **state)
{
	struct world w;

	begin(&w);
	say(&w, "USERNAME admin\nPASSWORD 123456\nSUBSCRIBE\n", "OK\nOK\nOK SUBSCRIBE\n");
	assert_int_equal(say(&w, "LOGIN Fake\n", ""), SESSION_WAIT);
	world_answer(&w, NULL, &w.out);
	buf_clear(&w.requests);
	assert_int_equal(say(&w, "STARTTLS\n", "OK STARTTLS\n"), SESSION_TLS);
	assert_non_null(strstr(buf_str(&w.requests), "LOGOUT Fake"));
	assert_false(subs_any(&w.session));
	session_secured(&w.session);
	say(&w, "FSD Fake\n", "ERR USERNAME-REQUIRED\n");
	say(&w, "USERNAME mon\nPASSWORD secret\n", "OK\nOK\n");
	world_end(&w);
}

/* The line may come in pieces. */
static void
test_pieces(void **state)
{
	struct world w;

	begin(&w);
	assert_int_equal(say(&w, "START", ""), SESSION_READ);
	assert_int_equal(say(&w, "TLS\r", ""), SESSION_READ);
	assert_int_equal(say(&w, "\n", "OK STARTTLS\n"), SESSION_TLS);
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_once),
	    cmocka_unit_test(test_profile),
	    cmocka_unit_test(test_injected),
	    cmocka_unit_test(test_forgets),
	    cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
