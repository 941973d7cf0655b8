/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "hid/overlay.h"
#include "lib/buf.h"
#include "lib/names.h"
#include "lib/xmem.h"

struct overlay {
	const struct options *options;
	struct state *latched; /* NULL before the first device */
};

struct overlay *
overlay_new(const struct options *o)
{
	struct overlay *l = xcalloc(1, sizeof(*l));

	l->options = o;
	return l;
}

void
overlay_free(struct overlay *l)
{
	if (l == NULL)
		return;
	state_free(l->latched);
	free(l);
}

void
overlay_latch(struct overlay *l, const struct state *s)
{
	const char *text;

	if (l->latched != NULL)
		return;
	l->latched = state_new();
	for (const char *const *name = names_identity; *name != NULL; name++)
		if ((text = state_get(s, *name)) != NULL)
			state_set(l->latched, *name, text);
}

/* True when both are known and the value is below its limit. */
static bool
below(const struct state *s, const char *value, const char *limit)
{
	const char *v = state_get(s, value), *l = state_get(s, limit);

	return v != NULL && l != NULL && strtod(v, NULL) < strtod(l, NULL);
}

/* The device's word on LB does not count: the two limits do. */
static void
judge_battery(struct state *s)
{
	const char *status = state_get(s, "ups.status");
	struct buf out = {0};
	size_t len;

	if (status == NULL)
		return;
	for (; *status != '\0'; status += len) {
		status += strspn(status, " ");
		len = strcspn(status, " ");
		if (len > 0 && !(len == 2 && memcmp(status, "LB", 2) == 0))
			buf_printf(
			    &out, "%s%.*s", out.len > 0 ? " " : "", (int)len, status);
	}
	if (below(s, "battery.charge", "battery.charge.low") ||
	    below(s, "battery.runtime", "battery.runtime.low"))
		buf_puts(&out, out.len > 0 ? " LB" : "LB");
	state_set(s, "ups.status", buf_str(&out));
	buf_free(&out);
}

void
overlay_apply(const struct overlay *l, struct state *s)
{
	const struct options *o = l->options;
	const char *text;

	for (size_t i = 0; l->latched != NULL && names_identity[i] != NULL; i++) {
		if ((text = state_get(l->latched, names_identity[i])) != NULL)
			state_set(s, names_identity[i], text);
		else
			state_del(s, names_identity[i]);
	}
	for (size_t i = 0; i < o->defaults->nvars; i++) {
		if (state_get(s, o->defaults->vars[i]->name) == NULL)
			state_set(
			    s, o->defaults->vars[i]->name, o->defaults->vars[i]->text);
	}
	for (size_t i = 0; i < o->overrides->nvars; i++) {
		state_set(s, o->overrides->vars[i]->name, o->overrides->vars[i]->text);
		state_flags(s, o->overrides->vars[i]->name, 0);
	}
	if (o->ignorelb)
		judge_battery(s);
}
