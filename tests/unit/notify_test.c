/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/notify.h"

static char first_word[] = "qnapups@localhost", second_word[] = "second@[fe80::9]:3500";
static char long_message[2000], odd_message[] = "100% of %s, %d %n %s!";

static struct conf_monitor monitors[] = {
    {.system = first_word},
    {.system = second_word},
};

static const struct upsmon_conf conf = {
    .monitors = monitors,
    .nmonitors = 2,
    .notifyflags = {[NOTIFY_ONBATT] = NOTIFY_EXEC | NOTIFY_SYSLOG},
};

static void
test_names(void **state)
{
	assert_string_equal(notify_name(NOTIFY_ONBATT), "ONBATT");
	for (int i = 0; i < NOTIFY_TYPES; i++)
		assert_int_equal(notify_type(notify_name(i)), i);
	assert_int_equal(notify_type("onbatt"), NOTIFY_ONBATT);
	assert_int_equal(notify_type("ONBAT"), -1);
	assert_int_equal(notify_type(""), -1);
}

/* Each number means one line and one type, and there are no others. */
static void
test_rows(void **state)
{
	struct notify_row row;

	for (uint32_t number = 0; number < 2 * NOTIFY_TYPES; number++) {
		bool whole = notify_whole(number % NOTIFY_TYPES);

		if (whole && number >= NOTIFY_TYPES) {
			assert_int_equal(notify_row(&conf, number, NULL, &row), -1);
			continue;
		}
		assert_int_equal(notify_row(&conf, number, NULL, &row), 0);
		assert_int_equal(
		    notify_row_number(number / NOTIFY_TYPES, row.type), number);
		assert_int_not_equal(row.text[0], '\0');
		assert_null(strchr(row.text, '%'));
		assert_string_equal(row.ups, whole ? ""
					     : number < NOTIFY_TYPES
						 ? "qnapups@localhost"
						 : "second@[fe80::9]:3500");
		assert_int_equal(strstr(row.text, "qnapups@localhost") != NULL,
		    !whole && number < NOTIFY_TYPES);
	}
	assert_int_equal(notify_row(&conf, 2 * NOTIFY_TYPES, NULL, &row), -1);
	assert_int_equal(notify_row(&conf, UINT32_MAX, NULL, &row), -1);
}

/* What concerns no UPS. */
static void
test_whole(void **state)
{
	int n = 0;

	for (int i = 0; i < NOTIFY_TYPES; i++)
		n += notify_whole(i);
	assert_int_equal(n, 5);
	assert_true(notify_whole(NOTIFY_SHUTDOWN));
	assert_true(notify_whole(NOTIFY_SHUTDOWN_HOSTSYNC));
	assert_true(notify_whole(NOTIFY_NOPARENT));
	assert_true(notify_whole(NOTIFY_SUSPEND_STARTING));
	assert_true(notify_whole(NOTIFY_SUSPEND_FINISHED));
}

static const struct {
	enum notify_type type;
	const char *format, *extra, *text;
} extras[] = {
    {NOTIFY_ALARM, NULL, "Replace battery!", "alarm: Replace battery!"},
    {NOTIFY_ALARM, NULL, NULL, "alarm: n/a"},
    {NOTIFY_ALARM, NULL, "", "alarm: n/a"},
    {NOTIFY_ALARM, "%s", "x", "qnapups@localhost"},
    {NOTIFY_ALARM, "%s: %s, %s", "x y", "qnapups@localhost: x y, x y"},
    {NOTIFY_ALARM, "no more", "x", "no more"},
    {NOTIFY_OTHER, "%s [%s]", "TEST HOT", "qnapups@localhost [TEST HOT]"},
    {NOTIFY_ONBATT, "%s %s", "x", "qnapups@localhost qnapups@localhost"},
    {NOTIFY_ALARM, "%s %s", "%s %d %n", "qnapups@localhost %s %d %n"},
    {NOTIFY_ALARM, "%s %s", "$(reboot) `x` \"y\" a\\b",
	"localhost ?(reboot) ?x? ?y? a?b"},
    {NOTIFY_ALARM, "%s %s", "a\nb\tc\x7f\xc3\xbc", "localhost a?b?c???"},
};

/* What a UPS says is a part of the message where that has room for it, and harmless. */
static void
test_extras(void **state)
{
	for (size_t i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
		char format[64];
		struct upsmon_conf own = conf;
		struct notify_row row;

		if (extras[i].format != NULL) {
			snprintf(format, sizeof(format), "%s", extras[i].format);
			own.notifymsg[extras[i].type] = format;
		}
		assert_int_equal(
		    notify_row(&own, extras[i].type, extras[i].extra, &row), 0);
		assert_non_null(strstr(row.text, extras[i].text));
	}
}

/* It cannot push what follows out of the message. */
static void
test_long_extra(void **state)
{
	struct upsmon_conf own = conf;
	struct notify_row row;
	char format[] = "%s%s.", extra[2000];

	own.notifymsg[NOTIFY_ALARM] = format;
	memset(extra, 'y', sizeof(extra) - 1);
	extra[sizeof(extra) - 1] = '\0';
	assert_int_equal(notify_row(&own, NOTIFY_ALARM, extra, &row), 0);
	assert_int_equal(
	    strlen(row.text), strlen("qnapups@localhost") + NOTIFY_EXTRA_MAX - 1 + 1);
}

static void
test_flags(void **state)
{
	struct notify_row row;

	notify_row(&conf, NOTIFY_ONBATT, NULL, &row);
	assert_int_equal(row.flags, NOTIFY_EXEC | NOTIFY_SYSLOG);
	notify_row(&conf, NOTIFY_ONLINE, NULL, &row);
	assert_int_equal(row.flags, 0);
}

/* A message of the file is no format of printf, and is cut, not overrun. */
static void
test_messages(void **state)
{
	struct upsmon_conf own = conf;
	struct notify_row row;

	own.notifymsg[NOTIFY_ONBATT] = odd_message;
	assert_int_equal(notify_row(&own, NOTIFY_ONBATT, NULL, &row), 0);
	assert_string_equal(
	    row.text, "100% of qnapups@localhost, %d %n qnapups@localhost!");
	memset(long_message, 'x', sizeof(long_message) - 1);
	long_message[sizeof(row.text) - 10] = '%';
	long_message[sizeof(row.text) - 9] = 's';
	own.notifymsg[NOTIFY_ONBATT] = long_message;
	assert_int_equal(notify_row(&own, NOTIFY_ONBATT, NULL, &row), 0);
	assert_int_equal(strlen(row.text), sizeof(row.text) - 1);
	assert_string_equal(&row.text[sizeof(row.text) - 10], "qnapups@l");
}

/* Without a MONITOR line there is nothing to tell. */
static void
test_nothing(void **state)
{
	struct upsmon_conf none = {0};
	struct notify_row row;

	for (uint32_t number = 0; number <= NOTIFY_TYPES; number++)
		assert_int_equal(notify_row(&none, number, NULL, &row), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_extras),
	    cmocka_unit_test(test_long_extra),
	    cmocka_unit_test(test_flags),
	    cmocka_unit_test(test_messages),
	    cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
