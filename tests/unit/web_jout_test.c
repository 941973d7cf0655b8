/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/jout.h"
#include "web/body.h"

static void
expect_text(const char *text, const char *wanted)
{
	struct buf out = {0};
	struct jout j = {.out = &out};

	jout_text(&j, NULL, text);
	assert_string_equal(buf_str(&out), wanted);
	buf_free(&out);
}

static void
test_texts(void **state)
{
	expect_text(NULL, "null");
	expect_text("", "\"\"");
	expect_text("a\"b\\c", "\"a\\\"b\\\\c\"");
	expect_text("</script>\n\x7f", "\"\\u003c/script>\\u000a\x7f\"");
	expect_text("é€😀", "\"é€😀\"");
	/* Broken, overlong, a surrogate, too large, cut off. */
	expect_text("a\xff"
		    "b\xe9",
	    "\"a\xef\xbf\xbd"
	    "b\xef\xbf\xbd\"");
	expect_text("\xc0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_text("\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_text(
	    "\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	expect_text("\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void
expect_number(double number, const char *wanted)
{
	struct buf out = {0};
	struct jout j = {.out = &out};

	jout_number(&j, NULL, number);
	assert_string_equal(buf_str(&out), wanted);
	buf_free(&out);
}

static void
test_numbers(void **state)
{
	expect_number(0, "0");
	expect_number(-0.0001, "0");
	expect_number(100, "100");
	expect_number(-1.5, "-1.5");
	expect_number(13.6789, "13.679");
	expect_number(1795436000.5, "1795436000.5");
	expect_number(NAN, "null");
	expect_number(INFINITY, "null");
	expect_number(1e300, "null");
}

static void
test_what_is_a_number(void **state)
{
	static const char *const numbers[] = {"0", "-0", "97", "-12.50", "0.5",
	    "123456789012345", "-123456789012345.123456"};
	static const char *const texts[] = {"", "-", "007", "-01", ".5", "1.", "1.2.3",
	    "1e3", "+1", " 1", "1 ", "0x1", "1234567890123456", "1.1234567"};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_true(jout_is_number(numbers[i]));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_false(jout_is_number(texts[i]));
}

static void
test_nesting(void **state)
{
	struct buf out = {0};
	struct jout j = {.out = &out};

	jout_open(&j, NULL, '{');
	jout_open(&j, "a", '[');
	jout_whole(&j, NULL, 1);
	jout_open(&j, NULL, '{');
	jout_close(&j, '}');
	jout_bool(&j, NULL, true);
	jout_close(&j, ']');
	jout_null(&j, "b");
	jout_close(&j, '}');
	assert_string_equal(buf_str(&out), "{\"a\":[1,{},true],\"b\":null}");
	buf_free(&out);
}

static void
test_body(void **state)
{
	static const char text[] = "{\"user\":\"admin\",\"n\":1,\"nul\":null}";
	static const char *const bad[] = {"{", "[]", "1", "\"x\"", "{\"a\":1,\"a\":2}",
	    "{\"a\":\"\\u0000\"}", "{} {}", "\xff"};
	const char *why = NULL;
	struct body *b = body_read(text, sizeof(text) - 1, &why);

	assert_non_null(b);
	assert_string_equal(body_text(b, "user"), "admin");
	assert_null(body_text(b, "n"));
	assert_null(body_text(b, "nul"));
	assert_null(body_text(b, "none"));
	body_free(b);
	b = body_read(NULL, 0, &why);
	assert_non_null(b);
	body_free(b);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t len = 0;

		while (bad[i][len] != '\0')
			len++;
		why = NULL;
		assert_null(body_read(bad[i], len, &why));
		assert_non_null(why);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_texts),
	    cmocka_unit_test(test_numbers),
	    cmocka_unit_test(test_what_is_a_number),
	    cmocka_unit_test(test_nesting),
	    cmocka_unit_test(test_body),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
