/* SPDX-License-Identifier: ISC */
/* What each client gets from a UPS that is hard to bear: status words that some of them
 * fall over, letters beyond ASCII, quotes, blanks. One file in profiles/ for each, with the
 * lines that it sends behind ">", \r for CR, and the exact answers behind "<", VERSION for
 * ours. A first line "= word" is its profile in holdup.conf; else it is known by what it says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/xmem.h"
#include "net/clean.h"
#include "tests/unit/session_world.h"

static const char hard[] =
    "BEGIN 7\n"
    "UPS myups \"B\xc3\xbcro \\\"oben\\\"\"\n"
    "myups SETINFO battery.charge \"100\"\n"
    "myups SETINFO ups.id \"a  b\"\n"
    "myups SETFLAGS ups.id RW STRING\n"
    "myups SETAUX ups.id 8\n"
    "myups SETINFO ups.mfr \"\xc3\x89mile \\\"Q\\\" & Co\"\n"
    "myups SETINFO ups.model \"Smart  UPS\\\\1500 50\xc2\xb0\x43\"\n"
    "myups SETINFO ups.serial \" AB 12 \"\n"
    "myups SETINFO ups.status \"OB LB RB  ECO HOLD\"\n"
    "myups SETINFO ups.test.result \"\xe6\x97\xa0\"\n"
    "myups ADDCMD beeper.mute\n"
    "myups DATAOK\n"
    "END 7\n";

static const char users[] = "[monuser]\npassword = secret\nupsmon secondary\n"
			    "[upsmon]\npassword = fixmepass\nupsmon secondary\n";

/* Says one line of the file; what comes back goes to `heard` as the file has it. */
static void
converse(struct world *w, const char *line, size_t len, struct buf *heard)
{
	struct buf said = {0}, out = {0};
	const char *at;

	for (size_t i = 0; i < len; i++)
		if (i + 1 < len && line[i] == '\\' && line[i + 1] == 'r') {
			buf_puts(&said, "\r");
			i++;
		} else
			buf_add(&said, &line[i], 1);
	buf_puts(&said, "\n");
	if (session_input(&w->session, buf_head(&said), said.len, &out) == SESSION_WAIT)
		world_answer(w, NULL, &out);
	for (at = buf_str(&out); *at != '\0'; at = strchr(at, '\n') + 1) {
		const char *version = strstr(at, HOLDUP_VERSION);
		int length = (int)strcspn(at, "\n") + 1;

		if (version != NULL && version < at + length)
			buf_printf(heard, "< %.*sVERSION%.*s", (int)(version - at), at,
			    length - (int)(version - at) - (int)strlen(HOLDUP_VERSION),
			    version + strlen(HOLDUP_VERSION));
		else
			buf_printf(heard, "< %.*s", length, at);
	}
	buf_free(&said);
	buf_free(&out);
}

/* Plays a file; true when all bytes are as it has them. */
static bool
play(enum conf_profile kind)
{
	char *path =
	    xasprintf(SOURCE_ROOT "/tests/unit/profiles/%s", conf_profiles[kind]);
	size_t len;
	char *text = conf_slurp(path, &len);
	struct buf heard = {0};
	struct world w;
	struct holdup_conf own;
	struct problems problems = {0};
	const char *at = text;
	bool told, same;

	if (text == NULL)
		fail_msg("%s cannot be read", path);
	told = *at == '=';
	world_begin(&w);
	session_end(&w.session);
	feed_clear(&w.feed);
	world_apply(&w.feed, hard);
	users_conf_free(&w.users);
	users_conf_read(&w.users, "upsd.users", users, strlen(users), &problems);
	holdup_conf_read(&own, "holdup.conf", "", 0, &problems);
	if (told) {
		char *conf = xasprintf(
		    "[client 10.0.0.0/8]\nprofile %.*s", (int)strcspn(at, "\n") + 1, at);

		holdup_conf_read(&own, "holdup.conf", conf, strlen(conf), &problems);
		buf_add(&heard, at, strcspn(at, "\n") + 1);
		free(conf);
	}
	assert_int_equal(problems.count, 0);
	w.host.own = &own;
	session_begin(&w.session, &w.host, 12, "10.0.0.7");
	for (; *at != '\0'; at += strcspn(at, "\n") + 1)
		if (*at == '>') {
			buf_add(&heard, at, strcspn(at, "\n") + 1);
			converse(&w, at + 2, strcspn(at, "\n") - 2, &heard);
		}
	same = strcmp(buf_str(&heard), text) == 0;
	if (!same)
		printf("%s should be:\n%s", path, buf_str(&heard));
	/* A QNAP is known by more than one connection. */
	if (!told && kind != CONF_QNAP)
		assert_int_equal(w.session.talk.kind, kind);
	world_end(&w);
	holdup_conf_free(&own);
	buf_free(&heard);
	free(text);
	free(path);
	return same;
}

static void
test_golden(void **state)
{
	bool same = true;

	for (int i = 0; i < CONF_PROFILES; i++)
		same &= play((enum conf_profile)i);
	assert_true(same);
}

/* The most that matters reaches everybody, whatever a driver adds to it. */
static void
test_sacred(void **state)
{
	char out[128];

	for (int i = 0; i < CONF_PROFILES; i++) {
		uint32_t look = profile_of((enum conf_profile)i)->look;

		profile_status(look, "FSD OB LB COOLING OB X", out, sizeof(out));
		assert_ptr_equal(strstr(out, "FSD OB LB"), out);
		assert_null(strstr(out + 9, "OB"));
		if (i != CONF_FULL && i != CONF_HOLDUP && i != CONF_UPSMON)
			assert_string_equal(out, "FSD OB LB");
		profile_status(look, " OL  CHRG ", out, sizeof(out));
		assert_string_equal(out, "OL CHRG");
		profile_status(look, "", out, sizeof(out));
		assert_string_equal(out, "");
	}
	/* What does not fit is left out as a word. */
	profile_status(profile_of(CONF_FULL)->look, "OB LB CHRG", out, 9);
	assert_string_equal(out, "OB LB");
}

static const struct {
	const char *text, *clean;
} texts[] = {
    {"", ""},
    {"100", "100"},
    {"  a  b ", "a b"},
    {" ", ""},
    {"\"\\", "'/"},
    {"M\xc3\xbcller-L\xc3\xbc"
     "denscheid \xe2\x80\x93 230\xc2\xa0V",
	"Muller-Ludenscheid - 230 V"},
    {"21\xc2\xb0", "21deg"},
    {"21\xb0", "21deg"},                    /* Latin-1 */
    {"\xc3", "A"},                          /* cut in the middle */
    {"\xe2\x82", "a?"},                     /* likewise */
    {"\xf0\x9f\x94\x8b", "?"},              /* a battery */
    {"\xf0\x9f\x94", "d??"},                /* ... cut */
    {"\xc0\xaf\xe0\x80\x80\xff", "A-a??y"}, /* overlong, and never valid */
    {"\xc2\xad", "?"},                      /* what vanishes leaves something */
    {"e\xcc\x81\t\x7f", "e ?"},
    {"\xe2\x82\xac 5", "EUR 5"},
};

static void
test_clean(void **state)
{
	char out[128];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_string_equal(
		    clean_text(texts[i].text, out, sizeof(out)), texts[i].clean);
		assert_true(clean_is(texts[i].clean));
		assert_int_equal(
		    clean_is(texts[i].text), strcmp(texts[i].text, texts[i].clean) == 0);
	}
	assert_string_equal(clean_text("\xc2\xbd\xc2\xbd", out, 5), "1/21");
	for (unsigned c = 1; c < 0x100; c++) {
		char text[] = {'a', (char)c, 'b', '\0'};

		assert_true(clean_is(clean_text(text, out, sizeof(out))));
	}
}

/* Words that only the later NUTs have go to those who know them. */
static void
test_errors(void **state)
{
	const struct profile *winnut = profile_of(CONF_WINNUT);

	assert_string_equal(
	    profile_error(winnut, "UNKNOWN-INSTCMD"), "CMD-NOT-SUPPORTED");
	assert_string_equal(profile_error(winnut, "VAR-UNKNOWN"), "VAR-NOT-SUPPORTED");
	assert_string_equal(profile_error(winnut, "DATA-STALE"), "DATA-STALE");
	assert_null(profile_error(winnut, "MADE-UP"));
	assert_string_equal(
	    profile_error(profile_of(CONF_UPSC), "VAR-UNKNOWN"), "VAR-UNKNOWN");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_golden),
	    cmocka_unit_test(test_sacred),
	    cmocka_unit_test(test_clean),
	    cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
