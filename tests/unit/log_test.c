/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/log.h"

#define LINES 20

/* A syslogd that hangs takes no line; who logs goes on. It has a /dev that nobody else
 * sees. */
static void
test_syslog_hangs(void **state)
{
	const struct sockaddr_un sun = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
	int fd, other, before = dup(STDERR_FILENO);

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", "/dev", "tmpfs", 0, NULL) < 0)
		skip();
	fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&sun, sizeof(sun)), 0);
	other = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	while (sendto(other, "", 1, 0, (const struct sockaddr *)&sun, sizeof(sun)) > 0)
		continue;
	log_init("test", 0);
	log_to_syslog();
	alarm(10);
	for (int i = 0; i < LINES; i++)
		log_warn("line %d", i);
	alarm(0);
	dup2(before, STDERR_FILENO);
	close(before);
	close(other);
	close(fd);
	unsetenv("HOLDUP_SYSLOG");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_syslog_hangs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
