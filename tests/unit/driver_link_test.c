/* SPDX-License-Identifier: ISC */
/* Losses of a device, and what its values are worth meanwhile, in virtual time. */
#include <errno.h>

#include "driver_bench.h"

#include "hid/link.h"

enum { AC = 1, CHARGING = 2, DISCHARGING = 4, LOW = 8 };
enum how { WELL, NOTHING, WRONG, BLANK, TIMEOUT };

#define HOUR_MS 3600000ull

struct bench {
	struct options options;
	struct state *state;
	struct driver *driver;
	uint8_t value[256];
	enum how how; /* it answers */
	unsigned asked, sent;
	uint64_t now, takes; /* ms for an answer */
};

static void
attach(struct bench *b)
{
	const struct hidups_ident ident = {.vendor = 0x51d, .product = 2, .name = "Test"};

	driver_attach(b->driver, bench_desc(), &ident, b->now);
}

static void
bench_new(struct bench *b, const char *conf)
{
	char text[512];

	memset(b, 0, sizeof(*b));
	snprintf(
	    text, sizeof(text), "[ups]\ndriver = usbhid-ups\nport = auto\n%s\n", conf);
	bench_options(&b->options, text);
	b->state = state_new();
	b->driver = driver_new(&b->options, b->state);
	b->value[STATUS] = AC;
	b->value[CHARGE] = 90;
	b->value[LIMIT] = 10;
	b->value[BEEPER] = 2;
	b->now = 1000;
	b->takes = 2;
	attach(b);
}

static void
bench_free(struct bench *b)
{
	driver_free(b->driver);
	state_free(b->state);
	options_free(&b->options);
}

/* The device's word on a request. */
static void
answer(struct bench *b, const struct driver_ask *a)
{
	static const int errors[] = {[NOTHING] = EPIPE, [TIMEOUT] = ETIMEDOUT};
	uint8_t bytes[2] = {a->id, b->value[a->id]};

	b->now += b->takes;
	if (a->op == HIDSOCK_SET)
		b->sent++;
	else
		b->asked++;
	if (b->how == WRONG)
		bytes[0] = a->id == STATUS ? CHARGE : STATUS;
	if (b->how == BLANK)
		bytes[1] = 0;
	driver_answer(
	    b->driver, errors[b->how], bytes, a->op == HIDSOCK_SET ? 0 : 2, b->now);
}

/* What the shell does, without a device that is opened anew. */
static void
run(struct bench *b, uint64_t ms)
{
	uint64_t end = b->now + ms, next;
	struct driver_ask a;

	for (;;) {
		while (driver_ask(b->driver, b->now, &a))
			answer(b, &a);
		driver_publish(b->driver, b->now);
		next = driver_deadline(b->driver, b->now);
		if (next > end)
			break;
		if (next > b->now)
			b->now = next;
	}
	if (b->now < end)
		b->now = end;
}

static void
is(const struct bench *b, const char *name, const char *text)
{
	assert_non_null(state_get(b->state, name));
	assert_string_equal(state_get(b->state, name), text);
}

static void
input(struct bench *b, uint8_t bits)
{
	const uint8_t bytes[3] = {STATUS, bits, 0};

	driver_input(b->driver, bytes, 2, b->now);
	driver_publish(b->driver, b->now);
}

/* At each stage: ups.status, whether the values count, the state of the link, the age. */
static void
stage(struct bench *b, const char *status, bool fresh, const char *state, const char *age)
{
	driver_publish(b->driver, b->now);
	is(b, "ups.status", status);
	assert_int_equal(driver_fresh(b->driver, b->now), fresh);
	is(b, "driver.link.state", state);
	if (age == NULL)
		assert_null(state_get(b->state, "driver.link.age"));
	else
		is(b, "driver.link.age", age);
}

static void
stages(void **unused)
{
	struct bench b;

	bench_new(&b, "override.driver.link.hold = 9");
	run(&b, 1000);
	stage(&b, "OL", true, "ok", NULL);
	driver_detach(b.driver, b.now);
	stage(&b, "OL", true, "held", "0");
	run(&b, 5000);
	stage(&b, "OL", true, "held", "5");
	run(&b, 6000); /* 9 s after an answer was due */
	stage(&b, "OL", false, "stale", "11");
	run(&b, 60000);
	driver_publish(b.driver, b.now);
	assert_true(atoi(state_get(b.state, "driver.link.age")) >= 61);
	attach(&b);
	run(&b, 1000);
	stage(&b, "OL", true, "ok", NULL);
	/* On battery time counts: a third of it. */
	input(&b, DISCHARGING);
	run(&b, 100);
	driver_detach(b.driver, b.now);
	run(&b, 4000);
	stage(&b, "OB DISCHRG", true, "held", "4");
	run(&b, 1500);
	stage(&b, "OB DISCHRG", false, "stale", "5");
	bench_free(&b);
}

/* A day with 380 losses: a client sees none of them but in the count. */
static void
day_of_losses(void **unused)
{
	const unsigned losses = 380;
	struct bench b;

	bench_new(&b, "");
	run(&b, 1000);
	for (unsigned i = 0; i < losses; i++) {
		run(&b, 24 * HOUR_MS / losses - 3000);
		assert_int_equal(driver_check(b.driver, b.now), DRIVER_NOTHING);
		stage(&b, "OL", true, "ok", NULL);
		driver_detach(b.driver, b.now);
		run(&b, 1500);
		stage(&b, "OL", true, "held", state_get(b.state, "driver.link.age"));
		b.value[CHARGE] = (uint8_t)(50 + i % 50);
		attach(&b);
		run(&b, 1500);
	}
	driver_publish(b.driver, b.now);
	assert_in_range(
	    atoi(state_get(b.state, "driver.link.drops")), losses - 20, losses);
	is(&b, "battery.charge", "79");
	run(&b, 25 * HOUR_MS);
	is(&b, "driver.link.drops", "0");
	bench_free(&b);
}

static void
slowest_answer(void **unused)
{
	struct bench b;

	bench_new(&b, "");
	run(&b, 10000);
	is(&b, "driver.link.slowest", "0.002");
	b.takes = 1234;
	run(&b, 10000);
	b.takes = 3;
	run(&b, 10000);
	is(&b, "driver.link.slowest", "1.234");
	run(&b, 25 * HOUR_MS);
	is(&b, "driver.link.slowest", "0.003");
	bench_free(&b);
}

/* It says by request that the mains is away, and goes before it says so again. */
static void
loss_at_the_transfer(void **unused)
{
	struct driver_ask a;
	struct bench b;

	bench_new(&b, "");
	run(&b, 1000);
	b.value[STATUS] = DISCHARGING;
	b.now += 2000;
	do {
		assert_true(driver_ask(b.driver, b.now, &a));
		answer(&b, &a);
	} while (a.id != STATUS);
	driver_publish(b.driver, b.now);
	is(&b, "ups.status", "OL");
	driver_detach(b.driver, b.now);
	stage(&b, "OB DISCHRG", true, "held", "0");
	bench_free(&b);
}

/* Answers that are other reports, or nothing but zeros, change nothing. */
static void
rubbish(void **unused)
{
	static const enum how hows[] = {WRONG, BLANK};
	struct bench b;

	for (size_t i = 0; i < 2; i++) {
		bench_new(&b, "pollfreq = 2\noverride.driver.link.hold = 6");
		run(&b, 1000);
		b.how = hows[i];
		run(&b, 9500);
		stage(&b, "OL", false, "stale", state_get(b.state, "driver.link.age"));
		is(&b, "battery.charge", "90");
		assert_int_equal(driver_check(b.driver, b.now), DRIVER_REOPEN);
		assert_string_equal(driver_fault(b.driver), "answers rubbish");
		/* Nor are they its values when it is opened anew. */
		driver_detach(b.driver, b.now);
		attach(&b);
		run(&b, 9500);
		is(&b, "ups.status", "OL");
		is(&b, "battery.charge", "90");
		assert_int_equal(driver_check(b.driver, b.now), DRIVER_REOPEN);
		driver_detach(b.driver, b.now);
		b.how = WELL;
		b.value[CHARGE] = 88;
		attach(&b);
		run(&b, 3000);
		stage(&b, "OL", true, "ok", NULL);
		is(&b, "battery.charge", "88");
		bench_free(&b);
	}
}

/* The kernel gives up each request after 5 s: not all of them are waited for. */
static void
timeouts(void **unused)
{
	struct bench b;

	bench_new(&b, "");
	run(&b, 1000);
	b.how = TIMEOUT;
	b.takes = 5000;
	run(&b, 30000);
	assert_int_equal(driver_check(b.driver, b.now), DRIVER_REOPEN);
	stage(&b, "OL", false, "stale", state_get(b.state, "driver.link.age"));
	bench_free(&b);
}

/* A single report of zeros is a value like any other, at the end of its round. */
static void
honest_zeros(void **unused)
{
	struct bench b;

	bench_new(&b, "");
	run(&b, 1000);
	b.value[CHARGE] = 0;
	run(&b, 3000);
	is(&b, "battery.charge", "0");
	b.value[STATUS] = 0;
	run(&b, 3000);
	is(&b, "ups.status", "OB");
	bench_free(&b);
}

/* Each try that does not help is followed by a longer pause, from the second on by a
 * reset; a device that was well begins afresh. */
static void
pauses(void **unused)
{
	static const unsigned seconds[] = {5, 10, 20, 40, 80, 160, 300, 300};
	struct bench b;
	bool reset;

	bench_new(&b, "");
	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		assert_int_equal(driver_pause(b.driver, &reset), seconds[i] * 1000);
		assert_int_equal(reset, i > 0);
		driver_detach(b.driver, b.now);
		attach(&b);
		run(&b, 10000);
	}
	run(&b, LINK_LIVED_MS);
	driver_detach(b.driver, b.now);
	assert_int_equal(driver_pause(b.driver, &reset), LINK_FIRST_MS);
	assert_false(reset);
	bench_free(&b);
}

static void
never_asked(void **unused)
{
	struct bench b;

	bench_new(&b, "interruptonly");
	run(&b, 600000);
	assert_int_equal(b.asked, 0);
	assert_true(driver_fresh(b.driver, b.now));
	is(&b, "ups.status", "WAIT");
	input(&b, DISCHARGING);
	is(&b, "ups.status", "OB DISCHRG");
	bench_free(&b);
}

/* What stands behind so many bytes of an input report does not count. */
static void
short_inputs(void **unused)
{
	struct bench b;

	bench_new(&b, "interruptsize = 1");
	run(&b, 1000);
	input(&b, DISCHARGING);
	is(&b, "ups.status", "OL");
	bench_free(&b);
}

static void
silent_inputs(void **unused)
{
	struct bench b;

	bench_new(&b, "interrupt_pipe_no_events_tolerance = 3");
	run(&b, 5000);
	input(&b, AC);
	run(&b, 5000);
	assert_int_equal(driver_check(b.driver, b.now), DRIVER_NOTHING);
	run(&b, 3000);
	assert_int_equal(driver_check(b.driver, b.now), DRIVER_REOPEN);
	assert_string_equal(driver_fault(b.driver), "sends no input reports");
	bench_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stages),
	    cmocka_unit_test(day_of_losses),
	    cmocka_unit_test(slowest_answer),
	    cmocka_unit_test(loss_at_the_transfer),
	    cmocka_unit_test(rubbish),
	    cmocka_unit_test(timeouts),
	    cmocka_unit_test(honest_zeros),
	    cmocka_unit_test(pauses),
	    cmocka_unit_test(never_asked),
	    cmocka_unit_test(short_inputs),
	    cmocka_unit_test(silent_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
