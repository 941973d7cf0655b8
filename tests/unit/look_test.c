/* SPDX-License-Identifier: ISC */
/* Devices as sysfs shows them, in a folder of our own: which are given to nut? */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "hid/desc.h"
#include "udev/look.h"

static const uint8_t ups[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 1, 0xc0};
static const uint8_t keyboard[] = {0x05, 1, 0x09, 6, 0xa1, 1, 0xc0};
static const uint8_t vendor[] = {0x06, 0, 0xff, 0x09, 1, 0xa1, 1, 0xc0};
static const uint8_t broken[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 1};

static char root[] = "/tmp/holdup-look-XXXXXX", cause[200];

static int
make_root(void **state)
{
	strcpy(root + strlen(root) - 6, "XXXXXX");
	return mkdtemp(root) == NULL || chdir(root) != 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static int
remove_root(void **state)
{
	return chdir("/") != 0 || nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0;
}

/* Makes a file with its folders. */
static void
put(const char *path, const uint8_t *bytes, size_t len)
{
	char folder[200];
	FILE *f;

	for (const char *at = path; (at = strchr(at, '/')) != NULL; at++) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(at - path), path);
		(void)mkdir(folder, 0700);
	}
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	fclose(f);
}

/* Plugs an HID interface into the device 1-1. */
static void
plug(int interface, const uint8_t *bytes, size_t len)
{
	char path[200];

	snprintf(path, sizeof(path), "1-1/1-1:1.%d/0003:051D:0002.%04X/report_descriptor",
	    interface, interface);
	put(path, bytes, len);
}

static void
assert_look(const char *folder, enum look want)
{
	assert_int_equal(look_at(folder, cause, sizeof(cause)), want);
}

static void
test_hidraw(void **state)
{
	put("hidraw0/device/report_descriptor", ups, sizeof(ups));
	put("hidraw1/device/report_descriptor", keyboard, sizeof(keyboard));
	put("hidraw2/device/report_descriptor", broken, sizeof(broken));
	put("hidraw3/device/report_descriptor", NULL, 0);
	assert_look("hidraw0", LOOK_UPS);
	assert_string_equal(cause, "");
	assert_look("hidraw1", LOOK_OTHER);
	assert_look("hidraw2", LOOK_OTHER);
	assert_non_null(strstr(cause, "left open"));
	assert_look("hidraw3", LOOK_OTHER);
	assert_non_null(strstr(cause, "empty"));
	assert_look("hidraw4", LOOK_OTHER);
	assert_non_null(strstr(cause, "No such file"));
}

static void
test_too_long(void **state)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX + 100];

	put("hidraw0/device/report_descriptor", bytes, sizeof(bytes));
	assert_look("hidraw0", LOOK_OTHER);
	assert_non_null(strstr(cause, "at most"));
}

/* The first interface of this UPS is a line to something of the vendor's. */
static void
test_usb(void **state)
{
	put("1-1/power/control", NULL, 0);
	put("1-1/ep_00/direction", NULL, 0);
	assert_look("1-1", LOOK_OTHER); /* its driver is not loaded yet */
	plug(0, vendor, sizeof(vendor));
	assert_look("1-1", LOOK_OTHER);
	plug(1, ups, sizeof(ups));
	assert_look("1-1", LOOK_UPS);
	put("1-1/1-1:1.2/tty/ttyACM0/dev", NULL, 0);
	assert_look("1-1", LOOK_UPS);
	/* A hub: what hangs on it is judged by itself. */
	put("usb1/1-1/1-1:1.0/0003:051D:0002.0001/report_descriptor", ups, sizeof(ups));
	assert_look("usb1", LOOK_OTHER);
}

/* Who holds the USB node can read the keyboard too, or what may be one. */
static void
test_shared(void **state)
{
	plug(0, ups, sizeof(ups));
	plug(1, keyboard, sizeof(keyboard));
	assert_look("1-1", LOOK_SHARED);
	plug(1, vendor, sizeof(vendor));
	assert_look("1-1", LOOK_UPS);
	plug(1, broken, sizeof(broken));
	assert_look("1-1", LOOK_SHARED);
	plug(1, NULL, 0);
	assert_look("1-1", LOOK_SHARED);
}

/* A hidraw node leads to its HID device by a link. */
static void
link_hidraw(const char *name, const char *hid)
{
	char path[200];

	assert_int_equal(mkdir(name, 0700), 0);
	snprintf(path, sizeof(path), "%s/device", name);
	assert_int_equal(symlink(hid, path), 0);
}

/* Whichever interface comes last, what is known by then is told to the USB device. */
static void
test_beside(void **state)
{
	plug(0, ups, sizeof(ups));
	plug(1, keyboard, sizeof(keyboard));
	link_hidraw("hidraw0", "../1-1/1-1:1.0/0003:051D:0002.0000");
	link_hidraw("hidraw1", "../1-1/1-1:1.1/0003:051D:0002.0001");
	assert_look("hidraw0", LOOK_UPS);
	assert_look("hidraw1", LOOK_SHARED);
	plug(1, vendor, sizeof(vendor));
	assert_look("hidraw1", LOOK_SHARED);
	plug(0, vendor, sizeof(vendor));
	assert_look("hidraw1", LOOK_OTHER);
}

static void
test_too_many(void **state)
{
	for (int i = 0; i < LOOK_INTERFACES_MAX; i++)
		plug(i, ups, sizeof(ups));
	assert_look("1-1", LOOK_UPS);
	plug(LOOK_INTERFACES_MAX, ups, sizeof(ups));
	assert_look("1-1", LOOK_SHARED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_hidraw, make_root, remove_root),
	    cmocka_unit_test_setup_teardown(test_too_long, make_root, remove_root),
	    cmocka_unit_test_setup_teardown(test_usb, make_root, remove_root),
	    cmocka_unit_test_setup_teardown(test_shared, make_root, remove_root),
	    cmocka_unit_test_setup_teardown(test_beside, make_root, remove_root),
	    cmocka_unit_test_setup_teardown(test_too_many, make_root, remove_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
