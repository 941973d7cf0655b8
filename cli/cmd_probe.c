/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/probe.h"
#include "cli/record.h"
#include "hid/bus.h"
#include "hid/holders.h"

#define CAUSE_MAX 256

struct options {
	const char *record, *replay, *device;
	int show; /* a PROBE_*, or 0 */
	bool many, json;
};

/* The one to record: named by its path or a part of its name, else the only UPS. */
static const struct bus_device *
choose(const struct bus_list *list, const char *wanted)
{
	const struct bus_device *found = NULL;
	char name[CAUSE_MAX];

	for (size_t i = 0; i < list->count; i++) {
		const struct bus_device *d = &list->devices[i];

		bus_device_name(d, name, sizeof(name));
		if (wanted != NULL &&
		    (strcmp(d->path, wanted) == 0 || strcasestr(name, wanted) != NULL))
			return d;
		if (wanted == NULL && d->power) {
			if (found != NULL)
				cli_complain("several UPSes; taking %s", found->path);
			else
				found = d;
		}
	}
	if (found == NULL)
		cli_complain("no device %s; 'holdup probe' lists what is there",
		    wanted != NULL ? wanted : "that is a UPS");
	return found;
}

static int
record(const struct options *o)
{
	const struct bus_device *device;
	struct bus_list list = {0};
	char cause[CAUSE_MAX], *text = NULL;
	int result = 1;
	FILE *out;

	bus_scan(&list);
	if ((device = choose(&list, o->device)) == NULL)
		goto out;
	if ((text = record_device(device, cause, sizeof(cause))) == NULL) {
		cli_complain("cannot record %s: %s", device->path, cause);
		goto out;
	}
	if ((out = fopen(o->record, "we")) == NULL) {
		cli_complain("cannot write %s: %s", o->record, strerror(errno));
		goto out;
	}
	fputs(text, out);
	if (fclose(out) != 0)
		cli_complain("cannot write %s: %s", o->record, strerror(errno));
	else
		result = 0;
out:
	free(text);
	bus_list_free(&list);
	return result;
}

/* What stands in the way of using a device that is there. */
static void
advise(const struct bus_device *d)
{
	struct holders h;
	char text[512];

	holders_find(&h, "/proc", d, getpid());
	if (d->claimed)
		printf("  %s%s%s\n", d->fault,
		    holders_text(&h, false, text, sizeof(text))[0] != '\0' ? ": " : "",
		    text);
	else if (d->fault[0] != '\0')
		printf("  descriptor: %s\n", d->fault);
	if (d->power && holders_text(&h, true, text, sizeof(text))[0] != '\0')
		printf("  open in %s\n", text);
	if (!d->power || strncmp(d->path, "/dev/", 5) != 0 ||
	    access(d->path, R_OK | W_OK) == 0)
		return;
	printf(
	    "  You may not open %s; root and group nut may, once holdup is installed:\n"
	    "  then udev gives them each UPS that is plugged in. For this one, as root:\n"
	    "    udevadm control --reload; udevadm trigger --action=change %s\n",
	    d->path, d->path);
}

static void
print_device(const struct bus_device *d)
{
	printf("%s  %04x:%04x\n  %s %s\n", d->path, d->ident.vendor, d->ident.product,
	    d->ident.manufacturer, d->ident.name);
	printf("  serial %s\n", d->ident.serial[0] != '\0' ? d->ident.serial : "unknown");
	if (d->place[0] != '\0')
		printf("  at USB port %s: bus = \"%s\", busport = \"%s\"\n", d->place,
		    d->bus, d->port);
	if (d->power)
		printf("  a UPS, by its descriptor of %zu bytes\n", d->descriptor_len);
	advise(d);
}

static void
list_json(const struct bus_list *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->count; i++) {
		const struct bus_device *d = &list->devices[i];
		char ids[16];

		snprintf(
		    ids, sizeof(ids), "%04x:%04x", d->ident.vendor, d->ident.product);
		json_array_append_new(
		    array, json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:s}", "path",
			       d->path, "id", ids, "manufacturer", d->ident.manufacturer,
			       "product", d->ident.name, "serial", d->ident.serial, "ups",
			       (int)d->power, "fault", d->fault));
	}
	probe_json(array);
}

static int
list_devices(bool json)
{
	struct bus_list list = {0};
	size_t upses = 0, others = 0;

	bus_scan(&list);
	for (size_t i = 0; i < list.count; i++) {
		const struct bus_device *d = &list.devices[i];

		upses += d->power;
		others += !d->power && d->fault[0] == '\0';
		if (!json && (d->power || d->fault[0] != '\0'))
			print_device(d);
	}
	if (json)
		list_json(&list);
	else if (upses == 0)
		printf(
		    "No UPS found among %zu HID devices.\n"
		    "  'lsusb' lists what is on USB; a UPS is usually 051d (APC), 0764 "
		    "(CyberPower),\n"
		    "  0463 (Eaton). Is the data cable in, and is it the UPS's own? In a "
		    "container or a\n"
		    "  virtual machine the device must be passed through, /dev/hidrawN "
		    "too.\n"
		    "  For a virtual one: holdup demo\n",
		    list.count);
	else if (others > 0)
		printf("%zu other HID device%s no UPS\n", others,
		    others == 1 ? " is" : "s are");
	bus_list_free(&list);
	return upses > 0 ? 0 : 1;
}

int
cmd_probe(int argc, char **argv)
{
	static const struct option longs[] = {
	    {"record", required_argument, NULL, 'r'},
	    {"replay", required_argument, NULL, 'p'},
	    {"fields", no_argument, NULL, PROBE_FIELDS},
	    {"vars", no_argument, NULL, PROBE_VARS},
	    {"commands", no_argument, NULL, PROBE_COMMANDS},
	    {"quirks", no_argument, NULL, PROBE_QUIRKS},
	    {"json", no_argument, NULL, 'j'},
	    {NULL, 0, NULL, 0},
	};
	struct options o = {0};
	int option;

	while ((option = getopt_long(argc, argv, "", longs, NULL)) != -1) {
		switch (option) {
		case 'r':
			o.record = optarg;
			break;
		case 'p':
			o.replay = optarg;
			break;
		case PROBE_FIELDS:
		case PROBE_VARS:
		case PROBE_COMMANDS:
		case PROBE_QUIRKS:
			o.many |= o.show != 0;
			o.show = option;
			break;
		case 'j':
			o.json = true;
			break;
		default:
			return cli_usage("probe");
		}
	}
	o.device = optind < argc ? argv[optind++] : NULL;
	if (optind < argc || (o.device != NULL && o.record == NULL) ||
	    (o.replay != NULL && o.record != NULL) || o.many ||
	    (o.replay != NULL) != (o.show != 0))
		return cli_usage("probe");
	if (o.replay != NULL)
		return probe_replay(o.replay, (enum probe_show)o.show, o.json);
	if (o.record != NULL)
		return record(&o);
	return list_devices(o.json);
}
