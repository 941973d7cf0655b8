/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "hid/bus.h"
#include "hid/cut.h"
#include "hid/late.h"
#include "hid/mains.h"
#include "hid/talk.h"
#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/paths.h"

#define LOOK_MS 250 /* between two looks at the bus */

/* Says it on standard error, and in the kernel's log: after the last of a shutdown, that
 * of the next boot or a console may be all that shows it. */
static void
alarm_people(const char *ups, const char *separator, const char *text)
{
	char line[640];
	int fd, len;

	log_warn("ups %s%s %s", ups, separator, text);
	if (paths_private() || (fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC)) == -1)
		return;
	len = snprintf(
	    line, sizeof(line), "<4>holdup: ups %s%s %s\n", ups, separator, text);
	if (len > 0 && write(fd, line, (size_t)len) == -1)
		log_debug("the kernel's log takes nothing");
	close(fd);
}

static bool
cut_next(void *arg, struct driver_ask *ask)
{
	return cut_ask(arg, ask);
}

static void
cut_take(void *arg, int error, const uint8_t *data, size_t len)
{
	cut_answer(arg, error, data, len);
}

static unsigned
cut_wait(void *arg)
{
	return cut_pause(arg);
}

static const struct talk cut_talk = {cut_next, cut_take, cut_wait};

/* Tells the device to cut its output, and people what came of it. */
static int
order(const struct options *o, const struct bus_device *d, const struct hid_desc *desc,
    uint64_t deadline)
{
	struct cut *cut = cut_new(desc, &d->ident, o);
	bool through = talk_run(d, &cut_talk, cut, deadline);
	enum late_status status = LATE_NOT;
	char text[512];

	switch (cut_outcome(cut)) {
	case CUT_OFF:
		log_info("ups %s: %s", o->name, cut_text(cut));
		status = LATE_OFF;
		break;
	case CUT_COUNTS:
		log_info("ups %s: %s", o->name, cut_text(cut));
		status = LATE_COUNTS;
		break;
	case CUT_IGNORED:
		alarm_people(o->name, "", cut_text(cut));
		status = LATE_IGNORED;
		break;
	case CUT_REFUSED:
		if (through)
			snprintf(text, sizeof(text), "%s %s", d->path, cut_text(cut));
		else
			snprintf(text, sizeof(text),
			    "%s did not take the command to cut its output within %d s; "
			    "its battery will run down",
			    d->path, LATE_ALL_MS / 1000);
		alarm_people(o->name, ":", text);
		break;
	}
	cut_free(cut);
	return status;
}

static bool
mains_next(void *arg, struct driver_ask *ask)
{
	return mains_ask(arg, ask);
}

static void
mains_take(void *arg, int error, const uint8_t *data, size_t len)
{
	mains_answer(arg, error, data, len);
}

static const struct talk mains_talk = {.ask = mains_next, .answer = mains_take};

/* Asks the device for its mains. */
static int
inquire(const struct options *o, const struct bus_device *d, const struct hid_desc *desc,
    uint64_t deadline)
{
	static const char *const says[] = {
	    [MAINS_THERE] = "the mains is there",
	    [MAINS_AWAY] = "the mains is away",
	    [MAINS_UNKNOWN] = "does not say whether the mains is there",
	};
	struct mains *mains = mains_new(desc, &d->ident);
	enum mains_is is;

	talk_run(d, &mains_talk, mains, deadline);
	is = mains_is(mains);
	log_info("ups %s: %s", o->name, says[is]);
	mains_free(mains);
	return (int)is;
}

/* Looks for the section's device; it may just be coming back from a reset. */
static const struct bus_device *
look(const struct options *o, struct bus_list *list)
{
	const struct match_choice choice = {
	    .match = o->match, .port = o->port, .elsewhere = o->elsewhere};
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	const uint64_t end = boottime_ms() + LATE_FIND_MS;
	const struct bus_device *d;

	for (;;) {
		bus_scan(list);
		d = match_choose(&choice, list);
		if (d != NULL || boottime_ms() >= end)
			return d;
		bus_list_free(list);
		nanosleep(&pause, NULL);
	}
}

/* Finds the device and talks to it; `otherwise` is the status without one. */
static int
with_device(const struct options *o, int otherwise,
    int (*talk)(const struct options *o, const struct bus_device *d,
	const struct hid_desc *desc, uint64_t deadline))
{
	const uint64_t deadline = boottime_ms() + LATE_ALL_MS;
	const struct bus_device *d;
	struct hid_desc *desc;
	struct bus_list list;
	char cause[128];
	int status = otherwise;

	if ((d = look(o, &list)) == NULL) {
		alarm_people(
		    o->name, ":", "no HID power device of ups.conf's section is there");
	} else if ((desc = hid_desc_parse(d->descriptor, d->descriptor_len, cause,
			sizeof(cause))) == NULL) {
		alarm_people(o->name, ":", cause);
	} else {
		status = talk(o, d, desc, deadline);
		hid_desc_free(desc);
	}
	bus_list_free(&list);
	return status;
}

enum late_status
late_cut(const struct options *o)
{
	return (enum late_status)with_device(o, LATE_NOT, order);
}

int
late_mains(const struct options *o)
{
	return with_device(o, MAINS_UNKNOWN, inquire);
}
