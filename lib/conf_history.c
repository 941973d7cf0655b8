/* SPDX-License-Identifier: ISC */
#include "lib/conf_holdup.h"

/* What is not understood keeps: a slip must not lose what happens meanwhile. */
static void
take_keep(void *conf, const struct conf_line *line, int at)
{
	struct conf_history *h = conf;
	bool keep = true;

	conf_switch(line, at, &keep);
	h->off = !keep;
}

static const struct conf_row settings[] = {
    {"keep", 1, 1, CONF_TAKE(take_keep)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	if (c->history.line == 0)
		c->history.line = head->line;
	return &c->history;
}

static void
release(struct holdup_conf *c)
{
	/* it owns nothing */
}

const struct conf_kind conf_kind_history = {
    .word = "history",
    .begin = begin,
    .settings = settings,
    .free = release,
};
