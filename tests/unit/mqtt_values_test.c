/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt/values.h"
#include "mqtt/wanted.h"

#define NOW 1000000

/* What is told next must be this; topic NULL: nothing. */
static void
told(struct wanted *w, uint64_t now_ms, const char *topic, const char *payload)
{
	struct wanted_topic t;
	uint64_t wait_ms = wanted_next(w, now_ms, &t);

	if (topic == NULL) {
		assert_int_not_equal(wait_ms, 0);
		return;
	}
	assert_int_equal(wait_ms, 0);
	assert_string_equal(t.topic, topic);
	assert_string_equal(t.payload, payload);
	assert_int_equal(t.len, strlen(payload));
}

static void
newest_only(void **state)
{
	struct wanted *w = wanted_new();

	told(w, NOW, NULL, NULL);
	wanted_set(w, "a", "1", WANTED_SOON);
	wanted_set(w, "b", "1", WANTED_SOON);
	wanted_set(w, "a", "2", WANTED_SOON);
	wanted_set(w, "c", "1", WANTED_FIRST);
	assert_true(wanted_hurries(w));
	told(w, NOW, "c", "1");
	assert_false(wanted_hurries(w));
	told(w, NOW, "a", "2");
	told(w, NOW, "b", "1");
	told(w, NOW, NULL, NULL);
	/* What is there already, and what is there again. */
	wanted_set(w, "a", "2", WANTED_SOON);
	wanted_set(w, "b", "2", WANTED_SOON);
	wanted_set(w, "b", "1", WANTED_SOON);
	told(w, NOW + 5000, NULL, NULL);
	assert_int_equal(wanted_count(w), 3);
	wanted_free(w);
}

static void
pauses(void **state)
{
	struct wanted *w = wanted_new();
	struct wanted_topic t;
	uint64_t wait_ms;

	wanted_set(w, "a", "1", WANTED_SOON);
	told(w, NOW, "a", "1");
	wanted_set(w, "a", "2", WANTED_SOON);
	wait_ms = wanted_next(w, NOW + 10, &t);
	assert_in_range(wait_ms, WANTED_PAUSE_MS - 10, WANTED_PAUSE_MS + 90);
	wanted_set(w, "a", "3", WANTED_SOON);
	told(w, NOW + 500, NULL, NULL);
	told(w, NOW + 10 + wait_ms, "a", "3");
	/* In haste there is none, and what was held is not told later. */
	wanted_set(w, "a", "4", WANTED_SOON);
	wanted_set(w, "a", "5", WANTED_FIRST);
	told(w, NOW + 20 + wait_ms, "a", "5");
	told(w, NOW + 99999, NULL, NULL);
	wanted_free(w);
}

static void
deletions(void **state)
{
	struct wanted *w = wanted_new();

	wanted_drop(w, "left");
	told(w, NOW, "left", "");
	assert_int_equal(wanted_count(w), 0);
	wanted_set(w, "a", "1", WANTED_SOON);
	assert_true(wanted_has(w, "a"));
	told(w, NOW, "a", "1");
	wanted_drop(w, "a");
	assert_false(wanted_has(w, "a"));
	told(w, NOW + 5000, "a", "");
	wanted_set(w, "a", "1", WANTED_SOON);
	told(w, NOW + 5001, "a", "1");
	wanted_free(w);
}

static void
all_again(void **state)
{
	struct wanted *w = wanted_new();
	struct wanted_topic t;
	char topic[20];
	size_t n = 0;

	for (int i = 0; i < 3000; i++) {
		snprintf(topic, sizeof(topic), "t/%d", i);
		wanted_set(w, topic, "1", i % 10 ? WANTED_SOON : WANTED_FIRST);
	}
	while (wanted_next(w, NOW, &t) == 0)
		n++;
	assert_int_equal(n, 3000);
	wanted_again(w);
	wanted_set(w, "t/1", "2", WANTED_SOON);
	for (n = 0; wanted_next(w, NOW, &t) == 0; n++)
		assert_int_equal(atoi(t.topic + 2) % 10 == 0, n < 300);
	assert_int_equal(n, 3000);
	wanted_retell(w, "t/7");
	wanted_retell(w, "unknown");
	told(w, NOW + 5000, "t/7", "1");
	told(w, NOW + 5000, NULL, NULL);
	wanted_free(w);
}

/* Values of a feed, and what is told of it. */
struct house {
	struct topics topics;
	struct wanted *wanted;
	struct values *values;
	struct feed feed;
	unsigned long number;
};

static void
line(struct house *h, const char *text)
{
	struct feed_change c = feed_apply(&h->feed, text, strlen(text));

	assert_int_not_equal(c.kind, FEED_BROKEN);
	values_changed(h->values, &c);
}

static void
change(struct house *h, const char *text)
{
	char numbered[300];

	snprintf(numbered, sizeof(numbered), "%lu %s", ++h->number, text);
	line(h, numbered);
}

static void
begin(struct house *h)
{
	*h = (struct house){.number = 7};
	topics_init(&h->topics, "holdup", "home");
	h->wanted = wanted_new();
	h->values = values_new(&h->topics, h->wanted);
	line(h, "BEGIN 7");
	line(h, "UPS u.1 \"Server\"");
	line(h, "u.1 SETINFO battery.charge \"100\"");
	line(h, "u.1 SETINFO driver.parameter.password \"secret\"");
	line(h, "u.1 SETINFO ups.id \"\"");
	line(h, "u.1 SETINFO ups.mfr \"\xff<\"");
	line(h, "u.1 SETINFO ups.status \"OL\"");
	line(h, "u.1 DATAOK");
	line(h, "u.1 VIEW * none");
	line(h, "END 7");
}

static void
end(struct house *h)
{
	values_free(h->values);
	wanted_free(h->wanted);
	feed_clear(&h->feed);
}

/* Tells all that there is; true when `topic` was among it, with this payload (NULL: any). */
static bool
tells(struct house *h, uint64_t now_ms, const char *topic, const char *payload)
{
	struct wanted_topic t;
	bool found = false;

	values_settle(h->values, &h->feed, now_ms, 1795456800123);
	while (wanted_next(h->wanted, now_ms, &t) == 0)
		found |= strcmp(t.topic, topic) == 0 &&
			 (payload == NULL || strcmp(t.payload, payload) == 0);
	return found;
}

static void
of_a_ups(void **state)
{
	struct wanted_topic t;
	struct house h;
	bool object = false;

	begin(&h);
	values_settle(h.values, &h.feed, NOW, 1795456800123);
	told(h.wanted, NOW, "holdup/home/u_1/link", "online");
	told(h.wanted, NOW, "holdup/home/u_1/ups/status", "OL");
	told(h.wanted, NOW, "holdup/home/u_1/mains", "ON");
	while (wanted_next(h.wanted, NOW, &t) == 0) {
		assert_null(strstr(t.topic, "parameter"));
		assert_null(strstr(t.payload, "secret"));
		if (strcmp(t.topic, "holdup/home/u_1/state") != 0)
			continue;
		object = true;
		assert_non_null(strstr(t.payload, "\"at\":\"2026-11-23T18:00:00.123Z\""));
		assert_non_null(strstr(t.payload, "\"mains\":true"));
		assert_non_null(strstr(t.payload, "\"battery.charge\":\"100\""));
		assert_non_null(strstr(t.payload, "\"ups.mfr\":\"\xef\xbf\xbd"));
	}
	assert_true(object);
	/* An empty value would be a deletion. */
	assert_false(wanted_has(h.wanted, "holdup/home/u_1/ups/id"));
	/* Nothing is new: the time alone is no reason. */
	change(&h, "u.1 SETINFO battery.charge \"100\"");
	assert_false(tells(&h, NOW + 60000, "holdup/home/u_1/state", NULL));
	change(&h, "u.1 SETINFO battery.charge \"99\"");
	assert_true(tells(&h, NOW + 60000, "holdup/home/u_1/battery/charge", "99"));
	values_energy(h.values, "u.1", 1500);
	assert_true(tells(&h, NOW + 70000, "holdup/home/u_1/energy", "1.500"));
	values_outage(h.values, "u.1", 0, 75);
	assert_true(tells(&h, NOW + 80000, "holdup/home/u_1/outage/seconds", "75"));
	end(&h);
}

static void
what_is_gone(void **state)
{
	struct house h;

	begin(&h);
	values_known(h.values, "old");
	values_found(h.values, "holdup/home/old/ups/load");
	values_found(h.values, "holdup/home/old/event");
	values_found(h.values, "holdup/home/old/command/x");
	values_found(h.values, "holdup/home/u_1/ups/load");
	values_found(h.values, "holdup/home/u_1/event");
	values_found(h.values, "holdup/elsewhere/u_1/ups/load");
	values_found(h.values, "holdup/home/status");
	assert_false(tells(&h, NOW, "holdup/home/u_1/ups/load", ""));
	assert_false(tells(&h, NOW + 9000, "holdup/home/u_1/ups/load", ""));
	values_settle(h.values, &h.feed, NOW + 10000, 0);
	assert_true(wanted_count(h.wanted) > 0);
	assert_true(tells(&h, NOW + 11000, "holdup/home/u_1/ups/load", ""));
	assert_false(wanted_has(h.wanted, "holdup/home/old/event"));
	/* While the driver is lost nothing is gone, and while core is away neither. */
	change(&h, "u.1 LOST");
	change(&h, "u.1 DELINFO battery.charge");
	assert_false(tells(&h, NOW + 50000, "holdup/home/u_1/battery/charge", ""));
	line(&h, "BEGIN 0");
	line(&h, "END 0");
	h.number = 0;
	assert_true(tells(&h, NOW + 90000, "holdup/home/u_1/link", "offline") ||
		    wanted_has(h.wanted, "holdup/home/u_1/link"));
	assert_true(wanted_has(h.wanted, "holdup/home/u_1/battery/charge"));
	end(&h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(newest_only),
	    cmocka_unit_test(pauses),
	    cmocka_unit_test(deletions),
	    cmocka_unit_test(all_again),
	    cmocka_unit_test(of_a_ups),
	    cmocka_unit_test(what_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
