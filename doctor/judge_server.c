/* SPDX-License-Identifier: ISC */
#include "doctor/facts.h"

void
judge_server(const struct facts_server *f, struct doctor_report *r)
{
	if (f->cause != NULL) {
		doctor_say(r, f->wanted ? DOCTOR_ERROR : DOCTOR_NOTE,
		    "no server answers on %s (%s)", f->where, f->cause);
		if (f->wanted)
			doctor_remedy(r, "holdup status");
		return;
	}
	if (f->nupses == 0) {
		doctor_say(r, DOCTOR_ERROR, "the server on %s has no UPS", f->where);
		doctor_remedy(r, "sudo holdup setup");
	}
	for (size_t i = 0; i < f->nupses; i++) {
		const struct facts_ups *u = &f->upses[i];

		if (u->error != NULL) {
			doctor_say(r, DOCTOR_ERROR, "the UPS %s has no values: %s",
			    u->name, u->error);
			doctor_remedy(r, "holdup probe");
		} else if (u->status == NULL) {
			doctor_say(r, DOCTOR_WARNING,
			    "the UPS %s answers, but tells no status: it could fail, and "
			    "nobody would know",
			    u->name);
			doctor_remedy(r, "upsc %s", u->name);
		} else
			doctor_say(r, DOCTOR_FINE,
			    "the UPS %s answers (%s); its values are younger than %d s",
			    u->name, u->status, f->maxage);
	}
}
