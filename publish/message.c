/* SPDX-License-Identifier: ISC */
#include "publish/message.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/xmem.h"

#define VALUE_MAX 1024 /* bytes of a value in a template */

/* What the names of a template stand for. */
struct values {
	const struct message *message;
	const struct saying_house *house;
	const struct tale *about; /* NULL: nobody's */
	const char *text;         /* our sentence */
	char value[VALUE_MAX];
};

/* When it happened, by the clock on the wall: the day, or the time of the day. */
static const char *
moment(struct values *v, bool day)
{
	const time_t s = (time_t)(v->message->at / 1000);
	struct tm tm;

	localtime_r(&s, &tm);
	if (day)
		strftime(v->value, sizeof(v->value), "%Y-%m-%d", &tm);
	else
		strftime(v->value, sizeof(v->value), "%H:%M:%S", &tm);
	return v->value;
}

static const char *
minutes(struct values *v)
{
	const char *seconds =
	    v->about == NULL ? NULL : tale_fact(v->about, "outage.seconds");

	if (seconds == NULL)
		return NULL;
	snprintf(v->value, sizeof(v->value), "%.0f", strtod(seconds, NULL) / 60);
	return v->value;
}

/* A variable: as it was at that moment, or, of an event that has just happened, as it is. */
static const char *
variable(const struct values *v, const char *name)
{
	const char *fact = v->about == NULL ? NULL : tale_fact(v->about, name);
	const struct feed_ups *u;

	if (fact != NULL || v->about == NULL || v->message->late)
		return fact;
	u = feed_find(v->house->feed, v->about->ups);
	return u == NULL || u->source != FEED_OK ? NULL : state_get(u->state, name);
}

static const char *
look(void *arg, const char *name)
{
	struct values *v = arg;
	const struct tale *about = v->about;

	if (strcmp(name, "ups") == 0)
		return about == NULL ? NULL : about->ups;
	if (strcmp(name, "site") == 0)
		return v->house->site;
	if (strcmp(name, "event") == 0)
		return v->message->event;
	if (strcmp(name, "title") == 0)
		return v->message->title;
	if (strcmp(name, "text") == 0)
		return v->text;
	if (strcmp(name, "who") == 0)
		return about == NULL ? NULL : about->who;
	if (strcmp(name, "time") == 0)
		return moment(v, false);
	if (strcmp(name, "date") == 0)
		return moment(v, true);
	if (strcmp(name, "outage.minutes") == 0)
		return minutes(v);
	if (strcmp(name, "priority") != 0)
		return variable(v, name);
	snprintf(v->value, sizeof(v->value), "%d", (int)v->message->priority);
	return v->value;
}

/* A template, or a text of ours where there is none. */
static char *
fill(struct values *v, const char *template, bool json)
{
	const struct template_values values = {look, v};
	struct buf out = {0};
	char *text;

	template_fill(&out, template, json, &values);
	text = xstrdup(buf_str(&out));
	buf_free(&out);
	return text;
}

/* Title, text and body by the templates of the section; what it has none for is ours. */
static void
fill_all(struct message *m, const struct conf_notify *c, struct values *v,
    const char *title, const char *text)
{
	const bool json = c->type == NULL || strstr(c->type, "json") != NULL;

	m->title = c->title == NULL ? xstrdup(title) : fill(v, c->title, false);
	m->text = c->text == NULL ? xstrdup(text) : fill(v, c->text, false);
	if (c->body != NULL)
		m->body = fill(v, c->body, json);
	else if (c->via == CONF_VIA_WEBHOOK)
		m->body = message_json(m, v->house, v->about);
}

/* How much it matters, and what it is called in one word. */
static void
rank(struct message *m, const struct notice_batch *b)
{
	for (size_t i = 0; i < b->nnotes; i++) {
		const struct tale *t = saying_about(b->notes[i]);
		const bool test = t != NULL && tale_is_test(t);
		const struct news *news = news_of(t == NULL ? KIND_ONLINE : t->kind);
		enum news_priority priority = test ? NEWS_USUAL : news->priority;

		if (b->notes[i]->form == NOTE_MORE)
			priority = b->notes[i]->urgent ? NEWS_HIGH : NEWS_USUAL;
		if (priority > m->priority)
			m->priority = priority;
		m->tag = news->tag;
		m->event = t == NULL ? "summary" : kind_word(t->kind);
		if (b->notes[i]->form == NOTE_MORE)
			m->event = "more";
	}
	if (b->nnotes + b->before > 1)
		m->event = "several";
}

/* Of what it tells, and so the same whenever it is made of the same. */
static void
make_key(struct message *m, const struct notice_batch *b)
{
	if (b->nids == 1 && b->mark == 0)
		snprintf(m->key, sizeof(m->key), "%" PRIx64, b->ids[0]);
	else
		snprintf(m->key, sizeof(m->key), "%" PRIx64 ".%" PRIx64 ".%zx.%" PRIx64,
		    b->nids > 0 ? b->ids[0] : 0, b->nids > 0 ? b->ids[b->nids - 1] : 0,
		    b->nids, b->mark);
}

/* A line for each note from `first` on. */
static void
say_lines(struct buf *text, const struct notice_batch *b, size_t first,
    const struct saying_house *h)
{
	buf_clear(text);
	if (b->before + first > 0)
		buf_printf(text, "… %zu before these\n", b->before + first);
	for (size_t i = first; i < b->nnotes; i++) {
		buf_puts(text, i > first ? "\n" : "");
		saying_line(text, b->notes[i], h);
	}
}

/* All notes, the last ones at least. */
static void
say_several(struct buf *title, struct buf *text, const struct notice_batch *b,
    const struct saying_house *h, size_t max)
{
	size_t first = 0;

	buf_printf(title, "%zu messages: %s", b->nnotes + b->before, h->site);
	say_lines(text, b, first, h);
	while (text->len > max && first + 1 < b->nnotes)
		say_lines(text, b, ++first, h);
}

/* Our sentence; one that comes late says so. */
static void
say_one(struct buf *title, struct buf *text, const struct message *m,
    const struct note *note, const struct saying_house *h)
{
	saying_title(title, note, h);
	saying_text(text, note, h);
	if (m->late && (note->form == NOTE_EVENT || note->form == NOTE_SHORT)) {
		buf_puts(text, "\n");
		saying_late(text, m->at, h->now);
	}
}

void
message_make(struct message *m, const struct conf_notify *c, const struct notice_batch *b,
    const struct saying_house *h, size_t max)
{
	const struct note *last = b->notes[b->nnotes - 1];
	const bool several = b->nnotes + b->before > 1;
	struct buf title = {0}, text = {0}, whole = {0};
	struct values v;

	*m = (struct message){.at = saying_at(last), .priority = NEWS_LEAST};
	m->late = h->now - m->at > SAYING_LATE_MS;
	rank(m, b);
	make_key(m, b);
	if (several)
		say_several(&title, &text, b, h, max);
	else
		say_one(&title, &text, m, last, h);
	buf_puts(&whole, buf_str(&text));
	if (!several && !m->late && last->form != NOTE_SUMMARY &&
	    last->form != NOTE_MORE) {
		buf_puts(&whole, "\n");
		saying_time(&whole, m->at, h->now);
	}
	v = (struct values){.message = m,
	    .house = h,
	    .about = several ? NULL : saying_about(last),
	    .text = buf_str(&text)};
	fill_all(m, c, &v, buf_str(&title), buf_str(&whole));
	buf_free(&title);
	buf_free(&text);
	buf_free(&whole);
}

void
message_test(struct message *m, const struct conf_notify *c, const struct saying_house *h)
{
	char *title = xasprintf("Test of %s: %s", c->name, h->site);
	struct values v = {.message = m,
	    .house = h,
	    .text = "This is a test: messages of holdup arrive here."};

	*m = (struct message){
	    .at = h->now, .priority = NEWS_USUAL, .event = "test", .tag = "bell"};
	snprintf(m->key, sizeof(m->key), "test.%" PRIx64, (uint64_t)h->now);
	fill_all(m, c, &v, title, v.text);
	free(title);
}

void
message_free(struct message *m)
{
	free(m->title);
	free(m->text);
	free(m->body);
	*m = (struct message){0};
}
