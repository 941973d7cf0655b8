/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "web/lang.h"
#include "web/lang_table.h"

static void
test_accept(void **state)
{
	static const struct {
		const char *header;
		enum lang lang;
	} cases[] = {
	    {NULL, LANG_EN},
	    {"", LANG_EN},
	    {"fr", LANG_FR},
	    {"FR-ch", LANG_FR},
	    {"de, fr;q=0.5, en;q=0.4", LANG_FR},
	    {"de-DE,de;q=0.9,en;q=0.8,fr;q=0.7", LANG_EN},
	    {"en;q=0.3, fr;q=0.301", LANG_FR},
	    {"fr, en", LANG_FR},
	    {"en, fr", LANG_EN},
	    {"fr;q=0", LANG_EN},
	    {"fr;q=0.0, en;q=0.1", LANG_EN},
	    {" \tfr ; q=0.2", LANG_FR},
	    {"*", LANG_EN},
	    {"french", LANG_EN},
	    {"f", LANG_EN},
	    {",,,fr", LANG_FR},
	    {"fr;x=1, en;q=0.1", LANG_EN},
	    {"fr;q=7, en;q=0.1", LANG_EN},
	    {"fr;q=1.999999999999999999999, en", LANG_FR},
	    {";;;", LANG_EN},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(lang_accept(cases[i].header), cases[i].lang);
}

/* What is beyond LANG_ACCEPT_MAX is not read. */
static void
test_accept_long(void **state)
{
	char header[LANG_ACCEPT_MAX + 8];

	memset(header, ',', sizeof(header));
	memcpy(header + LANG_ACCEPT_MAX - 2, "fr", 3);
	assert_int_equal(lang_accept(header), LANG_FR);
	memset(header, ',', sizeof(header));
	memcpy(header + LANG_ACCEPT_MAX - 1, "fr", 3);
	assert_int_equal(lang_accept(header), LANG_EN);
}

/* Which of {0} to {9} stand in a text, as bits. */
static unsigned
holes(const char *text)
{
	unsigned bits = 0;

	while ((text = strchr(text, '{')) != NULL) {
		assert_true(text[1] >= '0' && text[1] <= '9' && text[2] == '}');
		bits |= 1u << (text[1] - '0');
		text += 3;
	}
	return bits;
}

/* Binary search needs order; each text is there, with the same holes in each language. */
static void
test_table(void **state)
{
	for (size_t i = 0; i < lang_nrows; i++) {
		const struct lang_row *row = &lang_rows[i];

		assert_true(i == 0 || strcmp(lang_rows[i - 1].key, row->key) < 0);
		for (int lang = 0; lang < LANGS; lang++) {
			assert_non_null(row->text[lang]);
			assert_true(row->text[lang][0] != '\0');
			assert_int_equal(holes(row->text[lang]), holes(row->text[0]));
			assert_ptr_equal(
			    lang_text((enum lang)lang, row->key), row->text[lang]);
		}
	}
	assert_null(lang_text(LANG_EN, "no.such.key"));
	assert_string_equal(lang_code(LANG_FR), "fr");
}

/* A command that the page offers says what it does. */
static void
test_commands(void **state)
{
	for (size_t i = 0; i < lang_nrows; i++) {
		const char *key = lang_rows[i].key;
		char does[100];

		if (strncmp(key, "cmd.", 4) != 0 || strstr(key, ".does") != NULL)
			continue;
		snprintf(does, sizeof(does), "%s.does", key);
		assert_non_null(lang_text(LANG_EN, does));
	}
}

static void
test_json(void **state)
{
	struct buf out = {0};
	const char *text;

	lang_json(&out, LANG_FR);
	text = buf_str(&out);
	assert_int_equal(text[0], '{');
	assert_int_equal(text[out.len - 1], '}');
	assert_non_null(strstr(text, "\"flow.mains\":\"Secteur\""));
	assert_null(strchr(text, '<'));
	assert_null(strchr(text, '\n'));
	buf_free(&out);
}

static void
assert_status(const char *status, enum feed_source source, const char *wanted)
{
	const char *keys[LANG_STATUS_MAX];
	char said[200] = "";
	size_t n = lang_status(status, source, keys);

	assert_in_range(n, 1, LANG_STATUS_MAX);
	for (size_t i = 0; i < n; i++) {
		char key[40];

		snprintf(key, sizeof(key), "status.%s", keys[i]);
		assert_non_null(lang_text(LANG_EN, key));
		if (i > 0)
			strcat(said, " ");
		strcat(said, keys[i]);
	}
	assert_string_equal(said, wanted);
}

static void
test_status(void **state)
{
	assert_status("OL CHRG", FEED_OK, "mains charging");
	assert_status("OB DISCHRG", FEED_OK, "battery");
	assert_status("OL DISCHRG", FEED_OK, "mains discharging");
	assert_status("DISCHRG OB LB FSD", FEED_OK, "fsd low battery");
	assert_status("OL RB", FEED_STALE, "stale mains replace");
	assert_status(NULL, FEED_LOST, "lost");
	assert_status(NULL, FEED_OK, "waiting");
	assert_status("", FEED_OK, "waiting");
	assert_status("XYZ", FEED_OK, "waiting");
	/* All words at once are more than there is room for: the least important give way. */
	assert_status("FSD LB OFF OVER BYPASS OL RB ALARM HB TEST CAL BOOST TRIM CHRG "
		      "DISCHRG ECO",
	    FEED_LOST,
	    "lost fsd low off overload bypass mains replace alarm overcharged test "
	    "calibrating boost trim charging discharging");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accept),
	    cmocka_unit_test(test_accept_long),
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_json),
	    cmocka_unit_test(test_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
