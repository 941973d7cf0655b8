/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "doctor/facts.h"

#define ENDS_MANY 3 /* restarts that are no accident any more */

/* NUT's daemons beside ours: who is asked depends on who was first. */
static void
judge_others(const struct facts_service *f, struct doctor_report *r)
{
	for (size_t i = 0; i < f->nothers; i++) {
		const struct facts_process *p = &f->others[i];

		doctor_say(r, f->wanted ? DOCTOR_WARNING : DOCTOR_NOTE,
		    "NUT's own %s (pid %ld) runs on this machine%s", p->name, p->pid,
		    f->wanted ? ", beside holdup" : "");
		if (f->units)
			doctor_remedy(r, "sudo systemctl disable --now %s",
			    strcmp(p->name, "upsd") == 0     ? "nut-server"
			    : strcmp(p->name, "upsmon") == 0 ? "nut-monitor"
							     : "nut-driver-enumerator");
		else
			doctor_remedy(r, "sudo kill %ld", p->pid);
	}
}

static void
judge_stopped(const struct facts_service *f, struct doctor_report *r)
{
	if (!f->wanted) {
		doctor_say(r, DOCTOR_NOTE,
		    "holdup does not run: there is nothing to do "
		    "for it here");
		return;
	}
	doctor_say(r, DOCTOR_ERROR, "holdup does not run: nobody watches the UPS");
	if (f->own)
		doctor_remedy(r, "holdupd -F");
	else if (f->units)
		doctor_remedy(r, "sudo systemctl enable --now holdup");
	else
		doctor_remedy(r, "sudo holdupd");
}

static void
judge_ends(const struct facts_service *f, struct doctor_report *r)
{
	if (f->ends == 0)
		return;
	doctor_say(r, f->ends >= ENDS_MANY ? DOCTOR_WARNING : DOCTOR_NOTE,
	    "its log has %u program%s that ended and %s started again, the last: %s",
	    f->ends, f->ends == 1 ? "" : "s", f->ends == 1 ? "was" : "were", f->last);
	if (f->units && !f->own)
		doctor_remedy(r, "journalctl -u holdup -b");
}

void
judge_service(const struct facts_service *f, struct doctor_report *r)
{
	char length[DOCTOR_LENGTH_MAX];

	if (f->pid == 0)
		judge_stopped(f, r);
	else {
		doctor_say(r, DOCTOR_FINE,
		    "holdup runs (pid %ld) since %s, started by %s", f->pid,
		    doctor_length(length, f->since),
		    f->unit[0] != '\0'      ? f->unit
		    : f->by.name[0] != '\0' ? f->by.name
					    : "somebody");
		judge_ends(f, r);
	}
	judge_others(f, r);
	if (f->pid != 0 && !f->log)
		doctor_say(r, DOCTOR_NOTE,
		    "its log cannot be read from here, so that "
		    "restarts of its programs are not known");
}
