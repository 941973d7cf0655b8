/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "doctor/look.h"
#include "history/read.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define EVENTS_MAX 5000 /* that are looked through for a login */

struct gathering {
	struct facts_clients *facts;
	int64_t now; /* Unix ms */
};

/* True when somebody is that machine, by its account or its address. */
static bool
is_machine(const struct facts_machine *m, const char *account, const char *address)
{
	if (m->login != NULL && strcmp(m->login, account) != 0)
		return false;
	return m->address == NULL || strcmp(m->address, address) == 0;
}

/* READER ups address kind "account" … */
static void
take_reader(void *arg, const struct words *w)
{
	struct facts_clients *f = ((struct gathering *)arg)->facts;

	for (size_t i = 0; w->argc > 4 && i < f->nmachines; i++)
		f->machines[i].there |=
		    is_machine(&f->machines[i], w->argv[4], w->argv[2]);
}

/* MISS address ups|account "name" times seconds */
static void
take_miss(void *arg, const struct words *w)
{
	struct facts_clients *f = ((struct gathering *)arg)->facts;

	if (w->argc < 6)
		return;
	f->misses = xreallocarray(f->misses, f->nmisses + 1, sizeof(*f->misses));
	f->misses[f->nmisses++] = (struct facts_miss){
	    .address = xstrdup(w->argv[1]),
	    .name = xstrdup(w->argv[3]),
	    .ups = strcmp(w->argv[2], "ups") == 0,
	    .count = strtoul(w->argv[4], NULL, 10),
	    .ago = atoll(w->argv[5]),
	};
}

/* A login of history, "account@address": the newest comes first. */
static void
take_event(void *arg, const struct history_event *e)
{
	struct gathering *g = arg;
	const char *at = e->who == NULL ? NULL : strrchr(e->who, '@');
	char account[128];

	if (at == NULL ||
	    (strcmp(e->kind, "login") != 0 && strcmp(e->kind, "logout") != 0) ||
	    (size_t)(at - e->who) >= sizeof(account))
		return;
	memcpy(account, e->who, (size_t)(at - e->who));
	account[at - e->who] = '\0';
	for (size_t i = 0; i < g->facts->nmachines; i++) {
		struct facts_machine *m = &g->facts->machines[i];

		if (m->ago < 0 && is_machine(m, account, at + 1))
			m->ago = (double)(g->now - e->at) / 1000;
	}
}

static void
read_history(struct gathering *g)
{
	const struct history_which which = {.limit = EVENTS_MAX};
	char *folder = paths_memory("history"), cause[HISTORY_CAUSE];
	struct history *h;

	if (history_open(&h, folder, cause) == 0 && h != NULL) {
		history_events(h, &which, take_event, g, cause);
		history_close(h);
	}
	free(folder);
}

/* The machines of holdup.conf but this one. */
static void
list_machines(const struct holdup_conf *own, struct facts_clients *f)
{
	f->machines = xcalloc(own->nmachines + 1, sizeof(*f->machines));
	for (size_t i = 0; i < own->nmachines; i++) {
		const struct conf_machine *m = &own->machines[i];

		if (!m->self && (m->login != NULL || m->address != NULL))
			f->machines[f->nmachines++] = (struct facts_machine){
			    .name = m->name,
			    .login = m->login,
			    .address = m->address,
			    .ago = -1,
			};
	}
}

/* Who is there, and what was missed, by the server. */
static void
ask(struct doctor *d, struct gathering *g)
{
	char cause[CLIENT_CAUSE_MAX];

	for (size_t i = 0; i < d->nupses; i++) {
		client_arg(d->client, "LIST");
		client_arg(d->client, "READER");
		client_arg(d->client, d->upses[i].name);
		client_list(d->client, take_reader, g, cause, sizeof(cause));
	}
	client_arg(d->client, "LIST");
	client_arg(d->client, "MISS");
	g->facts->told = client_list(d->client, take_miss, g, cause, sizeof(cause)) == 0;
}

void
look_clients(struct doctor *d, struct doctor_report *r)
{
	char host[256] = "localhost";
	struct facts_clients f = {
	    .since = d->since,
	    .ups = d->nupses > 0 ? d->upses[0].name : NULL,
	    .host = host,
	    .conf = &d->conf->ups,
	};
	struct gathering g = {&f, (int64_t)time(NULL) * 1000};

	gethostname(host, sizeof(host) - 1);
	list_machines(&d->conf->own, &f);
	if (d->client != NULL)
		ask(d, &g);
	if (f.told)
		read_history(&g);
	judge_clients(&f, r);
	for (size_t i = 0; i < f.nmisses; i++) {
		free(f.misses[i].address);
		free(f.misses[i].name);
	}
	free(f.misses);
	free(f.machines);
}
