/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"

static const struct conf_kind *const kinds[] = {
    &conf_kind_domoticz,
    &conf_kind_mqtt,
    &conf_kind_notify,
    &conf_kind_client,
    &conf_kind_machine,
    &conf_kind_plan,
    &conf_kind_ups,
    &conf_kind_server,
    &conf_kind_web,
    &conf_kind_history,
    &conf_kind_tests,
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* The reading: where lines go at the moment. */
struct reader {
	struct holdup_conf *conf;
	const struct conf_kind *kind; /* NULL before the first head */
	void *into;                   /* NULL: the lines are ignored */
};

static void
unknown_section(const struct conf_line *line)
{
	const char *known[KINDS + 1] = {NULL}, *near;

	for (size_t i = 0; i < KINDS; i++)
		known[i] = kinds[i]->word;
	if ((near = conf_nearest(line->section, known)) != NULL)
		conf_fault(line,
		    "unknown section [%.40s], did you mean [%s]? Its lines are ignored",
		    line->section, near);
	else
		conf_fault(line,
		    "unknown section [%.40s]: its lines are ignored; a UPS belongs into "
		    "ups.conf, a user into upsd.users",
		    line->section);
}

static void
take_head(struct reader *r, const struct conf_line *line)
{
	size_t i = 0;

	r->into = NULL;
	while (i < KINDS && strcmp(line->section, kinds[i]->word) != 0)
		i++;
	r->kind = kinds[i < KINDS ? i : 0];
	if (i == KINDS)
		unknown_section(line);
	else if (r->kind->named && line->name == NULL)
		conf_fault(line,
		    "[%s] needs a name, write for example [%s %s]: its lines are "
		    "ignored",
		    line->section, line->section,
		    r->kind == &conf_kind_notify ? "phone" : "pi2");
	else if (!r->kind->named && line->name != NULL)
		conf_fault(line, "[%s] takes no name \"%.40s\": its lines are ignored",
		    line->section, line->name);
	else
		r->into = r->kind->begin(r->conf, line);
}

/* What nobody but the reader of the file is to see: an address may hold a secret, too. */
static const char *
shown(const struct words *w, int at)
{
	static const char *const secret[] = {"password", "token", "header", "url"};

	for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++)
		if (strcasecmp(w->argv[0], secret[i]) == 0)
			return "...";
	return w->argv[at];
}

/* Index of the value in `word = value`; 0 with a problem when there is none. */
static int
value_index(const struct conf_line *line, const struct conf_row *row)
{
	const struct words *w = line->words;
	int at = w->argc > 1 && !w->quoted[1] && strcmp(w->argv[1], "=") == 0 ? 2 : 1;

	if (w->argc <= at || (*w->argv[at] == '\0' && !w->quoted[at])) {
		conf_fault(line, "%.40s has no value: the line is ignored", w->argv[0]);
		return 0;
	}
	if (at == 1)
		conf_fault(line, "\"=\" is missing, read as: %.40s = %.40s", w->argv[0],
		    shown(w, at));
	if (w->argc > at + row->args_max)
		conf_fault(line,
		    "only the first word behind \"=\" is taken as %.40s: put a text "
		    "with blanks or \"=\" into \"quotes\"",
		    w->argv[0]);
	return at;
}

static void
take_setting(const struct reader *r, const struct conf_line *line)
{
	const struct conf_row *row = r->kind->settings;
	int at;

	while (row->name != NULL && strcasecmp(row->name, line->words->argv[0]) != 0)
		row++;
	if (row->name == NULL)
		conf_no_row(r->kind->settings, line);
	else if ((at = value_index(line, row)) > 0)
		conf_take(row, r->into, line, at);
}

static void
take_line(void *arg, const struct conf_line *line)
{
	struct reader *r = arg;

	if (line->words == NULL)
		take_head(r, line);
	else if (r->into != NULL)
		take_setting(r, line);
	else if (r->kind == NULL)
		conf_fault(line,
		    "\"%.40s\" stands before the first [section], write for example "
		    "[%s] above it: the line is ignored",
		    line->words->argv[0], kinds[0]->word);
}

void
holdup_conf_read(struct holdup_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	struct reader r = {.conf = c};

	*c = (struct holdup_conf){.plan = CONF_PLAN_DEFAULT, .tests = CONF_TESTS_DEFAULT};
	conf_walk_named(file, text, len, p, take_line, &r);
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i]->check != NULL)
			kinds[i]->check(c, file, p);
}

void
holdup_conf_free(struct holdup_conf *c)
{
	for (size_t i = 0; i < KINDS; i++)
		kinds[i]->free(c);
	*c = (struct holdup_conf){0};
}

bool
holdup_conf_secret(const struct holdup_conf *c)
{
	return c->domoticz.password != NULL || c->mqtt.password != NULL ||
	       c->nnotifies > 0;
}
