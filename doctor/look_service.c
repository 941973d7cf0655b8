/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "doctor/look.h"
#include "doctor/procs.h"

#define ENDED " ended ("
#define AGAIN "starting it again"

/* Programs that ended and were started again, by the log. */
static void
read_log(const struct doctor *d, struct facts_service *f)
{
	const char *line = d->log, *end;

	f->log = line != NULL;
	for (; line != NULL && *line != '\0'; line = *end == '\0' ? end : end + 1) {
		const char *ended = strstr(line, ENDED), *again = strstr(line, AGAIN);

		end = line + strcspn(line, "\n");
		if (ended == NULL || again == NULL)
			return;
		if (ended > end || again > end)
			continue;
		f->ends++;
		while (ended > line && ended[-1] != ' ')
			ended--;
		snprintf(f->last, sizeof(f->last), "%.*s", (int)(end - ended), ended);
	}
}

void
look_service(struct doctor *d, struct doctor_report *r)
{
	/* Ours are called holdupd, whatever they are started as. */
	static const char *const theirs[] = {"upsd", "upsmon", "usbhid-ups", NULL};
	struct facts_service f = {
	    .wanted = look_wanted(d),
	    .pid = d->pid,
	    .since = d->since,
	    .units = d->units,
	    .own = d->own,
	};
	struct procs_one self, parent;

	if (d->pid != 0 && procs_read("/proc", d->pid, &self)) {
		procs_unit("/proc", d->pid, f.unit, sizeof(f.unit));
		if (procs_read("/proc", self.parent, &parent))
			f.by = parent.is;
		read_log(d, &f);
	}
	f.nothers = procs_named("/proc", theirs, f.others, FACTS_OTHERS_MAX);
	judge_service(&f, r);
}
