/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/logformat.h"

/* A UPS that has a status and nothing else. */
static void
value(void *arg, const char *variable, struct buf *out)
{
	if (strcmp(variable, "ups.status") == 0)
		buf_puts(out, arg);
}

static void
assert_line(const char *format, const char *wanted)
{
	static char status[] = "OL 100%";
	const struct logfacts facts = {
	    .now = {.tm_year = 126, .tm_mon = 10, .tm_mday = 23},
	    .seconds = 1795409460,
	    .pid = 42,
	    .host = "vm",
	    .upshost = "dummy@localhost",
	    .value = value,
	    .arg = status};
	struct buf line = {0};

	logformat_line(&line, format, &facts);
	assert_string_equal(buf_str(&line), wanted);
	buf_free(&line);
}

static void
test_words(void **state)
{
	assert_line("", "");
	assert_line("as it is", "as it is");
	assert_line("%TIME @Y@m@d @H@M@S%", "20261123 000000");
	assert_line("%ETIME%|%HOST%|%UPSHOST%|%PID%", "1795409460|vm|dummy@localhost|42");
	assert_line("[%VAR ups.status%] %VAR ups.load%", "[OL 100%] NA");
	assert_line("%%TIME%%t%t.", "%TIME%t\t.");
	assert_line(LOGFORMAT_DEFAULT, "20261123 000000 NA NA NA [OL 100%] NA NA");
}

static void
test_faults(void **state)
{
	char wide[2048];

	assert_line("%BOGUS%.", "INVALID.");
	assert_line("%VAR status%", "INVALID");
	assert_line("%VAR%|%TIME%|%PID 1%", "INVALID|INVALID|INVALID");
	assert_line("x%", "xINVALID");
	assert_line("%VAR ups.status", "OL 100%");
	assert_line("% %", "INVALID");
	memset(wide, 'a', sizeof(wide));
	wide[0] = '%';
	wide[sizeof(wide) - 1] = '\0';
	assert_line(wide, "INVALID");
	strcpy(wide, "%TIME "); /* what strftime(3) has no room for is left out */
	for (int i = 0; i < 100; i++)
		strcat(wide, "@A");
	strcat(wide, "%.");
	assert_line(wide, ".");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
