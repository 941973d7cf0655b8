/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/words.h"

/* What a line becomes: its words between bars, or the reason why not. */
static const struct {
	enum words_mode mode;
	const char *line, *wanted;
} cases[] = {
    {WORDS_PROTOCOL, "", ""},
    {WORDS_PROTOCOL, " \t\r", ""},
    {WORDS_PROTOCOL, "GET VAR ups ups.status", "|GET|VAR|ups|ups.status"},
    {WORDS_PROTOCOL, "  a\tb \r", "|a|b"},
    {WORDS_PROTOCOL, "a \"b c\" d", "|a|b c|d"},
    {WORDS_PROTOCOL, "a \"\"", "|a|"},
    {WORDS_PROTOCOL, "a \"b \\\" \\\\ c\"", "|a|b \" \\ c"},
    {WORDS_PROTOCOL, "a\\ b", "|a b"},
    {WORDS_PROTOCOL, "a=b #c", "|a=b|#c"},
    {WORDS_PROTOCOL, "a\"b c\"d", "|ab cd"},
    {WORDS_PROTOCOL, "\xc3\xa4 \xff", "|\xc3\xa4|\xff"},
    {WORDS_CONFIG, "a=b", "|a|=|b"},
    {WORDS_CONFIG, "a = \"b = c\" # d", "|a|=|b = c"},
    {WORDS_CONFIG, "a = b#c", "|a|=|b"},
    {WORDS_CONFIG, "# a", ""},
    {WORDS_CONFIG, "a \\# b\\=c", "|a|#|b=c"},
    {WORDS_CONFIG, "==", "|=|="},
    {WORDS_PROTOCOL, "a \"b", "unbalanced quote"},
    {WORDS_PROTOCOL, "a b\\", "backslash at end of line"},
    {WORDS_PROTOCOL, "a \"b\\", "backslash at end of line"},
    {WORDS_PROTOCOL, "a\x01", "control character in line"},
    {WORDS_PROTOCOL, "a \"\x1b[2J\"", "control character in line"},
};

static void
test_cases(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct words w;
		const char *why = "";
		char got[256] = "";
		size_t len = 0;

		if (words_split(&w, cases[i].mode, cases[i].line, strlen(cases[i].line),
			&why) == 0) {
			for (int j = 0; j < w.argc; j++)
				len += (size_t)snprintf(
				    got + len, sizeof(got) - len, "|%s", w.argv[j]);
			assert_null(w.argv[w.argc]);
		} else
			snprintf(got, sizeof(got), "%s", why);
		assert_string_equal(got, cases[i].wanted);
	}
}

static void
test_quoted(void **state)
{
	static const char line[] = "a \"b\" c\"d\"";
	struct words w;
	const char *why;

	assert_int_equal(words_split(&w, WORDS_PROTOCOL, line, strlen(line), &why), 0);
	assert_int_equal(w.argc, 3);
	assert_false(w.quoted[0]);
	assert_true(w.quoted[1]);
	assert_true(w.quoted[2]);
}

/* As many words and bytes as are promised fit; one more does not. */
static void
test_limits(void **state)
{
	char line[WORDS_LINE_MAX + 2];
	struct words w;
	const char *why;

	memset(line, ' ', sizeof(line));
	for (int i = 0; i <= WORDS_MAX; i++)
		line[2 * i] = '=';
	assert_int_equal(
	    words_split(&w, WORDS_CONFIG, line, (size_t)WORDS_MAX * 2, &why), 0);
	assert_int_equal(w.argc, WORDS_MAX);
	assert_int_equal(
	    words_split(&w, WORDS_CONFIG, line, (size_t)WORDS_MAX * 2 + 1, &why), -1);
	assert_string_equal(why, "too many words");

	memset(line, 'x', sizeof(line));
	assert_int_equal(words_split(&w, WORDS_PROTOCOL, line, WORDS_LINE_MAX, &why), 0);
	assert_int_equal(strlen(w.argv[0]), WORDS_LINE_MAX);
	assert_int_equal(
	    words_split(&w, WORDS_PROTOCOL, line, WORDS_LINE_MAX + 1, &why), -1);
	assert_string_equal(why, "line too long");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_quoted),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
