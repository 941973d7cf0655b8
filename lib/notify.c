/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/notify.h"

/* What a message is about. */
enum about { UPS, WORDS, MACHINE }; /* a UPS; ... and what it says; the whole machine */

/* NUT's names; the words for people are ours. */
static const struct {
	const char *name, *text;
	enum about about;
} types[NOTIFY_TYPES] = {
    [NOTIFY_ONLINE] = {"ONLINE", "UPS %s: the mains is back", UPS},
    [NOTIFY_ONBATT] = {"ONBATT", "UPS %s: the mains has failed, on battery", UPS},
    [NOTIFY_LOWBATT] = {"LOWBATT", "UPS %s: the battery is low", UPS},
    [NOTIFY_FSD] = {"FSD", "UPS %s: forced shutdown", UPS},
    [NOTIFY_COMMOK] = {"COMMOK", "UPS %s: answers again", UPS},
    [NOTIFY_COMMBAD] = {"COMMBAD", "UPS %s: no longer answers", UPS},
    [NOTIFY_SHUTDOWN] = {"SHUTDOWN", "This machine is shutting down now", MACHINE},
    [NOTIFY_REPLBATT] = {"REPLBATT", "UPS %s: the battery has to be replaced", UPS},
    [NOTIFY_NOCOMM] = {"NOCOMM", "UPS %s: still does not answer", UPS},
    [NOTIFY_NOPARENT] = {"NOPARENT", "Nobody is left to shut this machine down", MACHINE},
    [NOTIFY_CAL] = {"CAL", "UPS %s: measures its battery (calibration)", UPS},
    [NOTIFY_NOTCAL] = {"NOTCAL", "UPS %s: the calibration is over", UPS},
    [NOTIFY_OFF] = {"OFF", "UPS %s: its output is off", UPS},
    [NOTIFY_NOTOFF] = {"NOTOFF", "UPS %s: its output is no longer off", UPS},
    [NOTIFY_BYPASS] = {"BYPASS", "UPS %s: on bypass, feeds but does not protect", UPS},
    [NOTIFY_NOTBYPASS] = {"NOTBYPASS", "UPS %s: no longer on bypass", UPS},
    [NOTIFY_ECO] = {"ECO", "UPS %s: saves energy (ECO)", UPS},
    [NOTIFY_NOTECO] = {"NOTECO", "UPS %s: no longer saves energy (ECO)", UPS},
    [NOTIFY_ALARM] = {"ALARM", "UPS %s: alarm: %s", WORDS},
    [NOTIFY_NOTALARM] = {"NOTALARM", "UPS %s: no alarm any more", UPS},
    [NOTIFY_OVER] = {"OVER", "UPS %s: overloaded", UPS},
    [NOTIFY_NOTOVER] = {"NOTOVER", "UPS %s: no longer overloaded", UPS},
    [NOTIFY_TRIM] = {"TRIM", "UPS %s: lowers the voltage of the mains", UPS},
    [NOTIFY_NOTTRIM] = {"NOTTRIM", "UPS %s: no longer lowers the voltage", UPS},
    [NOTIFY_BOOST] = {"BOOST", "UPS %s: raises the voltage of the mains", UPS},
    [NOTIFY_NOTBOOST] = {"NOTBOOST", "UPS %s: no longer raises the voltage", UPS},
    [NOTIFY_OTHER] = {"OTHER", "UPS %s: is in a state of its own: %s", WORDS},
    [NOTIFY_NOTOTHER] = {"NOTOTHER", "UPS %s: no longer in a state of its own", UPS},
    [NOTIFY_SHUTDOWN_HOSTSYNC] = {"SHUTDOWN_HOSTSYNC",
	"This machine is to shut down, and waits for the others to leave", MACHINE},
    [NOTIFY_SUSPEND_STARTING] = {"SUSPEND_STARTING", "This machine goes to sleep",
	MACHINE},
    [NOTIFY_SUSPEND_FINISHED] = {"SUSPEND_FINISHED",
	"This machine has slept; its UPSes are asked anew", MACHINE},
};

const char *
notify_name(enum notify_type type)
{
	return types[type].name;
}

int
notify_type(const char *name)
{
	for (int i = 0; i < NOTIFY_TYPES; i++)
		if (strcasecmp(types[i].name, name) == 0)
			return i;
	return -1;
}

bool
notify_whole(enum notify_type type)
{
	return types[type].about == MACHINE;
}

uint32_t
notify_row_number(size_t monitor, enum notify_type type)
{
	return (uint32_t)(monitor * NOTIFY_TYPES + type);
}

/* What a UPS says: text of a device, or of whoever is at the other end of a cable. */
static void
extra_text(char *out, const char *extra)
{
	size_t len = 0;

	if (extra == NULL || *extra == '\0')
		extra = "n/a";
	for (; *extra != '\0' && len + 1 < NOTIFY_EXTRA_MAX; extra++)
		out[len++] = *extra < ' ' || *extra > '~' || strchr("\"$`\\", *extra)
				 ? '?'
				 : *extra;
	out[len] = '\0';
}

/* The message with `first` for the first %s and `others` for the others; any other % stands
 * for itself, for the text comes from a file. */
static void
message_text(
    char *out, size_t size, const char *format, const char *first, const char *others)
{
	size_t len = 0;

	while (*format != '\0' && len + 1 < size) {
		if (strncmp(format, "%s", 2) != 0) {
			out[len++] = *format++;
			continue;
		}
		len += (size_t)snprintf(&out[len], size - len, "%s", first);
		if (len >= size)
			len = size - 1;
		first = others;
		format += 2;
	}
	out[len] = '\0';
}

int
notify_row(const struct upsmon_conf *c, uint32_t number, const char *extra,
    struct notify_row *row)
{
	size_t monitor = number / NOTIFY_TYPES;
	enum notify_type type = number % NOTIFY_TYPES;
	const char *format = c->notifymsg[type];
	char words[NOTIFY_EXTRA_MAX];

	if (monitor >= c->nmonitors || (notify_whole(type) && monitor != 0))
		return -1;
	row->type = type;
	row->flags = c->notifyflags[type];
	row->ups[0] = '\0';
	if (!notify_whole(type))
		snprintf(row->ups, sizeof(row->ups), "%s", c->monitors[monitor].system);
	extra_text(words, extra);
	message_text(row->text, sizeof(row->text),
	    format == NULL ? types[type].text : format, row->ups,
	    types[type].about == WORDS ? words : row->ups);
	return 0;
}
