/* SPDX-License-Identifier: ISC */
/* Orders to cut the output, against devices that count, cap, ignore and hide, in virtual
 * time. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/driver.h"

/* UPS.Output: seconds until the cut (report 0x15) and until it comes back (0x16). */
static const uint8_t descriptor[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x1c, 0xa1,
    0x02, 0x75, 0x10, 0x95, 0x01, 0x15, 0xff, 0x26, 0xff, 0x7f, 0x66, 0x01, 0x10, 0x85,
    0x15, 0x09, 0x57, 0xb1, 0x02, 0x85, 0x16, 0x09, 0x56, 0xb1, 0x02, 0xc0, 0xc0};

enum { SHUTDOWN = 0x15, STARTUP = 0x16 };
#define IDLE (-1)

struct bench {
	struct options options;
	struct state *state;
	struct driver *driver;
	uint64_t now;
	long end;            /* ms at which the device cuts, or IDLE */
	long before;         /* ... as of the order before */
	long cap;            /* seconds; 0: none */
	bool ignores, hides; /* orders; its timer */
	bool zero;           /* is what an idle timer reads */
	bool goes_on;        /* ignores what would stop it */
	uint64_t late;       /* ms that the timer takes to show an order */
	uint64_t ordered;
	unsigned orders;
	uint64_t begun; /* when the first of an order's two reports was written, else 0 */
	bool hasty;     /* the second came sooner than HIDUPS_GAP_MS after it */
};

static void
bench_new(struct bench *b, const char *conf)
{
	const struct hidups_ident ident = {.vendor = 0x1234};
	struct problems p = {0};
	struct ups_conf c;
	char cause[128];

	memset(b, 0, sizeof(*b));
	ups_conf_read(&c, "ups.conf", conf, strlen(conf), &p);
	options_read(&b->options, &c, &c.upses[0], "ups.conf", &p);
	ups_conf_free(&c);
	problems_free(&p);
	b->state = state_new();
	b->driver = driver_new(&b->options, b->state);
	b->now = 1000;
	b->end = b->before = IDLE;
	driver_attach(b->driver,
	    hid_desc_parse(descriptor, sizeof(descriptor), cause, sizeof(cause)), &ident,
	    b->now);
}

#define CONF "[ups]\ndriver = usbhid-ups\nport = auto\npollinterval = 30\n"

static void
bench_free(struct bench *b)
{
	assert_false(b->hasty);
	driver_free(b->driver);
	state_free(b->state);
	options_free(&b->options);
}

/* The device takes a report. */
static void
take(struct bench *b, const uint8_t *bytes)
{
	long seconds = (int16_t)(bytes[1] | bytes[2] << 8);

	if (bytes[0] != SHUTDOWN || b->ignores || (seconds < 0 && b->goes_on))
		return;
	b->orders += seconds >= 0;
	b->before = b->end;
	b->ordered = b->now;
	if (b->cap != 0 && seconds > b->cap)
		seconds = b->cap;
	b->end = seconds < 0 ? IDLE : (long)b->now + seconds * 1000;
}

/* What a timer reads. */
static int16_t
timer(const struct bench *b, uint8_t id)
{
	long end = b->now < b->ordered + b->late ? b->before : b->end;
	long left = end - (long)b->now;

	if (id != SHUTDOWN || end == IDLE)
		return b->zero ? 0 : -1;
	return left > 0 ? (int16_t)((left + 999) / 1000) : 0;
}

static void
serve(struct bench *b)
{
	struct driver_ask a;
	uint8_t bytes[3];
	int16_t value;

	while (driver_ask(b->driver, b->now, &a)) {
		b->now += 2;
		if (a.op == HIDSOCK_SET) {
			assert_int_equal(a.len, 3);
			b->hasty |= b->begun != 0 && b->now < b->begun + HIDUPS_GAP_MS;
			b->begun = a.id == STARTUP ? b->now : 0;
			take(b, a.data);
			driver_answer(b->driver, 0, NULL, 0, b->now);
			continue;
		}
		value = timer(b, a.id);
		bytes[0] = a.id;
		bytes[1] = (uint8_t)value;
		bytes[2] = (uint8_t)(value >> 8);
		driver_answer(b->driver, b->hides && a.id == SHUTDOWN ? EPIPE : 0, bytes,
		    sizeof(bytes), b->now);
	}
	driver_publish(b->driver, b->now);
}

/* Lets time pass as the shell does. */
static void
run(struct bench *b, uint64_t ms)
{
	uint64_t end = b->now + ms, next;

	serve(b);
	while ((next = driver_deadline(b->driver, b->now)) <= end) {
		if (next > b->now)
			b->now = next;
		serve(b);
	}
	if (b->now < end)
		b->now = end;
}

/* Orders it and waits for what comes of it. */
static enum dserver_status
order(struct bench *b, const char *cmd, const char *value, char *reason, size_t size)
{
	struct driver_result r;
	uint64_t began = b->now;
	char cause[128] = "";

	assert_int_equal(driver_command(b->driver, cmd, value, 7, cause, sizeof(cause)),
	    DSERVER_PENDING);
	serve(b);
	while (!driver_result(b->driver, &r)) {
		assert_true(b->now < began + 5000);
		run(b, 50);
	}
	assert_true(b->now <= began + 2 * DRIVER_PROOF_MS + 500);
	snprintf(reason, size, "%s", r.reason);
	return r.status;
}

static void
is(const struct bench *b, const char *name, const char *text)
{
	assert_non_null(state_get(b->state, name));
	assert_string_equal(state_get(b->state, name), text);
}

static void
set(struct bench *b, const char *value, enum dserver_status status)
{
	char cause[128] = "";

	assert_int_equal(
	    driver_set(b->driver, "ups.delay.shutdown", value, 8, cause, sizeof(cause)),
	    status);
	run(b, 10);
}

/* One that counts: done at once, told while it counts, and stopped. */
static void
counts(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 100);
	is(&b, "ups.timer.shutdown", "-1");
	set(&b, "245", DSERVER_DONE);
	is(&b, "ups.delay.shutdown", "245");
	assert_int_equal(b.orders, 0);
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_DONE);
	is(&b, "ups.timer.shutdown", "245");
	run(&b, 10000);
	assert_in_range(atoi(state_get(b.state, "ups.timer.shutdown")), 235, 237);
	assert_int_equal(
	    order(&b, "shutdown.stop", NULL, reason, sizeof(reason)), DSERVER_DONE);
	is(&b, "ups.timer.shutdown", "-1");
	assert_int_equal(b.end, IDLE);
	bench_free(&b);
}

/* A timer that shows an order late is waited for. */
static void
shows_it_late(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 100);
	b.late = 1500;
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_DONE);
	assert_in_range(atoi(state_get(b.state, "ups.timer.shutdown")), 18, 19);
	bench_free(&b);
}

/* One that counts already, and shows that for a while, has not capped the new order. */
static void
orders_anew(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 100);
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_DONE);
	b.late = 1000;
	assert_int_equal(
	    order(&b, "shutdown.return", "120", reason, sizeof(reason)), DSERVER_DONE);
	assert_in_range(atoi(state_get(b.state, "ups.timer.shutdown")), 117, 119);
	is(&b, "ups.delay.shutdown", "20");
	bench_free(&b);
}

/* One that counts less than was ordered does not go on: what it takes is what is offered
 * from then on. */
static void
caps(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 100);
	b.cap = 60;
	set(&b, "120", DSERVER_DONE);
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_FAILED);
	assert_string_equal(reason, "it counts 60 s instead of 120: cancelled");
	assert_int_equal(b.orders, 1);
	assert_int_equal(b.end, IDLE);
	is(&b, "ups.timer.shutdown", "-1");
	is(&b, "ups.delay.shutdown", "60");
	set(&b, "120", DSERVER_INVALID);
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_DONE);
	is(&b, "ups.timer.shutdown", "60");
	bench_free(&b);
}

static void
caps_and_goes_on(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 100);
	b.cap = 60;
	b.goes_on = true;
	assert_int_equal(
	    order(&b, "shutdown.return", "120", reason, sizeof(reason)), DSERVER_FAILED);
	assert_string_equal(
	    reason, "it counts 60 s instead of 120, and goes on counting");
	assert_in_range(atoi(state_get(b.state, "ups.timer.shutdown")), 50, 60);
	assert_int_equal(
	    order(&b, "shutdown.stop", NULL, reason, sizeof(reason)), DSERVER_FAILED);
	assert_string_equal(reason, "it still counts");
	bench_free(&b);
}

static void
ignores(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 100);
	b.ignores = true;
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_FAILED);
	assert_non_null(strstr(reason, "its timer does not count"));
	is(&b, "ups.timer.shutdown", "-1");
	is(&b, "ups.delay.shutdown", "20");
	assert_int_equal(
	    order(&b, "shutdown.stop", NULL, reason, sizeof(reason)), DSERVER_DONE);
	bench_free(&b);
}

/* Zero is no countdown, before and after. */
static void
idles_at_zero(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	b.zero = true;
	run(&b, 100);
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_DONE);
	assert_int_equal(
	    order(&b, "shutdown.stop", NULL, reason, sizeof(reason)), DSERVER_DONE);
	assert_int_equal(b.end, IDLE);
	b.ignores = true;
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_FAILED);
	bench_free(&b);
}

/* A timer that cannot be read proves nothing, for or against. */
static void
hides(void **unused)
{
	char reason[96];
	struct bench b;

	bench_new(&b, CONF);
	b.hides = true;
	run(&b, 100);
	assert_int_equal(
	    order(&b, "shutdown.return", NULL, reason, sizeof(reason)), DSERVER_DONE);
	assert_null(state_get(b.state, "ups.timer.shutdown"));
	assert_int_equal(b.orders, 1);
	bench_free(&b);
}

/* driver.killpower cuts only where that was allowed, by ups.conf or by a client. */
static void
killpower(void **state)
{
	struct driver_result r;
	struct bench b;
	char cause[128] = "";

	bench_new(&b, CONF);
	run(&b, 1000);
	assert_true(state_cmd_has(b.state, "driver.killpower"));
	assert_string_equal(state_get(b.state, "driver.flag.allow_killpower"), "0");
	assert_int_equal(
	    driver_command(b.driver, "driver.killpower", NULL, 1, cause, sizeof(cause)),
	    DSERVER_INVALID);
	assert_int_equal(driver_set(b.driver, "driver.flag.allow_killpower", "yes", 2,
			     cause, sizeof(cause)),
	    DSERVER_DONE);
	assert_int_equal(
	    driver_command(b.driver, "driver.killpower", NULL, 3, cause, sizeof(cause)),
	    DSERVER_PENDING);
	run(&b, 3000);
	assert_true(driver_result(b.driver, &r));
	assert_int_equal(r.ticket, 3);
	assert_int_equal(r.status, DSERVER_DONE);
	assert_int_equal(b.orders, 1);
	bench_free(&b);
	bench_new(&b, CONF "allow_killpower\n");
	run(&b, 1000);
	assert_int_equal(
	    driver_command(b.driver, "driver.killpower", NULL, 4, cause, sizeof(cause)),
	    DSERVER_PENDING);
	bench_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts),
	    cmocka_unit_test(shows_it_late),
	    cmocka_unit_test(orders_anew),
	    cmocka_unit_test(caps),
	    cmocka_unit_test(caps_and_goes_on),
	    cmocka_unit_test(ignores),
	    cmocka_unit_test(idles_at_zero),
	    cmocka_unit_test(hides),
	    cmocka_unit_test(killpower),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
