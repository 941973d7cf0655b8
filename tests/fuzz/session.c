/* SPDX-License-Identifier: ISC */
/* Any bytes in any pieces to a session with a small model behind it. The first byte
 * chooses the pieces and what core says. Whatever comes, answers are whole lines, the
 * budgets hold, and a line in one piece or many gives the same answers, whether or not
 * what was answered before is remembered. */
#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/session_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

/* Plays the shell: pieces of `piece` bytes in, all answers to w->out; nothing is remembered
 * from one piece to the next. */
static void
converse(struct world *w, const char *bytes, size_t len, size_t piece, const char *word)
{
	struct buf part = {0};

	while (len > 0) {
		size_t n = len < piece ? len : piece;
		enum session_next next = session_input(&w->session, bytes, n, &part);

		while (next == SESSION_WAIT || next == SESSION_FULL) {
			if (next == SESSION_WAIT)
				world_answer(w, word, &part);
			buf_add(&w->out, buf_head(&part), part.len);
			buf_clear(&part);
			next = session_input(&w->session, NULL, 0, &part);
		}
		check(next == SESSION_CLOSE || w->session.in.len <= SESSION_LINE_MAX);
		check(part.len <= SESSION_OUT_MAX + 64 * 1024);
		buf_add(&w->out, buf_head(&part), part.len);
		buf_clear(&part);
		answers_clear(&w->host.answers);
		if (next == SESSION_CLOSE)
			break;
		w->host.now += 100;
		bytes += n;
		len -= n;
	}
	buf_free(&part);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const words[] = {NULL, "READONLY", "MADE-UP", "SET-FAILED"};
	struct world whole, pieces;
	const char *bytes = (const char *)data + 1;
	struct feed_change change;

	if (size < 1 || size > 16384)
		return 0;
	world_begin(&whole);
	world_begin(&pieces);
	converse(&whole, bytes, size - 1, size, words[data[0] & 3]);
	converse(
	    &pieces, bytes, size - 1, (size_t)(data[0] >> 2) + 1, words[data[0] & 3]);
	check(whole.out.len == pieces.out.len);
	check(whole.out.len == 0 ||
	      memcmp(buf_head(&whole.out), buf_head(&pieces.out), whole.out.len) == 0);
	check(whole.out.len == 0 || buf_head(&whole.out)[whole.out.len - 1] == '\n');

	change = world_apply(&whole.feed, "8 Fake SETINFO ups.status \"OB\"\n");
	subs_change(&whole.session, &change, &whole.out);
	change = world_apply(&whole.feed, "9 Fake GONE\n");
	subs_change(&whole.session, &change, &whole.out);
	listcache_clear(&whole.host.cache);
	subs_replaced(&whole.session, &pieces.feed, &whole.out);
	world_end(&whole);
	world_end(&pieces);
	return 0;
}
