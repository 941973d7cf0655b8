/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "doctor/facts.h"

#define SETTLED_S 300 /* so long after its start each secondary has come again */
#define FRESH_S 3600  /* who has asked in vain since then does so still */

static void
judge_machine(
    const struct facts_clients *f, const struct facts_machine *m, struct doctor_report *r)
{
	char length[DOCTOR_LENGTH_MAX];

	if (m->there) {
		doctor_say(r, DOCTOR_FINE, "%s is there", m->name);
		return;
	}
	if (m->ago >= 0) {
		doctor_say(r, DOCTOR_NOTE,
		    "%s is not there; it was, %s ago: it may be off", m->name,
		    doctor_length(length, m->ago));
		return;
	}
	if (f->since < SETTLED_S) {
		doctor_say(r, DOCTOR_NOTE,
		    "%s has not logged in yet, but holdup runs for %s only", m->name,
		    doctor_length(length, f->since));
		return;
	}
	doctor_say(r, DOCTOR_WARNING,
	    "%s of holdup.conf has never logged in%s%s: nobody would tell it to go down",
	    m->name, m->login != NULL ? " as " : "", m->login != NULL ? m->login : "");
	if (m->login != NULL && f->ups != NULL)
		doctor_remedy(r, "sudo holdup setup --join %s@%s --user %s --password -",
		    f->ups, f->host, m->login);
}

/* True for a name that does nothing in a shell: who asked chose it, and he may be anybody. */
static bool
is_plain(const char *name)
{
	return name[0] != '-' && name[0] != '\0' &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789._-")] == '\0';
}

/* A box of which NUT's or our own file of accounts knows nothing. */
static void
judge_miss(
    const struct facts_clients *f, const struct facts_miss *m, struct doctor_report *r)
{
	enum doctor_weight weight = m->ago < FRESH_S ? DOCTOR_WARNING : DOCTOR_NOTE;
	char length[DOCTOR_LENGTH_MAX];

	doctor_length(length, (double)m->ago);
	if (m->ups && ups_conf_find(f->conf, m->name) != NULL) {
		doctor_say(r, DOCTOR_WARNING,
		    "%s asks for the UPS %s, which ups.conf has, but not the server: it "
		    "has not read the file since",
		    m->address, m->name);
		doctor_remedy(r, "sudo upsd -c reload");
	} else if (m->ups) {
		doctor_say(r, weight,
		    "%s asks for a UPS named %s, which does not exist (%lu times, last "
		    "%s ago)%s%s%s",
		    m->address, m->name, m->count, length,
		    f->ups != NULL ? ": let it mean " : "", f->ups != NULL ? f->ups : "",
		    f->ups != NULL ? " too, by an alias" : "");
		if (f->ups != NULL && is_plain(m->name))
			doctor_remedy(r,
			    "printf '[ups %s]\\nalias = %s\\n' | sudo tee -a %s && sudo "
			    "upsd -c reload",
			    f->ups, m->name, "/etc/nut/holdup.conf");
	} else {
		doctor_say(r, weight,
		    "%lu wrong password%s from %s, last %s ago, as %s: that account is "
		    "not in upsd.users, or has another password there",
		    m->count, m->count == 1 ? "" : "s", m->address, length, m->name);
		if (is_plain(m->name))
			doctor_remedy(r, "sudo holdup passwd --check %s", m->name);
	}
}

void
judge_clients(const struct facts_clients *f, struct doctor_report *r)
{
	const size_t before = r->count;

	if (!f->told) {
		doctor_say(r, DOCTOR_NOTE,
		    "nobody tells who is there: the server does not "
		    "answer, or is not holdup's");
		return;
	}
	for (size_t i = 0; i < f->nmachines; i++)
		judge_machine(f, &f->machines[i], r);
	for (size_t i = 0; i < f->nmisses; i++)
		judge_miss(f, &f->misses[i], r);
	if (r->count == before)
		doctor_say(r, DOCTOR_FINE, "nobody asked for what is not there");
}
