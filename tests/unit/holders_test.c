/* SPDX-License-Identifier: ISC */
/* Who holds a device, against a /proc of our own making. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "hid/holders.h"

static const struct bus_device ups = {
    .path = "/dev/hidraw3", .usb = "/dev/bus/usb/003/007", .hiddev = "/dev/usb/hiddev0"};

static char proc[] = "/tmp/holdup-holders.XXXXXX";

/* A process with one descriptor; NULL: a folder that we may not look into. */
static void
process(long pid, const char *name, const char *node)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%ld", proc, pid);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/%ld/comm", proc, pid);
	assert_non_null(f = fopen(path, "w"));
	fprintf(f, "%s\n", name);
	fclose(f);
	if (node == NULL)
		return;
	snprintf(path, sizeof(path), "%s/%ld/fd", proc, pid);
	assert_int_equal(mkdir(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/%ld/fd/4", proc, pid);
	assert_int_equal(symlink(node, path), 0);
}

static void
none(long pid)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s/%ld", proc, pid);
	assert_int_equal(system(command), 0);
}

static void
is(const char *all, const char *sure)
{
	struct holders h;
	char text[512];

	holders_find(&h, proc, &ups, 100);
	assert_string_equal(holders_text(&h, false, text, sizeof(text)), all);
	assert_string_equal(holders_text(&h, true, text, sizeof(text)), sure);
}

/* Those who have it open are named, by whichever node, and nobody else. */
static void
seen(void **state)
{
	process(100, "hid", "/dev/hidraw3");       /* we */
	process(101, "hid-asker", "/dev/hidraw3"); /* ours */
	process(7, "bash", "/dev/pts/0");
	is("", "");
	process(8, "python3", "/dev/hidraw3");
	is("PID 8 (python3)", "PID 8 (python3)");
	process(9, "apcupsd", NULL);
	is("PID 8 (python3)", "PID 8 (python3)");
	none(8);
	none(9);
	process(10, "upowerd", "/dev/usb/hiddev0");
	is("PID 10 (upowerd, the desktop's: systemctl mask --now upower)",
	    "PID 10 (upowerd, the desktop's: systemctl mask --now upower)");
	none(10);
	process(11, "usbhid-ups", "/dev/bus/usb/003/007");
	is("PID 11 (usbhid-ups, a driver of NUT: systemctl disable --now "
	   "nut-driver@UPS)",
	    "PID 11 (usbhid-ups, a driver of NUT: systemctl disable --now "
	    "nut-driver@UPS)");
	none(11);
}

/* Where nobody is seen to, programs that may are named as such. */
static void
by_name(void **state)
{
	process(12, "apcupsd", NULL);
	is("maybe PID 12 (apcupsd, systemctl disable --now apcupsd)", "");
	none(12);
	process(13, "apcupsd", "/dev/usb/hiddev7"); /* another device's */
	is("", "");
	none(13);
}

static int
make(void **state)
{
	return mkdtemp(proc) == NULL;
}

static int
discard(void **state)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", proc);
	return system(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seen),
	    cmocka_unit_test(by_name),
	};

	return cmocka_run_group_tests(tests, make, discard);
}
