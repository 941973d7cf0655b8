/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "doctor/look.h"
#include "lib/paths.h"

enum facts_folder
look_folder(const char *path)
{
	struct statvfs fs;
	struct stat st;

	if (stat(path, &st) != 0)
		return errno == EACCES ? FOLDER_UNKNOWN : FOLDER_MISSING;
	if (statvfs(path, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0)
		return FOLDER_READONLY;
	if (access(path, W_OK) == 0)
		return FOLDER_FINE;
	if (errno == EROFS)
		return FOLDER_READONLY;
	/* What root may is not for an ordinary user to see. */
	return geteuid() == 0 || st.st_uid == geteuid() ? FOLDER_REFUSED : FOLDER_FINE;
}

static struct facts_disk
measure(const char *what, const char *path, bool wanted)
{
	struct facts_disk disk = {.what = what, .path = path, .wanted = wanted};
	struct statvfs fs;

	disk.folder = look_folder(path);
	if (statvfs(path, &fs) == 0) {
		disk.free = (double)fs.f_bavail * (double)fs.f_frsize / (1024 * 1024);
		disk.inodes = fs.f_files == 0 || fs.f_favail > 0;
	}
	return disk;
}

void
look_disk(struct doctor *d, struct doctor_report *r)
{
	const struct holdup_conf *own = &d->conf->own;
	const bool keeps =
	    look_wanted(d) && !own->history.off && (!d->own || own->history.line > 0);
	char *history = paths_memory("history"), *out = paths_memory("out");
	const struct facts_disk disks[] = {
	    measure("the history", history, keeps && d->pid != 0),
	    measure("the outbox", out,
		d->pid != 0 &&
		    (own->domoticz.wanted || own->mqtt.wanted || own->nnotifies > 0)),
	};

	judge_disk(disks, sizeof(disks) / sizeof(disks[0]), r);
	free(history);
	free(out);
}
