/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/line.h"
#include "cli/model.h"
#include "cli/view.h"
#include "lib/phrase.h"

static const struct view_style plain = {.columns = 80, .rows = 24};

/* Feeds protocol lines, parted by LF. */
static void
feed(struct model *m, const char *lines)
{
	const char *why, *end;
	struct words w;

	for (; *lines != '\0'; lines = end + 1) {
		end = strchr(lines, '\n');
		assert_non_null(end);
		assert_int_equal(
		    words_split(&w, WORDS_PROTOCOL, lines, (size_t)(end - lines), &why),
		    0);
		model_line(m, &w, 0);
	}
}

static const char at_rest[] = "UPS qnapups \"Server\"\n"
			      "BEGIN LIST VAR qnapups\n"
			      "VAR qnapups battery.charge \"100\"\n"
			      "VAR qnapups battery.charge.low \"10\"\n"
			      "VAR qnapups battery.runtime \"3840\"\n"
			      "VAR qnapups battery.temperature \"29.2\"\n"
			      "VAR qnapups input.voltage \"230.0\"\n"
			      "VAR qnapups ups.load \"17\"\n"
			      "VAR qnapups ups.mfr \"APC\"\n"
			      "VAR qnapups ups.model \"Back-UPS CS 500\"\n"
			      "VAR qnapups ups.status \"OL CHRG\"\n"
			      "END LIST VAR qnapups\n";

static const char *
newest(const struct model *m)
{
	const struct model_event *e = model_event(m, 0);

	return e != NULL ? e->text : "";
}

static void
statuses_in_words(void **state)
{
	static const char *const cases[][2] = {
	    {"OL", "On mains"},
	    {"OL CHRG", "On mains, battery charging"},
	    {"OB DISCHRG", "ON BATTERY"},
	    {"OB DISCHRG LB", "ON BATTERY, battery LOW"},
	    {"FSD OB LB", "SHUTDOWN ORDERED, ON BATTERY, battery LOW"},
	    {"OL DISCHRG", "On mains, battery discharging"},
	    {"OL NEWWORD", "On mains, NEWWORD"},
	    {"", "State unknown"},
	};
	char out[256], small[8];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    phrase_status(out, sizeof(out), cases[i][0]), cases[i][1]);
	assert_string_equal(phrase_status(small, sizeof(small), "OL CHRG"), "On main");
	assert_int_equal(phrase_status_tone("OL CHRG"), PHRASE_GOOD);
	assert_int_equal(phrase_status_tone("OL RB"), PHRASE_WARN);
	assert_int_equal(phrase_status_tone("OL LB"), PHRASE_BAD);
	(void)state;
}

static void
durations_in_words(void **state)
{
	char out[32];

	assert_string_equal(phrase_duration(out, sizeof(out), 3840), "1 h 04 min");
	assert_string_equal(phrase_duration(out, sizeof(out), 725), "12 min 05 s");
	assert_string_equal(phrase_duration(out, sizeof(out), 45), "45 s");
	assert_string_equal(phrase_duration(out, sizeof(out), 90000), "1 d 1 h");
	assert_string_equal(phrase_duration(out, sizeof(out), -1), "unknown");
	(void)state;
}

static void
lines_are_cut_and_clean(void **state)
{
	struct buf out = {0};
	struct line l = {.out = &out, .left = 6, .utf8 = true};

	line_text(&l, LINE_BOLD, "a\033[1mbcdefgh");
	assert_string_equal(buf_str(&out), "a?[1mb");
	buf_clear(&out);
	l.left = 4;
	line_text(&l, LINE_PLAIN, "29 °C\xff"); /* the degree sign is one column */
	assert_string_equal(buf_str(&out), "29 °");
	buf_clear(&out);
	l.left = 3;
	line_text(&l, LINE_PLAIN, "日本"); /* two columns each: the second has no room */
	assert_string_equal(buf_str(&out), "日");
	buf_clear(&out);
	l.left = 9;
	l.utf8 = false;
	line_text(&l, LINE_PLAIN, "29 °C");
	assert_string_equal(buf_str(&out), "29 ?C");
	buf_free(&out);
	(void)state;
}

static void
bars_tell_little_from_nothing(void **state)
{
	static const struct {
		double percent;
		const char *bar;
	} cases[] = {
	    {0, "[........]"},
	    {0.1, "[#.......]"},
	    {50, "[####....]"},
	    {99.9, "[#######.]"},
	    {100, "[########]"},
	    {250, "[########]"},
	    {-5, "[........]"},
	};
	struct buf out = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct line l = {.out = &out, .left = 80};

		line_bar(&l, LINE_GOOD, 10, cases[i].percent);
		assert_string_equal(buf_str(&out), cases[i].bar);
		buf_clear(&out);
	}
	buf_free(&out);
	(void)state;
}

static void
a_block_for_a_ups(void **state)
{
	struct model m = {0};
	struct buf out = {0};

	feed(&m, at_rest);
	view_ups(&out, m.upses[0], &plain);
	assert_string_equal(buf_str(&out),
	    "qnapups  Server                                              "
	    "APC Back-UPS CS 500\n"
	    "  On mains, battery charging\n"
	    "  Charge   [######################################################]"
	    "   100 %\n"
	    "  Load     [#########.............................................]"
	    "    17 %\n"
	    "  Runtime  1 h 04 min   Input 230.0 V   Temperature 29.2 C\n");
	model_error(&m, "qnapups", "DRIVER-NOT-CONNECTED", 0);
	buf_clear(&out);
	view_ups(&out, m.upses[0], &plain);
	assert_non_null(strstr(buf_str(&out), "Driver not connected"));
	buf_free(&out);
	model_free(&m);
	(void)state;
}

static void
changes_become_events(void **state)
{
	struct model m = {0};

	feed(&m, at_rest);
	assert_int_equal(m.nevents, 1);
	assert_string_equal(newest(&m), "On mains, battery charging, charge 100 %");
	feed(&m, at_rest);
	assert_int_equal(m.nevents, 1);
	feed(&m, "NOTIFY VAR qnapups ups.status \"OB DISCHRG\"\n");
	assert_string_equal(newest(&m), "mains failed, running on battery, charge 100 %");
	feed(&m, "NOTIFY VAR qnapups battery.charge \"9\"\n"
		 "NOTIFY VAR qnapups ups.status \"OB DISCHRG LB\"\n");
	assert_string_equal(newest(&m), "battery low, charge 9 %");
	feed(&m, "NOTIFY VAR qnapups ups.alarm \"Replace battery!\"\n");
	assert_string_equal(newest(&m), "alarm: Replace battery!");
	feed(&m, "NOTIFY DELVAR qnapups ups.alarm\n");
	assert_string_equal(newest(&m), "alarm over: Replace battery!");
	feed(&m, "NOTIFY DRIVER qnapups STALE\n");
	assert_int_equal(m.upses[0]->link, MODEL_STALE);
	feed(&m, "NOTIFY DRIVER qnapups OK\nNOTIFY VAR nobody x \"1\"\nNOTIFY BEAT\n");
	assert_string_equal(newest(&m), "data are fresh again");
	feed(&m, at_rest); /* polled: what a whole list changes is told too */
	assert_string_equal(newest(&m), "battery charging");
	model_free(&m);
	(void)state;
}

static void
clients_come_and_go(void **state)
{
	struct model m = {0};

	feed(&m,
	    "UPS u \"\"\nBEGIN LIST CLIENT u\nCLIENT u 10.0.0.2\nEND LIST CLIENT u\n");
	assert_int_equal(m.upses[0]->nclients, 1);
	assert_string_equal(newest(&m), "10.0.0.2 logged in");
	feed(&m, "BEGIN LIST CLIENT u\nEND LIST CLIENT u\n");
	assert_int_equal(m.upses[0]->nclients, 0);
	assert_string_equal(newest(&m), "10.0.0.2 logged out");
	model_free(&m);
	(void)state;
}

/* A screen has as many rows as the terminal; none is wider than that. */
static void
a_screen_fits(void **state)
{
	static const char *const notes[] = {
	    "a note that is much longer than the screen "
	    "has columns, so that it must be cut somewhere",
	    NULL};
	const struct view_screen screen = {.title = "title",
	    .side = "side",
	    .notice = "notice",
	    .notes = notes,
	    .keys = "q quit",
	    .clients = true};
	struct buf out = {0};
	struct model m = {0};
	const char *p, *end;
	int rows;

	feed(&m, at_rest);
	for (int i = 0; i < 100; i++)
		model_say(&m, "qnapups", PHRASE_BAD, 0, "event %d", i);
	for (int columns = 20; columns <= 100; columns += 7) {
		for (int size = 6; size <= 50; size += 9) {
			const struct view_style style = {
			    .columns = columns, .rows = size};

			buf_clear(&out);
			view_screen(&out, &m, &screen, &style);
			rows = 0;
			p = buf_str(&out);
			for (; (end = strchr(p, '\n')) != NULL; p = end + 1, rows++)
				assert_true(end - p <= columns);
			assert_int_equal(rows, size);
			assert_string_equal(p, "");
		}
	}
	buf_free(&out);
	model_free(&m);
	(void)state;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(statuses_in_words),
	    cmocka_unit_test(durations_in_words),
	    cmocka_unit_test(lines_are_cut_and_clean),
	    cmocka_unit_test(bars_tell_little_from_nothing),
	    cmocka_unit_test(a_block_for_a_ups),
	    cmocka_unit_test(changes_become_events),
	    cmocka_unit_test(clients_come_and_go),
	    cmocka_unit_test(a_screen_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
