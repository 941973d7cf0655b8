/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "web/stream.h"

#define BEAT ": holdup\n\n"

static struct buf text;

static const struct buf *
texted(const char *content)
{
	buf_clear(&text);
	buf_puts(&text, content);
	return &text;
}

/* Everything that the reader gets, in bites of that size. */
static const char *
taken(struct stream *r, size_t bite)
{
	static char all[4096];
	size_t len = 0;
	long n;

	while ((n = stream_take(r, all + len, bite)) > 0)
		len += (size_t)n;
	all[len] = '\0';
	return n < 0 ? "ended" : all;
}

static void
test_order(void **state)
{
	struct streams *s = streams_new(3);
	struct stream *a, *b;

	assert_null(stream_open(s)); /* nothing is known yet */
	streams_whole(s, texted("W1."), false);
	a = stream_open(s);
	assert_true(stream_has(a));
	assert_string_equal(taken(a, 2), "W1.");
	assert_false(stream_has(a));
	assert_string_equal(taken(a, 2), "");
	streams_put(s, 1, texted("a1."));
	streams_put(s, 2, texted("b1."));
	streams_event(s, texted("e1."));
	streams_put(s, 1, texted("a2."));
	assert_true(stream_has(a));
	assert_string_equal(taken(a, 1), "b1.e1.a2.");
	/* Who comes later begins with all, and gets what came after that. */
	b = stream_open(s);
	assert_string_equal(taken(b, 100), "W1.b1.e1.a2.");
	streams_whole(s, texted("W2."), false);
	streams_put(s, 0, texted("m."));
	stream_close(b);
	b = stream_open(s);
	assert_string_equal(taken(b, 100), "W2.m.");
	assert_string_equal(taken(a, 100), "m.");
	/* Everything is another. */
	streams_put(s, 1, texted("a3."));
	streams_whole(s, texted("W3."), true);
	assert_string_equal(taken(a, 100), "W3.");
	assert_string_equal(taken(b, 100), "W3.");
	stream_close(a);
	assert_string_equal(taken(stream_open(s), 100), "W3.");
	streams_free(s);
	buf_free(&text);
}

/* A slow one finishes what it has begun and skips what is outdated by then. */
static void
test_slow(void **state)
{
	struct streams *s = streams_new(2);
	struct stream *r;
	char bite[4];

	streams_whole(s, texted("whole."), false);
	r = stream_open(s);
	assert_int_equal(stream_take(r, bite, 2), 2);
	for (int i = 0; i < 10; i++) {
		char now[] = {'n', (char)('0' + i), '.', '\0'};

		streams_put(s, 1, texted(now));
		streams_whole(s, texted("another."), false);
	}
	assert_string_equal(taken(r, 3), "ole.n9.");
	streams_free(s);
	buf_free(&text);
}

static void
test_beats(void **state)
{
	struct streams *s = streams_new(2);
	struct stream *r;
	char bite[4];

	streams_whole(s, texted("W."), false);
	r = stream_open(s);
	streams_beat(s); /* it has something else to read */
	assert_string_equal(taken(r, 9), "W.");
	streams_beat(s);
	assert_true(stream_has(r));
	assert_int_equal(stream_take(r, bite, 3), 3);
	streams_put(s, 1, texted("a."));
	assert_string_equal(taken(r, 4), &(BEAT "a.")[3]);
	assert_false(stream_has(r));
	streams_free(s);
	buf_free(&text);
}

static void
test_bounds(void **state)
{
	struct streams *s = streams_new(2);
	struct stream *slow, *quick;
	char big[64 * 1024], bite[2];

	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	streams_whole(s, texted(big), false);
	slow = stream_open(s);
	quick = stream_open(s);
	assert_null(stream_open(s));
	assert_int_equal(streams_count(s), 2);
	assert_int_equal(stream_take(slow, bite, 1), 1);
	stream_close(quick);
	/* Each round somebody new keeps another text from being released. */
	for (size_t i = 0; i < 2 * STREAM_STALE_MAX / sizeof(big); i++) {
		streams_whole(s, texted(big), false);
		quick = stream_open(s);
		assert_non_null(quick);
		stream_close(quick);
	}
	assert_int_equal(stream_take(slow, bite, 1), 1); /* one text is no burden */
	for (int i = 0; i < 3 * STREAM_EVENTS; i++)
		streams_event(s, texted("e"));
	while (stream_take(slow, big, sizeof(big)) == sizeof(big))
		;
	stream_close(slow);
	streams_free(s);
	buf_free(&text);
}

/* Two hundred who read nothing, each of another text: the oldest end. */
static void
test_burden(void **state)
{
	struct streams *s = streams_new(200);
	struct stream *all[200];
	static char big[64 * 1024];
	size_t ended = 0;
	char bite[1];

	memset(big, 'x', sizeof(big) - 1);
	for (size_t i = 0; i < 200; i++) {
		streams_whole(s, texted(big), false);
		all[i] = stream_open(s);
		assert_non_null(all[i]);
	}
	for (size_t i = 0; i < 200; i++)
		ended += stream_take(all[i], bite, 1) < 0;
	assert_in_range(ended, 200 - STREAM_STALE_MAX / sizeof(big) - 2,
	    200 - STREAM_STALE_MAX / sizeof(big) + 2);
	assert_int_equal(stream_take(all[0], bite, 1), -1);
	assert_int_equal(stream_take(all[199], bite, 1), 1);
	streams_free(s);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_slow),
	    cmocka_unit_test(test_beats),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_burden),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
