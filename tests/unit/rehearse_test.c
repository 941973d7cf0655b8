/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drill/drill_json.h"
#include "web/rehearse.h"

/* The rehearsal from a feed: what `holdup drill` says of the same house. */

#define UPS "[apc]\ndriver = usbhid-ups\nport = auto\n"
#define MON "MONITOR apc@localhost 1 mon secret primary\n"
#define USERS                                        \
	"[mon]\npassword = secret\nupsmon primary\n" \
	"[qnap]\npassword = x\nupsmon secondary\n"
#define OWN                                                            \
	"[machine nas]\nlogin = qnap\nafter = 180\ntakes = 90\n"       \
	"[machine box]\naddress = 10.0.0.2\ncharge = 50\ntakes = 60\n" \
	"[machine esx]\nhook = /bin/true\nruntime = 600\ntakes = 120\n"

static struct drill_files
files(void)
{
	return (struct drill_files){
	    .ups = {UPS, strlen(UPS)},
	    .upsmon = {MON, strlen(MON)},
	    .users = {USERS, strlen(USERS)},
	    .holdup = {OWN, strlen(OWN)},
	};
}

static const char *const house[] = {
    "BEGIN 0",
    "UPS apc \"Server\"",
    "apc SETINFO battery.charge \"100\"",
    "apc SETINFO battery.charge.low \"10\"",
    "apc SETINFO battery.runtime \"1800\"",
    "apc SETINFO battery.runtime.low \"120\"",
    "apc SETINFO ups.delay.shutdown \"20\"",
    "apc SETFLAGS ups.delay.shutdown RW NUMBER",
    "apc ADDRANGE ups.delay.shutdown 0 600",
    "apc SETINFO ups.status \"OL\"",
    "apc ADDCMD shutdown.return",
    "apc DATAOK",
    "apc LOGIN 1 127.0.0.1 mon",
    "apc LOGIN 2 10.0.0.1 qnap",
    "apc LOGIN 3 10.0.0.9 mon",
    "apc READER 10.0.0.2 qnap",
    "apc READER 127.0.0.1 other",
    "* MACHINE nas on \"\"",
    "* MACHINE esx on \"it is back\"",
    "END 0",
};

static void
tell(struct feed *f, const char *line)
{
	assert_int_not_equal(feed_apply(f, line, strlen(line)).kind, FEED_BROKEN);
}

static struct feed
a_feed(void)
{
	struct feed f = {0};

	for (size_t i = 0; i < sizeof(house) / sizeof(house[0]); i++)
		tell(&f, house[i]);
	assert_true(f.whole);
	return f;
}

/* The report of `holdup drill --json`, of a server's answers that say the same. */
static char *
report_of_cli(void)
{
	const struct drill_files texts = files();
	struct drill_known k;
	struct drill_faults faults = {0};
	struct drill_setting setting;
	struct drill_story story;
	json_t *json;
	char *dump;

	drill_known_read(&k, &texts);
	drill_known_var(&k, 0, "battery.charge", "100");
	drill_known_var(&k, 0, "battery.charge.low", "10");
	drill_known_var(&k, 0, "battery.runtime", "1800");
	drill_known_var(&k, 0, "battery.runtime.low", "120");
	drill_known_var(&k, 0, "ups.delay.shutdown", "20");
	drill_known_cmd(&k, 0, "shutdown.return");
	drill_known_rw(&k, 0, "ups.delay.shutdown");
	drill_known_range(&k, 0, "ups.delay.shutdown", 600);
	drill_known_client(&k, 0, "10.0.0.1", "qnap", MACHINE_LOGIN);
	drill_known_client(&k, 0, "10.0.0.9", "mon", MACHINE_LOGIN);
	drill_known_reader(&k, 0, "10.0.0.2", "qnap");
	drill_known_reader(&k, 0, "127.0.0.1", "other");
	k.served = true;
	setting = drill_known_setting(&k);
	drill_run(&setting, &story);
	drill_check(&k, NULL, &story, &faults);
	json = drill_json(&k, &story, &faults, NULL, 0);
	dump = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	drill_faults_free(&faults);
	drill_free(&story);
	drill_known_free(&k);
	return dump;
}

static void
same_as_cli(void **state)
{
	const struct drill_files texts = files();
	struct rehearse *r = rehearse_new(&texts);
	struct feed f = a_feed();
	char *ours, *theirs = report_of_cli();

	rehearse_run(r, &f);
	ours = rehearse_json(r);
	ours[strlen(ours) - 1] = '\0'; /* the line end */
	assert_string_equal(ours, theirs);
	free(ours);
	free(theirs);
	rehearse_free(r);
	feed_clear(&f);
}

static const struct page_machine *
find(const struct rehearse *r, const char *name, size_t *at)
{
	size_t n;
	const struct page_machine *list = rehearse_machines(r, &n);

	for (*at = 0; *at < n; (*at)++)
		if (strcmp(list[*at].name, name) == 0)
			return &list[*at];
	fail_msg("no %s", name);
	return NULL;
}

/* The machines in the order in which they go down, each with its moment. */
static void
machines(void **state)
{
	const struct drill_files texts = files();
	struct rehearse *r = rehearse_new(&texts);
	struct feed f = a_feed();
	const struct page_machine *m;
	size_t nas, esx, self, n;

	rehearse_run(r, &f);
	m = find(r, "nas", &nas);
	assert_true(m->there && !m->self && fabs(m->down - 180) <= 2);
	assert_true(fabs(m->off - 280) <= 2);
	assert_string_equal(m->stands, "on");
	assert_int_equal(m->nfeeds, 1);
	assert_string_equal(m->feeds[0], "apc");
	m = find(r, "esx", &esx);
	assert_string_equal(m->why, "it is back");
	assert_true(fabs(m->down - 1200) <= 2);
	m = find(r, "this machine", &self);
	assert_true(m->self);
	assert_string_equal(m->feeds[0], "apc");
	assert_true(nas < esx && esx < self);
	rehearse_machines(r, &n);
	assert_int_equal(n, 5);
	assert_true(find(r, "box", &n)->there);
	assert_true(rehearse_protected(r));
	/* Who leaves is there no more; nothing is known of a UPS that is lost. */
	tell(&f, "1 apc LOGOUT 2");
	rehearse_run(r, &f);
	m = find(r, "nas", &nas);
	assert_true(!m->there && isnan(m->down));
	tell(&f, "2 apc LOST");
	rehearse_run(r, &f);
	assert_false(rehearse_protected(r));
	rehearse_free(r);
	feed_clear(&f);
}

/* Nothing is configured, nothing is known: an empty report. */
static void
empty(void **state)
{
	const struct drill_files texts = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
	struct rehearse *r = rehearse_new(&texts);
	struct feed f = {0};
	char *report = rehearse_json(r);
	size_t n;

	assert_non_null(strstr(report, "\"machines\": []"));
	free(report);
	rehearse_run(r, &f);
	rehearse_run(r, &f);
	rehearse_machines(r, &n);
	assert_true(n <= 1); /* this machine */
	assert_false(rehearse_protected(r));
	report = rehearse_json(r);
	assert_non_null(strstr(report, "\"cut_alive\": 0"));
	free(report);
	rehearse_free(r);
	feed_clear(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(same_as_cli),
	    cmocka_unit_test(machines),
	    cmocka_unit_test(empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
