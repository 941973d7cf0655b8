/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "out/board.h"
#include "out/schedule.h"

#define LOAD 0 /* rows of conf_sensors[] */
#define CHARGE 1
#define TEMPERATURE 2

static const struct publisher *const domoticz = &publisher_domoticz;

static const char conf_text[] = "[domoticz]\nurl = http://192.168.0.9:8080\n"
				"load = 12\ncharge = 13\ntemperature = 14\n";

static struct holdup_conf
conf_read(const char *more)
{
	struct problems p = {0};
	struct holdup_conf c;
	struct buf text = {0};

	buf_puts(&text, conf_text);
	buf_puts(&text, more);
	holdup_conf_read(&c, "f", buf_head(&text), text.len, &p);
	assert_int_equal(p.count, 0);
	buf_free(&text);
	return c;
}

static void
feed_say(struct feed *f, const char *line)
{
	assert_int_not_equal(feed_apply(f, line, strlen(line)).kind, FEED_BROKEN);
}

static const char *
value(const struct holdup_conf *c, const struct feed *f, size_t i)
{
	static char text[PUBLISHER_TEXT_MAX + 1];

	domoticz->value(c, f, i, text);
	return text;
}

/* What a source says becomes what Domoticz is told. */
static void
test_values(void **state)
{
	struct holdup_conf c = conf_read("");
	struct feed f = {0};

	assert_true(domoticz->wanted(&c));
	assert_int_equal(domoticz->count(&c), CONF_SENSORS);
	assert_string_equal(value(&c, &f, LOAD), "");
	assert_null(domoticz->missing(&c, &f));
	feed_say(&f, "BEGIN 1");
	feed_say(&f, "UPS qnapups \"Server\"");
	feed_say(&f, "qnapups SETINFO ups.load \"34\"");
	feed_say(&f, "qnapups SETINFO battery.charge \"99.96\"");
	feed_say(&f, "UPS second \"\"");
	feed_say(&f, "second SETINFO ups.load \"7\"");
	feed_say(&f, "second SETINFO ups.temperature \"-3.25\"");
	feed_say(&f, "second DATAOK");
	assert_string_equal(value(&c, &f, LOAD), ""); /* its source has no fresh data */
	feed_say(&f, "qnapups DATAOK");
	feed_say(&f, "END 1");
	assert_string_equal(value(&c, &f, LOAD), "34.0");
	assert_string_equal(value(&c, &f, CHARGE), "100.0");
	assert_string_equal(value(&c, &f, TEMPERATURE), "");
	feed_say(&f, "2 qnapups SETINFO ups.temperature \"28\"");
	assert_string_equal(value(&c, &f, TEMPERATURE), "28.0");
	feed_say(&f, "3 qnapups SETINFO battery.temperature \"31.5\"");
	assert_string_equal(value(&c, &f, TEMPERATURE), "31.5");
	feed_say(&f, "4 qnapups DATASTALE");
	assert_string_equal(value(&c, &f, LOAD), "");
	holdup_conf_free(&c);

	c = conf_read("ups = SECOND\n");
	assert_string_equal(value(&c, &f, LOAD), "7.0");
	assert_string_equal(value(&c, &f, TEMPERATURE), "-3.2");
	holdup_conf_free(&c);
	c = conf_read("ups = third\n");
	assert_string_equal(value(&c, &f, LOAD), "");
	assert_string_equal(domoticz->missing(&c, &f), "third");
	holdup_conf_free(&c);
	feed_clear(&f);
}

/* What is no number of a sensor's size is not told. */
static void
test_no_numbers(void **state)
{
	static const char *const texts[] = {"", "abc", "nan", "inf", "0x10", "1e5", "1,5",
	    "12 V", "--1", "9999999", "-", "."};
	struct holdup_conf c = conf_read("");

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct feed f = {0};
		struct feed_ups *ups = feed_add(&f, "a", "");

		ups->source = FEED_OK;
		state_set(ups->state, "ups.load", texts[i]);
		assert_string_equal(value(&c, &f, LOAD), "");
		feed_clear(&f);
	}
	holdup_conf_free(&c);
}

static void
test_request(void **state)
{
	struct holdup_conf c = conf_read("");
	struct http_request r = {0};

	domoticz->request(&c, LOAD, "34.0", &r);
	assert_string_equal(buf_str(&r.url),
	    "http://192.168.0.9:8080/json.htm?type=command&param=udevice&idx=12"
	    "&nvalue=0&svalue=34.0");
	assert_null(r.user);
	buf_free(&r.url);
	holdup_conf_free(&c);

	c = conf_read("user = ups\npassword = \"ge heim\"\nurl = https://house/domo/\n");
	r = (struct http_request){0};
	domoticz->request(&c, TEMPERATURE, "a b;&=%+\xc3\xa9/~", &r);
	assert_string_equal(buf_str(&r.url),
	    "https://house/domo/json.htm?type=command&param=udevice&idx=14"
	    "&nvalue=0&svalue=a%20b%3B%26%3D%25%2B%C3%A9%2F~");
	assert_string_equal(r.user, "ups");
	assert_string_equal(r.password, "ge heim");
	buf_free(&r.url);
	holdup_conf_free(&c);
}

/* Answers, and what they mean. */
static const struct {
	const char *more; /* of the file */
	long status;
	const char *body;
	enum verdict verdict;
	const char *cause;
} answers[] = {
    {"", 200, "{\"status\" : \"OK\", \"title\" : \"Update Device\"}", VERDICT_OK, ""},
    {"", 200, "{\"status\" : \"ERR\"}", VERDICT_REFUSED, "charge = 13 is refused"},
    {"", 200, "{\"status\" : \"\"}", VERDICT_REFUSED, "a device with this Idx"},
    {"", 200, "{}", VERDICT_FOREIGN, "not as Domoticz does (HTTP 200)"},
    {"", 200, "{\"status\" : 1}", VERDICT_FOREIGN, "is the url right?"},
    {"", 200, "[\"status\"]", VERDICT_FOREIGN, "is the url right?"},
    {"", 200, "<html>", VERDICT_FOREIGN, "is the url right?"},
    {"", 200, "{\"status\" : \"OK\"", VERDICT_FOREIGN, "is the url right?"},
    {"", 200, "", VERDICT_FOREIGN, "is the url right?"},
    {"", 404, "{\"status\" : \"OK\"}", VERDICT_FOREIGN, "(HTTP 404)"},
    {"", 302, "", VERDICT_FOREIGN, "(HTTP 302)"},
    {"", 503, "", VERDICT_AWAY, "(HTTP 503)"},
    {"", 0, "", VERDICT_AWAY, "does not answer (no reason given)"},
    {"", 401, "", VERDICT_DENIED, "user = and password = into [domoticz]"},
    {"user = ups\n", 401, "", VERDICT_DENIED, "Allow Basic-Auth over plain HTTP"},
    {"user = ups\n", 403, "", VERDICT_DENIED, "Trusted Networks"},
    {"user = ups\nurl = https://h\n", 401, "", VERDICT_DENIED, "Security): \"Trusted"},
};

static void
test_verdict(void **state)
{
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct holdup_conf c = conf_read(answers[i].more);
		struct http_reply reply = {.status = answers[i].status};
		char cause[512] = "";

		buf_puts(&reply.body, answers[i].body);
		assert_int_equal(
		    domoticz->verdict(&c, CHARGE, &reply, cause, sizeof(cause)),
		    answers[i].verdict);
		if (strstr(cause, answers[i].cause) == NULL)
			fail_msg("\"%s\" does not hold \"%s\"", cause, answers[i].cause);
		buf_free(&reply.body);
		holdup_conf_free(&c);
	}
}

/* A schedule of three values under virtual time. */
static struct schedule s;
static uint64_t now;

static int
begin(void **state)
{
	schedule_init(&s, 3);
	now = 1000000;
	return 0;
}

static int
end(void **state)
{
	schedule_free(&s);
	return 0;
}

/* Value i is due after exactly `wait` ms; tells it with this result. */
static void
told(uint64_t wait, size_t i, enum verdict verdict)
{
	size_t who = 99;

	assert_int_equal(schedule_wait(&s, now, &who), wait);
	now += wait;
	assert_int_equal(schedule_wait(&s, now, &who), 0);
	assert_int_equal(who, i);
	schedule_done(&s, i, verdict, now);
}

static uint64_t
waits(void)
{
	size_t who;

	return schedule_wait(&s, now, &who);
}

static void
test_change(void **state)
{
	assert_true(waits() == SCHEDULE_NEVER);
	schedule_set(&s, 0, "34.0");
	schedule_set(&s, 0, "35.0");
	schedule_set(&s, 3, "beyond the last");
	told(0, 0, VERDICT_OK);
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS);
	schedule_set(&s, 0, "35.0");
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS);
	now += 2000;
	schedule_set(&s, 0, "36.0");
	told(0, 0, VERDICT_OK);
	/* There and back again before anybody was told: nothing happened. */
	schedule_set(&s, 0, "37.0");
	schedule_set(&s, 0, "36.0");
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS);
}

/* Without a change each value comes again, and never more than 5 minutes pass. */
static void
test_refresh(void **state)
{
	schedule_set(&s, 0, "1.0");
	schedule_set(&s, 1, "2.0");
	told(0, 0, VERDICT_OK);
	now += 1000;
	told(0, 1, VERDICT_OK);
	for (int i = 0; i < 100; i++) {
		told(SCHEDULE_REFRESH_MS - 1000, 0, VERDICT_OK);
		told(1000, 1, VERDICT_OK);
	}
	assert_true(SCHEDULE_REFRESH_MS + HTTP_TOTAL_S * 1000 <= 300000);
}

/* What is not known is not told, and does not come back as news. */
static void
test_unknown(void **state)
{
	schedule_set(&s, 2, "28.0");
	told(0, 2, VERDICT_OK);
	schedule_set(&s, 2, "");
	assert_true(waits() == SCHEDULE_NEVER);
	now += 60000;
	schedule_set(&s, 2, "28.0");
	assert_int_equal(waits(), SCHEDULE_REFRESH_MS - 60000);
	schedule_set(&s, 2, "");
	now += 10 * SCHEDULE_REFRESH_MS;
	schedule_set(&s, 2, "28.0");
	told(0, 2, VERDICT_OK);
}

static void
test_backoff(void **state)
{
	static const uint64_t pauses[] = {
	    0, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000};

	for (size_t i = 0; i < 3; i++)
		schedule_set(&s, i, "1.0");
	for (size_t i = 0; i < sizeof(pauses) / sizeof(pauses[0]); i++)
		told(pauses[i], i % 3, i % 2 == 0 ? VERDICT_AWAY : VERDICT_DENIED);
	/* Changes wait for the end of the pause, and only the newest is told. */
	schedule_set(&s, 0, "2.0");
	schedule_set(&s, 0, "3.0");
	told(60000, 0, VERDICT_OK);
	assert_string_equal(s.items[0].told, "3.0");
	told(0, 1, VERDICT_OK);
	told(0, 2, VERDICT_FOREIGN);
	assert_int_equal(waits(), 1000); /* it begins afresh */
}

/* One sensor that is not there holds up no other. */
static void
test_refused(void **state)
{
	schedule_set(&s, 0, "1.0");
	schedule_set(&s, 1, "2.0");
	told(0, 0, VERDICT_REFUSED);
	told(0, 1, VERDICT_OK);
	schedule_set(&s, 0, "1.5");
	told(SCHEDULE_RETRY_MAX_MS, 0, VERDICT_OK);
}

/* With a slow server, a value that changes all the time leaves the others their turn. */
static void
test_turns(void **state)
{
	schedule_set(&s, 1, "2.0");
	told(0, 1, VERDICT_OK);
	now += SCHEDULE_REFRESH_MS;
	s.next = 0;
	for (int i = 0; i < 3; i++) { /* it changes, and once more while it is told */
		schedule_set(&s, 0, i == 0 ? "1.0" : "1.1");
		if (i == 1)
			told(0, 1, VERDICT_OK);
		else
			told(0, 0, VERDICT_OK);
		now += 9000;
	}
}

/* The parent's side: what changed is told once, the newest only. */
static void
test_board(void **state)
{
	struct holdup_conf c = conf_read("");
	struct feed f = {0};
	struct feed_ups *ups = feed_add(&f, "qnapups", "");
	struct board b;
	size_t i;

	board_init(&b, domoticz->count(&c));
	ups->source = FEED_OK;
	assert_false(board_next(&b, &i));
	state_set(ups->state, "ups.load", "1");
	board_look(&b, domoticz, &c, &f);
	state_set(ups->state, "ups.load", "2");
	state_set(ups->state, "battery.charge", "3");
	board_look(&b, domoticz, &c, &f);
	assert_true(board_next(&b, &i));
	assert_int_equal(i, LOAD);
	assert_string_equal(b.rows[i].now, "2.0");
	board_told(&b, i);
	/* The next one first, though this one has changed again. */
	state_set(ups->state, "ups.load", "4");
	board_look(&b, domoticz, &c, &f);
	assert_true(board_next(&b, &i));
	assert_int_equal(i, CHARGE);
	board_told(&b, i);
	assert_true(board_next(&b, &i));
	assert_int_equal(i, LOAD);
	board_told(&b, i);
	assert_false(board_next(&b, &i));

	board_forget(&b);
	assert_true(board_next(&b, &i));
	board_told(&b, i);
	assert_true(board_next(&b, &i));
	board_told(&b, i);
	assert_false(board_next(&b, &i));
	ups->source = FEED_LOST;
	board_look(&b, domoticz, &c, &f);
	assert_true(board_next(&b, &i));
	assert_string_equal(b.rows[i].now, "");
	board_free(&b);
	feed_clear(&f);
	holdup_conf_free(&c);
}

static void
test_publishers(void **state)
{
	assert_ptr_equal(publisher_find("domoticz"), domoticz);
	assert_null(publisher_find("nobody"));
}

#define TIMED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_no_numbers),
	    cmocka_unit_test(test_request),
	    cmocka_unit_test(test_verdict),
	    TIMED(test_change),
	    TIMED(test_refresh),
	    TIMED(test_unknown),
	    TIMED(test_backoff),
	    TIMED(test_refused),
	    TIMED(test_turns),
	    cmocka_unit_test(test_board),
	    cmocka_unit_test(test_publishers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
