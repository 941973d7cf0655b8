/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hid/bus.h"
#include "lib/xmem.h"

#define TEXT_MAX 4096  /* a file of sysfs is a page at most, but for descriptors */
#define EVENT_MAX 8192 /* an event; the kernel and udevd keep to less */

/* The groups of NETLINK_KOBJECT_UEVENT; the second is where udevd says again what it has
 * dealt with. */
enum { FROM_KERNEL = 1, FROM_UDEVD = 2 };

/* Reads a file of sysfs; its length, or -1 with errno set. */
static ssize_t
slurp(const char *folder, const char *name, void *out, size_t size)
{
	char *path = xasprintf("%s/%s", folder, name), *to = out;
	int error, fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	free(path);
	if (fd == -1)
		return -1;
	while ((n = read(fd, to + len, size - len)) > 0)
		len += (size_t)n;
	error = errno;
	close(fd);
	errno = error;
	return n == -1 ? -1 : (ssize_t)len;
}

/* The text of an attribute, "" when there is none. */
static void
attribute(const char *folder, const char *name, char *out, size_t size)
{
	ssize_t len = slurp(folder, name, out, size - 1);

	out[len > 0 ? len : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

/* The number of an attribute, 0 when there is none. */
static unsigned
number(const char *folder, const char *name, int radix)
{
	char text[32];

	attribute(folder, name, text, sizeof(text));
	return (unsigned)strtoul(text, NULL, radix);
}

/* Copies what stands in the line NAME=… of a uevent file, "" without that line. */
static void
property(const char *uevent, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);
	const char *line = uevent;

	*out = '\0';
	for (; line != NULL && *line != '\0'; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) == 0 && line[len] == '=') {
			line += len + 1;
			snprintf(out, size, "%.*s", (int)strcspn(line, "\n"), line);
			return;
		}
	}
}

/* What the HID layer knows, for devices of /dev/uhid: HID_ID is bus:vendor:product. */
static void
identify_hid(struct bus_device *d, const char *hid)
{
	char uevent[TEXT_MAX], id[64];
	unsigned bus, vendor, product;
	ssize_t len = slurp(hid, "uevent", uevent, sizeof(uevent) - 1);

	uevent[len > 0 ? len : 0] = '\0';
	property(uevent, "HID_ID", id, sizeof(id));
	if (sscanf(id, "%x:%x:%x", &bus, &vendor, &product) == 3) {
		d->ident.vendor = (uint16_t)vendor;
		d->ident.product = (uint16_t)product;
	}
	property(uevent, "HID_NAME", d->ident.name, sizeof(d->ident.name));
	property(uevent, "HID_UNIQ", d->ident.serial, sizeof(d->ident.serial));
}

/* Shortens the folder of a HID device to that of the USB device which it is a part of;
 * false when it is not one of USB. */
static bool
find_usb(char *folder)
{
	char *slash, *path;
	bool found;

	while ((slash = strrchr(folder, '/')) != NULL) {
		*slash = '\0';
		path = xasprintf("%s/devnum", folder);
		found = access(path, F_OK) == 0;
		free(path);
		if (found)
			return true;
	}
	return false;
}

/* What the USB device says of itself, and where it hangs: "1-1.2" is port 2. */
static void
identify_usb(struct bus_device *d, const char *usb)
{
	unsigned bus = number(usb, "busnum", 10) % 1000;
	unsigned device = number(usb, "devnum", 10) % 1000;
	const char *port = strrchr(usb, '/') + 1;

	d->ident.vendor = (uint16_t)number(usb, "idVendor", 16);
	d->ident.product = (uint16_t)number(usb, "idProduct", 16);
	d->ident.version = (uint16_t)number(usb, "bcdDevice", 16);
	attribute(
	    usb, "manufacturer", d->ident.manufacturer, sizeof(d->ident.manufacturer));
	attribute(usb, "product", d->ident.name, sizeof(d->ident.name));
	attribute(usb, "serial", d->ident.serial, sizeof(d->ident.serial));
	snprintf(d->bus, sizeof(d->bus), "%03u", bus);
	snprintf(d->number, sizeof(d->number), "%03u", device);
	if ((port = strrchr(port, '-')) != NULL) {
		port = strrchr(port, '.') != NULL ? strrchr(port, '.') : port;
		snprintf(d->port, sizeof(d->port), "%03u",
		    (unsigned)strtoul(port + 1, NULL, 10) % 1000);
	}
	snprintf(d->usb, sizeof(d->usb), "/dev/bus/usb/%03u/%03u", bus, device);
}

/* sysfs has the descriptor for everyone to read: the node need not be opened. */
static void
describe(struct bus_device *d, const char *hid)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX];
	ssize_t len = slurp(hid, "report_descriptor", bytes, sizeof(bytes));

	if (len == -1)
		snprintf(d->fault, sizeof(d->fault), "%s", strerror(errno));
	else
		bus_device_describe(d, bytes, (size_t)len);
}

/* One device of the class: its HID device is the folder that `device` leads to. */
static void
add(struct bus_list *list, const char *class, const char *name)
{
	char *link = xasprintf("%s/%s/device", class, name);
	char *folder = realpath(link, NULL);
	struct bus_device *d;

	free(link);
	if (folder == NULL)
		return; /* gone meanwhile */
	d = bus_list_add(list);
	snprintf(d->path, sizeof(d->path), "/dev/%.200s", name);
	describe(d, folder);
	identify_hid(d, folder);
	if (find_usb(folder))
		identify_usb(d, folder);
	free(folder);
}

void
bus_sysfs_scan(struct bus_list *list, const char *sys)
{
	char *class = xasprintf("%s/class/hidraw", sys);
	DIR *dir = opendir(class);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, "hidraw", 6) == 0)
			add(list, class, entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	free(class);
}

int
bus_sysfs_monitor(void)
{
	/* udevd speaks after it has set a node's group; where none runs, the kernel does. */
	bool udevd = access("/run/udev/control", F_OK) == 0;
	struct sockaddr_nl nl = {
	    .nl_family = AF_NETLINK, .nl_groups = udevd ? FROM_UDEVD : FROM_KERNEL};
	int error, fd;

	fd = socket(
	    AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_KOBJECT_UEVENT);
	if (fd != -1 && bind(fd, (struct sockaddr *)&nl, sizeof(nl)) == -1) {
		error = errno;
		close(fd);
		errno = error;
		fd = -1;
	}
	return fd;
}

bool
bus_sysfs_monitor_clear(int fd)
{
	static const char hidraw[] = "SUBSYSTEM=hidraw"; /* with its NUL */
	char event[EVENT_MAX];
	struct sockaddr_nl from = {0};
	socklen_t size = sizeof(from);
	bool changed = false;
	ssize_t n;

	while ((n = recvfrom(fd, event, sizeof(event), 0, (struct sockaddr *)&from,
		    &size)) != -1 ||
	       errno == ENOBUFS) {
		/* What is not sent to a group may come from anybody. */
		if (n == -1 || (from.nl_groups != 0 && memmem(event, (size_t)n, hidraw,
							   sizeof(hidraw)) != NULL))
			changed = true;
		size = sizeof(from);
	}
	return changed;
}
