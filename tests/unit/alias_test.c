/* SPDX-License-Identifier: ISC */
/* Further names of a UPS, by whole conversations: all verbs act on the real one, answers
 * and what is pushed carry the name that was asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "net/alias.h"
#include "tests/unit/session_world.h"

/* Says lines; returns what came back. Core grants what it is asked. */
static const char *
talk(struct world *w, const char *said)
{
	enum session_next next;

	buf_clear(&w->out);
	next = session_input(&w->session, said, strlen(said), &w->out);
	while (next == SESSION_WAIT) {
		world_answer(w, NULL, &w->out);
		next = session_input(&w->session, NULL, 0, &w->out);
	}
	return buf_str(&w->out);
}

static void
configure(struct world *w, struct holdup_conf *own, const char *text)
{
	struct problems p = {0};

	holdup_conf_read(own, "holdup.conf", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	w->host.own = own;
}

/* Without a word in holdup.conf the names that boxes insist on mean the first UPS. */
static void
test_built_in(void **state)
{
	struct world w;

	world_begin(&w);
	assert_string_equal(
	    talk(&w, "GET VAR qnapups ups.status\nGET VAR UPS ups.STATUS\n"
		     "GET UPSDESC apcUPS\nGET NUMLOGINS QnapUps\n"
		     "GET VAR upss ups.status\n"),
	    "VAR qnapups ups.status \"OL\"\nVAR UPS ups.STATUS \"OL\"\n"
	    "UPSDESC apcUPS \"Unavailable\"\nNUMLOGINS QnapUps 1\nERR UNKNOWN-UPS\n");
	assert_string_equal(talk(&w, "LIST CLIENT ups\nLIST UPS\nLIST CMD ups\n"),
	    "BEGIN LIST CLIENT ups\nCLIENT ups 192.168.0.20\nEND LIST CLIENT ups\n"
	    "BEGIN LIST UPS\nUPS Fake \"Description unavailable\"\nUPS stale \"Say "
	    "'hi'\"\n"
	    "UPS lost \"Description unavailable\"\nEND LIST UPS\n"
	    "BEGIN LIST CMD ups\nCMD ups load.off\nCMD ups test.battery.start\n"
	    "END LIST CMD ups\n");
	/* One that is called so wins. */
	world_apply(&w.feed, "8 UPS Ups \"\"\n9 Ups SETINFO ups.status \"OB\"\n"
			     "10 Ups DATAOK\n");
	assert_string_equal(
	    talk(&w, "GET VAR ups ups.status\n"), "VAR ups ups.status \"OB\"\n");
	assert_string_equal(
	    talk(&w, "GET VAR qnapups ups.status\n"), "VAR qnapups ups.status \"OL\"\n");
	world_end(&w);
}

/* What changes something names the real UPS to core. */
static void
test_acts(void **state)
{
	struct world w;

	world_begin(&w);
	assert_string_equal(talk(&w, "USERNAME admin\nPASSWORD 123456\nLOGIN UPS\n"
				     "MASTER ups\nSET VAR ups ups.id x\n"
				     "INSTCMD Qnapups load.off\nFSD apcups\n"),
	    "OK\nOK\nOK\nOK MASTER-GRANTED\nOK\nOK\nOK FSD-SET\n");
	session_end(&w.session);
	assert_string_equal(buf_str(&w.requests),
	    "0 12 admin 10.0.0.7 - LOGIN Fake\n"
	    "0 12 admin 10.0.0.7 - PRIMARY Fake\n"
	    "0 12 admin 10.0.0.7 - SET Fake ups.id \"x\"\n"
	    "0 12 admin 10.0.0.7 - INSTCMD Fake load.off\n"
	    "0 12 admin 10.0.0.7 - FSD Fake\n"
	    "0 12 admin 10.0.0.7 - BROKEN Fake\n");
	world_end(&w);
}

static void
push(struct world *w, const char *line)
{
	struct feed_change c = world_apply(&w->feed, line);

	subs_change(&w->session, &c, &w->out);
}

/* A subscription stays with its UPS, under the name it was made by. */
static void
test_push(void **state)
{
	struct world w;

	world_begin(&w);
	assert_string_equal(talk(&w, "SUBSCRIBE QNAPups\nSUBSCRIBE nope\n"),
	    "OK SUBSCRIBE QNAPups\nERR UNKNOWN-UPS\n");
	buf_clear(&w.out);
	push(&w, "8 Fake SETINFO ups.status \"OB\"");
	push(&w, "9 stale SETINFO ups.status \"OB\"");
	push(&w, "10 Fake GONE");
	push(&w, "11 stale SETINFO ups.status \"OL\"");
	push(&w, "12 UPS Fake \"\"");
	assert_string_equal(buf_str(&w.out), "NOTIFY VAR QNAPups ups.status \"OB\"\n"
					     "NOTIFY DRIVER QNAPups LOST\n"
					     "NOTIFY DRIVER QNAPups LOST\n");
	world_end(&w);
}

/* holdup.conf says otherwise. */
static void
test_configured(void **state)
{
	struct holdup_conf own;
	struct world w;

	world_begin(&w);
	world_apply(&w.feed, "8 stale DATAOK\n");
	configure(&w, &own,
	    "[ups STALE]\nalias = qnapups, nas, lost, fake\n[ups away]\nalias = ups\n");
	assert_string_equal(
	    talk(&w, "GET VAR qnapups ups.id\nGET VAR Nas ups.id\nGET NUMLOGINS fake\n"
		     "GET UPSDESC apcups\nGET VAR lost ups.id\nGET VAR ups ups.id\n"),
	    "VAR qnapups ups.id \"me\"\nVAR Nas ups.id \"me\"\nNUMLOGINS fake 1\n"
	    "UPSDESC apcups \"Unavailable\"\nERR DRIVER-NOT-CONNECTED\n"
	    "ERR UNKNOWN-UPS\n");
	world_end(&w);
	holdup_conf_free(&own);
}

/* Nothing there: no name means anything. */
static void
test_empty(void **state)
{
	struct feed f = {0};

	assert_null(alias_find(&f, NULL, "ups"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_built_in),
	    cmocka_unit_test(test_acts),
	    cmocka_unit_test(test_push),
	    cmocka_unit_test(test_configured),
	    cmocka_unit_test(test_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
