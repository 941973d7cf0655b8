/* SPDX-License-Identifier: ISC */
#include "history/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

bool
reserve_take(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	struct stat st;
	bool taken;

	if (fd < 0)
		return false;
	taken = fstat(fd, &st) == 0 && st.st_size == RESERVE_BYTES;
	if (!taken)
		taken = posix_fallocate(fd, 0, RESERVE_BYTES) == 0;
	close(fd);
	if (!taken)
		unlink(path);
	return taken;
}

bool
reserve_give(const char *path)
{
	return unlink(path) == 0;
}
