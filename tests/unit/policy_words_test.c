/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/policy_in.h"
#include "tests/unit/policy_house.h"

/* The words of ups.status: what they are, and what people are told at their edges. The
 * measure is upsmon of NUT 2.8.5 (clients/upsmon.c: parse_status). */

/* Watched, and never a reason to go down. */
#define WATCHED SERVER_MON "MINSUPPLIES 0\n"

/* What people were told since the last call: "OVER ALARM=text". Other deeds are left out. */
static const char *
house_told(struct house *h)
{
	static char told[1024];
	const char *line = buf_str(&h->did), *end;

	told[0] = '\0';
	for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
		size_t len = strlen(told);
		char type[64];

		if (sscanf(line, "NOTIFY %63[A-Z_]", type) != 1)
			continue;
		line = memchr(line, ':', (size_t)(end - line));
		snprintf(&told[len], sizeof(told) - len, "%s%s%s%.*s", len > 0 ? " " : "",
		    type, line != NULL ? "=" : "",
		    line == NULL ? 0 : (int)(end - line - 2),
		    line == NULL ? "" : line + 2);
	}
	buf_clear(&h->did);
	return told;
}

static void
house_alarm(struct house *h, size_t row, const char *text)
{
	house_step(
	    h, (struct policy_event){.kind = POLICY_ALARM, .row = row, .status = text});
}

static void
house_mode(struct house *h, size_t row, const char *text)
{
	house_step(
	    h, (struct policy_event){.kind = POLICY_MODE, .row = row, .status = text});
}

static const struct {
	const char *status;
	unsigned words;
	const char *others;
} readings[] = {
    {"", 0, ""},
    {"   ", 0, ""},
    {"OL", WORD_OL, ""},
    {"ol chrg", WORD_OL, ""},
    {" OB  LB ", WORD_OB | WORD_LB, ""},
    {"OL CHRG RB HB DISCHRG WAIT", WORD_OL | WORD_RB, ""},
    {"ALARM OL BYPASS OVER", WORD_ALARM | WORD_OL | WORD_BYPASS | WORD_OVER, ""},
    {"OFF CAL FSD", WORD_OFF | WORD_CAL | WORD_FSD, ""},
    {"OL TRIM ECO", WORD_OL | WORD_TRIM | WORD_ECO, ""},
    {"OB BOOST", WORD_OB | WORD_BOOST, ""},
    {"OL TEST", WORD_OL | WORD_TEST | WORD_OTHER, "TEST"},
    {"HOT OL OLD DEPLETED", WORD_OL | WORD_OTHER, "HOT OLD DEPLETED"},
    {"OLB OBOL", WORD_OTHER, "OLB OBOL"},
};

static void
test_reading(void **data)
{
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		char others[NOTIFY_EXTRA_MAX];

		assert_int_equal(
		    policy_words_read(readings[i].status, others), readings[i].words);
		assert_string_equal(others, readings[i].others);
	}
}

/* More than there is room for: whole words, and no byte too many. */
static void
test_many(void **data)
{
	char status[4096], others[NOTIFY_EXTRA_MAX + 1];

	memset(others, '#', sizeof(others));
	for (size_t i = 0; i < sizeof(status); i++)
		status[i] = i % 8 == 7 ? ' ' : 'x';
	status[sizeof(status) - 1] = '\0';
	assert_int_equal(policy_words_read(status, others), WORD_OTHER);
	assert_int_equal(strlen(others), 32 * 8 - 1);
	assert_int_equal(others[NOTIFY_EXTRA_MAX], '#');
	memset(status, 'x', sizeof(status) - 1);
	assert_int_equal(policy_words_read(status, others), WORD_OTHER);
	assert_string_equal(others, "");
}

static const struct {
	const char *modes;
	bool eco;
} modes[] = {
    {"", false},
    {"ECO", false},
    {"vendor:mge-hid:normal", false},
    {"vendor:mge-hid:ECO", true},
    {"vendor:mge-hid:normal vendor:default:ESS", true},
    {"vendor:apc:HE", true},
    {"vendor:voltronic:ECO-inverter-on", true},
    {"vendor:voltronic:freq-converter-on", false},
    {"vendor:hewlett:x", false},
    {"vendor:he:x", false},
    {"vendor:", false},
    {":", false},
    {"vendor:x:smart", true},
};

static void
test_modes(void **data)
{
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		assert_int_equal(policy_words_eco(modes[i].modes), modes[i].eco);
}

static void
test_same(void **data)
{
	assert_true(policy_words_same("", ""));
	assert_true(policy_words_same("A B", "B A"));
	assert_true(policy_words_same("A A", "A"));
	assert_false(policy_words_same("A", "A B"));
	assert_false(policy_words_same("A B", "A"));
	assert_false(policy_words_same("A", "AB"));
	assert_false(policy_words_same("", "A"));
}

/* Each status follows the one before it; before the first nothing was known. */
static const struct {
	const char *status, *did;
} edges[] = {
    {"OL", ""},
    {"OL CHRG", ""},
    {"OL OFF", "OFF"},
    {"OL OFF", ""},
    {"OL", "NOTOFF"},
    {"OL BYPASS OVER", "BYPASS OVER"},
    {"OL OVER", "NOTBYPASS"},
    {"OL TRIM", "NOTOVER TRIM"},
    {"OL BOOST", "NOTTRIM BOOST"},
    {"OL ECO", "NOTBOOST ECO"},
    {"OL CAL DISCHRG", "NOTECO CAL"},
    {"OB CAL LB", "ONBATT LOWBATT"},
    {"OB LB", "NOTCAL"},
    {"OB", ""},
    {"OB LB", "LOWBATT"},
    {"OL", "ONLINE"},
    {"OL HOT", "OTHER=HOT"},
    {"HOT OL", ""},
    {"OL HOT DUSTY", "OTHER=HOT DUSTY"},
    {"OL DUSTY HOT", ""},
    {"OL DUSTY", "OTHER=DUSTY"},
    {"OL TEST", "OTHER=TEST"},
    {"OL", "NOTOTHER"},
    {"OL CAL OFF BYPASS HOT", "CAL OFF BYPASS OTHER=HOT"},
    {"OL", "NOTCAL NOTOFF NOTBYPASS NOTOTHER"},
};

static void
test_edges(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_dump(h, 0, "OL");
	house_told(h);
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
		house_status(h, 0, edges[i].status);
		assert_string_equal(house_told(h), edges[i].did);
	}
	house_end(h);
}

/* What is so at the first reading is told, but that the mains is there. */
static void
test_first(void **data)
{
	static const struct {
		const char *status, *did;
	} firsts[] = {
	    {"OL", ""},
	    {"OB LB", "ONBATT LOWBATT"},
	    {"OL BYPASS", "BYPASS"},
	    {"OL RB OFF", "OFF REPLBATT"},
	    {"OB CAL HOT", "ONBATT CAL OTHER=HOT"},
	};

	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		struct house *h = house_new(SERVER_UPS, WATCHED);

		house_dump(h, 0, firsts[i].status);
		assert_string_equal(house_told(h), firsts[i].did);
		house_end(h);
	}
}

/* While the UPS is silent nothing is over; what has changed meanwhile is told after it. */
static void
test_silence(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_dump(h, 0, "OL OVER TRIM");
	assert_string_equal(house_told(h), "OVER TRIM");
	house_source(h, 0, FEED_STALE);
	house_pass(h, 6000);
	assert_string_equal(house_told(h), "COMMBAD");
	house_status(h, 0, "OL BOOST TRIM");
	assert_string_equal(house_told(h), "");
	house_source(h, 0, FEED_OK);
	assert_string_equal(house_told(h), "COMMOK NOTOVER BOOST");
	house_end(h);
}

/* A driver that gives no ups.status is as silent as none, for upsmon. */
static void
test_no_status(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_dump(h, 0, "OL OVER");
	assert_string_equal(house_told(h), "OVER");
	house_status(h, 0, NULL);
	house_pass(h, 6000);
	assert_string_equal(house_told(h), "COMMBAD");
	house_status(h, 0, "");
	house_pass(h, 60000);
	assert_string_equal(house_told(h), "");
	house_status(h, 0, "OL");
	assert_string_equal(house_told(h), "COMMOK NOTOVER");
	house_end(h);
	h = house_new(SERVER_UPS, WATCHED);
	house_source(h, 0, FEED_OK);
	house_pass(h, 6000);
	assert_string_equal(house_told(h), "COMMBAD");
	house_end(h);
}

/* An alarm has a text, which comes with the word or soon after it, and may change. */
static void
test_alarm(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_dump(h, 0, "OL");
	house_alarm(h, 0, "Replace battery!");
	assert_string_equal(house_told(h), "");
	house_status(h, 0, "ALARM OL");
	assert_string_equal(house_told(h), "ALARM=Replace battery!");
	house_alarm(h, 0, "Replace battery! Overload!");
	assert_string_equal(house_told(h), "ALARM=Replace battery! Overload!");
	house_alarm(h, 0, NULL);
	house_pass(h, 60000);
	assert_string_equal(house_told(h), "");
	house_status(h, 0, "OL");
	assert_string_equal(house_told(h), "NOTALARM");
	house_status(h, 0, "ALARM OL");
	house_pass(h, 4000);
	assert_string_equal(house_told(h), "");
	house_alarm(h, 0, "Fan!");
	assert_string_equal(house_told(h), "ALARM=Fan!");
	house_status(h, 0, "OL");
	house_alarm(h, 0, NULL);
	assert_string_equal(house_told(h), "NOTALARM");
	house_status(h, 0, "ALARM OL");
	house_pass(h, 5000);
	assert_string_equal(house_told(h), "ALARM");
	house_pass(h, 60000);
	assert_string_equal(house_told(h), "");
	house_end(h);
}

/* What upsmon would not see between two looks is not told: neither its end. */
static void
test_short_alarm(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_dump(h, 0, "OL");
	house_status(h, 0, "ALARM OL");
	house_pass(h, 1000);
	house_status(h, 0, "OL");
	house_pass(h, 60000);
	assert_string_equal(house_told(h), "");
	house_end(h);
}

static void
test_saving_mode(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_dump(h, 0, "OL");
	house_mode(h, 0, "vendor:mge-hid:ECO");
	assert_string_equal(house_told(h), "ECO");
	house_status(h, 0, "OL ECO");
	house_mode(h, 0, "vendor:mge-hid:normal");
	assert_string_equal(house_told(h), "");
	house_status(h, 0, "OL");
	assert_string_equal(house_told(h), "NOTECO");
	house_end(h);
}

/* A new process tells nothing that the old one has told. */
static void
test_restart(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_alarm(h, 0, "Fan!");
	house_dump(h, 0, "ALARM OL HOT OVER");
	assert_string_equal(house_told(h), "OVER OTHER=HOT ALARM=Fan!");
	house_restart(h);
	house_alarm(h, 0, "Fan!");
	house_dump(h, 0, "ALARM OL HOT TRIM");
	assert_string_equal(house_told(h), "NOTOVER TRIM");
	house_alarm(h, 0, "Fan! Heat!");
	house_status(h, 0, "ALARM OL COLD TRIM");
	assert_string_equal(house_told(h), "ALARM=Fan! Heat! OTHER=COLD");
	house_restart(h);
	house_dump(h, 0, "OL");
	assert_string_equal(house_told(h), "NOTALARM NOTTRIM NOTOTHER");
	house_end(h);
}

/* A sleep is told when it is over, and changes none of the words. */
static void
test_sleep(void **data)
{
	struct house *h = house_new(SERVER_UPS, WATCHED);

	house_dump(h, 0, "OL OVER");
	house_told(h);
	h->now += 3600000;
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
	assert_string_equal(house_told(h), "SUSPEND_FINISHED");
	house_dump(h, 0, "OL TRIM");
	assert_string_equal(house_told(h), "NOTOVER TRIM");
	house_step(h, (struct policy_event){.kind = POLICY_SLEEP});
	assert_string_equal(house_told(h), "SUSPEND_STARTING");
	/* An alarm whose text has not come is told when all was read. */
	house_status(h, 0, "ALARM OL TRIM");
	h->now += 3600000;
	house_step(h, (struct policy_event){.kind = POLICY_TIME});
	assert_string_equal(house_told(h), "SUSPEND_FINISHED");
	house_alarm(h, 0, "Fan!");
	assert_string_equal(house_told(h), "");
	house_dump(h, 0, "ALARM OL TRIM");
	assert_string_equal(house_told(h), "ALARM=Fan!");
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reading),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_modes),
	    cmocka_unit_test(test_same),
	    cmocka_unit_test(test_edges),
	    cmocka_unit_test(test_first),
	    cmocka_unit_test(test_silence),
	    cmocka_unit_test(test_no_status),
	    cmocka_unit_test(test_alarm),
	    cmocka_unit_test(test_short_alarm),
	    cmocka_unit_test(test_saving_mode),
	    cmocka_unit_test(test_restart),
	    cmocka_unit_test(test_sleep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
