/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/scribe.h"

/* What is on the disk when scribe_write() returns. The disk is a stand-in here, which knows
 * what it was asked to keep: it takes the place of the C library's, in the child too. */

struct disk {
	int syncs, error;
	char kept[16]; /* the file, as it was at the last sync */
};

static struct disk *disk;

int
fdatasync(int fd)
{
	disk->syncs++;
	if (disk->error != 0) {
		errno = disk->error;
		return -1;
	}
	return pread(fd, disk->kept, sizeof(disk->kept) - 1, 0) == -1 ? -1 : 0;
}

static int
setup(void **state)
{
	disk = mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return disk == MAP_FAILED ? -1 : 0;
}

static int
file(void)
{
	char path[] = "/tmp/holdup-scribe.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	memset(disk, 0, sizeof(*disk));
	return fd;
}

/* Each writing is kept before the next thing is done. */
static void
kept(void **state)
{
	char first[] = "first", second[] = "second";
	int fd = file();
	struct scribe *s = scribe_new(fd);

	assert_non_null(s);
	assert_int_equal(scribe_write(s, first, 5, 0), 0);
	assert_int_equal(disk->syncs, 1);
	assert_string_equal(disk->kept, "first");
	assert_int_equal(scribe_write(s, second, 6, 5), 0);
	assert_int_equal(disk->syncs, 2);
	assert_string_equal(disk->kept, "firstsecond");
	scribe_free(s);
	close(fd);
}

/* A disk that cannot keep it is an error, though it was written. */
static void
not_kept(void **state)
{
	char text[] = "text";
	int fd = file();
	struct scribe *s = scribe_new(fd);

	assert_non_null(s);
	disk->error = EIO;
	assert_int_equal(scribe_write(s, text, 4, 0), -1);
	assert_int_equal(errno, EIO);
	disk->error = 0;
	assert_int_equal(scribe_write(s, text, 4, 0), 0);
	assert_string_equal(disk->kept, "text");
	scribe_free(s);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(kept),
	    cmocka_unit_test(not_kept),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
