/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/dserver.h"
#include "lib/jout.h"
#include "lib/xmem.h"
#include "mqtt/entities.h"
#include "mqtt/orders.h"
#include "mqtt/settings.h"

#define CAUSE_MAX 200
#define PRESS "PRESS" /* what buttons send: the command without a value */

/* Of enum dserver_status; the last one is for any other. */
#define STATUSES 4
static const char *const statuses[STATUSES] = {"", "the driver does not know it",
    "the driver does not take this value", "the UPS did not do it"};

static const char command_tail[] = "command/", set_tail[] = "set/";

/* An order: until it is answered, and as what came of it until that is sent. */
struct order {
	bool set;
	unsigned long number; /* of link_ask() */
	char word[TOPIC_WORD_MAX];
	char ups[STATE_NAME_MAX + 1], name[STATE_NAME_MAX + 1];
	char value[STATE_VALUE_MAX + 1]; /* "": none */
	const char *result;
	char text[CAUSE_MAX];
};

/* The oldest first. */
struct queue {
	struct order *orders;
	size_t count, max;
};

struct orders {
	const struct conf_mqtt *conf;
	const struct topics *topics;
	struct queue waiting, results;
	struct order asked; /* given out, and not numbered yet */
	uint64_t
	    earlier_ms; /* when all that was let through would be through, one by one */
};

struct orders *
orders_new(const struct conf_mqtt *conf, const struct topics *topics)
{
	struct orders *o = xcalloc(1, sizeof(*o));

	o->conf = conf;
	o->topics = topics;
	o->waiting.max = ORDERS_WAITING_MAX;
	o->results.max = ORDERS_RESULTS_MAX;
	return o;
}

void
orders_free(struct orders *o)
{
	if (o == NULL)
		return;
	free(o->waiting.orders);
	free(o->results.orders);
	free(o);
}

static void
queue_drop(struct queue *q, size_t i)
{
	memmove(
	    &q->orders[i], &q->orders[i + 1], (q->count - i - 1) * sizeof(q->orders[0]));
	q->count--;
}

/* Adds a copy; the oldest gives way. */
static void
queue_add(struct queue *q, const struct order *order)
{
	if (q->orders == NULL)
		q->orders = xcalloc(q->max, sizeof(q->orders[0]));
	if (q->count == q->max)
		queue_drop(q, 0);
	q->orders[q->count++] = *order;
}

/* What came of an order; its text says why, or is empty. */
static void
result(struct orders *o, struct order *order, const char *word)
{
	order->result = word;
	queue_add(&o->results, order);
}

/* One more now? A bucket of ORDERS_AT_ONCE, which fills by one in ORDERS_EACH_MS. */
static bool
may_pass(struct orders *o, uint64_t now_ms)
{
	if (o->earlier_ms < now_ms)
		o->earlier_ms = now_ms;
	if (o->earlier_ms - now_ms > (uint64_t)(ORDERS_AT_ONCE - 1) * ORDERS_EACH_MS)
		return false;
	o->earlier_ms += ORDERS_EACH_MS;
	return true;
}

/* True when this name of NUT stands at this path of topics. */
static bool
stands_at(const char *name, const char *path)
{
	char own[TOPIC_PATH_MAX];

	return strcmp(topic_path(own, name), path) == 0;
}

/* The command that ON or OFF, or the words of its state, mean at a path which is that of a
 * switch; false: it is none. */
static bool
switch_at(const struct state *s, const char *path, const char *payload,
    char command[STATE_NAME_MAX + 1])
{
	char part[ENTITY_PART_MAX], base[STATE_NAME_MAX + 1];

	for (const struct entity_pair *p = entity_pairs; p->id != NULL; p++) {
		bool on =
		    strcasecmp(payload, "ON") == 0 || strcmp(payload, p->state_on) == 0;
		bool off =
		    strcasecmp(payload, "OFF") == 0 || strcmp(payload, p->state_off) == 0;

		for (size_t i = 0; i < s->ncmds && (on || off); i++) {
			if (!entity_match(p->on, s->cmds[i], part))
				continue;
			entity_fill(base, sizeof(base), p->base, part, false);
			if (!stands_at(base, path))
				continue;
			entity_fill(command, STATE_NAME_MAX + 1, on ? p->on : p->off,
			    part, false);
			return true;
		}
	}
	return false;
}

/* Fills in command and value; false with the cause in order->text. */
static bool
read_command(const struct orders *o, const struct feed_ups *u, const char *path,
    const char *payload, struct order *order)
{
	const struct state *s = u->state;
	size_t i = 0;

	if (!switch_at(s, path, payload, order->name)) {
		while (i < s->ncmds && !stands_at(s->cmds[i], path))
			i++;
		if (i == s->ncmds) {
			snprintf(order->text, sizeof(order->text),
			    "the UPS has no such command (or switch, which takes ON and "
			    "OFF)");
			return false;
		}
		snprintf(order->name, sizeof(order->name), "%s", s->cmds[i]);
		if (strcmp(payload, PRESS) != 0)
			snprintf(order->value, sizeof(order->value), "%s", payload);
	}
	if (conf_mqtt_allows(o->conf, false, order->name))
		return true;
	snprintf(order->text, sizeof(order->text),
	    "not among commands of [mqtt] in holdup.conf");
	return false;
}

static bool
read_setting(const struct orders *o, const struct feed_ups *u, const char *path,
    const char *payload, struct order *order)
{
	const struct state *s = u->state;
	struct setting setting;
	size_t i = 0;

	while (i < s->nvars && !stands_at(s->vars[i]->name, path))
		i++;
	if (i == s->nvars || !setting_of(&setting, s->vars[i])) {
		snprintf(order->text, sizeof(order->text),
		    "the UPS has no such variable that can be set");
		return false;
	}
	snprintf(order->name, sizeof(order->name), "%s", s->vars[i]->name);
	if (!conf_mqtt_allows(o->conf, true, order->name)) {
		snprintf(order->text, sizeof(order->text),
		    "not among settings of [mqtt] in holdup.conf");
		return false;
	}
	return setting_takes(
	    &setting, payload, order->value, order->text, sizeof(order->text));
}

/* The UPS of a level of a topic, or NULL. */
static const struct feed_ups *
ups_of(const struct feed *f, const char *word)
{
	char own[TOPIC_WORD_MAX];

	for (size_t i = 0; i < f->nupses; i++)
		if (strcmp(topic_word(own, f->upses[i]->name), word) == 0)
			return f->upses[i];
	return NULL;
}

/* A payload as a text without letters that are none; false: it is not such a one. */
static bool
as_text(const char *payload, size_t len, char text[ORDERS_VALUE_MAX + 1])
{
	if (len > ORDERS_VALUE_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)payload[i] < ' ' || payload[i] == 0x7f)
			return false;
	memcpy(text, payload, len);
	text[len] = '\0';
	return true;
}

bool
orders_take(struct orders *o, const struct feed *f, const char *word, const char *tail,
    const char *payload, size_t len, bool retained, uint64_t now_ms,
    struct orders_ask *ask)
{
	bool set = strncmp(tail, set_tail, sizeof(set_tail) - 1) == 0, taken;
	struct order *order = &o->asked;
	char text[ORDERS_VALUE_MAX + 1];
	const struct feed_ups *u;

	/* Nothing is what deletes a retained message: no order. */
	if ((!set && strncmp(tail, command_tail, sizeof(command_tail) - 1) != 0) ||
	    len == 0)
		return false;
	tail += set ? sizeof(set_tail) - 1 : sizeof(command_tail) - 1;
	*order = (struct order){.set = set};
	snprintf(order->word, sizeof(order->word), "%s", word);
	snprintf(order->name, sizeof(order->name), "%s", tail);
	u = f->whole ? ups_of(f, word) : NULL;
	snprintf(order->ups, sizeof(order->ups), "%s", u != NULL ? u->name : word);
	if (u == NULL || u->source == FEED_LOST)
		snprintf(
		    order->text, sizeof(order->text), "nothing is known of the UPS now");
	else if (retained)
		snprintf(order->text, sizeof(order->text),
		    "a retained order is not obeyed: nobody knows how old it is");
	else if (!as_text(payload, len, text))
		snprintf(order->text, sizeof(order->text), "the payload is no text");
	else {
		taken = set ? read_setting(o, u, tail, text, order)
			    : read_command(o, u, tail, text, order);
		if (taken && may_pass(o, now_ms)) {
			*ask = (struct orders_ask){set, order->ups, order->name,
			    order->value[0] == '\0' ? NULL : order->value};
			return true;
		}
		if (taken)
			snprintf(order->text, sizeof(order->text),
			    "too many orders at once: wait some seconds");
	}
	result(o, order, "refused");
	return false;
}

void
orders_asked(struct orders *o, unsigned long number)
{
	o->asked.number = number;
	queue_add(&o->waiting, &o->asked);
}

void
orders_answer(struct orders *o, unsigned long number, const char *answer)
{
	struct order *order;
	unsigned status = 0;
	size_t i = 0;

	while (i < o->waiting.count && o->waiting.orders[i].number != number)
		i++;
	if (i == o->waiting.count)
		return;
	order = &o->waiting.orders[i];
	if (strcmp(answer, "OK") == 0) { /* more will come, if the driver tells */
		result(o, order, "accepted");
		return;
	}
	if (sscanf(answer, "DONE %u", &status) != 1)
		snprintf(order->text, sizeof(order->text), "%s", answer);
	else if (status != DSERVER_DONE)
		snprintf(order->text, sizeof(order->text), "%s",
		    statuses[status < STATUSES ? status : STATUSES - 1]);
	result(o, order,
	    order->text[0] == '\0'            ? "done"
	    : strncmp(answer, "DONE", 4) == 0 ? "failed"
					      : "refused");
	queue_drop(&o->waiting, i);
}

bool
orders_next(struct orders *o, char topic[TOPIC_MAX], struct buf *json)
{
	struct jout j = {.out = json};
	const struct order *order;

	if (o->results.count == 0)
		return false;
	order = &o->results.orders[0];
	topics_ups(o->topics, topic, order->word, "result");
	buf_clear(json);
	jout_open(&j, NULL, '{');
	jout_text(&j, "site", o->topics->site);
	jout_text(&j, "ups", order->ups);
	jout_text(&j, order->set ? "set" : "command", order->name);
	if (order->value[0] != '\0')
		jout_text(&j, "value", order->value);
	jout_text(&j, "result", order->result);
	if (order->text[0] != '\0')
		jout_text(&j, "text", order->text);
	jout_close(&j, '}');
	queue_drop(&o->results, 0);
	return true;
}
