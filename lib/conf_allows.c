/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/conf_holdup.h"

/* What `all` leaves out: whatever may leave somebody without power. There are such variables,
 * too: an outlet's switch, and the time until it is turned off. */
static bool
setting_cuts(const char *variable)
{
	return strstr(variable, ".switch") != NULL ||
	       strstr(variable, ".timer.shutdown") != NULL;
}

static bool
command_cuts(const char *command)
{
	static const char *const begins[] = {
	    "bypass.", "calibrate.", "driver.", "load.", "shutdown."};

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (strncmp(command, begins[i], strlen(begins[i])) == 0)
			return true;
	return strncmp(command, "outlet.", strlen("outlet.")) == 0 &&
	       (strstr(command, ".load.") != NULL ||
		   strstr(command, ".shutdown.") != NULL);
}

bool
conf_mqtt_allows(const struct conf_mqtt *m, bool set, const char *name)
{
	char **list = set ? m->settings : m->commands;
	size_t count = set ? m->nsettings : m->ncommands;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(list[i], name) == 0)
			return true;
		if (strcmp(list[i], "all") == 0 &&
		    !(set ? setting_cuts(name) : command_cuts(name)))
			return true;
	}
	return false;
}
