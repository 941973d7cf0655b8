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

#include "lib/powerflag.h"

static char folder[] = "/tmp/holdup-powerflag.XXXXXX";

static void
file_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void
test_paths(void **state)
{
	char *path = powerflag_path("/etc/killpower");

	assert_string_equal(path, "/etc/killpower");
	free(path);
	unsetenv("NUT_CONFPATH");
	unsetenv("NUT_STATEPATH");
	path = powerflag_path(NULL);
	assert_string_equal(path, "/run/holdup/killpower");
	free(path);
	setenv("NUT_STATEPATH", "/tmp/x", 1);
	path = powerflag_path(NULL);
	assert_string_equal(path, "/tmp/x/killpower");
	free(path);
}

static void
test_life(void **state)
{
	char path[100], cause[200];
	struct stat st;

	snprintf(path, sizeof(path), "%s/sub/killpower", folder);
	assert_false(powerflag_is_set(path));
	powerflag_clear(path);
	assert_int_equal(powerflag_set(path, cause, sizeof(cause)), 0);
	assert_int_equal(powerflag_set(path, cause, sizeof(cause)), 0);
	assert_true(powerflag_is_set(path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, strlen("upsmon-shutdown-file"));
	powerflag_clear(path);
	assert_int_equal(access(path, F_OK), -1);
	*strrchr(path, '/') = '\0';
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(rmdir(path), 0);
}

/* Neither written over, nor removed, nor taken for a flag. */
static void
test_other_files(void **state)
{
	char path[100], link[100], cause[200];

	snprintf(path, sizeof(path), "%s/other", folder);
	snprintf(link, sizeof(link), "%s/link", folder);
	file_write(path, "root:x:0:0:root, who would not like this to be a flag\n");
	assert_int_equal(powerflag_set(path, cause, sizeof(cause)), -1);
	assert_non_null(strstr(cause, "is another kind of file"));
	assert_false(powerflag_is_set(path));
	powerflag_clear(path);
	assert_int_equal(access(path, F_OK), 0);
	file_write(path, "upsmon-shutdown-file");
	assert_int_equal(symlink(path, link), 0);
	assert_false(powerflag_is_set(link));
	assert_int_equal(powerflag_set(link, cause, sizeof(cause)), -1);
	file_write(path, "");
	assert_false(powerflag_is_set(path));
	assert_int_equal(powerflag_set(path, cause, sizeof(cause)), 0);
	assert_int_equal(powerflag_set(folder, cause, sizeof(cause)), -1);
	unlink(link);
	unlink(path);
}

static int
setup(void **state)
{
	return mkdtemp(folder) == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_life),
	    cmocka_unit_test(test_other_files),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
