/* SPDX-License-Identifier: ISC */
#include "doctor/facts.h"

static void
judge_taken(const struct facts_port *p, bool root, struct doctor_report *r)
{
	if (p->who.pid == 0) {
		doctor_say(r, root ? DOCTOR_ERROR : DOCTOR_NOTE,
		    "somebody listens on port %s, which %s is to be served on; who it is "
		    "%s",
		    p->port, p->what,
		    root ? "cannot be seen: maybe a container" : "only root can see");
		doctor_remedy(r, "sudo ss -ltnp sport = :%s", p->port);
		return;
	}
	doctor_say(r, DOCTOR_ERROR,
	    "%s (pid %ld) has port %s, so that %s cannot be served on %s", p->who.name,
	    p->who.pid, p->port, p->what, p->address);
	doctor_remedy(r, "systemctl status %ld", p->who.pid);
}

void
judge_port(const struct facts_ports *f, struct doctor_report *r)
{
	if (f->count == 0)
		doctor_say(r, DOCTOR_FINE, "nothing is to be served on a port here");
	for (size_t i = 0; i < f->count; i++) {
		const struct facts_port *p = &f->list[i];

		if (p->taken && !p->ours)
			judge_taken(p, f->root, r);
		else
			doctor_say(r, DOCTOR_FINE, "port %s of %s is %s (%s)", p->port,
			    p->address, p->taken ? "holdup's" : "free", p->what);
	}
}
