/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hid/holders.h"

#define NUT "a driver of NUT: ", "systemctl disable --now nut-driver@UPS"

/* Programs that speak to UPSes over USB, by their names as the kernel has them (cut after
 * 15 bytes), and how they are stopped for good. */
static const struct {
	const char *name, *whose, *command;
} known[] = {
    {"usbhid-ups", NUT},
    {"blazer_usb", NUT},
    {"nutdrv_qx", NUT},
    {"nutdrv_atcl_usb", NUT},
    {"tripplite_usb", NUT},
    {"bcmxcp_usb", NUT},
    {"richcomm_usb", NUT},
    {"riello_usb", NUT},
    {"apcupsd", "", "systemctl disable --now apcupsd"},
    {"pwrstatd", "PowerPanel: ", "systemctl disable --now pwrstatd"},
    {"upowerd", "the desktop's: ", "systemctl mask --now upower"},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))
#define ASKER "hid-asker" /* its parent is named already */

/* The row of `name`; KNOWN: it has none. */
static size_t
row_of(const char *name)
{
	size_t i = 0;

	while (i < KNOWN && strcmp(known[i].name, name) != 0)
		i++;
	return i;
}

const char *
holders_remedy(const char *name)
{
	const size_t row = row_of(name);

	return row < KNOWN ? known[row].command : NULL;
}

static bool
read_name(int process, char *name, size_t size)
{
	int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd == -1)
		return false;
	n = read(fd, name, size - 1);
	close(fd);
	if (n <= 0)
		return false;
	name[n] = '\0';
	name[strcspn(name, "\n")] = '\0';
	return true;
}

/* True for a node of the device, however it is reached. */
static bool
is_node(const char *path, const struct bus_device *d)
{
	return strcmp(path, d->path) == 0 ||
	       (d->usb[0] != '\0' && strcmp(path, d->usb) == 0) ||
	       (d->hiddev[0] != '\0' && strcmp(path, d->hiddev) == 0);
}

enum sight { INNOCENT, UNSEEN, SEEN };

/* Whether one of its descriptors is a node of the device; UNSEEN where we may not look. */
static enum sight
sight_of(int process, const struct bus_device *d)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool found = false, denied = false;
	struct dirent *entry;
	char path[256];
	ssize_t n;
	DIR *dir;

	if (fd == -1)
		return UNSEEN;
	if ((dir = fdopendir(fd)) == NULL) {
		close(fd);
		return UNSEEN;
	}
	while (!found && (entry = readdir(dir)) != NULL) {
		n = readlinkat(fd, entry->d_name, path, sizeof(path) - 1);
		path[n > 0 ? n : 0] = '\0';
		found = n > 0 && is_node(path, d);
		denied |= n == -1 && errno == EACCES; /* root, confined */
	}
	closedir(dir);
	if (found)
		return SEEN;
	return denied ? UNSEEN : INNOCENT;
}

static void
look_at(struct holders *h, int process, long pid, const struct bus_device *d)
{
	struct holder one = {.pid = pid};
	enum sight sight;

	if (!read_name(process, one.name, sizeof(one.name)) ||
	    strcmp(one.name, ASKER) == 0)
		return;
	sight = sight_of(process, d);
	one.open = sight == SEEN;
	if ((one.open || (sight == UNSEEN && row_of(one.name) < KNOWN)) &&
	    h->count < HOLDERS_MAX)
		h->list[h->count++] = one;
}

/* Who was seen makes those who only may be innocent. */
static void
keep_seen(struct holders *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->count; i++)
		if (h->list[i].open)
			h->list[n++] = h->list[i];
	if (n > 0)
		h->count = n;
}

void
holders_find(struct holders *h, const char *proc, const struct bus_device *d, long self)
{
	struct dirent *entry;
	int process;
	DIR *dir;
	long pid;

	h->count = 0;
	if ((dir = opendir(proc)) == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		pid = strtol(entry->d_name, NULL, 10);
		if (pid <= 0 || pid == self)
			continue;
		process =
		    openat(dirfd(dir), entry->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (process == -1)
			continue;
		look_at(h, process, pid, d);
		close(process);
	}
	closedir(dir);
	keep_seen(h);
}

char *
holders_text(const struct holders *h, bool sure, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < h->count && used < size; i++) {
		const struct holder *one = &h->list[i];
		const size_t row = row_of(one->name);

		if (sure && !one->open)
			continue;
		used += (size_t)snprintf(out + used, size - used,
		    "%s%sPID %ld (%s%s%s%s)", used > 0 ? ", " : "",
		    one->open ? "" : "maybe ", one->pid, one->name,
		    row < KNOWN ? ", " : "", row < KNOWN ? known[row].whose : "",
		    row < KNOWN ? known[row].command : "");
	}
	return out;
}
