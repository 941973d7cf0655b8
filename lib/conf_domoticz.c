/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"
#include "lib/xmem.h"

#define HARDWARE_MAX 64 /* bytes */

const struct conf_sensor conf_sensors[CONF_SENSORS] = {
    {"load", {"ups.load"}, 1},
    {"charge", {"battery.charge"}, 1},
    {"temperature", {"battery.temperature", "ups.temperature"}, 1},
};

/* A broker of MQTT, or Domoticz itself. */
static void
url_read(struct conf_domoticz *d, const struct conf_line *line, const char *text)
{
	static const char *const schemes[] = {"http", "https", NULL};
	struct conf_url url;
	size_t len = strlen(text);

	if (strncasecmp(text, "mqtt", 4) == 0) {
		if (conf_broker_read(&d->broker, line, text) < 0)
			return;
		free(d->url);
		d->url = NULL;
		return;
	}
	if (!conf_url_read(&url, line, text, schemes, "http://192.168.0.9:8080"))
		return;
	if (strpbrk(url.rest, "?#@\\\"<>") != NULL) {
		conf_fault(line, "url ends with the address of Domoticz, for example "
				 "http://192.168.0.9:8080: the line is ignored");
		return;
	}
	while (len > 0 && text[len - 1] == '/')
		len--;
	conf_broker_free(&d->broker);
	free(d->url);
	d->url = xstrndup(text, len);
}

/* The last one counts. */
static void
take_url(void *conf, const struct conf_line *line, int at)
{
	char *text = conf_joined(line, at);

	if (text != NULL)
		url_read(conf, line, text);
	conf_secret_free(text);
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

static void
take_password(void *conf, const struct conf_line *line, int at)
{
	conf_secret_take(&((struct conf_domoticz *)conf)->password, line, at);
}

static void
take_ups(void *conf, const struct conf_line *line, int at)
{
	conf_ups_take(&((struct conf_domoticz *)conf)->ups, line, at);
}

static void
take_hardware(void *conf, const struct conf_line *line, int at)
{
	struct conf_domoticz *d = conf;
	const char *text = line->words->argv[at];

	if (*text == '\0' || strlen(text) > HARDWARE_MAX) {
		conf_fault(line,
		    "hardware takes a name of 1 to %d letters: the line is ignored",
		    HARDWARE_MAX);
		return;
	}
	free(d->hardware);
	d->hardware = xstrdup(text);
}

static void
take_prefix(void *conf, const struct conf_line *line, int at)
{
	conf_topic_take(&((struct conf_domoticz *)conf)->prefix, line, at);
}

/* The sensors have the words and the order of conf_sensors[]. */
static const struct conf_row settings[] = {
    {"url", 1, WORDS_MAX, CONF_TAKE(take_url)},
    {"user", 1, 1, CONF_TAKE(take_user)},
    {"password", 1, WORDS_MAX, CONF_TAKE(take_password)},
    {"ups", 1, 1, CONF_TAKE(take_ups)},
    {"hardware", 1, 1, CONF_TAKE(take_hardware)},
    {"prefix", 1, 1, CONF_TAKE(take_prefix)},
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

/* What is said, but has no use the way that Domoticz is told. */
static void
check_idle(const struct conf_domoticz *d, const char *file, struct problems *p)
{
	if (d->user == NULL && d->password != NULL)
		problems_add(p, file, d->line,
		    "[domoticz] has a password but no user: none is sent");
	if (d->numbered && d->hardware != NULL)
		problems_add(p, file, d->line,
		    "[domoticz] has numbers of sensors, so no hardware is made: take "
		    "away hardware =, or the numbers");
	if (d->url != NULL && d->prefix != NULL)
		problems_add(p, file, d->line,
		    "[domoticz] has a prefix of MQTT, but its url is one of HTTP: write "
		    "url = mqtt:// and the broker");
}

static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	struct conf_domoticz *d = &c->domoticz;
	const bool broker = d->broker.host != NULL;

	if (d->line == 0)
		return;
	for (size_t i = 0; i < CONF_SENSORS; i++)
		d->numbered |= d->idx[i] > 0;
	if (d->url == NULL && !broker)
		problems_add(p, file, d->line,
		    "[domoticz] has no url and is not used, write for example: url = "
		    "http://192.168.0.9:8080");
	if (broker && !d->numbered)
		problems_add(p, file, d->line,
		    "[domoticz] names no sensor and is not used: over MQTT none can be "
		    "made, write for example: load = 12 (the Idx of a virtual sensor), "
		    "or url = http:// and its address");
	check_idle(d, file, p);
	d->wanted = d->url != NULL || (broker && d->numbered);
}

static void
release(struct holdup_conf *c)
{
	struct conf_domoticz *d = &c->domoticz;

	free(d->url);
	free(d->user);
	conf_secret_free(d->password);
	free(d->ups);
	free(d->hardware);
	free(d->prefix);
	conf_broker_free(&d->broker);
}

const struct conf_kind conf_kind_domoticz = {
    .word = "domoticz",
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
