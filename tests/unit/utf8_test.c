/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

#include "lib/utf8.h"

/* A character, and how long it is; 0: it is none (RFC 3629, 4). */
static const struct {
	const char *text;
	size_t len;
} characters[] = {
    {"a", 1},
    {"\x7f", 1},
    {"\xc3\xa4", 2},
    {"\xe2\x82\xac", 3},
    {"\xf0\x9f\x94\x8b", 4},
    {"\xf4\x8f\xbf\xbf", 4},
    {"\x80", 0},             /* a follower alone */
    {"\xc3", 0},             /* cut off */
    {"\xe2\x82", 0},         /* cut off */
    {"\xc0\xaf", 0},         /* longer than it need be */
    {"\xe0\x80\xaf", 0},     /* longer than it need be */
    {"\xf0\x80\x80\xaf", 0}, /* longer than it need be */
    {"\xed\xa0\x80", 0},     /* half of a pair of UTF-16 */
    {"\xf4\x90\x80\x80", 0}, /* beyond the last one */
    {"\xff", 0},
};

static void
test_characters(void **state)
{
	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++)
		assert_int_equal(utf8_len(characters[i].text), characters[i].len);
}

/* What has no room goes, a character as a whole. */
static void
test_cut(void **state)
{
	static const char text[] = "a\xc3\xa4\xe2\x82\xac";
	static const size_t lengths[] = {0, 1, 1, 3, 3, 3, 6, 6};

	for (size_t max = 0; max < sizeof(lengths) / sizeof(lengths[0]); max++)
		assert_int_equal(utf8_cut(text, max), lengths[max]);
	assert_int_equal(utf8_cut("", 0), 0);
}

/* Whatever comes, it is UTF-8 that leaves. */
static void
test_add(void **state)
{
	struct buf out = {0};

	utf8_add(&out, "B\xfcro \xc3\xa4\n\t\x1b[1m\x7f\xe2\x82");
	assert_string_equal(buf_str(&out), "B?ro \xc3\xa4\n??[1m???");
	buf_clear(&out);
	utf8_add(&out, "\xc2\x80|\xc2\x9b|\xc2\xa0");
	assert_string_equal(buf_str(&out), "?|?|\xc2\xa0");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_characters),
	    cmocka_unit_test(test_cut),
	    cmocka_unit_test(test_add),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
