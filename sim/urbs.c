/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "sim/urbs.h"

void
urbs_init(struct urbs *u)
{
	*u = (struct urbs){0};
	STAILQ_INIT(&u->reports);
}

static void
remove_report(struct urbs *u, struct urbs_report *r)
{
	STAILQ_REMOVE(&u->reports, r, urbs_report, entry);
	free(r);
}

void
urbs_clear(struct urbs *u)
{
	while (!STAILQ_EMPTY(&u->reports))
		remove_report(u, STAILQ_FIRST(&u->reports));
	free(u->given);
	urbs_init(u);
}

bool
urbs_control(struct urbs *u, uint32_t seqnum)
{
	if (u->ncontrols == URBS_CONTROLS_MAX)
		return false;
	u->controls[u->ncontrols++] = seqnum;
	return true;
}

bool
urbs_answer(struct urbs *u, uint32_t seqnum)
{
	size_t i;

	for (i = 0; i < u->ncontrols; i++) {
		if (u->controls[i] != seqnum)
			continue;
		u->controls[i] = u->controls[--u->ncontrols];
		return true;
	}
	return false;
}

bool
urbs_poll(struct urbs *u, uint32_t seqnum, uint32_t length)
{
	if (u->npolls == URBS_POLLS_MAX)
		return false;
	u->polls[u->npolls++] = (struct urbs_poll){.seqnum = seqnum, .length = length};
	return true;
}

/* They are answered in the order they came. */
static void
remove_poll(struct urbs *u, size_t i)
{
	u->npolls--;
	memmove(u->polls + i, u->polls + i + 1, (u->npolls - i) * sizeof(u->polls[0]));
}

bool
urbs_unlink(struct urbs *u, uint32_t seqnum)
{
	size_t i;

	for (i = 0; i < u->npolls; i++) {
		if (u->polls[i].seqnum != seqnum)
			continue;
		remove_poll(u, i);
		return true;
	}
	return urbs_answer(u, seqnum);
}

void
urbs_report(struct urbs *u, const uint8_t *bytes, size_t len, bool numbered)
{
	struct urbs_report *r, *next;

	if (len == 0)
		return;
	/* What the host has read the first part of, it reads to its end. */
	for (r = STAILQ_FIRST(&u->reports); r != NULL; r = next) {
		next = STAILQ_NEXT(r, entry);
		if (r->at == 0 && (!numbered || r->bytes[0] == bytes[0]))
			remove_report(u, r);
	}
	r = xmalloc(sizeof(*r) + len);
	r->len = len;
	r->at = 0;
	memcpy(r->bytes, bytes, len);
	STAILQ_INSERT_TAIL(&u->reports, r, entry);
}

bool
urbs_next(struct urbs *u, uint32_t *seqnum, const uint8_t **bytes, size_t *len)
{
	struct urbs_report *r = STAILQ_FIRST(&u->reports);

	free(u->given);
	u->given = NULL;
	if (r == NULL || u->npolls == 0)
		return false;
	*seqnum = u->polls[0].seqnum;
	*bytes = r->bytes + r->at;
	*len = r->len - r->at;
	if (*len > u->polls[0].length)
		*len = u->polls[0].length;
	remove_poll(u, 0);
	r->at += *len;
	if (r->at == r->len) {
		STAILQ_REMOVE_HEAD(&u->reports, entry);
		u->given = r;
	}
	return true;
}
