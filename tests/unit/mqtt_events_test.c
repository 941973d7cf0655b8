/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mqtt/events.h"

#define START 1795456800000 /* wall */
#define NEVER UINT64_MAX

static uint64_t now = 5000;

static void
add(struct events *e, uint64_t id, int64_t at_ms)
{
	const struct event event = {
	    .id = id, .at_ms = at_ms, .kind = KIND_ONBATT, .ups = "u", .text = "x"};

	events_add(e, &event);
}

/* What is to be done next; its event has this id. */
static void
does(struct events *e, enum events_act act, uint64_t id)
{
	const struct event *event = NULL;
	uint64_t wait_ms;

	assert_int_equal(events_next(e, now, &event, &wait_ms), act);
	if (act == EVENTS_SEND || act == EVENTS_SKIP)
		assert_int_equal(event->id, id);
}

static uint64_t
hear(struct events *e, const char *site, uint64_t id, bool retained)
{
	char text[100];

	snprintf(text, sizeof(text), "{\"site\":\"%s\",\"id\":%" PRIu64 "}", site, id);
	return events_heard(e, "home", text, strlen(text), retained, now);
}

static void
hear_mark(struct events *e, uint64_t mark)
{
	struct buf out = {0};

	events_mark_json(&out, mark, "home");
	assert_int_equal(events_heard(e, "home", buf_head(&out), out.len, false, now), 0);
	buf_free(&out);
}

static void
connect(struct events *e, bool session)
{
	events_begin(e, session, now);
	does(e, EVENTS_WAIT, 0);
	events_subscribed(e, true);
}

static void
one_at_a_time(void **state)
{
	struct events *e = events_new(START);

	add(e, 1, START + 1);
	add(e, 2, START + 2);
	does(e, EVENTS_WAIT, 0);
	connect(e, false);
	does(e, EVENTS_SEND, 1);
	does(e, EVENTS_WAIT, 0);
	assert_int_equal(events_acked(e, 7), 0);
	assert_int_equal(events_acked(e, 1), 1);
	does(e, EVENTS_SEND, 2);
	/* The echo came before the ack. */
	assert_int_equal(hear(e, "home", 2, false), 2);
	assert_int_equal(events_acked(e, 2), 0);
	does(e, EVENTS_WAIT, 0);
	events_free(e);
}

/* The connection breaks: what the broker had stored comes before the mark. */
static void
in_doubt(void **state)
{
	for (int stored = 0; stored < 2; stored++) {
		struct events *e = events_new(START);

		add(e, 1, START + 1);
		connect(e, true);
		does(e, EVENTS_SEND, 1);
		connect(e, true);
		does(e, EVENTS_MARK, 0);
		does(e, EVENTS_WAIT, 0);
		hear_mark(e, events_mark(e) - 1);
		assert_int_equal(hear(e, "elsewhere", 1, false), 0);
		if (stored) {
			assert_int_equal(hear(e, "home", 1, false), 1);
			does(e, EVENTS_WAIT, 0);
		} else {
			hear_mark(e, events_mark(e));
			does(e, EVENTS_WAIT, 0);
			now += EVENTS_SETTLE_MS;
			does(e, EVENTS_SEND, 1);
		}
		events_free(e);
	}
}

/* A broker that had forgotten our session, or never echoes: what it keeps must do. */
static void
without_echo(void **state)
{
	for (int kept = 0; kept < 2; kept++) {
		struct events *e = events_new(START);

		add(e, 10, START - 1);
		connect(e, false);
		does(e, EVENTS_MARK, 0);
		assert_int_equal(hear(e, "home", kept ? 10 : 9, true), 0);
		hear_mark(e, events_mark(e));
		does(e, kept ? EVENTS_SKIP : EVENTS_SEND, 10);
		events_free(e);
	}
}

/* What was sent before a later one that is kept is not sent again; ids that begin anew, or
 * that somebody made up, are no reason to be silent. */
static void
kept_later(void **state)
{
	struct events *e = events_new(START);

	add(e, START - 100, START - 100);
	add(e, START - 90, START - 90);
	add(e, START - 80, START - 80);
	connect(e, true);
	does(e, EVENTS_MARK, 0);
	hear(e, "home", START - 85, true);
	hear_mark(e, events_mark(e));
	now += EVENTS_SETTLE_MS;
	does(e, EVENTS_SKIP, START - 100);
	does(e, EVENTS_SKIP, START - 90);
	does(e, EVENTS_SEND, START - 80);
	assert_int_equal(events_acked(e, START - 80), START - 80);
	events_begin(e, true, now);
	hear(e, "home", START + EVENTS_DEEP_MS * 2, true);
	events_subscribed(e, true);
	add(e, START, START);
	does(e, EVENTS_SEND, START);
	events_free(e);
}

/* Nobody answers, or nobody may listen: it is not waited for ever. */
static void
no_answer(void **state)
{
	struct events *e = events_new(START);
	const struct event *event;
	uint64_t wait_ms;

	add(e, 1, START - 1);
	events_begin(e, true, now);
	assert_int_equal(events_next(e, now, &event, &wait_ms), EVENTS_WAIT);
	assert_int_equal(wait_ms, EVENTS_ANSWER_MS);
	now += wait_ms;
	does(e, EVENTS_SEND, 1);
	connect(e, true);
	does(e, EVENTS_MARK, 0);
	now += EVENTS_ANSWER_MS;
	does(e, EVENTS_SEND, 1);
	events_begin(e, true, now);
	events_subscribed(e, false);
	does(e, EVENTS_SEND, 1);
	assert_int_equal(events_acked(e, 1), 1);
	events_free(e);
}

static void
objects(void **state)
{
	struct event event = {.id = 1795456800123,
	    .at_ms = START + 123,
	    .kind = KIND_ONBATT,
	    .ups = "u",
	    .text = "On \"battery\""};
	struct events_said said;
	struct buf out = {0};

	event_fact_add(&event, "battery.charge", "97.50");
	event_fact_add(&event, "ups.serial", "0123");
	event_fact_add(&event, "ups.status", "OB");
	events_json(&out, &event, "home", START + 123 + EVENTS_LATE_MS);
	assert_string_equal(buf_str(&out),
	    "{\"id\":1795456800123,\"at\":\"2026-11-23T18:00:00.123Z\","
	    "\"site\":\"home\",\"ups\":\"u\",\"kind\":\"onbatt\",\"event_type\":"
	    "\"onbatt\","
	    "\"text\":\"On \\\"battery\\\"\",\"who\":null,\"late\":false,"
	    "\"facts\":{\"battery.charge\":97.5,\"ups.serial\":\"0123\","
	    "\"ups.status\":\"OB\"}}");
	assert_true(events_read(&said, "home", buf_head(&out), out.len));
	assert_int_equal(said.id, event.id);
	assert_false(events_read(&said, "other", buf_head(&out), out.len));
	assert_false(events_read(&said, "home", buf_head(&out), out.len - 1));
	assert_false(events_read(&said, "home", "", 0));
	assert_true(events_read(&said, "home", "{\"site\":\"home\",\"id\":-5}", 23));
	assert_int_equal(said.id, 0);
	buf_clear(&out);
	events_json(&out, &event, "home", START + 124 + EVENTS_LATE_MS);
	assert_non_null(strstr(buf_str(&out), "\"late\":true"));
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_at_a_time),
	    cmocka_unit_test(in_doubt),
	    cmocka_unit_test(without_echo),
	    cmocka_unit_test(kept_later),
	    cmocka_unit_test(no_answer),
	    cmocka_unit_test(objects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
