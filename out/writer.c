/* SPDX-License-Identifier: ISC */
#include "out/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY WRITER_FILE ".new"
#define DAMAGED WRITER_FILE ".damaged"
#define DAMAGED_MAX (1024 * 1024) /* then it begins anew */
#define MODE 0640
#define CHUNK 65536

#define PEER STDIN_FILENO          /* in the child: our socket */
#define FOLDER (STDERR_FILENO + 1) /* ... and the folder */

/* Copies all of one file to the end of another. 0, or an errno value. */
static int
copy(int from, int to, off_t max)
{
	static char bytes[CHUNK];
	off_t at = 0;
	ssize_t n;

	while (at < max && (n = pread(from, bytes, sizeof(bytes), at)) != 0) {
		ssize_t written;

		if (n < 0)
			return errno;
		if ((written = write(to, bytes, (size_t)n)) < 0)
			return errno;
		at += written;
	}
	return 0;
}

static int
load(int memfd)
{
	int fd = openat(FOLDER, WRITER_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), error;

	if (fd < 0)
		return errno == ENOENT ? 0 : errno;
	error = copy(fd, memfd, WRITER_LOAD_MAX);
	close(fd);
	return error;
}

/* What could not be written whole is taken back: it would be torn in the middle. */
static int
append(int memfd)
{
	int error, fd = openat(FOLDER, WRITER_FILE,
		       O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, MODE);
	off_t size;

	if (fd < 0)
		return errno;
	size = lseek(fd, 0, SEEK_END);
	if ((error = copy(memfd, fd, WRITER_LOAD_MAX)) != 0)
		(void)ftruncate(fd, size);
	if (fdatasync(fd) < 0 && error == 0)
		error = errno;
	close(fd);
	return error;
}

static int
replace(int memfd)
{
	int error, fd = openat(FOLDER, TEMPORARY,
		       O_WRONLY | O_TRUNC | O_CREAT | O_CLOEXEC | O_NOFOLLOW, MODE);

	if (fd < 0)
		return errno;
	error = copy(memfd, fd, WRITER_LOAD_MAX);
	if (error == 0 && fsync(fd) < 0)
		error = errno;
	close(fd);
	if (error == 0 && renameat(FOLDER, TEMPORARY, FOLDER, WRITER_FILE) < 0)
		error = errno;
	if (error == 0 && fsync(FOLDER) < 0)
		error = errno;
	if (error != 0)
		(void)unlinkat(FOLDER, TEMPORARY, 0);
	return error;
}

static int
aside(int memfd)
{
	struct stat st;
	int error, fd = openat(FOLDER, DAMAGED,
		       O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, MODE);

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) == 0 && st.st_size > DAMAGED_MAX)
		(void)ftruncate(fd, 0);
	error = copy(memfd, fd, DAMAGED_MAX);
	close(fd);
	return error;
}

static int (*const tasks[])(int memfd) = {
    [WRITER_LOAD] = load,
    [WRITER_APPEND] = append,
    [WRITER_REPLACE] = replace,
    [WRITER_ASIDE] = aside,
};

/* Waits for an order. False at the end. */
static bool
receive(unsigned char *task, int *memfd)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = {.iov_base = task, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control)};
	struct cmsghdr *head;
	ssize_t n;

	do
		n = recvmsg(PEER, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	head = n == 1 ? CMSG_FIRSTHDR(&message) : NULL;
	if (head == NULL || head->cmsg_type != SCM_RIGHTS ||
	    *task >= sizeof(tasks) / sizeof(tasks[0]))
		return false;
	memcpy(memfd, CMSG_DATA(head), sizeof(*memfd));
	return true;
}

/* In the child: all its life. It is confined as `out` is. */
static void __attribute__((noreturn)) child(int peer, const char *folder)
{
	unsigned char task;
	int error, memfd, fd, missing;

	prctl(PR_SET_NAME, "out-writer");
	signal(SIGTERM, SIG_IGN); /* it ends when its last task is done */
	signal(SIGINT, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (dup2(peer, PEER) < 0 || close_range(STDERR_FILENO + 1, ~0U, 0) < 0)
		_exit(1);
	/* The first descriptor that is free. A folder that is not there fails each task. */
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	missing = fd < 0 ? errno : 0;
	if (fd >= 0 && fd != FOLDER)
		_exit(1);
	while (fd >= 0 && flock(FOLDER, LOCK_EX) < 0 && errno == EINTR)
		;
	while (receive(&task, &memfd)) {
		error = missing != 0 ? missing : tasks[task](memfd);
		close(memfd);
		if (send(PEER, &error, sizeof(error), MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

int
writer_start(const char *folder, pid_t *pid)
{
	int error, pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return -1;
	if ((*pid = fork()) == 0)
		child(pair[1], folder);
	error = errno;
	close(pair[1]);
	if (*pid > 0 && fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0)
		return pair[0];
	close(pair[0]);
	errno = error;
	return -1;
}

int
writer_order(int fd, enum writer_task task, int memfd)
{
	unsigned char byte = (unsigned char)task;
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {0};
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	const struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control)};

	control.align.cmsg_len = CMSG_LEN(sizeof(int));
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(&control.align), &memfd, sizeof(memfd));
	if (sendmsg(fd, &message, MSG_NOSIGNAL) == 1)
		return 0;
	if (errno == ECONNRESET) /* it has left an order that it did not read */
		errno = EPIPE;
	return -1;
}

int
writer_answer(int fd, int *error)
{
	ssize_t n = recv(fd, error, sizeof(*error), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	return n == sizeof(*error) ? 1 : -1;
}
