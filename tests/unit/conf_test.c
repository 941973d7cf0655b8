/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/buf.h"
#include "lib/conf.h"
#include "tests/unit/conf_read.h"

/* Writes what the walk finds: "3[section] word word". */
static void
note(void *arg, const struct conf_line *line)
{
	struct buf *b = arg;

	buf_printf(b, "%d", line->line);
	if (line->section != NULL)
		buf_printf(b, "[%s]", line->section);
	for (int i = 0; line->words != NULL && i < line->words->argc; i++)
		buf_printf(b, " %s", line->words->argv[i]);
	buf_puts(b, "\n");
}

static const struct {
	const char *text, *wanted;
	const char *problem; /* of the first one, or NULL */
	int line;
} cases[] = {
    {"", "", NULL, 0},
    {"\n\n# a\n \t\n", "", NULL, 0},
    {"a\r\nb = \"c d\" # e\r\n", "1 a\n2 b = c d\n", NULL, 0},
    {"a", "1 a\n", NULL, 0},
    {"\xef\xbb\xbf[a]\n", "1[a]\n", NULL, 0},
    {"x\n[a]\ny\n  [b]  # c\nz\n", "1 x\n2[a]\n3[a] y\n4[b]\n5[b] z\n", NULL, 0},
    {"a \\\nb\nc \\\r\nd\ne\n", "1 a b\n3 c d\n5 e\n", NULL, 0},
    {"# a \\\nb\n", "2 b\n", NULL, 0},
    {"a \"# b\" # c \\\nd\n", "1 a # b\n2 d\n", NULL, 0},
    {"a \"b\nc\n", "2 c\n", "unbalanced quote", 1},
    {"a \\", "", "backslash at end of line", 1},
    {"a\x01\nc\n", "2 c\n", "control character", 1},
    {"[a b]\nc\n[d]\n", "3[d]\n", "no blanks", 1},
    {"[]\nc\n", "", "without a name", 1},
    {"[\nc\n", "", "without a name", 1},
    {"[a\nc\n", "1[a]\n2[a] c\n", "read as [a]", 1},
    {"[a] b\nc\n", "1[a]\n2[a] c\n", "line of its own", 1},
    {"\"[a]\"\n", "1 [a]\n", NULL, 0},
};

static void
test_walk(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct problems p = {0};
		struct buf b = {0};

		conf_walk("f", cases[i].text, strlen(cases[i].text), &p, note, &b);
		assert_string_equal(buf_str(&b), cases[i].wanted);
		if (cases[i].problem != NULL)
			assert_problem(&p, 1, 0, cases[i].line, cases[i].problem);
		else
			assert_int_equal(p.count, 0);
		buf_free(&b);
		problems_free(&p);
	}
}

static void
test_nul(void **state)
{
	struct problems p = {0};
	struct buf b = {0};

	conf_walk("f", "a\nb\0c\n", 6, &p, note, &b);
	assert_string_equal(buf_str(&b), "1 a\n2 b\n");
	assert_problem(&p, 1, 0, 2, "NUL byte");
	buf_free(&b);
	problems_free(&p);
}

static char said[512];

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	size_t len = strlen(said);
	va_list args;

	va_start(args, format);
	len += (size_t)vsnprintf(said + len, sizeof(said) - len, format, args);
	va_end(args);
	snprintf(said + len, sizeof(said) - len, "\n");
}

static void
test_problems(void **state)
{
	struct problems p = {0};

	problems_add(&p, "/etc/nut/ups.conf", 3, "%d %s", 7, "things");
	problems_add(&p, "/etc/nut/upsd.conf", 0, "is missing");
	problems_each(&p, say);
	assert_string_equal(said, "/etc/nut/ups.conf:3: 7 things\n"
				  "/etc/nut/upsd.conf: is missing\n");
	for (int i = 0; i < 1000; i++)
		problems_add(&p, "f", i, "x");
	assert_int_equal(p.count, PROBLEMS_MAX);
	assert_non_null(strstr(p.list[PROBLEMS_MAX - 1].text, "more faults"));
	problems_free(&p);
	assert_int_equal(p.count, 0);
}

static void
test_nearest(void **state)
{
	static const char *const known[] = {"LISTEN", "MAXAGE", "MAXCONN", "SET", NULL};
	char huge[1000];

	assert_string_equal(conf_nearest("LISTN", known), "LISTEN");
	assert_string_equal(conf_nearest("LITSEN", known), "LISTEN");
	assert_string_equal(conf_nearest("listen", known), "LISTEN");
	assert_string_equal(conf_nearest("MAXCON", known), "MAXCONN");
	assert_string_equal(conf_nearest("SETT", known), "SET");
	assert_null(conf_nearest("FSD", known));
	assert_null(conf_nearest("", known));
	memset(huge, 'L', sizeof(huge));
	huge[sizeof(huge) - 1] = '\0';
	assert_null(conf_nearest(huge, known));
	assert_string_equal(conf_home("LISTEN"), "upsd.conf");
	assert_string_equal(conf_home("port"), "ups.conf");
	assert_null(conf_home("Port"));
}

static void
test_slurp(void **state)
{
	char path[] = "/tmp/conf_test.XXXXXX";
	int fd = mkstemp(path);
	char *text;
	size_t len;

	assert_true(fd >= 0);
	text = conf_slurp(path, &len);
	assert_non_null(text);
	assert_int_equal(len, 0);
	free(text);
	assert_int_equal(write(fd, "a\0b\n", 4), 4);
	text = conf_slurp_fd(fd, &len);
	assert_int_equal(len, 4);
	assert_memory_equal(text, "a\0b\n", 5);
	free(text);
	assert_int_equal(ftruncate(fd, 1024 * 1024), 0);
	text = conf_slurp(path, &len);
	assert_int_equal(len, 1024 * 1024);
	free(text);
	assert_int_equal(ftruncate(fd, 1024 * 1024 + 1), 0);
	assert_null(conf_slurp(path, &len));
	assert_int_equal(errno, EFBIG);
	close(fd);
	unlink(path);
	assert_null(conf_slurp(path, &len));
	assert_int_equal(errno, ENOENT);
	assert_null(conf_slurp("/tmp", &len));
	assert_int_equal(errno, EISDIR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_walk),
	    cmocka_unit_test(test_nul),
	    cmocka_unit_test(test_problems),
	    cmocka_unit_test(test_nearest),
	    cmocka_unit_test(test_slurp),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
