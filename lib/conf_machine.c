/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conf_holdup.h"
#include "lib/xmem.h"

#define TAKES_MAX 3600 /* seconds; more than any battery has */

/* An address as net writes it: one spelling for each. */
static void
take_address(void *conf, const struct conf_line *line, int at)
{
	struct conf_machine *m = conf;
	const char *text = line->words->argv[at];
	unsigned char bytes[sizeof(struct in6_addr)];
	char plain[INET6_ADDRSTRLEN];
	int family = strchr(text, ':') == NULL ? AF_INET : AF_INET6;

	if (inet_pton(family, text, bytes) != 1) {
		conf_fault(line,
		    "address takes an address like 192.168.0.10 or fd00::10, not "
		    "\"%.40s\": the line is ignored",
		    text);
		return;
	}
	inet_ntop(family, bytes, plain, sizeof(plain));
	free(m->address);
	m->address = xstrdup(plain);
}

static const struct conf_row settings[] = {
    {"login", 1, 1, CONF_TEXT(conf_machine, login)},
    {"address", 1, 1, CONF_TAKE(take_address)},
    {"takes", 1, 1, CONF_NUMBER(conf_machine, takes, 0, TAKES_MAX)},
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
	c->machines = xreallocarray(c->machines, c->nmachines + 1, sizeof(*c->machines));
	m = &c->machines[c->nmachines++];
	*m = (struct conf_machine){.name = xstrdup(head->name), .line = head->line};
	return m;
}

static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	for (size_t i = 0; i < c->nmachines; i++)
		if (c->machines[i].login == NULL && c->machines[i].address == NULL)
			problems_add(p, file, c->machines[i].line,
			    "[machine %.40s] does not say how the machine is known, and "
			    "means none: write login = (its account in upsd.users) or "
			    "address =",
			    c->machines[i].name);
}

static void
release(struct holdup_conf *c)
{
	for (size_t i = 0; i < c->nmachines; i++) {
		free(c->machines[i].name);
		free(c->machines[i].login);
		free(c->machines[i].address);
	}
	free(c->machines);
}

const struct conf_kind conf_kind_machine = {
    .word = "machine",
    .named = true,
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
