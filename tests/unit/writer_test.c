/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "out/writer.h"

/*
 * The writer waits for the disk before it answers. What it asks of the disk comes by here, for
 * these stand before those of the C library: a letter each, in memory that it shares with us.
 */

#define ASKED_MAX 16
#define WAIT_MS 60000

static struct {
	char asked[ASKED_MAX]; /* 'd' fdatasync, 's' fsync, 'r' rename */
	size_t count;
	int error; /* of each sync; 0: none */
} * disk;

static struct {
	char folder[64];
	int fd;
	pid_t pid;
} writer;

static void
note(char what)
{
	if (disk->count < ASKED_MAX - 1)
		disk->asked[disk->count++] = what;
}

static int
sync_by(long number, int fd, char what)
{
	note(what);
	if (disk->error == 0)
		return (int)syscall(number, fd);
	errno = disk->error;
	return -1;
}

int
fdatasync(int fd)
{
	return sync_by(SYS_fdatasync, fd, 'd');
}

int
fsync(int fd)
{
	return sync_by(SYS_fsync, fd, 's');
}

int
renameat(int from, const char *name, int to, const char *new)
{
	note('r');
	return (int)syscall(SYS_renameat2, from, name, to, new, 0);
}

static int
setup(void **data)
{
	disk = mmap(NULL, sizeof(*disk), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	strcpy(writer.folder, "/tmp/writer_test.XXXXXX");
	if (disk == MAP_FAILED || mkdtemp(writer.folder) == NULL)
		return -1;
	writer.fd = writer_start(writer.folder, &writer.pid);
	return writer.fd >= 0 ? 0 : -1;
}

static int
teardown(void **data)
{
	char path[128];

	close(writer.fd);
	waitpid(writer.pid, NULL, 0);
	snprintf(path, sizeof(path), "%s/" WRITER_FILE, writer.folder);
	unlink(path);
	rmdir(writer.folder);
	munmap(disk, sizeof(*disk));
	return 0;
}

/* What the writer answers when it is to write a text. */
static int
orders(enum writer_task task, const char *text)
{
	int memfd = memfd_create("order", MFD_CLOEXEC), error = -1;
	struct pollfd ready = {.fd = writer.fd, .events = POLLIN};

	memset(disk->asked, 0, sizeof(disk->asked));
	disk->count = 0;
	assert_int_equal(write(memfd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(writer_order(writer.fd, task, memfd), 0);
	close(memfd);
	assert_int_equal(poll(&ready, 1, WAIT_MS), 1);
	assert_int_equal(writer_answer(writer.fd, &error), 1);
	return error;
}

static void
holds(const char *wanted)
{
	char path[128], text[64] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%s/" WRITER_FILE, writer.folder);
	f = fopen(path, "r");
	assert_non_null(f);
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(text, wanted);
}

static void
on_the_disk(void **data)
{
	assert_int_equal(orders(WRITER_APPEND, "one\n"), 0);
	assert_string_equal(disk->asked, "d");
	assert_int_equal(orders(WRITER_APPEND, "two\n"), 0);
	assert_string_equal(disk->asked, "d");
	holds("one\ntwo\n");
	/* The new file before it takes the place of the old one, and the folder behind. */
	assert_int_equal(orders(WRITER_REPLACE, "three\n"), 0);
	assert_string_equal(disk->asked, "srs");
	holds("three\n");
}

/* A disk that does not take it is said to be one, and the file that was there stays. */
static void
not_taken(void **data)
{
	assert_int_equal(orders(WRITER_APPEND, "one\n"), 0);
	disk->error = EIO;
	assert_int_equal(orders(WRITER_REPLACE, "two\n"), EIO);
	assert_string_equal(disk->asked, "s");
	holds("one\n");
	assert_int_equal(orders(WRITER_APPEND, "two\n"), EIO);
}

/* The writer is killed: nobody takes another order. */
static void
killed(int memfd)
{
	assert_int_equal(kill(writer.pid, SIGKILL), 0);
	assert_int_equal(waitpid(writer.pid, NULL, 0), writer.pid);
	assert_int_equal(writer_order(writer.fd, WRITER_APPEND, memfd), -1);
	assert_int_equal(errno, EPIPE);
	close(memfd);
}

static void
killed_idle(void **data)
{
	killed(memfd_create("order", MFD_CLOEXEC));
}

/* ... and it leaves one that it has not read. */
static void
killed_asked(void **data)
{
	int memfd = memfd_create("order", MFD_CLOEXEC), status;

	assert_int_equal(kill(writer.pid, SIGSTOP), 0);
	assert_int_equal(waitpid(writer.pid, &status, WUNTRACED), writer.pid);
	assert_int_equal(writer_order(writer.fd, WRITER_APPEND, memfd), 0);
	killed(memfd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(on_the_disk, setup, teardown),
	    cmocka_unit_test_setup_teardown(not_taken, setup, teardown),
	    cmocka_unit_test_setup_teardown(killed_idle, setup, teardown),
	    cmocka_unit_test_setup_teardown(killed_asked, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
