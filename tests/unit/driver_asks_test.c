/* SPDX-License-Identifier: ISC */
/* What a device is asked for, how often, and what ups.conf has to say in it; in virtual
 * time. */
#include <errno.h>

#include "driver_bench.h"
#include "made_device.h"

#define AC "UPS.PowerSummary.PresentStatus.ACPresent"
#define DISCHARGING "UPS.PowerSummary.PresentStatus.Discharging"
#define LOW "UPS.PowerSummary.PresentStatus.BelowRemainingCapacityLimit"
#define CHARGE "UPS.PowerSummary.RemainingCapacity"
#define NOMINAL "UPS.PowerSummary.ConfigVoltage"

struct bench {
	struct options options;
	struct state *state;
	struct driver *driver;
	uint8_t value[256];
	int errors[256];                  /* so many requests for it fail first */
	unsigned asked[256];              /* times */
	uint64_t now, answered, shortest; /* time from an answer to the next request */
};

static const struct made_field usual[] = {
    {AC, 1, 1, 0, 0, false},
    {DISCHARGING, 1, 1, 0, 0, false},
    {LOW, 1, 6, 0, 0, false},
    {CHARGE, 2, 8, 0, 0, false},
    {NOMINAL, 3, 8, HID_VOLT, 7, false},
    {NULL, 0, 0, 0, 0, false},
};

static struct hid_desc *
made_desc(const struct made_field *f)
{
	struct made_bytes b = {.len = 0};
	struct hid_desc *desc;
	char cause[200];

	for (; f->path != NULL; f++)
		made_put(&b, f);
	desc = hid_desc_parse(b.at, b.len, cause, sizeof(cause));
	if (desc == NULL)
		fail_msg("%s", cause);
	return desc;
}

static void
bench_new(struct bench *b, const char *conf, const struct made_field *fields,
    const struct hidups_ident *ident)
{
	char text[512];

	memset(b, 0, sizeof(*b));
	snprintf(
	    text, sizeof(text), "[ups]\ndriver = usbhid-ups\nport = auto\n%s\n", conf);
	bench_options(&b->options, text);
	b->state = state_new();
	b->driver = driver_new(&b->options, b->state);
	b->value[1] = 1;
	b->value[2] = 90;
	b->value[3] = 12;
	b->now = 1000;
	b->shortest = UINT64_MAX;
	driver_attach(b->driver, made_desc(fields), ident, b->now);
}

static void
bench_free(struct bench *b)
{
	driver_free(b->driver);
	state_free(b->state);
	options_free(&b->options);
}

/* The device's word on a request, 2 ms later. */
static void
answer(struct bench *b, const struct driver_ask *a)
{
	uint8_t bytes[2] = {a->id, b->value[a->id]};
	int error = 0;

	if (b->answered != 0 && b->now - b->answered < b->shortest)
		b->shortest = b->now - b->answered;
	b->now += 2;
	b->answered = b->now;
	if (a->op == HIDSOCK_SET) {
		b->value[a->id] = a->data[1];
	} else {
		b->asked[a->id]++;
		if (b->errors[a->id] > 0) {
			b->errors[a->id]--;
			error = EPIPE;
		}
	}
	driver_answer(b->driver, error, bytes, a->op == HIDSOCK_SET ? 0 : 2, b->now);
}

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

static const struct hidups_ident nobody = {.vendor = 0x4321, .product = 1, .name = "UPS"};

/* What moves at each pollinterval, the rest at each pollfreq. */
static void
how_often(void **state)
{
	struct bench b;

	bench_new(&b, "pollinterval = 5\npollfreq = 50", usual, &nobody);
	run(&b, 499000);
	assert_in_range(b.asked[1], 99, 101);
	assert_in_range(b.asked[3], 10, 11);
	bench_free(&b);
}

/* A device that must not be asked too fast. */
static void
how_fast(void **state)
{
	const struct hidups_ident bx = {
	    .vendor = 0x051d, .product = 2, .name = "Back-UPS BX750MI"};
	const struct hidups_ident other = {
	    .vendor = 0x051d, .product = 2, .name = "Back-UPS ES 700"};
	struct bench b;

	bench_new(&b, "", usual, &bx);
	run(&b, 60000);
	assert_in_range(b.asked[1], 28, 31);
	assert_in_range(b.shortest, 50, 60);
	bench_free(&b);
	bench_new(&b, "", usual, &other);
	run(&b, 60000);
	assert_int_equal(b.shortest, 0);
	bench_free(&b);
}

/* An answer that fails at once is no reason to leave a report out: asked again, it comes. */
static void
hiccups(void **state)
{
	struct bench b;

	bench_new(&b, "", usual, &nobody);
	run(&b, 3000);
	b.errors[1] = 1;
	b.value[1] = 5;
	b.asked[1] = 0;
	run(&b, 2000);
	is(&b, "ups.status", "OL LB");
	assert_in_range(b.asked[1], 2, 3);
	bench_free(&b);
}

/* Eaton's bridge: not for its values, nor when all there is is asked for. */
static void
never(void **state)
{
	static const struct made_field fields[] = {
	    {AC, 1, 8, 0, 0, false},
	    {"UPS.PowerSummary.ffff004d", 254, 8, 0, 0, false},
	    {NULL, 0, 0, 0, 0, false},
	};
	const struct hidups_ident eaton = {
	    .vendor = 0x0463, .product = 0xffff, .name = "Ellipse"};
	struct bench b;

	bench_new(&b, "explore\nvendorid = 0463", fields, &eaton);
	b.value[254] = 30;
	run(&b, 100000);
	assert_int_equal(b.asked[254], 0);
	assert_true(b.asked[1] > 40);
	bench_free(&b);
}

/* A setting that cannot be read back, for ups.conf wants nothing asked for, is done. */
static void
not_read_back(void **state)
{
	static const struct made_field fields[] = {
	    {AC, 1, 8, 0, 0, false},
	    {"UPS.PowerSummary.AudibleAlarmControl", 2, 8, 0, 0, false},
	    {NULL, 0, 0, 0, 0, false},
	};
	struct bench b;
	struct driver_result result;
	char cause[128];

	bench_new(&b, "interruptonly", fields, &nobody);
	run(&b, 3000);
	assert_int_equal(
	    driver_command(b.driver, "beeper.disable", NULL, 7, cause, sizeof(cause)),
	    DSERVER_PENDING);
	run(&b, 3000);
	assert_true(driver_result(b.driver, &result));
	assert_int_equal(result.status, DSERVER_DONE);
	assert_int_equal(b.value[2], 1);
	assert_int_equal(b.asked[1] + b.asked[2], 0);
	bench_free(&b);
}

/* What an SMT sends by itself is another protocol, whatever it looks like. */
static void
only_asked(void **state)
{
	static const uint8_t input[] = {0x05, 0x84, 0x09, 0x04, 0xa1, 0x01, 0x09, 0x24,
	    0xa1, 0x00, 0x85, 0x01, 0x09, 0x02, 0xa1, 0x00, 0x05, 0x85, 0x15, 0x00, 0x25,
	    0x01, 0x75, 0x08, 0x95, 0x01, 0x09, 0xd0, 0xb1, 0x02, 0x09, 0xd0, 0x81, 0x02,
	    0xc0, 0xc0, 0xc0};
	static const uint16_t products[] = {2, 3};
	struct bench b;
	char cause[128];

	for (size_t i = 0; i < COUNT(products); i++) {
		const struct hidups_ident apc = {
		    .vendor = 0x051d, .product = products[i], .name = "Smart-UPS"};

		bench_new(&b, "", usual, &apc);
		driver_attach(b.driver,
		    hid_desc_parse(input, sizeof(input), cause, sizeof(cause)), &apc,
		    b.now);
		run(&b, 1000);
		is(&b, "ups.status", "OL");
		driver_input(b.driver, (const uint8_t[]){1, 0}, 2, b.now);
		driver_publish(b.driver, b.now);
		is(&b, "ups.status", products[i] == 2 ? "OB" : "OL");
		bench_free(&b);
	}
}

static void
delays(void **state)
{
	struct bench b;

	bench_new(&b, "offdelay = 45\nondelay = 50", usual, &nobody);
	run(&b, 1000);
	is(&b, "ups.delay.shutdown", "45");
	is(&b, "ups.delay.start", "50");
	bench_free(&b);
}

/* A low battery on mains has to last; nothing else has to change for it to be seen then. */
static void
low_later(void **state)
{
	struct bench b;

	bench_new(&b, "lbrb_log_delay_sec = 10\nlbrb_log_delay_without_calibrating",
	    usual, &nobody);
	run(&b, 3000);
	b.value[1] = 5;
	run(&b, 8000);
	is(&b, "ups.status", "OL");
	run(&b, 8000);
	is(&b, "ups.status", "OL LB");
	bench_free(&b);
}

static void
remark(void **state)
{
	struct bench b;
	char text[512];

	bench_new(&b, "", usual, &nobody);
	run(&b, 3000);
	assert_false(driver_remark(b.driver, text, sizeof(text)));
	b.value[1] = 3;
	run(&b, 3000);
	is(&b, "ups.status", "OL DISCHRG");
	assert_true(driver_remark(b.driver, text, sizeof(text)));
	assert_non_null(strstr(text, "onlinedischarge_calibration"));
	assert_false(driver_remark(b.driver, text, sizeof(text)));
	bench_free(&b);
}

static void
count_line(void *arg, const char *line)
{
	++*(unsigned *)arg;
}

/* All that there is, once, and what no table wants is asked for too. */
static void
explored(void **state)
{
	static const struct made_field fields[] = {
	    {AC, 1, 8, 0, 0, false},
	    {"UPS.PowerSummary.ff990011", 9, 8, 0, 0, false},
	    {NULL, 0, 0, 0, 0, false},
	};
	static const char *const confs[] = {"", "explore\nvendorid = 4321"};
	struct bench b;

	for (unsigned i = 0; i < COUNT(confs); i++) {
		unsigned lines = 0;

		bench_new(&b, confs[i], fields, &nobody);
		run(&b, 3000);
		driver_explore(b.driver, count_line, &lines);
		driver_explore(b.driver, count_line, &lines);
		assert_int_equal(lines, i == 0 ? 0 : 2);
		assert_int_equal(b.asked[9] > 0, i == 1);
		bench_free(&b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(how_often),
	    cmocka_unit_test(how_fast),
	    cmocka_unit_test(hiccups),
	    cmocka_unit_test(never),
	    cmocka_unit_test(not_read_back),
	    cmocka_unit_test(only_asked),
	    cmocka_unit_test(delays),
	    cmocka_unit_test(low_later),
	    cmocka_unit_test(remark),
	    cmocka_unit_test(explored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
