/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "holdupd/steps.h"
#include "lib/buf.h"

static void
assert_step(size_t n, const char *command, bool harmless, const char *wanted)
{
	struct step step = steps_get(n, command, harmless);
	struct buf text = {0};

	buf_puts(&text, step.only_log ? "log" : "do");
	for (size_t i = 0; step.argv[i] != NULL; i++)
		buf_printf(&text, " %s", step.argv[i]);
	assert_string_equal(buf_str(&text), wanted);
	buf_free(&text);
}

/* The command twice, then past the inhibitors, then by force until the machine is down. */
static void
test_order(void **state)
{
	assert_step(0, NULL, false, "do /bin/sh -c /sbin/shutdown -h +0");
	assert_step(1, NULL, false, "do /bin/sh -c /sbin/shutdown -h +0");
	assert_step(2, NULL, false, "do systemctl poweroff -i");
	assert_step(3, NULL, false, "do systemctl poweroff --force");
	assert_step(4, NULL, false, "do systemctl poweroff --force");
	for (size_t n = 0; n < 6; n++)
		assert_int_equal(steps_get(n, NULL, false).last, n >= 3);
}

static void
test_written_command(void **state)
{
	assert_step(0, "/root/down \"now\"", false, "do /bin/sh -c /root/down \"now\"");
	assert_step(1, "/root/down \"now\"", false, "do /bin/sh -c /root/down \"now\"");
	assert_step(2, "/root/down \"now\"", false, "do systemctl poweroff -i");
}

/* Where the machine is not ours only a command that somebody has written is run. */
static void
test_harmless(void **state)
{
	for (size_t n = 0; n < 6; n++) {
		assert_true(steps_get(n, NULL, true).only_log);
		assert_int_equal(steps_get(n, "true", true).only_log, n >= 2);
		assert_int_equal(steps_get(n, NULL, true).last, n >= 3);
	}
	assert_step(0, "true", true, "do /bin/sh -c true");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_written_command),
	    cmocka_unit_test(test_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
