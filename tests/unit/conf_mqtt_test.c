/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/conf_section.h"

/* All that [mqtt] can say. */
static void
test_whole(void **state)
{
	static const char text[] =
	    "[mqtt]\n"
	    "url = mqtts://Broker1 mqtts://192.168.0.5:18883/\n"
	    "url = mqtt://[FD00::5]:1884\n"
	    "user = ups\npassword = \"a # b\"\n"
	    "ca = /etc/ssl/house.pem\ncertificate = /etc/nut/ups.pem\n"
	    "key = /etc/nut/ups.key\n"
	    "site = \"Haus am See\"\nprefix = power/ups\ndiscovery = ha\nform = Device\n"
	    "commands = test.battery.start.quick, beeper.toggle load.off\n"
	    "settings = ALL\n"
	    "events = all -logins -deed\n";
	struct holdup_conf c;
	const struct conf_mqtt *m = &c.mqtt;

	reads(&c, text);
	assert_true(m->wanted);
	assert_int_equal(m->line, 1);
	assert_int_equal(m->nbrokers, 3);
	assert_string_equal(m->brokers[0].host, "broker1");
	assert_string_equal(m->brokers[0].port, "8883");
	assert_true(m->brokers[0].tls);
	assert_string_equal(m->brokers[1].host, "192.168.0.5");
	assert_string_equal(m->brokers[1].port, "18883");
	assert_string_equal(m->brokers[2].host, "fd00::5");
	assert_string_equal(m->brokers[2].port, "1884");
	assert_false(m->brokers[2].tls);
	assert_string_equal(m->user, "ups");
	assert_string_equal(m->password, "a # b");
	assert_string_equal(m->ca, "/etc/ssl/house.pem");
	assert_string_equal(m->certificate, "/etc/nut/ups.pem");
	assert_string_equal(m->key, "/etc/nut/ups.key");
	assert_string_equal(m->site, "Haus am See");
	assert_string_equal(m->prefix, "power/ups");
	assert_string_equal(m->discovery, "ha");
	assert_false(m->silent);
	assert_true(m->devices);
	assert_int_equal(m->ncommands, 3);
	assert_string_equal(m->commands[1], "beeper.toggle");
	assert_string_equal(m->commands[2], "load.off");
	assert_int_equal(m->nsettings, 1);
	assert_string_equal(m->settings[0], "all");
	assert_int_equal(
	    m->events, (CONF_EVENTS_BIT(KINDS) - 1) &
			   ~(CONF_EVENTS_BIT(KIND_LOGIN) | CONF_EVENTS_BIT(KIND_LOGOUT) |
			       CONF_EVENTS_BIT(KIND_DEED)));
	holdup_conf_free(&c);
}

/* One line is enough. */
static void
test_least(void **state)
{
	static const char text[] = "[mqtt]\nurl = mqtt://192.168.0.5\n";
	struct holdup_conf c;
	const struct conf_mqtt *m = &c.mqtt;

	reads(&c, text);
	assert_true(m->wanted);
	assert_string_equal(m->brokers[0].port, "1883");
	assert_null(m->user);
	assert_null(m->site);
	assert_null(m->prefix);
	assert_null(m->discovery);
	assert_false(m->silent);
	assert_false(m->devices);
	assert_int_equal(m->ncommands + m->nsettings, 0);
	assert_int_equal(m->events, conf_events_mqtt);
	holdup_conf_free(&c);
}

/* `discovery` is a prefix, or whether there is one; the last one counts. */
static void
test_discovery(void **state)
{
	static const struct {
		const char *text, *prefix;
		bool silent;
	} rows[] = {
	    {"discovery = no\n", NULL, true},
	    {"discovery = off\n", NULL, true},
	    {"discovery = Yes\n", NULL, false},
	    {"discovery = no\ndiscovery = homeassistant\n", "homeassistant", false},
	    {"discovery = a/b\ndiscovery = yes\n", "a/b", false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct holdup_conf c;
		char text[200];

		snprintf(text, sizeof(text), "[mqtt]\nurl = mqtt://h\n%s", rows[i].text);
		reads(&c, text);
		assert_int_equal(c.mqtt.silent, rows[i].silent);
		if (rows[i].prefix == NULL)
			assert_null(c.mqtt.discovery);
		else
			assert_string_equal(c.mqtt.discovery, rows[i].prefix);
		holdup_conf_free(&c);
	}
}

/* Domoticz behind a broker: with numbers, the last url counts. */
static void
test_domoticz(void **state)
{
	static const char text[] = "[domoticz]\nurl = http://h\nurl = mqtts://b\n"
				   "prefix = domo\ncharge = 13\nuser = u\npassword = p\n";
	static const char plain[] =
	    "[domoticz]\nurl = mqtt://b\nurl = http://h:8080/\nhardware = \"My UPS\"\n";
	struct holdup_conf c;

	reads(&c, text);
	assert_true(c.domoticz.wanted);
	assert_true(c.domoticz.numbered);
	assert_null(c.domoticz.url);
	assert_string_equal(c.domoticz.broker.host, "b");
	assert_string_equal(c.domoticz.broker.port, "8883");
	assert_string_equal(c.domoticz.prefix, "domo");
	holdup_conf_free(&c);

	reads(&c, plain);
	assert_true(c.domoticz.wanted);
	assert_false(c.domoticz.numbered);
	assert_null(c.domoticz.broker.host);
	assert_string_equal(c.domoticz.url, "http://h:8080");
	assert_string_equal(c.domoticz.hardware, "My UPS");
	holdup_conf_free(&c);
}

#define M "[mqtt]\nurl = mqtt://h\n"

static const struct section_fault faults[] = {
    {"[mqqt]\nurl = x\n", 1, false, "did you mean [mqtt]?"},
    {"[mqtt house]\nurl = x\n", 1, false, "[mqtt] takes no name \"house\""},
    {"[mqtt]\nuser = x\n", 1, false, "[mqtt] has no url and is not used"},
    {M "url = http://h\n", 3, true, "\"http://\" is no url: it begins with mqtt:// or"},
    {M "url = 192.168.0.5\n", 3, true, "for example: url = mqtt://192.168.0.5"},
    {M "url = tcp://h:1883\n", 3, true, "it begins with mqtt:// or mqtts://"},
    {M "url = mqtt://u:geheim@h\n", 3, true, "give them as user = and password ="},
    {M "url = secret:geheim@h\n", 3, true, "is no url"},
    {M "url = mqtt://h/holdup\n", 3, true, "ends behind its port, without \"/holdup\""},
    {M "url = mqtt://h:70000\n", 3, true, "\":70000\" is no port"},
    {M "url = mqtt://\n", 3, true, "is no url"},
    {M "url = mqtt://[::1\n", 3, true, "is no url"},
    {M "url = mqtt://a,mqtt://b\n", 3, true, "is no port"},
    {M "password = geheim\n", 1, true, "has a password but no user"},
    {M "user u\n", 3, true, "read as: user = u"},
    {M "user = u\npassword geheim\n", 4, true, "read as: password = ..."},
    {M "url mqtt://h2\n", 3, true, "read as: url = ..."},
    {M "ca = house.pem\n", 3, true, "ca takes the whole path of a file"},
    {M "ca = /house.pem\n", 1, true, "talks without TLS: write mqtts://"},
    {M "key = /k\n", 1, true, "has a key and no certificate"},
    {M "site = \"\"\n", 3, true, "site takes a name of this house"},
    {M "prefix = /holdup\n", 3, true, "prefix takes the beginning of a topic"},
    {M "prefix = holdup/+\n", 3, true, "not \"holdup/+\""},
    {M "prefix = \"a b\"\n", 3, true, "prefix takes the beginning of a topic"},
    {M "prefix = a//b\n", 3, true, "prefix takes the beginning of a topic"},
    {M "prefix = $SYS\n", 3, true, "prefix takes the beginning of a topic"},
    {M "discovery = homeassistant/#\n", 3, true, "discovery takes the beginning"},
    {M "form = both\n", 3, true, "form takes component"},
    {M "commands = beeper.togle\n", 3, true, "no command of NUT is known as"},
    {M "commands = \"a b\"\n", 3, true, "\"a b\" is no command"},
    {M "settings = battery.charge.lw\n", 3, true, "no variable of NUT is known as"},
    {M "events = power loginz\n", 3, true, "did you mean \"logins\"? It is left out"},
    {M "events = everything\n", 3, true, "no kind of event is called"},
    {M "events = power -power\n", 3, true, "leaves no kind of event"},
    {M "events =\n", 3, true, "events has no value"},
    {M "evnts = all\n", 3, true, "did you mean \"events\""},
    {M "[mqtt]\nuser = u\n", 3, true, "brokers of one cluster are words of one url ="},
};

static bool
is_wanted(const struct holdup_conf *c)
{
	return c->mqtt.wanted;
}

static void
test_faults(void **state)
{
	assert_faults(faults, sizeof(faults) / sizeof(faults[0]), SIZE_MAX, is_wanted);
}

/* More than there is room for is left out, and said once. */
static void
test_many(void **state)
{
	struct problems p = {0};
	struct holdup_conf c;
	char text[4096] = "[mqtt]\n";

	for (int i = 0; i < CONF_BROKERS_MAX + 1; i++)
		strcat(text, "url = mqtt://h\n");
	holdup_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(c.mqtt.nbrokers, CONF_BROKERS_MAX);
	assert_problem(&p, 1, 0, CONF_BROKERS_MAX + 2, "more than 16 brokers");
	holdup_conf_free(&c);
	problems_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_least),
	    cmocka_unit_test(test_discovery),
	    cmocka_unit_test(test_domoticz),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
