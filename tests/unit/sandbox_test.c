/* SPDX-License-Identifier: ISC */
/* Each role in a child of its own, which then tries what it may and what it may not. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/landlock.h"
#include "lib/sandbox.h"

#define KEPT "/tmp/holdup-sandbox-kept"

extern void __asan_init(void) __attribute__((weak));

/* A sanitizer has to trace and to write reports: only limits hold under it. */
static void
skip_sanitized(void)
{
	if (__asan_init == NULL)
		return;
	print_message("built with a sanitizer, which confines nothing\n");
	skip();
}

/* qemu-user has no seccomp: sandbox_filter_test.c reads the lists instead. */
static void
skip_without_seccomp(void)
{
	if (prctl(PR_GET_SECCOMP) >= 0)
		return;
	print_message("no seccomp here\n");
	skip();
}

static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	return fd < 0 ? errno : 0;
}

static int
act_read(void)
{
	return try_open("/etc/passwd", O_RDONLY);
}

static int
act_read_elsewhere(void)
{
	return try_open("/proc/self/maps", O_RDONLY);
}

static int
act_create(void)
{
	return try_open("/tmp/holdup-sandbox-test", O_RDWR | O_CREAT);
}

static int
act_write_device(void)
{
	return try_open("/dev/null", O_RDWR);
}

static int
act_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno;
}

static int
act_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? errno : 0;
}

static int
act_internet(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int
act_packets(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0) < 0 ? errno : 0;
}

static int
act_unix(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) < 0 ? errno : 0;
}

/* What a role with folders may read. */
static const char *const *folders;

/* What becomes of an act in a role: 0 allowed, an errno value, or -1 killed by SIGSYS. */
static int
outcome(enum sandbox_role role, int (*act)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		sandbox_enter_folders(role, folders);
		_exit(act());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGSYS);
		return -1;
	}
	return WEXITSTATUS(status);
}

/* In a private installation a call that is denied kills: no test can overlook it. */
static int
private_installation(void **state)
{
	return setenv("NUT_STATEPATH", "/nonexistent", 1);
}

static int
installation(void **state)
{
	return unsetenv("NUT_STATEPATH");
}

static const enum sandbox_role every[] = {SANDBOX_CORE, SANDBOX_HID, SANDBOX_REMOTE,
    SANDBOX_DUMMY, SANDBOX_REPEATER, SANDBOX_NET, SANDBOX_JUDGE, SANDBOX_PUBLISHER,
    SANDBOX_ISUPS, SANDBOX_WEB, SANDBOX_HISTORY};

static void
test_calls(void **state)
{
	skip_sanitized();
	skip_without_seccomp();
	for (size_t i = 0; i < sizeof(every) / sizeof(every[0]); i++) {
		assert_int_equal(outcome(every[i], act_exec), -1);
		assert_int_equal(outcome(every[i], act_packets), -1);
		assert_int_equal(outcome(every[i], act_unix), 0);
	}
	assert_int_equal(outcome(SANDBOX_CORE, act_fork), -1);
	assert_int_equal(outcome(SANDBOX_NET, act_fork), -1);
	assert_int_equal(outcome(SANDBOX_JUDGE, act_fork), -1);
	assert_int_equal(outcome(SANDBOX_HID, act_fork), 0);
	assert_int_equal(outcome(SANDBOX_REMOTE, act_fork), 0);
	assert_int_equal(outcome(SANDBOX_CORE, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_NET, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_JUDGE, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_HID, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_REMOTE, act_internet), 0);
	assert_int_equal(outcome(SANDBOX_DUMMY, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_DUMMY, act_fork), -1);
	assert_int_equal(outcome(SANDBOX_REPEATER, act_internet), 0);
	assert_int_equal(outcome(SANDBOX_REPEATER, act_fork), 0);
	assert_int_equal(outcome(SANDBOX_PUBLISHER, act_internet), 0);
	assert_int_equal(outcome(SANDBOX_ISUPS, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_ISUPS, act_fork), -1);
	assert_int_equal(outcome(SANDBOX_WEB, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_WEB, act_fork), -1);
	assert_int_equal(outcome(SANDBOX_HISTORY, act_internet), -1);
	assert_int_equal(outcome(SANDBOX_HISTORY, act_fork), -1);
	assert_int_equal(outcome(SANDBOX_OUT, act_exec), 0);
	assert_int_equal(outcome(SANDBOX_OUT, act_create), EACCES);
}

/* Where machines depend on it, a denied call fails and the process lives. */
static void
test_calls_fail(void **state)
{
	skip_sanitized();
	skip_without_seccomp();
	assert_int_equal(outcome(SANDBOX_HID, act_packets), EPERM);
	assert_int_equal(outcome(SANDBOX_CORE, act_internet), EPERM);
	assert_int_equal(outcome(SANDBOX_NET, act_fork), EPERM);
}

/* Is there Landlock? Asked in a child, for there is no way back. */
static int
landlock_there(void)
{
	return landlock_enter(LANDLOCK_READ, NULL) < 0;
}

static void
test_files(void **state)
{
	skip_sanitized();
	if (outcome(SANDBOX_HID, landlock_there) != 0) {
		print_message("this kernel has no Landlock\n");
		skip();
	}
	assert_int_equal(outcome(SANDBOX_CORE, act_read), EACCES);
	assert_int_equal(outcome(SANDBOX_NET, act_read), EACCES);
	assert_int_equal(outcome(SANDBOX_JUDGE, act_read), EACCES);
	assert_int_equal(outcome(SANDBOX_HID, act_read), 0);
	assert_int_equal(outcome(SANDBOX_REMOTE, act_read), 0);
	assert_int_equal(outcome(SANDBOX_DUMMY, act_read), EACCES);
	assert_int_equal(outcome(SANDBOX_ISUPS, act_read), EACCES);
	assert_int_equal(outcome(SANDBOX_ISUPS, act_write_device), EACCES);
	folders = (const char *const[]){"/nowhere/", "/etc/", NULL};
	assert_int_equal(outcome(SANDBOX_DUMMY, act_read), 0);
	assert_int_equal(outcome(SANDBOX_DUMMY, act_read_elsewhere), EACCES);
	folders = NULL;
	assert_int_equal(outcome(SANDBOX_REPEATER, act_read), 0);
	assert_int_equal(outcome(SANDBOX_HID, act_write_device), 0);
	assert_int_equal(outcome(SANDBOX_REMOTE, act_write_device), EACCES);
	for (size_t i = 0; i < sizeof(every) / sizeof(every[0]); i++)
		assert_int_equal(outcome(every[i], act_create), EACCES);
}

/* Removes a file of its folder after making it, and what it must not: a socket. */
static int
act_keep(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0), error;

	if ((error = try_open(KEPT "/file", O_RDWR | O_CREAT)) != 0)
		return error;
	if (rename(KEPT "/file", KEPT "/other") < 0 || unlink(KEPT "/other") < 0)
		return errno;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", KEPT "/socket");
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return EEXIST;
	return mkdir(KEPT "/folder", 0700) == 0 ? EEXIST : 0;
}

static int
act_keep_beyond(void)
{
	return try_open(KEPT "/../holdup-sandbox-test", O_RDWR | O_CREAT);
}

/* What `out` may do to its folder its publishers may not. */
static int
act_publish(void)
{
	int error;

	sandbox_enter(SANDBOX_PUBLISHER);
	if ((error = act_read()) != 0 || (error = act_internet()) != 0)
		return error;
	return act_keep() == EACCES ? 0 : EEXIST;
}

/* Who keeps a folder, and who looks at it. */
static void
test_kept(void **state)
{
	skip_sanitized();
	if (outcome(SANDBOX_HID, landlock_there) != 0)
		skip();
	mkdir(KEPT, 0700);
	folders = (const char *const[]){KEPT, NULL};
	assert_int_equal(outcome(SANDBOX_HISTORY, act_keep), 0);
	assert_int_equal(outcome(SANDBOX_HISTORY, act_keep_beyond), EACCES);
	assert_int_equal(outcome(SANDBOX_HISTORY, act_read), EACCES);
	assert_int_equal(outcome(SANDBOX_WEB, act_keep), EACCES);
	assert_int_equal(outcome(SANDBOX_OUT, act_keep), 0);
	assert_int_equal(outcome(SANDBOX_OUT, act_keep_beyond), EACCES);
	assert_int_equal(outcome(SANDBOX_OUT, act_read), 0);
	assert_int_equal(outcome(SANDBOX_OUT, act_publish), 0);
	folders = (const char *const[]){"/etc/", NULL};
	assert_int_equal(outcome(SANDBOX_WEB, act_read), 0);
	assert_int_equal(outcome(SANDBOX_WEB, act_read_elsewhere), EACCES);
	folders = NULL;
	rmdir(KEPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(test_calls, private_installation),
	    cmocka_unit_test_setup(test_files, private_installation),
	    cmocka_unit_test_setup(test_kept, private_installation),
	    cmocka_unit_test_setup(test_calls_fail, installation),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
