/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"
#include "lib/state.h"
#include "lib/xmem.h"

#define STOP_MAX 3600      /* seconds; more than any battery has */
#define BOOTS 120          /* seconds, where nothing is said */
#define AFTER_MAX 86400    /* seconds */
#define VOLTAGE_MAX 1000.0 /* of any battery */
#define PORT_MAX 65535

/* An address as net writes it: one spelling for each. */
static void
take_address(void *conf, const struct conf_line *line, int at)
{
	struct conf_machine *m = conf;
	const char *text = line->words->argv[at];
	unsigned char bytes[sizeof(struct in6_addr)];
	char plain[INET6_ADDRSTRLEN];
	int family = strchr(text, ':') == NULL ? AF_INET : AF_INET6;

	m->self = strcmp(text, "localhost") == 0;
	if (m->self)
		text = "127.0.0.1";
	if (inet_pton(family, text, bytes) != 1) {
		conf_fault(line,
		    "address takes an address like 192.168.0.10 or fd00::10, or "
		    "localhost for this machine, not \"%.40s\": the line is ignored",
		    text);
		return;
	}
	inet_ntop(family, bytes, plain, sizeof(plain));
	m->self |= strcmp(plain, "127.0.0.1") == 0 || strcmp(plain, "::1") == 0;
	free(m->address);
	m->address = xstrdup(plain);
}

static void
add_feed(void *conf, const struct conf_line *line, const char *name)
{
	struct conf_machine *m = conf;

	if (!state_name_ok(name)) {
		conf_fault(
		    line, "\"%.40s\" cannot be the name of a UPS: it is left out", name);
		return;
	}
	for (size_t i = 0; i < m->nfeeds; i++)
		if (strcmp(m->feeds[i], name) == 0)
			return;
	m->feeds = xreallocarray(m->feeds, m->nfeeds + 1, sizeof(*m->feeds));
	m->feeds[m->nfeeds++] = xstrdup(name);
}

static void
take_feeds(void *conf, const struct conf_line *line, int at)
{
	conf_list_each(line, at, add_feed, conf);
}

static void
take_voltage(void *conf, const struct conf_line *line, int at)
{
	struct conf_machine *m = conf;
	const char *text = line->words->argv[at];
	char *end;
	double volts = strtod(text, &end);

	if (end == text || *end != '\0' || !(volts > 0 && volts <= VOLTAGE_MAX)) {
		conf_fault(line,
		    "voltage takes volts of the battery like 11.5, not \"%.40s\": the "
		    "line is ignored",
		    text);
		return;
	}
	m->voltage = volts;
}

/* "logout", "silent", "ping", "tcp 22". */
static void
take_off(void *conf, const struct conf_line *line, int at)
{
	static const struct {
		const char *word;
		enum conf_off off;
	} words[] = {{"logout", CONF_OFF_LOGOUT}, {"silent", CONF_OFF_SILENT},
	    {"ping", CONF_OFF_PING}, {"tcp", CONF_OFF_TCP}};
	struct conf_machine *m = conf;
	const char *text = line->words->argv[at];
	size_t i = 0;
	int port = 0;

	while (i < 4 && strcmp(words[i].word, text) != 0)
		i++;
	if (i == 4) {
		conf_fault(line,
		    "off takes logout, silent, ping, or tcp with a port (tcp 22), not "
		    "\"%.40s\": the line is ignored",
		    text);
		return;
	}
	if (words[i].off == CONF_OFF_TCP && line->words->argc <= at + 1) {
		conf_fault(line, "off = tcp needs a port, write for example tcp 22: the "
				 "line is ignored");
		return;
	}
	if (words[i].off == CONF_OFF_TCP &&
	    !conf_number(line, at + 1, 1, PORT_MAX, &port))
		return;
	m->off = words[i].off;
	m->off_port = port;
}

static void
take_wake(void *conf, const struct conf_line *line, int at)
{
	struct conf_machine *m = conf;
	const char *text = line->words->argv[at];
	unsigned b[CONF_MAC_BYTES];
	char rest;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4],
		&b[5], &rest) != CONF_MAC_BYTES) {
		conf_fault(line,
		    "wake takes the machine's hardware address like 00:11:22:33:44:55, "
		    "not \"%.40s\" (a program is wake-hook): the line is ignored",
		    text);
		return;
	}
	for (size_t i = 0; i < CONF_MAC_BYTES; i++)
		m->mac[i] = (unsigned char)b[i];
	m->wakes = true;
}

#define NUMBER(field, min, max) CONF_NUMBER(conf_machine, field, min, max)

static const struct conf_row settings[] = {
    {"login", 1, 1, CONF_TEXT(conf_machine, login)},
    {"address", 1, 1, CONF_TAKE(take_address)},
    {"feeds", 1, WORDS_MAX, CONF_TAKE(take_feeds)},
    {"needs", 1, 1, NUMBER(needs, 1, 64)},
    {"after", 1, 1, NUMBER(after, 1, AFTER_MAX)},
    {"charge", 1, 1, NUMBER(charge, 1, 100)},
    {"runtime", 1, 1, NUMBER(runtime, 1, AFTER_MAX)},
    {"voltage", 1, 1, CONF_TAKE(take_voltage)},
    {"takes", 1, 1, NUMBER(takes, 0, STOP_MAX)},
    {"boots", 1, 1, NUMBER(boots, 1, STOP_MAX)},
    {"hook", 1, 1, CONF_TEXT(conf_machine, hook)},
    {"off", 1, 2, CONF_TAKE(take_off)},
    {"wake", 1, 1, CONF_TAKE(take_wake)},
    {"wake-hook", 1, 1, CONF_TEXT(conf_machine, wakehook)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	struct conf_machine *m;

	for (size_t i = 0; i < c->nmachines; i++)
		if (strcmp(c->machines[i].name, head->name) == 0) {
			conf_fault(head,
			    "a second section [machine %.40s]: its lines are added to "
			    "that of line %d",
			    head->name, c->machines[i].line);
			return &c->machines[i];
		}
	if (c->nmachines == CONF_MACHINES_MAX) {
		conf_fault(head, "more than %d machines: [machine %.40s] is ignored",
		    CONF_MACHINES_MAX, head->name);
		return NULL;
	}
	c->machines = xreallocarray(c->machines, c->nmachines + 1, sizeof(*c->machines));
	m = &c->machines[c->nmachines++];
	*m = (struct conf_machine){
	    .name = xstrdup(head->name), .line = head->line, .needs = 1, .boots = BOOTS};
	return m;
}

/* What a section says that cannot work: NULL, or the rest of a sentence. */
static const char *
fault_of(const struct conf_machine *m)
{
	if (m->login == NULL && m->address == NULL && m->hook == NULL)
		return "does not say how the machine is known, and means none: write "
		       "login = (its account in upsd.users), address =, or hook =";
	if ((size_t)m->needs > (m->nfeeds > 0 ? m->nfeeds : 1))
		return "needs more than its feeds: it would never be fed";
	if (m->off == CONF_OFF_LOGOUT && m->login == NULL)
		return "has off = logout and no login =: it never logs out";
	if ((m->off == CONF_OFF_PING || m->off == CONF_OFF_TCP ||
		m->off == CONF_OFF_SILENT) &&
	    m->address == NULL)
		return "has no address = to look at (off)";
	return NULL;
}

static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	for (size_t i = 0; i < c->nmachines; i++) {
		const char *fault = fault_of(&c->machines[i]);

		if (fault != NULL)
			problems_add(p, file, c->machines[i].line, "[machine %.40s] %s",
			    c->machines[i].name, fault);
	}
}

static void
release(struct holdup_conf *c)
{
	for (size_t i = 0; i < c->nmachines; i++) {
		struct conf_machine *m = &c->machines[i];

		for (size_t k = 0; k < m->nfeeds; k++)
			free(m->feeds[k]);
		free(m->feeds);
		free(m->name);
		free(m->login);
		free(m->address);
		free(m->hook);
		free(m->wakehook);
	}
	free(c->machines);
}

void
conf_machines_check(const struct holdup_conf *c, const struct ups_conf *upses,
    const char *file, struct problems *p)
{
	for (size_t i = 0; i < c->nmachines; i++) {
		const struct conf_machine *m = &c->machines[i];
		size_t found = 0;

		for (size_t k = 0; k < m->nfeeds; k++) {
			size_t row = 0;

			while (row < upses->nupses &&
			       strcasecmp(upses->upses[row].name, m->feeds[k]) != 0)
				row++;
			if (row < upses->nupses)
				found++;
			else
				problems_add(p, file, m->line,
				    "[machine %.40s]: ups.conf has no section %.40s: "
				    "that does not feed it",
				    m->name, m->feeds[k]);
		}
		if (m->nfeeds > 0 && found == 0)
			problems_add(p, file, m->line,
			    "[machine %.40s] has no feed: taken for one of the first UPS",
			    m->name);
	}
}

const struct conf_kind conf_kind_machine = {
    .word = "machine",
    .named = true,
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
