/* SPDX-License-Identifier: ISC */
#include "lib/conf_holdup.h"

#define CALM_MAX 86400 /* seconds */

static const struct conf_row settings[] = {
    {"restart", 1, 1, CONF_NUMBER(conf_plan, restart, 0, 100)},
    {"calm", 1, 1, CONF_NUMBER(conf_plan, calm, 0, CALM_MAX)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	if (c->plan.line == 0)
		c->plan.line = head->line;
	return &c->plan;
}

static void
release(struct holdup_conf *c)
{
	/* it owns nothing */
}

const struct conf_kind conf_kind_plan = {
    .word = "plan",
    .begin = begin,
    .settings = settings,
    .free = release,
};
