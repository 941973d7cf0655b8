/* SPDX-License-Identifier: ISC */
/* The poll logic against a device of a few reports, in virtual time. */
#include <errno.h>

#include "driver_bench.h"

enum { AC = 1, DISCHARGING = 4 };

struct bench {
	struct options options;
	struct state *state;
	struct driver *driver;
	uint8_t value[256], wanted[256];
	int error[256];    /* instead of an answer; -1: none comes */
	bool refuses[256]; /* to be read */
	bool caps[256];    /* what is written takes no effect beyond 50 */
	uint64_t late;     /* until then nothing that is written does */
	unsigned asked[256], writes;
	uint64_t now;
};

static void
attach(struct bench *b, const char *serial)
{
	struct hidups_ident ident = {.vendor = 0x51d, .product = 2, .name = "Test"};

	snprintf(ident.serial, sizeof(ident.serial), "%s", serial);
	driver_attach(b->driver, bench_desc(), &ident, b->now);
}

static void
bench_new(struct bench *b, const char *conf)
{
	memset(b, 0, sizeof(*b));
	bench_options(&b->options, conf);
	b->state = state_new();
	b->driver = driver_new(&b->options, b->state);
	b->value[STATUS] = AC;
	b->value[CHARGE] = 90;
	b->value[LIMIT] = 10;
	b->value[BEEPER] = 2;
	b->now = 1000;
	attach(b, "A1");
}

#define CONF "[ups]\ndriver = usbhid-ups\nport = auto\n"

static void
bench_free(struct bench *b)
{
	driver_free(b->driver);
	state_free(b->state);
	options_free(&b->options);
}

/* Answers requests until there is none; each takes 2 ms. False: one remains unanswered. */
static bool
serve(struct bench *b)
{
	struct driver_ask a;
	uint8_t bytes[2];

	while (driver_ask(b->driver, b->now, &a)) {
		b->now += 2;
		if (a.op == HIDSOCK_SET) {
			assert_int_equal(a.len, 2);
			b->wanted[a.id] = a.data[1];
			b->writes++;
			driver_answer(b->driver, b->error[a.id], NULL, 0, b->now);
			continue;
		}
		if (b->now >= b->late && b->wanted[a.id] != 0)
			b->value[a.id] =
			    b->caps[a.id] && b->wanted[a.id] > 50 ? 50 : b->wanted[a.id];
		b->asked[a.id]++;
		if (b->error[a.id] == -1)
			return false;
		bytes[0] = a.id;
		bytes[1] = b->value[a.id];
		driver_answer(b->driver, b->refuses[a.id] ? EPIPE : b->error[a.id], bytes,
		    2, b->now);
	}
	return true;
}

/* Lets time pass as the shell does. */
static void
run(struct bench *b, uint64_t ms)
{
	uint64_t end = b->now + ms, next;

	for (;;) {
		if (driver_check(b->driver, b->now) == DRIVER_REASK)
			driver_answer(b->driver, ETIMEDOUT, NULL, 0, b->now);
		serve(b);
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
	uint8_t bytes[2] = {STATUS, bits};

	driver_input(b->driver, bytes, 2, b->now);
}

static void
first_reading(void **unused)
{
	struct bench b;

	bench_new(&b, CONF);
	assert_true(driver_publish(b.driver, b.now)); /* driver.* alone */
	assert_null(state_get(b.state, "ups.status"));
	is(&b, "driver.state", "init.info");
	assert_false(driver_fresh(b.driver, b.now));
	serve(&b);
	assert_true(driver_publish(b.driver, b.now));
	assert_false(driver_publish(b.driver, b.now));
	assert_true(driver_fresh(b.driver, b.now));
	is(&b, "driver.state", "quiet");
	is(&b, "ups.status", "OL");
	is(&b, "battery.charge", "90");
	bench_free(&b);
}

/* In 60 s: what moves every 2 s, the rest every 30 s. */
static void
rhythm(void **unused)
{
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 59000);
	assert_in_range(b.asked[STATUS], 29, 31);
	assert_in_range(b.asked[LIMIT], 2, 3);
	bench_free(&b);
}

static void
input_at_once(void **unused)
{
	struct bench b;

	bench_new(&b, CONF);
	serve(&b);
	driver_publish(b.driver, b.now);
	input(&b, DISCHARGING);
	assert_true(driver_publish(b.driver, b.now));
	is(&b, "ups.status", "OB DISCHRG");
	/* The rest of the news is fetched at once, not at the next poll. */
	assert_true(driver_deadline(b.driver, b.now) <= b.now);
	bench_free(&b);
}

/* One wrong reading of the mains is never published, two are. */
static void
loss_of_mains_read_twice(void **unused)
{
	struct driver_ask a;
	struct bench b;
	uint8_t bytes[2] = {STATUS, DISCHARGING};

	bench_new(&b, CONF);
	serve(&b);
	driver_publish(b.driver, b.now);
	b.now += 2000;
	assert_true(driver_ask(b.driver, b.now, &a));
	while (a.id != STATUS) {
		driver_answer(b.driver, 0, (uint8_t[]){a.id, b.value[a.id]}, 2, b.now);
		assert_true(driver_ask(b.driver, b.now, &a));
	}
	driver_answer(b.driver, 0, bytes, 2, b.now);
	assert_false(driver_publish(b.driver, b.now));
	assert_true(driver_ask(b.driver, b.now, &a));
	assert_int_equal(a.id, STATUS);
	bytes[1] = AC;
	driver_answer(b.driver, 0, bytes, 2, b.now);
	serve(&b);
	driver_publish(b.driver, b.now);
	is(&b, "ups.status", "OL");
	b.value[STATUS] = DISCHARGING;
	run(&b, 2000);
	driver_publish(b.driver, b.now);
	is(&b, "ups.status", "OB DISCHRG");
	bench_free(&b);
}

/* A report that fails is unknown and asked ever less often; others go on. */
static void
failing_report(void **unused)
{
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 1000);
	driver_publish(b.driver, b.now);
	b.error[CHARGE] = EPIPE;
	b.asked[CHARGE] = 0;
	run(&b, 600000);
	driver_publish(b.driver, b.now);
	assert_in_range(b.asked[CHARGE], 2, 14);
	assert_null(state_get(b.state, "battery.charge"));
	assert_true(driver_fresh(b.driver, b.now));
	assert_int_equal(driver_check(b.driver, b.now), DRIVER_NOTHING);
	b.error[CHARGE] = 0;
	run(&b, 700000);
	driver_publish(b.driver, b.now);
	is(&b, "battery.charge", "90");
	bench_free(&b);
}

/* A device that hangs: held, then stale, with its values, and input still counts; well. */
static void
hanging(void **unused)
{
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 1000);
	driver_publish(b.driver, b.now);
	for (int i = 0; i < 256; i++)
		b.error[i] = -1;
	run(&b, 2000);
	assert_true(driver_fresh(b.driver, b.now));
	run(&b, DRIVER_STUCK_MS);
	assert_true(driver_fresh(b.driver, b.now));
	is(&b, "driver.link.state", "held");
	run(&b, OPTIONS_HOLD_S * 1000);
	assert_false(driver_fresh(b.driver, b.now));
	is(&b, "driver.link.state", "stale");
	is(&b, "battery.charge", "90");
	input(&b, DISCHARGING);
	assert_true(driver_publish(b.driver, b.now));
	is(&b, "ups.status", "OB DISCHRG");
	memset(b.error, 0, sizeof(b.error));
	b.value[STATUS] = AC;
	b.value[CHARGE] = 80;
	run(&b, DRIVER_STUCK_MS + 2000);
	driver_publish(b.driver, b.now);
	assert_true(driver_fresh(b.driver, b.now));
	is(&b, "ups.status", "OL");
	is(&b, "battery.charge", "80");
	bench_free(&b);
}

/* Nothing can be read: opened anew after three polls. The device's end: at once. */
static void
hopeless(void **unused)
{
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 1000);
	driver_publish(b.driver, b.now);
	for (int i = 0; i < 256; i++)
		b.error[i] = EPIPE;
	run(&b, 8000);
	assert_int_equal(driver_check(b.driver, b.now), DRIVER_REOPEN);
	assert_string_equal(driver_fault(b.driver), "answers nothing");
	assert_true(driver_fresh(b.driver, b.now));
	is(&b, "driver.link.state", "held");
	is(&b, "battery.charge", "90");
	driver_detach(b.driver, b.now);
	for (int i = 0; i < 256; i++)
		b.error[i] = ENODEV;
	attach(&b, "A1");
	serve(&b);
	assert_int_equal(driver_check(b.driver, b.now), DRIVER_GONE);
	bench_free(&b);
}

/* Values stay while it is away, and count for a while; the identity stays for good. */
static void
away_and_back(void **unused)
{
	struct bench b;

	bench_new(&b, CONF);
	run(&b, 100);
	driver_publish(b.driver, b.now);
	driver_detach(b.driver, b.now);
	assert_true(driver_publish(b.driver, b.now));
	assert_true(driver_fresh(b.driver, b.now));
	is(&b, "driver.state", "reconnect.trying");
	is(&b, "driver.link.state", "held");
	is(&b, "driver.link.drops", "1");
	run(&b, OPTIONS_HOLD_S * 1000);
	is(&b, "driver.link.age", "15");
	assert_true(driver_fresh(b.driver, b.now));
	run(&b, 2500);
	assert_false(driver_fresh(b.driver, b.now));
	is(&b, "driver.link.state", "stale");
	is(&b, "battery.charge", "90");
	b.value[CHARGE] = 50;
	attach(&b, "B2");
	driver_publish(b.driver, b.now);
	is(&b, "battery.charge", "90");
	serve(&b);
	driver_publish(b.driver, b.now);
	is(&b, "battery.charge", "50");
	is(&b, "ups.serial", "A1");
	is(&b, "device.serial", "A1");
	is(&b, "driver.link.state", "ok");
	assert_null(state_get(b.state, "driver.link.age"));
	assert_true(driver_fresh(b.driver, b.now));
	bench_free(&b);
}

static void
commands(void **unused)
{
	struct driver_result r;
	struct bench b;
	char cause[128] = "";

	bench_new(&b, CONF);
	run(&b, 100);
	driver_publish(b.driver, b.now);
	assert_int_equal(
	    driver_command(b.driver, "beeper.disable", NULL, 7, cause, sizeof(cause)),
	    DSERVER_PENDING);
	assert_false(driver_result(b.driver, &r));
	serve(&b);
	assert_int_equal(b.writes, 1);
	assert_true(driver_result(b.driver, &r));
	assert_int_equal(r.ticket, 7);
	assert_int_equal(r.status, DSERVER_DONE);
	assert_string_equal(r.name, "beeper.disable");
	driver_publish(b.driver, b.now);
	is(&b, "ups.beeper.status", "disabled");
	assert_int_equal(
	    driver_command(b.driver, "no.such", NULL, 8, cause, sizeof(cause)),
	    DSERVER_UNKNOWN);
	b.error[BEEPER] = EPIPE;
	driver_command(b.driver, "beeper.enable", NULL, 9, cause, sizeof(cause));
	serve(&b);
	assert_true(driver_result(b.driver, &r));
	assert_int_equal(r.status, DSERVER_FAILED);
	assert_int_equal(r.error, EPIPE);
	/* A device that goes takes what waits with it. */
	driver_command(b.driver, "beeper.enable", NULL, 10, cause, sizeof(cause));
	driver_detach(b.driver, b.now);
	assert_true(driver_result(b.driver, &r));
	assert_int_equal(r.ticket, 10);
	assert_int_equal(r.status, DSERVER_FAILED);
	bench_free(&b);
}

/* What came of the last command, after at most so long. */
static struct driver_result
result(struct bench *b, uint64_t ms)
{
	struct driver_result r;

	for (uint64_t end = b->now + ms; !driver_result(b->driver, &r); run(b, 10))
		assert_true(b->now < end);
	driver_publish(b->driver, b->now);
	return r;
}

static void
kept_or_not(void **unused)
{
	struct driver_result r;
	struct bench b;
	char cause[128] = "";

	bench_new(&b, CONF);
	run(&b, 100);
	b.caps[LIMIT] = true;
	assert_int_equal(
	    driver_set(b.driver, "battery.charge.low", "60", 1, cause, sizeof(cause)),
	    DSERVER_PENDING);
	r = result(&b, DRIVER_PROOF_MS + 500);
	assert_int_equal(r.status, DSERVER_FAILED);
	assert_string_equal(r.reason, "asked for 60, it says 50");
	is(&b, "battery.charge.low", "50");
	/* One that needs a moment for it. */
	b.late = b.now + 1000;
	driver_set(b.driver, "battery.charge.low", "30", 2, cause, sizeof(cause));
	r = result(&b, DRIVER_PROOF_MS + 500);
	assert_int_equal(r.status, DSERVER_DONE);
	assert_string_equal(r.reason, "");
	assert_true(b.now >= b.late);
	is(&b, "battery.charge.low", "30");
	/* A beeper that takes no notice. */
	b.late = UINT64_MAX;
	driver_command(b.driver, "beeper.disable", NULL, 3, cause, sizeof(cause));
	r = result(&b, DRIVER_PROOF_MS + 500);
	assert_int_equal(r.status, DSERVER_FAILED);
	assert_string_equal(r.reason, "asked for 1, it says 2");
	/* Muted it is only as long as there is an alarm. */
	driver_command(b.driver, "beeper.mute", NULL, 4, cause, sizeof(cause));
	assert_int_equal(result(&b, 100).status, DSERVER_DONE);
	/* It cannot be read again: nobody knows better. */
	driver_set(b.driver, "battery.charge.low", "20", 5, cause, sizeof(cause));
	b.refuses[LIMIT] = true;
	assert_int_equal(result(&b, 100).status, DSERVER_DONE);
	bench_free(&b);
}

static void
too_many_commands(void **unused)
{
	struct bench b;
	char cause[128] = "";

	bench_new(&b, CONF);
	run(&b, 100);
	for (unsigned i = 0; i < DRIVER_JOBS_MAX; i++)
		assert_int_equal(driver_command(b.driver, "beeper.mute", NULL, i, cause,
				     sizeof(cause)),
		    DSERVER_PENDING);
	assert_int_equal(
	    driver_command(b.driver, "beeper.mute", NULL, 99, cause, sizeof(cause)),
	    DSERVER_FAILED);
	bench_free(&b);
}

static void
words_of_ups_conf(void **unused)
{
	struct bench b;
	char cause[128] = "";

	bench_new(&b, CONF "pollinterval = 5\npollonly\nignorelb\n"
			   "override.battery.charge.low = 95\n"
			   "default.battery.charge = 1\ndefault.ups.load = 7\n");
	run(&b, 100);
	driver_publish(b.driver, b.now);
	is(&b, "ups.status", "OL LB"); /* 90 is below 95 */
	is(&b, "battery.charge", "90");
	is(&b, "ups.load", "7");
	is(&b, "driver.parameter.pollinterval", "5");
	is(&b, "driver.flag.pollonly", "enabled");
	assert_int_equal(state_var(b.state, "battery.charge.low")->flags, 0);
	assert_int_equal(
	    driver_set(b.driver, "battery.charge.low", "20", 1, cause, sizeof(cause)),
	    DSERVER_INVALID);
	input(&b, DISCHARGING);
	assert_false(driver_publish(b.driver, b.now));
	bench_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(first_reading),
	    cmocka_unit_test(rhythm),
	    cmocka_unit_test(input_at_once),
	    cmocka_unit_test(loss_of_mains_read_twice),
	    cmocka_unit_test(failing_report),
	    cmocka_unit_test(hanging),
	    cmocka_unit_test(hopeless),
	    cmocka_unit_test(away_and_back),
	    cmocka_unit_test(commands),
	    cmocka_unit_test(kept_or_not),
	    cmocka_unit_test(too_many_commands),
	    cmocka_unit_test(words_of_ups_conf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
