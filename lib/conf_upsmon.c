/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_upsmon.h"
#include "lib/xmem.h"

#define PORT_DEFAULT "3493"
#define PORT_DIGITS 5
#define MONITOR_ARGS 5 /* system, power value, user, password, type */

static const char *const known[] = {
    "ALARMCRITICAL",
    "CERTHOST",
    "CERTIDENT",
    "CERTPATH",
    "CERTVERIFY",
    "DEADTIME",
    "DEBUG_MIN",
    "FINALDELAY",
    "FORCESSL",
    "HOSTSYNC",
    "MINSUPPLIES",
    "MONITOR",
    "NOCOMMWARNTIME",
    "NOTIFYCMD",
    "NOTIFYFLAG",
    "NOTIFYMSG",
    "OBLBDURATION",
    "OFFDURATION",
    "OVERDURATION",
    "POLLFAIL_LOG_THROTTLE_MAX",
    "POLLFREQ",
    "POLLFREQALERT",
    "POWERDOWNFLAG",
    "RBWARNTIME",
    "RUN_AS_USER",
    "SHUTDOWNCMD",
    "SHUTDOWNEXIT",
    NULL,
};

/* Takes UPS[@HOST[:PORT]] apart; an IPv6 address stands in brackets. */
static bool
split_system(struct conf_monitor *m, const char *system)
{
	const char *at = strchr(system, '@'), *host, *end, *port;

	if (at == NULL) {
		m->ups = xstrdup(system);
		m->host = xstrdup("localhost");
		m->port = xstrdup(PORT_DEFAULT);
		return *system != '\0';
	}
	host = at + 1;
	if (*host == '[') {
		end = strchr(++host, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		port = end[1] == ':' ? end + 2 : PORT_DEFAULT;
	} else {
		end = host + strcspn(host, ":");
		port = *end == ':' ? end + 1 : PORT_DEFAULT;
	}
	if (at == system || end == host || *port == '\0' || strlen(port) > PORT_DIGITS ||
	    strspn(port, "0123456789") != strlen(port))
		return false;
	m->ups = xstrndup(system, (size_t)(at - system));
	m->host = xstrndup(host, (size_t)(end - host));
	m->port = xstrdup(port);
	return true;
}

static void
monitor_free(struct conf_monitor *m)
{
	free(m->ups);
	free(m->host);
	free(m->port);
	free(m->user);
	free(m->password);
}

/* The last word of MONITOR. */
static bool
take_type(struct conf_monitor *m, const struct conf_line *line, const char *type)
{
	static const char *const types[] = {
	    "primary", "secondary", "master", "slave", NULL};
	const char *near;

	m->primary = strcasecmp(type, "primary") == 0 || strcasecmp(type, "master") == 0;
	if (m->primary || strcasecmp(type, "secondary") == 0 ||
	    strcasecmp(type, "slave") == 0)
		return true;
	near = conf_nearest(type, types);
	conf_fault(line,
	    "MONITOR ends with \"primary\" or \"secondary\", not \"%.40s\"%s%s%s The "
	    "line "
	    "is ignored",
	    type, near != NULL ? ", did you mean \"" : ".", near != NULL ? near : "",
	    near != NULL ? "\"?" : "");
	return false;
}

static void
take_monitor(struct upsmon_conf *c, const struct conf_line *line)
{
	int at = conf_args(line);
	char *const *args = &line->words->argv[at];
	struct conf_monitor m = {.line = line->line};

	if (line->words->argc - at != MONITOR_ARGS) {
		conf_fault(line,
		    "MONITOR needs 5 words, not %d: UPS@HOST POWER-VALUE USER PASSWORD "
		    "primary|secondary. The line is ignored",
		    line->words->argc - at);
		return;
	}
	if (!conf_number(line, at + 1, 0, INT_MAX, &m.power) ||
	    !take_type(&m, line, args[4]))
		return;
	if (!split_system(&m, args[0])) {
		conf_fault(line,
		    "\"%.60s\" is not UPS@HOST, UPS@HOST:PORT or UPS@[IPV6]:PORT: the "
		    "line "
		    "is ignored",
		    args[0]);
		monitor_free(&m);
		return;
	}
	m.user = xstrdup(args[2]);
	m.password = xstrdup(args[3]);
	c->monitors = xreallocarray(c->monitors, c->nmonitors + 1, sizeof(*c->monitors));
	c->monitors[c->nmonitors++] = m;
}

static void
take_line(void *arg, const struct conf_line *line)
{
	const char *word;
	size_t i = 0;

	if (line->words == NULL) {
		conf_no_head(line);
		return;
	}
	word = line->words->argv[0];
	while (known[i] != NULL && strcmp(known[i], word) != 0)
		i++;
	if (known[i] == NULL)
		conf_unknown(line, 0, known);
	else if (strcmp(word, "MONITOR") == 0)
		take_monitor(arg, line);
}

void
upsmon_conf_read(struct upsmon_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	*c = (struct upsmon_conf){0};
	conf_walk(file, text, len, p, take_line, c);
}

void
upsmon_conf_free(struct upsmon_conf *c)
{
	for (size_t i = 0; i < c->nmonitors; i++)
		monitor_free(&c->monitors[i]);
	free(c->monitors);
	*c = (struct upsmon_conf){0};
}
