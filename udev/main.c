/* SPDX-License-Identifier: ISC */
/*
 * isups: is this device a UPS? udevd runs it as root about whatever anybody plugs in, so it
 * becomes nobody before it looks, and may do nothing but read /sys.
 */
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/sandbox.h"
#include "udev/look.h"

#define NOBODY 65534 /* the kernel's overflow id: owns nothing */

static void
become_nobody(void)
{
	if (geteuid() != 0)
		return;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	    setresuid(NOBODY, NOBODY, NOBODY) < 0)
		log_fatal_errno("cannot become nobody; nothing is looked at as root");
}

int
main(int argc, char **argv)
{
	static const char *const folders[] = {"/sys", NULL};
	enum look look;
	char cause[128];

	log_init("isups", -1);
	if (argc == 2 && strcmp(argv[1], "-V") == 0) {
		puts("isups (holdup) " HOLDUP_VERSION);
		return 0;
	}
	if (argc != 2 || argv[1][0] != '/') {
		fputs("usage: isups /sys/…      a hidraw node or a USB device\n", stderr);
		return 2;
	}
	become_nobody();
	sandbox_enter_folders(SANDBOX_ISUPS, folders);
	look = look_at(argv[1], cause, sizeof(cause));
	if (cause[0] != '\0')
		log_warn("%s: %s", argv[1], cause);
	if (look == LOOK_OTHER)
		return 1;
	printf("HOLDUP_UPS=%d\n", look == LOOK_UPS);
	return 0;
}
