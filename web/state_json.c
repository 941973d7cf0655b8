/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "web/state_json.h"

/* A number of page_ups and its key. */
struct figure {
	const char *key;
	size_t offset;
};

#define FIGURE(key, field)                            \
	{                                             \
		key, offsetof(struct page_ups, field) \
	}

static const struct figure power[] = {
    FIGURE("input_voltage", input_voltage),
    FIGURE("input_frequency", input_frequency),
    FIGURE("output_voltage", output_voltage),
    FIGURE("load", load),
    FIGURE("watts", watts),
    FIGURE("va", va),
    {NULL, 0},
};

static const struct figure battery[] = {
    FIGURE("charge", charge),
    FIGURE("charge_low", charge_low),
    FIGURE("runtime", runtime),
    FIGURE("runtime_learned", runtime_learned),
    FIGURE("voltage", voltage),
    FIGURE("temperature", temperature),
    FIGURE("health", health),
    FIGURE("confidence", confidence),
    {NULL, 0},
};

static const char *const sources[] = {
    [FEED_LOST] = "lost", [FEED_STALE] = "stale", [FEED_OK] = "ok"};
static const char *const mains[] = {
    [PAGE_MAINS_UNKNOWN] = "unknown", [PAGE_MAINS_ON] = "on", [PAGE_MAINS_OFF] = "off"};

static void
write_figures(struct jout *j, const struct figure *f, const struct page_ups *u)
{
	for (; f->key != NULL; f++)
		jout_number(j, f->key,
		    *(const double *)(const void *)((const char *)u + f->offset));
}

static void
write_words(struct jout *j, const struct page_ups *u)
{
	const char *keys[LANG_STATUS_MAX];
	size_t n = lang_status(u->status, u->source, keys);

	jout_open(j, "words", '[');
	for (size_t i = 0; i < n; i++)
		jout_text(j, NULL, keys[i]);
	jout_close(j, ']');
}

/* What may be set, and to what. */
static void
write_settable(struct jout *j, const struct state *s)
{
	jout_open(j, "settable", '{');
	for (size_t i = 0; i < s->nvars; i++) {
		const struct state_var *v = s->vars[i];
		bool text = v->flags & STATE_STRING;

		if (!(v->flags & STATE_RW))
			continue;
		jout_open(j, v->name, '{');
		jout_text(j, "type", text ? "string" : v->nenums > 0 ? "enum" : "number");
		if (text && v->aux > 0)
			jout_whole(j, "length", v->aux);
		else
			jout_null(j, "length");
		jout_open(j, "ranges", '[');
		for (size_t k = 0; k < v->nranges; k++) {
			jout_open(j, NULL, '[');
			jout_whole(j, NULL, v->ranges[k].min);
			jout_whole(j, NULL, v->ranges[k].max);
			jout_close(j, ']');
		}
		jout_close(j, ']');
		jout_open(j, "values", '[');
		for (size_t k = 0; k < v->nenums; k++)
			jout_text(j, NULL, v->enums[k]);
		jout_close(j, ']');
		jout_close(j, '}');
	}
	jout_close(j, '}');
}

static void
write_variables(struct jout *j, const struct state *s)
{
	jout_open(j, "variables", '{');
	for (size_t i = 0; i < s->nvars; i++)
		jout_text(j, s->vars[i]->name, s->vars[i]->text);
	jout_close(j, '}');
	jout_open(j, "commands", '[');
	for (size_t i = 0; i < s->ncmds; i++)
		jout_text(j, NULL, s->cmds[i]);
	jout_close(j, ']');
}

static void
write_logins(struct jout *j, const struct feed_ups *u)
{
	jout_open(j, "logins", '[');
	for (size_t i = 0; i < u->nlogins; i++) {
		jout_open(j, NULL, '{');
		jout_text(j, "address", u->logins[i].address);
		jout_text(j, "account", u->logins[i].account);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

static void
write_ups(struct jout *j, const struct house *h, const struct feed_ups *feed_ups)
{
	struct page_ups u;

	house_ups(h, feed_ups, &u);
	jout_open(j, NULL, '{');
	jout_text(j, "name", u.name);
	jout_text(j, "desc", u.desc);
	jout_text(j, "source", sources[u.source]);
	jout_bool(j, "estimated", u.estimated);
	jout_text(j, "status", u.status);
	jout_text(j, "mains", mains[u.mains]);
	jout_number(j, "since", u.since);
	write_words(j, &u);
	jout_open(j, "power", '{');
	write_figures(j, power, &u);
	jout_bool(j, "watts_estimated", u.watts_estimated);
	jout_close(j, '}');
	jout_open(j, "battery", '{');
	write_figures(j, battery, &u);
	jout_text(j, "replace", u.replace);
	jout_text(j, "date", u.date);
	jout_close(j, '}');
	write_variables(j, u.state);
	write_settable(j, u.state);
	write_logins(j, feed_ups);
	jout_close(j, '}');
}

void
state_json_ups(struct buf *out, const struct house *h, const struct feed_ups *u)
{
	struct jout j = {.out = out};

	write_ups(&j, h, u);
}

static void
write_machines(struct jout *j, const char *key, const struct house *h)
{
	jout_open(j, key, '[');
	for (size_t i = 0; i < h->nmachines; i++) {
		const struct page_machine *m = &h->machines[i];

		jout_open(j, NULL, '{');
		jout_text(j, "name", m->name);
		jout_text(j, "stands", m->stands);
		jout_text(j, "why", m->why);
		jout_bool(j, "there", m->there);
		jout_bool(j, "self", m->self);
		jout_open(j, "feeds", '[');
		for (size_t k = 0; k < m->nfeeds; k++)
			jout_text(j, NULL, m->feeds[k]);
		jout_close(j, ']');
		jout_number(j, "down", m->down);
		jout_number(j, "off", m->off);
		jout_close(j, '}');
	}
	jout_close(j, ']');
}

void
state_json_machines(struct buf *out, const struct house *h)
{
	struct jout j = {.out = out};

	write_machines(&j, NULL, h);
}

void
state_json_event_in(struct jout *j, int64_t id, const struct page_event *e)
{
	jout_open(j, NULL, '{');
	jout_whole(j, "id", id);
	jout_number(j, "at", e->at);
	jout_text(j, "ups", e->ups);
	jout_text(j, "kind", e->kind);
	jout_text(j, "who", e->who);
	jout_text(j, "text", e->text);
	jout_close(j, '}');
}

void
state_json_event(struct buf *out, int64_t id, const struct page_event *e)
{
	struct jout j = {.out = out};

	state_json_event_in(&j, id, e);
}

void
state_json(struct buf *out, const struct house *h, double now)
{
	struct jout j = {.out = out};

	jout_open(&j, NULL, '{');
	jout_whole(&j, "version", 1);
	jout_text(&j, "holdup", HOLDUP_VERSION);
	jout_number(&j, "time", now);
	jout_bool(&j, "fresh", h->fresh);
	jout_bool(&j, "protected", h->protected);
	jout_open(&j, "upses", '[');
	for (size_t i = 0; h->feed != NULL && i < h->feed->nupses; i++)
		write_ups(&j, h, h->feed->upses[i]);
	jout_close(&j, ']');
	write_machines(&j, "machines", h);
	jout_open(&j, "events", '[');
	for (size_t i = 0; i < h->nevents; i++)
		state_json_event_in(&j, h->events[i].id, &h->events[i].told);
	jout_close(&j, ']');
	jout_close(&j, '}');
}
