/* SPDX-License-Identifier: ISC */
/* Answers that are given again: never beyond a change, never to who may not have them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/unit/session_world.h"

#define CHARGE "GET VAR fake battery.charge\n"
#define STATUS "GET VAR fake ups.status\n"

/* What is answered to a line; core and judge answer whatever they are asked. */
static const char *
talk(struct world *w, const char *said)
{
	enum session_next next;

	buf_clear(&w->out);
	next = session_input(&w->session, said, strlen(said), &w->out);
	while (next == SESSION_WAIT) {
		world_answer(w, NULL, &w->out);
		next = session_input(&w->session, NULL, 0, &w->out);
	}
	return buf_str(&w->out);
}

/* A connection that has said all that would tell who it is. */
static void
settle(struct world *w)
{
	for (int i = 0; i < READERS_LINES; i++)
		talk(w, "HELP\n");
	assert_true(reader_known(&w->session.talk));
}

static void
begin(struct world *w)
{
	world_begin(w);
	settle(w);
}

/* Somebody else takes the place of the client. */
static void
reconnect(struct world *w, const char *address)
{
	session_end(&w->session);
	session_begin(&w->session, &w->host, 13, address);
}

/* How many answers are remembered. */
static size_t
remembered(const struct world *w)
{
	size_t n = 0;

	for (size_t i = 0; i < ANSWERS_MAX; i++)
		n += w->host.answers.list[i].ups != NULL;
	return n;
}

/* True when a line was answered without being read: its mark is still there. */
static bool
repeats(struct world *w, const char *line)
{
	static const struct feed_ups mark;

	w->host.answered = &mark;
	talk(w, line);
	return w->host.answered == &mark;
}

/* The very next answer has the change, of whatever kind it is. */
static void
test_changes(void **state)
{
	static const struct {
		const char *change, *line, *answer;
	} rows[] = {
	    {"8 Fake SETINFO battery.charge \"42\"\n", CHARGE,
		"VAR fake battery.charge \"42\"\n"},
	    {"9 Fake SETINFO ups.status \"OB\"\n", STATUS,
		"VAR fake ups.status \"OB\"\n"},
	    {"10 Fake VIEW * lb\n", STATUS, "VAR fake ups.status \"OB LB\"\n"},
	    {"11 Fake DATASTALE\n", STATUS, "ERR DATA-STALE\n"},
	    {"12 Fake VIEW * fsd\n", STATUS, "VAR fake ups.status \"FSD OB\"\n"},
	    {"13 Fake VIEW * none\n", CHARGE, "ERR DATA-STALE\n"},
	    {"14 Fake DATAOK\n", CHARGE, "VAR fake battery.charge \"42\"\n"},
	    {"15 Fake DELINFO battery.charge\n", CHARGE, "ERR VAR-NOT-SUPPORTED\n"},
	    {"16 Fake SETINFO battery.charge \"7\"\n", CHARGE,
		"VAR fake battery.charge \"7\"\n"},
	    {"17 Fake GONE\n", CHARGE, "ERR UNKNOWN-UPS\n"},
	};
	struct world w;

	begin(&w);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		talk(&w, CHARGE STATUS CHARGE STATUS);
		world_apply(&w.feed, rows[i].change);
		for (int again = 0; again < 3; again++)
			assert_string_equal(talk(&w, rows[i].line), rows[i].answer);
	}
	world_end(&w);
}

/* It is the second that is answered from memory, once it is known who asks. */
static void
test_repeats(void **state)
{
	struct world w;

	world_begin(&w);
	for (int i = 0; i < READERS_LINES; i++)
		assert_false(repeats(&w, CHARGE));
	assert_true(repeats(&w, CHARGE));
	assert_string_equal(talk(&w, CHARGE), "VAR fake battery.charge \"100\"\n");
	assert_false(repeats(&w, STATUS));
	assert_true(repeats(&w, STATUS));
	/* Nor what is not the same line, or no variable. */
	assert_false(repeats(&w, "GET VAR FAKE ups.status\n"));
	assert_string_equal(
	    talk(&w, "GET VAR FAKE ups.status\n"), "VAR FAKE ups.status \"OL\"\n");
	for (int i = 0; i < 3; i++) {
		assert_false(repeats(&w, "GET VAR fake server.version\n"));
		assert_false(repeats(&w, "GET VAR fake nope\n"));
		assert_false(repeats(&w, "GET NUMLOGINS fake\n"));
		assert_false(repeats(&w, "SET VAR fake ups.id me\n"));
	}
	/* Core is away for long: nothing is fresh. */
	w.host.stale = true;
	assert_string_equal(talk(&w, CHARGE), "ERR DATA-STALE\n");
	w.host.stale = false;
	assert_true(repeats(&w, CHARGE));
	/* Another configuration may mean another UPS. */
	w.host.epoch++;
	assert_false(repeats(&w, CHARGE));
	assert_true(repeats(&w, CHARGE));
	world_end(&w);
}

/* An alias means another UPS as soon as one of that name is there. */
static void
test_alias(void **state)
{
	struct world w;

	begin(&w);
	for (int i = 0; i < 3; i++)
		assert_string_equal(
		    talk(&w, "GET VAR ups ups.status\n"), "VAR ups ups.status \"OL\"\n");
	world_apply(&w.feed, "8 UPS UPS \"\"\n9 UPS SETINFO ups.status \"OB\"\n");
	assert_string_equal(
	    talk(&w, "GET VAR ups ups.status\n"), "ERR DRIVER-NOT-CONNECTED\n");
	world_apply(&w.feed, "10 UPS DATAOK\n");
	for (int i = 0; i < 3; i++)
		assert_string_equal(
		    talk(&w, "GET VAR ups ups.status\n"), "VAR ups ups.status \"OB\"\n");
	world_end(&w);
}

/* A model that replaces another may count its changes as that did. */
static void
test_replaced(void **state)
{
	struct world w;

	begin(&w);
	talk(&w, CHARGE CHARGE);
	answers_clear(&w.host.answers);
	assert_int_equal(remembered(&w), 0);
	world_apply(&w.feed, "BEGIN 7\nUPS Fake \"\"\n"
			     "Fake SETINFO battery.charge \"1\"\nFake DATAOK\nEND 7\n");
	for (int i = 0; i < 3; i++)
		assert_string_equal(talk(&w, CHARGE), "VAR fake battery.charge \"1\"\n");
	world_end(&w);
}

/* Each kind of client is told what it can bear, and a WinNUT is known whenever it shows. */
static void
test_looks(void **state)
{
	struct session plain;
	struct world w;

	begin(&w);
	world_apply(&w.feed, "8 Fake SETINFO ups.status \"OL ECO\"\n");
	plain = w.session;
	session_begin(&w.session, &w.host, 13, "10.0.0.8");
	talk(&w, "SUBSCRIBE fake\n");
	settle(&w);
	for (int i = 0; i < 3; i++) {
		struct session full = w.session;

		assert_string_equal(talk(&w, STATUS), "VAR fake ups.status \"OL ECO\"\n");
		w.session = plain;
		assert_string_equal(talk(&w, STATUS), "VAR fake ups.status \"OL\"\n");
		plain = w.session;
		w.session = full;
	}
	talk(&w, "GET VAR fake ups.status\r\r\n");
	assert_int_equal(w.session.talk.kind, CONF_WINNUT);
	session_end(&plain);
	world_end(&w);
}

/* Whoever is answered from memory is counted and told of like everybody. */
static void
test_readers(void **state)
{
	struct world w;

	begin(&w);
	for (int i = 0; i < 25; i++) {
		talk(&w, i < 20 ? CHARGE : STATUS);
		w.host.now += 1000;
	}
	assert_string_equal(buf_str(&w.requests), "0 12 - 10.0.0.7 - SEEN Fake other\n"
						  "0 12 - 10.0.0.7 - SEEN Fake other\n"
						  "0 12 - 10.0.0.7 - SEEN Fake other\n");
	reconnect(&w, "::1");
	assert_non_null(
	    strstr(talk(&w, "LIST READER fake\n"), "10.0.0.7 stranger \"\" 1 25 0"));
	world_end(&w);
}

/* What others have read is not for who must log in first. */
static void
test_closed(void **state)
{
	struct holdup_conf own = {.server.closed = true};
	struct world w;

	begin(&w);
	talk(&w, CHARGE CHARGE);
	w.host.own = &own;
	w.host.epoch++;
	assert_string_equal(talk(&w, CHARGE), "ERR ACCESS-DENIED\n");
	reconnect(&w, "10.0.0.8");
	talk(&w, "USERNAME mon\nPASSWORD secret\n");
	settle(&w);
	talk(&w, CHARGE);
	assert_true(repeats(&w, CHARGE));
	reconnect(&w, "10.0.0.9");
	settle(&w);
	for (int i = 0; i < 3; i++)
		assert_string_equal(talk(&w, CHARGE), "ERR ACCESS-DENIED\n");
	world_end(&w);
}

/* However many different lines come, of whatever length. */
static void
test_bounded(void **state)
{
	char line[256], wanted[256], long_text[2 * ANSWERS_TEXT_MAX];
	struct world w;

	begin(&w);
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "GET VAR fake ups.num x%d\n", i);
		talk(&w, line);
		assert_string_equal(talk(&w, line), "VAR fake ups.num \"5\"\n");
	}
	assert_in_range(remembered(&w), ANSWERS_MAX / 2, ANSWERS_MAX);
	memset(long_text, 'x', sizeof(long_text));
	for (int len = 20; len < 2 * ANSWERS_TEXT_MAX; len++) {
		snprintf(line, sizeof(line), "%d Fake SETINFO ups.num \"%.*s\"\n",
		    len - 12, len, long_text);
		world_apply(&w.feed, line);
		snprintf(wanted, sizeof(wanted), "VAR fake ups.num \"%.*s\"\n", len,
		    long_text);
		snprintf(line, sizeof(line), "GET%*sVAR fake ups.num\n", len, "");
		for (int i = 0; i < 2; i++)
			assert_string_equal(talk(&w, line), wanted);
	}
	world_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_changes),
	    cmocka_unit_test(test_repeats),
	    cmocka_unit_test(test_alias),
	    cmocka_unit_test(test_replaced),
	    cmocka_unit_test(test_looks),
	    cmocka_unit_test(test_readers),
	    cmocka_unit_test(test_closed),
	    cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
