/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xmem.h"
#include "setup/writer.h"

#define DRIVER "usbhid-ups"
#define PORT "auto"
#define NAME "ups"

static const struct setup_ups unseen = {0}; /* one that is not there yet */

/* True when the section has this value, or says nothing. */
static bool
agrees(const struct conf_ups *u, const char *key, const char *value, const char *standard)
{
	const char *has = conf_ups_get(u, key);

	return has == NULL || strcasecmp(has, value != NULL ? value : standard) == 0;
}

static bool
is_taken(const struct writer *w, const char *name)
{
	for (size_t i = 0; i < w->out->nupses; i++)
		if (strcmp(w->out->upses[i], name) == 0)
			return true;
	return false;
}

/* The section that means this UPS already: by its serial number; or one of the same driver
 * that would take any UPS at this port. */
static const struct conf_ups *
section_of(const struct writer *w, const struct setup_ups *u)
{
	const struct ups_conf *c = &w->there->ups;
	const char *serial;

	for (size_t i = 0; u->serial != NULL && i < c->nupses; i++)
		if ((serial = conf_ups_get(&c->upses[i], "serial")) != NULL &&
		    strcmp(serial, u->serial) == 0)
			return &c->upses[i];
	for (size_t i = 0; i < c->nupses; i++) {
		const char *port = conf_ups_get(&c->upses[i], "port");

		if (is_taken(w, c->upses[i].name) ||
		    conf_ups_get(&c->upses[i], "serial") != NULL ||
		    conf_ups_get(&c->upses[i], "busport") != NULL ||
		    !agrees(&c->upses[i], "driver", u->driver, DRIVER) ||
		    !agrees(&c->upses[i], "vendorid",
			u->vendorid != NULL ? u->vendorid : "", "") ||
		    (u->port != NULL && port != NULL && strcmp(u->port, port) != 0))
			continue;
		return &c->upses[i];
	}
	return NULL;
}

/* A name that no section has: the one that was wanted, or that with a number. */
static char *
free_name(const struct writer *w, const char *wanted)
{
	char *name = xstrdup(wanted);

	for (int i = 2; is_taken(w, name) || ups_conf_find(&w->there->ups, name) != NULL;
	     i++) {
		free(name);
		name = xasprintf("%s%d", wanted, i);
	}
	return name;
}

static void
add_pair(struct buf *b, const char *key, const char *value)
{
	if (value != NULL && *value != '\0')
		buf_printf(b, "\t%s = %s\n", key, writer_quote(value));
}

static void
add_section(struct writer *w, const struct setup_ups *u, const char *name)
{
	struct buf b = {0};

	if (w->draft.text.len == 0)
		buf_puts(&b,
		    "# The UPSes of this machine, a section each. All there is to "
		    "say: ups.conf(5).\n\n");
	buf_printf(&b, "[%s]\n", name);
	add_pair(&b, "driver", u->driver != NULL ? u->driver : DRIVER);
	add_pair(&b, "port", u->port != NULL ? u->port : PORT);
	/* One alone needs no marks: another one may take its place some day. */
	if (w->a->nups > 1 || w->there->ups.nupses > 0) {
		add_pair(&b, "vendorid", u->vendorid);
		add_pair(&b, "productid", u->productid);
		add_pair(&b, "serial", u->serial);
		add_pair(&b, "bus", u->bus);
		add_pair(&b, "busport", u->busport);
	}
	if (u->key != NULL)
		add_pair(&b, u->key, u->value);
	if (u->desc != NULL) {
		buf_puts(&b, "\tdesc = ");
		buf_quoted(&b, u->desc);
		buf_puts(&b, "\n");
	}
	draft_add(&w->draft, "%s", buf_str(&b));
	buf_free(&b);
}

/* Takes what is there for this UPS, or adds it. */
static void
write_one(struct writer *w, const struct setup_ups *u)
{
	struct setup_result *r = w->out;
	const struct conf_ups *has = section_of(w, u), *same;
	char *name;

	if (has != NULL) {
		name = xstrdup(has->name);
		if (u->name != NULL && strcmp(u->name, name) != 0)
			writer_firm(w, CHECK_UPS, has->line,
			    "[%s] means this UPS already, and keeps its name", name);
	} else {
		name = free_name(w, u->name != NULL ? u->name : NAME);
		if (u->name != NULL &&
		    (same = ups_conf_find(&w->there->ups, u->name)) != NULL)
			writer_firm(w, CHECK_UPS, same->line,
			    "[%s] is another UPS already, so this one is [%s]", u->name,
			    name);
		add_section(w, u, name);
	}
	r->upses = xreallocarray(r->upses, r->nupses + 1, sizeof(*r->upses));
	r->upses[r->nupses++] = name;
}

void
write_ups(struct writer *w)
{
	const struct ups_conf *c = &w->there->ups;

	if (!w->serves)
		return;
	for (size_t i = 0; i < w->a->nups; i++)
		write_one(w, &w->a->ups[i]);
	if (w->a->nups == 0 && c->nupses == 0)
		write_one(w, &unseen);
	for (size_t i = 0; w->a->nups == 0 && i < c->nupses; i++) {
		w->out->upses = xreallocarray(
		    w->out->upses, w->out->nupses + 1, sizeof(*w->out->upses));
		w->out->upses[w->out->nupses++] = xstrdup(c->upses[i].name);
	}
}
