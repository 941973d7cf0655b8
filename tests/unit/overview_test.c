/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/line.h"
#include "cli/lookout_in.h"
#include "cli/overview.h"

static const char house[] = "UPS q \"Server\"\n"
			    "BEGIN LIST VAR q\n"
			    "VAR q battery.charge \"88\"\n"
			    "VAR q battery.date.replace \"2028-05-01\"\n"
			    "VAR q battery.health \"93\"\n"
			    "VAR q battery.health.confidence \"64\"\n"
			    "VAR q battery.runtime \"3840\"\n"
			    "VAR q battery.runtime.learned \"3490\"\n"
			    "VAR q input.voltage \"231.0\"\n"
			    "VAR q ups.load \"17\"\n"
			    "VAR q ups.realpower \"138\"\n"
			    "VAR q ups.status \"OL BOOST\"\n"
			    "END LIST VAR q\n";

/* What a child has seen. */
static const char seen[] =
    "{\"drill\":{\"machines\":["
    "{\"name\":\"nas\",\"section\":\"nas\",\"there\":true,\"this_machine\":false,"
    "\"told_s\":180.2,\"off_s\":270,\"because\":\"180 s on battery\"},"
    "{\"name\":\"esx\",\"section\":\"esx\",\"there\":false,\"this_machine\":false,"
    "\"told_s\":null,\"off_s\":null,\"because\":\"\"},"
    "{\"name\":\"this machine\",\"section\":null,\"there\":true,\"this_machine\":true,"
    "\"told_s\":3000,\"off_s\":3020,\"because\":\"last of all\"}]},"
    "\"stands\":[{\"name\":\"nas\",\"stands\":\"told\",\"why\":\"w\"}],"
    "\"outages\":[{\"ups\":\"q\",\"kind\":\"outage\",\"began\":1795400000,"
    "\"seconds\":725,\"charge_low\":61,\"lasts\":false},"
    "{\"ups\":\"q\",\"kind\":\"test\",\"began\":1795300000,\"seconds\":9.6,"
    "\"charge_low\":null,\"lasts\":false}],"
    "\"powers\":[{\"ups\":\"q\",\"outages\":1,\"seconds\":725,\"sags\":2,\"swells\":0,"
    "\"boosts\":2,\"trims\":1,\"today\":0.42,\"month\":9.8}],"
    "\"pasts\":{\"q\":[[1,2],[],[]]}}";

static void
feed(struct model *m, const char *lines)
{
	const char *why, *end;
	struct words w;

	for (; *lines != '\0'; lines = end + 1) {
		end = strchr(lines, '\n');
		words_split(&w, WORDS_PROTOCOL, lines, (size_t)(end - lines), &why);
		model_line(m, &w, 0);
	}
}

static struct overview
overview_of(const struct model *m, const struct lookout_data *d)
{
	return (struct overview){.model = m,
	    .machines = d->machines,
	    .nmachines = d->nmachines,
	    .outages = d->outages,
	    .noutages = d->noutages,
	    .powers = d->powers,
	    .npowers = d->npowers,
	    .title = "holdup watch",
	    .side = "127.0.0.1:3493"};
}

/* Everything that the page has is on 80 by 24. */
static void
everything(void **state)
{
	static const char *const wanted[] = {
	    "  Mains 231.0 V ===> UPS raises it ===> Load 138 W\n",
	    "  Health   93 % (64 % sure)   learned runtime 58 min 10 s",
	    "   replace 2028-05-01\n",
	    "  Mains",
	    "230 to 240 V\n",
	    "  nas              told     told 0:03:00  off 0:04:30  180 s on battery\n",
	    "  esx              is not there  \n",
	    "  this machine              told 0:50:00  off 0:50:20  last of all\n",
	    "12 min 05 s  charge down to 61 %\n",
	    "test, 10 s\n",
	    "an event\n",
	    "Logged in",
	    " u UPS  m machines  o outages  e events  p power  q quit",
	};
	const struct view_style style = {.columns = 80, .rows = 24};
	struct lookout_data d = {0};
	struct model m = {0};
	struct trend trend;
	struct buf out = {0};
	struct overview o;

	feed(&m, house);
	model_say(&m, "q", PHRASE_PLAIN, 0, "an event");
	lookout_read(&d, seen, strlen(seen));
	o = overview_of(&m, &d);
	trend_init(&trend);
	trend.at[TREND_INPUT][TREND_POINTS - 2] = 240;
	trend.at[TREND_INPUT][TREND_POINTS - 1] = 230;
	o.trends = &trend;
	overview_draw(&out, &o, &style);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strstr(buf_str(&out), wanted[i]) == NULL)
			fail_msg("no \"%s\" in\n%s", wanted[i], buf_str(&out));
	/* What has no room there has a page of its own. */
	o.page = OVERVIEW_POWER;
	buf_clear(&out);
	overview_draw(&out, &o, &style);
	assert_non_null(
	    strstr(buf_str(&out), "  1 outage (12 min 05 s)  2 sags  0 swells  AVR 3 "
				  "times   0.42 kWh today, 9.8"));
	buf_free(&out);
	lookout_clear(&d);
	model_free(&m);
}

/* Whatever the size, the page, and how much there is: as many rows as the terminal has, none
 * wider. */
static void
fits(void **state)
{
	struct lookout_data d = {0};
	struct model m = {0};
	struct buf out = {0};
	struct overview o;

	lookout_read(&d, seen, strlen(seen));
	for (int upses = 0; upses < 30; upses += upses < 3 ? 1 : 9) {
		while ((int)m.nupses < upses) {
			char text[64];

			snprintf(text, sizeof(text), "UPS q%zu \"a UPS\"\n", m.nupses);
			feed(&m, m.nupses == 0 ? house : text);
		}
		for (int columns = 20; columns <= 132; columns += 14)
			for (int rows = 6; rows <= 50; rows++) {
				const struct view_style style = {
				    .columns = columns, .rows = rows, .utf8 = rows % 2};
				const char *p, *end;
				int n = 0;

				o = overview_of(&m, &d);
				o.page = (enum overview_page)(rows % 4);
				o.notice = rows % 3 == 0 ? "the server is away" : NULL;
				buf_clear(&out);
				overview_draw(&out, &o, &style);
				for (p = buf_str(&out); (end = strchr(p, '\n')) != NULL;
				     p = end + 1, n++) {
					char *line = strndup(p, (size_t)(end - p));

					assert_true(
					    line_width(line, style.utf8) <= columns);
					free(line);
				}
				assert_int_equal(n, rows);
			}
	}
	buf_free(&out);
	lookout_clear(&d);
	model_free(&m);
}

static void
pages(void **state)
{
	assert_int_equal(overview_page_of('m'), OVERVIEW_MACHINES);
	assert_int_equal(overview_page_of('o'), OVERVIEW_OUTAGES);
	assert_int_equal(overview_page_of('e'), OVERVIEW_EVENTS);
	assert_int_equal(overview_page_of('p'), OVERVIEW_POWER);
	assert_int_equal(overview_page_of('u'), OVERVIEW_ALL);
	assert_int_equal(overview_page_of(' '), OVERVIEW_ALL);
	assert_int_equal(overview_page_of('x'), -1);
}

/* A child that died halfway changes nothing; one that may see little shows little. */
static void
seen_in_part(void **state)
{
	static const char *const texts[] = {"", "{", "[]", "7", "null"};
	static const char remote[] =
	    "{\"stands\":[{\"name\":\"nas\",\"stands\":\"on\","
	    "\"why\":\"why\"},7,{}],\"outages\":[1],\"pasts\":3}";
	struct lookout_data d = {0};

	lookout_read(&d, seen, strlen(seen));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		lookout_read(&d, texts[i], strlen(texts[i]));
		assert_int_equal(d.nmachines, 3);
	}
	assert_string_equal(d.machines[0].stands, "told");
	assert_true(isnan(d.machines[1].told) && !d.machines[1].there);
	lookout_read(&d, remote, strlen(remote));
	assert_int_equal(d.nmachines, 3);
	assert_string_equal(d.machines[0].why, "why");
	assert_false(d.machines[0].rehearsed);
	assert_int_equal(d.npasts, 0);
	lookout_read(&d, "{}", 2);
	assert_int_equal(d.nmachines, 0);
	assert_int_equal(d.noutages, 0);
	lookout_clear(&d);
}

/* Lines move up and down with their values; one that does not move is none. */
static void
trends(void **state)
{
	const struct view_style style = {.columns = 80, .rows = 24};
	struct state *s = state_new();
	struct buf out = {0};
	struct trend t;
	double past[3] = {50, 60, 70};

	trend_init(&t);
	state_set(s, "ups.load", "10");
	for (int i = 0; i < 100; i++) {
		trend_take(&t, s);
		trend_view(&out, &t, TREND_LOAD, &style);
		assert_int_equal(out.len, 0);
		trend_step(&t);
	}
	state_set(s, "ups.load", "90");
	trend_take(&t, s);
	trend_view(&out, &t, TREND_LOAD, &style);
	assert_non_null(strstr(buf_str(&out), "__#  10 to 90 %\n"));
	buf_clear(&out);
	trend_init(&t);
	trend_take(&t, s);
	trend_fill(&t, TREND_LOAD, past, 3);
	trend_view(&out, &t, TREND_LOAD, &style);
	assert_non_null(strstr(buf_str(&out), "  50 to 90 %\n"));
	assert_true(t.at[TREND_LOAD][TREND_POINTS - 1] == 90);
	assert_true(t.at[TREND_LOAD][TREND_POINTS - 2] == 60);
	buf_free(&out);
	state_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everything),
	    cmocka_unit_test(fits),
	    cmocka_unit_test(pages),
	    cmocka_unit_test(seen_in_part),
	    cmocka_unit_test(trends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
