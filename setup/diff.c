/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "setup/diff.h"
#include "setup/hide.h"

#define CONTEXT 3
#define CELLS_MAX \
	(1024 * 1024) /* of the table; texts that differ more are told as a whole */

struct line {
	const char *text;
	size_t len;
};

struct lines {
	struct line *list;
	size_t count;
};

/* One step from the old text to the new one: ' ', '-' or '+'. */
struct step {
	char sign;
	struct line line;
};

struct steps {
	struct step *list;
	size_t count;
};

static struct lines
split(const char *text)
{
	struct lines l = {0};

	while (text != NULL && *text != '\0') {
		const size_t len = strcspn(text, "\n");

		l.list = xreallocarray(l.list, l.count + 1, sizeof(*l.list));
		l.list[l.count++] = (struct line){text, len};
		text += len + (text[len] == '\n');
	}
	return l;
}

static bool
same(const struct line *a, const struct line *b)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): both are rows of a list */
	return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

static void
add(struct steps *s, char sign, const struct line *line)
{
	s->list = xreallocarray(s->list, s->count + 1, sizeof(*s->list));
	s->list[s->count++] = (struct step){sign, *line};
}

/* How many lines each pair of tails has in common, longest sequence; `rows` by `columns`. */
static uint32_t *
table_make(const struct line *a, size_t rows, const struct line *b, size_t columns)
{
	uint32_t *t = xcalloc((rows + 1) * (columns + 1), sizeof(*t));
	const size_t wide = columns + 1;

	for (size_t i = rows; i-- > 0;)
		for (size_t k = columns; k-- > 0;) {
			const uint32_t down = t[(i + 1) * wide + k],
				       right = t[i * wide + k + 1];

			t[i * wide + k] = same(&a[i], &b[k])
					      ? t[(i + 1) * wide + k + 1] + 1
					  : down >= right ? down
							  : right;
		}
	return t;
}

/* The lines between what both texts begin and end with. */
static void
walk(struct steps *s, const struct line *a, size_t rows, const struct line *b,
    size_t columns)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.DivideZero): at least 1 */
	const bool whole = (rows + 1) > CELLS_MAX / (columns + 1);
	uint32_t *t = whole ? NULL : table_make(a, rows, b, columns);
	const size_t wide = columns + 1;
	size_t i = 0, k = 0;

	while (i < rows || k < columns) {
		if (t != NULL && i < rows && k < columns && same(&a[i], &b[k])) {
			add(s, ' ', &a[i++]);
			k++;
		} else if (i < rows && (k == columns || t == NULL ||
					   t[(i + 1) * wide + k] >= t[i * wide + k + 1]))
			add(s, '-', &a[i++]);
		else
			add(s, '+', &b[k++]);
	}
	free(t);
}

static struct steps
compare(const struct lines *a, const struct lines *b)
{
	const size_t shorter = a->count < b->count ? a->count : b->count;
	size_t head = 0, tail = 0;
	struct steps s = {0};

	while (head < shorter && same(&a->list[head], &b->list[head]))
		add(&s, ' ', &a->list[head++]);
	while (tail < shorter - head &&
	       same(&a->list[a->count - 1 - tail], &b->list[b->count - 1 - tail]))
		tail++;
	if (head + tail < a->count || head + tail < b->count)
		walk(&s, head < a->count ? &a->list[head] : NULL, a->count - head - tail,
		    head < b->count ? &b->list[head] : NULL, b->count - head - tail);
	for (size_t i = a->count - tail; i < a->count; i++)
		add(&s, ' ', &a->list[i]);
	return s;
}

/* True when a change is near enough for this step to be shown beside it. */
static bool
is_shown(const struct steps *s, size_t at)
{
	const size_t from = at > CONTEXT ? at - CONTEXT : 0;

	for (size_t i = from; i < s->count && i <= at + CONTEXT; i++)
		if (s->list[i].sign != ' ')
			return true;
	return false;
}

/* "@@ -3,4 +3,6 @@": where the lines begin that follow, and how many they are. */
static void
print_head(struct buf *out, const struct steps *s, size_t from, size_t old, size_t now)
{
	size_t olds = 0, nows = 0;

	for (size_t i = from; i < s->count && is_shown(s, i); i++) {
		olds += s->list[i].sign != '+';
		nows += s->list[i].sign != '-';
	}
	buf_printf(out, "@@ -%zu,%zu +%zu,%zu @@\n", olds > 0 ? old : old - 1, olds,
	    nows > 0 ? now : now - 1, nows);
}

void
diff_text(struct buf *out, const char *path, const char *old, const char *now)
{
	struct lines a = split(old), b = split(now);
	struct steps s = compare(&a, &b);
	size_t olds = 1, nows = 1;
	bool shown = false, headed = false;

	for (size_t i = 0; i < s.count; i++) {
		const struct step *p = &s.list[i];

		if (!is_shown(&s, i))
			shown = false;
		else {
			if (!headed)
				buf_printf(out, "--- %s\n+++ %s\n",
				    old == NULL ? "/dev/null" : path, path);
			if (!shown)
				print_head(out, &s, i, olds, nows);
			shown = headed = true;
			buf_add(out, &p->sign, 1);
			hide_line(out, p->line.text, p->line.len);
			buf_puts(out, "\n");
		}
		olds += p->sign != '+';
		nows += p->sign != '-';
	}
	free(s.list);
	free(a.list);
	free(b.list);
}
