/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/words.h"

static void
test_empty(void **state)
{
	struct buf b = {0};

	assert_null(buf_head(&b));
	buf_consume(&b, 7);
	buf_add(&b, NULL, 0);
	assert_int_equal(b.len, 0);
	assert_string_equal(buf_str(&b), "");
	buf_free(&b);
}

/* A queue that is written and read by turns keeps its order and stays small. */
static void
test_queue(void **state)
{
	struct buf b = {0};
	unsigned char in = 0, out = 0;

	for (int i = 0; i < 5000; i++) {
		for (int j = 0; j < 7; j++, in++)
			buf_add(&b, &in, 1);
		for (int j = 0; j < (i < 2500 ? 6 : 8) && b.len > 0; j++, out++) {
			assert_int_equal((unsigned char)*buf_head(&b), out);
			buf_consume(&b, 1);
		}
	}
	assert_true(b.cap <= 8192);
	buf_free(&b);
}

static void
test_printf(void **state)
{
	struct buf b = {0};

	for (int i = 0; i < 100; i++)
		buf_printf(&b, "%d %s\n", i, "some text that makes it grow");
	buf_consume(&b, b.len - 3);
	assert_string_equal(buf_str(&b), "ow\n");
	buf_clear(&b);
	buf_puts(&b, "x");
	assert_string_equal(buf_str(&b), "x");
	buf_free(&b);
}

static void
test_room(void **state)
{
	struct buf b = {0};

	buf_puts(&b, "abc");
	memcpy(buf_room(&b, 1000), "def", 3);
	buf_grew(&b, 3);
	assert_string_equal(buf_str(&b), "abcdef");
	buf_free(&b);
}

/* What buf_quoted() writes, words_split() reads. */
static void
test_quoted(void **state)
{
	static const char *const texts[] = {
	    "", "a", "a b", "\"", "\\", "a \"b\\c\" = #d", "\xc3\xa4"};
	struct words w;
	const char *why;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf b = {0};

		buf_quoted(&b, texts[i]);
		assert_int_equal(
		    words_split(&w, WORDS_CONFIG, buf_head(&b), b.len, &why), 0);
		assert_int_equal(w.argc, 1);
		assert_string_equal(w.argv[0], texts[i]);
		buf_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_queue),
	    cmocka_unit_test(test_printf),
	    cmocka_unit_test(test_room),
	    cmocka_unit_test(test_quoted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
