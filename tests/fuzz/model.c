/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/model.h"
#include "cli/view.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No line of the picture is wider than the terminal, and no control character of the
 * server's reaches it: only LF and, in a screen, our own sequences. */
static void
look(const struct model *m)
{
	const struct view_style style = {.columns = 80, .rows = 24, .utf8 = true};
	const struct view_screen screen = {.title = "", .keys = "", .clients = true};
	struct buf out = {0};

	for (size_t i = 0; i < m->nupses; i++)
		view_ups(&out, m->upses[i], &style);
	for (size_t i = 0; i < out.len; i++)
		if ((unsigned char)buf_head(&out)[i] < 0x20 && buf_head(&out)[i] != '\n')
			abort();
	buf_clear(&out);
	view_screen(&out, m, &screen, &style);
	buf_free(&out);
}

/* A server may say anything. A line "ERR word ups" stands for an ERR answer. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct words w;
	struct model m = {0};
	const char *why, *line = (const char *)data, *end = line + size, *lf;
	time_t now = 0;

	for (; line < end; line = lf + 1) {
		lf = memchr(line, '\n', (size_t)(end - line));
		if (lf == NULL)
			lf = end;
		if (words_split(&w, WORDS_PROTOCOL, line, (size_t)(lf - line), &why) <
			0 ||
		    w.argc == 0)
			continue;
		if (w.argc > 2 && strcmp(w.argv[0], "ERR") == 0)
			model_error(&m, w.argv[2], w.argv[1], now++);
		else
			model_line(&m, &w, now++);
	}
	look(&m);
	model_free(&m);
	return 0;
}
