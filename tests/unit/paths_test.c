/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/paths.h"

static void
assert_path(char *got, const char *wanted)
{
	assert_non_null(got);
	assert_string_equal(got, wanted);
	free(got);
}

static int
unset(void **state)
{
	unsetenv("NUT_CONFPATH");
	unsetenv("NUT_STATEPATH");
	unsetenv("HOLDUP_LIBEXEC");
	return 0;
}

static void
test_defaults(void **state)
{
	assert_path(paths_conf("ups.conf"), "/etc/nut/ups.conf");
	assert_path(paths_state("sim"), "/run/nut/sim");
	assert_path(paths_state(""), "/run/nut");
	assert_path(paths_memory(""), "/var/lib/holdup");
	assert_path(paths_memory("m"), "/var/lib/holdup/m");
	assert_false(paths_private());
}

static void
test_private(void **state)
{
	setenv("NUT_CONFPATH", "/a", 1);
	assert_true(paths_private());
	assert_path(paths_conf("b"), "/a/b");
	assert_path(paths_state("b"), "/run/nut/b");
	assert_path(paths_memory("b"), "/run/nut/b");
	unset(NULL);
	setenv("NUT_STATEPATH", "/c", 1);
	assert_true(paths_private());
	assert_path(paths_state("d"), "/c/d");
	setenv("NUT_STATEPATH", "", 1);
	assert_false(paths_private());
	assert_path(paths_state("d"), "/run/nut/d");
}

/* The program of the variable's folder comes first, then the one beside this test; a
 * folder or a plain file is no program. */
static void
test_program(void **state)
{
	char dir[] = "/tmp/paths_test.XXXXXX", file[64];
	FILE *f;

	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/thing", dir);
	setenv("HOLDUP_LIBEXEC", dir, 1);
	assert_null(paths_program("thing"));
	assert_int_equal(mkdir(file, 0755), 0);
	assert_null(paths_program("thing"));
	assert_int_equal(rmdir(file), 0);
	f = fopen(file, "w");
	assert_non_null(f);
	fclose(f);
	assert_null(paths_program("thing"));
	assert_int_equal(chmod(file, 0755), 0);
	assert_path(paths_program("thing"), file);
	unsetenv("HOLDUP_LIBEXEC");
	assert_null(paths_program("thing"));
	unlink(file);
	rmdir(dir);
}

/* This test itself is a program beside the running one. */
static void
test_beside(void **state)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	assert_true(len > 0);
	self[len] = '\0';
	assert_path(paths_program(strrchr(self, '/') + 1), self);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_defaults, unset),
	    cmocka_unit_test_setup(test_private, unset),
	    cmocka_unit_test_setup(test_program, unset),
	    cmocka_unit_test_setup(test_beside, unset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
