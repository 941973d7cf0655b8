/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/notify.h"

#define PORT_DEFAULT "3493" /* RFC 9271, section 4 */

/* NUT's names; the words for people are ours. `whole`: it concerns the machine. */
static const struct {
	const char *name, *text;
	int whole;
} types[NOTIFY_TYPES] = {
    [NOTIFY_ONLINE] = {"ONLINE", "UPS %s: the mains is back", 0},
    [NOTIFY_ONBATT] = {"ONBATT", "UPS %s: the mains has failed, on battery", 0},
    [NOTIFY_LOWBATT] = {"LOWBATT", "UPS %s: the battery is low", 0},
    [NOTIFY_FSD] = {"FSD", "UPS %s: forced shutdown", 0},
    [NOTIFY_COMMOK] = {"COMMOK", "UPS %s: answers again", 0},
    [NOTIFY_COMMBAD] = {"COMMBAD", "UPS %s: no longer answers", 0},
    [NOTIFY_SHUTDOWN] = {"SHUTDOWN", "This machine is shutting down now", 1},
    [NOTIFY_REPLBATT] = {"REPLBATT", "UPS %s: the battery has to be replaced", 0},
    [NOTIFY_NOCOMM] = {"NOCOMM", "UPS %s: still does not answer", 0},
    [NOTIFY_NOPARENT] = {"NOPARENT", "Nobody is left to shut this machine down", 1},
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

uint32_t
notify_row_number(size_t monitor, enum notify_type type)
{
	return (uint32_t)(monitor * NOTIFY_TYPES + type);
}

/* The UPS as the MONITOR line has it; a port that says nothing new is left out. */
static void
system_text(char *out, size_t size, const struct conf_monitor *m)
{
	bool six = strchr(m->host, ':') != NULL;
	bool port = strcmp(m->port, PORT_DEFAULT) != 0;

	snprintf(out, size, "%s@%s%s%s%s%s", m->ups, six ? "[" : "", m->host,
	    six ? "]" : "", port ? ":" : "", port ? m->port : "");
}

/* The message with the UPS's name for each %s; any other % stands for itself, for the
 * text comes from a file. */
static void
message_text(char *out, size_t size, const char *format, const char *ups)
{
	size_t len = 0;

	while (*format != '\0' && len + 1 < size) {
		if (strncmp(format, "%s", 2) != 0) {
			out[len++] = *format++;
			continue;
		}
		len += (size_t)snprintf(&out[len], size - len, "%s", ups);
		if (len >= size)
			len = size - 1;
		format += 2;
	}
	out[len] = '\0';
}

int
notify_row(const struct upsmon_conf *c, uint32_t number, struct notify_row *row)
{
	size_t monitor = number / NOTIFY_TYPES;
	enum notify_type type = number % NOTIFY_TYPES;
	const char *format = c->notifymsg[type];

	if (monitor >= c->nmonitors || (types[type].whole && monitor != 0))
		return -1;
	row->type = type;
	row->flags = c->notifyflags[type];
	row->ups[0] = '\0';
	if (!types[type].whole)
		system_text(row->ups, sizeof(row->ups), &c->monitors[monitor]);
	message_text(row->text, sizeof(row->text),
	    format == NULL ? types[type].text : format, row->ups);
	return 0;
}
