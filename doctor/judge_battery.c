/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "doctor/facts.h"

#define OLD_YEARS 5 /* what a lead-acid battery lasts */
#define SURE 50     /* percent from which on health is believed */
#define WEAK 60     /* percent of health at which it is to be replaced */

static void
judge_age(const struct facts_battery *b, struct doctor_report *r)
{
	if (!isnan(b->age) && b->age >= OLD_YEARS) {
		doctor_say(r, DOCTOR_WARNING,
		    "the battery of %s is old: %.0f years by its date, %s (if it is "
		    "newer, "
		    "tell the UPS)",
		    b->ups, floor(b->age), b->date);
		doctor_remedy(
		    r, "upsrw -s battery.date=\"$(date +%%Y/%%m/%%d)\" %s", b->ups);
	}
	if (!isnan(b->health) && b->health < WEAK && b->sure >= SURE) {
		doctor_say(r, DOCTOR_WARNING,
		    "the battery of %s has %.0f %% of its strength left: replace it%s%s",
		    b->ups, b->health, b->replaced_by != NULL ? " by " : "",
		    b->replaced_by != NULL ? b->replaced_by : "");
		doctor_remedy(r, "holdup history %s", b->ups);
	}
}

static void
judge_test(const struct facts_battery *b, struct doctor_report *r)
{
	if (b->result == NULL || strcasestr(b->result, "no test") != NULL) {
		doctor_say(r, DOCTOR_NOTE, "the battery of %s was never tested", b->ups);
		doctor_remedy(r, "upscmd %s test.battery.start.quick", b->ups);
	} else if (strcasestr(b->result, "fail") != NULL ||
		   strcasestr(b->result, "error") != NULL ||
		   (strcasestr(b->result, "bad") != NULL)) {
		doctor_say(r, DOCTOR_ERROR, "the last test of the battery of %s: %s",
		    b->ups, b->result);
		doctor_remedy(r, "upscmd %s test.battery.start.quick", b->ups);
	}
}

static void
judge_one(const struct facts_battery *b, struct doctor_report *r)
{
	const size_t before = r->count;

	if (b->replace) {
		doctor_say(r, DOCTOR_ERROR,
		    "the UPS %s says that its battery is to be replaced", b->ups);
		doctor_remedy(r, "upsc %s battery.date", b->ups);
	}
	judge_age(b, r);
	if (!isnan(b->learned) && !isnan(b->needed) && b->learned < b->needed) {
		doctor_say(r, DOCTOR_WARNING,
		    "the battery of %s lasts %.0f s by what it has taught, and the "
		    "machines "
		    "take %.0f s to stop",
		    b->ups, b->learned, b->needed);
		doctor_remedy(r, "holdup drill");
	}
	judge_test(b, r);
	if (r->count == before)
		doctor_say(r, DOCTOR_FINE, "the battery of %s is well", b->ups);
}

void
judge_battery(const struct facts_battery *f, size_t n, struct doctor_report *r)
{
	if (n == 0)
		doctor_say(r, DOCTOR_NOTE, "no UPS tells of its battery");
	for (size_t i = 0; i < n; i++)
		judge_one(&f[i], r);
}
