/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/log.h"
#include "run/command.h"

#define WAKE_PORT 9 /* discard: where magic packets are sent by custom */
#define WAKE_TIMES 3
#define MAGIC_SYNC 6    /* bytes of 0xff, then ... */
#define MAGIC_REPEAT 16 /* ... so many times the hardware address */

/* fork(2) for what is done without another program: the parent's handler of SIGTERM would tell
 * the parent that it is to end. */
static pid_t
fork_plain(void)
{
	pid_t pid = fork();

	if (pid == 0)
		signal(SIGTERM, SIG_DFL);
	return pid;
}

/* True when somebody accepts a connection in time. */
static bool
answers(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	int error = 0;
	socklen_t len = sizeof(error);

	if (fd < 0)
		return false;
	if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
		return true;
	return errno == EINPROGRESS && poll(&p, 1, COMMAND_CONNECT_MS) == 1 &&
	       getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 && error == 0;
}

pid_t
command_connect(const char *address, int port)
{
	const struct addrinfo how = {
	    .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
	struct addrinfo *a;
	char service[16];
	pid_t pid = fork_plain();

	if (pid != 0)
		return pid;
	snprintf(service, sizeof(service), "%d", port);
	_exit(getaddrinfo(address, service, &how, &a) == 0 && answers(a) ? 0 : 1);
}

/* Sends the packet to one network; true when that could be done. */
static bool
send_magic(
    int fd, const struct sockaddr *broadcast, const unsigned char *magic, size_t len)
{
	struct sockaddr_in to;
	bool sent = false;

	memcpy(&to, broadcast, sizeof(to));
	to.sin_port = htons(WAKE_PORT);
	for (int i = 0; i < WAKE_TIMES; i++)
		sent |= sendto(fd, magic, len, 0, (const struct sockaddr *)&to,
			    sizeof(to)) == (ssize_t)len;
	return sent;
}

/* In the child: to every network that has a broadcast address. */
static bool
send_all(const unsigned char *magic, size_t len)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
	struct ifaddrs *all, *i;
	bool sent = false;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)) < 0 ||
	    getifaddrs(&all) < 0)
		return false;
	for (i = all; i != NULL; i = i->ifa_next)
		if (i->ifa_addr != NULL && i->ifa_addr->sa_family == AF_INET &&
		    (i->ifa_flags & IFF_UP) && (i->ifa_flags & IFF_BROADCAST) &&
		    i->ifa_broadaddr != NULL)
			sent |= send_magic(fd, i->ifa_broadaddr, magic, len);
	return sent;
}

pid_t
command_packet(const unsigned char mac[CONF_MAC_BYTES])
{
	unsigned char magic[MAGIC_SYNC + MAGIC_REPEAT * CONF_MAC_BYTES];
	pid_t pid = fork_plain();

	if (pid != 0)
		return pid;
	memset(magic, 0xff, MAGIC_SYNC);
	for (size_t i = 0; i < MAGIC_REPEAT; i++)
		memcpy(&magic[MAGIC_SYNC + i * CONF_MAC_BYTES], mac, CONF_MAC_BYTES);
	if (send_all(magic, sizeof(magic)))
		_exit(0);
	log_warn("no network takes a magic packet: %s", strerror(errno));
	_exit(1);
}
