/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/utf8.h"
#include "publish/hours.h"
#include "publish/mail.h"
#include "publish/message.h"

/* Templates, mails, and quiet hours by the clock on the wall. */

static const char *
look(void *arg, const char *name)
{
	static const char *const values[][2] = {{"ups", "office"},
	    {"battery.charge", "97"}, {"text", "He said \"no\\yes\"\n\xffüß"},
	    {"zero", "007"}, {"minus", "-12.50"}, {"empty", ""},
	    {"serial", "12345678901234567890"}};

	(void)arg;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i][0], name) == 0)
			return values[i][1];
	return NULL;
}

static void
fills(const char *template, bool json, const char *wanted)
{
	const struct template_values values = {look, NULL};
	struct buf out = {0};

	template_fill(&out, template, json, &values);
	assert_string_equal(buf_str(&out), wanted);
	buf_free(&out);
}

static void
templates(void **state)
{
	fills("{ups} has {battery.charge} %", false, "office has 97 %");
	fills("{ups.load|?}{ups.load}{ups.load|}{empty|none}", false, "?none");
	fills("{{ups} {{{ups}", false, "{ups} {office");
	fills("{ {1} {Ups} {ups {ups|x", false, "{ {1} {Ups} {ups {ups|x");
	fills("", false, "");
	fills(
	    "{\"a\": {battery.charge}, \"b\": {minus}, \"c\": {ups}, \"d\": {ups.load}}",
	    true, "{\"a\": 97, \"b\": -12.50, \"c\": \"office\", \"d\": null}");
	fills("{\"a\": \"{battery.charge} %\", \"b\": \"{text}\", \"c\": {zero}}", true,
	    "{\"a\": \"97 %\", \"b\": \"He said \\\"no\\\\yes\\\"\\n?üß\", \"c\": "
	    "\"007\"}");
	/* No reader has so many digits: a serial number stays what it is. */
	fills("[{serial}, {ups.load|0.1234567}]", true,
	    "[\"12345678901234567890\", \"0.1234567\"]");
	fills("\"\\\"{text|}\\\"\" {ups.load|3}", true,
	    "\"\\\"He said \\\"no\\\\yes\\\"\\n?üß\\\"\" 3");
}

static void
utf8(void **state)
{
	struct buf out = {0};

	utf8_add(&out, "aü€😀\x01\n\x7f\xc0\xaf\xe2\x82|\xed\xa0\x80|\xf4\x90\x80\x80");
	assert_string_equal(buf_str(&out), "aü€😀?\n???"
					   "??|???|????");
	buf_free(&out);
}

static void
header(const char *text, const char *wanted)
{
	struct buf out = {0};

	mail_header(&out, "Subject", text);
	assert_string_equal(buf_str(&out), wanted);
	buf_free(&out);
}

static void
headers(void **state)
{
	header("Power failure: Server", "Subject: Power failure: Server\r\n");
	header("a\r\nBcc: b", "Subject: a? Bcc: b\r\n");
	header("Büro", "Subject: =?UTF-8?Q?B=C3=BCro?=\r\n");
	header("€€€€€€€€€€",
	    "Subject: "
	    "=?UTF-8?Q?=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC?=\r\n"
	    " =?UTF-8?Q?=E2=82=AC=E2=82=AC=E2=82=AC=E2=82=AC?=\r\n");
	header("0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 "
	       "0123456789",
	    "Subject: "
	    "=?UTF-8?Q?0123456789_0123456789_0123456789_0123456789_0123456789?=\r\n"
	    " =?UTF-8?Q?_0123456789_0123456789?=\r\n");
}

static void
mails(void **state)
{
	const struct conf_notify c = {.name = (char[]){"office"},
	    .from = (char[]){"ups@example.org"},
	    .to = (char[]){"a@example.org,b@example.org"}};
	struct message m = {.title = (char[]){"Battery is low"},
	    .text =
		(char[]){
		    "line \n.\n= ü 0123456789012345678901234567890123456789012345678901"
		    "23456789012345678901234567890"},
	    .priority = NEWS_EMERGENCY,
	    .at = INT64_C(1795392000000),
	    .key = "19a"};
	struct buf out = {0};

	mail_write(&out, &c, &m, "my home\r\n");
	assert_string_equal(buf_str(&out),
	    "Date: Mon, 23 Nov 2026 00:00:00 +0000\r\n"
	    "From: ups@example.org\r\n"
	    "To: a@example.org,\r\n b@example.org\r\n"
	    "Subject: Battery is low\r\n"
	    "Message-ID: <holdup.19a.office.myhome@example.org>\r\n"
	    "Importance: high\r\nX-Priority: 1\r\n"
	    "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "line=20\r\n.\r\n"
	    "=3D =C3=BC "
	    "0123456789012345678901234567890123456789012345678901234567890123=\r\n"
	    "45678901234567890\r\n");
	buf_free(&out);
}

static int64_t
at(int month, int day, int hour, int minute)
{
	struct tm tm = {.tm_year = 126,
	    .tm_mon = month - 1,
	    .tm_mday = day,
	    .tm_hour = hour,
	    .tm_min = minute,
	    .tm_isdst = -1};

	return (int64_t)mktime(&tm) * 1000;
}

static void
quiet(void **state)
{
	const int from = 23 * 60, to = 7 * 60 + 30;

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	assert_false(hours_quiet(from, from, at(11, 23, 23, 0)));
	assert_true(hours_quiet(from, to, at(11, 23, 23, 0)));
	assert_true(hours_quiet(from, to, at(11, 24, 7, 29)));
	assert_false(hours_quiet(from, to, at(11, 24, 7, 30)));
	assert_false(hours_quiet(to, from, at(11, 24, 7, 29)));
	assert_true(hours_quiet(to, from, at(11, 24, 7, 30)));
	assert_int_equal(hours_end(from, to, at(11, 23, 23, 0)), at(11, 24, 7, 30));
	assert_int_equal(hours_end(from, to, at(11, 24, 7, 30)), at(11, 25, 7, 30));
	assert_int_equal(hours_ended(from, to, at(11, 24, 7, 30)), at(11, 24, 7, 30));
	assert_int_equal(hours_ended(from, to, at(11, 24, 7, 29)), at(11, 23, 7, 30));
	/* The night in which the clocks are set back, and forward. */
	assert_int_equal(hours_end(from, to, at(10, 24, 23, 0)) - at(10, 24, 23, 0),
	    INT64_C(1000) * (9 * 3600 + 1800));
	assert_int_equal(hours_end(from, to, at(3, 28, 23, 0)) - at(3, 28, 23, 0),
	    INT64_C(1000) * (7 * 3600 + 1800));
	assert_int_equal(hours_ended(from, from, at(11, 24, 7, 29)), 0);
	setenv("TZ", "UTC", 1);
	tzset();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(templates),
	    cmocka_unit_test(utf8),
	    cmocka_unit_test(headers),
	    cmocka_unit_test(mails),
	    cmocka_unit_test(quiet),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
