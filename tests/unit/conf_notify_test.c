/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/conf_section.h"

#define BIT(kind) CONF_EVENTS_BIT(KIND_##kind)

/* A channel of each way, as holdup.conf(5) shows them. */
static void
test_ways(void **state)
{
	static const char text[] =
	    "[notify phone]\nvia = ntfy\nurl = https://ntfy.sh/my-secret-topic/\n"
	    "quiet = 23:00-07:00\n"
	    "[notify group]\nvia = Telegram\ntoken = 123456:ABC-DEF_x\nto = "
	    "-1001234567890\n"
	    "[notify guild]\nvia = discord\nurl = https://discord.com/api/webhooks/1/x\n"
	    "[notify push]\nvia = pushover\ntoken = azGDORePK8gMaC0QOYAMyEEuzJnyUi\n"
	    "to = uQiRzpo4DXghDmr9QzzfQu27cmVRsG\n"
	    "[notify room]\nvia = matrix\nurl = https://matrix.org\ntoken = syt_x\n"
	    "to = !abc:matrix.org\n"
	    "[notify hook]\nvia = webhook\nurl = https://h/hook/?a=b&c=\n"
	    "body = \"{\\\"t\\\": \\\"{text}\\\", \\\"c\\\": {\\\"v\\\": "
	    "\\\"{battery.charge|-}\\\"}}\"\n"
	    "type = \"text/plain; charset=utf-8\"\n"
	    "header = \"X-Key: a\"\nheader = \"X-Other: b\"\nuser = u\npassword = p\n"
	    "[notify office]\nvia = mail\nurl = smtps://mail.example.org\n"
	    "user = ups@example.org\npassword = p=q==\nfrom = ups@example.org\n"
	    "to = me@example.org, you@example.org\nevents = power trouble\n"
	    "title = \"{ups}: {{{event}\"\ntext = \"{text} after {outage.minutes} min\"\n"
	    "ca = /etc/ssl/house.pem\nups = myups\nwait = 30\nfold = 0\nsummary = no\n";
	struct holdup_conf c;
	const struct conf_notify *n;

	reads(&c, text);
	assert_int_equal(c.nnotifies, 7);
	for (size_t i = 0; i < c.nnotifies; i++) {
		assert_true(c.notifies[i].wanted);
		assert_int_equal(c.notifies[i].via, i + 1);
	}
	n = &c.notifies[0];
	assert_string_equal(n->name, "phone");
	assert_string_equal(n->url, "https://ntfy.sh/my-secret-topic");
	assert_int_equal(n->url_line, 3);
	assert_int_equal(n->events, conf_events_notify);
	assert_int_equal(n->quiet_from, 23 * 60);
	assert_int_equal(n->quiet_to, 7 * 60);
	assert_int_equal(n->wait, 0);
	assert_int_equal(n->fold, 600);
	assert_true(n->summary);
	assert_string_equal(c.notifies[4].to, "!abc:matrix.org");
	n = &c.notifies[5];
	assert_string_equal(n->url, "https://h/hook/?a=b&c=");
	assert_string_equal(
	    n->body, "{\"t\": \"{text}\", \"c\": {\"v\": \"{battery.charge|-}\"}}");
	assert_string_equal(n->type, "text/plain; charset=utf-8");
	assert_int_equal(n->nheaders, 2);
	assert_string_equal(n->headers[1], "X-Other: b");
	n = &c.notifies[6];
	assert_string_equal(n->to, "me@example.org,you@example.org");
	assert_string_equal(n->password, "p=q==");
	assert_string_equal(n->title, "{ups}: {{{event}");
	assert_string_equal(n->ups, "myups");
	assert_int_equal(n->wait, 30);
	assert_int_equal(n->fold, 0);
	assert_false(n->summary);
	assert_true(n->events & BIT(REPLACE));
	assert_false(n->events & BIT(MACHINE));
	holdup_conf_free(&c);
}

/* Times of the day, with and without minutes. */
static void
test_quiet(void **state)
{
	static const struct {
		const char *text;
		int from, to;
	} rows[] = {
	    {"23:00-07:00", 1380, 420},
	    {"23-7", 1380, 420},
	    {"0:00-24:00", 0, 0},
	    {"22:30-24:00", 1350, 0},
	    {"9:05-9:06", 545, 546},
	    {"23.00-07.00", 0, 0},
	    {"23:00 - 07:00", 0, 0},
	    {"23:00", 0, 0},
	    {"25-7", 0, 0},
	    {"24:01-7", 0, 0},
	    {"23:60-7", 0, 0},
	    {"23:0-7", 0, 0},
	    {"123-7", 0, 0},
	    {"7-7:00", 0, 0},
	    {"-7", 0, 0},
	    {"7-", 0, 0},
	    {"7-8-9", 0, 0},
	    {"7:+5-8", 0, 0},
	    {"night", 0, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const bool good = rows[i].from != rows[i].to;
		struct problems p = {0};
		struct holdup_conf c;
		char text[200];

		snprintf(text, sizeof(text),
		    "[notify a]\nvia = ntfy\nurl = https://h/t\nquiet = %s\n",
		    rows[i].text);
		holdup_conf_read(&c, "f", text, strlen(text), &p);
		assert_int_equal(c.notifies[0].quiet_from, rows[i].from);
		assert_int_equal(c.notifies[0].quiet_to, rows[i].to);
		assert_true(c.notifies[0].wanted);
		if (good)
			assert_int_equal(p.count, 0);
		else
			assert_problem(&p, p.count, 0, 4, "quiet takes two times");
		holdup_conf_free(&c);
		problems_free(&p);
	}
}

/* Sets, single kinds, and what is taken from them. */
static void
test_events(void **state)
{
	static const struct {
		const char *text;
		uint64_t events;
	} rows[] = {
	    {"all", CONF_EVENTS_BIT(KINDS) - 1},
	    {"OnBatt,online", BIT(ONBATT) | BIT(ONLINE)},
	    {"logins, clock", BIT(LOGIN) | BIT(LOGOUT) | BIT(CLOCK)},
	    {"voltage -trim", BIT(BOOST) | BIT(STRAIGHT)},
	    {"tests", BIT(TEST) | BIT(TESTED) | BIT(CALIBRATION) | BIT(LEARNED)},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct holdup_conf c;
		char text[200];

		snprintf(text, sizeof(text),
		    "[notify a]\nvia = ntfy\nurl = https://h/t\nevents = %s\n",
		    rows[i].text);
		reads(&c, text);
		assert_int_equal(c.notifies[0].events, rows[i].events);
		holdup_conf_free(&c);
	}
}

/* A minus at the beginning takes from what goes without that line. */
static void
test_minus(void **state)
{
	static const char text[] =
	    "[notify a]\nvia = ntfy\nurl = https://h/t\nevents = -machines -lost deed\n";
	struct holdup_conf c;

	reads(&c, text);
	assert_int_equal(c.notifies[0].events,
	    (conf_events_notify & ~(BIT(MACHINE) | BIT(LOST))) | BIT(DEED));
	holdup_conf_free(&c);
}

#define N "[notify a]\n"
#define NTFY N "via = ntfy\nurl = https://h/t\n"
#define HOOK N "via = webhook\nurl = https://h\n"
#define MAIL N "via = mail\nurl = smtp://h\nfrom = a@b\nto = c@d\n"

static const struct section_fault faults[] = {
    {"[notify]\nvia = ntfy\n", 1, false,
	"[notify] needs a name, write for example "
	"[notify phone]"},
    {"[notify a.b]\nvia = ntfy\n", 1, false, "its name takes at most 32 letters"},
    {"[notify my phone]\nvia = ntfy\n", 1, false, "begins with [word] or [word name]"},
    {N, 1, false, "does not say how, and tells nothing: write via ="},
    {N "via = sms\n", 2, false, "via takes ntfy, telegram, discord"},
    {N "via = email\n", 2, false, "meant is perhaps mail"},
    {N "via = ntfy\n", 1, false, "via ntfy needs url = https://ntfy.sh/"},
    {N "via = ntfy\nurl = https://ntfy.sh/\n", 3, false, "ends behind the name of the"},
    {N "via = ntfy\nurl = mqtt://h/t\n", 3, false, "\"mqtt://\" is no url"},
    {N "via = ntfy\nurl = smtp://h\n", 3, false, "via ntfy takes a url of http://"},
    {N "via = ntfy\nurl = ntfy.sh/geheim\n", 3, false, "\"ntfy.sh\" is no url"},
    {NTFY "url = https://u:geheim@h/t\n", 4, true, "give them as user ="},
    {NTFY "url https://h/geheim\n", 4, true, "read as: url = ..."},
    {NTFY "token geheim\n", 4, true, "read as: token = ..."},
    {NTFY "token = \"a b\"\n", 4, true, "token holds a blank"},
    {NTFY "password = geheim\n", 1, true, "has a password but no user"},
    {NTFY "user = u\n", 1, true, "has a user but no password"},
    {NTFY "token = t\nuser = u\npassword = p\n", 1, true, "the token is sent"},
    {NTFY "body = x\n", 1, true, "via ntfy has no use for body ="},
    {NTFY "to = x\n", 1, true, "via ntfy has no use for to ="},
    {NTFY "wait = 1h\n", 4, true, "wait takes a number from 0 to 3600"},
    {NTFY "fold = -1\n", 4, true, "fold takes a number from 0 to 86400"},
    {NTFY "summary = maybe\n", 4, true, "summary takes yes or no"},
    {NTFY "evens = all\n", 4, true, "did you mean \"events\""},
    {NTFY "events = powr\n", 4, true, "did you mean \"power\"?"},
    {NTFY "ups = \"a b\"\n", 4, true, "cannot be the name of a UPS"},
    {NTFY "ca = x.pem\n", 4, true, "ca takes the whole path"},
    {NTFY "title = {upss}\n", 4, true, "{upss} is unknown, did you mean {ups}? The line"},
    {NTFY "title = {wonderful}\n", 4, true, "{wonderful} is unknown: it takes {ups}"},
    {NTFY "text = \"{text\"\n", 4, true, "\"{text\" is not closed by \"}\""},
    {NTFY "text = \"{battery.charge|x\"\n", 4, true, "is not closed"},
    {NTFY "text = \"{a b}\"\n", 4, true, "\"{a\" is not closed"},
    {NTFY "text = {outage.minuts}\n", 4, true, "did you mean {outage.minutes}?"},
    {NTFY "text = {battery.chrage}\n", 4, true, "no variable of NUT that is known"},
    {NTFY "[notify a]\nwait = 3\n", 4, true, "a second channel needs a name of its own"},
    {N "via = telegram\nto = 1\n", 1, false, "via telegram needs token = 123456:"},
    {N "via = telegram\ntoken = 1:a\n", 1, false, "via telegram needs to = -100"},
    {N "via = telegram\ntoken = bot1:geheim\nto = 1\n", 1, false,
	"without \"bot\" before them"},
    {N "via = discord\nurl = https://discord.com\n", 3, false, "ends behind the name of"},
    {N "via = pushover\ntoken = x\n", 1, false, "via pushover needs to ="},
    {N "via = matrix\ntoken = x\nto = !r:h\n", 1, false, "via matrix needs url ="},
    {N "via = matrix\nurl = https://h\ntoken = x\nto = #room:h\n", 5, false,
	"to has no value"},
    {HOOK "url = https://h/?a=geheim x\n", 4, true, "url has blanks in it"},
    {HOOK "user = u\npassword = geheim geheim\n", 5, true, "password has blanks in it"},
    {HOOK "header = X-Key: geheim\n", 4, true, "header takes one whole header in quotes"},
    {HOOK "header = geheim\n", 4, true, "header takes one whole header in quotes"},
    {HOOK "header = \"content-type: a/b\"\n", 4, true, "but by type ="},
    {HOOK "header = \"Content-Length: 1\"\n", 4, true, "Content-Length is not to be"},
    {HOOK "type = json\n", 4, true, "type takes the Content-Type of the body"},
    {HOOK "type = text/plain\n", 1, true, "has a type and no body"},
    {HOOK "body = x\ntitle = y\n", 1, true, "title and text say nothing there"},
    {N "via = mail\nurl = smtp://h\nfrom = a@b\n", 1, false, "via mail needs to = me@"},
    {N "via = mail\nurl = https://h\nfrom = a@b\nto = c@d\n", 3, false,
	"via mail takes a url of smtp:// or smtps://"},
    {MAIL "from = ups\n", 1, false, "from = takes addresses like me@example.org, not "},
    {MAIL "to = x@@y\n", 1, false, "to = takes addresses"},
    {MAIL "from = \"UPS <a@b>\"\n", 1, false, "not \"UPS <a@b>\""},
    {MAIL "token = geheim\n", 1, true, "via mail has no use for token ="},
};

static bool
is_wanted(const struct holdup_conf *c)
{
	return c->nnotifies > 0 && c->notifies[0].wanted;
}

static void
test_faults(void **state)
{
	assert_faults(faults, sizeof(faults) / sizeof(faults[0]), SIZE_MAX, is_wanted);
}

/* One channel more than there is room for, and one header. */
static void
test_many(void **state)
{
	struct problems p = {0};
	struct holdup_conf c;
	char text[8192] = "", row[100];

	for (int i = 0; i < CONF_NOTIFIES_MAX + 1; i++) {
		snprintf(
		    row, sizeof(row), "[notify c%d]\nvia = webhook\nurl = http://h\n", i);
		strcat(text, row);
	}
	strcat(text, "[notify c0]\n");
	for (int i = 0; i < CONF_HEADERS_MAX + 1; i++)
		strcat(text, "header = \"A: b\"\n");
	holdup_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(c.nnotifies, CONF_NOTIFIES_MAX);
	assert_int_equal(c.notifies[0].nheaders, CONF_HEADERS_MAX);
	assert_problem(&p, 3, 0, 3 * CONF_NOTIFIES_MAX + 1, "more than 16 channels");
	assert_problem(&p, 3, 1, 3 * CONF_NOTIFIES_MAX + 4, "a second section");
	assert_problem(&p, 3, 2, p.list[2].line, "more than 16 headers");
	holdup_conf_free(&c);
	problems_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ways),
	    cmocka_unit_test(test_quiet),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_minus),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
