/* SPDX-License-Identifier: ISC */
#include "cli/frame.h"

#include <string.h>

#include "cli/line.h"

#define CLEAR "\033[K" /* to the end of the line */

void
frame_free(struct frame *f)
{
	buf_free(&f->shown);
}

void
frame_forget(struct frame *f)
{
	f->known = false;
}

/* A line without its LF. */
struct text {
	const char *at;
	size_t len;
};

/* Takes one line off the lines; an empty one where there are no more. */
static struct text
next_line(const char **lines)
{
	struct text t = {*lines, strcspn(*lines, "\n")};

	*lines += t.len + ((*lines)[t.len] == '\n');
	return t;
}

static bool
same(struct text a, struct text b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* The end of the escape sequence that begins at i. */
static size_t
escape_end(struct text t, size_t i)
{
	while (i < t.len && t.at[i] != 'm')
		i++;
	return i < t.len ? i + 1 : t.len;
}

/* True when text at offset i has no look, and begins a character. */
static bool
is_plain(struct text t, size_t i)
{
	bool plain = true;

	for (size_t k = 0; k < i; k++)
		if (t.at[k] == '\033') {
			const size_t end = escape_end(t, k);

			if (end > i)
				return false;
			plain = end - k == 4 && t.at[k + 2] == '0';
			k = end - 1;
		}
	return plain && (i >= t.len || ((unsigned char)t.at[i] & 0xc0) != 0x80);
}

/* Columns of the first `len` bytes, which are whole characters. */
static int
columns_of(struct text t, size_t len, bool utf8)
{
	struct buf letters = {0};
	int columns;

	for (size_t i = 0; i < len; i++)
		if (t.at[i] == '\033')
			i = escape_end(t, i) - 1;
		else
			buf_add(&letters, &t.at[i], 1);
	columns = line_width(buf_str(&letters), utf8);
	buf_free(&letters);
	return columns;
}

/* Where both are the same from the beginning on. */
static size_t
common_head(struct text a, struct text b)
{
	size_t i = 0;

	while (i < a.len && i < b.len && a.at[i] == b.at[i])
		i++;
	while (i > 0 && (!is_plain(a, i) || !is_plain(b, i)))
		i--;
	return i;
}

/* How many bytes at the end both share, when what stands before takes the same columns. */
static size_t
common_tail(struct text a, struct text b, size_t head, bool utf8)
{
	size_t n = 0;

	while (n < a.len - head && n < b.len - head &&
	       a.at[a.len - n - 1] == b.at[b.len - n - 1])
		n++;
	while (n > 0 && (!is_plain(a, a.len - n) || !is_plain(b, b.len - n)))
		n--;
	return columns_of(a, a.len - n, utf8) == columns_of(b, b.len - n, utf8) ? n : 0;
}

/* Writes what differs in one row. */
static void
draw_row(struct buf *out, int row, struct text was, struct text is, bool utf8)
{
	const size_t head = common_head(was, is);
	const size_t tail = common_tail(was, is, head, utf8);

	buf_printf(out, "\033[%d;%dH", row, columns_of(is, head, utf8) + 1);
	buf_add(out, &is.at[head], is.len - head - tail);
	if (tail == 0 && columns_of(was, was.len, utf8) > columns_of(is, is.len, utf8))
		buf_puts(out, CLEAR);
}

/* Clears each row and writes it. */
static void
draw_all(struct buf *out, const char *lines, int rows)
{
	buf_puts(out, "\033[H");
	for (int row = 1; row <= rows; row++) {
		const struct text t = next_line(&lines);

		/* Behind a full line, it would take its last letter. */
		buf_puts(out, CLEAR);
		buf_add(out, t.at, t.len);
		buf_puts(out, row < rows ? "\r\n" : "");
	}
}

void
frame_draw(
    struct frame *f, struct buf *out, const char *lines, int columns, int rows, bool utf8)
{
	const char *were = buf_str(&f->shown), *are = lines;

	if (!f->known || f->columns != columns || f->rows != rows)
		draw_all(out, lines, rows);
	else
		for (int row = 1; row <= rows; row++) {
			const struct text was = next_line(&were), is = next_line(&are);

			if (!same(was, is))
				draw_row(out, row, was, is, utf8);
		}
	buf_clear(&f->shown);
	buf_puts(&f->shown, lines);
	f->columns = columns;
	f->rows = rows;
	f->known = true;
}
