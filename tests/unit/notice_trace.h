/* SPDX-License-Identifier: ISC */
#ifndef TESTS_NOTICE_TRACE_H
#define TESTS_NOTICE_TRACE_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/xmem.h"
#include "publish/message.h"

/*
 * A channel under virtual time: events are told, messages are delivered at once unless the
 * receiver is away, and the process may crash between any two of them, as `publish` may.
 */

#define TRACE_EVENTS 3000
#define TRACE_DAY INT64_C(1795392000000) /* Mon 2026-11-23 00:00 UTC */

struct trace {
	struct conf_notify conf;
	struct notice *notice;
	struct feed feed;
	int64_t now;
	bool away;
	struct event *events;
	size_t nevents;
	uint64_t taken;
	char kept[NOTICE_PARTS][1024];
	struct buf out;               /* "12:00:00 title | text" of each message */
	unsigned times[TRACE_EVENTS]; /* in how many messages each event was */
	size_t messages;
	/* Called with each message before it counts as delivered; may be NULL. */
	void (*check)(
	    struct trace *t, const struct notice_batch *b, const struct message *m);
};

#define TRACE_CONF                                                            \
	{                                                                     \
		.name = (char[]){"phone"}, .via = CONF_VIA_NTFY, .fold = 600, \
		.events = UINT64_MAX, .summary = true                         \
	}

static inline void
trace_begin(struct trace *t, struct conf_notify conf)
{
	*t = (struct trace){.conf = conf, .now = TRACE_DAY};
	t->events = xcalloc(TRACE_EVENTS, sizeof(*t->events));
	t->notice = notice_new(&t->conf);
}

static inline void
trace_end(struct trace *t)
{
	notice_free(t->notice);
	feed_clear(&t->feed);
	buf_free(&t->out);
	free(t->events);
}

/* What is kept over a crash. */
static inline void
trace_keep(struct trace *t)
{
	struct buf keep[NOTICE_PARTS] = {0};

	t->taken =
	    notice_taken(t->notice) > t->taken ? notice_taken(t->notice) : t->taken;
	notice_keep(t->notice, keep);
	for (size_t i = 0; i < NOTICE_PARTS; i++) {
		snprintf(t->kept[i], sizeof(t->kept[i]), "%s", buf_str(&keep[i]));
		buf_free(&keep[i]);
	}
}

static inline void
trace_crash(struct trace *t)
{
	notice_free(t->notice);
	t->notice = notice_new(&t->conf);
	for (size_t i = 0; i < NOTICE_PARTS; i++)
		notice_kept(t->notice, t->kept[i]);
	for (size_t i = 0; i < t->nevents; i++)
		if (t->events[i].id > t->taken)
			notice_event(t->notice, &t->events[i], t->now);
}

static inline void
trace_write(struct trace *t, const struct message *m)
{
	const time_t s = (time_t)(t->now / 1000);
	char clock[32];
	struct tm tm;

	gmtime_r(&s, &tm);
	strftime(clock, sizeof(clock), "%H:%M:%S", &tm);
	buf_printf(&t->out, "%s %s | ", clock, m->title);
	for (const char *c = m->text; *c != '\0'; c++)
		buf_puts(&t->out, *c == '\n' ? " / " : (char[]){*c, '\0'});
	buf_puts(&t->out, "\n");
}

/* Delivers all that is due until then. */
static inline void
trace_until(struct trace *t, int64_t until)
{
	const struct saying_house house = {"home", &t->feed, 0};

	while (notice_due(t->notice, t->now) <= until) {
		const int64_t due = notice_due(t->notice, t->now);
		struct saying_house h = house;
		struct notice_batch b;
		struct message m;

		t->now = due > t->now ? due : t->now;
		if (t->away || !notice_next(t->notice, t->now, &b)) {
			if (t->away && due <= t->now)
				break;
			trace_keep(t);
			continue;
		}
		h.now = t->now;
		message_make(&m, &t->conf, &b, &h, SIZE_MAX);
		if (t->check != NULL)
			t->check(t, &b, &m);
		trace_write(t, &m);
		for (size_t i = 0; i < b.nids; i++)
			t->times[b.ids[i] % TRACE_EVENTS]++;
		t->messages++;
		notice_done(t->notice, &b);
		message_free(&m);
		notice_batch_free(&b);
		trace_keep(t);
	}
	t->now = until > t->now ? until : t->now;
}

/* An event now: "onbatt office" and facts, its sentence behind a ":". */
static inline void
trace_event(struct trace *t, enum kind kind, const char *ups, const char *text)
{
	struct event *e = &t->events[t->nevents++];

	*e = (struct event){.id = t->nevents, .at_ms = t->now, .kind = kind};
	snprintf(e->ups, sizeof(e->ups), "%s", strcmp(ups, "-") == 0 ? "" : ups);
	snprintf(e->text, sizeof(e->text), "%s", text);
}

static inline void
trace_fact(struct trace *t, const char *fact)
{
	struct event *e = &t->events[t->nevents - 1];

	snprintf(e->facts[e->nfacts++].text, sizeof(e->facts[0].text), "%s", fact);
}

static inline void
trace_tell(struct trace *t)
{
	notice_event(t->notice, &t->events[t->nevents - 1], t->now);
	trace_keep(t);
}

/*
 * A whole story, a line each: "12:00:00 onbatt office [fact=value …] [: sentence]", or
 * "12:00:00 !away", "!back", "!crash", "!end".
 */
static inline void
trace_line(struct trace *t, char *line)
{
	unsigned h, m, s;
	char *sentence = strstr(line, " : "), *word, *rest = NULL;
	char ups[64];
	enum kind kind;

	if (sentence != NULL) {
		*sentence = '\0';
		sentence += 3;
	}
	word = strtok_r(line, " ", &rest);
	if (word == NULL || sscanf(word, "%u:%u:%u", &h, &m, &s) != 3)
		abort();
	trace_until(t, TRACE_DAY + (int64_t)((h * 60 + m) * 60 + s) * 1000);
	word = strtok_r(NULL, " ", &rest);
	if (*word == '!') {
		t->away =
		    strcmp(word, "!away") == 0 || (t->away && strcmp(word, "!back") != 0);
		if (strcmp(word, "!crash") == 0)
			trace_crash(t);
		trace_until(t, t->now);
		return;
	}
	kind = (enum kind)kind_named(word);
	snprintf(ups, sizeof(ups), "%s", strtok_r(NULL, " ", &rest));
	trace_event(t, kind, ups, sentence == NULL ? kind_word(kind) : sentence);
	while ((word = strtok_r(NULL, " ", &rest)) != NULL)
		trace_fact(t, word);
	trace_tell(t);
	trace_until(t, t->now);
}

static inline void
trace_story(struct trace *t, const char *story)
{
	char *copy = xstrdup(story), *rest = NULL;

	for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		trace_line(t, line);
	free(copy);
}

#endif
