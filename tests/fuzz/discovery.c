/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt/discovery.h"
#include "mqtt/orders.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct house {
	struct conf_mqtt conf;
	struct topics topics;
	struct feed feed;
	struct discovery *d;
	struct orders *o;
	struct wanted *wanted;
	uint64_t now_ms;
} house;

/* All that is said is JSON, below our own nodes. */
static void
settle(void)
{
	struct wanted_topic t;
	json_t *root;

	while (discovery_filter(house.d, house.now_ms) != NULL)
		;
	house.now_ms += DISCOVERY_READ_MS;
	discovery_settle(house.d, &house.feed, house.now_ms, house.wanted);
	while (wanted_next(house.wanted, house.now_ms, &t) == 0) {
		if (strncmp(t.topic, "homeassistant/", 14) != 0 ||
		    strlen(t.topic) >= TOPIC_MAX)
			abort();
		root = json_loadb(t.payload, t.len, 0, NULL);
		if (t.len > 0 && !json_is_object(root))
			abort();
		json_decref(root);
	}
}

/* An order that passes is one of a UPS that has it; a result is JSON. */
static void
order(const char *topic, const char *payload, size_t len)
{
	struct topics_parts parts;
	struct orders_ask ask;
	struct buf json = {0};
	char at[TOPIC_MAX];
	json_t *root;

	if (!topics_split(&house.topics, topic, &parts))
		return;
	if (orders_take(house.o, &house.feed, parts.ups, parts.tail, payload, len, false,
		house.now_ms, &ask)) {
		const struct feed_ups *u = feed_find(&house.feed, ask.ups);

		if (u == NULL || !conf_mqtt_allows(&house.conf, ask.set, ask.name) ||
		    (ask.set && state_var(u->state, ask.name) == NULL))
			abort();
		orders_asked(house.o, 1);
		orders_answer(house.o, 1, "DONE 0");
	}
	while (orders_next(house.o, at, &json)) {
		root = json_loads(buf_str(&json), 0, NULL);
		if (!json_is_object(root))
			abort();
		json_decref(root);
	}
	buf_free(&json);
}

/* "topic payload": what a broker sends. */
static void
message(char *line, size_t len)
{
	char *payload = memchr(line, ' ', len);

	if (payload == NULL)
		return;
	*payload++ = '\0';
	len -= (size_t)(payload - line);
	if (!discovery_found(house.d, line, payload, len, true))
		order(line, payload, len);
}

static void
begin(bool devices)
{
	static char all[] = "all", *words[] = {all};

	memset(&house, 0, sizeof(house));
	house.conf = (struct conf_mqtt){.devices = devices,
	    .commands = words,
	    .ncommands = 1,
	    .settings = words,
	    .nsettings = 1,
	    .events = conf_events_mqtt};
	topics_init(&house.topics, "holdup", "home");
	house.d = discovery_new(&house.conf, &house.topics);
	house.o = orders_new(&house.conf, &house.topics);
	house.wanted = wanted_new();
}

static void
end(void)
{
	discovery_free(house.d);
	orders_free(house.o);
	wanted_free(house.wanted);
	feed_clear(&house.feed);
}

/* Lines of a feed, and behind a line "-" what a broker sends, and so on; a first line "d" is
 * for the form of one message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1), *line = text;
	bool feeds = true;

	memcpy(text, data, size);
	text[size] = '\0';
	begin(strncmp(text, "d\n", 2) == 0);
	if (house.conf.devices)
		line += 2;
	while (line < text + size) {
		size_t len = strcspn(line, "\n");

		if (len == 1 && line[0] == '-')
			feeds = !feeds;
		else if (feeds) {
			struct feed_change c = feed_apply(&house.feed, line, len);

			if (c.kind == FEED_BROKEN)
				break;
			discovery_changed(house.d, &house.feed, &c);
		} else
			message(line, len);
		if (house.feed.whole)
			settle();
		line += len + 1;
	}
	end();
	free(text);
	return 0;
}
