/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/role.h"

static void
assert_pidfile(enum role role, const char *wanted)
{
	char *path = role_pidfile(role);

	assert_string_equal(path, wanted);
	free(path);
}

static void
test_words(void **state)
{
	assert_int_equal(role_find("server"), ROLE_SERVER);
	assert_int_equal(role_find("monitor"), ROLE_MONITOR);
	assert_int_equal(role_find("all"), -1);
	assert_int_equal(role_find(""), -1);
	assert_null(role_word(ROLE_ALL));
	assert_string_equal(role_word(ROLE_MONITOR), "monitor");
	assert_string_equal(role_name(ROLE_SERVER), "upsd");
	assert_string_equal(role_prefix(ROLE_SERVER), role_prefix(ROLE_ALL));
	assert_string_not_equal(role_prefix(ROLE_SERVER), role_prefix(ROLE_MONITOR));
}

/* Each of NUT's two variables means one of the two programs. */
static void
test_pidfile(void **state)
{
	unsetenv("NUT_PIDPATH");
	unsetenv("NUT_ALTPIDPATH");
	setenv("NUT_STATEPATH", "/s", 1);
	assert_pidfile(ROLE_ALL, "/s/holdupd.pid");
	assert_pidfile(ROLE_SERVER, "/s/upsd.pid");
	assert_pidfile(ROLE_MONITOR, "/s/upsmon.pid");
	setenv("NUT_PIDPATH", "/p", 1);
	setenv("NUT_ALTPIDPATH", "/a", 1);
	assert_pidfile(ROLE_ALL, "/s/holdupd.pid");
	assert_pidfile(ROLE_SERVER, "/a/upsd.pid");
	assert_pidfile(ROLE_MONITOR, "/p/upsmon.pid");
	setenv("NUT_PIDPATH", "", 1);
	assert_pidfile(ROLE_MONITOR, "/s/upsmon.pid");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_pidfile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
