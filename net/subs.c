/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "net/reply.h"
#include "net/subs.h"

static const char *const source_words[] = {
    [FEED_LOST] = "LOST",
    [FEED_STALE] = "STALE",
    [FEED_OK] = "OK",
};

void
subs_add(struct session *s, const char *name)
{
	const struct feed_ups *u;

	if (name == NULL) {
		s->subs_all = true;
		return;
	}
	if ((u = session_find(s, name)) == NULL)
		return;
	/* A second time the same UPS only changes the spelling. */
	for (unsigned i = 0; i < s->nsubs; i++)
		if (strcmp(s->subs[i].ups, u->name) == 0) {
			free(s->subs[i].asked);
			s->subs[i].asked = xstrdup(name);
			return;
		}
	s->subs = xreallocarray(s->subs, s->nsubs + 1, sizeof(*s->subs));
	s->subs[s->nsubs++] = (struct session_sub){xstrdup(name), xstrdup(u->name)};
}

void
subs_clear(struct session *s)
{
	for (unsigned i = 0; i < s->nsubs; i++) {
		free(s->subs[i].asked);
		free(s->subs[i].ups);
	}
	free(s->subs);
	s->subs = NULL;
	s->nsubs = 0;
	s->subs_all = false;
}

bool
subs_any(const struct session *s)
{
	return s->subs_all || s->nsubs > 0;
}

/* The name under which the session hears of the UPS of this real name; NULL when it does
 * not. */
static const char *
heard_as(const struct session *s, const char *ups)
{
	for (unsigned i = 0; i < s->nsubs; i++)
		if (strcmp(s->subs[i].ups, ups) == 0)
			return s->subs[i].asked;
	return s->subs_all ? ups : NULL;
}

static void
notify_source(struct buf *out, const char *name, enum feed_source source)
{
	buf_printf(out, "NOTIFY DRIVER %s %s\n", name, source_words[source]);
}

static void
notify_var(struct buf *out, const char *name, uint64_t look, const struct feed_ups *u,
    const struct state_var *v)
{
	reply_var(out, "NOTIFY VAR", name, v->name, reply_value(look, u, v));
}

static void
notify_delvar(struct buf *out, const char *name, const char *var)
{
	buf_printf(out, "NOTIFY DELVAR %s %s\n", name, var);
}

static void
notify_gone(const struct session *s, const char *name, struct buf *out)
{
	const char *heard = heard_as(s, name);

	if (heard != NULL)
		notify_source(out, heard, FEED_LOST);
}

void
subs_change(const struct session *s, const struct feed_change *c, struct buf *out)
{
	const struct feed_ups *u = c->ups;
	const struct state_var *v = NULL;
	const char *name;

	if (u == NULL) {
		if (c->kind == FEED_UPS)
			notify_gone(s, c->name, out);
		return;
	}
	name = heard_as(s, u->name);
	if (name == NULL)
		return;
	switch (c->kind) {
	case FEED_VAR:
		v = state_var(u->state, c->name);
		break;
	case FEED_VIEW:
		if (!session_is_viewed(s, c->name))
			break;
		/* FSD makes readable what was stale: session_source(). */
		if (u->source != FEED_OK)
			notify_source(out, name, session_source(s, u));
		v = state_var(u->state, "ups.status");
		break;
	case FEED_DELVAR:
		notify_delvar(out, name, c->name);
		break;
	case FEED_SOURCE:
	case FEED_UPS:
		notify_source(out, name, session_source(s, u));
		break;
	default:
		break;
	}
	if (v != NULL)
		notify_var(out, name, session_look(s, u), u, v);
}

/* What clients saw as the value of a variable in the older model; NULL for nothing, or where
 * it hung on what the session was then. The text is the caller's to free. */
static char *
value_before(const struct session *s, const struct feed_ups *was, const char *name)
{
	const struct state_var *v = was == NULL ? NULL : state_var(was->state, name);

	return v == NULL || was->view == FEED_VIEW_OLD
		   ? NULL
		   : xstrdup(reply_value(session_look(s, was), was, v));
}

/* The differences of one UPS between two models; `was` is NULL for a new one. */
static void
notify_ups(const struct session *s, struct buf *out, const char *name,
    const struct feed_ups *was, const struct feed_ups *is)
{
	uint64_t look = session_look(s, is);

	for (size_t i = 0; was != NULL && i < was->state->nvars; i++)
		if (state_var(is->state, was->state->vars[i]->name) == NULL)
			notify_delvar(out, name, was->state->vars[i]->name);
	for (size_t i = 0; i < is->state->nvars; i++) {
		const struct state_var *v = is->state->vars[i];
		char *before = value_before(s, was, v->name);

		if (before == NULL || strcmp(before, reply_value(look, is, v)) != 0)
			notify_var(out, name, look, is, v);
		free(before);
	}
}

void
subs_replaced(const struct session *s, const struct feed *old, struct buf *out)
{
	const struct feed *now = s->host->feed;

	for (size_t i = 0; i < old->nupses; i++)
		if (feed_find(now, old->upses[i]->name) == NULL)
			notify_gone(s, old->upses[i]->name, out);
	for (size_t i = 0; i < now->nupses; i++) {
		const struct feed_ups *u = now->upses[i];
		const char *name = heard_as(s, u->name);

		if (name == NULL)
			continue;
		notify_ups(s, out, name, feed_find(old, u->name), u);
		notify_source(out, name, session_source(s, u));
	}
}

void
subs_status(const struct session *s, struct buf *out)
{
	const struct feed *f = s->host->feed;

	for (size_t i = 0; i < f->nupses; i++) {
		const struct feed_ups *u = f->upses[i];
		const char *name = heard_as(s, u->name);
		const struct state_var *v = state_var(u->state, "ups.status");

		if (name != NULL && v != NULL)
			notify_var(out, name, session_look(s, u), u, v);
	}
}

void
subs_sources(const struct session *s, struct buf *out)
{
	const struct feed *f = s->host->feed;

	for (size_t i = 0; i < f->nupses; i++) {
		const char *name = heard_as(s, f->upses[i]->name);

		if (name != NULL)
			notify_source(out, name, session_source(s, f->upses[i]));
	}
}

void
subs_beat(const struct session *s, struct buf *out)
{
	if (subs_any(s))
		buf_puts(out, "NOTIFY BEAT\n");
}
