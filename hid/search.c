/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hid/holders.h"
#include "hid/match.h"
#include "hid/search.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define PROC "/proc"

struct search {
	const struct options *options;
	bool settled;
	char said[640]; /* each finding is logged once */

	/* The device that was found last. */
	bool found_before;
	struct hidups_ident first; /* clients see this one's identity */
	struct bus_device last;    /* without its descriptor */
	uint64_t lost_ms;
};

struct search *
search_new(const struct options *o)
{
	struct search *s = xcalloc(1, sizeof(*s));

	s->options = o;
	return s;
}

void
search_free(struct search *s)
{
	free(s);
}

/* Logs a finding unless it is the last one again, or may pass by itself: while the bus
 * changes, sockets and access rights are made in steps. */
static void __attribute__((format(printf, 2, 3)))
say_once(struct search *s, const char *format, ...)
{
	char text[sizeof(s->said)];
	va_list ap;

	if (!s->settled)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (strcmp(text, s->said) == 0)
		return;
	memcpy(s->said, text, sizeof(s->said));
	log_warn("ups %s: %s", s->options->name, text);
}

void
search_accuse(const struct search *s)
{
	struct holders h;
	char text[512];

	holders_find(&h, PROC, &s->last, getpid());
	if (holders_text(&h, false, text, sizeof(text))[0] != '\0')
		log_warn("ups %s: %s may be disturbed by %s", s->options->name,
		    s->last.path, text);
}

/* Two that ask one device at a time get in each other's way. */
static void
name_others(const struct search *s, const struct bus_device *d)
{
	struct holders h;
	char text[512];

	holders_find(&h, PROC, d, getpid());
	if (holders_text(&h, true, text, sizeof(text))[0] != '\0')
		log_warn("ups %s: %s is open elsewhere, too: %s", s->options->name,
		    d->path, text);
}

/* Why the device that ups.conf names is not the one. */
static const char *
fault_of_port(const char *port, const struct bus_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->devices[i].taken && match_port(port, &list->devices[i]))
			return "in use by another section";
	return "no matching power device";
}

/* Says which device is used where that may surprise. */
static void
introduce(struct search *s, const struct bus_list *list, const struct bus_device *d,
    size_t twins)
{
	const char *port = s->options->port;
	char name[256];

	bus_device_name(d, name, sizeof(name));
	if (strncmp(port, "/dev/", 5) == 0 && !match_port(port, d))
		log_warn("port %s of ups %s is %s; using %s (%s)", port, s->options->name,
		    fault_of_port(port, list), d->path, name);
	else
		log_info("ups %s: using %s (%s)%s%s", s->options->name, d->path, name,
		    d->place[0] != '\0' ? " at USB port " : "", d->place);
	if (s->found_before && strcmp(s->first.serial, d->ident.serial) != 0)
		log_warn("ups %s: the device has serial \"%s\", the one before had "
			 "\"%s\"; clients see the identity of the first until this "
			 "driver starts again",
		    s->options->name, d->ident.serial, s->first.serial);
	if (twins > 0 && !s->found_before && d->port[0] != '\0')
		log_warn("ups %s: %zu more device%s like this one, without a serial "
			 "number: bus = \"%s\" and busport = \"%s\" in ups.conf would "
			 "make sure that it is always the same",
		    s->options->name, twins, twins == 1 ? "" : "s", d->bus, d->port);
	name_others(s, d);
}

/* Opens the chosen device. What fails is tried again by the next look. */
static bool
use(struct search *s, const struct bus_list *list, struct bus_device *d, size_t twins,
    struct search_found *found)
{
	char cause[128];

	if ((found->io = io_open(d->path, d->usb, IO_OWN)) == NULL && errno == EBUSY) {
		d->taken = true;
		return false;
	}
	if (found->io == NULL) {
		say_once(s, "cannot open %s: %s%s", d->path, strerror(errno),
		    errno == EACCES ? "; this user needs its group, or a udev rule" : "");
		return false;
	}
	found->desc =
	    hid_desc_parse(d->descriptor, d->descriptor_len, cause, sizeof(cause));
	if (found->desc == NULL) {
		say_once(s, "%s: %s", d->path, cause);
		io_close(found->io);
		return false;
	}
	introduce(s, list, d, twins);
	found->ident = d->ident;
	memcpy(found->path, d->path, sizeof(found->path));
	memcpy(found->usb, d->usb, sizeof(found->usb));
	if (!s->found_before)
		s->first = d->ident;
	s->found_before = true;
	s->last = *d;
	s->last.descriptor = NULL;
	s->said[0] = '\0';
	return true;
}

/* A device that would match, but a program has taken it from the kernel: by whom. False:
 * there is none. */
static bool
explain_claimed(struct search *s, const struct bus_list *list)
{
	const struct bus_device *d;
	struct holders h;
	char text[512], name[256];

	for (size_t i = 0; i < list->count; i++) {
		d = &list->devices[i];
		if (!d->claimed || !match_device(s->options->match, d))
			continue;
		holders_find(&h, PROC, d, getpid());
		holders_text(&h, false, text, sizeof(text));
		say_once(s, "%s (%s): %s%s%s; waiting", d->path,
		    bus_device_name(d, name, sizeof(name)), d->fault,
		    text[0] != '\0' ? ": " : "", text);
		return true;
	}
	return false;
}

/* Nothing to use: why, in one line. */
static void
explain(struct search *s, const struct bus_list *list)
{
	const struct bus_device *bad = NULL;
	size_t power = 0, taken = 0;

	for (size_t i = 0; i < list->count; i++) {
		power += list->devices[i].power;
		taken += list->devices[i].taken;
		if (list->devices[i].fault[0] != '\0' && !list->devices[i].claimed)
			bad = &list->devices[i];
	}
	if (explain_claimed(s, list))
		return;
	if (taken > 0)
		say_once(s,
		    "%zu matching HID power device%s found, all in use by other "
		    "sections; waiting",
		    taken, taken == 1 ? "" : "s");
	else if (power > 0)
		say_once(s,
		    "%zu HID power device%s found, none that matches ups.conf%s; waiting",
		    power, power == 1 ? "" : "s",
		    s->found_before ? " and is of the same make as before" : "");
	else if (bad != NULL)
		say_once(s, "no HID power device found (%s: %s); waiting", bad->path,
		    bad->fault);
	else
		say_once(s, "no HID power device found; waiting");
}

/* Tries one after the other until one is ours. */
static bool
choose(struct search *s, struct bus_list *list, struct search_found *found)
{
	const struct match_choice choice = {.match = s->options->match,
	    .port = s->options->port,
	    .elsewhere = s->options->elsewhere,
	    .last = s->found_before ? &s->first : NULL,
	    .place = s->last.place,
	    .patient = boottime_ms() < s->lost_ms + SEARCH_PATIENT_MS,
	    .any = s->options->any_device};
	struct bus_device *d;
	const struct bus_device *best;

	while ((best = match_choose(&choice, list)) != NULL) {
		d = &list->devices[best - list->devices];
		if (use(s, list, d, match_twins(&choice, list, d), found))
			return true;
		if (!d->taken)
			return false;
	}
	explain(s, list);
	return false;
}

bool
search_look(struct search *s, bool settled, struct search_found *found)
{
	struct bus_list list;
	bool is_found;

	s->settled = settled;
	bus_scan(&list);
	is_found = choose(s, &list, found);
	bus_list_free(&list);
	return is_found;
}

void
search_lost(struct search *s)
{
	s->said[0] = '\0';
	s->lost_ms = boottime_ms();
}
