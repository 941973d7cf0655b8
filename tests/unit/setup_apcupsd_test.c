/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "lib/xmem.h"
#include "setup/apcupsd.h"

#define NONE ""

/* What the answers come to, in one line. */
static void
sum_up(const struct setup_answers *a, struct buf *out)
{
	static const char *const modes[] = {"unset", "standalone", "server", "secondary"};

	buf_puts(out, modes[a->mode]);
	if (a->lan_said)
		buf_puts(out, a->lan ? " lan" : " no-lan");
	for (size_t i = 0; i < a->nups; i++) {
		const struct setup_ups *u = &a->ups[i];

		buf_printf(out, " [%s]", u->name != NULL ? u->name : "");
		if (u->driver != NULL)
			buf_printf(out, " %s %s", u->driver, u->port);
		if (u->serial != NULL)
			buf_printf(out, " serial=%s", u->serial);
		if (u->key != NULL)
			buf_printf(out, " %s=%s", u->key, u->value);
		if (u->desc != NULL)
			buf_printf(out, " desc=%s", u->desc);
	}
	if (a->at_host != NULL)
		buf_printf(out, " at %s@%s", a->at_ups, a->at_host);
	if (a->charge_percent + a->runtime_s + a->on_battery_s > 0)
		buf_printf(out, " %u%% %us %us", a->charge_percent, a->runtime_s,
		    a->on_battery_s);
}

/* Lines of apcupsd.conf, what the answers come to, and what each sentence must hold, with
 * "|" between. */
static const struct {
	const char *text, *answers, *said;
} rows[] = {
    /* What Debian ships. */
    {"## apcupsd.conf v1.1 ##\nUPSCABLE usb\nUPSTYPE usb\nDEVICE /dev/ttyS0\n"
     "LOCKFILE /var/lock\nSCRIPTDIR /etc/apcupsd\nPWRFAILDIR /etc/apcupsd\n"
     "NOLOGINDIR /etc\nONBATTERYDELAY 6\nBATTERYLEVEL 5\nMINUTES 3\nTIMEOUT 0\n"
     "ANNOY 300\nANNOYDELAY 60\nNOLOGON disable\nKILLDELAY 0\nNETSERVER on\n"
     "NISIP 127.0.0.1\nNISPORT 3551\nEVENTSFILE /var/log/apcupsd.events\n"
     "EVENTSFILEMAX 10\nUPSCLASS standalone\nUPSMODE disable\nSTATTIME 0\n"
     "STATFILE /var/log/apcupsd.status\nLOGSTATS off\nDATATIME 0\n",
	"standalone [] 5% 180s 0s", NONE},
    /* Case, blanks, CR, comments, and a last line without end. */
    {"\t upstype\tUSB # a comment\r\nupsname  office \nNETSERVER off\ntimeout 30",
	"standalone [office] 0% 0s 30s", NONE},
    {"", "server lan []", "0: there is no UPSTYPE|0: who asks apcupsd on port 3551"},
    {"UPSTYPE usb\nNISPORT 3552\n", "server lan []", "0: who asks apcupsd on port 3552"},
    {"UPSTYPE usb\nNISIP ::1\n", "standalone []", NONE},
    {"UPSTYPE usb\nDEVICE 4B1038P51197\nNETSERVER off\n",
	"standalone [] serial=4B1038P51197", NONE},
    {"UPSTYPE modbus\nNETSERVER off\n", "standalone []", "1: UPSTYPE modbus"},
    {"UPSTYPE modbus\nDEVICE /dev/ttyUSB0\nNETSERVER off\n",
	"standalone [] apc_modbus /dev/ttyUSB0", "1: UPSTYPE modbus: NUT's driver"},
    {"UPSTYPE apcsmart\nUPSCABLE smart\nDEVICE /dev/ttyS1\nNETSERVER off\n",
	"standalone [] apcsmart /dev/ttyS1",
	"1: UPSTYPE apcsmart: NUT's driver apcsmart"},
    {"UPSTYPE smartups\nUPSCABLE 940-0095B\nNETSERVER off\n",
	"standalone [] apcsmart /dev/ttyS0 cable=940-0095B", "1: UPSTYPE smartups"},
    {"UPSTYPE dumb\nUPSCABLE simple\nDEVICE /dev/ttyS0\nNETSERVER off\n",
	"standalone [] genericups /dev/ttyS0 upstype=1", "1: UPSTYPE dumb"},
    {"UPSTYPE dumb\nUPSCABLE 940-0119A\nNETSERVER off\n",
	"standalone [] genericups /dev/ttyS0 upstype=12", "1: UPSTYPE dumb"},
    {"UPSTYPE dumb\nUPSCABLE 940-9999\nNETSERVER off\n", "standalone",
	"2: UPSTYPE dumb with UPSCABLE 940-9999"},
    {"UPSTYPE dumb\nNETSERVER off\n", "standalone",
	"1: UPSTYPE dumb with UPSCABLE (none)"},
    {"UPSTYPE snmp\nDEVICE 192.168.0.30:161:APC:pri vate\nNETSERVER off\n",
	"standalone [] snmp-ups 192.168.0.30 community=pri vate",
	"1: UPSTYPE snmp: NUT's driver snmp-ups"},
    {"UPSTYPE netsnmp\nDEVICE card:1161\nNETSERVER off\n",
	"standalone [] snmp-ups card:1161", "1: UPSTYPE netsnmp"},
    {"UPSTYPE snmp\nNETSERVER off\n", "standalone", "1: UPSTYPE snmp without"},
    {"UPSTYPE net\nDEVICE 192.168.0.9:3551\nBATTERYLEVEL 10\nMINUTES 5\n",
	"secondary at ups@192.168.0.9 10% 300s 0s", "1: UPSTYPE net: 192.168.0.9 has to"},
    {"UPSTYPE net\nDEVICE pi\n", "secondary at ups@pi", "1: UPSTYPE net: pi has to"},
    {"UPSTYPE net\n", "secondary", "1: UPSTYPE net without"},
    {"UPSTYPE pcnet\nDEVICE 192.168.0.30:u:p\nNETSERVER off\n", "standalone",
	"1: UPSTYPE pcnet: neither"},
    {"UPSTYPE usbb\nNETSERVER off\n", "standalone []", "1: \"usbb\" is no UPSTYPE"},
    {"UPSTYPE usb\nUPSNAME my ups\nNETSERVER off\n", "standalone [] desc=my ups",
	"2: \"my ups\" cannot be the name"},
    /* Switched off, out of range, none. */
    {"UPSTYPE usb\nBATTERYLEVEL -1\nMINUTES x\nTIMEOUT 99999999999\nNETSERVER off\n",
	"standalone []", NONE},
    {"UPSTYPE usb\nBATTERYLEVEL 101\nNETSERVER off\n", "standalone []", NONE},
    /* The last one of two counts. */
    {"UPSTYPE usb\nTIMEOUT 5\nTIMEOUT 7\nNETSERVER off\n", "standalone [] 0% 0s 7s",
	NONE},
    /* Words without a counterpart. */
    {"UPSTYPE usb\nNETSERVER off\nONBATTERYDELAY 30\nANNOY 10\nANNOYDELAY 5\n"
     "NOLOGON always\nKILLDELAY 20\nPOLLTIME 5\nSCRIPTDIR /opt/apc\nSTATTIME 60\n"
     "LOGSTATS on\nDATATIME 60\nUPSCLASS shareslave\nUPSMODE share\n",
	"standalone []",
	"4: ANNOY 10: |5: ANNOYDELAY 5: |12: DATATIME 60: |7: KILLDELAY 20: |"
	"11: LOGSTATS on: |6: NOLOGON always: |"
	"3: ONBATTERYDELAY 30: that the mains is away is told at once, and not after 30 "
	"s. "
	"A message to a phone or by mail waits with `wait = 30`|"
	"8: POLLTIME 5: |9: SCRIPTDIR /opt/apc: |10: STATTIME 60: |"
	"13: UPSCLASS shareslave: |14: UPSMODE share: "},
    {"UPSTYPE usb\nNETSERVER off\nBATERYLEVEL 5\nFOO\n", "standalone []",
	"3: apcupsd has no \"BATERYLEVEL\", did you mean \"BATTERYLEVEL\"?|"
	"4: apcupsd has no \"FOO\": "},
};

static void
assert_said(const char *text, const struct check_list *said, const char *wanted)
{
	char *copy = xstrdup(wanted), *rest = copy, *part;
	size_t n = 0;

	while (*wanted != '\0' && (part = strsep(&rest, "|")) != NULL) {
		char *line;

		if (n == said->count)
			fail_msg("%s: nothing is said of \"%s\"", text, part);
		assert_string_equal(said->list[n].file, "a.conf");
		line = xasprintf("%d: %s", said->list[n].line, said->list[n].text);
		if (strncmp(line, part, strlen(part)) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", text, line, part);
		free(line);
		n++;
	}
	if (n != said->count)
		fail_msg("%s: \"%s\" is said, too", text, said->list[n].text);
	free(copy);
}

static void
test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct setup_answers a = {0};
		struct check_list said = {0};
		struct buf got = {0};

		apcupsd_read("a.conf", rows[i].text, strlen(rows[i].text), &a, &said);
		sum_up(&a, &got);
		if (strcmp(buf_str(&got), rows[i].answers) != 0)
			fail_msg("%s: %s, not %s", rows[i].text, buf_str(&got),
			    rows[i].answers);
		assert_said(rows[i].text, &said, rows[i].said);
		buf_free(&got);
		check_list_free(&said);
		setup_answers_free(&a);
	}
}

/* An option has the last word. */
static void
test_options_first(void **state)
{
	static const char text[] = "UPSTYPE usb\nUPSNAME b\nBATTERYLEVEL 5\nMINUTES 3\n"
				   "TIMEOUT 9\nDEVICE S2\n";
	struct setup_answers a = {.mode = SETUP_STANDALONE,
	    .charge_percent = 50,
	    .runtime_s = 600,
	    .on_battery_s = 60};
	struct setup_ups *u = setup_add_ups(&a);
	struct check_list said = {0};
	struct buf got = {0};

	u->name = xstrdup("a");
	u->serial = xstrdup("S1");
	apcupsd_read("a.conf", text, sizeof(text) - 1, &a, &said);
	sum_up(&a, &got);
	assert_string_equal(buf_str(&got), "standalone [a] serial=S1 50% 600s 60s");
	buf_free(&got);
	check_list_free(&said);
	setup_answers_free(&a);
}

/* What is longer than apcupsd itself can read is passed over. */
static void
test_long(void **state)
{
	char text[1000];
	struct setup_answers a = {0};
	struct check_list said = {0};

	memset(text, 'x', sizeof(text));
	/* NOLINTBEGIN(bugprone-not-null-terminated-result) */
	memcpy(text, "UPSNAME ", 8);
	memcpy(text + 500, "\nUPSTYPE usb\nNETSERVER off\n", 27);
	/* NOLINTEND(bugprone-not-null-terminated-result) */
	apcupsd_read("a.conf", text, sizeof(text), &a, &said);
	assert_int_equal(a.nups, 1);
	assert_null(a.ups[0].name);
	assert_int_equal(said.count, 0);
	check_list_free(&said);
	setup_answers_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_options_first),
	    cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
