/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/conf_nut.h"

/* NUT's own variables; a shell reads the file too, so there may be any others. */
static const char *const known[] = {
    "ALLOW_NOT_ALL_LISTENERS",
    "ALLOW_NO_DEVICE",
    "MODE",
    "NUT_DEBUG_LEVEL",
    "NUT_DEBUG_PID",
    "NUT_DEBUG_SYSLOG",
    "NUT_QUIET_INIT_BANNER",
    "NUT_QUIET_INIT_SSL",
    "NUT_QUIET_INIT_UPSNOTIFY",
    "POWEROFF_QUIET",
    "POWEROFF_WAIT",
    "UPSD_OPTIONS",
    "UPSMON_OPTIONS",
    NULL,
};

static const char *const modes[] = {
    [NUT_MODE_UNSET] = "",
    [NUT_MODE_NONE] = "none",
    [NUT_MODE_STANDALONE] = "standalone",
    [NUT_MODE_NETSERVER] = "netserver",
    [NUT_MODE_NETCLIENT] = "netclient",
    [NUT_MODE_MANUAL] = "manual",
    NULL,
};

/* A shell takes 'single quotes' as well; words_split() leaves them on. */
static const char *
without_quotes(char *text)
{
	size_t len = strlen(text);

	if (len >= 2 && text[0] == '\'' && text[len - 1] == '\'') {
		text[len - 1] = '\0';
		return text + 1;
	}
	return text;
}

static void
take_mode(enum nut_mode *mode, const struct conf_line *line, const char *value)
{
	const char *near;

	for (int i = NUT_MODE_UNSET; modes[i] != NULL; i++)
		if (strcmp(modes[i], value) == 0) {
			*mode = (enum nut_mode)i;
			return;
		}
	near = conf_nearest(value, modes + 1);
	if (near != NULL)
		conf_fault(line,
		    "\"%.40s\" is no MODE, did you mean \"%s\"? The line is ignored",
		    value, near);
	else
		conf_fault(line,
		    "\"%.40s\" is no MODE, there are none, standalone, netserver, "
		    "netclient and manual: the line is ignored",
		    value);
}

static bool
is_known(const char *name)
{
	size_t i = 0;

	while (known[i] != NULL && strcmp(known[i], name) != 0)
		i++;
	return known[i] != NULL;
}

static void
take_line(void *arg, const struct conf_line *line)
{
	const struct words *w = line->words;
	int at = 0;

	if (w == NULL) {
		conf_no_head(line);
		return;
	}
	if (strcmp(w->argv[0], "export") == 0 && w->argc > 1)
		at = 1;
	if (!is_known(w->argv[at]) &&
	    (conf_home(w->argv[at]) != NULL || conf_nearest(w->argv[at], known) != NULL))
		conf_unknown(line, at, known);
	else if (w->argc < at + 2 || strcmp(w->argv[at + 1], "=") != 0)
		conf_fault(line,
		    "\"%.40s\" is not of the form NAME=value: the line is ignored",
		    w->argv[at]);
	else if (strcmp(w->argv[at], "MODE") == 0)
		take_mode(
		    arg, line, w->argc > at + 2 ? without_quotes(w->argv[at + 2]) : "");
}

enum nut_mode
nut_conf_read(const char *file, const char *text, size_t len, struct problems *p)
{
	enum nut_mode mode = NUT_MODE_UNSET;

	conf_walk(file, text, len, p, take_line, &mode);
	return mode;
}
