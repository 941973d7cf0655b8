/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_holdup.h"
#include "out/outbox.h"

#define NOW INT64_C(1795456800000)
#define DAY INT64_C(86400000)
#define MAINS (CONF_EVENTS_BIT(KIND_ONBATT) | CONF_EVENTS_BIT(KIND_ONLINE))

static struct event
event_of(enum kind kind, int64_t at_ms, const char *text)
{
	struct event e = {.at_ms = at_ms, .kind = kind, .ups = "qnapups"};

	event_cut(e.text, sizeof(e.text), text);
	event_fact_add(&e, "battery.charge", "97");
	return e;
}

static uint64_t
add(struct outbox *b, enum kind kind, int64_t at_ms, const char *text)
{
	struct event e = event_of(kind, at_ms, text);

	outbox_add(b, &e, at_ms);
	outbox_safe(b, e.id);
	return e.id;
}

/* Two readers: of all, of the mains only. */
static struct outbox *
box_new(const char *boot)
{
	struct outbox *b = outbox_new(boot);

	assert_int_equal(outbox_reader(b, "mqtt", UINT64_MAX), 0);
	assert_int_equal(outbox_reader(b, "notify.phone", MAINS), 1);
	return b;
}

static struct outbox *
box_read(const char *boot, const char *text, size_t len, size_t damage)
{
	struct outbox *b = box_new(boot);
	struct buf damaged = {0};

	assert_int_equal(outbox_load(b, text, len, &damaged), damage);
	assert_int_equal(damaged.len > 0, damage > 0);
	buf_free(&damaged);
	return b;
}

/* The ids that wait for a reader, as text. */
static const char *
waiting(const struct outbox *b, size_t reader)
{
	static char text[1024];
	uint64_t id = outbox_taken(b, reader);
	size_t len = 0;

	*text = '\0';
	while (len < sizeof(text) && outbox_next(b, reader, &id) != NULL)
		len += (size_t)snprintf(&text[len], sizeof(text) - len, "%s%d",
		    len > 0 ? " " : "", (int)(id - (uint64_t)NOW));
	return text;
}

static void
test_order(void **data)
{
	struct outbox *b = box_new("boot");
	struct event e = event_of(KIND_ONBATT, NOW, "On battery");
	uint64_t id = 0;

	add(b, KIND_START, NOW, "Begin");
	outbox_add(b, &e, NOW);
	assert_int_equal(e.id, (uint64_t)NOW + 1); /* the clock has not moved */
	assert_string_equal(waiting(b, 0), "0");   /* the other is not safe yet */
	assert_string_equal(waiting(b, 1), "");
	outbox_safe(b, e.id);
	assert_string_equal(waiting(b, 0), "0 1");
	assert_string_equal(waiting(b, 1), "1");
	assert_int_equal(add(b, KIND_ONLINE, NOW - 5000, "set back"), (uint64_t)NOW + 2);
	assert_int_equal(outbox_under_way(b, 0, (uint64_t)NOW + 1), 2);
	outbox_take(b, 0, (uint64_t)NOW + 1);
	assert_string_equal(waiting(b, 0), "2");
	assert_string_equal(waiting(b, 1), "1 2");
	assert_int_equal(outbox_count(b), 2);
	outbox_take(b, 1, UINT64_MAX); /* there is no such event: all that there are */
	outbox_take(b, 0, (uint64_t)NOW);
	assert_int_equal(outbox_taken(b, 0), (uint64_t)NOW + 1);
	assert_int_equal(outbox_count(b), 1);
	id = outbox_taken(b, 1);
	assert_null(outbox_next(b, 1, &id));
	outbox_free(b);
}

/* Nobody takes it: it is not kept. */
static void
test_unwanted(void **data)
{
	struct outbox *b = outbox_new("boot");

	outbox_reader(b, "notify.phone", MAINS);
	add(b, KIND_LOGIN, NOW, "x");
	assert_int_equal(outbox_count(b), 0);
	assert_int_equal(outbox_last(b), (uint64_t)NOW);
	outbox_free(b);
}

static void
test_bounds(void **data)
{
	struct outbox *b = box_new("boot");
	uint64_t id = 0;
	char key[32];

	for (int i = 0; i < OUTBOX_EVENTS_MAX + 500; i++)
		add(b, i % 2 ? KIND_ONBATT : KIND_LOGIN, NOW + i, "x");
	assert_int_equal(outbox_count(b), OUTBOX_EVENTS_MAX);
	assert_non_null(outbox_next(b, 0, &id));
	assert_int_equal(id, NOW + 500);
	assert_int_equal(outbox_expire(b, NOW + OUTBOX_AGE_MS + 1000), 500);
	assert_int_equal(outbox_expire(b, NOW + OUTBOX_AGE_MS + DAY), 1500);
	assert_int_equal(outbox_count(b), 0);
	for (int i = 0; i < OUTBOX_KEPT_MAX; i++) {
		snprintf(key, sizeof(key), "k%d", i);
		assert_true(outbox_keep(b, 0, key, "v"));
	}
	assert_false(outbox_keep(b, 0, "one more", "v"));
	assert_true(outbox_keep(b, 0, "k7", ""));
	assert_true(outbox_keep(b, 0, "one more", "v"));
	for (int i = 0; i < OUTBOX_UPSES_MAX + 10; i++) {
		snprintf(key, sizeof(key), "ups%d", i);
		outbox_energy(b, key, i + 1);
	}
	outbox_free(b);
}

static const char *
kept(const struct outbox *b, size_t reader, const char *wanted)
{
	const char *key, *value;

	for (size_t i = 0; outbox_kept(b, reader, i, &key, &value); i++)
		if (strcmp(key, wanted) == 0)
			return value;
	return NULL;
}

static struct watch_outage
outage_of(int64_t began, int64_t ended)
{
	return (struct watch_outage){.why = WATCH_OUTAGE,
	    .began = began,
	    .ended = ended,
	    .ms = 61500,
	    .charge_began = 100,
	    .charge_low = 91.5,
	    .voltage_low = NAN,
	    .load = 34,
	    .wh = 3.25};
}

/* All there is: for the journal, and for the file that is written anew. */
static void
fill(struct outbox *b)
{
	struct watch_outage o = outage_of(NOW - 1000, 0), over = outage_of(NOW, NOW + 5);

	add(b, KIND_START, NOW, "Begin \"quoted\" \\ and\nlines");
	add(b, KIND_ONBATT, NOW + 1, "On battery: für 3 s");
	add(b, KIND_LOWBATT, NOW + 2, "Low");
	outbox_take(b, 0, (uint64_t)NOW);
	assert_true(outbox_keep(b, 0, "a key", "gone"));
	assert_true(outbox_keep(b, 0, "a key", "12 13 \"x\""));
	assert_false(outbox_keep(b, 0, "a key", "12 13 \"x\""));
	assert_true(outbox_keep(b, 1, "told", "1"));
	assert_true(outbox_keep(b, 1, "told", ""));
	assert_false(outbox_keep(b, 1, "told", ""));
	outbox_flags(b, "qnapups", WATCH_KNOWN | WATCH_BATTERY);
	outbox_outage(b, "qnapups", &o);
	outbox_energy(b, "qnapups", 1234.5);
	outbox_outage(b, "second", &over);
	outbox_heard(b, NOW + 7);
}

static void
assert_filled(const struct outbox *b, bool same_boot)
{
	struct watch_known k;
	const char *name;
	double wh;

	assert_string_equal(waiting(b, 0), "1 2");
	assert_string_equal(waiting(b, 1), "1");
	assert_int_equal(outbox_last(b), NOW + 2);
	assert_string_equal(kept(b, 0, "a key"), "12 13 \"x\"");
	assert_null(kept(b, 1, "told"));
	assert_true(outbox_ups(b, 0, &name, &k, &wh));
	assert_string_equal(name, "qnapups");
	assert_int_equal(k.flags, WATCH_KNOWN | WATCH_BATTERY);
	assert_float_equal(wh, 1234.5, 0.001);
	assert_int_equal(k.heard_ms, NOW + 7);
	assert_int_equal(k.outage.id, 1);
	assert_int_equal(k.outage.began, NOW - 1000);
	assert_int_equal(k.outage.ms, 61500);
	assert_float_equal(k.outage.charge_low, 91.5, 0.001);
	assert_true(isnan(k.outage.voltage_low));
	assert_int_equal(k.same_boot, same_boot);
	assert_true(outbox_ups(b, 1, &name, &k, &wh));
	assert_int_equal(k.outage.id, 0);
	assert_int_equal(k.battery_ms, NOW + 5);
	assert_false(outbox_ups(b, 2, &name, &k, &wh));
}

static void
test_file(void **data)
{
	struct outbox *b = box_new("boot 1"), *again;
	struct buf text = {0}, anew = {0};

	fill(b);
	assert_true(outbox_commit(b, &text));
	assert_false(outbox_commit(b, &text));
	again = box_read("boot 1", buf_str(&text), text.len, 0);
	assert_filled(again, true);
	outbox_snapshot(again, &anew);
	outbox_free(again);
	again = box_read("boot 1", buf_str(&anew), anew.len, 0);
	assert_filled(again, true);
	outbox_free(again);
	again = box_read("boot 2", buf_str(&anew), anew.len, 0);
	assert_filled(again, false);
	assert_true(
	    add(again, KIND_ONLINE, 5, "a Pi boots in 1970") == (uint64_t)NOW + 3);
	outbox_free(again);
	buf_free(&text);
	buf_free(&anew);
	outbox_free(b);
}

/* A disk that hangs, and a publisher that keeps and keeps. */
static void
test_overflow(void **data)
{
	struct outbox *b = box_new("boot"), *again;
	struct buf text = {0};
	char value[1001];
	int first = 0;

	for (int i = 0; i < 300; i++) {
		snprintf(value, sizeof(value), "%01000d", i);
		assert_true(outbox_keep(b, 0, "key", value));
		if (outbox_overflows(b) && first == 0)
			first = i;
	}
	assert_in_range(first, 120, 140);
	outbox_snapshot(b, &text);
	assert_false(outbox_overflows(b));
	again = box_read("boot", buf_str(&text), text.len, 0);
	assert_string_equal(kept(again, 0, "key"), value);
	outbox_free(again);
	outbox_free(b);
	buf_free(&text);
}

/* A new publisher is told nothing old; one that is gone, with what it kept, is forgotten. */
static void
test_readers(void **data)
{
	struct outbox *b = box_new("boot"), *other = outbox_new("boot");
	struct buf text = {0}, damaged = {0};

	fill(b);
	outbox_snapshot(b, &text);
	outbox_reader(other, "notify.new", UINT64_MAX);
	assert_int_equal(outbox_load(other, buf_str(&text), text.len, &damaged), 0);
	assert_int_equal(outbox_count(other), 0);
	assert_int_equal(outbox_last(other), NOW + 2);
	add(other, KIND_ONLINE, NOW + 9, "x");
	assert_string_equal(waiting(other, 0), "9");
	buf_clear(&text);
	outbox_snapshot(other, &text);
	assert_null(strstr(buf_str(&text), "a key"));
	buf_free(&text);
	outbox_free(b);
	outbox_free(other);
}

/* The power goes at each byte of what is written: of a batch all is there, or nothing, and
 * what was there before stays. */
static void
test_torn(void **data)
{
	struct outbox *b = box_new("boot"), *again;
	struct buf text = {0};
	size_t whole;

	outbox_keep(b, 0, "first", "1");
	outbox_flags(b, "qnapups", WATCH_KNOWN);
	assert_true(outbox_commit(b, &text));
	whole = text.len;
	outbox_flags(b, "qnapups", WATCH_KNOWN | WATCH_BATTERY);
	add(b, KIND_ONBATT, NOW + 1, "On battery");
	outbox_keep(b, 0, "second", "2");
	assert_true(outbox_commit(b, &text));
	for (size_t len = 0; len <= text.len; len++) {
		struct watch_known k = {0};
		const char *name;
		double wh;

		again = box_read("boot", buf_str(&text), len, 0);
		outbox_ups(again, 0, &name, &k, &wh);
		assert_int_equal(kept(again, 0, "first") != NULL, len >= whole);
		assert_int_equal(k.flags & WATCH_KNOWN, len >= whole);
		assert_int_equal((k.flags & WATCH_BATTERY) != 0, len == text.len);
		assert_int_equal(outbox_count(again), len == text.len);
		assert_int_equal(kept(again, 0, "second") != NULL, len == text.len);
		outbox_free(again);
	}
	buf_free(&text);
	outbox_free(b);
}

/* One byte of the file is another one: it costs a batch or two, and nothing that is not whole
 * is believed. An event is told twice rather than never. */
static void
test_damaged(void **data)
{
	struct outbox *b = box_new("boot"), *again;
	struct buf text = {0};
	char *copy;
	int lost = 0;

	fill(b);
	outbox_snapshot(b, &text);
	for (size_t i = 0; i < text.len; i++) {
		struct buf damaged = {0};
		size_t n;

		copy = malloc(text.len);
		assert_non_null(copy);
		memcpy(copy, buf_head(&text), text.len);
		copy[i] ^= 0x20;
		again = box_new("boot");
		n = outbox_load(again, copy, text.len, &damaged);
		/* Its last line may lose the mark that makes it one. */
		assert_in_range(n + (i + 12 >= text.len), 1, 2);
		assert_in_range(outbox_count(again), 0, 3);
		lost += 2 - (int)outbox_count(again) > 0;
		outbox_free(again);
		buf_free(&damaged);
		free(copy);
	}
	assert_in_range(lost, 100, text.len / 2);
	buf_free(&text);
	outbox_free(b);
}

/* What came after a torn end counts: it is a journal that went on. */
static void
test_goes_on(void **data)
{
	struct outbox *b = box_new("boot"), *again;
	struct buf text = {0}, more = {0};
	struct buf damaged = {0};

	add(b, KIND_ONBATT, NOW, "one");
	assert_true(outbox_commit(b, &text));
	text.len -= 20;
	add(b, KIND_ONLINE, NOW + 1, "two");
	assert_true(outbox_commit(b, &more));
	buf_add(&text, buf_head(&more), more.len);
	again = box_new("boot");
	assert_int_equal(outbox_load(again, buf_str(&text), text.len, &damaged), 1);
	outbox_free(again);
	buf_free(&damaged);
	buf_free(&text);
	buf_free(&more);
	outbox_free(b);
}

/* The clock is set: what happened in this boot moves, unless somebody has it already. */
static void
test_clock(void **data)
{
	struct outbox *b = box_new("boot"), *again;
	struct buf text = {0};
	struct event e;
	uint64_t id = 0;
	const char *line;

	add(b, KIND_ONBATT, 60000, "told"); /* a Pi without a clock */
	outbox_take(b, 0, outbox_last(b));
	add(b, KIND_ONLINE, 61000, "not told");
	outbox_clock(b, NOW);
	line = outbox_next(b, 1, &id);
	assert_int_equal(event_read(&e, line, strlen(line) - 1), 0);
	assert_int_equal(e.at_ms, 60000);
	line = outbox_next(b, 1, &id);
	assert_int_equal(event_read(&e, line, strlen(line) - 1), 0);
	assert_int_equal(e.at_ms, NOW + 61000);
	assert_int_equal(e.id, id);
	outbox_snapshot(b, &text);
	again = box_read("another boot", buf_str(&text), text.len, 0);
	outbox_clock(again, DAY);
	id = 60000;
	line = outbox_next(again, 1, &id);
	assert_int_equal(event_read(&e, line, strlen(line) - 1), 0);
	assert_int_equal(e.at_ms, NOW + 61000);
	outbox_free(again);
	outbox_free(b);
	buf_free(&text);
}

/* The disk answered late: what was on it comes behind what has happened since. */
static void
test_adopt(void **data)
{
	struct outbox *old = box_new("boot"), *b = outbox_new_like(old);
	struct watch_known k;
	const char *name;
	double wh;

	fill(old);
	add(b, KIND_START, NOW + 100, "Begin");
	outbox_energy(b, "qnapups", 0.5);
	outbox_keep(b, 0, "a key", "newer");
	outbox_take(b, 0, (uint64_t)NOW + 100);
	outbox_adopt(b, old);
	outbox_safe(b, outbox_last(b));
	assert_string_equal(waiting(b, 0), "101 102");
	assert_string_equal(waiting(b, 1), "101");
	assert_string_equal(kept(b, 0, "a key"), "newer");
	assert_true(outbox_ups(b, 0, &name, &k, &wh));
	assert_float_equal(wh, 1235, 0.001);
	outbox_free(old);
	outbox_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_order),
	    cmocka_unit_test(test_unwanted),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_file),
	    cmocka_unit_test(test_overflow),
	    cmocka_unit_test(test_readers),
	    cmocka_unit_test(test_torn),
	    cmocka_unit_test(test_damaged),
	    cmocka_unit_test(test_goes_on),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_adopt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
