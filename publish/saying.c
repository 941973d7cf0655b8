/* SPDX-License-Identifier: ISC */
#include "publish/saying.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "publish/news.h"

#define MORE_LINES 6      /* of repeats */
#define MACHINE_LINES 12  /* of a summary */
#define CHARGE_ANY 1000.0 /* percent: more than any battery has */

const char *
saying_ups(const struct saying_house *h, const char *ups)
{
	const struct feed_ups *u = *ups == '\0' ? NULL : feed_find(h->feed, ups);

	if (*ups == '\0')
		return h->site;
	return u == NULL || u->desc == NULL || *u->desc == '\0' ? ups : u->desc;
}

static bool
same_day(int64_t a, int64_t b)
{
	const time_t sa = (time_t)(a / 1000), sb = (time_t)(b / 1000);
	struct tm ta, tb;

	localtime_r(&sa, &ta);
	localtime_r(&sb, &tb);
	return ta.tm_yday == tb.tm_yday && ta.tm_year == tb.tm_year;
}

void
saying_time(struct buf *out, int64_t at, int64_t now)
{
	const time_t s = (time_t)(at / 1000);
	char text[64];
	struct tm tm;

	localtime_r(&s, &tm);
	if (same_day(at, now))
		strftime(text, sizeof(text), "%H:%M:%S", &tm);
	else
		strftime(text, sizeof(text), "%a %d %b, %H:%M:%S", &tm);
	buf_puts(out, text);
}

/* A length for people. */
static void
add_length(struct buf *out, int64_t ms)
{
	const long s = ms > 0 ? (long)((ms + 500) / 1000) : 0;

	if (s < 120)
		buf_printf(out, "%ld s", s);
	else if (s < 7200)
		buf_printf(out, "%ld min", (s + 30) / 60);
	else if (s < 172800)
		buf_printf(out, "%ld h %02ld min", s / 3600, s % 3600 / 60);
	else
		buf_printf(out, "%ld days", s / 86400);
}

void
saying_late(struct buf *out, int64_t at, int64_t now)
{
	buf_puts(out, same_day(at, now) ? "It happened at " : "It happened on ");
	saying_time(out, at, now);
	buf_puts(out, ", ");
	add_length(out, now - at);
	buf_puts(out, " before this message.");
}

/* The last tale of a note; NULL: a summary may have none. */
static const struct tale *
last_of(const struct note *note)
{
	return note->ntales == 0 ? NULL : note->tales[note->ntales - 1];
}

const struct tale *
saying_about(const struct note *note)
{
	return note->form == NOTE_SUMMARY ? NULL : last_of(note);
}

int64_t
saying_at(const struct note *note)
{
	return note->form == NOTE_SUMMARY ? note->due : last_of(note)->at;
}

/* How many failures are among these. */
static size_t
failures(const struct note *note)
{
	size_t count = 0;

	for (size_t i = 0; i < note->ntales; i++)
		count += note->tales[i]->kind == KIND_ONBATT ? 1 : 0;
	return count;
}

static bool
is_power(const struct note *note)
{
	return news_of(last_of(note)->kind)->group == NEWS_POWER && failures(note) > 0;
}

static bool
all_back(const struct note_outage *o)
{
	for (size_t i = 0; i < o->nmachines; i++)
		if (o->machines[i].told != 0 && o->machines[i].back == 0)
			return false;
	return true;
}

/* How a machine stands, for people. */
static const char *
stand_words(const char *stand)
{
	static const char *const words[][2] = {
	    {"on", "is on"},
	    {"told", "is told to go down"},
	    {"leaving", "goes down"},
	    {"off", "is off"},
	    {"waking", "is being started"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], stand) == 0)
			return words[i][1];
	return stand;
}

/* What it is called; whose it is stands behind it. */
static void
add_topic(struct buf *out, const struct tale *t)
{
	struct tale_machine m;

	if (tale_machine(t, &m))
		buf_printf(out, "Machine %s %s", m.name, stand_words(m.stand));
	else if (t->kind == KIND_ONBATT && tale_is_test(t))
		buf_puts(out, "No power failure, but a test");
	else
		buf_puts(out, news_of(t->kind)->title);
}

void
saying_title(struct buf *out, const struct note *note, const struct saying_house *h)
{
	const struct tale *t = last_of(note);
	const size_t n = note->ntales;

	switch (note->form) {
	case NOTE_EVENT:
		add_topic(out, t);
		break;
	case NOTE_SHORT:
		buf_puts(out, "Short power failure");
		break;
	case NOTE_MORE:
		if (is_power(note)) {
			buf_printf(out, "%zu more power failure%s", failures(note),
			    failures(note) == 1 ? "" : "s");
		} else {
			add_topic(out, t);
			if (n > 1)
				buf_printf(out, ", and %zu more", n - 1);
		}
		break;
	case NOTE_SUMMARY:
		buf_puts(out, all_back(&note->outage)
				  ? "The outage is over, everything is on again"
				  : "The outage is over, not everything is on again");
		t = NULL;
		break;
	}
	buf_printf(out, ": %s", saying_ups(h, t == NULL ? "" : t->ups));
}

/* The number of a fact; false: there is none. */
static bool
number(const struct tale *t, const char *name, double *value)
{
	const char *text = t == NULL ? NULL : tale_fact(t, name);
	char *end;

	if (text == NULL)
		return false;
	*value = strtod(text, &end);
	return end != text && *end == '\0' && *value >= 0 && *value < 1e9;
}

/* How far the battery went, unless it was just said that it has `charge`, and what was
 * used. */
static void
add_use(struct buf *out, const struct tale *online, double charge)
{
	double low, wh;

	if (number(online, "outage.charge.low", &low) && low < charge)
		buf_printf(out, " The battery went down to %.0f %%.", low);
	if (number(online, "outage.wh", &wh) && wh >= 1)
		buf_printf(out, " %.0f Wh were used.", wh);
}

static void
say_event(struct buf *out, const struct tale *t)
{
	double seconds, charge;

	buf_puts(out, t->text);
	if (t->kind == KIND_ONBATT && number(t, "battery.runtime", &seconds)) {
		buf_puts(out, " About ");
		add_length(out, (int64_t)(seconds * 1000));
		buf_puts(out, " are left.");
	} else if (t->kind == KIND_DEED && *t->who != '\0') {
		buf_printf(out, " By %s.", t->who);
	} else if (t->kind == KIND_ONLINE) {
		if (!number(t, "battery.charge", &charge))
			charge = CHARGE_ANY;
		add_use(out, t, charge);
	}
}

/* How long the failure was that this ended, ms. */
static int64_t
outage_ms(const struct tale *online, const struct tale *onbatt)
{
	double seconds;

	if (number(online, "outage.seconds", &seconds))
		return (int64_t)(seconds * 1000);
	return onbatt == NULL ? 0 : online->at - onbatt->at;
}

static void
say_short(struct buf *out, const struct note *note)
{
	const struct tale *online = last_of(note);
	double charge;

	buf_puts(out, "The mains was away for ");
	add_length(out, outage_ms(online, note->tales[0]));
	if (number(online, "battery.charge", &charge))
		buf_printf(out, ", charge %.0f %%", charge);
	buf_puts(out, ".");
}

/* Of failures only the number and the longest one are of interest. */
static void
say_failures(struct buf *out, const struct note *note, const struct saying_house *h)
{
	const struct tale *onbatt = NULL;
	int64_t longest = 0;

	for (size_t i = 0; i < note->ntales; i++) {
		const struct tale *t = note->tales[i];
		int64_t ms = t->kind == KIND_ONLINE ? outage_ms(t, onbatt) : 0;

		longest = ms > longest ? ms : longest;
		onbatt = t->kind == KIND_ONBATT ? t : NULL;
	}
	buf_printf(out, "%zu more power failure%s until ", failures(note),
	    failures(note) == 1 ? "" : "s");
	saying_time(out, last_of(note)->at, h->now);
	if (longest > 0) {
		buf_puts(out, failures(note) == 1 ? ", of " : ", the longest ");
		add_length(out, longest);
	}
	buf_puts(out, ".");
	if (note->still != 0) {
		buf_puts(out, " The mains is away since ");
		saying_time(out, note->still, h->now);
		buf_puts(out, ".");
	} else {
		buf_puts(out, " The mains is there.");
	}
}

/* Repeats, each in a line with its time. */
static void
say_more(struct buf *out, const struct note *note, const struct saying_house *h)
{
	size_t i = note->ntales > MORE_LINES ? note->ntales - MORE_LINES : 0;

	if (i > 0)
		buf_printf(out, "… %zu before these\n", i);
	for (size_t first = i; i < note->ntales; i++) {
		buf_puts(out, i > first ? "\n" : "");
		saying_time(out, note->tales[i]->at, h->now);
		buf_printf(out, " %s", note->tales[i]->text);
	}
}

static void
say_machine(struct buf *out, const struct note_machine *m, const struct saying_house *h)
{
	buf_printf(out, "\n%s was told to go down at ", m->name);
	saying_time(out, m->told, h->now);
	if (m->back != 0) {
		buf_puts(out, " and is on again since ");
		saying_time(out, m->back, h->now);
		buf_puts(out, ".");
	} else {
		buf_printf(out, " and %s.",
		    strcmp(m->stand, "told") == 0 ? "has not gone down yet"
						  : stand_words(m->stand));
	}
}

/* Who is not on again comes first; of many there is a count. */
static void
say_machines(struct buf *out, const struct note_outage *o, const struct saying_house *h)
{
	size_t said = 0, more = 0;

	for (int back = 0; back < 2; back++)
		for (size_t i = 0; i < o->nmachines; i++) {
			const struct note_machine *m = &o->machines[i];

			if (m->told == 0 || (m->back != 0) != (back == 1))
				continue;
			if (said++ < MACHINE_LINES)
				say_machine(out, m, h);
			else
				more++;
		}
	if (more > 0)
		buf_printf(out, "\n… and %zu more.", more);
}

static void
say_summary(struct buf *out, const struct note_outage *o, const struct saying_house *h)
{
	buf_puts(out, "The mains was away from ");
	saying_time(out, o->began, h->now);
	buf_puts(out, " to ");
	saying_time(out, o->over, h->now);
	buf_puts(out, " (");
	add_length(out, o->over - o->began);
	buf_puts(out, ").");
	for (size_t i = 0; i < o->nupses; i++) {
		struct buf use = {0};

		add_use(&use, o->upses[i].online, CHARGE_ANY);
		if (use.len > 0)
			buf_printf(out, "\n%s:%s", saying_ups(h, o->upses[i].ups),
			    buf_str(&use));
		buf_free(&use);
	}
	say_machines(out, o, h);
}

void
saying_text(struct buf *out, const struct note *note, const struct saying_house *h)
{
	switch (note->form) {
	case NOTE_EVENT:
		say_event(out, last_of(note));
		break;
	case NOTE_SHORT:
		say_short(out, note);
		break;
	case NOTE_MORE:
		if (is_power(note))
			say_failures(out, note, h);
		else
			say_more(out, note, h);
		break;
	case NOTE_SUMMARY:
		say_summary(out, &note->outage, h);
		break;
	}
}

void
saying_line(struct buf *out, const struct note *note, const struct saying_house *h)
{
	const struct tale *t = saying_about(note);

	saying_time(out, saying_at(note), h->now);
	buf_puts(out, " ");
	if (t != NULL && *t->ups != '\0')
		buf_printf(out, "%s: ", saying_ups(h, t->ups));
	if (t != NULL && note->form == NOTE_MORE && !is_power(note))
		buf_printf(out, "%zu more, the last: %s", note->ntales, t->text);
	else
		saying_text(out, note, h);
}
