/* SPDX-License-Identifier: ISC */
/* The machine's bus in a folder that looks like /sys: what is found there, and what not. */
#include <fcntl.h>
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

#include "hid/bus.h"
#include "lib/xmem.h"

#define USB "devices/pci0000:00/usb1/1-1/1-1.2"
#define HID USB "/1-1.2:1.0/0003:051D:0002.0001"
#define UHID "devices/virtual/misc/uhid/0003:0463:FFFF.0002"

/* A UPS with nothing but a byte that says 100 %. */
static const uint8_t descriptor[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x05, 0x85, 0x09,
    0x66, 0x75, 0x08, 0x95, 0x01, 0x15, 0x00, 0x25, 0x64, 0xb1, 0x02, 0xc0};

static char sys[] = "/tmp/holdup-sysfs-test.XXXXXX";

/* Makes a file, and the folders that lead to it. */
static void
put(const char *name, const void *bytes, size_t len)
{
	char *path = xasprintf("%s/%s", sys, name);
	int fd;

	for (char *slash = path + sizeof(sys); (slash = strchr(slash, '/')) != NULL;
	     slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	assert_return_code(fd = open(path, O_WRONLY | O_CREAT, 0600), 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
	free(path);
}

static void
put_text(const char *name, const char *text)
{
	put(name, text, strlen(text));
}

/* A symbolic link to a folder. */
static void
put_link(const char *name, const char *folder)
{
	char *path = xasprintf("%s/%s", sys, name), *to = xasprintf("%s/%s", sys, folder);

	assert_return_code(symlink(to, path), 0);
	free(path);
	free(to);
}

/* The node of a HID device, as the kernel would link it. */
static void
put_node(const char *hid, const char *node)
{
	char *device = xasprintf("%s/hidraw/%s/device", hid, node);
	char *class = xasprintf("class/hidraw/%s", node), *folder;

	folder = xasprintf("%s/hidraw/%s", hid, node);
	put_text("class/hidraw/.keep", "");
	put_text(device, "");
	put_link(class, folder);
	free(folder);
	folder = xasprintf("%s/%s", sys, device);
	assert_return_code(unlink(folder), 0);
	put_link(device, hid);
	free(device);
	free(class);
	free(folder);
}

static int
make(void **state)
{
	assert_non_null(mkdtemp(sys));
	put_text(USB "/busnum", "1\n");
	put_text(USB "/devnum", "7\n");
	put_text(USB "/idVendor", "051d\n");
	put_text(USB "/idProduct", "0002\n");
	put_text(USB "/bcdDevice", "0106\n");
	put_text(USB "/manufacturer", "American Power Conversion\n");
	put_text(USB "/product", "Back-UPS CS 500 FW:808.q10 .I USB FW:q10 \n");
	put_text(USB "/serial", "  4B0634P02341  \n");
	put_text(HID "/uevent", "DRIVER=hid-generic\nHID_ID=0003:0000051D:00000002\n");
	put(HID "/report_descriptor", descriptor, sizeof(descriptor));
	put_node(HID, "hidraw10");
	put_text(UHID "/uevent",
	    "DRIVER=hid-generic\nHID_ID=0003:00000463:0000FFFF\n"
	    "HID_NAME=EATON Ellipse\nHID_PHYS=\nHID_UNIQ=G1\nMODALIAS=hid:b0003\n");
	put_node(UHID, "hidraw2");
	put_link("class/hidraw/hidraw3", "devices/gone");
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int what, struct FTW *ftw)
{
	return remove(path);
}

static int
clear(void **state)
{
	return nftw(sys, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* The device of a node. */
static const struct bus_device *
find(const struct bus_list *list, const char *path)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->devices[i].path, path) == 0)
			return &list->devices[i];
	}
	fail_msg("no %s", path);
	return NULL;
}

static void
test_usb(void **state)
{
	struct bus_list list = {0};
	const struct bus_device *d;

	bus_sysfs_scan(&list, sys);
	assert_int_equal(list.count, 2);
	d = find(&list, "/dev/hidraw10");
	assert_string_equal(d->usb, "/dev/bus/usb/001/007");
	assert_string_equal(d->bus, "001");
	assert_string_equal(d->number, "007");
	assert_string_equal(d->port, "002");
	assert_int_equal(d->ident.vendor, 0x051d);
	assert_int_equal(d->ident.product, 2);
	assert_int_equal(d->ident.version, 0x0106);
	assert_string_equal(d->ident.manufacturer, "American Power Conversion");
	assert_string_equal(d->ident.name, "Back-UPS CS 500 FW:808.q10 .I USB FW:q10 ");
	assert_string_equal(d->ident.serial, "  4B0634P02341  ");
	assert_true(d->power);
	assert_string_equal(d->fault, "");
	assert_int_equal(d->descriptor_len, sizeof(descriptor));
	assert_memory_equal(d->descriptor, descriptor, sizeof(descriptor));
	bus_list_free(&list);
}

/* No USB device, and a descriptor that cannot be had. */
static void
test_uhid(void **state)
{
	struct bus_list list = {0};
	const struct bus_device *d;

	bus_sysfs_scan(&list, sys);
	d = find(&list, "/dev/hidraw2");
	assert_string_equal(d->usb, "");
	assert_string_equal(d->bus, "");
	assert_int_equal(d->ident.vendor, 0x0463);
	assert_int_equal(d->ident.product, 0xffff);
	assert_string_equal(d->ident.name, "EATON Ellipse");
	assert_string_equal(d->ident.serial, "G1");
	assert_false(d->power);
	assert_string_equal(d->fault, "No such file or directory");
	bus_list_free(&list);
}

static void
test_nothing(void **state)
{
	struct bus_list list = {0};

	bus_sysfs_scan(&list, "/nonexistent");
	assert_int_equal(list.count, 0);
	bus_list_free(&list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_usb),
	    cmocka_unit_test(test_uhid),
	    cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, make, clear);
}
