/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"
#include "lib/names.h"
#include "lib/state.h"
#include "lib/xmem.h"

#define SITE_MAX 64    /* bytes */
#define ALLOWED_MAX 64 /* commands, and settings, that are named one by one */

/* Those of one cluster, in any number of lines. */
static void
take_url(void *conf, const struct conf_line *line, int at)
{
	struct conf_mqtt *m = conf;

	for (; at < line->words->argc; at++) {
		struct conf_broker b = {0};

		if (m->nbrokers == CONF_BROKERS_MAX) {
			conf_fault(line, "more than %d brokers: what follows is left out",
			    CONF_BROKERS_MAX);
			return;
		}
		if (conf_broker_read(&b, line, line->words->argv[at]) < 0)
			continue;
		m->brokers =
		    xreallocarray(m->brokers, m->nbrokers + 1, sizeof(*m->brokers));
		m->brokers[m->nbrokers++] = b;
	}
}

static void
take_password(void *conf, const struct conf_line *line, int at)
{
	conf_secret_take(&((struct conf_mqtt *)conf)->password, line, at);
}

static void
take_ca(void *conf, const struct conf_line *line, int at)
{
	conf_path_take(&((struct conf_mqtt *)conf)->ca, line, at, "/etc/ssl/house.pem");
}

static void
take_certificate(void *conf, const struct conf_line *line, int at)
{
	conf_path_take(
	    &((struct conf_mqtt *)conf)->certificate, line, at, "/etc/nut/ups.pem");
}

static void
take_key(void *conf, const struct conf_line *line, int at)
{
	conf_path_take(&((struct conf_mqtt *)conf)->key, line, at, "/etc/nut/ups.key");
}

static void
take_site(void *conf, const struct conf_line *line, int at)
{
	struct conf_mqtt *m = conf;
	const char *text = line->words->argv[at];

	if (*text == '\0' || strlen(text) > SITE_MAX) {
		conf_fault(line,
		    "site takes a name of this house of 1 to %d letters: the line is "
		    "ignored",
		    SITE_MAX);
		return;
	}
	free(m->site);
	m->site = xstrdup(text);
}

static void
take_prefix(void *conf, const struct conf_line *line, int at)
{
	conf_topic_take(&((struct conf_mqtt *)conf)->prefix, line, at);
}

/* Home Assistant's prefix, or a word of yes and no. */
static void
take_discovery(void *conf, const struct conf_line *line, int at)
{
	static const char *const switches[] = {
	    "yes", "no", "true", "false", "on", "off", "1", "0"};
	struct conf_mqtt *m = conf;
	bool wanted = true;

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++)
		if (strcasecmp(switches[i], line->words->argv[at]) == 0) {
			conf_switch(line, at, &wanted);
			m->silent = !wanted;
			return;
		}
	m->silent = false;
	conf_topic_take(&m->discovery, line, at);
}

static void
take_form(void *conf, const struct conf_line *line, int at)
{
	struct conf_mqtt *m = conf;
	const char *word = line->words->argv[at];

	if (strcasecmp(word, "device") == 0 || strcasecmp(word, "component") == 0)
		m->devices = strcasecmp(word, "device") == 0;
	else
		conf_fault(line,
		    "form takes component (Domoticz reads it too) or device (one message "
		    "for each UPS), not \"%.40s\": the line is ignored",
		    word);
}

/* The commands or settings that may be ordered. */
struct allowed {
	char ***list;
	size_t *count;
	const char *(*known)(const char *name);
	const char *what;
};

static void
allow_word(void *arg, const struct conf_line *line, const char *word)
{
	const struct allowed *a = arg;

	if (strcasecmp(word, "none") == 0)
		return;
	if (!state_name_ok(word)) {
		conf_fault(line, "\"%.40s\" is no %s: it is left out", word, a->what);
		return;
	}
	if (*a->count == ALLOWED_MAX) {
		conf_fault(line, "more than %d: \"%.40s\" is left out; all takes all",
		    ALLOWED_MAX, word);
		return;
	}
	if (strcasecmp(word, "all") != 0 && a->known(word) == NULL)
		conf_fault(line,
		    "%s: no %s of NUT is known as \"%.40s\"; it works where a UPS has "
		    "it all the same",
		    line->words->argv[0], a->what, word);
	*a->list = xreallocarray(*a->list, *a->count + 1, sizeof(**a->list));
	(*a->list)[(*a->count)++] = xstrdup(strcasecmp(word, "all") == 0 ? "all" : word);
}

static void
take_commands(void *conf, const struct conf_line *line, int at)
{
	struct conf_mqtt *m = conf;
	struct allowed a = {&m->commands, &m->ncommands, names_cmd, "command"};

	conf_list_each(line, at, allow_word, &a);
}

static void
take_settings(void *conf, const struct conf_line *line, int at)
{
	struct conf_mqtt *m = conf;
	struct allowed a = {&m->settings, &m->nsettings, names_var, "variable"};

	conf_list_each(line, at, allow_word, &a);
}

static void
take_events(void *conf, const struct conf_line *line, int at)
{
	conf_events_take(&((struct conf_mqtt *)conf)->events, line, at);
}

static const struct conf_row settings[] = {
    {"url", 1, WORDS_MAX, CONF_TAKE(take_url)},
    {"user", 1, 1, CONF_TEXT(conf_mqtt, user)},
    {"password", 1, WORDS_MAX, CONF_TAKE(take_password)},
    {"ca", 1, 1, CONF_TAKE(take_ca)},
    {"certificate", 1, 1, CONF_TAKE(take_certificate)},
    {"key", 1, 1, CONF_TAKE(take_key)},
    {"site", 1, 1, CONF_TAKE(take_site)},
    {"prefix", 1, 1, CONF_TAKE(take_prefix)},
    {"discovery", 1, 1, CONF_TAKE(take_discovery)},
    {"form", 1, 1, CONF_TAKE(take_form)},
    {"commands", 1, WORDS_MAX, CONF_TAKE(take_commands)},
    {"settings", 1, WORDS_MAX, CONF_TAKE(take_settings)},
    {"events", 1, WORDS_MAX, CONF_TAKE(take_events)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	struct conf_mqtt *m = &c->mqtt;

	if (m->line > 0) {
		conf_fault(head,
		    "a second section [mqtt]: its lines are added to that of line %d; "
		    "brokers of one cluster are words of one url =",
		    m->line);
		return m;
	}
	m->line = head->line;
	m->events = conf_events_mqtt;
	return m;
}

static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	struct conf_mqtt *m = &c->mqtt;
	bool tls = false;

	if (m->line == 0)
		return;
	m->wanted = m->nbrokers > 0;
	for (size_t i = 0; i < m->nbrokers; i++)
		tls |= m->brokers[i].tls;
	if (!m->wanted)
		problems_add(p, file, m->line,
		    "[mqtt] has no url and is not used, write for example: url = "
		    "mqtt://192.168.0.5");
	if (m->user == NULL && m->password != NULL)
		problems_add(
		    p, file, m->line, "[mqtt] has a password but no user: none is sent");
	if (m->key != NULL && m->certificate == NULL)
		problems_add(p, file, m->line,
		    "[mqtt] has a key and no certificate: neither is used; write "
		    "certificate = and the file with it");
	if (m->wanted && !tls && (m->ca != NULL || m->certificate != NULL))
		problems_add(p, file, m->line,
		    "[mqtt] has a certificate or authorities, but talks without TLS: "
		    "write mqtts:// in its url");
}

static void
list_free(char **list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

static void
release(struct holdup_conf *c)
{
	struct conf_mqtt *m = &c->mqtt;

	for (size_t i = 0; i < m->nbrokers; i++)
		conf_broker_free(&m->brokers[i]);
	free(m->brokers);
	free(m->user);
	conf_secret_free(m->password);
	free(m->ca);
	free(m->certificate);
	free(m->key);
	free(m->site);
	free(m->prefix);
	free(m->discovery);
	list_free(m->commands, m->ncommands);
	list_free(m->settings, m->nsettings);
}

const struct conf_kind conf_kind_mqtt = {
    .word = "mqtt",
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
