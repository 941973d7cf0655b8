/* SPDX-License-Identifier: ISC */
#include "doctor/facts.h"

#define TIGHT_MB 16 /* below that a history cannot grow for a year */
#define FULL_MB 2

static void
judge_one(const struct facts_disk *d, struct doctor_report *r)
{
	switch (d->folder) {
	case FOLDER_MISSING:
		doctor_say(r, DOCTOR_WARNING, "the folder of %s, %s, is not there",
		    d->what, d->path);
		doctor_remedy(r, "sudo systemctl restart holdup");
		return;
	case FOLDER_READONLY:
		doctor_say(r, DOCTOR_ERROR,
		    "%s is on a file system that cannot be written (%s)", d->what,
		    d->path);
		doctor_remedy(r, "findmnt -T %s", d->path);
		return;
	case FOLDER_REFUSED:
		doctor_say(
		    r, DOCTOR_ERROR, "%s may not be written (%s)", d->what, d->path);
		doctor_remedy(r, "ls -ld %s", d->path);
		return;
	case FOLDER_UNKNOWN:
		doctor_say(r, DOCTOR_NOTE, "%s can only be seen by group nut (%s)",
		    d->what, d->path);
		doctor_remedy(r, "sudo holdup doctor");
		return;
	case FOLDER_FINE:
		break;
	}
	if (d->free < FULL_MB || !d->inodes) {
		doctor_say(
		    r, DOCTOR_ERROR, "the disk of %s is full (%s)", d->what, d->path);
		doctor_remedy(r, "df -h %s; df -i %s", d->path, d->path);
	} else if (d->free < TIGHT_MB) {
		doctor_say(r, DOCTOR_WARNING, "the disk of %s has only %.0f MB left (%s)",
		    d->what, d->free, d->path);
		doctor_remedy(r, "df -h %s", d->path);
	} else
		doctor_say(r, DOCTOR_FINE, "%s can be written (%s)", d->what, d->path);
}

void
judge_disk(const struct facts_disk *f, size_t n, struct doctor_report *r)
{
	const size_t before = r->count;

	for (size_t i = 0; i < n; i++)
		if (f[i].wanted)
			judge_one(&f[i], r);
	if (r->count == before)
		doctor_say(r, DOCTOR_FINE, "neither history nor outbox is kept here");
}
