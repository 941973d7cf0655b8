/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "holdupd/certs.h"

#define BEGIN(kind) "-----BEGIN " kind "-----\n"
#define END(kind) "-----END " kind "-----\n"
#define CERT(text) BEGIN("CERTIFICATE") text "\n" END("CERTIFICATE")
#define TRUSTED(text) BEGIN("TRUSTED CERTIFICATE") text "\n" END("TRUSTED CERTIFICATE")
#define KEY BEGIN("PRIVATE KEY") "secret\n" END("PRIVATE KEY")

/* A text, and the certificates in it. */
static const struct {
	const char *text, *wanted;
} texts[] = {
    {"", ""},
    {"no certificate", ""},
    {CERT("one"), CERT("one")},
    {"subject\n" CERT("one") "words\n" KEY CERT("two") "more", CERT("one") CERT("two")},
    {KEY, ""},
    {TRUSTED("x") CERT("one"), CERT("one") TRUSTED("x")},
    {CERT("one") BEGIN("CERTIFICATE") "cut", CERT("one")},
    {END("CERTIFICATE") CERT("one"), CERT("one")},
};

static void
test_only(void **state)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct buf out = {0};

		certs_only(texts[i].text, &out);
		assert_string_equal(buf_str(&out), texts[i].wanted);
		buf_free(&out);
	}
}

static void
file(const char *name, const char *text)
{
	FILE *f = fopen(name, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

/* A folder as c_rehash leaves it, with a key that must not get out. */
static void
test_folder(void **state)
{
	char folder[] = "/tmp/holdup-certs.XXXXXX", cause[256];
	size_t len;
	char *text;

	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	text = certs_authorities(folder, &len, cause, sizeof(cause));
	assert_null(text);
	assert_non_null(strstr(cause, "there is no certificate"));
	file("cert9.db", "SQLite format 3");
	text = certs_authorities(folder, &len, cause, sizeof(cause));
	assert_null(text);
	assert_non_null(strstr(cause, "a database of NSS"));
	unlink("cert9.db");
	file("a.pem", CERT("one") KEY);
	file("b.pem", CERT("two"));
	assert_int_equal(symlink("a.pem", "12345678.0"), 0);
	assert_int_equal(symlink("nowhere", "broken"), 0);
	assert_int_equal(mkdir("more", 0700), 0);
	text = certs_authorities(folder, &len, cause, sizeof(cause));
	assert_non_null(text);
	assert_string_equal(text, CERT("one") CERT("two"));
	assert_int_equal(len, strlen(text));
	free(text);

	text = certs_authorities("b.pem", &len, cause, sizeof(cause));
	assert_string_equal(text, CERT("two"));
	free(text);
	text = certs_file("a.pem", &len, cause, sizeof(cause));
	assert_string_equal(text, CERT("one") KEY);
	free(text);
	assert_null(certs_file("nowhere", &len, cause, sizeof(cause)));
	assert_string_equal(cause, "nowhere: No such file or directory");
	assert_null(certs_authorities("nowhere", &len, cause, sizeof(cause)));
	assert_string_equal(cause, "nowhere: No such file or directory");

	for (const char *const *name =
		 (const char *const[]){"a.pem", "b.pem", "12345678.0", "broken", NULL};
	     *name != NULL; name++)
		unlink(*name);
	rmdir("more");
	assert_int_equal(rmdir(folder), 0);
}

/* Links to two file systems, whose files have the same number. Nobody else sees what is
 * mounted here. */
static void
test_two_disks(void **state)
{
	char folder[] = "/tmp/holdup-certs.XXXXXX", cause[256];
	struct stat a, b;
	size_t len;
	char *text;

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		skip();
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	assert_int_equal(mkdir("a", 0700) | mkdir("b", 0700) | mkdir("all", 0700), 0);
	if (mount("none", "a", "tmpfs", 0, NULL) < 0 ||
	    mount("none", "b", "tmpfs", 0, NULL) < 0)
		skip();
	file("a/pem", CERT("one"));
	file("b/pem", CERT("two"));
	assert_int_equal(symlink("../a/pem", "all/1") | symlink("../b/pem", "all/2"), 0);
	assert_int_equal(stat("all/1", &a) | stat("all/2", &b), 0);
	assert_int_equal(a.st_ino, b.st_ino);
	text = certs_authorities("all", &len, cause, sizeof(cause));
	assert_string_equal(text, CERT("one") CERT("two"));
	free(text);

	assert_int_equal(umount("a") | umount("b"), 0);
	assert_int_equal(unlink("all/1") | unlink("all/2"), 0);
	assert_int_equal(rmdir("a") | rmdir("b") | rmdir("all") | rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_only),
	    cmocka_unit_test(test_folder),
	    cmocka_unit_test(test_two_disks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
