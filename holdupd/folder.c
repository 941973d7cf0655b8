/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "holdupd/folder.h"
#include "lib/log.h"
#include "lib/paths.h"

#define MODE 02750   /* files made in it are of its group */
#define ENTERED 0711 /* the one above: core's memory in it is root's alone */

/* Opens a folder, making it where it is missing; a link is none. */
static int
folder_open(const char *path, mode_t mode)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST)
		return -1;
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The folder above is root's, and others may pass. */
static int
above_make(const char *without)
{
	char *path = paths_memory("");
	struct stat st;
	int fd = folder_open(path, ENTERED), result = -1;

	if (fd >= 0 && fstat(fd, &st) == 0)
		result = st.st_uid != geteuid() || (st.st_mode & 0111) == 0111
			     ? 0
			     : fchmod(fd, (st.st_mode & 07777) | 0111);
	if (result < 0)
		log_warn_errno("cannot make the folder %s: %s", path, without);
	if (fd >= 0)
		close(fd);
	free(path);
	return result;
}

/* True, logged, when it is somebody else's and not ours to give. */
static bool
is_strangers(int fd, const char *path, uid_t owner, const char *without)
{
	struct stat st = {0};

	if (fstat(fd, &st) == 0 && (st.st_uid == owner || st.st_uid == geteuid()))
		return false;
	log_warn("%s is of user %u: %s (chown -R %u %s if that is right)", path,
	    (unsigned)st.st_uid, without, (unsigned)owner, path);
	return true;
}

int
folder_make(const char *name, const struct user *owner, gid_t group, const char *without)
{
	const uid_t uid = owner->change ? owner->uid : geteuid();
	int fd, result = -1;
	char *path;

	if (!paths_private() && above_make(without) < 0)
		return -1;
	path = paths_memory(name);
	fd = folder_open(path, MODE & 0777);
	if (fd >= 0 && is_strangers(fd, path, uid, without))
		goto out;
	/* By descriptor: what has this name in the next moment is not concerned. */
	if (fd >= 0 && (!owner->change || fchown(fd, uid, group) == 0))
		result = fchmod(fd, MODE);
	if (result < 0)
		log_warn_errno("cannot make the folder %s: %s", path, without);
out:
	if (fd >= 0)
		close(fd);
	free(path);
	return result;
}

void
folders_make(struct plan *plan, const struct users *users)
{
	const struct user *owner = &users->list[PLAN_USER_OUT];

	if (plan->history)
		plan->history = folder_make("history", owner, users->nut,
				    "nothing is kept of what happens") == 0;
	if (plan->out)
		(void)folder_make("out", owner, users->nut,
		    "what is not delivered yet is forgotten with the power");
}
