/* SPDX-License-Identifier: ISC */
#include "publish/tale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"

struct tale *
tale_new(const struct event *e)
{
	struct tale *t = xcalloc(1, sizeof(*t));

	*t = (struct tale){
	    .id = e->id,
	    .at = e->at_ms,
	    .kind = e->kind,
	    .ups = xstrdup(e->ups),
	    .who = xstrdup(e->who),
	    .text = xstrdup(e->text),
	    .facts = xcalloc(e->nfacts + 1, sizeof(char *)),
	    .nfacts = e->nfacts,
	};
	for (size_t i = 0; i < e->nfacts; i++)
		t->facts[i] = xstrdup(e->facts[i].text);
	return t;
}

void
tale_free(struct tale *t)
{
	for (size_t i = 0; i < t->nfacts; i++)
		free(t->facts[i]);
	free(t->facts);
	free(t->ups);
	free(t->who);
	free(t->text);
	free(t);
}

const char *
tale_fact(const struct tale *t, const char *name)
{
	const size_t len = strlen(name);

	for (size_t i = 0; i < t->nfacts; i++)
		if (strncmp(t->facts[i], name, len) == 0 && t->facts[i][len] == '=')
			return t->facts[i] + len + 1;
	return NULL;
}

bool
tale_is_test(const struct tale *t)
{
	const char *kind = tale_fact(t, "outage.kind");

	return (t->kind == KIND_ONBATT || t->kind == KIND_ONLINE) && kind != NULL &&
	       strcmp(kind, "outage") != 0;
}

/* From its sentence (history/watch_house.c): "Machine nas: off (why)." */
static bool
read_sentence(const char *text, struct tale_machine *m)
{
	static const char begin[] = "Machine ";
	const char *stand = strstr(text, ": ");
	size_t len;

	if (strncmp(text, begin, strlen(begin)) != 0 || stand == NULL)
		return false;
	text += strlen(begin);
	snprintf(m->name, sizeof(m->name), "%.*s", (int)(stand - text), text);
	stand += 2;
	len = strcspn(stand, " .");
	snprintf(m->stand, sizeof(m->stand), "%.*s", (int)len, stand);
	return true;
}

bool
tale_machine(const struct tale *t, struct tale_machine *m)
{
	const char *name = tale_fact(t, "machine.name");
	const char *stand = tale_fact(t, "machine.stand");

	if (t->kind != KIND_MACHINE)
		return false;
	if (name == NULL || stand == NULL)
		return read_sentence(t->text, m);
	snprintf(m->name, sizeof(m->name), "%s", name);
	snprintf(m->stand, sizeof(m->stand), "%s", stand);
	return true;
}
