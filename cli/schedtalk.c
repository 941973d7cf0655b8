/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/schedtalk.h"
#include "lib/words.h"

/* With all their letters escaped these still fit into a line. */
#define NAME_MAX_BYTES 256
#define TYPE_MAX_BYTES 64
#define MESSAGE_MAX_BYTES 1024

/* A word of a question: of one line, and of `max` bytes at most. */
static void
add_word(struct buf *out, const char *text, size_t max)
{
	char clean[MESSAGE_MAX_BYTES + 1];
	size_t len = 0;

	for (; *text != '\0' && len < max; text++)
		clean[len++] = *text;
	/* UTF-8 is cut between characters. */
	if (*text != '\0')
		while (len > 0 && ((unsigned char)*text & 0xc0) == 0x80) {
			text--;
			len--;
		}
	clean[len] = '\0';
	for (char *c = clean; *c != '\0'; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	buf_puts(out, " ");
	buf_quoted(out, clean);
}

void
schedtalk_start(struct buf *out, const char *name, int seconds,
    const struct timer_event *e, bool shared)
{
	buf_puts(out, shared ? "START-SHARED" : "START");
	add_word(out, name, NAME_MAX_BYTES);
	buf_printf(out, " %d", seconds);
	add_word(out, e->ups, NAME_MAX_BYTES);
	add_word(out, e->type, TYPE_MAX_BYTES);
	add_word(out, e->message, MESSAGE_MAX_BYTES);
	buf_puts(out, "\n");
}

void
schedtalk_cancel(struct buf *out, const char *name, const char *ups)
{
	buf_puts(out, "CANCEL");
	add_word(out, name, NAME_MAX_BYTES);
	if (ups != NULL)
		add_word(out, ups, NAME_MAX_BYTES);
	buf_puts(out, "\n");
}

void
schedtalk_list(struct buf *out)
{
	buf_puts(out, "LIST\n");
}

/* A number from 0 to `max`, or -1. */
static int
number(const char *text, int max)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	return end == text || *end != '\0' || errno != 0 || n < 0 || n > max ? -1
									     : (int)n;
}

static void
answer_start(struct timers *t, const struct words *w, uint64_t now, struct buf *out)
{
	const struct timer_event e = {
	    .ups = w->argv[3], .type = w->argv[4], .message = w->argv[5]};
	const bool shared = strcmp(w->argv[0], "START-SHARED") == 0;
	int seconds = number(w->argv[2], SCHEDTALK_SECONDS_MAX);

	if (seconds < 0)
		buf_puts(out, "ERR this is no number of seconds\n");
	else if (timers_start(t, w->argv[1], now + (uint64_t)seconds * 1000, &e, shared) <
		 0)
		buf_puts(out, "ERR there are too many timers\n");
	else
		buf_puts(out, "OK\n");
}

void
schedtalk_answer(struct timers *t, const char *line, size_t len, uint64_t now,
    int64_t wall, struct buf *out)
{
	struct words w;
	const char *why, *verb;

	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0) {
		buf_printf(out, "ERR %s\n", why);
		return;
	}
	verb = w.argc > 0 ? w.argv[0] : "";
	if ((strcmp(verb, "START") == 0 || strcmp(verb, "START-SHARED") == 0) &&
	    w.argc == 6) {
		answer_start(t, &w, now, out);
	} else if (strcmp(verb, "CANCEL") == 0 && (w.argc == 2 || w.argc == 3)) {
		buf_printf(out, "OK %zu\n", timers_cancel(t, w.argv[1], w.argv[2]));
	} else if (strcmp(verb, "LIST") == 0 && w.argc == 1) {
		timers_list(t, now, wall, out);
		buf_puts(out, "OK\n");
	} else {
		buf_puts(out, "ERR unknown question\n");
	}
}

int
schedtalk_count(const char *answer)
{
	return strncmp(answer, "OK ", 3) == 0 ? number(answer + 3, INT_MAX) : -1;
}
