/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hid/io.h"

struct io *
io_open(const char *path, const char *usb, enum io_use use)
{
	struct stat st;

	if (stat(path, &st) == -1)
		return NULL;
	if (S_ISSOCK(st.st_mode))
		return io_sock_open(path, use);
	return io_hidraw_open(path, usb, use);
}

void
io_close(struct io *io)
{
	if (io == NULL)
		return;
	if (io->usb_fd != -1)
		close(io->usb_fd);
	if (io->own_fd != -1)
		close(io->own_fd);
	close(io->fd);
	free(io);
}

int
io_reset(const char *path, const char *usb)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		return io_sock_reset(path);
	return io_hidraw_reset(usb);
}
