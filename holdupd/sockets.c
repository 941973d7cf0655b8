/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "holdupd/sockets.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sock.h"
#include "lib/xmem.h"

#define CAUSE_MAX 512
#define OWN_TRIES 200 /* of 50 ms */
#define OWN_SOCKETS 3 /* feed, requests and judge */
#define OWN_NAME_MAX 32

/* The folder is Debian's (nut-common) where that is installed, else ours to make. */
static void
statepath_make(void)
{
	char *folder = paths_state("");
	const bool ours = paths_private() || geteuid() == 0;

	const mode_t mode = paths_private() ? 0750 : 0770;

	if (ours && mkdir(folder, mode) == 0)
		chmod(folder, mode); /* whatever the umask is */
	else if (ours && errno != EEXIST)
		log_fatal_errno("cannot make the folder %s", folder);
	if (eaccess(folder, W_OK | X_OK) < 0)
		log_fatal_errno(
		    "cannot make sockets in %s (NUT_STATEPATH names another)", folder);
	free(folder);
}

/* Opens STATEPATH/name; *path is to be removed at the end. */
static int
unix_open(char **path, const char *name, char *cause, size_t size)
{
	int fd;

	*path = paths_state(name);
	fd = sock_listen_unix(*path, SOCK_STREAM, SOCKETS_MODE, cause, size);
	if (fd < 0) { /* free(3) keeps errno */
		free(*path);
		*path = NULL;
	}
	return fd;
}

/* Where holdupd was killed, its children need a moment to follow it. */
static int
own_open(char **path, const char *prefix, const char *what)
{
	const struct timespec moment = {.tv_nsec = 50 * 1000 * 1000};
	char cause[CAUSE_MAX], name[OWN_NAME_MAX];
	int fd = -1;

	snprintf(name, sizeof(name), "%s.%s", prefix, what);
	for (int tries = 0; fd < 0; tries++) {
		fd = unix_open(path, name, cause, sizeof(cause));
		if (fd < 0 && (errno != EADDRINUSE || tries == OWN_TRIES))
			log_fatal("%s (does another holdupd run there?)", cause);
		if (fd < 0)
			nanosleep(&moment, NULL);
	}
	return fd;
}

/* A file of our own: nobody but root may have made it, nobody else can read it. */
static int
file_open(const char *path)
{
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
	struct stat st;
	int fd = open(path, flags, 0600);

	if (fd >= 0 && fstat(fd, &st) == 0 &&
	    (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || st.st_nlink != 1)) {
		close(fd);
		fd = unlink(path) < 0 ? -1 : open(path, flags | O_EXCL, 0600);
	}
	return fd;
}

/* What core knows outlives it and us, but not the machine: STATEPATH is emptied at boot. */
static int
state_open(const char *prefix)
{
	char name[OWN_NAME_MAX], *path;
	int fd;

	snprintf(name, sizeof(name), "%s.state", prefix);
	path = paths_state(name);
	if ((fd = file_open(path)) < 0)
		log_fatal_errno("cannot keep the state in %s", path);
	free(path);
	return fd;
}

/* What outlives the machine, too. It is no obstacle: without a disk core does all that it
 * does but remember. */
static int
memory_open(const char *prefix)
{
	char name[OWN_NAME_MAX], *path, *folder = paths_memory("");
	int fd;

	snprintf(name, sizeof(name), "%s.memory", prefix);
	path = paths_memory(name);
	if (!paths_private())
		mkdir(folder, 0711); /* history's is in it */
	if ((fd = file_open(path)) < 0) {
		log_warn_errno(
		    "cannot keep %s: after the power was off nobody knows whom "
		    "an outage took down",
		    path);
		if ((fd = memfd_create(name, MFD_CLOEXEC)) < 0)
			log_fatal_errno("cannot keep %s in memory", name);
	}
	free(path);
	free(folder);
	return fd;
}

static int
driver_open(char **path, const struct plan_driver *d)
{
	char cause[CAUSE_MAX];
	int fd = unix_open(path, d->socket, cause, sizeof(cause));

	if (fd < 0)
		log_warn(
		    "ups %s: %s; no driver of ours is started for now", d->ups, cause);
	return fd;
}

/* Room for what the plan has, nothing of it open. */
static void
sockets_init(struct sockets *s, const struct plan *plan)
{
	*s = (struct sockets){.feed = -1,
	    .requests = -1,
	    .judge = -1,
	    .state = -1,
	    .memory = -1,
	    .ndrivers = plan->ndrivers};
	s->drivers = xcalloc(s->ndrivers + 1, sizeof(*s->drivers));
	s->driver_ok = xcalloc(s->ndrivers + 1, sizeof(*s->driver_ok));
	s->paths = xcalloc(OWN_SOCKETS + s->ndrivers, sizeof(*s->paths));
	for (size_t i = 0; i < s->ndrivers; i++)
		s->drivers[i] = -1;
}

/* Opens whatever is not open yet. */
static void
sockets_fill(struct sockets *s, const struct plan *plan)
{
	for (size_t i = 0; i < s->ndrivers; i++) {
		if (s->drivers[i] < 0)
			s->drivers[i] =
			    driver_open(&s->paths[OWN_SOCKETS + i], &plan->drivers[i]);
		s->driver_ok[i] = s->drivers[i] >= 0;
	}
}

gid_t
sockets_group(gid_t group)
{
	gid_t before = getegid();

	if (group != (gid_t)-1 && setegid(group) < 0)
		log_warn_errno("cannot make sockets of group nut");
	return before;
}

void
sockets_open(struct sockets *s, const struct plan *plan, gid_t group)
{
	const char *prefix = role_prefix(plan->call.role);
	gid_t before = sockets_group(group);

	sockets_init(s, plan);
	statepath_make();
	s->feed = own_open(&s->paths[0], prefix, "feed");
	s->requests = own_open(&s->paths[1], prefix, "req");
	s->judge = own_open(&s->paths[2], prefix, "judge");
	s->state = state_open(prefix);
	s->memory = memory_open(prefix);
	sockets_fill(s, plan);
	sockets_group(before);
}

/* Moves a descriptor. */
static int
take(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

static char *
take_path(char **path)
{
	char *taken = *path;

	*path = NULL;
	return taken;
}

void
sockets_reopen(struct sockets *s, const struct plan *plan, gid_t group,
    struct sockets *old, const struct plan *old_plan)
{
	gid_t before = sockets_group(group);

	sockets_init(s, plan);
	s->feed = take(&old->feed);
	s->requests = take(&old->requests);
	s->judge = take(&old->judge);
	s->state = take(&old->state);
	s->memory = take(&old->memory);
	for (size_t i = 0; i < OWN_SOCKETS; i++)
		s->paths[i] = take_path(&old->paths[i]);
	for (size_t i = 0; i < s->ndrivers; i++)
		for (size_t k = 0; k < old->ndrivers; k++)
			if (s->drivers[i] < 0 && strcmp(plan->drivers[i].socket,
						     old_plan->drivers[k].socket) == 0) {
				s->drivers[i] = take(&old->drivers[k]);
				s->paths[OWN_SOCKETS + i] =
				    take_path(&old->paths[OWN_SOCKETS + k]);
			}
	sockets_fill(s, plan);
	sockets_group(before);
}

static void
fd_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

void
sockets_close(struct sockets *s)
{
	for (size_t i = 0; i < OWN_SOCKETS + s->ndrivers; i++) {
		if (s->paths[i] != NULL)
			unlink(s->paths[i]);
		free(s->paths[i]);
	}
	free(s->paths);
	fd_close(s->feed);
	fd_close(s->requests);
	fd_close(s->judge);
	fd_close(s->state);
	fd_close(s->memory);
	for (size_t i = 0; i < s->ndrivers; i++)
		fd_close(s->drivers[i]);
	free(s->drivers);
	free(s->driver_ok);
}
