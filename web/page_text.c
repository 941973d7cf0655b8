/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/utf8.h"
#include "web/page_text.h"

#define NBSP "\xc2\xa0"         /* a blank that does not break */
#define SECONDS_MAX 1e9         /* a longer length is no length */
#define TIME_MAX 253402300799.0 /* the last second of the year 9999 */

/* What stands for a character in HTML; NULL: itself. */
static const char *
entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void
page_text_escaped(struct buf *out, const char *text)
{
	if (text == NULL)
		return;
	while (*text != '\0') {
		const char *name = entity(*text);
		size_t len = utf8_len(text);

		if (name != NULL)
			buf_puts(out, name);
		else if (len == 0)
			buf_puts(out, UTF8_REPLACEMENT);
		else if (len == 1 && ((unsigned char)*text < ' ' || *text == 0x7f))
			buf_puts(out, " ");
		else
			buf_add(out, text, len);
		text += len > 0 ? len : 1;
	}
}

void
page_text_word(struct buf *out, enum lang lang, const char *key)
{
	const char *text = lang_text(lang, key);

	page_text_escaped(out, text != NULL ? text : key);
}

void
page_text_filled(struct buf *out, enum lang lang, const char *key, const char *first,
    const char *second)
{
	const char *text = lang_text(lang, key), *brace;

	for (; (brace = strchr(text, '{')) != NULL; text = brace + 3) {
		buf_add(out, text, (size_t)(brace - text));
		buf_puts(out, brace[1] == '0' ? first : second);
	}
	buf_puts(out, text);
}

void
page_text_capital(struct buf *out, const char *word, bool capital)
{
	if (capital && *word >= 'a' && *word <= 'z') {
		char first = (char)(*word++ - 'a' + 'A');

		buf_add(out, &first, 1);
	}
	page_text_escaped(out, word);
}

void
page_text_number(
    struct buf *out, enum lang lang, double value, int digits, const char *sign)
{
	char text[64];
	char *point;

	if (!isfinite(value) || fabs(value) > SECONDS_MAX)
		return;
	snprintf(text, sizeof(text), "%.*f", digits, value);
	if (lang == LANG_FR && (point = strchr(text, '.')) != NULL)
		*point = ',';
	buf_printf(out, "%s" NBSP "%s", text, sign);
}

void
page_text_duration(struct buf *out, enum lang lang, double seconds)
{
	long s;

	if (!isfinite(seconds) || fabs(seconds) > SECONDS_MAX)
		return;
	s = seconds > 0 ? lround(seconds) : 0;
	if (s < 60)
		buf_printf(out, "%ld" NBSP "s", s);
	else if (s < 600 && s % 60 != 0)
		buf_printf(out, "%ld" NBSP "min %ld" NBSP "s", s / 60, s % 60);
	else if (s < 3600)
		buf_printf(out, "%ld" NBSP "min", s / 60);
	else if (s < 86400)
		buf_printf(out, "%ld" NBSP "h %02ld" NBSP "min", s / 3600, s % 3600 / 60);
	else
		buf_printf(out, "%ld" NBSP "%s %ld" NBSP "h", s / 86400,
		    lang_text(lang, "unit.day"), s % 86400 / 3600);
}

/* The parts of a moment in UTC; false when it is none that a clock could show. */
static bool
parts_of(double at, struct tm *tm)
{
	time_t t;

	if (!(at >= 0 && at <= TIME_MAX))
		return false;
	t = (time_t)at;
	return gmtime_r(&t, tm) != NULL;
}

void
page_text_moment(struct buf *out, double at)
{
	char iso[32], text[32];
	struct tm tm;

	if (!parts_of(at, &tm))
		return;
	strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%SZ", &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
	buf_printf(out, "<time datetime=\"%s\">%s UTC</time>", iso, text);
}

bool
page_text_past(const char *day, double at)
{
	char today[32];
	struct tm tm;

	if (!parts_of(at, &tm))
		return false;
	strftime(today, sizeof(today), "%Y-%m-%d", &tm);
	return strcmp(day, today) < 0;
}
