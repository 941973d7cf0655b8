/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_ups.h"
#include "lib/state.h"
#include "lib/xmem.h"

/* The reading: where pairs go at the moment. */
struct reader {
	struct ups_conf *conf;
	struct conf_ups *ups; /* NULL: the pairs are global, or passed over */
	bool skip;            /* the section's name cannot be one */
};

static void
pair_add(
    struct conf_pair **pairs, size_t *n, const char *key, const char *value, int line)
{
	*pairs = xreallocarray(*pairs, *n + 1, sizeof(**pairs));
	(*pairs)[(*n)++] = (struct conf_pair){
	    .key = xstrdup(key), .value = xstrdup(value), .line = line};
}

static void
pairs_free(struct conf_pair *pairs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(pairs[i].key);
		free(pairs[i].value);
	}
	free(pairs);
}

const struct conf_ups *
ups_conf_find(const struct ups_conf *c, const char *name)
{
	for (size_t i = 0; i < c->nupses; i++)
		if (strcmp(c->upses[i].name, name) == 0)
			return &c->upses[i];
	return NULL;
}

const char *
conf_ups_get(const struct conf_ups *u, const char *key)
{
	for (size_t i = u->npairs; i > 0; i--)
		if (strcasecmp(u->pairs[i - 1].key, key) == 0)
			return u->pairs[i - 1].value;
	return NULL;
}

/* A name stands in UPS@HOST:PORT and in the file name of a socket. */
static bool
name_ok(const char *name)
{
	return state_name_ok(name) && strpbrk(name, "/@:") == NULL;
}

static void
take_head(struct reader *r, const struct conf_line *line)
{
	struct ups_conf *c = r->conf;

	r->ups = NULL;
	r->skip = !name_ok(line->section);
	if (r->skip) {
		conf_fault(line,
		    "[%.40s] cannot name a UPS, take letters, digits, \"-\", \"_\" and "
		    "\".\": its lines are ignored",
		    line->section);
		return;
	}
	for (size_t i = 0; i < c->nupses; i++)
		if (strcmp(c->upses[i].name, line->section) == 0)
			r->ups = &c->upses[i];
	if (r->ups != NULL) {
		conf_fault(line,
		    "a second section [%s]: its lines are added to that of line %d",
		    line->section, r->ups->line);
		return;
	}
	c->upses = xreallocarray(c->upses, c->nupses + 1, sizeof(*c->upses));
	r->ups = &c->upses[c->nupses++];
	*r->ups = (struct conf_ups){.name = xstrdup(line->section), .line = line->line};
}

/* Index of the value behind a key: 0 for a flag, 2 as a rule, 1 where `=` is missing. */
static int
value_index(const struct conf_line *line)
{
	const struct words *w = line->words;
	int at = 2;

	if (w->argc == 1)
		return 0;
	if (w->quoted[1] || strcmp(w->argv[1], "=") != 0) {
		conf_fault(line, "\"=\" is missing, read as: %.40s = %.40s", w->argv[0],
		    w->argv[1]);
		at = 1;
	} else if (w->argc == 2)
		return -1;
	if (w->argc > at + 1)
		conf_fault(line,
		    "only \"%.40s\" is taken as %.40s: put a text with blanks into "
		    "\"quotes\"",
		    w->argv[at], w->argv[0]);
	return at;
}

/* Words of the other files are written in capitals or are those of upsd.users; in small
 * letters, a driver may have a setting of that name. */
static bool
foreign(const char *key)
{
	const char *home = conf_home(key);

	return home != NULL && strcmp(home, "ups.conf") != 0 &&
	       strcmp(key, "password") != 0;
}

static void
take_line(void *arg, const struct conf_line *line)
{
	static const char *const none[] = {NULL};
	struct reader *r = arg;
	const char *key, *value;
	int at;

	if (line->words == NULL) {
		take_head(r, line);
		return;
	}
	key = line->words->argv[0];
	if (r->skip)
		return;
	if (foreign(key)) {
		conf_unknown(line, 0, none);
		return;
	}
	if (!line->words->quoted[0] && strcmp(key, "=") == 0) {
		conf_fault(line, "nothing stands before \"=\": the line is ignored");
		return;
	}
	at = value_index(line);
	if (at < 0) {
		conf_fault(
		    line, "%.40s has no value behind \"=\": the line is ignored", key);
		return;
	}
	value = at == 0 ? "" : line->words->argv[at];
	if (r->ups != NULL)
		pair_add(&r->ups->pairs, &r->ups->npairs, key, value, line->line);
	else
		pair_add(&r->conf->globals, &r->conf->nglobals, key, value, line->line);
}

/* A section must say `key`; one that is nearly written so is named. */
static void
need(const struct conf_ups *u, const char *key, const char *example, const char *file,
    struct problems *p)
{
	const char *const known[] = {key, NULL};
	const char *value = conf_ups_get(u, key);

	if (value != NULL && *value != '\0')
		return;
	if (value != NULL) {
		problems_add(p, file, u->line, "[%s]: %s has no value, write %s", u->name,
		    key, example);
		return;
	}
	for (size_t i = 0; i < u->npairs; i++)
		if (conf_nearest(u->pairs[i].key, known) != NULL) {
			problems_add(p, file, u->pairs[i].line,
			    "unknown word \"%s\", did you mean \"%s\"? [%s] has no %s",
			    u->pairs[i].key, key, u->name, key);
			return;
		}
	problems_add(p, file, u->line, "[%s] has no %s, write for example: %s", u->name,
	    key, example);
}

/* Drivers of network devices have a password of their own; the USB ones have none. */
static void
check_password(const struct conf_ups *u, const char *file, struct problems *p)
{
	const char *driver = conf_ups_get(u, "driver");

	if (driver != NULL && strcmp(driver, "usbhid-ups") != 0)
		return;
	for (size_t i = 0; i < u->npairs; i++)
		if (strcmp(u->pairs[i].key, "password") == 0)
			problems_add(p, file, u->pairs[i].line,
			    "\"password\" belongs into upsd.users: the line is ignored");
}

/* What a port looks like depends on the driver. */
static const char *
port_example(const struct conf_ups *u)
{
	const char *driver = conf_ups_get(u, "driver");

	return driver != NULL && strcmp(driver, "remote") == 0 ? "port = ups@192.168.0.9"
							       : "port = auto";
}

/* Settings of a section that stand before the first head reach no UPS. */
static void
check_globals(const struct ups_conf *c, const char *file, struct problems *p)
{
	static const char *const of_sections[] = {"driver", "port", "desc", NULL};

	for (size_t i = 0; i < c->nglobals; i++)
		for (size_t j = 0; of_sections[j] != NULL; j++)
			if (strcasecmp(c->globals[i].key, of_sections[j]) == 0)
				problems_add(p, file, c->globals[i].line,
				    "\"%s\" stands before the first [section]: it "
				    "belongs to no UPS and is ignored",
				    c->globals[i].key);
}

void
ups_conf_read(struct ups_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	struct reader r = {.conf = c};

	*c = (struct ups_conf){0};
	conf_walk(file, text, len, p, take_line, &r);
	check_globals(c, file, p);
	for (size_t i = 0; i < c->nupses; i++) {
		need(&c->upses[i], "driver", "driver = usbhid-ups", file, p);
		need(&c->upses[i], "port", port_example(&c->upses[i]), file, p);
		check_password(&c->upses[i], file, p);
	}
}

void
ups_conf_free(struct ups_conf *c)
{
	for (size_t i = 0; i < c->nupses; i++) {
		free(c->upses[i].name);
		pairs_free(c->upses[i].pairs, c->upses[i].npairs);
	}
	free(c->upses);
	pairs_free(c->globals, c->nglobals);
	*c = (struct ups_conf){0};
}
