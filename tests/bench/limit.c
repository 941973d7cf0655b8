/* SPDX-License-Identifier: ISC */
/*
 * The least that a server can do: answers each line that begins with G by one file's bytes
 * and each that begins with L by another's. What the others are measured against.
 *
 * usage: limit GET-ANSWER-FILE LIST-ANSWER-FILE     prints its port
 */
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX 16384
#define IN_MAX 4096
#define REQUEST_MIN 16 /* bytes: "LIST VAR qnapups" */

struct answer {
	char bytes[ANSWER_MAX];
	size_t len;
};

static void
load(const char *path, struct answer *a)
{
	FILE *f;

	if ((f = fopen(path, "r")) == NULL)
		err(1, "%s", path);
	a->len = fread(a->bytes, 1, sizeof(a->bytes), f);
	fclose(f);
}

static int
listen_anywhere(void)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	socklen_t len = sizeof(sin);
	int fd;

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if ((fd = socket(AF_INET, SOCK_STREAM, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    listen(fd, 128) == -1 || getsockname(fd, (struct sockaddr *)&sin, &len) == -1)
		err(1, "socket");
	printf("%d\n", ntohs(sin.sin_port));
	fflush(stdout);
	return fd;
}

static void
watch(int epoll, int fd)
{
	struct epoll_event e = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e) == -1)
		err(1, "epoll_ctl");
}

/* Answers what can be read, in one piece; false at the end. Requests never come in halves
 * here, and who asks for much reads it. */
static int
serve(int fd, const struct answer *get, const struct answer *list)
{
	static char out[IN_MAX / REQUEST_MIN * ANSWER_MAX];
	char in[IN_MAX], *end, *at = in;
	const struct answer *a;
	size_t len = 0;
	ssize_t n;

	if ((n = read(fd, in, sizeof(in))) <= 0)
		return 0;
	while ((end = memchr(at, '\n', (size_t)(in + n - at))) != NULL) {
		a = *at == 'L' ? list : get;
		memcpy(out + len, a->bytes, a->len);
		len += a->len;
		at = end + 1;
	}
	return write(fd, out, len) == (ssize_t)len;
}

int
main(int argc, char **argv)
{
	static struct answer get, list;
	struct epoll_event events[64];
	int epoll, listener, fd, i, n, one = 1;

	if (argc != 3)
		errx(1, "usage: limit GET-ANSWER-FILE LIST-ANSWER-FILE");
	load(argv[1], &get);
	load(argv[2], &list);
	signal(SIGPIPE, SIG_IGN); /* who leaves with questions open is no fault */
	listener = listen_anywhere();
	epoll = epoll_create1(0);
	watch(epoll, listener);
	while ((n = epoll_wait(epoll, events, 64, -1)) > 0) {
		for (i = 0; i < n; i++) {
			fd = events[i].data.fd;
			if (fd == listener) {
				fd = accept(listener, NULL, NULL);
				setsockopt(
				    fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
				watch(epoll, fd);
			} else if (!serve(fd, &get, &list)) {
				close(fd);
			}
		}
	}
	return 0;
}
