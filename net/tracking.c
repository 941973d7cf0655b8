/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>

#include "lib/dserver.h"
#include "lib/xmem.h"
#include "net/tracking.h"

#define ID_SIZE 37 /* "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx" and NUL */

struct tracked {
	STAILQ_ENTRY(tracked) entry;
	unsigned long session; /* until core has taken it; then 0 */
	unsigned long number;  /* until its result is known; then 0 */
	uint64_t asked_ms;
	const char *answer;
	char id[ID_SIZE];
};

struct tracking {
	STAILQ_HEAD(trackeds, tracked) list; /* oldest first */
	size_t count;
	uint64_t keep_ms;
	void (*random)(void *bytes, size_t len);
};

struct tracking *
tracking_new(void (*random)(void *bytes, size_t len))
{
	struct tracking *t = xcalloc(1, sizeof(*t));

	STAILQ_INIT(&t->list);
	t->keep_ms = TRACKING_KEEP_MS;
	t->random = random;
	return t;
}

static void
forget_oldest(struct tracking *t)
{
	struct tracked *e = STAILQ_FIRST(&t->list);

	STAILQ_REMOVE_HEAD(&t->list, entry);
	t->count--;
	free(e);
}

void
tracking_free(struct tracking *t)
{
	while (!STAILQ_EMPTY(&t->list))
		forget_oldest(t);
	free(t);
}

void
tracking_keep(struct tracking *t, uint64_t ms)
{
	t->keep_ms = ms;
}

/* Forgets what is too old. */
static void
expire(struct tracking *t, uint64_t now_ms)
{
	while (!STAILQ_EMPTY(&t->list) &&
	       now_ms >= STAILQ_FIRST(&t->list)->asked_ms + t->keep_ms)
		forget_oldest(t);
}

/* RFC 9562, 5.4: random, but for version and variant. */
static void
id_make(struct tracking *t, char *id)
{
	unsigned char b[16];

	t->random(b, sizeof(b));
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(id, ID_SIZE,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
	    b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12],
	    b[13], b[14], b[15]);
}

void
tracking_asked(
    struct tracking *t, unsigned long session, unsigned long number, uint64_t now_ms)
{
	struct tracked *e;

	expire(t, now_ms);
	if (t->count == TRACKING_MAX)
		forget_oldest(t);
	e = xcalloc(1, sizeof(*e));
	e->session = session;
	e->number = number;
	e->asked_ms = now_ms;
	e->answer = "PENDING";
	id_make(t, e->id);
	STAILQ_INSERT_TAIL(&t->list, e, entry);
	t->count++;
}

/* The one that core has not yet taken for this session: there is one at most. */
static struct tracked *
of_session(struct tracking *t, unsigned long session)
{
	struct tracked *e;

	STAILQ_FOREACH (e, &t->list, entry)
		if (e->session == session)
			break;
	return e;
}

const char *
tracking_taken(struct tracking *t, unsigned long session)
{
	struct tracked *e = of_session(t, session);

	if (e == NULL)
		return "";
	e->session = 0;
	return e->id;
}

void
tracking_refused(struct tracking *t, unsigned long session)
{
	struct tracked *e = of_session(t, session);

	if (e == NULL)
		return;
	STAILQ_REMOVE(&t->list, e, tracked, entry);
	t->count--;
	free(e);
}

void
tracking_done(struct tracking *t, unsigned long number, unsigned long status)
{
	static const char *const answers[] = {
	    [DSERVER_DONE] = "SUCCESS",
	    [DSERVER_UNKNOWN] = "ERR UNKNOWN",
	    [DSERVER_INVALID] = "ERR INVALID-ARGUMENT",
	    [DSERVER_FAILED] = "ERR FAILED",
	};
	struct tracked *e;

	STAILQ_FOREACH (e, &t->list, entry)
		if (e->number == number)
			break;
	if (e == NULL)
		return;
	e->number = 0;
	e->answer = answers[status < DSERVER_FAILED ? status : DSERVER_FAILED];
}

void
tracking_lost(struct tracking *t)
{
	struct tracked *e;

	STAILQ_FOREACH (e, &t->list, entry)
		if (e->number != 0)
			tracking_done(t, e->number, DSERVER_FAILED);
}

const char *
tracking_answer(struct tracking *t, const char *id, uint64_t now_ms)
{
	struct tracked *e;

	expire(t, now_ms);
	STAILQ_FOREACH (e, &t->list, entry)
		if (strcasecmp(e->id, id) == 0)
			return e->answer;
	return "ERR UNKNOWN";
}
