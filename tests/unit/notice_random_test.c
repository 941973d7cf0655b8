/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "publish/hours.h"
#include "tests/unit/notice_trace.h"

/*
 * Random days, with receivers that are away and crashes between any two messages: each event
 * is told once, in quiet hours only what cannot wait, flaps make few messages, and in the end
 * nothing is left.
 */

#define DAYS 2
#define HOUR_MS INT64_C(3600000)
#define UPSES 3
#define HOURLY \
	40 /* messages of three UPSes that flap all the time, and more of the same */

static unsigned seed;
static unsigned hourly[DAYS * 24 + 48];

static unsigned
draw(unsigned n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

/* What a message may be at this moment. */
static void
check(struct trace *t, const struct notice_batch *b, const struct message *m)
{
	hourly[(t->now - TRACE_DAY) / HOUR_MS]++;
	for (size_t i = 1; i < b->nids; i++)
		assert_true(b->ids[i] > b->ids[i - 1]);
	assert_true(b->nids > 0 || b->mark > 0);
	if (!hours_quiet(t->conf.quiet_from, t->conf.quiet_to, t->now))
		return;
	assert_int_equal(b->nnotes, 1);
	assert_true(b->notes[0]->urgent);
	assert_true(m->priority >= NEWS_HIGH);
}

/* Something that may happen now. */
static void
happen(struct trace *t, bool *away)
{
	static const enum kind kinds[] = {KIND_LOWBATT, KIND_REPLACE, KIND_LOST,
	    KIND_BACK, KIND_DEED, KIND_ALARM, KIND_OFF, KIND_MACHINE};
	static const char *const names[UPSES] = {"a", "b", "c"};
	static const char *const stands[] = {"Machine nas: told.", "Machine nas: off.",
	    "Machine nas: on.", "Machine pi: leaving.", "Machine pi: on."};
	const unsigned ups = draw(UPSES);
	const enum kind kind = kinds[draw(sizeof(kinds) / sizeof(kinds[0]))];

	if (draw(3) > 0) {
		away[ups] = !away[ups];
		trace_event(
		    t, away[ups] ? KIND_ONBATT : KIND_ONLINE, names[ups], "Power.");
	} else if (kind == KIND_MACHINE) {
		trace_event(t, kind, "-", stands[draw(5)]);
	} else {
		trace_event(t, kind, names[ups], "Something.");
	}
	trace_tell(t);
}

static void
play(unsigned number, struct conf_notify conf, bool faults)
{
	bool away[UPSES] = {false};
	const unsigned pace = 1 + draw(4);
	struct trace t;

	seed = number * 7919 + 1;
	memset(hourly, 0, sizeof(hourly));
	trace_begin(&t, conf);
	t.check = check;
	while (t.now < TRACE_DAY + DAYS * 24 * HOUR_MS && t.nevents < 600) {
		trace_until(&t, t.now + (int64_t)draw(60000 << (draw(pace + 2))));
		happen(&t, away);
		if (faults && draw(20) == 0)
			t.away = !t.away;
		if (faults && draw(10) == 0)
			trace_crash(&t);
	}
	t.away = false;
	for (int i = 0; i < UPSES; i++)
		if (away[i]) {
			trace_event(&t, KIND_ONLINE, (const char *[]){"a", "b", "c"}[i],
			    "Power.");
			trace_tell(&t);
		}
	trace_until(&t, t.now + 30 * HOUR_MS);
	for (size_t i = 1; i <= t.nevents; i++)
		if (t.times[i] != 1)
			fail_msg("play %u: event %zu (%s) was told %u times", number, i,
			    kind_word(t.events[i - 1].kind), t.times[i]);
	assert_int_equal(t.taken, t.nevents);
	trace_end(&t);
}

/* One UPS goes to battery and back all day, for some seconds or some minutes. */
static void
flapping(void **state)
{
	for (unsigned i = 0; i < 30; i++) {
		struct trace t;

		seed = i;
		memset(hourly, 0, sizeof(hourly));
		trace_begin(&t, (struct conf_notify){.name = (char[]){"phone"},
				    .fold = 600,
				    .wait = i % 2 == 0 ? 0 : 30,
				    .events = UINT64_MAX,
				    .summary = true});
		t.check = check;
		for (int k = 0; k < 1000; k++) {
			trace_until(
			    &t, t.now + 1 +
				    (int64_t)draw(i < 10 ? 10000 : 60000) * (1 + i % 3));
			trace_event(
			    &t, k % 2 == 0 ? KIND_ONBATT : KIND_ONLINE, "a", "Power.");
			trace_tell(&t);
		}
		trace_until(&t, t.now + HOUR_MS);
		for (size_t h = 0; h < sizeof(hourly) / sizeof(hourly[0]); h++)
			assert_true(hourly[h] <= HOURLY);
		for (size_t k = 1; k <= t.nevents; k++)
			assert_int_equal(t.times[k], 1);
		assert_int_equal(t.taken, t.nevents);
		trace_end(&t);
	}
}

static void
plays(void **state)
{
	for (unsigned i = 0; i < 40; i++) {
		struct conf_notify conf = {.name = (char[]){"phone"},
		    .fold = i % 5 == 0 ? 60 : 600,
		    .wait = i % 3 == 0 ? 30 : 0,
		    .events = UINT64_MAX,
		    .summary = i % 2 == 0};

		if (i % 4 > 1) {
			conf.quiet_from = 23 * 60;
			conf.quiet_to = 7 * 60 + 30;
		}
		play(i, conf, i % 5 != 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plays),
	    cmocka_unit_test(flapping),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
