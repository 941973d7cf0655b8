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
write_figures(struct json *j, const struct figure *f, const struct page_ups *u)
{
	for (; f->key != NULL; f++)
		json_number(j, f->key,
		    *(const double *)(const void *)((const char *)u + f->offset));
}

static void
write_words(struct json *j, const struct page_ups *u)
{
	const char *keys[LANG_STATUS_MAX];
	size_t n = lang_status(u->status, u->source, keys);

	json_open(j, "words", '[');
	for (size_t i = 0; i < n; i++)
		json_text(j, NULL, keys[i]);
	json_close(j, ']');
}

/* What may be set, and to what. */
static void
write_settable(struct json *j, const struct state *s)
{
	json_open(j, "settable", '{');
	for (size_t i = 0; i < s->nvars; i++) {
		const struct state_var *v = s->vars[i];
		bool text = v->flags & STATE_STRING;

		if (!(v->flags & STATE_RW))
			continue;
		json_open(j, v->name, '{');
		json_text(j, "type", text ? "string" : v->nenums > 0 ? "enum" : "number");
		if (text && v->aux > 0)
			json_whole(j, "length", v->aux);
		else
			json_null(j, "length");
		json_open(j, "ranges", '[');
		for (size_t k = 0; k < v->nranges; k++) {
			json_open(j, NULL, '[');
			json_whole(j, NULL, v->ranges[k].min);
			json_whole(j, NULL, v->ranges[k].max);
			json_close(j, ']');
		}
		json_close(j, ']');
		json_open(j, "values", '[');
		for (size_t k = 0; k < v->nenums; k++)
			json_text(j, NULL, v->enums[k]);
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, '}');
}

static void
write_variables(struct json *j, const struct state *s)
{
	json_open(j, "variables", '{');
	for (size_t i = 0; i < s->nvars; i++)
		json_text(j, s->vars[i]->name, s->vars[i]->text);
	json_close(j, '}');
	json_open(j, "commands", '[');
	for (size_t i = 0; i < s->ncmds; i++)
		json_text(j, NULL, s->cmds[i]);
	json_close(j, ']');
}

static void
write_logins(struct json *j, const struct feed_ups *u)
{
	json_open(j, "logins", '[');
	for (size_t i = 0; i < u->nlogins; i++) {
		json_open(j, NULL, '{');
		json_text(j, "address", u->logins[i].address);
		json_text(j, "account", u->logins[i].account);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void
write_ups(struct json *j, const struct house *h, const struct feed_ups *feed_ups)
{
	struct page_ups u;

	house_ups(h, feed_ups, &u);
	json_open(j, NULL, '{');
	json_text(j, "name", u.name);
	json_text(j, "desc", u.desc);
	json_text(j, "source", sources[u.source]);
	json_bool(j, "estimated", u.estimated);
	json_text(j, "status", u.status);
	json_text(j, "mains", mains[u.mains]);
	json_number(j, "since", u.since);
	write_words(j, &u);
	json_open(j, "power", '{');
	write_figures(j, power, &u);
	json_bool(j, "watts_estimated", u.watts_estimated);
	json_close(j, '}');
	json_open(j, "battery", '{');
	write_figures(j, battery, &u);
	json_text(j, "replace", u.replace);
	json_text(j, "date", u.date);
	json_close(j, '}');
	write_variables(j, u.state);
	write_settable(j, u.state);
	write_logins(j, feed_ups);
	json_close(j, '}');
}

void
state_json_ups(struct buf *out, const struct house *h, const struct feed_ups *u)
{
	struct json j = {.out = out};

	write_ups(&j, h, u);
}

static void
write_machines(struct json *j, const char *key, const struct house *h)
{
	json_open(j, key, '[');
	for (size_t i = 0; i < h->nmachines; i++) {
		const struct page_machine *m = &h->machines[i];

		json_open(j, NULL, '{');
		json_text(j, "name", m->name);
		json_text(j, "stands", m->stands);
		json_text(j, "why", m->why);
		json_bool(j, "there", m->there);
		json_bool(j, "self", m->self);
		json_open(j, "feeds", '[');
		for (size_t k = 0; k < m->nfeeds; k++)
			json_text(j, NULL, m->feeds[k]);
		json_close(j, ']');
		json_number(j, "down", m->down);
		json_number(j, "off", m->off);
		json_close(j, '}');
	}
	json_close(j, ']');
}

void
state_json_machines(struct buf *out, const struct house *h)
{
	struct json j = {.out = out};

	write_machines(&j, NULL, h);
}

void
state_json_event_in(struct json *j, int64_t id, const struct page_event *e)
{
	json_open(j, NULL, '{');
	json_whole(j, "id", id);
	json_number(j, "at", e->at);
	json_text(j, "ups", e->ups);
	json_text(j, "kind", e->kind);
	json_text(j, "who", e->who);
	json_text(j, "text", e->text);
	json_close(j, '}');
}

void
state_json_event(struct buf *out, int64_t id, const struct page_event *e)
{
	struct json j = {.out = out};

	state_json_event_in(&j, id, e);
}

void
state_json(struct buf *out, const struct house *h, double now)
{
	struct json j = {.out = out};

	json_open(&j, NULL, '{');
	json_whole(&j, "version", 1);
	json_text(&j, "holdup", HOLDUP_VERSION);
	json_number(&j, "time", now);
	json_bool(&j, "fresh", h->fresh);
	json_bool(&j, "protected", h->protected);
	json_open(&j, "upses", '[');
	for (size_t i = 0; h->feed != NULL && i < h->feed->nupses; i++)
		write_ups(&j, h, h->feed->upses[i]);
	json_close(&j, ']');
	write_machines(&j, "machines", h);
	json_open(&j, "events", '[');
	for (size_t i = 0; i < h->nevents; i++)
		state_json_event_in(&j, h->events[i].id, &h->events[i].told);
	json_close(&j, ']');
	json_close(&j, '}');
}
