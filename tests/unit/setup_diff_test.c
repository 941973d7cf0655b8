/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "setup/diff.h"
#include "setup/hide.h"

static const struct {
	const char *old, *now, *said;
} rows[] = {
    {"a\nb\n", "a\nb\n", ""},
    {NULL, "a\nb\n", "--- /dev/null\n+++ f\n@@ -0,0 +1,2 @@\n+a\n+b\n"},
    {"a\n", "a\nb\n", "--- f\n+++ f\n@@ -1,1 +1,2 @@\n a\n+b\n"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n",
	"--- f\n+++ f\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n"},
    {"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "X\n2\n3\n4\n5\n6\n7\n8\n9\nY\n",
	"--- f\n+++ f\n@@ -1,4 +1,4 @@\n-1\n+X\n 2\n 3\n 4\n@@ -7,3 +7,4 @@\n 7\n 8\n "
	"9\n+Y\n"},
    {"a", "a\n\nb\n", "--- f\n+++ f\n@@ -1,1 +1,3 @@\n a\n+\n+b\n"},
    {"[u]\npassword = old\n", "[u]\npassword = new\n",
	"--- f\n+++ f\n@@ -1,2 +1,2 @@\n [u]\n-password = \xe2\x80\xa6\n+password = "
	"\xe2\x80\xa6\n"},
};

static void
test_diff(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf out = {0};

		diff_text(&out, "f", rows[i].old, rows[i].now);
		assert_string_equal(out.len > 0 ? buf_str(&out) : "", rows[i].said);
		buf_free(&out);
	}
}

/* A file of many lines that all differ. */
static void
test_large(void **state)
{
	struct buf old = {0}, now = {0}, out = {0};

	for (int i = 0; i < 3000; i++) {
		buf_printf(&old, "%d\n", i);
		buf_printf(&now, "%d\n", -i - 1);
	}
	diff_text(&out, "f", buf_str(&old), buf_str(&now));
	assert_non_null(strstr(buf_str(&out), "@@ -1,3000 +1,3000 @@\n-0\n"));
	buf_free(&old);
	buf_free(&now);
	buf_free(&out);
}

#define DOTS "\xe2\x80\xa6"

static const struct {
	const char *line, *said;
} secrets[] = {
    {"\tpassword = secret", "\tpassword = " DOTS},
    {"PASSWORD=secret # and more", "PASSWORD=" DOTS},
    {"# password = \"a b\"", "# password = " DOTS},
    {"password", "password"},
    {"passwords = 3", "passwords = 3"},
    {"token = abc", "token = " DOTS},
    {"MONITOR ups@host 1 user \"se cret\" primary",
	"MONITOR ups@host 1 user " DOTS " primary"},
    {"MONITOR ups@host 1 user sec\\ ret primary # x",
	"MONITOR ups@host 1 user " DOTS " primary # x"},
    {"MONITOR ups@host 1", "MONITOR ups@host " DOTS},
    {"MONITOR ups@host user secret primary # x", "MONITOR ups@host " DOTS},
    {"MONITOR ups@host 1 secret primary", "MONITOR ups@host " DOTS},
    {"MONITOR", "MONITOR"},
    {"MONITOR ups@host 1 user sec=ret primary", "MONITOR ups@host " DOTS},
    {"url = http://joe:sec@ret@host:80/a", "url = http://" DOTS "@host:80/a"},
    {"url = http://host/a@b", "url = http://host/a@b"},
    {"#MONITOR a 1 b c d", "#MONITOR a 1 b " DOTS " d"},
    {"CERTIDENT \"my name\" secret", "CERTIDENT \"my name\" " DOTS},
    {"LISTEN 0.0.0.0", "LISTEN 0.0.0.0"},
    {"", ""},
    {"password = \"unbalanced \\", "password = " DOTS},
};

static void
test_hide(void **state)
{
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		struct buf out = {0};

		hide_line(&out, secrets[i].line, strlen(secrets[i].line));
		assert_string_equal(out.len > 0 ? buf_str(&out) : "", secrets[i].said);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_diff),
	    cmocka_unit_test(test_large),
	    cmocka_unit_test(test_hide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
