/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "drill/drill.h"
#include "lib/monitors.h"

/* A rehearsal of a house, by what its report says. */

#define UPS                                         \
	"[apc]\ndriver = usbhid-ups\nport = auto\n" \
	"[second]\ndriver = usbhid-ups\nport = auto\n"
#define FAR "[apc]\ndriver = remote\nport = apc@10.0.0.1:3493\nlogin = yes\n"
#define MON "MONITOR apc@localhost 1 nut nut primary\n"

struct rehearsal {
	struct ups_conf ups;
	struct upsmon_conf upsmon;
	struct holdup_conf own;
	struct policy_conf conf;
	const char *text; /* of ups.conf; NULL: UPS */
	struct drill_ups upses[2];
	struct drill_story story;
};

static void
rehearse(struct rehearsal *r, const char *upsmon, const char *own,
    const struct drill_client *clients, size_t nclients)
{
	struct problems problems = {0};
	const struct drill_setting s = {&r->conf, r->upses, clients, nclients};
	const char *text = r->text == NULL ? UPS : r->text;

	ups_conf_read(&r->ups, "ups.conf", text, strlen(text), &problems);
	upsmon_conf_read(&r->upsmon, "upsmon.conf", upsmon, strlen(upsmon), &problems);
	holdup_conf_read(&r->own, "holdup.conf", own, strlen(own), &problems);
	assert_int_equal(problems.count, 0);
	policy_conf_make(&r->conf, &r->upsmon, &r->ups, &r->own);
	drill_run(&s, &r->story);
}

static void
end(struct rehearsal *r)
{
	drill_free(&r->story);
	policy_conf_free(&r->conf);
	ups_conf_free(&r->ups);
	upsmon_conf_free(&r->upsmon);
	holdup_conf_free(&r->own);
}

/* A UPS that lasts half an hour, and takes a delay and a cut. */
static struct rehearsal
fine(void)
{
	return (struct rehearsal){
	    .upses = {
		{"apc", 100, 10, 1800, 120, NAN, 600, true, 20, false},
		{"second", 100, 10, 600, 120, NAN, NAN, false, NAN, true},
	    }};
}

static const struct drill_result *
find(const struct rehearsal *r, const char *name)
{
	for (size_t i = 0; i < r->story.nresults; i++)
		if (strcmp(r->story.results[i].name, name) == 0)
			return &r->story.results[i];
	fail_msg("no %s in the report", name);
	return NULL;
}

#define assert_at(seconds, wanted) assert_true(fabs((seconds) - (wanted)) <= 2)

/* Each at its moment, this machine last, all off before the cut. */
static void
staged(void **state)
{
	const struct drill_client clients[] = {
	    {0, "10.0.0.1", "qnap", MACHINE_LOGIN},
	    {0, "10.0.0.2", "", MACHINE_QNAP},
	};
	struct rehearsal r = fine();
	const struct drill_result *x;

	rehearse(&r, MON,
	    "[machine nas]\nlogin = qnap\nafter = 180\ntakes = 90\n"
	    "[machine box]\naddress = 10.0.0.2\ncharge = 50\ntakes = 60\n"
	    "[machine esx]\nhook = /bin/true\naddress = 10.0.0.3\nruntime = 600\n"
	    "takes = 120\n",
	    clients, 2);
	x = find(&r, "nas");
	assert_true(x->there);
	assert_at(x->told, 180);
	assert_at(x->off, 180 + 10 + 90);
	assert_at(x->charge, 84);
	assert_string_equal(x->why, "180 s on battery (after = 180) on apc");
	x = find(&r, "box");
	assert_at(x->told, 886); /* below 51 %, and for some seconds */
	assert_at(x->off, 886 + 10 + 60);
	x = find(&r, "esx");
	assert_at(x->told, 1200);
	assert_at(x->off, 1200 + 120);
	x = &r.story.results[r.story.nresults - 1];
	assert_true(x->self);
	assert_true(x->told > 1320);
	assert_true(r.story.outputs[0].cut);
	assert_true(r.story.outputs[0].end >= x->told);
	assert_false(r.story.outputs[1].cut);
	assert_at(r.story.outputs[1].end, 600);
	assert_int_equal(r.story.alive, 0);
	end(&r);
}

/* One whose moment comes too late for its own time: the battery is empty before it is off. */
static void
cut_alive(void **state)
{
	const struct drill_client clients[] = {{0, "10.0.0.1", "qnap", MACHINE_LOGIN}};
	struct rehearsal r = fine();

	r.upses[0].runtime = 100;
	r.upses[0].charge_low = 90;
	r.upses[0].runtime_low = 20;
	rehearse(&r, MON, "[machine nas]\nlogin = qnap\ntakes = 300\n", clients, 1);
	assert_true(find(&r, "nas")->alive);
	/* This machine does not wait until it is too late for itself. */
	assert_true(find(&r, "this machine")->told <= 100 - 30);
	assert_int_equal(r.story.alive, 1);
	assert_true(r.story.outputs[0].end <= 100);
	end(&r);
}

/* Nobody says how long it takes: that is said, and is no verdict. */
static void
doubtful(void **state)
{
	const struct drill_client clients[] = {{0, "10.0.0.1", "mon", MACHINE_LOGIN}};
	struct rehearsal r = fine();
	const struct drill_result *x;

	rehearse(&r, MON, "", clients, 1);
	x = find(&r, "10.0.0.1 (mon)");
	assert_true(x->assumed);
	assert_true(x->doubtful);
	assert_false(x->alive);
	assert_int_equal(r.story.alive, 0);
	end(&r);
}

/* Who is not there is not told; a UPS that cannot cut lasts until it is empty; one that tells
 * nothing is taken for DRILL_RUNTIME. */
static void
unknown(void **state)
{
	struct rehearsal r = fine();
	const struct drill_result *x;

	r.upses[0] =
	    (struct drill_ups){"apc", NAN, NAN, NAN, NAN, NAN, NAN, false, NAN, false};
	rehearse(&r, MON, "[machine nas]\nlogin = qnap\nafter = 60\n", NULL, 0);
	x = find(&r, "nas");
	assert_false(x->there);
	assert_true(isnan(x->told));
	assert_false(x->alive);
	assert_false(r.story.cut);
	assert_at(r.story.end, DRILL_RUNTIME);
	end(&r);
}

/* Who hangs on two UPSes lives as long as one feeds it; who hangs on the short one does not. */
static void
two(void **state)
{
	const struct drill_client clients[] = {
	    {1, "10.0.0.1", "desk", MACHINE_LOGIN}, {1, "10.0.0.2", "", MACHINE_OTHER}};
	struct rehearsal r = fine();

	rehearse(&r, MON,
	    "[machine desk]\nlogin = desk\nfeeds = apc, second\ntakes = 60\n"
	    "after = 1000\n",
	    clients, 2);
	assert_at(find(&r, "desk")->told, 1000);
	assert_false(find(&r, "desk")->alive);
	assert_at(find(&r, "10.0.0.2")->end, 600);
	assert_true(find(&r, "10.0.0.2")->alive);
	assert_int_equal(r.story.alive, 1);
	end(&r);
}

#define DESK "[machine desk]\nlogin = desk\nfeeds = apc, second\nafter = 1000\n"

/* Who needs both goes by the one that ends first, in when it is told and how long it lives. */
static void
needs_two(void **state)
{
	const struct drill_client clients[] = {{1, "10.0.0.1", "desk", MACHINE_LOGIN}};
	struct rehearsal one = fine(), both = fine(), late = fine();

	rehearse(&one, MON, DESK "needs = 1\ntakes = 60\n", clients, 1);
	assert_at(find(&one, "desk")->told, 1000);
	assert_true(find(&one, "desk")->end > 1600);
	assert_false(find(&one, "desk")->alive);
	end(&one);
	rehearse(&both, MON, DESK "needs = 2\ntakes = 60\n", clients, 1);
	assert_at(find(&both, "desk")->told, 480); /* `second` is low */
	assert_at(find(&both, "desk")->end, 600);
	assert_false(find(&both, "desk")->alive);
	end(&both);
	rehearse(&late, MON, DESK "needs = 2\ntakes = 700\n", clients, 1);
	assert_at(find(&late, "desk")->end, 600);
	assert_true(find(&late, "desk")->alive);
	assert_int_equal(late.story.alive, 1);
	end(&late);
}

/* A machine that no UPS feeds orders the cut when all are off, and stays. */
static void
serving(void **state)
{
	const struct drill_client clients[] = {{0, "10.0.0.1", "qnap", MACHINE_LOGIN}};
	struct rehearsal r = fine();
	const struct drill_result *x;

	r.text = "[apc]\ndriver = usbhid-ups\nport = auto\n";
	rehearse(&r, "MONITOR apc@localhost 0 nut nut primary\n",
	    "[machine nas]\nlogin = qnap\ntakes = 60\n", clients, 1);
	x = find(&r, "this machine");
	assert_true(x->stays);
	assert_false(x->alive);
	assert_true(isnan(x->told));
	x = find(&r, "nas");
	assert_false(x->alive);
	assert_true(r.story.cut);
	assert_true(r.story.end >= x->off + 20);
	assert_true(r.story.end < x->off + 60);
	assert_int_equal(r.story.alive, 0);
	end(&r);
}

/* ... and without a plan does nothing, as upsmon: a client of NUT helps itself. */
static void
serving_as_nut(void **state)
{
	const struct drill_client clients[] = {{0, "10.0.0.1", "mon", MACHINE_LOGIN},
	    {0, "10.0.0.2", "", MACHINE_QNAP}, {0, "10.0.0.3", "", MACHINE_OTHER}};
	struct rehearsal r = fine();

	r.text = "[apc]\ndriver = usbhid-ups\nport = auto\n";
	rehearse(&r, "MONITOR apc@localhost 0 nut nut primary\n", "", clients, 3);
	assert_at(find(&r, "10.0.0.2")->told, 1620);
	assert_at(find(&r, "10.0.0.1 (mon)")->told, 1635);
	assert_string_equal(find(&r, "10.0.0.2")->why, "low battery of apc");
	assert_true(find(&r, "10.0.0.3")->alive);
	assert_at(r.story.end, 1800);
	end(&r);
}

/* A secondary goes by a UPS whose cut is not its own. */
static void
secondary(void **state)
{
	struct rehearsal r = fine();
	const struct drill_result *x;

	r.text = FAR;
	r.upses[0].theirs = true;
	rehearse(&r, "MONITOR apc@10.0.0.1 1 nut nut secondary\n", "", NULL, 0);
	x = find(&r, "this machine");
	assert_true(x->told >= 1600 && x->told < 1700);
	assert_true(strstr(x->why, "LB") != NULL);
	assert_false(r.story.cut);
	assert_at(r.story.end, 1800);
	end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(staged),
	    cmocka_unit_test(cut_alive),
	    cmocka_unit_test(doubtful),
	    cmocka_unit_test(unknown),
	    cmocka_unit_test(two),
	    cmocka_unit_test(needs_two),
	    cmocka_unit_test(serving),
	    cmocka_unit_test(serving_as_nut),
	    cmocka_unit_test(secondary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
