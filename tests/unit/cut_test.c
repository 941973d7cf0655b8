/* SPDX-License-Identifier: ISC */
/* The late cut, and the question for the mains, against devices of a few reports. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/cut.h"
#include "hid/mains.h"

/* UPS.Output with a timer to go off (report 0x15), one to come back (0x16), both 16 bits
 * in seconds, and one to go off for a moment (0x17). */
static const uint8_t timers[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x1c, 0xa1,
    0x02, 0x75, 0x10, 0x95, 0x01, 0x15, 0xff, 0x26, 0xff, 0x7f, 0x66, 0x01, 0x10, 0x85,
    0x15, 0x09, 0x57, 0xb1, 0x02, 0x85, 0x16, 0x09, 0x56, 0xb1, 0x02, 0x85, 0x17, 0x09,
    0x55, 0xb1, 0x02, 0xc0, 0xc0};

/* The same without the timer to come back, and without any. */
static const uint8_t no_startup[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x1c, 0xa1,
    0x02, 0x75, 0x10, 0x95, 0x01, 0x15, 0xff, 0x26, 0xff, 0x7f, 0x66, 0x01, 0x10, 0x85,
    0x15, 0x09, 0x57, 0xb1, 0x02, 0xc0, 0xc0};
static const uint8_t no_timer[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x1c, 0xa1,
    0x02, 0x75, 0x10, 0x95, 0x01, 0x85, 0x15, 0x09, 0x5a, 0xb1, 0x02, 0xc0, 0xc0};

struct bench {
	struct hid_desc *desc;
	struct cut *cut;
	char said[512];       /* the conversation: "?15 !15=3c00" */
	uint8_t low[256];     /* the value of each report, its low byte … */
	int get[256];         /* … or why it cannot be read */
	int set[256], hiccup; /* written; fails just so many times */
};

/* `way`: the one of sdcommands; NULL: the usual ones. */
static void
bench_new_way(
    struct bench *b, const uint8_t *desc, size_t len, const char *off, const char *way)
{
	const struct hidups_ident ident = {.vendor = 0x1234};
	char offdelay[16], ondelay[] = "90", cause[128];
	struct options o = {.offdelay = offdelay,
	    .ondelay = ondelay,
	    .ways = {way},
	    .nways = way != NULL};

	memset(b, 0, sizeof(*b));
	snprintf(offdelay, sizeof(offdelay), "%s", off);
	b->desc = hid_desc_parse(desc, len, cause, sizeof(cause));
	assert_non_null(b->desc);
	b->cut = cut_new(b->desc, &ident, &o);
	memset(b->low, 0xff, sizeof(b->low));
}

static void
bench_new(struct bench *b, const uint8_t *desc, size_t len, const char *off)
{
	bench_new_way(b, desc, len, off, NULL);
}

static void
bench_free(struct bench *b)
{
	cut_free(b->cut);
	hid_desc_free(b->desc);
}

/* Notes a request. */
static void
note(struct bench *b, const struct driver_ask *a)
{
	size_t len = strlen(b->said), size = sizeof(b->said) - len;

	assert_true(len < 200); /* it ends */
	if (a->op == HIDSOCK_SET)
		snprintf(b->said + len, size, "!%02x=%02x ", a->id, a->data[1]);
	else
		snprintf(b->said + len, size, "?%02x ", a->id);
}

/* The device's side until the cut is through. */
static void
run(struct bench *b)
{
	struct driver_ask a;
	uint8_t bytes[3];

	while (cut_ask(b->cut, &a)) {
		note(b, &a);
		if (a.op == HIDSOCK_SET) {
			assert_int_equal(a.len, 3);
			if (b->set[a.id] == 0)
				b->low[a.id] = a.data[1];
			cut_answer(b->cut, b->set[a.id], NULL, 0);
			continue;
		}
		bytes[0] = a.id;
		bytes[1] = b->low[a.id];
		bytes[2] = b->low[a.id] == 0xff ? 0xff : 0;
		if (b->hiccup > 0)
			cut_answer(b->cut, b->hiccup--, NULL, 0);
		else
			cut_answer(b->cut, b->get[a.id], bytes, sizeof(bytes));
	}
}

static void
test_return(void **state)
{
	struct bench b;

	bench_new(&b, timers, sizeof(timers), "60");
	run(&b);
	assert_string_equal(b.said, "?16 ?15 !16=5a !15=3c ?16 ?15 ");
	assert_int_equal(cut_outcome(b.cut), CUT_OFF);
	assert_string_equal(
	    cut_text(b.cut), "output goes off in 60 s and comes back with the mains");
	bench_free(&b);
}

/* As sdcommands says, and no other way. */
static void
test_way_of_ones_own(void **state)
{
	struct bench b;

	bench_new_way(&b, timers, sizeof(timers), "60", "load.off.delay");
	run(&b);
	assert_string_equal(b.said, "?15 !15=3c ?15 ");
	assert_string_equal(cut_text(b.cut),
	    "output goes off in 60 s and may stay off until somebody switches it on");
	bench_free(&b);
	bench_new_way(&b, timers, sizeof(timers), "60", "shutdown.stayoff");
	b.set[0x16] = b.set[0x15] = EPIPE;
	run(&b);
	assert_int_equal(cut_outcome(b.cut), CUT_REFUSED);
	assert_null(strstr(b.said, "!17"));
	bench_free(&b);
}

/* What cannot be read does not stop it, nor does a hiccup. */
static void
test_unreadable(void **state)
{
	struct bench b;

	bench_new(&b, timers, sizeof(timers), "60");
	b.get[0x15] = ETIMEDOUT;
	b.hiccup = 1;
	run(&b);
	assert_string_equal(b.said, "?16 ?16 ?15 !16=5a !15=3c ?16 ?15 ");
	assert_int_equal(cut_outcome(b.cut), CUT_OFF);
	assert_non_null(strstr(cut_text(b.cut), "no timer to be read"));
	bench_free(&b);
}

/* A device that refuses one way is asked for the next. */
static void
test_falls_back(void **state)
{
	struct bench b;

	bench_new(&b, timers, sizeof(timers), "60");
	b.set[0x16] = EPIPE;
	run(&b);
	assert_string_equal(b.said, "?16 ?15 !16=5a !16=5a ?17 !17=0a ?17 ");
	assert_string_equal(
	    cut_text(b.cut), "output goes off in 10 s and comes back by itself");
	bench_free(&b);

	bench_new(&b, no_startup, sizeof(no_startup), "30");
	run(&b);
	assert_string_equal(b.said, "?15 !15=1e ?15 ");
	assert_non_null(strstr(cut_text(b.cut), "in 30 s and may stay off"));
	bench_free(&b);
}

static void
test_refused(void **state)
{
	struct bench b;

	bench_new(&b, no_startup, sizeof(no_startup), "30");
	b.set[0x15] = EPIPE;
	run(&b);
	assert_string_equal(b.said, "?15 !15=1e !15=1e ");
	assert_int_equal(cut_outcome(b.cut), CUT_REFUSED);
	assert_string_equal(cut_text(b.cut),
	    "cannot be switched off: load.off.delay failed: Broken pipe");
	bench_free(&b);

	bench_new(&b, no_timer, sizeof(no_timer), "30");
	run(&b);
	assert_string_equal(b.said, "");
	assert_non_null(strstr(cut_text(b.cut), "no command for it"));
	bench_free(&b);
}

/* A timer that does not run is looked at for 2 s; then the device is known to ignore it. */
static void
test_idle(void **state)
{
	unsigned pause = 0, requests = 0;
	struct driver_ask a;
	struct bench b;

	bench_new(&b, no_startup, sizeof(no_startup), "30");
	assert_int_equal(cut_pause(b.cut), 0);
	while (cut_ask(b.cut, &a)) {
		assert_true(++requests < 20);
		cut_answer(b.cut, 0, (const uint8_t *)"\x15\xff\xff", 3);
		pause += cut_pause(b.cut);
	}
	assert_in_range(pause, CUT_PROOF_MS - 500, CUT_PROOF_MS);
	assert_int_equal(cut_outcome(b.cut), CUT_IGNORED);
	assert_string_equal(cut_text(b.cut), "ignores the order to cut its output: "
					     "load.off.delay was taken, but its timer "
					     "stands at -1");
	bench_free(&b);
}

/* One that shows the order late counts all the same; one of unsigned seconds at zero does
 * not. */
static void
test_late(void **state)
{
	unsigned looks = 0;
	struct driver_ask a;
	struct bench b;

	bench_new(&b, no_startup, sizeof(no_startup), "30");
	while (cut_ask(b.cut, &a)) {
		bool shows = a.op == HIDSOCK_GET && ++looks == 4;

		cut_answer(b.cut, 0,
		    (const uint8_t *)(shows ? "\x15\x1d\x00" : "\x15\x00\x00"), 3);
	}
	assert_int_equal(looks, 4);
	assert_int_equal(cut_outcome(b.cut), CUT_OFF);
	assert_non_null(strstr(cut_text(b.cut), "goes off in 29 s"));
	bench_free(&b);
}

/* One that counts already, and takes nothing more, goes off as well. */
static void
test_counts_already(void **state)
{
	struct bench b;

	bench_new(&b, no_startup, sizeof(no_startup), "30");
	b.low[0x15] = 17;
	b.set[0x15] = EPIPE;
	run(&b);
	assert_int_equal(cut_outcome(b.cut), CUT_OFF);
	assert_string_equal(cut_text(b.cut),
	    "output goes off in 17 s already, and takes no further order "
	    "(load.off.delay failed: Broken pipe)");
	bench_free(&b);
}

/* One that counts longer than it is to be told is left alone: core has ordered that. It is
 * looked at twice, for some timers stand at a number, and those are told. */
static void
test_left_alone(void **state)
{
	static const struct {
		uint8_t first, second;
		enum cut_outcome outcome;
		unsigned requests;
	} rows[] = {
	    {120, 118, CUT_COUNTS, 2}, /* counts: nothing is written */
	    {120, 120, CUT_OFF, 4},    /* stands: it is told, and read back */
	    {25, 24, CUT_OFF, 3},      /* shorter than 30: told at once */
	};
	struct driver_ask a;
	struct bench b;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned requests = 0, pause = 0;

		bench_new(&b, no_startup, sizeof(no_startup), "30");
		while (cut_ask(b.cut, &a)) {
			uint8_t bytes[3] = {a.id, 0, 0};

			bytes[1] = requests == 0 ? rows[i].first : rows[i].second;
			if (requests > 1)
				bytes[1] = 30;
			assert_true(++requests < 20);
			cut_answer(b.cut, 0, bytes, a.op == HIDSOCK_SET ? 0 : 3);
			pause += cut_pause(b.cut);
		}
		assert_int_equal(requests, rows[i].requests);
		assert_int_equal(cut_outcome(b.cut), rows[i].outcome);
		assert_int_equal(pause, rows[i].first > 30 ? CUT_WATCH_MS : 0);
		bench_free(&b);
	}
	bench_new(&b, no_startup, sizeof(no_startup), "30");
	cut_ask(b.cut, &a);
	cut_answer(b.cut, 0, (const uint8_t *)"\x15\x78\x00", 3);
	cut_ask(b.cut, &a);
	cut_answer(b.cut, 0, (const uint8_t *)"\x15\x76\x00", 3);
	assert_string_equal(cut_text(b.cut),
	    "output goes off in 118 s, as was ordered before: left alone");
	bench_free(&b);
}

/* Where the delay is the device's own, its field is a switch: zero proves nothing. */
static void
test_switch(void **state)
{
	static const uint8_t apc[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x0b, 0x05,
	    0x00, 0x86, 0xff, 0xa1, 0x02, 0x75, 0x10, 0x95, 0x01, 0x15, 0x00, 0x25, 0x01,
	    0x85, 0x15, 0x0b, 0x7c, 0x00, 0x86, 0xff, 0xb1, 0x02, 0xc0, 0xc0};
	const struct hidups_ident ident = {.vendor = 0x051d};
	struct driver_ask a;
	char cause[128];
	struct options o = {0};
	struct bench b = {0};

	b.desc = hid_desc_parse(apc, sizeof(apc), cause, sizeof(cause));
	assert_non_null(b.desc);
	b.cut = cut_new(b.desc, &ident, &o);
	while (cut_ask(b.cut, &a)) {
		note(&b, &a);
		cut_answer(b.cut, 0, (const uint8_t *)"\x15\x00\x00", 3);
	}
	assert_string_equal(b.said, "?15 !15=01 ?15 ");
	assert_int_equal(cut_outcome(b.cut), CUT_OFF);
	assert_non_null(strstr(cut_text(b.cut), "no timer to be read"));
	bench_free(&b);
}

/* What `hid -m` makes of ACPresent and Discharging (report 1). */
static void
test_mains(void **state)
{
	static const uint8_t status[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x24,
	    0xa1, 0x02, 0x85, 0x01, 0x09, 0x02, 0xa1, 0x02, 0x05, 0x85, 0x09, 0xd0, 0x09,
	    0x45, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x02, 0xb1, 0x22, 0x95, 0x06,
	    0xb1, 0x03, 0xc0, 0xc0, 0xc0};
	static const struct {
		int error;
		uint8_t bits;
		enum mains_is is;
	} rows[] = {
	    {0, 1, MAINS_THERE},
	    {0, 2, MAINS_AWAY},
	    {EPIPE, 0, MAINS_UNKNOWN},
	    {ETIMEDOUT, 0, MAINS_UNKNOWN},
	};
	const struct hidups_ident ident = {.vendor = 0x1234};
	struct driver_ask a;
	char cause[128];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hid_desc *desc =
		    hid_desc_parse(status, sizeof(status), cause, sizeof(cause));
		struct mains *m = mains_new(desc, &ident);
		uint8_t report[] = {1, rows[i].bits};
		unsigned requests = 0;

		assert_int_equal(mains_is(m), MAINS_UNKNOWN);
		while (mains_ask(m, &a)) {
			assert_true(++requests <= 2);
			assert_int_equal(a.op, HIDSOCK_GET);
			mains_answer(m, rows[i].error, report, sizeof(report));
		}
		assert_int_equal(mains_is(m), rows[i].is);
		mains_free(m);
		hid_desc_free(desc);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_return),
	    cmocka_unit_test(test_way_of_ones_own),
	    cmocka_unit_test(test_unreadable),
	    cmocka_unit_test(test_falls_back),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_idle),
	    cmocka_unit_test(test_late),
	    cmocka_unit_test(test_counts_already),
	    cmocka_unit_test(test_left_alone),
	    cmocka_unit_test(test_switch),
	    cmocka_unit_test(test_mains),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
