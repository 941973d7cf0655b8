/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"
#include "lib/state.h"
#include "lib/xmem.h"

const struct conf_names *
conf_names_find(const struct holdup_conf *c, const char *alias)
{
	for (size_t i = 0; i < c->nnames; i++)
		for (size_t k = 0; k < c->names[i].naliases; k++)
			if (strcasecmp(c->names[i].aliases[k], alias) == 0)
				return &c->names[i];
	return NULL;
}

static bool
is_section(const struct ups_conf *upses, const char *name)
{
	for (size_t i = 0; i < upses->nupses; i++)
		if (strcasecmp(upses->upses[i].name, name) == 0)
			return true;
	return false;
}

/* The same for the UPSes of whom somebody is told. */
static void
check_others(const struct holdup_conf *c, const struct ups_conf *upses, const char *file,
    struct problems *p)
{
	if (c->domoticz.ups != NULL && !is_section(upses, c->domoticz.ups))
		problems_add(p, file, c->domoticz.line,
		    "[domoticz]: ups.conf has no section %.40s, so nothing is told",
		    c->domoticz.ups);
	for (size_t i = 0; i < c->nnotifies; i++) {
		const struct conf_notify *n = &c->notifies[i];

		if (n->ups != NULL && !is_section(upses, n->ups))
			problems_add(p, file, n->line,
			    "[notify %s]: ups.conf has no section %.40s, so no UPS is "
			    "told of",
			    n->name, n->ups);
	}
}

void
conf_names_check(const struct holdup_conf *c, const struct ups_conf *upses,
    const char *file, struct problems *p)
{
	for (size_t i = 0; i < c->nnames; i++) {
		const struct conf_names *n = &c->names[i];

		if (!is_section(upses, n->ups))
			problems_add(p, file, n->line,
			    "[ups %.40s]: ups.conf has no section of that name, so these "
			    "aliases mean no UPS",
			    n->ups);
		for (size_t k = 0; k < n->naliases; k++)
			if (strcasecmp(n->aliases[k], n->ups) != 0 &&
			    is_section(upses, n->aliases[k]))
				problems_add(p, file, n->line,
				    "[ups %.40s]: %.40s is a section of ups.conf, and "
				    "means that one",
				    n->ups, n->aliases[k]);
	}
	check_others(c, upses, file, p);
}

/* The first of the section's aliases that another section before it has, or NULL. */
static char *
taken(const struct holdup_conf *c, struct conf_names *n)
{
	for (size_t k = 0; k < n->naliases; k++)
		if (conf_names_find(c, n->aliases[k]) != n)
			return n->aliases[k];
	return NULL;
}

static void
drop(struct conf_names *n, const char *alias)
{
	size_t k = 0;

	while (n->aliases[k] != alias)
		k++;
	free(n->aliases[k]);
	n->aliases[k] = n->aliases[--n->naliases];
}

static void
add_alias(void *conf, const struct conf_line *line, const char *word)
{
	struct conf_names *n = conf;

	if (!state_name_ok(word)) {
		conf_fault(
		    line, "\"%.40s\" cannot be the name of a UPS: it is left out", word);
		return;
	}
	n->aliases = xreallocarray(n->aliases, n->naliases + 1, sizeof(*n->aliases));
	n->aliases[n->naliases++] = xstrdup(word);
}

static void
take_alias(void *conf, const struct conf_line *line, int at)
{
	conf_list_each(line, at, add_alias, conf);
}

static const struct conf_row settings[] = {
    {"alias", 1, WORDS_MAX, CONF_TAKE(take_alias)},
    {"honest", 1, 1, CONF_SWITCH(conf_names, honest)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	struct conf_names *n;

	for (size_t i = 0; i < c->nnames; i++)
		if (strcasecmp(c->names[i].ups, head->name) == 0)
			return &c->names[i];
	c->names = xreallocarray(c->names, c->nnames + 1, sizeof(*c->names));
	n = &c->names[c->nnames++];
	*n = (struct conf_names){.ups = xstrdup(head->name), .line = head->line};
	return n;
}

/* One name must not mean two UPSes. */
static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	for (size_t i = 0; i < c->nnames; i++) {
		struct conf_names *n = &c->names[i];
		char *alias;

		if (n->naliases == 0 && !n->honest)
			problems_add(p, file, n->line,
			    "[ups %.40s] says nothing: write alias = or honest =",
			    n->ups);
		while ((alias = taken(c, n)) != NULL) {
			problems_add(p, file, n->line,
			    "%.40s is an alias of %.40s already: it is left out of [ups "
			    "%.40s]",
			    alias, conf_names_find(c, alias)->ups, n->ups);
			drop(n, alias);
		}
	}
}

static void
release(struct holdup_conf *c)
{
	for (size_t i = 0; i < c->nnames; i++) {
		for (size_t k = 0; k < c->names[i].naliases; k++)
			free(c->names[i].aliases[k]);
		free(c->names[i].aliases);
		free(c->names[i].ups);
	}
	free(c->names);
}

const struct conf_kind conf_kind_ups = {
    .word = "ups",
    .named = true,
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
