/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/line.h"

static const char *const looks[] = {
    [LINE_PLAIN] = "",
    [LINE_BOLD] = "\033[1m",
    [LINE_DIM] = "\033[2m",
    [LINE_GOOD] = "\033[32m",
    [LINE_WARN] = "\033[33m",
    [LINE_BAD] = "\033[1;31m",
    [LINE_REVERSE] = "\033[7m",
};

/* Takes one UTF-8 character off the text; a bad byte counts as one character. */
static uint32_t
next_char(const char **text, size_t *len)
{
	const unsigned char *s = (const unsigned char *)*text;
	uint32_t c = s[0];
	size_t n = c < 0x80       ? 1
		   : c >> 5 == 6  ? 2
		   : c >> 4 == 14 ? 3
		   : c >> 3 == 30 ? 4
				  : 0;

	if (n > 1)
		c &= 0x7fU >> n;
	for (size_t i = 1; i < n; i++) {
		if (s[i] >> 6 != 2) {
			n = 0;
			break;
		}
		c = c << 6 | (s[i] & 0x3f);
	}
	*len = n == 0 ? 1 : n;
	*text += *len;
	return n == 0 ? 0xfffd : c;
}

/* Columns of a character. Two for everything that might be wide: short beats wrapped. */
static int
char_width(uint32_t c)
{
	if (c >= 0x2000 && c < 0x2e80)
		return 1;
	return c >= 0x1100 && c != 0xfffd ? 2 : 1;
}

int
line_width(const char *text, bool utf8)
{
	int width = 0;
	size_t len;

	while (*text != '\0')
		width += utf8 ? char_width(next_char(&text, &len))
			      : (next_char(&text, &len), 1);
	return width;
}

void
line_text(struct line *l, enum line_look look, const char *text)
{
	const char *start;
	uint32_t c;
	size_t len;

	if (l->colour && look != LINE_PLAIN)
		buf_puts(l->out, looks[look]);
	while (*text != '\0') {
		start = text;
		c = next_char(&text, &len);
		if (l->left < (l->utf8 ? char_width(c) : 1))
			break;
		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffd ||
		    (c > 0x7f && !l->utf8)) {
			buf_puts(l->out, "?");
			l->left--;
		} else {
			buf_add(l->out, start, len);
			l->left -= l->utf8 ? char_width(c) : 1;
		}
	}
	if (l->colour && look != LINE_PLAIN)
		buf_puts(l->out, "\033[0m");
}

void
line_printf(struct line *l, enum line_look look, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	line_text(l, look, text);
}

void
line_gap(struct line *l, enum line_look look, int columns)
{
	line_text(l, look, " ");
	while (l->left > columns && l->left > 0)
		line_text(l, look, " ");
}

static void
repeat(struct line *l, enum line_look look, const char *letter, int times)
{
	struct buf text = {0};

	for (int i = 0; i < times; i++)
		buf_puts(&text, letter);
	if (times > 0)
		line_text(l, look, buf_str(&text));
	buf_free(&text);
}

void
line_bar(struct line *l, enum line_look look, int width, double percent)
{
	int inner = l->utf8 ? width : width - 2, full;

	if (!(percent > 0))
		percent = 0;
	if (percent > 100)
		percent = 100;
	full = (int)(percent * inner / 100 + 0.5);
	/* Something is not nothing, and nearly everything is not all. */
	if (full == 0 && percent > 0)
		full = 1;
	if (full == inner && percent < 100 && inner > 1)
		full = inner - 1;
	if (!l->utf8)
		line_text(l, LINE_PLAIN, "[");
	repeat(l, look, l->utf8 ? "█" : "#", full);
	repeat(l, LINE_DIM, l->utf8 ? "░" : ".", inner - full);
	if (!l->utf8)
		line_text(l, LINE_PLAIN, "]");
}

char *
line_cut(char **rest, int columns, bool utf8)
{
	char *line = *rest, *end = line;

	for (bool fits = true; fits && *end != '\0';) {
		char *next = end + 1 + strcspn(end + 1, " "), kept = *next;

		*next = '\0';
		fits = end == line || line_width(line, utf8) <= columns;
		*next = kept;
		if (fits)
			end = next;
	}
	*rest = *end == '\0' ? end : end + 1;
	*end = '\0';
	return line;
}
