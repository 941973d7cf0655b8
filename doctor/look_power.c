/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "doctor/look.h"
#include "lib/monitors.h"
#include "lib/powerflag.h"
#include "lib/xmem.h"

static bool
same_system(const char *path, const char *other)
{
	struct stat a, b;

	return stat(path, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev;
}

/* Looks at the folder of the flag; one that is missing is made, where its own is. */
static void
look_flag(struct facts_power *f)
{
	char *folder = xstrdup(f->flag), *slash;

	do {
		slash = strrchr(folder, '/');
		slash[slash == folder] = '\0';
		f->folder = look_folder(folder);
	} while (f->folder == FOLDER_MISSING && strcmp(folder, "/") != 0);
	f->late = same_system(folder, "/") || same_system(folder, "/run");
	free(folder);
}

static bool
is_primary(const struct check_conf *c)
{
	for (size_t i = 0; i < c->upsmon.nmonitors; i++)
		if (c->upsmon.monitors[i].primary)
			return true;
	return false;
}

void
look_power(struct doctor *d, struct doctor_report *r)
{
	static const char *const hooks[] = {"/usr/lib/systemd/system-shutdown/holdup",
	    "/lib/systemd/system-shutdown/holdup",
	    "/usr/lib/systemd/system-shutdown/nutshutdown",
	    "/lib/systemd/system-shutdown/nutshutdown"};
	char *flag = powerflag_path(d->conf->upsmon.powerdownflag);
	struct facts_power f = {
	    .wanted = is_primary(d->conf),
	    .flag = flag,
	    .own = d->own,
	    .units = d->units,
	};

	if (flag[0] == '/')
		look_flag(&f);
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]) && f.hook == NULL; i++)
		if (access(hooks[i], F_OK) == 0) {
			f.hook = hooks[i];
			f.runs = access(hooks[i], X_OK) == 0;
		}
	judge_power(&f, r);
	free(flag);
}
