/* SPDX-License-Identifier: ISC */
#include "out/asks.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/boottime.h"
#include "lib/conf_holdup.h"
#include "lib/corelink.h"
#include "lib/log.h"
#include "lib/request.h"
#include "lib/words.h"
#include "lib/xmem.h"

#define QUEUE_MAX 65536
#define ACCOUNT "mqtt"

struct ask {
	unsigned long id; /* 0: the place is free */
	struct relay *relay;
	unsigned long number; /* the publisher's */
	uint64_t since_ms;
	bool set;
	bool accepted; /* OK was said: DONE follows */
};

struct asks {
	struct corelink *link;
	const struct conf_mqtt *conf;
	struct ask asks[ASKS_MAX];
	unsigned long id;   /* of the last one */
	uint64_t credit_ms; /* ASKS_EVERY_MS of it for each */
	uint64_t counted_ms;
};

/* What a publisher hears of an order that came to nothing. */
static const char *
failed(bool set)
{
	return set ? "SET-FAILED" : "INSTCMD-FAILED";
}

/* Ends one with its answer. */
static void
end(struct ask *ask, const char *answer)
{
	relay_asked(ask->relay, ask->number, answer);
	ask->id = 0;
}

static struct ask *
find(struct asks *a, unsigned long id)
{
	for (size_t i = 0; i < ASKS_MAX; i++)
		if (a->asks[i].id == id)
			return &a->asks[i];
	return NULL;
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct asks *a = arg;
	struct words store;
	unsigned long id, status;
	const char *word;
	struct ask *ask;
	char done[32];

	if (request_done(&id, &status, &store, line, len) == 0) {
		snprintf(done, sizeof(done), "DONE %lu", status);
		if (id != 0 && (ask = find(a, id)) != NULL)
			end(ask, done);
	} else if (request_answer(&id, &word, &store, line, len) == 0 && id != 0 &&
		   (ask = find(a, id)) != NULL) {
		if (word != NULL)
			end(ask, word);
		else {
			ask->accepted = true;
			relay_asked(ask->relay, ask->number, "OK");
		}
	}
}

/* What came of them nobody will hear. */
static void
on_lost(void *arg)
{
	struct asks *a = arg;

	for (size_t i = 0; i < ASKS_MAX; i++)
		if (a->asks[i].id != 0)
			end(&a->asks[i],
			    a->asks[i].accepted ? "DONE 3" : failed(a->asks[i].set));
}

static const struct corelink_ops ops = {.line = on_line, .lost = on_lost};

struct asks *
asks_new(struct event_base *base, const char *path, const struct conf_mqtt *c)
{
	struct asks *a = xcalloc(1, sizeof(*a));

	a->conf = c;
	a->counted_ms = boottime_ms();
	a->credit_ms = ASKS_BURST * ASKS_EVERY_MS;
	a->link = corelink_new(base, "requests", path, QUEUE_MAX, &ops, a);
	return a;
}

void
asks_free(struct asks *a)
{
	corelink_free(a->link);
	free(a);
}

/* A place for one more; NULL: there are too many, or they come too fast. */
static struct ask *
place(struct asks *a)
{
	const uint64_t now = boottime_ms(), most = ASKS_BURST * ASKS_EVERY_MS;
	struct ask *free_one = NULL;

	for (size_t i = 0; i < ASKS_MAX; i++) {
		struct ask *ask = &a->asks[i];

		if (ask->id != 0 && now - ask->since_ms > ASKS_LATE_MS)
			end(ask, ask->accepted ? "DONE 3" : failed(ask->set));
		if (ask->id == 0)
			free_one = ask;
	}
	a->credit_ms += now - a->counted_ms;
	a->counted_ms = now;
	if (a->credit_ms > most)
		a->credit_ms = most;
	if (free_one == NULL || a->credit_ms < ASKS_EVERY_MS)
		return NULL;
	a->credit_ms -= ASKS_EVERY_MS;
	return free_one;
}

void
asks_take(struct asks *a, struct relay *r, const struct wire_said *s)
{
	const bool set = s->verb == WIRE_SET;
	struct lineio *io = corelink_io(a->link);
	struct buf line = {0};
	struct ask *ask;

	if (!conf_mqtt_allows(a->conf, set, s->name)) {
		log_info(
		    "ups %s: [mqtt] of holdup.conf does not allow %s", s->ups, s->name);
		relay_asked(r, s->number, "ACCESS-DENIED");
	} else if (io == NULL || (ask = place(a)) == NULL) {
		relay_asked(r, s->number, failed(set));
	} else {
		*ask = (struct ask){.id = ++a->id,
		    .relay = r,
		    .number = s->number,
		    .since_ms = boottime_ms(),
		    .set = set};
		log_info("ups %s: by MQTT %s%s%s%s", s->ups, set ? "set " : "", s->name,
		    s->value == NULL ? "" : " = ", s->value == NULL ? "" : s->value);
		request_format(&line,
		    &(struct request){.id = ask->id,
			.account = ACCOUNT,
			.verb = set ? REQUEST_SET_TRACKED : REQUEST_INSTCMD_TRACKED,
			.ups = s->ups,
			.name = s->name,
			.value = s->value});
		lineio_send(io, buf_head(&line), line.len);
		buf_free(&line);
	}
}

void
asks_forget(struct asks *a, const struct relay *r)
{
	for (size_t i = 0; i < ASKS_MAX; i++)
		if (a->asks[i].relay == r)
			a->asks[i].id = 0;
}
