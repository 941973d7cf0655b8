/* SPDX-License-Identifier: ISC */
/* Fingerprints by whole conversations, each line a connection or the time that passes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/session_world.h"

/* The world's UPSes do not have the names that a NAS asks for. */
static const char names[] =
    "8 lost GONE\n9 UPS QNAPups \"\"\n10 QNAPups SETINFO ups.status \"OL\"\n"
    "11 QNAPups SETINFO ups.test.result \"Done\"\n12 QNAPups DATAOK\n"
    "13 UPS ups \"\"\n14 ups SETINFO ups.status \"OL\"\n15 ups DATAOK\n";

/* A world with one more session at the same address as often as one likes. */
static void
begin(struct world *w)
{
	world_begin(w);
	world_apply(&w->feed, names);
	session_end(&w->session);
}

/* One connection says this and ends (core grants LOGIN). */
static void
connection_from(struct world *w, const char *address, const char *said)
{
	enum session_next next;

	session_begin(&w->session, &w->host, 12, address);
	next = session_input(&w->session, said, strlen(said), &w->out);
	while (next == SESSION_WAIT) {
		world_answer(w, NULL, &w->out);
		next = session_input(&w->session, NULL, 0, &w->out);
	}
	session_end(&w->session);
	buf_clear(&w->out);
}

static void
connection(struct world *w, const char *said)
{
	connection_from(w, "10.0.0.7", said);
}

/* What core has heard since the last call, as "ups kind" and lines. */
static const char *
seen(struct world *w)
{
	static char text[4096];
	const char *at = buf_str(&w->requests);
	size_t len = 0;

	text[0] = '\0';
	while ((at = strstr(at, " SEEN ")) != NULL) {
		at += 6;
		len += (size_t)snprintf(
		    text + len, sizeof(text) - len, "%.*s\n", (int)strcspn(at, "\n"), at);
	}
	buf_clear(&w->requests);
	return text;
}

#define STATUS "GET VAR qnapups ups.status\n"
#define RESULT "GET VAR qnapups ups.test.result\n"
#define LIST "LIST VAR qnapups\n"
#define BYE "LOGOUT\n"

/* As captured from a TS-653D. */
static void
test_qnap(void **state)
{
	struct world w;

	begin(&w);
	connection(&w, STATUS BYE);
	assert_string_equal(seen(&w), "QNAPups other\n");
	connection(&w, RESULT BYE);
	assert_string_equal(seen(&w), "");
	/* From now on at each reading, but for those within a second. */
	connection(&w, LIST BYE);
	assert_string_equal(seen(&w), "QNAPups qnap\n");
	connection(&w, STATUS BYE);
	assert_string_equal(seen(&w), "");
	for (int i = 0; i < 3; i++) {
		w.host.now += READERS_KNOWN_MS;
		connection(&w, i % 2 ? STATUS BYE : RESULT); /* with LOGOUT or without */
		assert_string_equal(seen(&w), "QNAPups qnap\n");
	}
	/* The address next door is another. */
	connection_from(&w, "10.0.0.8", STATUS BYE);
	assert_string_equal(seen(&w), "QNAPups other\n");
	world_end(&w);
}

static void
test_no_qnap(void **state)
{
	static const char *const talks[] = {
	    STATUS RESULT BYE,                       /* two commands */
	    "STARTTLS\n" RESULT BYE,                 /* upsc */
	    "USERNAME a\nPASSWORD b\n" RESULT,       /* credentials */
	    "GET VAR fake ups.test.result\n" STATUS, /* another UPS */
	    "GET VAR qnapups ups.load\n",            /* check_ups */
	    "GET VAR qnapups ups.test.result x\n",
	    "LIST VAR\n",
	    "LIST UPS\n" LIST,
	};
	struct world w;

	begin(&w);
	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++) {
		connection(&w, talks[i]);
		w.host.now += READERS_OTHER_MS;
	}
	seen(&w);
	/* Status alone, as often as one likes; the result alone, likewise. */
	for (int i = 0; i < 3; i++)
		connection(&w, STATUS BYE);
	for (int i = 0; i < 3; i++)
		connection_from(&w, "10.0.0.8", RESULT BYE);
	assert_string_equal(seen(&w), "QNAPups other\nQNAPups other\n");
	w.host.now += READERS_OTHER_MS;
	connection(&w, LIST BYE);
	connection_from(&w, "10.0.0.8", RESULT BYE);
	assert_string_equal(seen(&w), "QNAPups other\nQNAPups other\n");
	world_end(&w);
}

#define DSM "STARTTLS\nUSERNAME monuser\nPASSWORD secret\nLOGIN ups\n"

/* DSM's own upsmon whose LOGIN fails goes on as a reader, and so do its upsc beside it. */
static void
test_synology(void **state)
{
	struct world w;

	begin(&w);
	connection(&w, DSM "GET VAR ups ups.status\n");
	assert_string_equal(seen(&w), "ups synology\n");
	assert_int_equal(w.denied, 1);
	w.host.now += READERS_KNOWN_MS;
	connection(&w, "STARTTLS\nGET VAR ups ups.status\nGET VAR ups ups.load\n");
	assert_string_equal(seen(&w), "ups synology\n");
	/* Another UPS, another name: not what DSM does. */
	connection(&w, "STARTTLS\nUSERNAME monuser\nPASSWORD secret\nLOGIN Fake\n"
		       "GET VAR Fake ups.status\n");
	connection_from(&w, "10.0.0.8",
	    "STARTTLS\nUSERNAME mon\nPASSWORD x\nLOGIN ups\n"
	    "GET VAR ups ups.status\n");
	assert_string_equal(seen(&w), "Fake other\nups other\n");
	world_end(&w);
}

/* A LOGIN that works makes it a login like any other. */
static void
test_synology_logged_in(void **state)
{
	static const char users[] = "[monuser]\npassword = secret\nupsmon slave\n";
	struct problems problems = {0};
	struct world w;

	begin(&w);
	users_conf_free(&w.users);
	users_conf_read(&w.users, "upsd.users", users, strlen(users), &problems);
	connection(&w, DSM "GET VAR ups ups.status\n");
	assert_non_null(strstr(buf_str(&w.requests), "monuser 10.0.0.7 - LOGIN ups\n"));
	assert_string_equal(seen(&w), "");
	world_end(&w);
}

static void
test_winnut(void **state)
{
	struct world w;

	begin(&w);
	connection(&w, "LOGIN\r\r\nVER\r\r\nGET VAR fake ups.mfr\r\r\n");
	assert_string_equal(seen(&w), "Fake winnut\n");
	/* Its next connection, should the first have broken. */
	w.host.now += READERS_KNOWN_MS;
	connection(&w, "GET VAR fake ups.mfr\r\r\nGET VAR fake ups.id\r\r\n");
	assert_string_equal(seen(&w), "Fake winnut\n");
	connection_from(&w, "10.0.0.8", "LOGIN\r\nGET VAR fake ups.mfr\r\n");
	assert_string_equal(seen(&w), "Fake other\n");
	world_end(&w);
}

/* Every UPS of a scrape is told of, each at most every ten seconds. */
static void
test_others(void **state)
{
	struct world w;

	begin(&w);
	for (int i = 0; i < 20; i++) {
		connection(&w, "LIST UPS\nLIST VAR Fake\nLIST VAR stale\nLIST VAR ups\n");
		w.host.now += READERS_OTHER_MS / 10;
	}
	assert_string_equal(seen(&w), "Fake other\nstale other\nups other\n"
				      "Fake other\nstale other\nups other\n");
	world_end(&w);
}

/* Says lines in a connection that goes on; returns what comes back. */
static const char *
talk(struct world *w, const char *said)
{
	buf_clear(&w->out);
	session_input(&w->session, said, strlen(said), &w->out);
	while (w->session.waiting != SESSION_IDLE) {
		world_answer(w, NULL, &w->out);
		session_input(&w->session, NULL, 0, &w->out);
	}
	return buf_str(&w->out);
}

/* Who it is by the first lines; what comes much later changes nothing but WinNUT's ends. */
static const struct {
	const char *said;
	enum conf_profile kind;
} talks[] = {
    {"LIST VAR ups\n", CONF_STRANGER},
    {"GET VAR ups ups.status\nGET VAR ups ups.load\n", CONF_STRANGER},
    {"USERNAME a\nPASSWORD b\nLOGIN x\nMASTER x\n", CONF_UPSMON},
    {"STARTTLS\nPROTVER\nUSERNAME a\nPASSWORD b\nLOGIN x\nPRIMARY x\n", CONF_UPSMON},
    {"STARTTLS\nUSERNAME a\nPASSWORD b\nLOGIN x\n", CONF_UPSMON},
    {"USERNAME upsmon\nPASSWORD b\nLOGIN ups\n", CONF_TRUENAS},
    {"USERNAME a\nPASSWORD b\nLIST UPS\nLOGIN x\nINSTCMD x y\n", CONF_PEANUT},
    {"USERNAME a\nPASSWORD b\nLIST UPS\nLIST VAR x\nLIST CMD x\n", CONF_HOMEASSISTANT},
    {"list ups\nlist var a\nlist var b\nlist var c\nlist ups\n", CONF_NETDATA},
    {"STARTTLS\nLIST UPS\n", CONF_UPSC},
    {"NETVER\nUSERNAME a\nPASSWORD b\nLIST UPS\n", CONF_RUPS},
    {"LIST VAR x\nSUBSCRIBE\n", CONF_HOLDUP},
    {"VER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nNETVER\n",
	CONF_STRANGER},
    {"VER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\nVER\r\r\n",
	CONF_WINNUT},
    {"VER\r\nNETVER\r\n", CONF_GONUT},
    {"\n\nLOGOUT\n", CONF_STRANGER},
};

static void
test_kinds(void **state)
{
	for (size_t i = 0; i < sizeof(talks) / sizeof(talks[0]); i++) {
		struct world w;

		world_begin(&w);
		talk(&w, talks[i].said);
		assert_int_equal(w.session.talk.kind, talks[i].kind);
		world_end(&w);
	}
}

/* Who else is there is told to those who have an account, and to this machine. */
static void
test_listed(void **state)
{
	struct world w;

	begin(&w);
	connection_from(
	    &w, "10.0.0.8", DSM "GET VAR ups ups.status\nGET VAR ups ups.x\n");
	w.host.now += 7000;
	session_begin(&w.session, &w.host, 12, "10.0.0.7");
	assert_string_equal(talk(&w, "LIST READER\nLIST READER no\nLIST READER UPS\n"),
	    "ERR INVALID-ARGUMENT\nERR UNKNOWN-UPS\nERR ACCESS-DENIED\n");
	session_end(&w.session);
	session_begin(&w.session, &w.host, 12, "10.0.0.7");
	assert_string_equal(talk(&w, "USERNAME mon\nPASSWORD secret\nLOGIN ups\n"
				     "GET VAR ups ups.status\n"),
	    "OK\nOK\nOK\nVAR ups ups.status \"OL\"\n");
	assert_string_equal(talk(&w, "LIST READER UPS\nLIST READER fake\n"),
	    "BEGIN LIST READER UPS\n"
	    "READER UPS 10.0.0.8 synology \"\" 7 2 1 \"GET VAR\"\n"
	    "READER UPS 10.0.0.7 upsmon \"mon\" 0 1 0 \"GET VAR\"\n"
	    "END LIST READER UPS\n"
	    "BEGIN LIST READER fake\nEND LIST READER fake\n");
	/* The login ends, the reader was there. */
	talk(&w, "LOGOUT\n");
	session_end(&w.session);
	session_begin(&w.session, &w.host, 12, "::1");
	assert_string_equal(talk(&w, "LIST READER ups\n"),
	    "BEGIN LIST READER ups\n"
	    "READER ups 10.0.0.8 synology \"\" 7 2 1 \"GET VAR\"\n"
	    "READER ups 10.0.0.7 upsmon \"\" 0 1 0 \"GET VAR\"\n"
	    "END LIST READER ups\n");
	world_end(&w);
}

/* Somebody with no more to be known by than its address reads. */
static bool
reads(struct readers *r, const char *address, uint64_t now, enum conf_profile *kind)
{
	struct reader_talk talk = {0};

	return readers_read(r, &talk, address, "u", NULL, now, kind);
}

/* The table is bounded: whoever was away for longest is forgotten, nobody else. */
static void
test_bounded(void **state)
{
	static struct readers r;
	enum conf_profile kind;
	char address[32];
	int told = 0;

	for (int i = 0; i < READERS_MAX; i++) {
		struct reader_talk talk = {0};

		reader_hear(&talk, 1, (char *[]){(char[]){"VER"}}, true);
		snprintf(address, sizeof(address), "10.0.0.%d", i);
		assert_true(
		    readers_read(&r, &talk, address, "u", NULL, 1 + (uint64_t)i, &kind));
		assert_int_equal(kind, CONF_WINNUT);
	}
	/* They have not been there for long, but for the first. */
	assert_true(reads(&r, "10.0.0.0", READERS_STAY_MS + 5000, &kind));
	assert_true(reads(&r, "10.1.0.1", READERS_STAY_MS + 5000, &kind));
	assert_true(reads(&r, "10.1.0.2", READERS_STAY_MS + 5000, &kind));
	assert_int_equal(kind, CONF_STRANGER);
	reads(&r, "10.0.0.0", READERS_STAY_MS + 5001, &kind);
	assert_int_equal(kind, CONF_WINNUT);
	reads(&r, "10.0.0.3", READERS_STAY_MS + 5001, &kind);
	assert_int_equal(kind, CONF_WINNUT);
	reads(&r, "10.0.0.1", READERS_STAY_MS + 5001, &kind);
	assert_int_equal(kind, CONF_STRANGER);

	/* More than there is room for, all the time: core does not hear of each. */
	for (int i = 0; i < 3 * READERS_MAX; i++) {
		snprintf(address, sizeof(address), "10.2.0.%d", i);
		told += reads(&r, address, READERS_STAY_MS + 5002, &kind);
	}
	assert_in_range(told, 1, READERS_MAX);
	reads(&r, "10.0.0.0", READERS_STAY_MS + 5003, &kind);
	assert_int_equal(kind, CONF_WINNUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_qnap),
	    cmocka_unit_test(test_no_qnap),
	    cmocka_unit_test(test_synology),
	    cmocka_unit_test(test_synology_logged_in),
	    cmocka_unit_test(test_winnut),
	    cmocka_unit_test(test_others),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_listed),
	    cmocka_unit_test(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
