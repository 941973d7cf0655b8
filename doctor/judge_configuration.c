/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "doctor/facts.h"

#define REFUSED "Permission denied"

static bool
is_empty(const struct check_conf *c)
{
	for (size_t i = 0; i < CHECK_FILES; i++)
		if (c->files[i].text != NULL || c->files[i].cause != NULL)
			return false;
	return true;
}

void
judge_configuration(const struct facts_configuration *f, struct doctor_report *r)
{
	const size_t before = r->count;
	unsigned warnings = 0, refused = 0;

	if (is_empty(f->conf)) {
		doctor_say(r, DOCTOR_ERROR,
		    "nothing is configured: %s has none of holdup's files",
		    f->conf->folder);
		doctor_remedy(r, "sudo holdup setup");
		return;
	}
	for (size_t i = 0; i < CHECK_FILES; i++)
		refused += f->conf->files[i].cause != NULL &&
			   strstr(f->conf->files[i].cause, REFUSED) != NULL;
	if (refused > 0 && !f->root) {
		doctor_say(r, DOCTOR_NOTE,
		    "%u of the files in %s may only be read by root and group nut: what "
		    "they say is not known here, so much below is left out",
		    refused, f->conf->folder);
		doctor_remedy(r, "sudo holdup doctor");
		return;
	}
	for (size_t i = 0; i < f->found->count; i++) {
		const struct check_finding *one = &f->found->list[i];

		warnings += one->weight == CHECK_WARNING;
		if (one->weight == CHECK_ERROR && one->line > 0)
			doctor_say(r, DOCTOR_ERROR, "%s:%d: %s", one->file, one->line,
			    one->text);
		else if (one->weight == CHECK_ERROR)
			doctor_say(r, DOCTOR_ERROR, "%s: %s", one->file, one->text);
	}
	if (warnings > 0) {
		doctor_say(r, DOCTOR_WARNING,
		    "the files work, but %u thing%s in them may not be as you expect",
		    warnings, warnings == 1 ? "" : "s");
		doctor_remedy(r, "sudo holdup check");
	}
	if (r->count == before)
		doctor_say(r, DOCTOR_FINE, "the files in %s are right", f->conf->folder);
}
