/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "doctor/facts.h"

#define CLOCK_MIN 1735689600 /* 2025-01-01: a clock that says less was never set */
#define STEP_S 10            /* less is no step that people mind */

void
judge_clock(const struct facts_clock *f, struct doctor_report *r)
{
	const size_t before = r->count;
	char length[DOCTOR_LENGTH_MAX];

	if (f->now < CLOCK_MIN) {
		doctor_say(r, DOCTOR_ERROR,
		    "the clock was never set: times in messages and history are wrong");
		doctor_remedy(r, "sudo timedatectl set-ntp true");
	}
	if (!isnan(f->stepped) && fabs(f->stepped) >= STEP_S) {
		doctor_say(r, DOCTOR_WARNING,
		    "the clock was set %s by %s since holdup began: what it wrote before "
		    "has other times",
		    f->stepped > 0 ? "forward" : "back",
		    doctor_length(length, fabs(f->stepped)));
		doctor_remedy(r, "sudo systemctl restart holdup");
	}
	if (f->steps > 0) {
		doctor_say(r, f->steps > 2 ? DOCTOR_WARNING : DOCTOR_NOTE,
		    "the clock jumped %u time%s in the last 7 days, the last: %s",
		    f->steps, f->steps == 1 ? "" : "s", f->last);
		doctor_remedy(r, "holdup history events --since 7d");
	}
	if (f->known && !f->synchronized) {
		doctor_say(r, f->keeper != NULL ? DOCTOR_NOTE : DOCTOR_WARNING,
		    f->keeper != NULL
			? "the clock is not synchronized yet, though %s runs"
			: "nothing keeps the clock right: no time synchronization runs",
		    f->keeper);
		doctor_remedy(r, f->keeper != NULL ? "timedatectl status"
						   : "sudo timedatectl set-ntp true");
	}
	if (r->count == before)
		doctor_say(r, DOCTOR_FINE, "the clock is right%s",
		    f->known ? ", and kept so" : "");
}
