/* SPDX-License-Identifier: ISC */
#include "doctor/facts.h"

void
judge_drill(const struct facts_drill *f, struct doctor_report *r)
{
	const size_t before = r->count;

	if (f->cause != NULL) {
		doctor_say(r, DOCTOR_NOTE, "an outage cannot be rehearsed: %s", f->cause);
		doctor_remedy(r, "sudo holdup drill");
		return;
	}
	if (!f->asked) {
		doctor_say(r, DOCTOR_NOTE,
		    "an outage cannot be rehearsed: no server tells of "
		    "the UPSes");
		return;
	}
	for (size_t i = 0; i < f->nalive; i++) {
		doctor_say(r, DOCTOR_ERROR,
		    "%s would be cut alive if the mains failed now", f->alive[i]);
		doctor_remedy(r, "holdup drill --story");
	}
	for (size_t i = 0; i < f->nfaults; i++) {
		const struct facts_fault *one = &f->faults[i];

		doctor_say(r, one->grave ? DOCTOR_WARNING : DOCTOR_NOTE, "%s%s%s",
		    one->machine != NULL ? one->machine : "",
		    one->machine != NULL ? ": " : "", one->text);
		doctor_remedy(r, "holdup drill");
	}
	if (r->count == before)
		doctor_say(
		    r, DOCTOR_FINE, "if the mains failed now, nobody would be cut alive");
}
