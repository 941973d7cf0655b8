/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mqtt/orders.h"
#include "mqtt/settings.h"

static char all[] = "all", off[] = "load.off";
static char *commands[] = {all, off}, *settings[] = {all};

static struct {
	struct conf_mqtt conf;
	struct topics topics;
	struct feed feed;
	struct feed_ups *ups;
	struct orders *o;
	struct orders_ask ask;
	struct buf json;
	uint64_t now_ms;
} house;

static int
setup(void **data)
{
	struct state *s;

	memset(&house, 0, sizeof(house));
	house.conf.commands = commands;
	house.conf.ncommands = 2;
	house.conf.settings = settings;
	house.conf.nsettings = 1;
	house.now_ms = 5000;
	topics_init(&house.topics, "holdup", "home");
	house.ups = feed_add(&house.feed, "qnap.ups", "");
	house.ups->source = FEED_OK;
	house.feed.whole = true;
	house.o = orders_new(&house.conf, &house.topics);
	s = house.ups->state;
	state_cmd_add(s, "test.battery.start.quick");
	state_cmd_add(s, "beeper.enable");
	state_cmd_add(s, "beeper.disable");
	state_cmd_add(s, "outlet.2.load.on");
	state_cmd_add(s, "outlet.2.load.off");
	state_cmd_add(s, "load.off");
	state_cmd_add(s, "load.on");
	state_set(s, "ups.delay.shutdown", "20");
	state_flags(s, "ups.delay.shutdown", STATE_RW | STATE_NUMBER);
	state_range_add(s, "ups.delay.shutdown", 20, 100);
	state_range_add(s, "ups.delay.shutdown", 200, 300);
	state_set(s, "input.sensitivity", "low");
	state_flags(s, "input.sensitivity", STATE_RW);
	state_enum_add(s, "input.sensitivity", "low");
	state_enum_add(s, "input.sensitivity", "high");
	state_set(s, "ups.id", "x");
	state_flags(s, "ups.id", STATE_RW | STATE_STRING);
	state_aux(s, "ups.id", 4);
	state_set(s, "ups.load", "5");
	return 0;
}

static int
teardown(void **data)
{
	orders_free(house.o);
	feed_clear(&house.feed);
	buf_free(&house.json);
	return 0;
}

static bool
takes(const char *tail, const char *payload)
{
	return orders_take(house.o, &house.feed, "qnap_ups", tail, payload,
	    strlen(payload), false, house.now_ms, &house.ask);
}

/* The next result has these words. */
static void
said(const char *result, const char *text)
{
	char topic[TOPIC_MAX];

	assert_true(orders_next(house.o, topic, &house.json));
	assert_string_equal(topic, "holdup/home/qnap_ups/result");
	if (strstr(buf_str(&house.json), result) == NULL ||
	    strstr(buf_str(&house.json), text) == NULL)
		fail_msg("%s: not %s %s", buf_str(&house.json), result, text);
}

static void
silent(void)
{
	char topic[TOPIC_MAX];

	assert_false(orders_next(house.o, topic, &house.json));
}

static void
test_commands(void **data)
{
	assert_true(takes("command/test/battery/start/quick", "PRESS"));
	assert_false(house.ask.set);
	assert_string_equal(house.ask.ups, "qnap.ups");
	assert_string_equal(house.ask.name, "test.battery.start.quick");
	assert_null(house.ask.value);
	assert_true(takes("command/test/battery/start/quick", "120"));
	assert_string_equal(house.ask.value, "120");
	assert_true(takes("command/load/off", "PRESS"));
	assert_true(takes("command/beeper", "ON"));
	assert_string_equal(house.ask.name, "beeper.enable");
	assert_true(takes("command/beeper", "enabled"));
	assert_string_equal(house.ask.name, "beeper.enable");
	assert_true(takes("command/beeper", "off"));
	assert_string_equal(house.ask.name, "beeper.disable");
	silent();
	assert_false(takes("command/beeper", "MAYBE"));
	said("refused", "ON and OFF");
	/* all leaves out what cuts power. */
	assert_false(takes("command/load/on", "PRESS"));
	said("refused", "commands of [mqtt]");
	assert_false(takes("command/outlet/2/load", "OFF"));
	said("outlet.2.load.off", "commands of [mqtt]");
	assert_false(takes("command/test/panel/start", "PRESS"));
	said("test/panel/start", "no such command");
	assert_false(takes("state", "x"));
	assert_false(takes("command/load/off", "")); /* deletes what was retained */
	silent();
}

static void
test_settings(void **data)
{
	assert_true(takes("set/ups/delay/shutdown", "30.0"));
	assert_true(house.ask.set);
	assert_string_equal(house.ask.name, "ups.delay.shutdown");
	assert_string_equal(house.ask.value, "30");
	assert_true(takes("set/ups/delay/shutdown", "200"));
	assert_false(takes("set/ups/delay/shutdown", "150"));
	said("refused", "takes 20 to 300");
	assert_false(takes("set/ups/delay/shutdown", "0x20"));
	said("refused", "takes a number");
	assert_false(takes("set/ups/delay/shutdown", " 30"));
	assert_false(takes("set/ups/delay/shutdown", "nan"));
	assert_false(takes("set/ups/delay/shutdown", "1e999"));
	assert_true(takes("set/input/sensitivity", "high"));
	assert_false(takes("set/input/sensitivity", "higher"));
	for (int i = 0; i < 3; i++)
		said("refused", "takes");
	said("refused", "takes low, high");
	assert_true(takes("set/ups/id", "four"));
	assert_false(takes("set/ups/id", "five5"));
	said("refused", "4 letters");
	assert_false(takes("set/ups/load", "7"));
	said("refused", "no such variable");
	house.conf.nsettings = 0;
	assert_false(takes("set/ups/id", "a"));
	said("refused", "settings of [mqtt]");
}

static void
test_foreign(void **data)
{
	char longest[ORDERS_VALUE_MAX + 2];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(orders_take(house.o, &house.feed, "qnap_ups", "command/load/off",
	    "PRESS", 5, true, house.now_ms, &house.ask));
	said("refused", "retained");
	assert_false(takes("command/load/off", "a\nb"));
	said("refused", "no text");
	assert_false(takes("command/load/off", longest));
	said("refused", "no text");
	assert_false(takes("command/\xff\"\\", "PRESS"));
	said("refused", "no such command");
	house.ups->source = FEED_LOST;
	assert_false(takes("command/load/off", "PRESS"));
	said("refused", "nothing is known");
	house.feed.whole = false;
	assert_false(takes("command/load/off", "PRESS"));
	said("refused", "nothing is known");
	silent();
}

/* A flood is refused, and over in time. */
static void
test_rate(void **data)
{
	int passed = 0;

	for (int i = 0; i < 100; i++)
		passed += takes("command/beeper", "ON");
	assert_int_equal(passed, ORDERS_AT_ONCE);
	said("refused", "too many");
	house.now_ms += ORDERS_EACH_MS;
	assert_true(takes("command/beeper", "ON"));
	assert_false(takes("command/beeper", "ON"));
}

static void
test_answers(void **data)
{
	unsigned long n = 7;

	assert_true(takes("set/ups/delay/shutdown", "30"));
	orders_asked(house.o, n);
	orders_answer(house.o, n, "OK");
	said("accepted", "\"set\":\"ups.delay.shutdown\",\"value\":\"30\"");
	orders_answer(house.o, n, "DONE 0");
	said("done", "ups.delay.shutdown");
	orders_answer(house.o, n, "DONE 0");
	silent();
	assert_true(takes("command/load/off", "PRESS"));
	orders_asked(house.o, ++n);
	orders_answer(house.o, n, "DONE 3");
	said("failed", "did not do it");
	assert_true(takes("command/load/off", "PRESS"));
	orders_asked(house.o, ++n);
	orders_answer(house.o, n, "ACCESS-DENIED");
	said("refused", "ACCESS-DENIED");
	for (int i = 0; i < 3 * ORDERS_WAITING_MAX; i++) {
		house.now_ms += ORDERS_EACH_MS;
		assert_true(takes("command/load/off", "PRESS"));
		orders_asked(house.o, ++n);
	}
	orders_answer(house.o, 10, "OK");
	silent();
	orders_answer(house.o, n, "DONE 99");
	said("failed", "did not do it");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_commands, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_settings, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_foreign, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_rate, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_answers, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
