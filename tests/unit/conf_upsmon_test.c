/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_upsmon.h"
#include "tests/unit/conf_read.h"

static void
assert_monitor(const struct conf_monitor *m, const char *ups, const char *host,
    const char *port, bool primary)
{
	assert_string_equal(m->ups, ups);
	assert_string_equal(m->host, host);
	assert_string_equal(m->port, port);
	assert_int_equal(m->primary, primary);
}

static void
test_article(void **state)
{
	struct problems p = {0};
	struct upsmon_conf c;
	size_t len;
	char *text = conf_slurp(ARTICLE "server/etc/nut/upsmon.conf", &len);

	assert_non_null(text);
	upsmon_conf_read(&c, "f", text, len, &p);
	assert_int_equal(c.nmonitors, 1);
	assert_monitor(&c.monitors[0], "qnapups", "localhost", "3493", true);
	assert_int_equal(c.monitors[0].power, 1);
	assert_string_equal(c.monitors[0].user, "nut");
	assert_string_equal(c.monitors[0].password, "nut");
	upsmon_conf_free(&c);
	free(text);
	text = conf_slurp(ARTICLE "client/etc/nut/upsmon.conf", &len);
	upsmon_conf_read(&c, "f", text, len, &p);
	assert_monitor(&c.monitors[0], "qnapups", "192.168.0.9", "3493", false);
	assert_string_equal(c.monitors[0].password, "123456");
	assert_int_equal(p.count, 0);
	upsmon_conf_free(&c);
	free(text);
}

static void
test_systems(void **state)
{
	static const char text[] = "MONITOR a 1 u p primary\n"
				   "MONITOR a@b:7 0 u p secondary\n"
				   "MONITOR a@[::1] 1 u p Master\n"
				   "MONITOR a@[fe80::1]:77 1 \"u v\" \"p \\\"q\" SLAVE\n";
	struct problems p = {0};
	struct upsmon_conf c;

	upsmon_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.nmonitors, 4);
	/* NOTIFYCMD gets it as it was written. */
	assert_string_equal(c.monitors[0].system, "a");
	assert_string_equal(c.monitors[2].system, "a@[::1]");
	assert_monitor(&c.monitors[0], "a", "localhost", "3493", true);
	assert_monitor(&c.monitors[1], "a", "b", "7", false);
	assert_monitor(&c.monitors[2], "a", "::1", "3493", true);
	assert_monitor(&c.monitors[3], "a", "fe80::1", "77", false);
	assert_string_equal(c.monitors[3].user, "u v");
	assert_string_equal(c.monitors[3].password, "p \"q");
	assert_int_equal(c.monitors[3].line, 4);
	upsmon_conf_free(&c);
}

/* The words that a Debian upsmon.conf of NUT 2.8 has. */
static void
test_known(void **state)
{
	static const char text[] =
	    "RUN_AS_USER nut\nMINSUPPLIES 1\nSHUTDOWNCMD \"/sbin/shutdown -h +0\"\n"
	    "NOTIFYCMD /bin/notifyme\nPOLLFREQ 5\nPOLLFREQALERT 5\n"
	    "POLLFAIL_LOG_THROTTLE_MAX 100\nHOSTSYNC 15\nDEADTIME 15\n"
	    "POWERDOWNFLAG \"/etc/killpower\"\nOFFDURATION 30\nOVERDURATION -1\n"
	    "OBLBDURATION -1\nNOTIFYMSG ONLINE \"UPS %s on line power\"\n"
	    "NOTIFYFLAG ONLINE SYSLOG+WALL\nRBWARNTIME 43200\nNOCOMMWARNTIME 300\n"
	    "FINALDELAY 5\nCERTPATH /a\nCERTIDENT a b\nCERTHOST localhost a 1 1\n"
	    "CERTVERIFY 0\nFORCESSL 0\nNOTIFYFLAG SHUTDOWN_HOSTSYNC EXEC\nDEBUG_MIN "
	    "2\nSHUTDOWNEXIT yes\nALARMCRITICAL 1\n";
	struct problems p = {0};
	struct upsmon_conf c;

	upsmon_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.nmonitors, 0);
	upsmon_conf_free(&c);
}

/* Each type has a message and flags, by the names of NUT 2.8.5. */
static void
test_types(void **state)
{
	static const char *const names[NOTIFY_TYPES] = {"ONLINE", "ONBATT", "LOWBATT",
	    "FSD", "COMMOK", "COMMBAD", "SHUTDOWN", "REPLBATT", "NOCOMM", "NOPARENT",
	    "CAL", "NOTCAL", "OFF", "NOTOFF", "BYPASS", "NOTBYPASS", "ECO", "NOTECO",
	    "ALARM", "NOTALARM", "OVER", "NOTOVER", "TRIM", "NOTTRIM", "BOOST",
	    "NOTBOOST", "OTHER", "NOTOTHER", "SHUTDOWN_HOSTSYNC", "SUSPEND_STARTING",
	    "SUSPEND_FINISHED"};

	for (int i = 0; i < NOTIFY_TYPES; i++) {
		struct problems p = {0};
		struct upsmon_conf c;
		char text[256];

		snprintf(text, sizeof(text), "NOTIFYMSG %s x\nNOTIFYFLAG %s EXEC\n",
		    names[i], names[i]);
		upsmon_conf_read(&c, "f", text, strlen(text), &p);
		assert_int_equal(p.count, 0);
		assert_string_equal(c.notifymsg[i], "x");
		assert_int_equal(c.notifyflags[i], NOTIFY_EXEC);
		upsmon_conf_free(&c);
	}
}

static void
test_defaults(void **state)
{
	struct problems p = {0};
	struct upsmon_conf c;

	upsmon_conf_read(&c, "f", "", 0, &p);
	assert_int_equal(c.minsupplies, 1);
	assert_int_equal(c.pollfreq, 5);
	assert_int_equal(c.pollfreqalert, 5);
	assert_int_equal(c.deadtime, 15);
	assert_int_equal(c.hostsync, 15);
	assert_int_equal(c.finaldelay, 5);
	assert_int_equal(c.rbwarntime, 43200);
	assert_int_equal(c.nocommwarntime, 300);
	assert_int_equal(c.oblbduration, 0);
	assert_int_equal(c.offduration, 30);
	assert_int_equal(c.overduration, -1);
	assert_true(c.alarmcritical);
	assert_int_equal(c.shutdownexit, 0);
	assert_int_equal(c.pollfail_log_throttle_max, -1);
	assert_null(c.shutdowncmd);
	assert_null(c.notifycmd);
	assert_null(c.powerdownflag);
	assert_null(c.run_as_user);
	for (int i = 0; i < NOTIFY_TYPES; i++) {
		assert_null(c.notifymsg[i]);
		assert_int_equal(c.notifyflags[i], NOTIFY_SYSLOG | NOTIFY_WALL);
	}
	upsmon_conf_free(&c);
}

static void
test_values(void **state)
{
	static const char text[] =
	    "MINSUPPLIES 2\nPOLLFREQ 2\nPOLLFREQALERT 1\nDEADTIME 25\nHOSTSYNC 0\n"
	    "FINALDELAY 0\nRBWARNTIME 7\nNOCOMMWARNTIME 8\n"
	    "SHUTDOWNCMD /bin/a\nSHUTDOWNCMD \"/bin/b -h\"\nNOTIFYCMD /bin/c\n"
	    "POWERDOWNFLAG /k\nRUN_AS_USER me\n"
	    "NOTIFYMSG ONBATT \"%s: dark\"\nNOTIFYFLAG ONBATT exec+SYSLOG\n"
	    "NOTIFYFLAG FSD IGNORE\nNOTIFYFLAG cal EXEC\nNOTIFYMSG OTHER x\n";
	struct problems p = {0};
	struct upsmon_conf c;

	upsmon_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.minsupplies, 2);
	assert_int_equal(c.pollfreq, 2);
	assert_int_equal(c.pollfreqalert, 1);
	assert_int_equal(c.deadtime, 25);
	assert_int_equal(c.hostsync, 0);
	assert_int_equal(c.finaldelay, 0);
	assert_int_equal(c.rbwarntime, 7);
	assert_int_equal(c.nocommwarntime, 8);
	assert_string_equal(c.shutdowncmd, "/bin/b -h");
	assert_string_equal(c.notifycmd, "/bin/c");
	assert_string_equal(c.powerdownflag, "/k");
	assert_string_equal(c.run_as_user, "me");
	assert_string_equal(c.notifymsg[NOTIFY_ONBATT], "%s: dark");
	assert_int_equal(c.notifyflags[NOTIFY_ONBATT], NOTIFY_EXEC | NOTIFY_SYSLOG);
	assert_int_equal(c.notifyflags[NOTIFY_FSD], 0);
	assert_int_equal(c.notifyflags[NOTIFY_CAL], NOTIFY_EXEC);
	assert_string_equal(c.notifymsg[NOTIFY_OTHER], "x");
	assert_int_equal(c.notifyflags[NOTIFY_ONLINE], NOTIFY_SYSLOG | NOTIFY_WALL);
	upsmon_conf_free(&c);
}

/* How long a state must last, and when this machine says LOGOUT. */
static void
test_durations(void **state)
{
	static const char text[] =
	    "OBLBDURATION 12\nOFFDURATION 0\nOVERDURATION 60\nALARMCRITICAL 0\n"
	    "POLLFAIL_LOG_THROTTLE_MAX 100\nSHUTDOWNEXIT no\n";
	static const char other[] =
	    "OBLBDURATION -1\nOFFDURATION -1\nOVERDURATION -7\nALARMCRITICAL yes\n"
	    "POLLFAIL_LOG_THROTTLE_MAX 0\nSHUTDOWNEXIT 90\n";
	struct problems p = {0};
	struct upsmon_conf c;

	upsmon_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.oblbduration, 12);
	assert_int_equal(c.offduration, 0);
	assert_int_equal(c.overduration, 60);
	assert_false(c.alarmcritical);
	assert_int_equal(c.pollfail_log_throttle_max, 100);
	assert_int_equal(c.shutdownexit, -1);
	upsmon_conf_free(&c);
	upsmon_conf_read(&c, "f", other, strlen(other), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.oblbduration, 0);
	assert_true(c.offduration < 0);
	assert_true(c.overduration < 0);
	assert_true(c.alarmcritical);
	assert_int_equal(c.pollfail_log_throttle_max, 0);
	assert_int_equal(c.shutdownexit, 90);
	upsmon_conf_free(&c);
}

/* What is wanted of the TLS of servers. */
static void
test_tls(void **state)
{
	static const char text[] =
	    "CERTPATH /ca\nCERTIDENT \"my cert\" pass\nCERTIDENT /me.pem\nCERTVERIFY 1\n"
	    "FORCESSL yes\nCERTHOST nas \"The NAS\" 0 1\nCERTHOST pi \"\" 1 0\n";
	struct problems p = {0};
	struct upsmon_conf c;

	upsmon_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_string_equal(c.certpath, "/ca");
	assert_string_equal(c.certident, "/me.pem");
	assert_null(c.certpass);
	assert_true(c.certverify && c.forcessl);
	assert_int_equal(c.ncerthosts, 2);
	assert_string_equal(c.certhosts[0].host, "nas");
	assert_string_equal(c.certhosts[0].name, "The NAS");
	assert_true(!c.certhosts[0].verify && c.certhosts[0].force);
	assert_string_equal(c.certhosts[1].name, "");
	assert_true(c.certhosts[1].verify && !c.certhosts[1].force);
	upsmon_conf_free(&c);
	upsmon_conf_read(&c, "f", "CERTHOST nas ups 1 0\n", 21, &p);
	assert_problem(&p, 1, 0, 0, "which needs CERTPATH");
	upsmon_conf_free(&c);
	problems_free(&p);
	upsmon_conf_read(&c, "f", "CERTVERIFY 1\n", 13, &p);
	assert_problem(&p, 1, 0, 0, "which needs CERTPATH");
	upsmon_conf_free(&c);
	problems_free(&p);
}

static const struct {
	const char *words, *command;
} commands[] = {
    {"\"/sbin/shutdown -h +0\"", "/sbin/shutdown -h +0"},
    {"/sbin/shutdown -h +0", "/sbin/shutdown -h +0"},
    {"/bin/a && /bin/b", "/bin/a && /bin/b"},
    {"/bin/a \"the mains\" \"\" x", "/bin/a 'the mains' '' x"},
    {"/bin/a \"it's gone\"", "/bin/a 'it'\\''s gone'"},
};

/* One word, or several. */
static void
test_commands(void **state)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct problems p = {0};
		struct upsmon_conf c;
		char text[256];

		snprintf(text, sizeof(text),
		    "SHUTDOWNCMD x\nSHUTDOWNCMD %s\nNOTIFYCMD %s\n", commands[i].words,
		    commands[i].words);
		upsmon_conf_read(&c, "f", text, strlen(text), &p);
		assert_int_equal(p.count, 0);
		assert_string_equal(c.shutdowncmd, commands[i].command);
		assert_string_equal(c.notifycmd, commands[i].command);
		upsmon_conf_free(&c);
	}
}

static const struct {
	const char *text, *problem;
} faults[] = {
    {"HOSTSYNC\n", "HOSTSYNC needs a value"},
    {"HOSTSYNC x\n", "not \"x\""},
    {"HOSTSYNC -1\n", "not \"-1\""},
    {"HOSTSYNC 15 s\n", "takes no \"s\""},
    {"OFFDURATION soon\n", "not \"soon\""},
    {"SHUTDOWNCMD\n", "SHUTDOWNCMD needs a value"},
    {"SHUTDOWNEXIT maybe\n", "yes, no or a number of seconds, not \"maybe\""},
    {"SHUTDOWNEXIT \"\"\n", "yes, no or a number of seconds, not \"\""},
    {"SHUTDOWNEXIT 5-\n", "not \"5-\""},
    {"SHUTDOWNCMD /bin/a --x=5\n", "belongs into double quotes as a whole"},
    {"ALARMCRITICAL maybe\n", "takes yes or no, not \"maybe\""},
    {"NOTIFYFLAG ONBATT\n", "needs a type and a value"},
    {"NOTIFYFLAG ONBAT EXEC\n", "did you mean \"ONBATT\"?"},
    {"NOTIFYFLAG ONBATT EXEC+WAL\n", "not \"WAL\""},
    {"NOTIFYMSG DARK x\n", "no type \"DARK\". The line"},
    {"MONITR a 1 u p master\n", "did you mean \"MONITOR\"?"},
    {"MONITOR a@b 1 u p\n", "needs 5 words, not 4"},
    {"MONITOR a@b 1 u p q master\n", "needs 5 words, not 6"},
    {"MONITOR a@b x u p master\n", "not \"x\""},
    {"MONITOR a@b -1 u p master\n", "not \"-1\""},
    {"MONITOR a@b 1 u p maste\n", "did you mean \"master\"?"},
    {"MONITOR a@b 1 u p boss\n", "not \"boss\". The line"},
    {"MONITOR @b 1 u p master\n", "not UPS@HOST"},
    {"MONITOR a@ 1 u p master\n", "not UPS@HOST"},
    {"MONITOR \"\" 1 u p master\n", "not UPS@HOST"},
    {"MONITOR a@b: 1 u p master\n", "not UPS@HOST"},
    {"MONITOR a@b:x 1 u p master\n", "not UPS@HOST"},
    {"MONITOR a@::1 1 u p master\n", "not UPS@HOST"},
    {"MONITOR a@[::1 1 u p master\n", "not UPS@HOST"},
    {"MONITOR a@[::1]x 1 u p master\n", "not UPS@HOST"},
    {"MONITOR a@[] 1 u p master\n", "not UPS@HOST"},
    {"FORCESSL maybe\n", "FORCESSL takes yes or no"},
    {"CERTHOST nas\n", "CERTHOST needs 4 words"},
    {"CERTHOST nas ups 2 0\n", "CERTHOST takes a number from 0 to 1"},
    {"LISTEN 1.2.3.4\n", "belongs into upsd.conf"},
    {"[a]\n", "no sections"},
};

static void
test_faults(void **state)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct problems p = {0};
		struct upsmon_conf c;

		upsmon_conf_read(&c, "f", faults[i].text, strlen(faults[i].text), &p);
		assert_problem(&p, 1, 0, 1, faults[i].problem);
		assert_int_equal(c.nmonitors, 0);
		upsmon_conf_free(&c);
		problems_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_article),
	    cmocka_unit_test(test_systems),
	    cmocka_unit_test(test_known),
	    cmocka_unit_test(test_types),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_durations),
	    cmocka_unit_test(test_tls),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
