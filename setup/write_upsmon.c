/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/monitors.h"
#include "lib/xmem.h"
#include "setup/writer.h"

#define NUT_PORT 3493

static const char header[] =
    "# What this machine hangs on: MONITOR UPS@HOST, how many of its power supplies the "
    "UPS\n"
    "# feeds (0: it is only watched), a login of the server's upsd.users, and primary "
    "on\n"
    "# the machine that has the UPS's cable. When it goes down: upsmon.conf(5).\n";

static const char wait[] = "# Seconds that this machine waits, when the battery is low, "
			   "for the others to be off\n"
			   "# before it goes down itself. A NAS takes a minute or two.\n"
			   "HOSTSYNC 120\n";

static bool
watches_own(const struct upsmon_conf *c, const char *ups)
{
	for (size_t i = 0; i < c->nmonitors; i++)
		if (monitors_host_is_local(c->monitors[i].host) &&
		    strcmp(c->monitors[i].ups, ups) == 0)
			return true;
	return false;
}

static const struct conf_monitor *
find_far(const struct upsmon_conf *c, const char *system)
{
	for (size_t i = 0; i < c->nmonitors; i++)
		if (strcasecmp(c->monitors[i].system, system) == 0)
			return &c->monitors[i];
	return NULL;
}

/* Several UPSes on one machine: nobody has said which of them feeds it. So it goes down when
 * one of them is empty; where it is said already how many it needs, a new one is watched. */
static void
write_local(struct writer *w)
{
	const bool counted = draft_find(&w->draft, NULL, "MINSUPPLIES") > 0;
	const size_t before = w->there->upsmon.nmonitors;
	struct buf lines = {0};
	size_t n = 0;

	for (size_t i = 0; i < w->out->nupses; i++)
		if (!watches_own(&w->there->upsmon, w->out->upses[i])) {
			buf_printf(&lines, "MONITOR %s@localhost %d %s %s primary\n",
			    w->out->upses[i], counted ? 0 : 1,
			    writer_quote(w->local.name), writer_quote(w->local.password));
			n++;
		}
	if (n > 0)
		draft_add(&w->draft, "%s%s", w->draft.text.len == 0 ? header : "",
		    buf_str(&lines));
	if (n > 0 && before + n > 1 && !counted)
		draft_add(&w->draft,
		    "# How many of them must have power: this machine goes down as soon "
		    "as one\n"
		    "# of its UPSes is empty. Does only one of them feed it? Then write "
		    "0 in place\n"
		    "# of 1 into the others' MONITOR lines, and 1 here. Has it two power "
		    "supplies,\n"
		    "# on a UPS each? Then write 1.\n"
		    "MINSUPPLIES %zu\n",
		    before + n);
	if (w->open && (!w->draft.there || w->a->nnas > 0) &&
	    draft_find(&w->draft, NULL, "HOSTSYNC") == 0)
		draft_add(&w->draft, "%s", wait);
	buf_free(&lines);
}

static char *
system_of(const struct setup_answers *a)
{
	const bool six = strchr(a->at_host, ':') != NULL;
	const char *open = six ? "[" : "", *shut = six ? "]" : "";

	if (a->at_port == 0 || a->at_port == NUT_PORT)
		return xasprintf("%s@%s%s%s", a->at_ups, open, a->at_host, shut);
	return xasprintf("%s@%s%s%s:%u", a->at_ups, open, a->at_host, shut, a->at_port);
}

static void
write_far(struct writer *w)
{
	const struct setup_answers *a = w->a;
	char *system = system_of(a);
	const struct conf_monitor *m = find_far(&w->there->upsmon, system);
	char *line = xasprintf("MONITOR %s 1 %s %s secondary", writer_quote(system),
	    writer_quote(a->at_user), writer_quote(a->at_password));

	if (m == NULL)
		draft_add(
		    &w->draft, "%s%s\n", w->draft.text.len == 0 ? header : "", line);
	else if ((strcmp(m->user, a->at_user) != 0 ||
		     strcmp(m->password, a->at_password) != 0) &&
		 writer_clash(w, CHECK_UPSMON, m->line,
		     "MONITOR %s stands there with another login than was given", system))
		draft_replace(&w->draft, m->line, line);
	explicit_bzero(line, strlen(line));
	free(line);
	free(system);
}

void
write_upsmon(struct writer *w)
{
	if (w->serves)
		write_local(w);
	else
		write_far(w);
}
