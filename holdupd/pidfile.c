/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "holdupd/pidfile.h"
#include "lib/log.h"

void
pidfile_write(const char *path)
{
	int fd;

	/* STATEPATH is not only ours: what may stand there is replaced, never followed. */
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 || dprintf(fd, "%d\n", (int)getpid()) < 0)
		log_warn_errno("cannot write %s: upsmon -c will not find holdupd", path);
	if (fd >= 0)
		close(fd);
}

void
pidfile_remove(const char *path)
{
	unlink(path);
}
