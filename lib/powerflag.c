/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/paths.h"
#include "lib/powerflag.h"
#include "lib/xmem.h"

#define POWERFLAG_DEFAULT "/run/holdup/killpower"
#define POWERFLAG_TEXT "upsmon-shutdown-file" /* what NUT's upsmon -K looks for */

char *
powerflag_path(const char *configured)
{
	if (configured != NULL)
		return xstrdup(configured);
	return paths_private() ? paths_state("killpower") : xstrdup(POWERFLAG_DEFAULT);
}

/* True when an open file begins as a flag does; an empty one is none. */
static bool
says_so(int fd)
{
	char text[sizeof(POWERFLAG_TEXT)];
	const size_t len = sizeof(POWERFLAG_TEXT) - 1;

	return pread(fd, text, len, 0) == (ssize_t)len &&
	       memcmp(text, POWERFLAG_TEXT, len) == 0;
}

bool
powerflag_is_set(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	bool set = fd >= 0 && says_so(fd);

	if (fd >= 0)
		close(fd);
	return set;
}

/* Makes the folder of a file; one that is there already is left as it is. */
static void
folder_make(const char *path)
{
	char *folder = xstrdup(path), *slash = strrchr(folder, '/');

	if (slash != NULL && slash != folder) {
		*slash = '\0';
		mkdir(folder, 0755);
	}
	free(folder);
}

/* Fills in a file that is empty, or that is a flag already. */
static int
fill(int fd)
{
	const size_t len = sizeof(POWERFLAG_TEXT) - 1;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode) || (st.st_size > 0 && !says_so(fd))) {
		errno = EEXIST;
		return -1;
	}
	if (pwrite(fd, POWERFLAG_TEXT, len, 0) != (ssize_t)len)
		return -1;
	return fsync(fd);
}

int
powerflag_set(const char *path, char *cause, size_t size)
{
	const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW;
	int fd, rc = -1;

	folder_make(path);
	if ((fd = open(path, flags, 0644)) >= 0)
		rc = fill(fd);
	if (rc < 0)
		snprintf(cause, size, "%s: %s", path,
		    errno == EEXIST ? "is another kind of file" : strerror(errno));
	if (fd >= 0)
		close(fd);
	return rc;
}

void
powerflag_clear(const char *path)
{
	if (powerflag_is_set(path))
		unlink(path);
}
