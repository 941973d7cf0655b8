/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/logformat.h"

#define WORD_MAX 256 /* of what stands between two percent signs */
#define TIME_MAX 256
#define NOTHING "NA"
#define INVALID "INVALID"

/* The format is the user's, of whom strftime(3) needs not be protected. */
static size_t (*const put_strftime)(
    char *, size_t, const char *, const struct tm *) = strftime;

static void
put_time(struct buf *out, const char *argument, const struct logfacts *facts)
{
	char format[WORD_MAX], text[TIME_MAX];

	snprintf(format, sizeof(format), "%s", argument);
	for (char *at = format; (at = strchr(at, '@')) != NULL;)
		*at = '%';
	if (put_strftime(text, sizeof(text), format, &facts->now) > 0)
		buf_puts(out, text);
}

static void
put_etime(struct buf *out, const char *argument, const struct logfacts *facts)
{
	buf_printf(out, "%lld", (long long)facts->seconds);
}

static void
put_host(struct buf *out, const char *argument, const struct logfacts *facts)
{
	buf_puts(out, facts->host);
}

static void
put_upshost(struct buf *out, const char *argument, const struct logfacts *facts)
{
	buf_puts(out, facts->upshost);
}

static void
put_pid(struct buf *out, const char *argument, const struct logfacts *facts)
{
	buf_printf(out, "%ld", facts->pid);
}

/* Variables have a dot, as NUT's do since 2.0. */
static void
put_var(struct buf *out, const char *argument, const struct logfacts *facts)
{
	const size_t before = out->len;

	if (strchr(argument, '.') == NULL) {
		buf_puts(out, INVALID);
		return;
	}
	facts->value(facts->arg, argument, out);
	if (out->len == before)
		buf_puts(out, NOTHING);
}

static const struct {
	const char *word;
	bool argument; /* follows, after a blank */
	void (*put)(struct buf *out, const char *argument, const struct logfacts *facts);
} words[] = {
    {"TIME", true, put_time},
    {"ETIME", false, put_etime},
    {"HOST", false, put_host},
    {"UPSHOST", false, put_upshost},
    {"PID", false, put_pid},
    {"VAR", true, put_var},
};

/* "VAR ups.status", of what stood between two percent signs. */
static void
put_word(struct buf *out, char *text, const struct logfacts *facts)
{
	char *argument = strchr(text, ' ');

	if (argument != NULL)
		*argument++ = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, text) == 0 &&
		    words[i].argument == (argument != NULL)) {
			words[i].put(out, argument, facts);
			return;
		}
	buf_puts(out, INVALID);
}

void
logformat_line(struct buf *out, const char *format, const struct logfacts *facts)
{
	char word[WORD_MAX];
	const char *percent;
	size_t len;

	while ((percent = strchr(format, '%')) != NULL) {
		buf_add(out, format, (size_t)(percent - format));
		format = percent + 1;
		if (*format == '%' || *format == 't') {
			buf_puts(out, *format++ == '%' ? "%" : "\t");
			continue;
		}
		len = strcspn(format, "%");
		if (len < sizeof(word)) {
			memcpy(word, format, len);
			word[len] = '\0';
			put_word(out, word, facts);
		} else {
			buf_puts(out, INVALID);
		}
		format += len;
		format += *format == '%';
	}
	buf_puts(out, format);
}
