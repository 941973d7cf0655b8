/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "mqtt/broker.h"
#include "mqtt/client_id.h"
#include "mqtt/discovery.h"
#include "mqtt/events.h"
#include "mqtt/orders.h"
#include "mqtt/publisher.h"
#include "mqtt/readback.h"
#include "mqtt/topics.h"
#include "mqtt/values.h"
#include "mqtt/wanted.h"

/*
 * The publisher of [mqtt]: puts together what values.h, events.h, discovery.h and orders.h
 * decide. Of each UPS its last outage is kept by `out`: "outage.WORD" = "BEGAN SECONDS".
 */

#define AGAIN_MS 60000 /* when a node of a cluster has heard of what it missed */
#define BORN_MS 10000  /* … and Domoticz has made what was announced */
#define KEY_OUTAGE "outage."

struct house {
	const struct conf_mqtt *conf;
	struct topics topics;
	char status[TOPIC_MAX], born[TOPIC_MAX]; /* topics: ours, Home Assistant's */
	struct link *link;
	struct broker *broker; /* NULL while there is no connection */
	struct wanted *wanted;
	struct values *values;
	struct discovery *discovery;
	struct events *events;
	struct orders *orders;
	int events_number, orders_number; /* of these subscriptions */
	bool obeys; /* on this connection: what waited in the session is not obeyed */

	bool fed; /* the feed has come, and so all that was kept, which is before it */
	struct readback readback;
	uint64_t again_ms; /* when all is sent again; UINT64_MAX: never */

	struct buf payload; /* of the message that is being sent */
	char topic[TOPIC_MAX];
};

static int64_t
wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The name of this house, "site" where it has none: the host's, without its domain. */
static void
name_of(const struct conf_mqtt *conf, char *out, size_t size)
{
	if (conf->site != NULL) {
		snprintf(out, size, "%s", conf->site);
		return;
	}
	if (gethostname(out, size) < 0)
		out[0] = '\0';
	out[size - 1] = '\0';
	out[strcspn(out, ".")] = '\0';
}

static void *
house_new(const struct holdup_conf *conf, char *cause, size_t size)
{
	struct house *h;
	char site[256];

	if (!conf->mqtt.wanted) {
		snprintf(cause, size, "[mqtt] has no url");
		return NULL;
	}
	h = xcalloc(1, sizeof(*h));
	h->conf = &conf->mqtt;
	name_of(h->conf, site, sizeof(site));
	topics_init(
	    &h->topics, h->conf->prefix == NULL ? "holdup" : h->conf->prefix, site);
	topics_house(&h->topics, h->status, "status");
	snprintf(h->born, sizeof(h->born), "%s/status",
	    h->conf->discovery == NULL ? "homeassistant" : h->conf->discovery);
	h->wanted = wanted_new();
	h->values = values_new(&h->topics, h->wanted);
	h->discovery = discovery_new(h->conf, &h->topics);
	h->events = events_new(wall_ms());
	h->orders = orders_new(h->conf, &h->topics);
	wanted_set(h->wanted, h->status, "online", WANTED_FIRST);
	return h;
}

static void
house_free(void *arg)
{
	struct house *h = arg;

	orders_free(h->orders);
	events_free(h->events);
	discovery_free(h->discovery);
	values_free(h->values);
	wanted_free(h->wanted);
	buf_free(&h->payload);
	free(h);
}

static void
house_target(void *arg, struct publisher_target *t)
{
	struct house *h = arg;

	*t = (struct publisher_target){.section = "[mqtt]",
	    .brokers = h->conf->brokers,
	    .nbrokers = h->conf->nbrokers,
	    .user = h->conf->user,
	    .password = h->conf->password,
	    .durable = true,
	    .will = h->status,
	    .will_text = "offline"};
	client_id(t->id, sizeof(t->id), h->topics.site);
}

static void
house_linked(void *arg, struct link *l)
{
	struct house *h = arg;

	h->link = l;
}

static void
on_kept(void *arg, const char *key, const char *value)
{
	struct house *h = arg;
	const char *word = readback_kept(&h->readback, key);
	uint64_t seconds;
	int64_t began_ms;

	if (word != NULL) {
		values_known(h->values, word);
		discovery_known(h->discovery, word);
	} else if (strncmp(key, KEY_OUTAGE, sizeof(KEY_OUTAGE) - 1) == 0 &&
		   sscanf(value, "%" SCNd64 " %" SCNu64, &began_ms, &seconds) == 2) {
		values_outage(h->values, key + sizeof(KEY_OUTAGE) - 1, began_ms, seconds);
		discovery_known(h->discovery, key + sizeof(KEY_OUTAGE) - 1);
	}
}

static void
on_changed(void *arg, const struct feed *f, const struct feed_change *c)
{
	struct house *h = arg;

	h->fed = true;
	if (c->kind == FEED_SNAPSHOT || c->kind == FEED_UPS)
		readback_feed(&h->readback, f, h->link);
	values_changed(h->values, c);
	discovery_changed(h->discovery, f, c);
}

static void
on_energy(void *arg, const char *ups, uint64_t wh)
{
	struct house *h = arg;
	char word[TOPIC_WORD_MAX];

	values_energy(h->values, ups, wh);
	discovery_known(h->discovery, topic_word(word, ups));
}

/* What the outage that is over was like is a value of its UPS. */
static void
take_outage(struct house *h, const struct event *e)
{
	const char *kind = event_fact(e, "outage.kind");
	const char *began = event_fact(e, "outage.began");
	const char *seconds = event_fact(e, "outage.seconds");
	char word[TOPIC_WORD_MAX], key[sizeof(KEY_OUTAGE) + TOPIC_WORD_MAX], value[64];
	int64_t began_ms;
	double s;

	if (e->kind != KIND_ONLINE || kind == NULL || strcmp(kind, "outage") != 0 ||
	    began == NULL || seconds == NULL)
		return;
	began_ms = strtoll(began, NULL, 10);
	s = strtod(seconds, NULL);
	if (!(s >= 0 && s < 1e9))
		return;
	values_outage(h->values, e->ups, began_ms, (uint64_t)(s + 0.5));
	snprintf(key, sizeof(key), KEY_OUTAGE "%s", topic_word(word, e->ups));
	snprintf(
	    value, sizeof(value), "%" PRId64 " %" PRIu64, began_ms, (uint64_t)(s + 0.5));
	link_keep(h->link, key, value);
	discovery_known(h->discovery, word);
}

static void
on_event(void *arg, const struct event *e)
{
	struct house *h = arg;

	take_outage(h, e);
	events_add(h->events, e);
}

static void
on_asked(void *arg, unsigned long number, const char *answer)
{
	struct house *h = arg;

	orders_answer(h->orders, number, answer);
}

/* Orders come from now on, if any are allowed. */
static void
invite_orders(struct house *h)
{
	char filter[TOPIC_MAX];

	if (h->conf->ncommands == 0 && h->conf->nsettings == 0)
		return;
	/* By QoS 0, so that a broker keeps none for us while we are away. */
	broker_subscribe(h->broker, topics_house(&h->topics, filter, "+/command/#"), 0);
	h->orders_number =
	    broker_subscribe(h->broker, topics_house(&h->topics, filter, "+/set/#"), 0);
}

static void
house_connected(void *arg, struct broker *b, bool session)
{
	struct house *h = arg;
	char filter[TOPIC_MAX];

	h->broker = b;
	h->obeys = false;
	h->orders_number = 0;
	events_begin(h->events, session, boottime_ms());
	h->events_number =
	    broker_subscribe(b, topics_house(&h->topics, filter, "+/event"), 1);
	broker_subscribe(b, h->status, 0);
	if (!h->conf->silent)
		broker_subscribe(b, h->born, 0);
	h->readback.until_ms = 0;
	if (h->readback.over)
		invite_orders(h);
	discovery_begin(h->discovery);
	wanted_again(h->wanted);
	h->again_ms = h->conf->nbrokers > 1 ? boottime_ms() + AGAIN_MS : UINT64_MAX;
}

static void
house_lost(void *arg)
{
	struct house *h = arg;

	h->broker = NULL;
}

static void
house_subscribed(void *arg, int number, bool granted)
{
	struct house *h = arg;

	if (number == h->orders_number)
		h->obeys = granted;
	if (number != h->events_number)
		return;
	if (!granted)
		log_warn(
		    "[mqtt]: user = may not read %s/#, so an event may come twice when "
		    "the connection breaks",
		    h->topics.base);
	events_subscribed(h->events, granted);
}

static void
take(struct house *h, uint64_t id)
{
	if (id != 0)
		link_take(h->link, id);
}

static void
hear_order(struct house *h, const struct topics_parts *parts, const char *payload,
    size_t len, bool retained)
{
	struct orders_ask ask;

	if (orders_take(h->orders, link_feed(h->link), parts->ups, parts->tail, payload,
		len, retained, boottime_ms(), &ask))
		orders_asked(
		    h->orders, link_ask(h->link, ask.set, ask.ups, ask.name, ask.value));
}

/* Something below our own base has come. */
static void
hear_ours(struct house *h, const char *topic, const struct topics_parts *parts,
    const char *payload, size_t len, bool retained)
{
	if (strcmp(parts->tail, "event") == 0)
		take(h, events_heard(h->events, h->topics.site, payload, len, retained,
			    boottime_ms()));
	else if (h->obeys)
		hear_order(h, parts, payload, len, retained);
	/* A node of a cluster may say our will long after we are with another one. */
	if (parts->ups[0] == '\0' && strcmp(parts->tail, "status") == 0 && !retained &&
	    (len != strlen("online") || memcmp(payload, "online", len) != 0))
		wanted_retell(h->wanted, h->status);
	/* Others may have UPSes in this house, too. */
	if (retained && !h->readback.over && len > 0 &&
	    readback_knows(&h->readback, parts->ups))
		values_found(h->values, topic);
}

static void
house_message(
    void *arg, const char *topic, const char *payload, size_t len, bool retained)
{
	struct house *h = arg;
	struct topics_parts parts;

	if (strcmp(topic, h->born) == 0) {
		if (retained || len != strlen("online") ||
		    memcmp(payload, "online", len) != 0)
			return;
		/* Domoticz takes no value that is retained, nor one of what it has not. */
		wanted_again(h->wanted);
		h->again_ms = boottime_ms() + BORN_MS;
	} else if (topics_split(&h->topics, topic, &parts)) {
		hear_ours(h, topic, &parts, payload, len, retained);
	} else {
		discovery_found(h->discovery, topic, payload, len, retained);
	}
}

static void
house_acked(void *arg, unsigned long mark)
{
	struct house *h = arg;

	if (mark != 0)
		take(h, events_acked(h->events, mark));
}

static void
house_slow(void *arg)
{
	struct house *h = arg;

	wanted_again(h->wanted);
}

/* The next event, or what else is to be done about them. */
static uint64_t
next_event(struct house *h, uint64_t now_ms, struct publisher_message *m)
{
	const struct event *event;
	enum events_act act;
	uint64_t wait_ms;

	while ((act = events_next(h->events, now_ms, &event, &wait_ms)) == EVENTS_SKIP)
		take(h, event->id);
	if (act == EVENTS_WAIT)
		return wait_ms;
	buf_clear(&h->payload);
	if (act == EVENTS_MARK) {
		events_mark_json(&h->payload, events_mark(h->events), h->topics.site);
		topics_ups(&h->topics, h->topic, TOPIC_MARK, "event");
		*m = (struct publisher_message){.topic = h->topic};
	} else {
		events_json(&h->payload, event, h->topics.site, wall_ms());
		topics_ups(&h->topics, h->topic,
		    event->ups[0] == '\0' ? TOPIC_HOUSE : event->ups, "event");
		*m = (struct publisher_message){
		    .topic = h->topic, .retain = true, .mark = event->id};
	}
	m->payload = buf_str(&h->payload);
	m->len = h->payload.len;
	return 0;
}

/* Brings what is wanted up to date. */
static uint64_t
settle(struct house *h, uint64_t now_ms)
{
	const struct feed *f = link_feed(h->link);
	uint64_t wait_ms = values_settle(h->values, f, now_ms, wall_ms()), other_ms;
	const char *filter;

	if (h->fed && h->readback.until_ms == 0)
		readback_begin(&h->readback, &h->topics, h->broker, now_ms);
	if (readback_due(&h->readback, now_ms) == 0) {
		readback_end(&h->readback, &h->topics, h->broker, f, h->link);
		/* Not before: what two filters match may come twice. */
		invite_orders(h);
	}
	/* A node that joins late may show what was kept before (NATS). */
	if (now_ms >= h->again_ms) {
		wanted_again(h->wanted);
		h->again_ms = UINT64_MAX;
	}
	if ((other_ms = readback_due(&h->readback, now_ms)) < wait_ms)
		wait_ms = other_ms;
	while ((filter = discovery_filter(h->discovery, now_ms)) != NULL)
		broker_subscribe(h->broker, filter, 0);
	other_ms = discovery_settle(h->discovery, f, now_ms, h->wanted);
	/* Else all that we announce would come back. */
	while ((filter = discovery_filtered(h->discovery, now_ms)) != NULL)
		broker_unsubscribe(h->broker, filter);
	return other_ms < wait_ms ? other_ms : wait_ms;
}

static bool
next_result(struct house *h, struct publisher_message *m)
{
	buf_clear(&h->payload);
	if (!orders_next(h->orders, h->topic, &h->payload))
		return false;
	*m = (struct publisher_message){
	    .topic = h->topic, .payload = buf_str(&h->payload), .len = h->payload.len};
	return true;
}

static uint64_t
next_value(struct house *h, uint64_t now_ms, struct publisher_message *m)
{
	struct wanted_topic t;
	uint64_t wait_ms = wanted_next(h->wanted, now_ms, &t);

	if (wait_ms == 0)
		*m = (struct publisher_message){
		    .topic = t.topic, .payload = t.payload, .len = t.len, .retain = true};
	return wait_ms;
}

static uint64_t
house_next(void *arg, uint64_t now_ms, struct publisher_message *m)
{
	struct house *h = arg;
	uint64_t wait_ms, settled_ms = settle(h, now_ms);

	/* The state first, for who hears of an event looks at it. */
	if (wanted_hurries(h->wanted))
		return next_value(h, now_ms, m);
	if ((wait_ms = next_event(h, now_ms, m)) == 0 || next_result(h, m))
		return 0;
	if (wait_ms < settled_ms)
		settled_ms = wait_ms;
	wait_ms = next_value(h, now_ms, m);
	return wait_ms < settled_ms ? wait_ms : settled_ms;
}

static bool
house_farewell(void *arg, struct publisher_message *m)
{
	struct house *h = arg;

	*m = (struct publisher_message){.topic = h->status,
	    .payload = "offline",
	    .len = strlen("offline"),
	    .retain = true};
	return true;
}

static const struct link_ops ops = {.kept = on_kept,
    .changed = on_changed,
    .event = on_event,
    .energy = on_energy,
    .asked = on_asked};

const struct publisher publisher_mqtt = {
    .name = "mqtt",
    .new = house_new,
    .free = house_free,
    .target = house_target,
    .link = &ops,
    .linked = house_linked,
    .connected = house_connected,
    .subscribed = house_subscribed,
    .message = house_message,
    .acked = house_acked,
    .slow = house_slow,
    .lost = house_lost,
    .next = house_next,
    .farewell = house_farewell,
};
