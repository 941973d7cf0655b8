/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "hid/bus.h"
#include "hid/io.h"
#include "lib/paths.h"

/* A place as the machine's bus writes it, "3-1.2": bus 3, and port 2 of a hub. */
static void
identify_place(struct bus_device *d, const char *place)
{
	const char *port = strrchr(place, '-');
	unsigned bus, number;

	snprintf(d->place, sizeof(d->place), "%.*s", (int)sizeof(d->place) - 1, place);
	if (port == NULL || sscanf(place, "%u-", &bus) != 1)
		return;
	port = strrchr(port, '.') != NULL ? strrchr(port, '.') : port;
	if (sscanf(port + 1, "%u", &number) != 1)
		return;
	snprintf(d->bus, sizeof(d->bus), "%03u", bus % 1000);
	snprintf(d->port, sizeof(d->port), "%03u", number % 1000);
}

/* One socket of the folder. */
static void
add(struct bus_list *list, const char *folder, const char *name)
{
	static uint8_t bytes[HIDSOCK_DATA_MAX];
	struct bus_device *d = bus_list_add(list);
	struct hidsock_info info;
	size_t len;

	snprintf(d->path, sizeof(d->path), "%s/%s", folder, name);
	if (io_sock_info(d->path, &info, bytes, sizeof(bytes), &len) == -1) {
		snprintf(d->fault, sizeof(d->fault), "%s", strerror(errno));
		return;
	}
	d->ident.vendor = info.vendor;
	d->ident.product = info.product;
	d->ident.version = info.version;
	memcpy(d->ident.manufacturer, info.manufacturer, sizeof(d->ident.manufacturer));
	memcpy(d->ident.name, info.name, sizeof(d->ident.name));
	memcpy(d->ident.serial, info.serial, sizeof(d->ident.serial));
	identify_place(d, info.path);
	bus_device_describe(d, bytes, len);
}

void
bus_sim_scan(struct bus_list *list, const char *folder)
{
	struct dirent *entry;
	DIR *dir;

	if ((dir = opendir(folder)) == NULL)
		return;
	while ((entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, "hidraw", 6) == 0)
			add(list, folder, entry->d_name);
	}
	closedir(dir);
}

/* Watches STATEPATH for the folder and the folder, once there, for sockets. */
static void
watch(int fd)
{
	char *state = paths_state(""), *folder = paths_state("sim");

	inotify_add_watch(fd, state, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
	inotify_add_watch(fd, folder, IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_ONLYDIR);
	free(state);
	free(folder);
}

int
bus_sim_monitor(void)
{
	int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);

	if (fd != -1)
		watch(fd);
	return fd;
}

void
bus_sim_monitor_clear(int fd)
{
	char events[4096];

	while (read(fd, events, sizeof(events)) > 0)
		;
	watch(fd);
}
