/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/session_world.h"

/* Each client sees the UPS as the machine that it is (docs/plan.md, 2). */

#define OWN                        \
	"[machine nas]\n"          \
	"address = 192.168.0.30\n" \
	"[machine pi]\n"           \
	"address = localhost\n"    \
	"[machine pve]\n"          \
	"login = mon\n"            \
	"[machine desk]\n"         \
	"login = admin\n"          \
	"address = 192.168.0.40\n"
#define STATUS "GET VAR fake ups.status\n"
#define LIST "LIST VAR fake\n"

static struct holdup_conf own;

static void
house_begin(struct world *w, const char *address)
{
	struct problems problems = {0};

	world_begin(w);
	holdup_conf_read(&own, "holdup.conf", OWN, strlen(OWN), &problems);
	assert_int_equal(problems.count, 0);
	w->host.own = &own;
	w->host.epoch++;
	session_end(&w->session);
	session_begin(&w->session, &w->host, 1, address);
	world_apply(&w->feed, "8 Fake SETINFO ups.status \"OB LB\"\n");
}

static void
house_end(struct world *w)
{
	world_end(w);
	holdup_conf_free(&own);
}

static const char *
say(struct world *w, const char *line)
{
	buf_clear(&w->out);
	session_input(&w->session, line, strlen(line), &w->out);
	return buf_str(&w->out);
}

/* The shell's part: a change arrives. */
static void
change(struct world *w, const char *line)
{
	world_apply(&w->feed, line);
	session_viewed(&w->session);
}

#define assert_status(w, wanted) \
	assert_string_equal(say(w, STATUS), "VAR fake ups.status \"" wanted "\"\n")

/* By address: from its first question on; a stranger sees what everybody sees. */
static void
by_address(void **state)
{
	struct world w;

	house_begin(&w, "192.168.0.30");
	world_apply(&w.feed, "9 Fake VIEW nas hold\n");
	for (int i = 0; i < 20; i++)
		assert_status(&w, "OB");
	assert_non_null(strstr(say(&w, LIST), "VAR fake ups.status \"OB\"\n"));
	world_apply(&w.feed, "10 Fake VIEW nas fsd\n");
	for (int i = 0; i < 20; i++)
		assert_status(&w, "FSD OB LB");
	assert_non_null(strstr(say(&w, LIST), "VAR fake ups.status \"FSD OB LB\"\n"));
	session_end(&w.session);
	session_begin(&w.session, &w.host, 2, "192.168.0.31");
	assert_status(&w, "OB LB");
	assert_non_null(strstr(say(&w, LIST), "VAR fake ups.status \"OB LB\"\n"));
	house_end(&w);
}

/* By login: from USERNAME on. */
static void
by_login(void **state)
{
	struct world w;

	house_begin(&w, "192.168.0.31");
	world_apply(&w.feed, "9 Fake VIEW pve hold\n");
	assert_status(&w, "OB LB");
	say(&w, "USERNAME mon\n");
	assert_status(&w, "OB");
	house_end(&w);
}

/* By both: at its address it is taken for it before it says who it is, and no longer when it
 * says to be somebody else; the same login from elsewhere is another machine. */
static void
by_both(void **state)
{
	struct world w;

	house_begin(&w, "192.168.0.40");
	world_apply(&w.feed, "9 Fake VIEW desk hold\n");
	assert_status(&w, "OB");
	say(&w, "USERNAME one\n");
	assert_status(&w, "OB LB");
	session_end(&w.session);
	session_begin(&w.session, &w.host, 2, "192.168.0.41");
	say(&w, "USERNAME admin\n");
	assert_status(&w, "OB LB");
	session_end(&w.session);
	session_begin(&w.session, &w.host, 3, "192.168.0.40");
	say(&w, "USERNAME admin\n");
	assert_status(&w, "OB");
	house_end(&w);
}

/* What is said on this machine is no client's view: its own way down is core's. */
static void
not_this_machine(void **state)
{
	struct world w;

	house_begin(&w, "127.0.0.1");
	world_apply(&w.feed, "9 Fake VIEW pi hold\n");
	assert_status(&w, "OB LB");
	house_end(&w);
}

/* A subscriber hears of its own view and of everybody's, not of others'. */
static void
pushed(void **state)
{
	static const struct {
		const char *line, *told;
	} rows[] = {
	    {"9 Fake VIEW nas hold\n", "NOTIFY VAR fake ups.status \"OB\"\n"},
	    {"10 Fake VIEW pve hold\n", ""},
	    {"11 Fake VIEW nas fsd\n", "NOTIFY VAR fake ups.status \"FSD OB LB\"\n"},
	};
	struct feed_change c;
	struct world w;

	house_begin(&w, "192.168.0.30");
	say(&w, "SUBSCRIBE fake\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c = feed_apply(&w.feed, rows[i].line, strlen(rows[i].line) - 1);
		buf_clear(&w.out);
		subs_change(&w.session, &c, &w.out);
		assert_string_equal(buf_str(&w.out), rows[i].told);
	}
	house_end(&w);
}

/* An old forced shutdown: who was logged in under it goes on seeing it; who logs in now, or
 * only reads, sees none; a restart of core changes nothing of that. */
static void
old(void **state)
{
	struct world w;

	house_begin(&w, "192.168.0.31");
	say(&w, "USERNAME admin\nPASSWORD 123456\nLOGIN fake\n");
	world_answer(&w, NULL, &w.out);
	change(&w, "9 Fake SETINFO ups.status \"OB\"\n");
	change(&w, "10 Fake VIEW * fsd\n");
	assert_status(&w, "FSD OB");
	change(&w, "11 Fake SETINFO ups.status \"OL\"\n");
	change(&w, "12 Fake VIEW * old\n");
	assert_status(&w, "FSD OL");
	world_apply(&w.feed, "BEGIN 0\nUPS Fake \"\"\nFake SETINFO ups.status \"OL\"\n"
			     "Fake DATAOK\nFake VIEW * old\nEND 0\n");
	session_viewed(&w.session);
	answers_clear(&w.host.answers);
	listcache_clear(&w.host.cache);
	assert_status(&w, "FSD OL");
	session_end(&w.session);
	session_begin(&w.session, &w.host, 3, "192.168.0.31");
	assert_status(&w, "OL");
	say(&w, "USERNAME admin\nPASSWORD 123456\nLOGIN fake\n");
	world_answer(&w, NULL, &w.out);
	assert_status(&w, "OL");
	change(&w, "1 Fake VIEW * fsd\n");
	assert_status(&w, "FSD OL");
	change(&w, "2 Fake VIEW * none\n");
	change(&w, "3 Fake VIEW * old\n");
	assert_status(&w, "OL");
	house_end(&w);
}

/* A subscriber that saw an old forced shutdown hears that it is over though the status of the
 * UPS is what it was; and, after a reload, how the UPS reads for the machine that it is now. */
static void
pushed_anew(void **state)
{
	struct feed before = {0};
	struct world w;

	house_begin(&w, "192.168.0.30");
	say(&w, "USERNAME admin\nPASSWORD 123456\nLOGIN fake\n");
	world_answer(&w, NULL, &w.out);
	say(&w, "SUBSCRIBE fake\n");
	change(&w, "9 Fake SETINFO ups.status \"OL\"\n");
	change(&w, "10 Fake VIEW nas hold\n");
	change(&w, "11 Fake VIEW * fsd\n");
	world_apply(&before, "BEGIN 0\nUPS Fake \"\"\nFake SETINFO ups.status \"OL\"\n"
			     "Fake DATAOK\nFake VIEW * old\nEND 0\n");
	w.session.machine = -1;
	buf_clear(&w.out);
	subs_status(&w.session, &w.out);
	assert_string_equal(buf_str(&w.out), "NOTIFY VAR fake ups.status \"FSD OL\"\n");
	world_apply(&w.feed, "BEGIN 0\nUPS Fake \"\"\nFake SETINFO ups.status \"OL\"\n"
			     "Fake DATAOK\nFake VIEW * none\nEND 0\n");
	session_viewed(&w.session);
	buf_clear(&w.out);
	subs_replaced(&w.session, &before, &w.out);
	assert_non_null(strstr(buf_str(&w.out), "NOTIFY VAR fake ups.status \"OL\"\n"));
	feed_clear(&before);
	house_end(&w);
}

/* LIST MACHINE, for who is here or has an account. */
static void
machines(void **state)
{
	struct world w;

	house_begin(&w, "127.0.0.1");
	world_apply(&w.feed, "9 * MACHINE nas on \"in 180 s on battery\"\n"
			     "10 * MACHINE \"my pve\" told \"charge 40 %\"\n");
	assert_string_equal(say(&w, "LIST MACHINE\n"),
	    "BEGIN LIST MACHINE\nMACHINE nas on \"in 180 s on battery\"\n"
	    "MACHINE \"my pve\" told \"charge 40 %\"\nEND LIST MACHINE\n");
	session_end(&w.session);
	session_begin(&w.session, &w.host, 2, "192.168.0.31");
	assert_string_equal(say(&w, "LIST MACHINE\n"), "ERR ACCESS-DENIED\n");
	house_end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_address),
	    cmocka_unit_test(by_login),
	    cmocka_unit_test(by_both),
	    cmocka_unit_test(not_this_machine),
	    cmocka_unit_test(pushed),
	    cmocka_unit_test(old),
	    cmocka_unit_test(pushed_anew),
	    cmocka_unit_test(machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
