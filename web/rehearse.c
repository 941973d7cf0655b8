/* SPDX-License-Identifier: ISC */
#include "web/rehearse.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill_json.h"
#include "lib/xmem.h"

#define OWN_ADDRESS "127.0.0.1" /* of the logins that core makes itself */

struct rehearse {
	struct drill_known known;
	struct drill_story story;
	struct drill_faults faults;
	bool ran;
	struct page_machine *machines; /* names are the story's */
	char **texts;                  /* stands, why and names of feeds: ours */
	const char **feeds;            /* room for those of each machine */
	size_t nmachines, ntexts;
};

struct rehearse *
rehearse_new(const struct drill_files *files)
{
	struct rehearse *r = xcalloc(1, sizeof(*r));

	drill_known_read(&r->known, files);
	return r;
}

/* Forgets the last run. */
static void
forget(struct rehearse *r)
{
	for (size_t i = 0; i < r->ntexts; i++)
		free(r->texts[i]);
	free(r->machines);
	free(r->feeds);
	free(r->texts);
	r->feeds = NULL;
	r->machines = NULL;
	r->texts = NULL;
	r->nmachines = r->ntexts = 0;
	if (r->ran) {
		drill_faults_free(&r->faults);
		drill_free(&r->story);
	}
	r->ran = false;
}

void
rehearse_free(struct rehearse *r)
{
	if (r == NULL)
		return;
	forget(r);
	drill_known_free(&r->known);
	free(r);
}

/* What a UPS tells. */
static void
take_state(struct drill_known *k, size_t row, const struct state *s)
{
	for (size_t i = 0; i < s->nvars; i++) {
		const struct state_var *v = s->vars[i];

		drill_known_var(k, row, v->name, v->text);
		if (v->flags & STATE_RW)
			drill_known_rw(k, row, v->name);
		for (size_t n = 0; n < v->nranges; n++)
			drill_known_range(k, row, v->name, (double)v->ranges[n].max);
	}
	for (size_t i = 0; i < s->ncmds; i++)
		drill_known_cmd(k, row, s->cmds[i]);
	k->served |= s->nvars > 0;
}

/* A login of core itself, for the MONITOR line of this machine. */
static bool
is_own(const struct drill_known *k, size_t row, const struct feed_login *l)
{
	if (strcmp(l->address, OWN_ADDRESS) != 0)
		return false;
	for (size_t i = 0; i < k->policy.nmonitors; i++)
		if (k->policy.monitors[i].row == (long)row &&
		    strcmp(k->upsmon.monitors[i].user, l->account) == 0)
			return true;
	return false;
}

static void
take_feed(struct drill_known *k, const struct feed *f)
{
	drill_known_forget(k);
	for (size_t row = 0; row < k->ups.nupses; row++) {
		const struct feed_ups *u = feed_find(f, k->ups.upses[row].name);

		if (u == NULL)
			continue;
		if (u->source == FEED_OK)
			take_state(k, row, u->state);
		for (size_t i = 0; i < u->nlogins; i++)
			if (!is_own(k, row, &u->logins[i]))
				drill_known_client(k, row, u->logins[i].address,
				    u->logins[i].account, MACHINE_LOGIN);
		for (size_t i = 0; i < u->nreaders; i++)
			drill_known_reader(
			    k, row, u->readers[i].address, u->readers[i].kind);
	}
}

static const char *
keep(struct rehearse *r, const char *text)
{
	r->texts = xreallocarray(r->texts, r->ntexts + 1, sizeof(*r->texts));
	return r->texts[r->ntexts++] = xstrdup(text);
}

static void
add_feed(struct rehearse *r, const char **feeds, size_t *n, size_t row)
{
	const char *name = r->known.ups.upses[row].name;

	for (size_t i = 0; i < *n; i++)
		if (strcmp(feeds[i], name) == 0)
			return;
	feeds[(*n)++] = name;
}

/* The UPSes that it hangs on: of its section, of the MONITOR lines, or of its login. */
static void
set_feeds(struct rehearse *r, const struct drill_result *d, struct page_machine *m)
{
	const struct policy_conf *conf = &r->known.policy;
	const char **feeds = &r->feeds[r->nmachines * r->known.ups.nupses];

	if (d->plan >= 0)
		for (size_t i = 0; i < conf->plans[d->plan].nfeeds; i++)
			add_feed(r, feeds, &m->nfeeds, conf->plans[d->plan].feeds[i]);
	else if (d->self)
		for (size_t i = 0; i < conf->nmonitors; i++) {
			if (conf->monitors[i].row >= 0 && conf->monitors[i].power > 0)
				add_feed(
				    r, feeds, &m->nfeeds, (size_t)conf->monitors[i].row);
		}
	else if (d->row < r->known.ups.nupses)
		add_feed(r, feeds, &m->nfeeds, d->row);
	m->feeds = feeds;
}

static void
add_machine(struct rehearse *r, const struct feed *f, const struct drill_result *d)
{
	struct page_machine m = {.name = d->name,
	    .stands = "on",
	    .why = d->why,
	    .there = d->there,
	    .self = d->self,
	    .down = d->told,
	    .off = d->off};

	for (size_t i = 0; d->plan >= 0 && i < f->nmachines; i++)
		if (strcmp(f->machines[i].name, r->known.policy.plans[d->plan].name) ==
		    0) {
			m.stands = keep(r, f->machines[i].stand);
			if (*f->machines[i].why != '\0')
				m.why = keep(r, f->machines[i].why);
		}
	set_feeds(r, d, &m);
	r->machines[r->nmachines++] = m;
}

void
rehearse_run(struct rehearse *r, const struct feed *f)
{
	struct drill_setting setting;

	forget(r);
	take_feed(&r->known, f);
	setting = drill_known_setting(&r->known);
	drill_run(&setting, &r->story);
	drill_check(&r->known, NULL, &r->story, &r->faults);
	r->ran = true;
	r->machines = xcalloc(r->story.nresults + 1, sizeof(*r->machines));
	r->feeds =
	    xcalloc(r->story.nresults * r->known.ups.nupses + 1, sizeof(const char *));
	for (size_t i = 0; i < r->story.nresults; i++)
		add_machine(r, f, &r->story.results[i]);
}

const struct page_machine *
rehearse_machines(const struct rehearse *r, size_t *count)
{
	*count = r->nmachines;
	return r->machines;
}

bool
rehearse_protected(const struct rehearse *r)
{
	return r->ran && r->known.served && r->known.upsmon.nmonitors > 0 &&
	       r->story.alive == 0;
}

char *
rehearse_json(const struct rehearse *r)
{
	static const struct drill_story nothing = {.end = 0};
	json_t *report =
	    drill_json(&r->known, r->ran ? &r->story : &nothing, &r->faults, NULL, 0);
	char *dump = json_dumps(report, JSON_INDENT(2)), *text;

	text = xasprintf("%s\n", dump);
	free(dump);
	json_decref(report);
	return text;
}
