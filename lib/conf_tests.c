/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "lib/conf_holdup.h"

#define DAYS_MAX 3650 /* between two tests */

/* `hours = 10-16`: from the first one, and over when the second strikes. */
static void
take_hours(void *conf, const struct conf_line *line, int at)
{
	struct conf_tests *t = conf;
	const char *text = line->words->argv[at];
	unsigned from, to;
	char rest;

	if (sscanf(text, "%2u-%2u%c", &from, &to, &rest) != 2 || from >= to || to > 24) {
		conf_fault(line,
		    "hours takes two of one day, for example 10-16, not \"%.40s\": the "
		    "line is ignored",
		    text);
		return;
	}
	t->from = (int)from;
	t->to = (int)to;
}

static const struct conf_row settings[] = {
    {"quick", 1, 1, CONF_NUMBER(conf_tests, quick, 0, DAYS_MAX)},
    {"deep", 1, 1, CONF_NUMBER(conf_tests, deep, 0, DAYS_MAX)},
    {"hours", 1, 1, CONF_TAKE(take_hours)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	if (c->tests.line == 0)
		c->tests.line = head->line;
	return &c->tests;
}

static void
release(struct holdup_conf *c)
{
	/* it owns nothing */
}

const struct conf_kind conf_kind_tests = {
    .word = "tests",
    .begin = begin,
    .settings = settings,
    .free = release,
};
