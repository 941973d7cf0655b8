/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hid/desc.h"
#include "udev/look.h"

/* What was found among the HID devices looked at, and room for what is wrong with one. */
struct found {
	bool ups;
	bool others; /* an input device, or one that cannot be told */
	char *cause;
	size_t size;
};

static ssize_t
read_all(int fd, uint8_t *bytes, size_t size)
{
	size_t len = 0;
	ssize_t n = 0;

	while (len < size && (n = read(fd, bytes + len, size - len)) > 0)
		len += (size_t)n;
	return n < 0 ? -1 : (ssize_t)len;
}

/* Judges the HID device in a folder; false when there is none. */
static bool
look_hid(struct found *f, int at, const char *folder)
{
	static uint8_t bytes[HID_DESC_BYTES_MAX + 1]; /* one more than is accepted */
	char path[NAME_MAX + sizeof("/report_descriptor")];
	struct hid_desc *d;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%s/report_descriptor", folder);
	if ((fd = openat(at, path, O_RDONLY | O_CLOEXEC)) == -1)
		return false;
	len = read_all(fd, bytes, sizeof(bytes));
	close(fd);
	d = len < 0 ? NULL : hid_desc_parse(bytes, (size_t)len, f->cause, f->size);
	if (len < 0)
		snprintf(f->cause, f->size, "its descriptor: %s", strerror(errno));
	f->ups |= d != NULL && hid_desc_is_power(d);
	f->others |= d == NULL || d->input_device;
	hid_desc_free(d);
	return true;
}

/* Calls `look` with each entry whose name has a colon, as interfaces ("1-1:1.0") and HID
 * devices ("0003:051D:0002.0001") have; `max` of them. Closes `fd`. */
static void
each(struct found *f, int fd, int max, void (*look)(struct found *, int, const char *))
{
	DIR *dir = fd == -1 ? NULL : fdopendir(fd);
	struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		if (strchr(entry->d_name, ':') == NULL)
			continue;
		if (max-- == 0) {
			f->others = true;
			break;
		}
		look(f, dirfd(dir), entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	else if (fd != -1)
		close(fd);
}

static int
open_folder(int at, const char *name, int flags)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags);
}

static void
look_child(struct found *f, int at, const char *name)
{
	(void)look_hid(f, at, name);
}

static void
look_interface(struct found *f, int at, const char *name)
{
	each(f, open_folder(at, name, O_NOFOLLOW), LOOK_HIDS_MAX, look_child);
}

/* Judges a USB device by its interfaces, and closes it. */
static enum look
look_usb(struct found *f, int fd)
{
	each(f, fd, LOOK_INTERFACES_MAX, look_interface);
	if (!f->ups)
		return LOOK_OTHER;
	return f->others ? LOOK_SHARED : LOOK_UPS;
}

enum look
look_at(const char *folder, char *cause, size_t size)
{
	struct found f = {.cause = cause, .size = size};
	int fd = open_folder(AT_FDCWD, folder, 0);
	enum look usb;

	cause[0] = '\0';
	if (fd == -1) {
		snprintf(cause, size, "%s", strerror(errno));
		return LOOK_OTHER;
	}
	if (!look_hid(&f, fd, "device"))
		return look_usb(&f, fd);
	if (f.ups) {
		close(fd);
		return LOOK_UPS;
	}
	/* Above its HID device are the interface and, if that is USB, the USB device. */
	usb = look_usb(&f, open_folder(fd, "device/../..", 0));
	close(fd);
	return usb == LOOK_OTHER ? LOOK_OTHER : LOOK_SHARED;
}
