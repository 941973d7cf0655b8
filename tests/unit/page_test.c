/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/sha256.h"
#include "web/page.h"
#include "web/page_packed.h"
#include "web/page_text.h"

#define WEIGHT_MAX 150000 /* bytes, with a house of usual size */
#define NOW 1795436000.0

static const char *const feeds[] = {"ups"};

static const struct page_ups mains_there = {.name = "ups",
    .desc = "Server",
    .status = "OL CHRG",
    .source = FEED_OK,
    .mains = PAGE_MAINS_ON,
    .since = NOW - 90,
    .input_voltage = 231,
    .input_frequency = 50,
    .output_voltage = 230,
    .load = 23,
    .watts = 124,
    .va = NAN,
    .watts_estimated = true,
    .charge = 88,
    .charge_low = 20,
    .runtime = 1520,
    .runtime_learned = NAN,
    .voltage = 13.4,
    .temperature = 25.5,
    .health = NAN,
    .confidence = NAN};

/* The page of one UPS, one machine and one event, NUL-terminated; buf_free() it. */
static const char *
page(struct buf *out, enum lang lang, const struct page_ups *u)
{
	static const struct page_machine machine = {
	    "nas", "on", "", true, false, feeds, 1, 180, 270};
	static const struct page_event event = {NOW - 90, "ups", "online", NULL, "Back."};
	struct page_facts facts = {.lang = lang,
	    .version = "1.2.3",
	    .time = NOW,
	    .fresh = true,
	    .protected = true,
	    .upses = u,
	    .nupses = u != NULL,
	    .machines = &machine,
	    .nmachines = 1,
	    .events = &event,
	    .nevents = 1};

	page_write(out, &facts);
	return buf_str(out);
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("missing: %s", part);
}

/* Each slot of page.html is one of page.c's, or a key of the words. */
static void
test_slots(void **state)
{
	static const char *const own[] = {
	    "lang", "title", "version", "state", "words", ""};

	for (size_t i = 0; i < page_npieces; i++) {
		bool known = lang_text(LANG_EN, page_pieces[i].slot) != NULL;

		for (size_t k = 0; k < sizeof(own) / sizeof(own[0]); k++)
			known = known || strcmp(page_pieces[i].slot, own[k]) == 0;
		if (!known)
			fail_msg("{{%s}}", page_pieces[i].slot);
	}
}

/* Each key that the script asks for by t('key' is there. */
static void
test_script_words(void **state)
{
	struct buf out = {0};
	const char *text = page(&out, LANG_EN, &mains_there);
	unsigned asked = 0;

	while ((text = strstr(text, "t('")) != NULL) {
		bool call = strchr("({[ ,?:\t\n", text[-1]) != NULL;
		size_t len = strcspn(text + 3, "'");
		char key[60];

		snprintf(key, sizeof(key), "%.*s", (int)len, text + 3);
		text += 3;
		if (!call)
			continue;
		if (lang_text(LANG_EN, key) == NULL)
			fail_msg("t('%s')", key);
		asked++;
	}
	assert_true(asked > 50);
	buf_free(&out);
}

/* The state is there without any script, in both languages. */
static void
test_state(void **state)
{
	struct buf out = {0};
	const char *text = page(&out, LANG_EN, &mains_there);

	assert_has(text, "<html lang=\"en\">");
	assert_has(text, "<title>On mains, battery is charging · holdup</title>");
	assert_has(text, "The mains is there.");
	assert_has(text, "data-ups=\"ups\"");
	assert_has(text, "25.5\u00a0°C");
	assert_has(text, "1\u00a0min 30\u00a0s");
	assert_has(text, "goes down after 3\u00a0min, off after 4\u00a0min 30\u00a0s");
	assert_has(text, "2026-11-23");
	assert_has(text, "holdup 1.2.3");
	assert_null(strstr(text, "nan"));
	buf_clear(&out);
	text = page(&out, LANG_FR, &mains_there);
	assert_has(text, "<html lang=\"fr\">");
	assert_has(text, "Le secteur est présent.");
	assert_has(text, "25,5\u00a0°C");
	buf_free(&out);
}

static void
test_on_battery(void **state)
{
	struct page_ups u = mains_there;
	struct buf out = {0};

	u.replace = "2015-09-19";
	u.status = "OB DISCHRG";
	u.mains = PAGE_MAINS_OFF;
	assert_has(page(&out, LANG_EN, &u),
	    "On battery for 1\u00a0min 30\u00a0s. About 25\u00a0min are left.");
	assert_has(buf_str(&out), "2015-09-19<small> overdue");
	buf_clear(&out);
	u.replace = "2026-11-23";
	u.source = FEED_LOST;
	assert_has(page(&out, LANG_EN, &u), "<title>UPS is not reached · holdup</title>");
	assert_has(buf_str(&out), "<dd>2026-11-23</dd>");
	buf_clear(&out);
	u.estimated = true;
	assert_has(page(&out, LANG_EN, &u),
	    "<title>UPS is not reached, on battery · holdup</title>");
	buf_clear(&out);
	assert_has(page(&out, LANG_EN, NULL), "No UPS is known yet.");
	buf_free(&out);
}

/* What a UPS says is text, wherever it stands. */
static void
test_foreign(void **state)
{
	struct page_ups u = mains_there;
	struct buf out = {0};
	const char *text;

	u.name = "\"><script>alert(1)</script>";
	u.desc = "<img src=x onerror=alert(2)> & \xff\xc0\xaf\xed\xa0\x80\x01";
	u.replace = "</dl><b>";
	text = page(&out, LANG_EN, &u);
	assert_null(strstr(text, "<script>alert"));
	assert_null(strstr(text, "<img"));
	assert_null(strstr(text, "</dl><b>"));
	assert_null(memchr(text, 0xff, out.len));
	assert_null(memchr(text, 0x01, out.len));
	assert_has(text, "data-ups=\"&quot;&gt;&lt;script&gt;");
	buf_free(&out);
}

/* So are machines, events, and the UPS that the headline names among several. */
static void
test_foreign_house(void **state)
{
	static const char evil[] = "<u onclick=x>";
	const struct page_machine machine = {
	    evil, "on", evil, true, false, feeds, 1, 180, 270};
	const struct page_event event = {NOW - 90, evil, evil, evil, evil};
	struct page_ups upses[] = {mains_there, mains_there};
	struct page_facts facts = {.lang = LANG_EN,
	    .version = "1",
	    .time = NOW,
	    .fresh = true,
	    .upses = upses,
	    .nupses = 2,
	    .machines = &machine,
	    .nmachines = 1,
	    .events = &event,
	    .nevents = 1};
	struct buf out = {0};

	upses[1].desc = evil;
	upses[1].status = "OB";
	upses[1].mains = PAGE_MAINS_OFF;
	page_write(&out, &facts);
	assert_null(strstr(buf_str(&out), evil));
	assert_has(buf_str(&out), "&lt;u onclick=x&gt;: ");
	buf_free(&out);
}

/* Who must log in first is shown nothing. */
static void
test_closed(void **state)
{
	struct page_facts facts = {.lang = LANG_EN,
	    .version = "1",
	    .time = NOW,
	    .closed = true,
	    .upses = &mains_there,
	    .nupses = 1};
	struct buf out = {0};

	page_write(&out, &facts);
	assert_has(buf_str(&out), "Log in to see the state.");
	assert_null(strstr(buf_str(&out), "Server"));
	assert_has(buf_str(&out), "<title>holdup</title>");
	buf_free(&out);
}

/* The text between two marks, its hash as CSP has it, stands in the policy. */
static void
assert_allowed(const char *text, const char *from, const char *to)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *begin = strstr(text, from), *end;
	uint8_t sum[SHA256_SIZE + 1] = {0};
	char hash[60] = "'sha256-";
	size_t len = strlen(hash);
	struct sha256 s;

	assert_non_null(begin);
	begin += strlen(from);
	end = strstr(begin, to);
	assert_non_null(end);
	sha256_begin(&s);
	sha256_add(&s, begin, (size_t)(end - begin));
	sha256_end(&s, sum);
	for (size_t i = 0; i < sizeof(sum); i += 3) {
		unsigned three = (unsigned)sum[i] << 16 | sum[i + 1] << 8 | sum[i + 2];

		for (int shift = 18; shift >= 0; shift -= 6)
			hash[len++] = digits[three >> shift & 63];
	}
	memcpy(hash + len - 1, "='", 3);
	assert_has(page_csp, hash);
}

/* Nothing but our one script and style runs, and nothing comes from elsewhere. */
static void
test_policy(void **state)
{
	struct buf out = {0};
	const char *text = page(&out, LANG_FR, &mains_there);

	assert_allowed(text, "<style>", "</style>");
	assert_allowed(text, "<script type=\"module\">", "</script>");
	assert_null(strstr(page_csp, "unsafe"));
	assert_has(page_csp, "default-src 'none'");
	assert_has(page_csp, "frame-ancestors 'none'");
	assert_null(strstr(text, " style=\""));
	assert_null(strstr(text, "eval("));
	assert_null(strstr(text, "innerHTML"));
	assert_null(strstr(text, "src=\"http"));
	assert_null(strstr(text, "href=\"http"));
	assert_null(strstr(text, "href=\"/"));
	buf_free(&out);
}

static void
test_weight(void **state)
{
	enum { MACHINES = 20, EVENTS = 30 };
	struct page_machine machines[MACHINES];
	struct page_event events[EVENTS];
	struct page_ups upses[] = {mains_there, mains_there};
	struct page_facts facts = {.lang = LANG_FR,
	    .version = "0.1.0",
	    .time = NOW,
	    .fresh = true,
	    .upses = upses,
	    .nupses = 2,
	    .machines = machines,
	    .nmachines = MACHINES,
	    .events = events,
	    .nevents = EVENTS};
	struct buf out = {0};

	for (size_t i = 0; i < MACHINES; i++)
		machines[i] = (struct page_machine){"192.168.0.31 (monuser)", "on", "",
		    true, false, feeds, 1, 1100, 1130};
	for (size_t i = 0; i < EVENTS; i++)
		events[i] = (struct page_event){NOW, "qnapups", "deed",
		    "admin@192.168.0.9", "test.battery.start.quick was ordered: done."};
	page_write(&out, &facts);
	assert_in_range(out.len, 60000, WEIGHT_MAX);
	buf_free(&out);
}

static void
assert_duration(double seconds, const char *wanted)
{
	struct buf out = {0};

	page_text_duration(&out, LANG_EN, seconds);
	assert_string_equal(buf_str(&out), wanted);
	buf_free(&out);
}

static void
test_numbers(void **state)
{
	struct buf out = {0};

	assert_duration(-1, "0\u00a0s");
	assert_duration(59.4, "59\u00a0s");
	assert_duration(120, "2\u00a0min");
	assert_duration(270, "4\u00a0min 30\u00a0s");
	assert_duration(3599, "59\u00a0min");
	assert_duration(3840, "1\u00a0h 04\u00a0min");
	assert_duration(93600, "1\u00a0d 2\u00a0h");
	assert_duration(NAN, "");
	assert_duration(INFINITY, "");
	assert_duration(1e300, "");
	page_text_number(&out, LANG_FR, NAN, 1, "V");
	page_text_number(&out, LANG_FR, 1e300, 1, "V");
	page_text_moment(&out, NAN);
	page_text_moment(&out, -1);
	page_text_moment(&out, 1e300);
	assert_int_equal(out.len, 0);
	page_text_moment(&out, NOW);
	assert_string_equal(buf_str(&out),
	    "<time datetime=\"2026-11-23T12:13:20Z\">2026-11-23 12:13 UTC</time>");
	buf_free(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_slots),
	    cmocka_unit_test(test_script_words),
	    cmocka_unit_test(test_state),
	    cmocka_unit_test(test_on_battery),
	    cmocka_unit_test(test_foreign),
	    cmocka_unit_test(test_foreign_house),
	    cmocka_unit_test(test_closed),
	    cmocka_unit_test(test_policy),
	    cmocka_unit_test(test_weight),
	    cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
