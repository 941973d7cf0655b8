/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/frame.h"
#include "cli/line.h"

/*
 * A terminal that understands what frame.c writes: letters (here of one column each, of one
 * byte or three), looks, a place, and clearing to the end of the line.
 */
#define ROWS 6
#define COLUMNS 40

struct cell {
	char letter[4], look[8];
};

struct screen {
	struct cell cells[ROWS][COLUMNS];
	int row, column;
	char look[8];
};

static void
clear_from(struct screen *s, int column)
{
	for (; column < COLUMNS; column++)
		s->cells[s->row][column] = (struct cell){" ", ""};
}

static size_t
escape(struct screen *s, const char *p)
{
	const size_t len = strcspn(p, "mHK") + 1;

	if (p[len - 1] == 'm')
		snprintf(s->look, sizeof(s->look), "%.*s", (int)len,
		    strncmp(p, "\033[0m", 4) == 0 ? "" : p);
	else if (p[len - 1] == 'K')
		clear_from(s, s->column);
	else if (len == 3)
		s->row = s->column = 0;
	else {
		assert_int_equal(sscanf(p, "\033[%d;%dH", &s->row, &s->column), 2);
		s->row--;
		s->column--;
	}
	return len;
}

static void
show(struct screen *s, const char *p)
{
	while (*p != '\0') {
		struct cell *c = &s->cells[s->row][s->column];
		size_t len = (unsigned char)*p >= 0xe0 ? 3 : 1;

		if (*p == '\033') {
			p += escape(s, p);
			continue;
		}
		if (*p == '\r')
			s->column = 0;
		else if (*p == '\n')
			s->row++;
		else {
			assert_true(s->row < ROWS && s->column < COLUMNS);
			snprintf(c->letter, sizeof(c->letter), "%.*s", (int)len, p);
			memcpy(c->look, s->look, sizeof(c->look));
			s->column++;
		}
		p += len;
	}
	assert_string_equal(s->look, "");
}

/* Any picture: words of several looks, with letters of three bytes. */
static void
draw_any(struct buf *out)
{
	static const enum line_look looks[] = {
	    LINE_PLAIN, LINE_BOLD, LINE_GOOD, LINE_BAD, LINE_DIM};
	static const char *const words[] = {
	    "", "a", "ab", "▁▂▃", "230.1 V", "   ", "▁▁▃"};

	for (int row = 0; row < ROWS; row++) {
		struct line l = {out, COLUMNS, true, true};

		for (int n = (int)(lrand48() % 5); n > 0; n--)
			line_text(&l, looks[lrand48() % 5], words[lrand48() % 7]);
		buf_puts(out, "\n");
	}
}

/* After any change the screen is what it would be if it were drawn anew. */
static void
any_picture(void **state)
{
	struct screen changed = {0}, anew;
	struct frame f = {0}, other;
	struct buf picture = {0}, out = {0};

	srand48(1);
	for (int i = 0; i < 2000; i++) {
		buf_clear(&picture);
		draw_any(&picture);
		buf_clear(&out);
		frame_draw(&f, &out, buf_str(&picture), COLUMNS, ROWS, true);
		show(&changed, buf_str(&out));
		other = (struct frame){0};
		memset(&anew, 0, sizeof(anew));
		buf_clear(&out);
		frame_draw(&other, &out, buf_str(&picture), COLUMNS, ROWS, true);
		show(&anew, buf_str(&out));
		frame_free(&other);
		for (int row = 0; row < ROWS; row++)
			for (int column = 0; column < COLUMNS; column++) {
				const struct cell *a = &changed.cells[row][column];
				const struct cell *b = &anew.cells[row][column];

				assert_string_equal(a->letter, b->letter);
				assert_string_equal(a->look, b->look);
			}
	}
	frame_free(&f);
	buf_free(&picture);
	buf_free(&out);
}

/* A figure costs a few bytes, nothing costs nothing, another size everything. */
static void
little(void **state)
{
	struct frame f = {0};
	struct buf out = {0};

	frame_draw(
	    &f, &out, "one\nmains \033[1m230.1\033[0m V, load 17 %\nlast\n", 40, 3, true);
	assert_non_null(strstr(buf_str(&out), "last"));
	buf_clear(&out);
	frame_draw(
	    &f, &out, "one\nmains \033[1m230.1\033[0m V, load 17 %\nlast\n", 40, 3, true);
	assert_int_equal(out.len, 0);
	frame_draw(
	    &f, &out, "one\nmains \033[1m229.8\033[0m V, load 17 %\nlast\n", 40, 3, true);
	assert_string_equal(buf_str(&out), "\033[2;7H\033[1m229.8\033[0m");
	buf_clear(&out);
	frame_draw(
	    &f, &out, "one\nmains \033[1m229.8\033[0m V, load 9 %\nlast\n", 40, 3, true);
	assert_string_equal(buf_str(&out), "\033[2;21H9 %\033[K");
	buf_clear(&out);
	frame_draw(&f, &out, "one\n", 40, 2, true);
	assert_true(out.len > 0);
	buf_clear(&out);
	frame_draw(&f, &out, "one\n", 40, 2, true);
	assert_int_equal(out.len, 0);
	frame_forget(&f);
	frame_draw(&f, &out, "one\n", 40, 2, true);
	assert_true(out.len > 0);
	frame_free(&f);
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(any_picture),
	    cmocka_unit_test(little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
