/* SPDX-License-Identifier: ISC */
#include <dirent.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doctor/usb.h"
#include "lib/xmem.h"

#define CLASS_HID 3
#define PATH_ROOM 320

/* A file of one line; "" without. */
static void
attribute(const char *folder, const char *name, char *out, size_t size)
{
	char path[PATH_ROOM + 64];
	FILE *f;

	*out = '\0';
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	if ((f = fopen(path, "re")) == NULL)
		return;
	if (fgets(out, (int)size, f) != NULL)
		out[strcspn(out, "\n")] = '\0';
	fclose(f);
}

static bool
has_node(const char *folder)
{
	char pattern[PATH_ROOM + 64];
	glob_t found;
	bool has;

	snprintf(pattern, sizeof(pattern), "%s/*/hidraw/hidraw*", folder);
	has = glob(pattern, GLOB_NOSORT, NULL, &found) == 0;
	if (has)
		globfree(&found);
	return has;
}

/* "051d:0002 Back-UPS CS 500" of the USB device that the interface is on. */
static void
identify(const char *usb, struct facts_device *d)
{
	char vendor[16], product[16], name[128];

	attribute(usb, "idVendor", vendor, sizeof(vendor));
	attribute(usb, "idProduct", product, sizeof(product));
	attribute(usb, "product", name, sizeof(name));
	d->vendor = (uint16_t)strtoul(vendor, NULL, 16);
	snprintf(d->name, sizeof(d->name), "%s:%s%s%s", vendor, product,
	    name[0] != '\0' ? " " : "", name);
}

/* One interface, "1-1.2:1.0". */
static void
add(struct facts_devices *f, const char *all, const char *interface)
{
	char folder[PATH_ROOM], path[PATH_ROOM + 16], target[256], class[16];
	struct facts_device d = {.ups = false};
	ssize_t n;

	snprintf(folder, sizeof(folder), "%s/%.64s", all, interface);
	attribute(folder, "bInterfaceClass", class, sizeof(class));
	if (strtoul(class, NULL, 16) != CLASS_HID || has_node(folder))
		return;
	snprintf(path, sizeof(path), "%s/driver", folder);
	n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	snprintf(d.driver, sizeof(d.driver), "%.31s",
	    strrchr(target, '/') != NULL ? strrchr(target, '/') + 1 : target);
	if (strcmp(d.driver, "usbfs") == 0)
		return;
	snprintf(d.place, sizeof(d.place), "%.63s", interface);
	snprintf(folder, sizeof(folder), "%s/%.*s", all, (int)strcspn(interface, ":"),
	    interface);
	identify(folder, &d);
	f->list = xreallocarray(f->list, f->count + 1, sizeof(*f->list));
	f->list[f->count++] = d;
}

void
usb_unbound(const char *sys, struct facts_devices *f)
{
	char all[PATH_ROOM / 2];
	const struct dirent *e;
	DIR *dir;

	snprintf(all, sizeof(all), "%s/bus/usb/devices", sys);
	if ((dir = opendir(all)) == NULL)
		return;
	while ((e = readdir(dir)) != NULL)
		if (strchr(e->d_name, ':') != NULL)
			add(f, all, e->d_name);
	closedir(dir);
}
