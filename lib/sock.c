/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/sock.h"

#define SOCK_BACKLOG 128
#define SOCK_BACKLOG_TCP 4096 /* after an outage all clients come at once */
#define CAUSE_MAX 256

/* Closes `fd`, keeps errno, and returns -1. */
static int
give_up(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
	return -1;
}

/* Closes `fd` (if any), writes "what: strerror" to the cause, and returns -1. */
static int
fail(int fd, char *cause, size_t size, const char *what)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	snprintf(cause, size, "%s: %s", what, strerror(error));
	errno = error;
	return -1;
}

/* Fills in a Unix address; a path that does not fit is the only failure. */
static int
unix_address(struct sockaddr_un *sun, const char *path, char *cause, size_t size)
{
	size_t len = strlen(path);

	if (len >= sizeof(sun->sun_path)) {
		snprintf(cause, size,
		    "%s: a socket's path may have %zu bytes, this one has %zu", path,
		    sizeof(sun->sun_path) - 1, len);
		errno = ENAMETOOLONG;
		return -1;
	}
	*sun = (struct sockaddr_un){.sun_family = AF_UNIX};
	memcpy(sun->sun_path, path, len + 1);
	return 0;
}

/* Asks for a connection of a type that listening sockets do not have: the kernel says
 * whether anybody is there, and nobody there hears of it. Returns 0 or an errno. */
static int
knock(const struct sockaddr_un *sun)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), error = errno;

	if (fd >= 0) {
		error = 0;
		if (connect(fd, (const struct sockaddr *)sun, sizeof(*sun)) < 0)
			error = errno;
		close(fd);
	}
	return error == EPROTOTYPE ? 0 : error;
}

bool
sock_is_served(const char *path)
{
	struct sockaddr_un sun;
	char cause[CAUSE_MAX];

	return unix_address(&sun, path, cause, sizeof(cause)) == 0 && knock(&sun) == 0;
}

/* Removes the socket file of a program that is gone; nothing else is ever removed. */
static int
remove_dead(const struct sockaddr_un *sun, char *cause, size_t size)
{
	struct stat st;

	if (lstat(sun->sun_path, &st) < 0)
		return errno == ENOENT ? 0 : fail(-1, cause, size, sun->sun_path);
	if (!S_ISSOCK(st.st_mode)) {
		snprintf(cause, size, "%s exists and is no socket", sun->sun_path);
		errno = EEXIST;
		return -1;
	}
	if (knock(sun) == ECONNREFUSED) {
		if (unlink(sun->sun_path) < 0 && errno != ENOENT)
			return fail(-1, cause, size, sun->sun_path);
		return 0;
	}
	snprintf(cause, size, "%s is in use by another program", sun->sun_path);
	errno = EADDRINUSE;
	return -1;
}

int
sock_listen_unix(const char *path, int type, mode_t mode, char *cause, size_t size)
{
	struct sockaddr_un sun;
	mode_t old;
	int fd, rc;

	if (unix_address(&sun, path, cause, size) < 0 ||
	    remove_dead(&sun, cause, size) < 0)
		return -1;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return fail(-1, cause, size, path);
	/* The mode must be right from the first moment, so no chmod afterwards. */
	old = umask(~mode & 0777);
	rc = bind(fd, (const struct sockaddr *)&sun, sizeof(sun));
	umask(old);
	if (rc < 0 || listen(fd, SOCK_BACKLOG) < 0)
		return fail(fd, cause, size, path);
	return fd;
}

int
sock_connect_unix(const char *path, int type, char *cause, size_t size)
{
	struct sockaddr_un sun;
	int fd;

	if (unix_address(&sun, path, cause, size) < 0)
		return -1;
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&sun, sizeof(sun)) < 0)
		return fail(fd, cause, size, path);
	return fd;
}

/* Sets an option to 1. */
static int
option(int fd, int level, int name)
{
	const int one = 1;

	return setsockopt(fd, level, name, &one, sizeof(one));
}

/* Opens, binds and listens on one resolved address. */
static int
listen_address(const struct addrinfo *ai)
{
	int fd;
	bool six = ai->ai_family == AF_INET6;

	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (option(fd, SOL_SOCKET, SO_REUSEADDR) == 0 &&
	    (!six || option(fd, IPPROTO_IPV6, IPV6_V6ONLY) == 0) &&
	    (six ? option(fd, IPPROTO_IPV6, IPV6_FREEBIND)
		 : option(fd, IPPROTO_IP, IP_FREEBIND)) == 0 &&
	    bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, SOCK_BACKLOG_TCP) == 0)
		return fd;
	return give_up(fd);
}

int
sock_listen_tcp(const char *address, const char *port, char *cause, size_t size)
{
	const struct addrinfo hints = {
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
	    .ai_family = AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *ai;
	int fd, rc;

	rc = getaddrinfo(address, port, &hints, &ai);
	if (rc != 0) {
		snprintf(cause, size, "%s port %s: %s", address, port,
		    rc == EAI_NONAME
			? "not an IP address (or of an interface that is not there) "
			  "and a port number"
			: gai_strerror(rc));
		errno = EINVAL;
		return -1;
	}
	fd = listen_address(ai);
	if (fd < 0)
		snprintf(cause, size, "%s port %s: %s", address, port, strerror(errno));
	freeaddrinfo(ai);
	return fd;
}

/* Waits for a connect in progress; 0, or -1 with errno. */
static int
finish_connect(int fd, int timeout_ms)
{
	struct pollfd wait = {.fd = fd, .events = POLLOUT};
	int rc, error = 0;
	socklen_t len = sizeof(error);

	do
		rc = poll(&wait, 1, timeout_ms);
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return -1;
	if (rc == 0)
		error = ETIMEDOUT;
	else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		return -1;
	errno = error;
	return error == 0 ? 0 : -1;
}

/* Connects to one resolved address and makes the descriptor blocking. */
static int
connect_address(const struct addrinfo *ai, int timeout_ms)
{
	int fd;

	fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if ((connect(fd, ai->ai_addr, ai->ai_addrlen) == 0 ||
		(errno == EINPROGRESS && finish_connect(fd, timeout_ms) == 0)) &&
	    fcntl(fd, F_SETFL, 0) == 0)
		return fd;
	return give_up(fd);
}

int
sock_connect_tcp(
    const char *host, const char *port, int timeout_ms, char *cause, size_t size)
{
	const struct addrinfo hints = {
	    .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list, *ai;
	int fd = -1, rc;

	rc = getaddrinfo(host, port, &hints, &list);
	if (rc != 0) {
		snprintf(cause, size, "%s port %s: %s", host, port, gai_strerror(rc));
		errno = EHOSTUNREACH;
		return -1;
	}
	for (ai = list; ai != NULL && fd < 0; ai = ai->ai_next)
		fd = connect_address(ai, timeout_ms);
	if (fd < 0)
		snprintf(cause, size, "%s port %s: %s", host, port, strerror(errno));
	freeaddrinfo(list);
	return fd;
}

int
sock_port(int fd)
{
	struct sockaddr_storage ss = {0};
	socklen_t len = sizeof(ss);

	if (getsockname(fd, (struct sockaddr *)&ss, &len) < 0)
		return -1;
	if (ss.ss_family == AF_INET)
		return ntohs(((const struct sockaddr_in *)&ss)->sin_port);
	if (ss.ss_family == AF_INET6)
		return ntohs(((const struct sockaddr_in6 *)&ss)->sin6_port);
	return -1;
}
