/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/xmem.h"
#include "mqtt/discovery.h"

#define NODE "holdup_home__qnapups"
#define CHARGE "homeassistant/sensor/" NODE "/battery_charge/config"
#define DEVICE "homeassistant/device/" NODE "/all/config"

/* A house with one UPS, and a broker that keeps what it is told. */
static struct house {
	struct conf_mqtt conf;
	struct topics topics;
	struct wanted *wanted;
	struct discovery *d;
	struct feed feed;
	struct feed_ups *ups;
	uint64_t now_ms;
	json_t *broker; /* topic: payload */
	unsigned told;  /* messages since it was asked last */
} house;

static char all[] = "all", *words[] = {all};

/* What is wanted goes to the broker. */
static void
flush(void)
{
	struct wanted_topic t;

	for (;;) {
		uint64_t wait = wanted_next(house.wanted, house.now_ms, &t);

		if (wait != 0)
			return;
		house.told++;
		if (t.len == 0)
			json_object_del(house.broker, t.topic);
		else
			json_object_set_new(
			    house.broker, t.topic, json_stringn(t.payload, t.len));
	}
}

/* Time goes by, at most by steps of a second. */
static void
pass(uint64_t ms)
{
	uint64_t end = house.now_ms + ms;

	for (;;) {
		while (discovery_filter(house.d, house.now_ms) != NULL)
			;
		discovery_settle(house.d, &house.feed, house.now_ms, house.wanted);
		flush();
		if (house.now_ms == end)
			return;
		house.now_ms = end - house.now_ms < 1000 ? end : house.now_ms + 1000;
	}
}

static void
changed(enum feed_kind kind)
{
	struct feed_change c = {.kind = kind, .ups = house.ups};

	discovery_changed(house.d, &house.feed, &c);
}

/* A process begins: nothing is known but what the broker keeps. */
static void
begin(void)
{
	const char *topic;
	json_t *payload;

	wanted_free(house.wanted);
	discovery_free(house.d);
	house.wanted = wanted_new();
	house.d = discovery_new(&house.conf, &house.topics);
	discovery_begin(house.d);
	changed(FEED_SNAPSHOT);
	while (discovery_filter(house.d, house.now_ms) != NULL)
		;
	json_object_foreach(house.broker, topic, payload) discovery_found(house.d, topic,
	    json_string_value(payload), json_string_length(payload), true);
	house.told = 0;
}

static int
setup(void **data)
{
	memset(&house, 0, sizeof(house));
	topics_init(&house.topics, "holdup", "home");
	house.conf.events = conf_events_mqtt;
	house.broker = json_object();
	house.now_ms = 1000000;
	house.ups = feed_add(&house.feed, "qnapups", "");
	house.ups->source = FEED_OK;
	house.feed.whole = true;
	state_set(house.ups->state, "ups.status", "OL");
	state_set(house.ups->state, "battery.charge", "97");
	state_set(house.ups->state, "ups.mfr", "Eaton \xe9");
	begin();
	return 0;
}

static int
teardown(void **data)
{
	wanted_free(house.wanted);
	discovery_free(house.d);
	feed_clear(&house.feed);
	json_decref(house.broker);
	return 0;
}

static json_t *
kept(const char *topic)
{
	const char *text = json_string_value(json_object_get(house.broker, topic));

	return text == NULL ? NULL : json_loads(text, 0, NULL);
}

static bool
has(const char *topic)
{
	return json_object_get(house.broker, topic) != NULL;
}

static void
check(json_t *o, const char *key, const char *value)
{
	assert_string_equal(json_string_value(json_object_get(o, key)), value);
}

static void
test_component(void **data)
{
	json_t *o, *list;

	pass(DISCOVERY_READ_MS - 1000);
	assert_int_equal(house.told, 0); /* it may still read what the broker keeps */
	pass(1000);
	o = kept(CHARGE);
	check(o, "unique_id", NODE "_battery_charge");
	check(o, "state_topic", "holdup/home/qnapups/battery/charge");
	check(o, "device_class", "battery");
	check(o, "unit_of_measurement", "%");
	check(o, "state_class", "measurement");
	check(json_object_get(o, "device"), "via_device", "holdup_home");
	check(json_object_get(o, "device"), "manufacturer", "Eaton ?");
	list = json_object_get(o, "availability");
	assert_int_equal(json_array_size(list), 2);
	check(json_array_get(list, 0), "topic", "holdup/home/status");
	check(json_array_get(list, 1), "topic", "holdup/home/qnapups/link");
	check(o, "availability_mode", "all");
	json_decref(o);
	o = kept("homeassistant/binary_sensor/" NODE "/link/config");
	assert_int_equal(json_array_size(json_object_get(o, "availability")), 1);
	check(o, "payload_on", "online");
	json_decref(o);
	o = kept("homeassistant/binary_sensor/holdup_home/connection/config");
	assert_null(json_object_get(o, "availability"));
	json_decref(o);
	o = kept("homeassistant/event/holdup_home/event/config");
	check(o, "state_topic", "holdup/home/_house/event");
	json_decref(o);
	assert_false(has("homeassistant/sensor/" NODE "/load_energy/config"));
	/* Nothing is said again for new values, but for what was not there. */
	house.told = 0;
	state_set(house.ups->state, "battery.charge", "98");
	changed(FEED_VAR);
	pass(5000);
	assert_int_equal(house.told, 0);
	wanted_set(house.wanted, "holdup/home/qnapups/energy", "1.5", WANTED_SOON);
	discovery_known(house.d, "qnapups");
	pass(2000);
	assert_true(has("homeassistant/sensor/" NODE "/load_energy/config"));
}

/* What a UPS tells no more goes after five minutes in which it is heard. */
static void
test_gone(void **data)
{
	pass(DISCOVERY_READ_MS);
	state_del(house.ups->state, "battery.charge");
	house.ups->source = FEED_LOST;
	changed(FEED_SOURCE);
	pass(2 * DISCOVERY_GONE_MS);
	assert_true(has(CHARGE));
	house.ups->source = FEED_OK;
	changed(FEED_SOURCE);
	pass(DISCOVERY_GONE_MS - 1000);
	assert_true(has(CHARGE));
	state_set(house.ups->state, "battery.charge", "5");
	changed(FEED_VAR);
	pass(DISCOVERY_GONE_MS);
	assert_true(has(CHARGE));
	state_del(house.ups->state, "battery.charge");
	changed(FEED_DELVAR);
	pass(DISCOVERY_GONE_MS + 2000);
	assert_false(has(CHARGE));
	assert_true(has("homeassistant/sensor/" NODE "/condition/config"));
}

/* … also when it was announced by the process before. */
static void
test_gone_before(void **data)
{
	pass(DISCOVERY_READ_MS);
	state_del(house.ups->state, "battery.charge");
	begin();
	pass(DISCOVERY_GONE_MS);
	assert_true(has(CHARGE));
	pass(DISCOVERY_READ_MS + 1000);
	assert_false(has(CHARGE));
}

/* A UPS that is no more in ups.conf goes at once, with all it had. */
static void
test_no_ups(void **data)
{
	const char *topic;
	json_t *payload;

	for (int devices = 0; devices < 2; devices++) {
		house.conf.devices = devices;
		begin();
		discovery_known(house.d, "attic");
		discovery_found(house.d,
		    "homeassistant/sensor/holdup_home__attic/load/config", "{}", 2, true);
		assert_true(discovery_found(house.d,
		    "homeassistant/device/holdup_home__attic/all/config", "{}", 2, true));
		json_object_set_new(house.broker,
		    "homeassistant/sensor/holdup_home__attic/load/config",
		    json_string("{}"));
		json_object_set_new(house.broker,
		    "homeassistant/device/holdup_home__attic/all/config",
		    json_string("{}"));
		pass(DISCOVERY_READ_MS + 1000);
		json_object_foreach(house.broker, topic, payload)
		    assert_null(strstr(topic, "attic"));
	}
	assert_false(discovery_found(house.d,
	    "homeassistant/sensor/holdup_home__other/load/config", "{}", 2, true));
	assert_false(
	    discovery_found(house.d, "homeassistant/status", "online", 6, false));
}

/* What is below our node, and is none of our messages, is emptied; nothing else is ours. */
static void
test_foreign(void **data)
{
	static const char *const ours[] = {"homeassistant/fan/" NODE "/all/config",
	    "homeassistant/device/" NODE "/x/config",
	    "homeassistant/x/holdup_home/all/config",
	    "homeassistant/sensor/" NODE "/device/config"};
	static const char *const others[] = {"homeassistant/sensor/holdup_homes/x/config",
	    "homeassistant/sensor/holdup_home_qnapups/x/config",
	    "homeassistant/sensor/holdup_home",
	    ("homeassistant/sensor/" NODE "/x/y/config"), "homeassistant"};

	for (int devices = 0; devices < 2; devices++) {
		house.conf.devices = devices;
		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			json_object_set_new(house.broker, ours[i], json_string("[1"));
		begin();
		pass(DISCOVERY_READ_MS + 2 * DISCOVERY_MIGRATE_MS + DISCOVERY_GONE_MS +
		     1000);
		for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
			assert_false(has(ours[i]));
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(discovery_found(house.d, others[i], "{}", 2, true));
}

/* One message for all; what is gone stands there with nothing but its platform. */
static void
test_device(void **data)
{
	json_t *o, *list;

	house.conf.devices = true;
	begin();
	pass(DISCOVERY_READ_MS);
	assert_false(has(CHARGE));
	o = kept(DEVICE);
	check(json_object_get(o, "origin"), "name", "holdup");
	check(json_object_get(json_object_get(o, "device"), "identifiers") != NULL
		  ? json_object_get(o, "device")
		  : NULL,
	    "name", "qnapups");
	list = json_object_get(json_object_get(o, "components"), "battery_charge");
	check(list, "platform", "sensor");
	check(list, "unique_id", NODE "_battery_charge");
	assert_null(json_object_get(list, "device"));
	json_decref(o);

	state_del(house.ups->state, "battery.charge");
	begin();
	pass(DISCOVERY_GONE_MS);
	o = kept(DEVICE);
	list = json_object_get(json_object_get(o, "components"), "battery_charge");
	check(list, "unique_id", NODE "_battery_charge");
	json_decref(o);
	pass(DISCOVERY_READ_MS + 1000);
	o = kept(DEVICE);
	list = json_object_get(json_object_get(o, "components"), "battery_charge");
	check(list, "platform", "sensor");
	assert_int_equal(json_object_size(list), 1);
	json_decref(o);
	begin();
	pass(DISCOVERY_READ_MS);
	o = kept(DEVICE);
	assert_null(json_object_get(json_object_get(o, "components"), "battery_charge"));
	json_decref(o);
}

/* From one form to the other and back: first those that go are warned, then ours come, then
 * those are emptied. */
static void
test_migrate(void **data)
{
	json_t *o;

	pass(DISCOVERY_READ_MS);
	house.conf.devices = true;
	begin();
	pass(DISCOVERY_READ_MS + DISCOVERY_MIGRATE_MS - 1000);
	o = kept(CHARGE);
	assert_true(json_is_true(json_object_get(o, "migrate_discovery")));
	json_decref(o);
	assert_false(has(DEVICE));
	pass(1000);
	assert_true(has(DEVICE));
	assert_true(has(CHARGE));
	pass(DISCOVERY_MIGRATE_MS);
	assert_true(has(DEVICE));
	assert_false(has(CHARGE));

	house.conf.devices = false;
	begin();
	pass(DISCOVERY_READ_MS);
	o = kept(DEVICE);
	assert_true(json_is_true(json_object_get(o, "migrate_discovery")));
	json_decref(o);
	assert_false(has(CHARGE));
	begin(); /* a process that ended in between */
	pass(DISCOVERY_READ_MS + 2 * DISCOVERY_MIGRATE_MS);
	assert_false(has(DEVICE));
	assert_true(has(CHARGE));
}

static void
test_silent(void **data)
{
	pass(DISCOVERY_READ_MS);
	house.conf.silent = true;
	begin();
	pass(DISCOVERY_READ_MS);
	assert_int_equal(json_object_size(house.broker), 0);
	house.told = 0;
	changed(FEED_SNAPSHOT);
	pass(10000);
	assert_int_equal(house.told, 0);
}

/* A core that is away changes nothing. */
static void
test_core_away(void **data)
{
	size_t count;

	pass(DISCOVERY_READ_MS);
	count = json_object_size(house.broker);
	feed_clear(&house.feed);
	changed(FEED_SNAPSHOT);
	house.ups = NULL;
	pass(2 * DISCOVERY_GONE_MS);
	assert_int_equal(json_object_size(house.broker), count);
}

static void
allow_all(void)
{
	house.conf.commands = house.conf.settings = words;
	house.conf.ncommands = house.conf.nsettings = 1;
}

static void
test_orders(void **data)
{
	struct state *s = house.ups->state;
	json_t *o;

	allow_all();
	state_cmd_add(s, "test.battery.start.quick");
	state_cmd_add(s, "load.off");
	state_cmd_add(s, "beeper.enable");
	state_cmd_add(s, "beeper.disable");
	state_cmd_add(s, "outlet.1.load.on");
	state_cmd_add(s, "outlet.1.load.off");
	state_set(s, "outlet.1.status", "on");
	state_set(s, "ups.beeper.status", "enabled");
	state_set(s, "battery.charge.low", "20");
	state_flags(s, "battery.charge.low", STATE_RW | STATE_NUMBER);
	state_range_add(s, "battery.charge.low", 10, 50);
	state_set(s, "input.sensitivity", "medium");
	state_flags(s, "input.sensitivity", STATE_RW);
	state_enum_add(s, "input.sensitivity", "low");
	state_enum_add(s, "input.sensitivity", "high");
	state_set(s, "ups.id", "kitchen");
	state_flags(s, "ups.id", STATE_RW | STATE_STRING);
	state_aux(s, "ups.id", 16);
	begin();
	pass(DISCOVERY_READ_MS);
	o = kept("homeassistant/button/" NODE "/do_test_start_quick/config");
	check(o, "command_topic", "holdup/home/qnapups/command/test/battery/start/quick");
	json_decref(o);
	o = kept("homeassistant/switch/" NODE "/beeper_switch/config");
	check(o, "command_topic", "holdup/home/qnapups/command/beeper");
	check(o, "payload_off", "disabled");
	json_decref(o);
	assert_false(has("homeassistant/sensor/" NODE "/beeper/config"));
	assert_false(has("homeassistant/button/" NODE "/do_beeper_enable/config"));
	assert_false(has("homeassistant/button/" NODE "/do_load_off/config"));
	o = kept("homeassistant/binary_sensor/" NODE "/outlet_1/config");
	check(o, "payload_on", "on");
	json_decref(o);
	o = kept("homeassistant/number/" NODE "/set_battery_charge_low/config");
	check(o, "command_topic", "holdup/home/qnapups/set/battery/charge/low");
	assert_float_equal(json_number_value(json_object_get(o, "min")), 10, 0);
	assert_float_equal(json_number_value(json_object_get(o, "max")), 50, 0);
	check(o, "unit_of_measurement", "%");
	json_decref(o);
	assert_false(has("homeassistant/sensor/" NODE "/battery_charge_low/config"));
	o = kept("homeassistant/select/" NODE "/set_input_sensitivity/config");
	assert_int_equal(json_array_size(json_object_get(o, "options")), 3);
	json_decref(o);
	o = kept("homeassistant/text/" NODE "/set_ups_id/config");
	assert_int_equal(json_integer_value(json_object_get(o, "max")), 16);
	json_decref(o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_component, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_gone, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_gone_before, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_no_ups, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_foreign, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_device, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_migrate, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_silent, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_core_away, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_orders, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
