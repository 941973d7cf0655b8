/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "mqtt/condition.h"
#include "mqtt/state_json.h"
#include "mqtt/topics.h"
#include "mqtt/trouble.h"

/* No name makes a dot, a wildcard, or an empty level. */
static void
names(void **state)
{
	static const struct {
		const char *name, *word, *path;
	} rows[] = {
	    {"qnapups", "qnapups", "qnapups"},
	    {"my.ups", "my_ups", "my/ups"},
	    {"a b+c#d/e$", "a_b_c_d_e_", "a_b_c_d_e_"},
	    {"", "_", "_"},
	    {".", "_", "_/_"},
	    {"a..b", "a__b", "a/_/b"},
	    {"battery.charge.low", "battery_charge_low", "battery/charge/low"},
	    {"\xc3\xbc", "__", "__"},
	};
	char word[TOPIC_WORD_MAX], path[TOPIC_PATH_MAX], longest[1000];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(topic_word(word, rows[i].name), rows[i].word);
		assert_string_equal(topic_path(path, rows[i].name), rows[i].path);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(strlen(topic_word(word, longest)), TOPIC_WORD_MAX - 3);
	assert_int_equal(strlen(topic_path(path, longest)), TOPIC_PATH_MAX - 3);
}

static void
topics(void **state)
{
	struct topics_parts parts;
	char topic[TOPIC_MAX];
	struct topics t;

	topics_init(&t, "company/ups", "House 7");
	assert_string_equal(t.base, "company/ups/House_7");
	assert_string_equal(t.site, "House_7");
	assert_string_equal(
	    topics_house(&t, topic, "status"), "company/ups/House_7/status");
	assert_string_equal(topics_ups(&t, topic, "my.ups", "battery/charge"),
	    "company/ups/House_7/my_ups/battery/charge");

	assert_true(topics_split(&t, topic, &parts));
	assert_string_equal(parts.ups, "my_ups");
	assert_string_equal(parts.tail, "battery/charge");
	assert_true(topics_split(&t, "company/ups/House_7/status", &parts));
	assert_string_equal(parts.ups, "");
	assert_string_equal(parts.tail, "status");
	assert_false(topics_split(&t, "company/ups/House_7", &parts));
	assert_false(topics_split(&t, "company/ups/House_7/", &parts));
	assert_false(topics_split(&t, "company/ups/House_7//x", &parts));
	assert_false(topics_split(&t, "company/ups/House_70/a/b", &parts));
	assert_false(topics_split(&t, "", &parts));
	memset(topic, 'x', sizeof(topic) - 1);
	memcpy(topic, "company/ups/House_7/", 20);
	topic[300] = '/';
	topic[TOPIC_MAX - 1] = '\0';
	assert_false(topics_split(&t, topic, &parts));

	assert_true(topics_tells("battery.charge"));
	assert_true(topics_tells("driver.name"));
	assert_true(topics_tells("states"));
	assert_false(topics_tells("driver.parameter.password"));
	assert_false(topics_tells("state"));
	assert_false(topics_tells("command.x"));
}

static void
conditions(void **state)
{
	static const struct {
		const char *status, *word;
		int mains, on_battery, low;
	} rows[] = {
	    {"OL", "On mains", 1, 0, 0},
	    {"OL CHRG", "Charging", 1, 0, 0},
	    {"OB DISCHRG", "On battery", 0, 1, 0},
	    {"OB LB", "Low battery", 0, 1, 1},
	    {"FSD OB LB", "Shutdown", 0, 1, 1},
	    {"BYPASS", "Bypass", -1, 0, 0},
	    {"OB CAL", "Calibration", 0, 1, 0},
	    {"WAIT", "Unknown", -1, -1, -1},
	    {"", "Unknown", -1, -1, -1},
	    {NULL, "Unknown", -1, -1, -1},
	    {"SOMETHING", "Unknown", -1, 0, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_string_equal(condition_word(rows[i].status), rows[i].word);
		assert_int_equal(
		    condition_is(&condition_rows[0], rows[i].status), rows[i].mains);
		assert_int_equal(
		    condition_is(&condition_rows[1], rows[i].status), rows[i].on_battery);
		assert_int_equal(
		    condition_is(&condition_rows[2], rows[i].status), rows[i].low);
	}
	/* Each of its words can be said. */
	for (const char *const *w = condition_words; *w != NULL; w++)
		for (const char *const *x = condition_words; x < w; x++)
			assert_string_not_equal(*w, *x);
}

static void
times(void **state)
{
	char text[STATE_TIME_MAX];

	assert_string_equal(state_json_time(text, 0), "1970-01-01T00:00:00.000Z");
	assert_string_equal(
	    state_json_time(text, 1795456800123), "2026-11-23T18:00:00.123Z");
	assert_string_equal(state_json_time(text, -1), "1969-12-31T23:59:59.999Z");
}

/* Each failure names the word of holdup.conf to look at. */
static void
troubles(void **state)
{
	static const struct {
		struct trouble trouble;
		const char *says;
	} rows[] = {
	    {{.error = ECONNREFUSED}, "url ="},
	    {{.error = EHOSTUNREACH}, "url ="},
	    {{.late = true}, "does not answer: url ="},
	    {{.garbage = true}, "mqtts://"},
	    {{.garbage = true, .tls = true}, "does not speak MQTT: url ="},
	    {{0}, "mqtts://"},
	    {{.refused = 4, .user = true}, "user =, password ="},
	    {{.refused = 5, .user = true}, "user =, password ="},
	    {{.refused = 5}, "user = and password ="},
	    {{.refused = 2}, "site ="},
	    {{.refused = 99}, "for no reason"},
	    {{.tls_cause = "ca = is wrong", .error = EPIPE}, "ca = is wrong"},
	    {{.up = true, .late = true}, "does not answer any more"},
	    {{.up = true}, "has ended the connection"},
	};
	char cause[300];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strstr(trouble_text(cause, sizeof(cause), &rows[i].trouble),
			rows[i].says) == NULL)
			fail_msg("%zu: %s", i, cause);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names),
	    cmocka_unit_test(topics),
	    cmocka_unit_test(conditions),
	    cmocka_unit_test(times),
	    cmocka_unit_test(troubles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
