/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/log.h"
#include "out/boxfile.h"
#include "out/writer.h"

/* The process that writes has died, and nobody has read that yet when there is something to
 * write: the log says what it is, and not that the disk is a broken pipe. */

static struct event_base *base;
static bool begun, written;

static void
on_begun(void *arg)
{
	begun = true;
}

static void
on_written(void *arg)
{
	written = true;
}

static void
ignore(void *arg)
{
}

static void
ignore_old(void *arg, const struct outbox *old)
{
}

static const struct boxfile_ops ops = {on_begun, ignore_old, ignore, on_written};

/* Kills our only child, and returns when it is dead. */
static void
kill_writer(void)
{
	char path[64], pid[32] = "";
	siginfo_t info;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(pid, sizeof(pid), f));
	fclose(f);
	assert_int_equal(kill((pid_t)strtol(pid, NULL, 10), SIGKILL), 0);
	assert_int_equal(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
}

/* What is logged when the box is to be written anew. */
static void
log_of_anew(struct boxfile *f, char *log, size_t size)
{
	int before = dup(STDERR_FILENO), memfd = memfd_create("log", 0);
	ssize_t n;

	assert_true(before >= 0 && memfd >= 0);
	dup2(memfd, STDERR_FILENO);
	boxfile_anew(f);
	dup2(before, STDERR_FILENO);
	close(before);
	n = pread(memfd, log, size - 1, 0);
	close(memfd);
	assert_true(n >= 0);
	log[n] = '\0';
}

static void
writer_dies(void **state)
{
	char folder[] = "/tmp/boxfile_test.XXXXXX", path[128], log[512];
	struct outbox *box = outbox_new("boot");
	struct boxfile *f;

	log_init("boxfile_test", -1);
	assert_non_null(mkdtemp(folder));
	base = event_base_new();
	f = boxfile_new(base, folder, box, &ops, NULL);
	while (!begun || !written)
		assert_int_equal(event_base_loop(base, EVLOOP_ONCE), 0);
	kill_writer();
	log_of_anew(f, log, sizeof(log));
	assert_non_null(strstr(log, "the process that writes is gone; until it can be"));
	boxfile_free(f); /* another one writes what is left */
	waitpid(-1, NULL, 0);
	outbox_free(box);
	event_base_free(base);
	snprintf(path, sizeof(path), "%s/" WRITER_FILE, folder);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writer_dies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
