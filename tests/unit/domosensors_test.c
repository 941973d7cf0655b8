/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "publish/domosensors.h"

static struct feed f;
static struct domo_ups u;

static int
begin(void **state)
{
	struct feed_ups *ups = feed_add(&f, "qnapups", "");

	ups->source = FEED_OK;
	u = (struct domo_ups){.ups = ups};
	return 0;
}

static int
end(void **state)
{
	feed_clear(&f);
	return 0;
}

static void
set(const char *name, const char *value)
{
	state_set(f.upses[0]->state, name, value);
}

/* A sensor says "nvalue svalue", or "" when nothing is known. */
static void
says(const char *word, const char *wanted)
{
	for (size_t i = 0; i < DOMOSENSORS; i++) {
		const struct domosensor *s = &domosensors[i];
		struct domo_value v = {0};
		char text[300] = "";

		if (strcmp(s->word, word) != 0)
			continue;
		if (s->value(s, &u, &v))
			snprintf(text, sizeof(text), "%d %s", v.nvalue, v.svalue);
		assert_string_equal(text, wanted);
		return;
	}
	fail_msg("there is no sensor %s", word);
}

/* Words and names are one each, and what is kept of a UPS has room for all of them. */
static void
test_table(void **state)
{
	size_t len = 0;

	for (size_t i = 0; i < DOMOSENSORS; i++) {
		assert_non_null(domosensors[i].value);
		assert_true(domosensors[i].type > 0);
		assert_true(
		    (domosensors[i].type == 0xF31F) == (domosensors[i].unit != NULL));
		len += strlen(domosensors[i].word) + strlen("=2147483647 ");
		for (size_t k = 0; k < i; k++) {
			assert_string_not_equal(domosensors[i].word, domosensors[k].word);
			assert_string_not_equal(
			    domosensors[i].label, domosensors[k].label);
		}
	}
	assert_true(len <= 1024);
}

static void
test_numbers(void **state)
{
	says("charge", "");
	set("battery.charge", "99.96");
	set("ups.load", "34");
	set("battery.voltage", "27.123");
	set("battery.runtime", "1540");
	set("input.frequency", "49.98");
	set("input.current", "1.234");
	set("ups.temperature", "28");
	says("charge", "0 100.0");
	says("load", "0 34.0");
	says("vbat", "0 27.12");
	says("runtime", "0 1540");
	says("fin", "0 50.0");
	says("iin", "0 1.23");
	says("temperature", "0 28.0");
	set("battery.temperature", "31.5");
	says("temperature", "0 31.5");
	assert_int_equal(domosensor_battery(u.ups), 100);
	set("battery.charge", "101");
	assert_int_equal(domosensor_battery(u.ups), -1);
	f.upses[0]->source = FEED_STALE;
	says("charge", "");
	says("load", "");
	assert_int_equal(domosensor_battery(u.ups), -1);
	assert_int_equal(domosensor_battery(NULL), -1);
}

/* What is no number of a sensor's size is not told. */
static void
test_no_numbers(void **state)
{
	static const char *const texts[] = {"", "abc", "nan", "inf", "0x10", "1e5", "1,5",
	    "12 V", "--1", "9999999", "-", "."};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		set("ups.load", texts[i]);
		says("load", "");
	}
}

/* Real power as it is told, or by the load; energy goes with it. */
static void
test_power(void **state)
{
	u.energy = true;
	u.wh = 48211;
	says("watts", "");
	says("energy", "");
	set("ups.load", "50");
	says("watts", "");
	set("ups.power.nominal", "1000");
	says("watts", "0 300");
	set("ups.realpower.nominal", "500");
	says("watts", "0 250");
	set("ups.realpower", "126");
	says("watts", "0 126");
	says("energy", "0 126;48211.0");
	u.energy = false;
	says("energy", "");
}

static const struct {
	const char *status, *lamp, *battery, *replace;
} statuses[] = {
    {"OL", "1 On mains", "0 ", "0 "},
    {"OL CHRG", "1 On mains, battery charging", "0 ", "0 "},
    {"OL RB", "2 On mains, replace the battery", "0 ", "1 "},
    {"OB DISCHRG", "3 ON BATTERY", "1 ", "0 "},
    {"OB LB", "4 ON BATTERY, battery LOW", "1 ", "0 "},
    {"FSD OB LB", "4 SHUTDOWN ORDERED, ON BATTERY, battery LOW", "1 ", "0 "},
    {"OL BYPASS", "3 On mains, on bypass, not protected", "0 ", "0 "},
    {"OL OVER", "4 On mains, OVERLOADED", "0 ", "0 "},
    {"OL NEWWORD", "1 On mains, NEWWORD", "0 ", "0 "},
};

static void
test_status(void **state)
{
	says("condition", "");
	says("onbattery", "");
	says("link", "1 ");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		char words[300];

		set("ups.status", statuses[i].status);
		says("condition", statuses[i].lamp);
		snprintf(words, sizeof(words), "0 %s", statuses[i].lamp + 2);
		says("status", words);
		says("onbattery", statuses[i].battery);
		says("replace", statuses[i].replace);
	}
}

/* What core decides is what everybody is shown. */
static void
test_view(void **state)
{
	set("ups.status", "OB");
	feed_view_set(f.upses[0], "*", FEED_VIEW_FSD);
	says("condition", "4 SHUTDOWN ORDERED, ON BATTERY");
}

static void
test_lost(void **state)
{
	set("ups.status", "OL");
	f.upses[0]->source = FEED_LOST;
	says("condition", "0 No communication with the UPS");
	says("status", "0 No communication with the UPS");
	says("onbattery", "");
	says("link", "0 ");
	u.ups = NULL;
	says("condition", "0 Nothing is known of it");
	says("charge", "");
	says("watts", "");
	says("link", "0 ");
}

#define FRESH(test) cmocka_unit_test_setup_teardown(test, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FRESH(test_table),
	    FRESH(test_numbers),
	    FRESH(test_no_numbers),
	    FRESH(test_power),
	    FRESH(test_status),
	    FRESH(test_view),
	    FRESH(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
