/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/feed.h"
#include "lib/xmem.h"

static struct feed_change
say(struct feed *f, const char *line)
{
	return feed_apply(f, line, strlen(line));
}

/* A model with one UPS, as a snapshot that has been read. */
static void
begin(struct feed *f)
{
	static const char *const lines[] = {"BEGIN 17", "UPS qnapups \"Server\"",
	    "qnapups SETINFO ups.status \"OL\"", "qnapups ADDCMD load.off",
	    "qnapups DATAOK", "qnapups LOGIN 12 192.168.0.20 admin",
	    "qnapups VIEW * none"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(say(f, lines[i]).kind, FEED_NOTHING);
	assert_false(f->whole);
	assert_int_equal(say(f, "END 17").kind, FEED_SNAPSHOT);
	assert_true(f->whole);
}

static void
test_changes(void **state)
{
	struct feed f = {0};
	struct feed_change c;
	struct feed_ups *u;

	begin(&f);
	u = feed_find(&f, "QNAPups");
	assert_non_null(u);
	assert_string_equal(u->desc, "Server");
	assert_int_equal(u->source, FEED_OK);
	assert_int_equal(u->nlogins, 1);
	assert_string_equal(u->logins[0].account, "admin");

	c = say(&f, "18 qnapups SETINFO ups.status \"OB\"");
	assert_int_equal(c.kind, FEED_VAR);
	assert_ptr_equal(c.ups, u);
	assert_string_equal(c.name, "ups.status");
	assert_string_equal(state_get(u->state, "ups.status"), "OB");
	assert_int_equal(say(&f, "19 qnapups SETFLAGS ups.status RW").kind, FEED_VAR);
	assert_int_equal(say(&f, "20 qnapups DELINFO ups.status").kind, FEED_DELVAR);
	assert_int_equal(say(&f, "21 qnapups DELCMD load.off").kind, FEED_CMDS);
	assert_int_equal(say(&f, "22 qnapups LOST").kind, FEED_SOURCE);
	assert_int_equal(u->source, FEED_LOST);
	assert_int_equal(say(&f, "23 qnapups LOST").kind, FEED_NOTHING);
	assert_int_equal(say(&f, "24 qnapups VIEW * fsd").kind, FEED_VIEW);
	assert_int_equal(say(&f, "25 qnapups VIEW nas hold").kind, FEED_VIEW);
	assert_int_equal(u->view, FEED_VIEW_FSD);
	assert_int_equal(say(&f, "26 qnapups LOGOUT 12").kind, FEED_LOGINS);
	assert_int_equal(u->nlogins, 0);
	assert_int_equal(say(&f, "27 UPS second \"\"").kind, FEED_UPS);
	assert_int_equal(f.nupses, 2);
	c = say(&f, "28 qnapups GONE");
	assert_int_equal(c.kind, FEED_UPS);
	assert_null(c.ups);
	assert_string_equal(c.name, "qnapups");
	assert_int_equal(f.nupses, 1);
	assert_int_equal(f.number, 28);
	feed_clear(&f);
}

static void
test_broken(void **state)
{
	static const char *const bad[] = {"", "hello", "17 qnapups DATAOK",
	    "19 qnapups DATAOK", "18", "18 qnapups", "18 other DATAOK",
	    "18 qnapups SETINFO a", "18 qnapups LOGIN x y z", "18 qnapups LOGOUT",
	    "18 qnapups VIEW * maybe", "18 UPS \"a b\" \"\"", "-18 qnapups DATAOK",
	    "18 qnapups \"", "BEGIN x", "END 17"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct feed f = {0};

		assert_int_equal(say(&f, bad[i]).kind, FEED_BROKEN);
		begin(&f);
		assert_int_equal(say(&f, bad[i]).kind, FEED_BROKEN);
		feed_clear(&f);
	}
}

/* Between BEGIN and END everything without number, and END with the number of BEGIN. */
static void
test_broken_snapshot(void **state)
{
	static const char *const bad[] = {
	    "END 18", "BEGIN 17", "18 a DATAOK", "a DATAOK"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct feed f = {0};

		say(&f, "BEGIN 17");
		assert_int_equal(say(&f, bad[i]).kind, FEED_BROKEN);
		feed_clear(&f);
	}
}

/* Words of the protocol may name a UPS. */
static void
test_names(void **state)
{
	static const char *const names[] = {"UPS", "BEGIN", "END", "17", "DATAOK"};
	struct feed f = {0}, copy = {0};
	struct buf b = {0}, again = {0};
	char *text;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct feed_ups *u = feed_add(&f, names[i], "");

		state_set(u->state, "a", "1");
		state_cmd_add(u->state, "load.off");
	}
	feed_snapshot(&b, &f);
	text = xstrdup(buf_str(&b));
	for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
		assert_int_not_equal(say(&copy, line).kind, FEED_BROKEN);
	free(text);
	assert_true(copy.whole);
	feed_snapshot(&again, &copy);
	assert_string_equal(buf_str(&again), buf_str(&b));
	buf_free(&b);
	buf_free(&again);
	feed_clear(&f);
	feed_clear(&copy);
}

static void
test_snapshot(void **state)
{
	struct feed f = {.number = 17};
	struct feed_ups *u = feed_add(&f, "qnapups", "A \"Server\"");
	struct buf b = {0};

	state_set(u->state, "ups.status", "OL");
	u->source = FEED_STALE;
	u->view = FEED_VIEW_LB;
	feed_login_add(u, 3, "::1", "my user");
	feed_login_add(u, 4, "::1", "nut");
	assert_true(feed_login_del(u, 4));
	assert_false(feed_login_del(u, 4));
	assert_true(feed_view_set(u, "my nas", FEED_VIEW_HOLD));
	assert_false(feed_view_set(u, "my nas", FEED_VIEW_HOLD));
	assert_true(feed_machine_set(&f, "my nas", "on", "in 180 s"));
	assert_false(feed_machine_set(&f, "my nas", "on", "in 180 s"));
	assert_true(feed_machine_set(&f, "my nas", "told", "180 s are \"over\""));
	feed_snapshot(&b, &f);
	assert_string_equal(buf_str(&b),
	    "BEGIN 17\n"
	    "UPS qnapups \"A \\\"Server\\\"\"\n"
	    "qnapups SETINFO ups.status \"OL\"\n"
	    "qnapups DATASTALE\n"
	    "qnapups LOGIN 3 ::1 \"my user\"\n"
	    "qnapups VIEW * lb\n"
	    "qnapups VIEW \"my nas\" hold\n"
	    "* MACHINE \"my nas\" told \"180 s are \\\"over\\\"\"\n"
	    "END 17\n");
	buf_free(&b);
	feed_clear(&f);
}

/* What core says of machines arrives as it was meant. */
static void
test_machines(void **state)
{
	struct feed f = {0};
	struct feed_change c;

	say(&f, "BEGIN 0");
	say(&f, "UPS a \"\"");
	say(&f, "a VIEW nas hold");
	say(&f, "* MACHINE nas on \"\"");
	assert_int_equal(say(&f, "END 0").kind, FEED_SNAPSHOT);
	assert_int_equal(feed_view_of(f.upses[0], "nas"), FEED_VIEW_HOLD);
	assert_int_equal(feed_view_of(f.upses[0], "pve"), FEED_VIEW_NONE);
	assert_int_equal(feed_view_of(f.upses[0], NULL), FEED_VIEW_NONE);
	c = say(&f, "1 a VIEW * old");
	assert_int_equal(c.kind, FEED_VIEW);
	assert_string_equal(c.name, "*");
	assert_int_equal(feed_view_of(f.upses[0], "pve"), FEED_VIEW_OLD);
	assert_int_equal(feed_view_of(f.upses[0], "nas"), FEED_VIEW_HOLD);
	c = say(&f, "2 a VIEW nas fsd");
	assert_int_equal(c.kind, FEED_VIEW);
	assert_string_equal(c.name, "nas");
	assert_int_equal(say(&f, "3 a VIEW nas fsd").kind, FEED_NOTHING);
	c = say(&f, "4 * MACHINE nas told \"charge 9 %\"");
	assert_int_equal(c.kind, FEED_MACHINE);
	assert_string_equal(c.name, "nas");
	assert_string_equal(f.machines[0].stand, "told");
	assert_string_equal(f.machines[0].why, "charge 9 %");
	assert_int_equal(
	    say(&f, "5 * MACHINE nas told \"charge 9 %\"").kind, FEED_NOTHING);
	assert_int_equal(say(&f, "6 * MACHINE nas").kind, FEED_BROKEN);
	assert_int_equal(say(&f, "7 * DATAOK").kind, FEED_BROKEN);
	assert_int_equal(
	    say(&f, "8 * MACHINE nas \"on and off\" \"\"").kind, FEED_BROKEN);
	assert_int_equal(say(&f, "9 * MACHINE nas off \"\"").kind, FEED_MACHINE);
	feed_clear(&f);
}

static void
test_status(void **state)
{
	static const struct {
		const char *status;
		enum feed_view view;
		const char *wanted;
	} cases[] = {
	    {"OL", FEED_VIEW_NONE, "OL"},
	    {"OB", FEED_VIEW_LB, "OB LB"},
	    {"OB LB", FEED_VIEW_LB, "OB LB"},
	    {"OB LB", FEED_VIEW_FSD, "FSD OB LB"},
	    {"FSD OB", FEED_VIEW_FSD, "FSD OB"},
	    {"", FEED_VIEW_FSD, "FSD"},
	    {"", FEED_VIEW_LB, "LB"},
	    {"OB LB", FEED_VIEW_OLD, "OB LB"},
	    {"OB LB", FEED_VIEW_HOLD, "OB"},
	    {"FSD OB DISCHRG LB", FEED_VIEW_HOLD, "OB DISCHRG"},
	    {"LBX OL FSDA", FEED_VIEW_HOLD, "LBX OL FSDA"},
	    {"LB", FEED_VIEW_HOLD, ""},
	    {"", FEED_VIEW_HOLD, ""},
	};
	struct feed f = {0};
	struct feed_ups *u = feed_add(&f, "a", "");
	char out[64];

	assert_null(feed_status(u, FEED_VIEW_NONE, out, sizeof(out)));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		state_set(u->state, "ups.status", cases[i].status);
		assert_string_equal(
		    feed_status(u, cases[i].view, out, sizeof(out)), cases[i].wanted);
	}
	assert_string_equal(feed_status(u, FEED_VIEW_LB, out, 2), "L");
	feed_clear(&f);
}

/* Who reads without a login. */
static void
test_readers(void **state)
{
	struct feed f = {0};
	struct buf b = {0};
	bool news;

	say(&f, "BEGIN 0");
	say(&f, "UPS a \"\"");
	say(&f, "a READER ::1 qnap");
	say(&f, "END 0");
	assert_int_equal(f.upses[0]->nreaders, 1);
	assert_int_equal(say(&f, "1 a READER ::1 qnap").kind, FEED_NOTHING);
	assert_int_equal(say(&f, "2 a READER ::1 synology").kind, FEED_READERS);
	assert_int_equal(say(&f, "3 a READER ::2 winnut").kind, FEED_READERS);
	assert_string_equal(f.upses[0]->readers[0].kind, "synology");
	feed_snapshot(&b, &f);
	assert_non_null(
	    strstr(buf_str(&b), "a READER ::1 synology\na READER ::2 winnut\na VIEW"));
	assert_int_equal(say(&f, "4 a NOREADER ::1").kind, FEED_READERS);
	assert_int_equal(say(&f, "5 a NOREADER ::1").kind, FEED_NOTHING);
	assert_string_equal(f.upses[0]->readers[0].address, "::2");
	assert_int_equal(say(&f, "6 a NOREADER").kind, FEED_BROKEN);
	assert_int_equal(say(&f, "7 a READER ::1").kind, FEED_BROKEN);
	for (size_t i = f.upses[0]->nreaders; i < FEED_READERS_MAX; i++) {
		char address[32];

		snprintf(address, sizeof(address), "10.0.0.%zu", i);
		assert_non_null(feed_reader_add(f.upses[0], address, "qnap", &news));
	}
	assert_null(feed_reader_add(f.upses[0], "10.1.0.0", "qnap", &news));
	buf_free(&b);
	feed_clear(&f);
}

/* What somebody asked for is told once, and is no part of what holds now. */
static void
test_deeds(void **state)
{
	static const char *const bad[] = {"a DEED x y SET v \"1\"",
	    "a DEED x y SET v \"1\" 0 0", "a DEED x y LOGIN v \"1\" 0",
	    "a DEED x y SET v \"1\" ok", "a DEED x y SET v \"1\" -1",
	    "a DEED x y SET v \"1\" 100", "a DEED x y SET v \"1\" \"\"", "a DEED",
	    "* DEED", "b DEED x y SET v \"1\" 0"};
	struct feed f = {0};
	struct feed_change c;
	struct buf b = {0};

	say(&f, "BEGIN 0");
	say(&f, "UPS a \"\"");
	say(&f, "END 0");
	c = say(&f, "1 a DEED \"my admin\" ::1 SET ups.id \"x y\" sent");
	assert_int_equal(c.kind, FEED_DEED);
	assert_ptr_equal(c.ups, f.upses[0]);
	assert_string_equal(f.deed.who, "my admin");
	assert_string_equal(f.deed.from, "::1");
	assert_string_equal(f.deed.verb, "SET");
	assert_string_equal(f.deed.name, "ups.id");
	assert_string_equal(f.deed.value, "x y");
	assert_int_equal(f.deed.result, FEED_DEED_SENT);
	c = say(&f, "2 * DEED - - DRILL nas \"\" 0");
	assert_int_equal(c.kind, FEED_DEED);
	assert_null(c.ups);
	assert_string_equal(f.deed.name, "nas");
	assert_string_equal(f.deed.value, "");
	assert_int_equal(f.deed.result, 0);
	feed_snapshot(&b, &f);
	assert_null(strstr(buf_str(&b), "DEED"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char *line = xasprintf("3 %s", bad[i]);

		f.number = 2;
		assert_int_equal(say(&f, line).kind, FEED_BROKEN);
		free(line);
	}
	say(&f, "BEGIN 3");
	say(&f, "UPS a \"\"");
	assert_int_equal(say(&f, "a DEED x y SET v \"1\" 0").kind, FEED_BROKEN);
	buf_free(&b);
	feed_clear(&f);
}

/* What is written is what is read; a long value ends between two letters. */
static void
test_deed_lines(void **state)
{
	char value[300] = "";
	struct feed_deed d;
	struct buf b = {0};

	feed_deed_make(&d, "my admin", NULL, "INSTCMD", "test.battery.start", NULL);
	feed_deed_line(&b, &d);
	assert_string_equal(
	    buf_str(&b), "DEED \"my admin\" - INSTCMD test.battery.start \"\" 0");
	buf_clear(&b);
	for (int i = 0; i < 100; i++)
		strcat(value, i == 0 ? "x" : "é");
	feed_deed_make(&d, "a", "::1", "SET", "ups.id", value);
	assert_int_equal(strlen(d.value), FEED_DEED_VALUE_MAX - 1);
	assert_memory_equal(d.value, value, strlen(d.value));
	feed_deed_make(&d, "a", "::1", "FSD", NULL, "\"quoted\"");
	d.result = FEED_DEED_SENT;
	feed_deed_line(&b, &d);
	assert_string_equal(buf_str(&b), "DEED a ::1 FSD - \"\\\"quoted\\\"\" sent");
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_changes),
	    cmocka_unit_test(test_broken),
	    cmocka_unit_test(test_broken_snapshot),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_snapshot),
	    cmocka_unit_test(test_machines),
	    cmocka_unit_test(test_status),
	    cmocka_unit_test(test_readers),
	    cmocka_unit_test(test_deeds),
	    cmocka_unit_test(test_deed_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
