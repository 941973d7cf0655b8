/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hid/bus.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"

struct bus_watch {
	void (*changed)(void *arg);
	void *arg;
	struct udev_monitor *udev;
	int sim_fd;
	struct event *udev_event, *sim_event;
};

struct bus_device *
bus_list_add(struct bus_list *list)
{
	struct bus_device *d;

	list->devices =
	    xreallocarray(list->devices, list->count + 1, sizeof(*list->devices));
	d = &list->devices[list->count++];
	memset(d, 0, sizeof(*d));
	return d;
}

void
bus_list_free(struct bus_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->devices[i].descriptor);
	free(list->devices);
	*list = (struct bus_list){0};
}

void
bus_device_describe(struct bus_device *d, const uint8_t *bytes, size_t len)
{
	struct hid_desc *desc;

	d->descriptor = xmalloc(len + 1);
	memcpy(d->descriptor, bytes, len);
	d->descriptor_len = len;
	desc = hid_desc_parse(bytes, len, d->fault, sizeof(d->fault));
	d->power = desc != NULL && hid_desc_is_power(desc);
	hid_desc_free(desc);
}

char *
bus_device_name(const struct bus_device *d, char *out, size_t size)
{
	const char *name = d->ident.name;
	size_t len = strlen(name);

	while (len > 0 && name[len - 1] == ' ')
		len--;
	snprintf(out, size, "%04x:%04x%s%.*s", d->ident.vendor, d->ident.product,
	    len > 0 ? " " : "", (int)len, name);
	return out;
}

static int
by_path(const void *a, const void *b)
{
	const struct bus_device *x = a, *y = b;

	return strverscmp(x->path, y->path);
}

void
bus_scan(struct bus_list *list)
{
	char *folder = paths_state("sim");
	struct stat st;

	*list = (struct bus_list){0};
	if (stat(folder, &st) == 0 && S_ISDIR(st.st_mode))
		bus_sim_scan(list, folder);
	else
		bus_udev_scan(list);
	if (list->count > 1)
		qsort(list->devices, list->count, sizeof(*list->devices), by_path);
	free(folder);
}

static void
udev_readable(evutil_socket_t fd, short what, void *arg)
{
	struct bus_watch *w = arg;

	bus_udev_monitor_clear(w->udev);
	w->changed(w->arg);
}

static void
sim_readable(evutil_socket_t fd, short what, void *arg)
{
	struct bus_watch *w = arg;

	bus_sim_monitor_clear(w->sim_fd);
	w->changed(w->arg);
}

struct bus_watch *
bus_watch_new(struct event_base *base, void (*changed)(void *arg), void *arg)
{
	struct bus_watch *w = xcalloc(1, sizeof(*w));
	int fd;

	w->changed = changed;
	w->arg = arg;
	if ((w->udev = bus_udev_monitor(&fd)) != NULL) {
		w->udev_event =
		    event_new(base, fd, EV_READ | EV_PERSIST, udev_readable, w);
		event_add(w->udev_event, NULL);
	} else {
		log_warn_errno("no word from the kernel about new devices; looking "
			       "every few seconds");
	}
	if ((w->sim_fd = bus_sim_monitor()) != -1) {
		w->sim_event =
		    event_new(base, w->sim_fd, EV_READ | EV_PERSIST, sim_readable, w);
		event_add(w->sim_event, NULL);
	}
	return w;
}

void
bus_watch_free(struct bus_watch *w)
{
	if (w == NULL)
		return;
	if (w->udev != NULL) {
		event_free(w->udev_event);
		bus_udev_monitor_free(w->udev);
	}
	if (w->sim_fd != -1) {
		event_free(w->sim_event);
		close(w->sim_fd);
	}
	free(w);
}
