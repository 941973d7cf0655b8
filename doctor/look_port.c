/* SPDX-License-Identifier: ISC */
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/look.h"
#include "doctor/procs.h"
#include "lib/xmem.h"

/* True for holdupd and whom it has started. */
static bool
is_ours(const struct doctor *d, const struct facts_process *who)
{
	struct procs_one p = {.parent = who->pid};

	for (long pid = who->pid; pid > 1; pid = p.parent) {
		if (pid == d->pid)
			return true;
		if (!procs_read("/proc", pid, &p))
			return false;
	}
	return false;
}

static unsigned
number_of(const char *port)
{
	const struct servent *s = getservbyname(port, "tcp");

	return s != NULL ? (unsigned)((s->s_port & 0xff) << 8 | (s->s_port >> 8 & 0xff))
			 : (unsigned)strtoul(port, NULL, 10);
}

static void
take(const struct doctor *d, struct facts_ports *f, const char *what, const char *address,
    const char *port)
{
	struct facts_port *one;

	f->list = xreallocarray(f->list, f->count + 1, sizeof(*f->list));
	one = &f->list[f->count++];
	*one = (struct facts_port){.what = what};
	snprintf(one->address, sizeof(one->address), "%s",
	    strcmp(address, "*") == 0 ? "0.0.0.0" : address);
	snprintf(one->port, sizeof(one->port), "%s", port);
	one->taken = procs_listens("/proc", one->address, number_of(port), &one->who);
	/* Who cannot be seen while holdupd runs is holdupd, as far as an ordinary user sees. */
	one->ours =
	    one->taken && d->pid != 0 &&
	    (one->who.pid == 0 ? d->client != NULL && !d->root : is_ours(d, &one->who));
}

static void
take_nut(const struct doctor *d, struct facts_ports *f)
{
	const struct upsd_conf *c = &d->conf->upsd;

	for (size_t i = 0; i < c->nlistens; i++)
		take(d, f, "NUT", c->listens[i].address, c->listens[i].port);
	if (c->nlistens == 0)
		take(d, f, "NUT", "127.0.0.1", "3493");
}

static void
take_page(const struct doctor *d, struct facts_ports *f)
{
	const struct conf_web *w = &d->conf->own.web;
	char port[16];

	if (w->off || (d->own && w->line == 0))
		return;
	for (size_t i = 0; i < w->nlistens; i++)
		if (w->listens[i].address != NULL)
			take(d, f, "the page", w->listens[i].address, w->listens[i].port);
	snprintf(port, sizeof(port), "%d", CONF_WEB_PORT);
	if (w->nlistens == 0)
		take(d, f, "the page", "127.0.0.1", port);
}

void
look_port(struct doctor *d, struct doctor_report *r)
{
	struct facts_ports f = {.root = d->root};

	if (look_serves(d))
		take_nut(d, &f);
	if (look_wanted(d))
		take_page(d, &f);
	judge_port(&f, r);
	free(f.list);
}
