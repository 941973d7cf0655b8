/* SPDX-License-Identifier: ISC */
/* The late cut against devices of a few reports. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/cut.h"

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

static void
bench_new(struct bench *b, const uint8_t *desc, size_t len, const char *off)
{
	const struct hidups_ident ident = {.vendor = 0x1234};
	char offdelay[16], ondelay[] = "90", cause[128];
	struct options o = {.offdelay = offdelay, .ondelay = ondelay};

	memset(b, 0, sizeof(*b));
	snprintf(offdelay, sizeof(offdelay), "%s", off);
	b->desc = hid_desc_parse(desc, len, cause, sizeof(cause));
	assert_non_null(b->desc);
	b->cut = cut_new(b->desc, &ident, &o);
	memset(b->low, 0xff, sizeof(b->low));
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
	assert_true(cut_taken(b.cut));
	assert_string_equal(
	    cut_text(b.cut), "output goes off in 60 s and comes back with the mains");
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
	assert_true(cut_taken(b.cut));
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
	assert_false(cut_taken(b.cut));
	assert_string_equal(cut_text(b.cut),
	    "cannot be switched off: load.off.delay failed: Broken pipe");
	bench_free(&b);

	bench_new(&b, no_timer, sizeof(no_timer), "30");
	run(&b);
	assert_string_equal(b.said, "");
	assert_non_null(strstr(cut_text(b.cut), "no command for it"));
	bench_free(&b);
}

/* A timer that does not run is no success to be sure of. */
static void
test_idle(void **state)
{
	struct driver_ask a;
	struct bench b;

	bench_new(&b, no_startup, sizeof(no_startup), "30");
	while (cut_ask(b.cut, &a))
		cut_answer(b.cut, 0, (const uint8_t *)"\x15\xff\xff", 3);
	assert_true(cut_taken(b.cut));
	assert_non_null(strstr(cut_text(b.cut), "its timer stands at -1"));
	bench_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_return),
	    cmocka_unit_test(test_unreadable),
	    cmocka_unit_test(test_falls_back),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
