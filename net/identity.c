/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "net/identity.h"

#define UNKNOWN "unknown" /* for clients it is none: they know that word */

/* What everybody may rely on. With a twin: it stays as it was first told. */
static const struct {
	const char *name, *twin, *otherwise;
} rows[] = {
    {"ups.mfr", "device.mfr", UNKNOWN},
    {"device.mfr", "ups.mfr", UNKNOWN},
    {"ups.model", "device.model", UNKNOWN},
    {"device.model", "ups.model", UNKNOWN},
    {"ups.serial", "device.serial", UNKNOWN},
    {"device.serial", "ups.serial", UNKNOWN},
    {"device.type", NULL, "ups"},
    {"ups.test.result", NULL, "No test initiated"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

struct identity_ups {
	char *name;
	char *told[ROWS]; /* NULL: not yet */
};

static struct identity_ups *
known(struct identity *id, const char *name)
{
	for (size_t i = 0; i < id->count; i++)
		if (strcmp(id->list[i].name, name) == 0)
			return &id->list[i];
	id->list = xreallocarray(id->list, id->count + 1, sizeof(*id->list));
	id->list[id->count] = (struct identity_ups){.name = xstrdup(name)};
	return &id->list[id->count++];
}

/* What a driver has told, and not we in its place. */
static const char *
told(const struct state *s, const char *name)
{
	const char *text = name == NULL ? NULL : state_get(s, name);

	return text == NULL || *text == '\0' || strcmp(text, UNKNOWN) == 0 ? NULL : text;
}

static void
complete(struct identity *id, struct feed_ups *u)
{
	struct identity_ups *who;

	/* While the driver is still telling, what has not come yet is not missing. */
	if (u->source != FEED_OK)
		return;
	who = known(id, u->name);
	for (size_t i = 0; i < ROWS; i++) {
		const char *text = told(u->state, rows[i].name);

		if (text == NULL)
			text = told(u->state, rows[i].twin);
		if (rows[i].twin != NULL && text != NULL && who->told[i] == NULL)
			who->told[i] = xstrdup(text);
		if (who->told[i] != NULL)
			text = who->told[i];
		if (text == NULL)
			text = rows[i].otherwise;
		state_set(u->state, rows[i].name, text);
	}
}

void
identity_apply(struct identity *id, struct feed *f, struct feed_change *change)
{
	switch (change->kind) {
	case FEED_SNAPSHOT:
		for (size_t i = 0; i < f->nupses; i++)
			complete(id, f->upses[i]);
		break;
	case FEED_VAR:
	case FEED_DELVAR:
	case FEED_SOURCE:
		complete(id, change->ups);
		break;
	default:
		break;
	}
	if (change->kind == FEED_DELVAR &&
	    state_get(change->ups->state, change->name) != NULL)
		change->kind = FEED_VAR;
}

void
identity_free(struct identity *id)
{
	for (size_t i = 0; i < id->count; i++) {
		for (size_t k = 0; k < ROWS; k++)
			free(id->list[i].told[k]);
		free(id->list[i].name);
	}
	free(id->list);
	*id = (struct identity){0};
}
