/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libudev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hid/bus.h"

#define USB_CLASS_HID 3

static void
copy(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text == NULL ? "" : text);
}

/* A number of a sysfs file, 0 when there is none. */
static unsigned long
number(struct udev_device *d, const char *name, int radix)
{
	const char *text = udev_device_get_sysattr_value(d, name);

	return text == NULL ? 0 : strtoul(text, NULL, radix);
}

/* What the HID layer knows, for devices of /dev/uhid: HID_ID is bus:vendor:product. */
static void
identify_hid(struct bus_device *d, struct udev_device *hid)
{
	const char *id = udev_device_get_property_value(hid, "HID_ID");
	unsigned bus, vendor, product;

	if (id != NULL && sscanf(id, "%x:%x:%x", &bus, &vendor, &product) == 3) {
		d->ident.vendor = (uint16_t)vendor;
		d->ident.product = (uint16_t)product;
	}
	copy(d->ident.name, sizeof(d->ident.name),
	    udev_device_get_property_value(hid, "HID_NAME"));
	copy(d->ident.serial, sizeof(d->ident.serial),
	    udev_device_get_property_value(hid, "HID_UNIQ"));
}

/* What the USB device says of itself, and where it hangs: "1-1.2" is port 2. */
static void
identify_usb(struct bus_device *d, struct udev_device *usb)
{
	unsigned bus = (unsigned)number(usb, "busnum", 10) % 1000;
	unsigned device = (unsigned)number(usb, "devnum", 10) % 1000;
	const char *place = udev_device_get_sysname(usb), *port = strrchr(place, '-');

	d->ident.vendor = (uint16_t)number(usb, "idVendor", 16);
	d->ident.product = (uint16_t)number(usb, "idProduct", 16);
	d->ident.version = (uint16_t)number(usb, "bcdDevice", 16);
	copy(d->ident.manufacturer, sizeof(d->ident.manufacturer),
	    udev_device_get_sysattr_value(usb, "manufacturer"));
	copy(d->ident.name, sizeof(d->ident.name),
	    udev_device_get_sysattr_value(usb, "product"));
	copy(d->ident.serial, sizeof(d->ident.serial),
	    udev_device_get_sysattr_value(usb, "serial"));
	copy(d->place, sizeof(d->place), place);
	snprintf(d->bus, sizeof(d->bus), "%03u", bus);
	snprintf(d->number, sizeof(d->number), "%03u", device);
	if (port != NULL) {
		port = strrchr(port, '.') != NULL ? strrchr(port, '.') : port;
		snprintf(d->port, sizeof(d->port), "%03u",
		    (unsigned)strtoul(port + 1, NULL, 10) % 1000);
	}
	snprintf(d->usb, sizeof(d->usb), "/dev/bus/usb/%03u/%03u", bus, device);
}

/* sysfs has the descriptor for everyone to read: the node need not be opened. */
static void
describe(struct bus_device *d, struct udev_device *hid)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX];
	char path[512];
	ssize_t n = 0;
	size_t len = 0;
	int fd;

	snprintf(
	    path, sizeof(path), "%s/report_descriptor", udev_device_get_syspath(hid));
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1) {
		snprintf(d->fault, sizeof(d->fault), "%s", strerror(errno));
		return;
	}
	while (
	    len < sizeof(bytes) && (n = read(fd, bytes + len, sizeof(bytes) - len)) > 0)
		len += (size_t)n;
	if (n == -1)
		snprintf(d->fault, sizeof(d->fault), "%s", strerror(errno));
	else
		bus_device_describe(d, bytes, len);
	close(fd);
}

/* The hiddev node that the kernel makes beside hidraw, for who holds that. */
static void
find_hiddev(struct bus_device *d, struct udev_device *interface)
{
	char folder[512];
	struct dirent *entry;
	DIR *dir;

	snprintf(
	    folder, sizeof(folder), "%s/usbmisc", udev_device_get_syspath(interface));
	if ((dir = opendir(folder)) == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strncmp(entry->d_name, "hiddev", 6) == 0)
			snprintf(d->hiddev, sizeof(d->hiddev), "/dev/usb/%.16s",
			    entry->d_name);
	closedir(dir);
}

static void
add(struct bus_list *list, struct udev_device *hidraw)
{
	const char *node = udev_device_get_devnode(hidraw);
	struct udev_device *hid, *usb, *interface;
	struct bus_device *d;

	hid = udev_device_get_parent_with_subsystem_devtype(hidraw, "hid", NULL);
	if (node == NULL || hid == NULL)
		return;
	d = bus_list_add(list);
	copy(d->path, sizeof(d->path), node);
	usb = udev_device_get_parent_with_subsystem_devtype(hidraw, "usb", "usb_device");
	if (usb != NULL)
		identify_usb(d, usb);
	else
		identify_hid(d, hid);
	interface =
	    udev_device_get_parent_with_subsystem_devtype(hidraw, "usb", "usb_interface");
	if (interface != NULL)
		find_hiddev(d, interface);
	describe(d, hid);
}

/* A HID interface that a program has taken from the kernel, by libusb mostly. */
static void
add_claimed(struct bus_list *list, struct udev_device *interface)
{
	const char *class = udev_device_get_sysattr_value(interface, "bInterfaceClass");
	const char *driver = udev_device_get_driver(interface);
	struct udev_device *usb;
	struct bus_device *d;

	usb =
	    udev_device_get_parent_with_subsystem_devtype(interface, "usb", "usb_device");
	if (usb == NULL || class == NULL || strtoul(class, NULL, 16) != USB_CLASS_HID ||
	    driver == NULL || strcmp(driver, "usbfs") != 0)
		return;
	d = bus_list_add(list);
	identify_usb(d, usb);
	copy(d->path, sizeof(d->path), d->usb);
	copy(d->fault, sizeof(d->fault),
	    "the kernel's hidraw node is gone: a program has claimed the interface "
	    "(usbfs)");
	d->claimed = true;
}

static void
each(struct udev *udev, const char *subsystem, struct bus_list *list,
    void (*add_one)(struct bus_list *list, struct udev_device *device))
{
	struct udev_enumerate *enumerate;
	struct udev_list_entry *entry;
	struct udev_device *device;

	if ((enumerate = udev_enumerate_new(udev)) == NULL)
		return;
	udev_enumerate_add_match_subsystem(enumerate, subsystem);
	udev_enumerate_scan_devices(enumerate);
	for (entry = udev_enumerate_get_list_entry(enumerate); entry != NULL;
	     entry = udev_list_entry_get_next(entry)) {
		device =
		    udev_device_new_from_syspath(udev, udev_list_entry_get_name(entry));
		if (device == NULL)
			continue;
		add_one(list, device);
		udev_device_unref(device);
	}
	udev_enumerate_unref(enumerate);
}

void
bus_udev_scan(struct bus_list *list)
{
	struct udev *udev;

	if ((udev = udev_new()) == NULL)
		return;
	each(udev, "hidraw", list, add);
	each(udev, "usb", list, add_claimed);
	udev_unref(udev);
}

struct udev_monitor *
bus_udev_monitor(int *fd)
{
	/* udevd speaks after it has set a node's group; where none runs, the kernel does. */
	bool udevd = access("/run/udev/control", F_OK) == 0;
	struct udev_monitor *m = NULL;
	struct udev *udev;

	if ((udev = udev_new()) == NULL)
		return NULL;
	m = udev_monitor_new_from_netlink(udev, udevd ? "udev" : "kernel");
	if (m != NULL &&
	    (udev_monitor_filter_add_match_subsystem_devtype(m, "hidraw", NULL) < 0 ||
		udev_monitor_enable_receiving(m) < 0)) {
		udev_monitor_unref(m);
		m = NULL;
	}
	udev_unref(udev);
	if (m != NULL)
		*fd = udev_monitor_get_fd(m);
	return m;
}

void
bus_udev_monitor_clear(struct udev_monitor *m)
{
	struct udev_device *d;

	while ((d = udev_monitor_receive_device(m)) != NULL)
		udev_device_unref(d);
}

void
bus_udev_monitor_free(struct udev_monitor *m)
{
	udev_monitor_unref(m);
}
