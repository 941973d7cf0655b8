/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/xmem.h"

const struct conf_sensor conf_sensors[CONF_SENSORS] = {
    {"load", {"ups.load"}, 1},
    {"charge", {"battery.charge"}, 1},
    {"temperature", {"battery.temperature", "ups.temperature"}, 1},
};

/* What stands behind "://" is a host, and no name and password before it. Blanks and
 * control characters would end the address in the request. */
static bool
url_ok(const struct conf_line *line, const char *url)
{
	const char *host = NULL;

	if (strncasecmp(url, "http://", 7) == 0)
		host = url + 7;
	else if (strncasecmp(url, "https://", 8) == 0)
		host = url + 8;
	if (host != NULL && host[strcspn(host, "/@")] == '@') {
		conf_fault(line,
		    "url holds a name or password before \"@\": give them as user = and "
		    "password =. The line is ignored");
		return false;
	}
	if (host == NULL || *host == '\0' || *host == '/' || *host == ':' ||
	    strpbrk(host, "?#@\\\"<>") != NULL) {
		conf_fault(line,
		    "\"%.40s\" is no url, write for example: url = "
		    "http://192.168.0.9:8080. The line is ignored",
		    url);
		return false;
	}
	for (; *host != '\0'; host++)
		if (!isgraph((unsigned char)*host)) {
			conf_fault(line, "url holds a blank or a letter that is not "
					 "ASCII: the line is ignored");
			return false;
		}
	return true;
}

static void
take_url(void *conf, const struct conf_line *line, int at)
{
	struct conf_domoticz *d = conf;
	const char *url = line->words->argv[at];
	size_t len = strlen(url);

	if (!url_ok(line, url))
		return;
	free(d->url);
	d->url = xstrdup(url);
	while (len > 0 && d->url[len - 1] == '/')
		d->url[--len] = '\0';
}

static void
take_user(void *conf, const struct conf_line *line, int at)
{
	struct conf_domoticz *d = conf;
	const char *user = line->words->argv[at];

	if (strchr(user, ':') != NULL) {
		conf_fault(line, "a user's name holds no \":\" (HTTP basic "
				 "authentication): the line is ignored");
		return;
	}
	free(d->user);
	d->user = xstrdup(user);
}

/* The sensors have the words and the order of conf_sensors[]. */
static const struct conf_row settings[] = {
    {"url", 1, 1, CONF_TAKE(take_url)},
    {"user", 1, 1, CONF_TAKE(take_user)},
    {"password", 1, 1, CONF_TEXT(conf_domoticz, password)},
    {"ups", 1, 1, CONF_TEXT(conf_domoticz, ups)},
    {"load", 1, 1, CONF_NUMBER(conf_domoticz, idx[0], 1, INT_MAX)},
    {"charge", 1, 1, CONF_NUMBER(conf_domoticz, idx[1], 1, INT_MAX)},
    {"temperature", 1, 1, CONF_NUMBER(conf_domoticz, idx[2], 1, INT_MAX)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	struct conf_domoticz *d = &c->domoticz;

	if (d->line > 0)
		conf_fault(head,
		    "a second section [%s]: its lines are added to that of line %d",
		    head->section, d->line);
	else
		d->line = head->line;
	return d;
}

static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	struct conf_domoticz *d = &c->domoticz;
	bool sensors = false;

	if (d->line == 0)
		return;
	for (size_t i = 0; i < CONF_SENSORS; i++)
		sensors |= d->idx[i] > 0;
	if (d->url == NULL)
		problems_add(p, file, d->line,
		    "[domoticz] has no url and is not used, write for example: url = "
		    "http://192.168.0.9:8080");
	if (!sensors)
		problems_add(p, file, d->line,
		    "[domoticz] names no sensor and is not used, write for example: load "
		    "= 12 (the Idx of the virtual sensor in Domoticz)");
	if (d->user == NULL && d->password != NULL)
		problems_add(p, file, d->line,
		    "[domoticz] has a password but no user: none is sent");
	d->wanted = d->url != NULL && sensors;
}

static void
release(struct holdup_conf *c)
{
	struct conf_domoticz *d = &c->domoticz;

	free(d->url);
	free(d->user);
	if (d->password != NULL)
		explicit_bzero(d->password, strlen(d->password));
	free(d->password);
	free(d->ups);
}

const struct conf_kind conf_kind_domoticz = {
    .word = "domoticz",
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
