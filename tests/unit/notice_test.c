/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/notice_trace.h"

/* Stories: what happens, and what people are told of it when (docs/notify.md, 3). */

#define BARE(...)              \
	((struct conf_notify){ \
	    .name = (char[]){"phone"}, .via = CONF_VIA_NTFY, __VA_ARGS__})
#define CONF(...) BARE(.fold = 600, .events = UINT64_MAX, .summary = true, __VA_ARGS__)
#define HOUR 60

/* A story must be told in these words. */
static void
tells(struct conf_notify conf, const char *story, const char *wanted)
{
	struct trace t;

	trace_begin(&t, conf);
	trace_story(&t, story);
	assert_string_equal(buf_str(&t.out), wanted);
	trace_end(&t);
}

static void
outage(void **state)
{
	tells(CONF(.wait = 0),
	    "12:00:00 onbatt office battery.charge=100 battery.runtime=2520 : On "
	    "battery: the "
	    "mains is away, charge 100 %, load 23 %.\n"
	    "12:10:00 lowbatt office : The battery is low: charge 9 %, runtime 95 s.\n"
	    "12:23:10 online office outage.kind=outage outage.seconds=1390 "
	    "battery.charge=10 "
	    "outage.charge.low=8 outage.wh=121.6 : The mains is back after 23 min, "
	    "charge "
	    "10 %.\n"
	    "13:00:00 !end\n",
	    "12:00:00 Power failure: office | On battery: the mains is away, charge 100 "
	    "%, "
	    "load 23 %. About 42 min are left. / 12:00:00\n"
	    "12:10:00 Battery is low: office | The battery is low: charge 9 %, runtime "
	    "95 s. "
	    "/ 12:10:00\n"
	    "12:23:10 Power is back: office | The mains is back after 23 min, charge 10 "
	    "%. "
	    "The battery went down to 8 %. 122 Wh were used. / 12:23:10\n");
}

static void
waiting(void **state)
{
	tells(CONF(.wait = 30),
	    "12:00:00 onbatt office\n"
	    "12:00:12 online office outage.seconds=12 battery.charge=99\n"
	    "12:01:00 onbatt office\n"
	    "12:01:05 online office outage.seconds=5\n"
	    "14:00:00 onbatt office : On battery.\n"
	    "14:02:12 online office : The mains is back.\n"
	    "15:00:00 !end\n",
	    "12:00:12 Short power failure: office | The mains was away for 12 s, charge "
	    "99 %. "
	    "/ 12:00:12\n"
	    "12:10:00 1 more power failure: office | 1 more power failure until "
	    "12:01:05, of "
	    "5 s. The mains is there.\n"
	    "14:00:30 Power failure: office | On battery. / 14:00:00\n"
	    "14:02:12 Power is back: office | The mains is back. / 14:02:12\n");
}

static void
flaps(void **state)
{
	tells(CONF(.wait = 0),
	    "12:00:00 onbatt office\n"
	    "12:00:04 online office outage.seconds=4\n"
	    "12:01:00 onbatt office\n"
	    "12:01:03 online office outage.seconds=3\n"
	    "12:02:00 onbatt office\n"
	    "12:02:09 online office outage.seconds=9\n"
	    "12:12:00 onbatt office\n"
	    "12:12:01 online office\n"
	    "12:30:00 !end\n",
	    "12:00:00 Power failure: office | onbatt / 12:00:00\n"
	    "12:00:04 Power is back: office | online / 12:00:04\n"
	    "12:10:00 2 more power failures: office | 2 more power failures until "
	    "12:02:09, "
	    "the longest 9 s. The mains is there.\n"
	    "12:20:00 1 more power failure: office | 1 more power failure until "
	    "12:12:01, of "
	    "1 s. The mains is there.\n");
}

/* A repeat that lasts is told by itself, once in each time of folding; then at its end. */
static void
lasting(void **state)
{
	tells(CONF(.wait = 0),
	    "12:00:00 onbatt office\n"
	    "12:00:12 online office\n"
	    "12:01:00 onbatt office\n"
	    "12:03:05 online office\n"
	    "12:04:00 onbatt office\n"
	    "12:40:00 online office\n"
	    "12:50:00 !end\n",
	    "12:00:00 Power failure: office | onbatt / 12:00:00\n"
	    "12:00:12 Power is back: office | online / 12:00:12\n"
	    "12:02:00 Power failure: office | onbatt / 12:01:00\n"
	    "12:03:05 Power is back: office | online / 12:03:05\n"
	    "12:10:00 1 more power failure: office | 1 more power failure until "
	    "12:04:00. "
	    "The mains is away since 12:04:00.\n"
	    "12:40:00 Power is back: office | online / 12:40:00\n");
}

static void
other_kinds(void **state)
{
	tells(CONF(.wait = 0),
	    "12:00:00 lost office : There is no driver.\n"
	    "12:00:30 back office : It is heard.\n"
	    "12:01:00 lost office : There is no driver.\n"
	    "12:01:30 back office : It is heard.\n"
	    "12:01:30 lost other : There is no driver.\n"
	    "12:30:00 !end\n",
	    "12:00:00 UPS is not heard: office | There is no driver. / 12:00:00\n"
	    "12:00:30 UPS is heard again: office | It is heard. / 12:00:30\n"
	    "12:01:30 UPS is not heard: other | There is no driver. / 12:01:30\n"
	    "12:10:00 UPS is heard again, and 1 more: office | 12:01:00 There is no "
	    "driver. / "
	    "12:01:30 It is heard.\n");
}

static void
not_asked_for(void **state)
{
	tells(BARE(.fold = 600, .events = CONF_EVENTS_BIT(KIND_ONLINE),
		  .ups = (char[]){"office"}),
	    "12:00:00 onbatt office\n"
	    "12:00:00 onbatt other\n"
	    "12:00:01 lost office\n"
	    "12:00:04 online office : It is back.\n"
	    "12:00:04 online other\n"
	    "12:01:00 onbatt office\n"
	    "12:01:04 online office\n"
	    "12:30:00 !end\n",
	    "12:00:04 Power is back: office | It is back. / 12:00:04\n"
	    "12:10:00 Power is back: office | 12:01:04 online\n");
}

/* A test is no power failure; what fails in a test is one. */
static void
tests_of_batteries(void **state)
{
	static const char story[] =
	    "12:00:01 onbatt office outage.kind=outage : The mains is away.\n"
	    "12:00:04 test office : A test has begun.\n"
	    "12:00:04 onbatt office outage.kind=test : For a test.\n"
	    "12:00:11 online office outage.kind=test\n"
	    "12:00:12 tested office : Battery test: passed\n"
	    "14:00:01 onbatt office outage.kind=test\n"
	    "14:00:04 onbatt office outage.kind=outage : Still on battery.\n"
	    "14:10:11 online office outage.kind=outage : Back.\n"
	    "15:00:00 !end\n";

	tells(CONF(.wait = 0), story,
	    "12:00:01 Power failure: office | The mains is away. / 12:00:01\n"
	    "12:00:04 Battery test: office | A test has begun. / 12:00:04\n"
	    "12:00:04 No power failure, but a test: office | For a test. / 12:00:04\n"
	    "12:00:12 Battery test: office | Battery test: passed / 12:00:12\n"
	    "14:00:04 Power failure: office | Still on battery. / 14:00:04\n"
	    "14:10:11 Power is back: office | Back. / 14:10:11\n");
	tells(CONF(.wait = 10), story,
	    "12:00:04 Battery test: office | A test has begun. / 12:00:04\n"
	    "12:00:12 Battery test: office | Battery test: passed / 12:00:12\n"
	    "14:00:14 Power failure: office | Still on battery. / 14:00:04\n"
	    "14:10:11 Power is back: office | Back. / 14:10:11\n");
}

static const char machines_story[] =
    "12:00:00 onbatt office\n"
    "12:00:01 onbatt rack\n"
    "12:03:00 machine - machine.name=nas machine.stand=told : Machine nas: told (180 "
    "s).\n"
    "12:03:01 machine - : Machine nas: leaving (it has logged out).\n"
    "12:04:31 machine - : Machine nas: off.\n"
    "12:19:00 machine - : Machine pi2: told.\n"
    "12:20:05 online office outage.seconds=1205 outage.charge.low=40 outage.wh=120 : "
    "Back.\n"
    "12:20:06 online rack outage.charge.low=70 : Back.\n"
    "12:21:00 machine - : Machine nas: waking.\n"
    "12:23:00 machine - : Machine nas: on.\n";

/* Machines that went down: one summary, when they are all on again. */
static void
summary(void **state)
{
	struct buf story = {0};

	buf_printf(&story, "%s12:24:00 machine - : Machine pi2: on.\n13:00:00 !end\n",
	    machines_story);
	tells(CONF(.wait = 0), buf_str(&story),
	    "12:00:00 Power failure: office | onbatt / 12:00:00\n"
	    "12:00:01 Power failure: rack | onbatt / 12:00:01\n"
	    "12:03:00 Machine nas is told to go down: home | Machine nas: told (180 s). "
	    "/ "
	    "12:03:00\n"
	    "12:13:00 Machine nas is off, and 1 more: home | 12:03:01 Machine nas: "
	    "leaving "
	    "(it has logged out). / 12:04:31 Machine nas: off.\n"
	    "12:20:05 Power is back: office | Back. The battery went down to 40 %. 120 "
	    "Wh "
	    "were used. / 12:20:05\n"
	    "12:20:06 Power is back: rack | Back. The battery went down to 70 %. / "
	    "12:20:06\n"
	    "12:24:00 The outage is over, everything is on again: home | The mains was "
	    "away "
	    "from 12:00:00 to 12:20:06 (20 min). / office: The battery went down to 40 "
	    "%. 120 "
	    "Wh were used. / rack: The battery went down to 70 %. / nas was told to go "
	    "down at "
	    "12:03:00 and is on again since 12:23:00. / pi2 was told to go down at "
	    "12:19:00 "
	    "and is on again since 12:24:00.\n");
	buf_free(&story);
}

/* … or after a quarter of an hour; without one each message is by itself. */
static void
summary_late(void **state)
{
	struct buf story = {0};

	buf_printf(&story, "%s13:00:00 !end\n", machines_story);
	tells(BARE(.fold = 600, .summary = true,
		  .events = CONF_EVENTS_BIT(KIND_ONBATT) | CONF_EVENTS_BIT(KIND_MACHINE)),
	    buf_str(&story),
	    "12:00:00 Power failure: office | onbatt / 12:00:00\n"
	    "12:00:01 Power failure: rack | onbatt / 12:00:01\n"
	    "12:03:00 Machine nas is told to go down: home | Machine nas: told (180 s). "
	    "/ "
	    "12:03:00\n"
	    "12:13:00 Machine nas is off, and 1 more: home | 12:03:01 Machine nas: "
	    "leaving "
	    "(it has logged out). / 12:04:31 Machine nas: off.\n"
	    "12:35:06 The outage is over, not everything is on again: home | The mains "
	    "was away from 12:00:00 to 12:20:06 (20 min). / office: The battery went "
	    "down "
	    "to 40 %. 120 Wh were used. / rack: The battery went down to 70 %. / pi2 was "
	    "told to go down at 12:19:00 and has not gone down yet. / nas was told to go "
	    "down at 12:03:00 and is on again since 12:23:00.\n");
	tells(BARE(.fold = 600, .events = CONF_EVENTS_BIT(KIND_MACHINE)), buf_str(&story),
	    "12:03:00 Machine nas is told to go down: home | Machine nas: told (180 s). "
	    "/ "
	    "12:03:00\n"
	    "12:13:00 Machine nas is off, and 1 more: home | 12:03:01 Machine nas: "
	    "leaving "
	    "(it has logged out). / 12:04:31 Machine nas: off.\n"
	    "12:23:00 Machine nas is being started, and 1 more: home | 12:19:00 Machine "
	    "pi2: "
	    "told. / 12:21:00 Machine nas: waking.\n"
	    "12:33:00 Machine nas is on: home | 12:23:00 Machine nas: on.\n");
	buf_free(&story);
}

static void
quiet_hours(void **state)
{
	tells(CONF(.quiet_from = 23 * HOUR, .quiet_to = 7 * HOUR),
	    "22:00:00 replace office\n"
	    "23:10:00 alarm office : Alarm: fan\n"
	    "23:20:00 onbatt office : On battery.\n"
	    "23:40:00 online office : The mains is back.\n"
	    "27:00:00 lost office : There is no driver.\n"
	    "27:00:00 !crash\n"
	    "31:00:00 !end\n"
	    "34:00:00 deed office\n"
	    "40:00:00 !end\n",
	    "22:00:00 Replace the battery: office | replace / 22:00:00\n"
	    "23:20:00 Power failure: office | On battery. / 23:20:00\n"
	    "07:00:00 3 messages: home | Mon 23 Nov, 23:10:00 office: Alarm: fan / Mon "
	    "23 "
	    "Nov, 23:40:00 office: The mains is back. / 03:00:00 office: There is no "
	    "driver.\n"
	    "10:00:00 Order: office | deed / 10:00:00\n");
}

/* What cannot be delivered waits, and says when it happened; of much there is one message. */
static void
away(void **state)
{
	struct trace t;
	struct buf story = {0};

	tells(CONF(.wait = 0),
	    "12:00:00 !away\n"
	    "12:00:01 onbatt office : On battery.\n"
	    "12:10:00 lowbatt office : The battery is low.\n"
	    "12:20:00 online office : The mains is back.\n"
	    "12:30:00 !crash\n"
	    "12:40:00 !back\n"
	    "13:00:00 !end\n",
	    "12:40:00 Power failure: office | On battery. / It happened at 12:00:01, 40 "
	    "min "
	    "before this message.\n"
	    "12:40:00 Battery is low: office | The battery is low. / It happened at "
	    "12:10:00, "
	    "30 min before this message.\n"
	    "12:40:00 Power is back: office | The mains is back. / It happened at "
	    "12:20:00, 20 "
	    "min before this message.\n");
	buf_puts(&story, "12:00:00 !away\n");
	for (int i = 0; i < 30; i++)
		buf_printf(&story, "12:%02d:00 overload ups%d : Deed %d.\n", i, i, i);
	buf_puts(&story, "36:00:00 !back\n");
	trace_begin(&t, CONF(.wait = 0));
	trace_story(&t, buf_str(&story));
	assert_int_equal(t.messages, 1);
	assert_non_null(
	    strstr(buf_str(&t.out), "30 messages: home | … 10 before these / Mon"));
	assert_non_null(strstr(buf_str(&t.out), "12:29:00 ups29: Deed 29."));
	trace_end(&t);
	buf_free(&story);
}

/* A house of many machines: who is not on again is told, of the others how many there are. */
static void
many_machines(void **state)
{
	struct trace t;
	struct buf story = {0};

	buf_puts(&story, "12:00:00 onbatt office\n");
	for (int i = 0; i < 200; i++)
		buf_printf(&story, "12:01:00 machine - : Machine m%d: told.\n", i);
	buf_puts(&story, "12:10:00 online office : Back.\n");
	for (int i = 0; i < 200; i++)
		if (i != 77)
			buf_printf(&story, "12:12:00 machine - : Machine m%d: on.\n", i);
	buf_puts(&story, "13:00:00 !end\n");
	trace_begin(&t, CONF(.wait = 0));
	trace_story(&t, buf_str(&story));
	assert_int_equal(t.messages, 4);
	assert_non_null(
	    strstr(buf_str(&t.out), "12:25:00 The outage is over, not everything "
				    "is on again: home | "));
	assert_non_null(strstr(buf_str(&t.out), " / m77 was told to go down at 12:01:00 "
						"and has not gone down yet. / m0 was"));
	assert_non_null(strstr(buf_str(&t.out), " / … and 188 more.\n"));
	trace_end(&t);
	buf_free(&story);
}

/* What is short of room drops the oldest lines. */
static void
short_of_room(void **state)
{
	const struct saying_house house = {"home", &(struct feed){0}, TRACE_DAY};
	struct conf_notify conf = CONF(.wait = 0);
	struct notice *n = notice_new(&conf);
	struct notice_batch b;
	struct message m;

	for (uint64_t i = 1; i <= 15; i++) {
		struct event e = {.id = i, .at_ms = TRACE_DAY, .kind = KIND_OVERLOAD};

		snprintf(e.ups, sizeof(e.ups), "ups%d", (int)i);
		snprintf(e.text, sizeof(e.text), "Overloaded: load 104 %%, number %d.",
		    (int)i);
		notice_event(n, &e, TRACE_DAY);
	}
	assert_true(notice_next(n, TRACE_DAY, &b));
	message_make(&m, &conf, &b, &house, 200);
	assert_string_equal(m.text, "… 12 before these\n"
				    "00:00:00 ups13: Overloaded: load 104 %, number 13.\n"
				    "00:00:00 ups14: Overloaded: load 104 %, number 14.\n"
				    "00:00:00 ups15: Overloaded: load 104 %, number 15.");
	message_free(&m);
	notice_batch_free(&b);
	notice_free(n);
}

/* A crash in the middle of an outage: nothing twice, and still one summary. */
static void
crashes(void **state)
{
	struct trace t;
	struct buf story = {0};
	char *copy, *rest = NULL;

	trace_begin(&t, CONF(.wait = 0));
	copy = xstrdup(machines_story);
	for (char *line = strtok_r(copy, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest))
		buf_printf(&story, "%s\n%.8s !crash\n", line, line);
	buf_puts(&story,
	    "12:24:00 machine - : Machine pi2: on.\n12:24:00 !crash\n13:00:00 !end\n");
	trace_story(&t, buf_str(&story));
	assert_int_equal(t.messages, 7);
	for (size_t i = 1; i <= t.nevents; i++)
		assert_int_equal(t.times[i], 1);
	/* Nothing is needed any more. */
	assert_int_equal(t.taken, t.nevents);
	trace_end(&t);
	buf_free(&story);
	free(copy);
}

/* The clock of a Pi is set when the internet is back: what waits moves with it. */
static void
clock_set(void **state)
{
	struct trace t;

	trace_begin(&t, CONF(.wait = 30));
	trace_story(&t, "01:00:00 onbatt office : On battery.\n");
	notice_clock(t.notice, TRACE_DAY, 10 * INT64_C(3600000));
	t.now += 10 * INT64_C(3600000);
	trace_story(&t, "11:00:20 online office : Back.\n12:00:00 !end\n");
	assert_string_equal(buf_str(&t.out), "11:00:20 Short power failure: office | The "
					     "mains was away for 20 s. / 11:00:20\n");
	trace_end(&t);
}

/* More than can be kept: the oldest give way, and nothing is forgotten to be taken. */
static void
too_many(void **state)
{
	struct trace t;

	trace_begin(&t, BARE(.summary = true, .events = UINT64_MAX));
	t.away = true;
	for (int i = 0; i < NOTICE_TALES + 499; i++) {
		t.now += 1000;
		trace_event(&t,
		    i % 3 == 0   ? KIND_ONBATT
		    : i % 3 == 1 ? KIND_MACHINE
				 : KIND_ONLINE,
		    i % 3 == 1 ? "-" : "office",
		    i % 6 == 1 ? "Machine nas: off." : "Machine nas: on.");
		trace_tell(&t);
	}
	assert_int_equal(notice_taken(t.notice), 499);
	t.away = false;
	trace_until(&t, t.now + 3600000);
	assert_int_equal(notice_taken(t.notice), t.nevents);
	trace_end(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(outage),
	    cmocka_unit_test(waiting),
	    cmocka_unit_test(flaps),
	    cmocka_unit_test(lasting),
	    cmocka_unit_test(other_kinds),
	    cmocka_unit_test(not_asked_for),
	    cmocka_unit_test(tests_of_batteries),
	    cmocka_unit_test(summary),
	    cmocka_unit_test(summary_late),
	    cmocka_unit_test(quiet_hours),
	    cmocka_unit_test(away),
	    cmocka_unit_test(many_machines),
	    cmocka_unit_test(short_of_room),
	    cmocka_unit_test(crashes),
	    cmocka_unit_test(clock_set),
	    cmocka_unit_test(too_many),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
