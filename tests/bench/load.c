/* SPDX-License-Identifier: ISC */
/*
 * Loads a NUT server with one request over and over, on CONNECTIONS connections with DEPTH
 * requests under way on each, for SECONDS. An answer ends with the line that begins with
 * END. Prints requests per second and, where PIDs are given, what CPU time those processes
 * took for one request in microseconds.
 *
 * -t: by TLS. usage: load [-t] PORT CONNECTIONS DEPTH SECONDS END REQUEST [PID…]
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/wire.h"

#define CONNECTIONS_MAX 4096
#define DEPTH_MAX 64

struct load {
	char requests[DEPTH_MAX * 256], end[64]; /* the request, DEPTH_MAX times */
	size_t request_len, end_len;
	unsigned long answers;
};

struct connection {
	struct wire wire;
	size_t matched; /* bytes of the END that the present line has shown */
	bool other;     /* the present line is not the END */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* CPU seconds of the processes so far (the first number of schedstat is nanoseconds). */
static double
cpu_seconds(char **pids)
{
	unsigned long long ns;
	char path[64];
	double sum = 0;
	FILE *f;

	for (; *pids != NULL; pids++) {
		snprintf(path, sizeof(path), "/proc/%s/schedstat", *pids);
		if ((f = fopen(path, "r")) == NULL)
			err(1, "%s", path);
		if (fscanf(f, "%llu", &ns) == 1)
			sum += (double)ns / 1e9;
		fclose(f);
	}
	return sum;
}

/* Asks so many times in one piece, as a client does that has several questions. */
static void
ask(const struct load *l, struct connection *c, size_t times)
{
	wire_write(&c->wire, l->requests, l->request_len * times);
}

/* Reads what is there and asks once more for each answer that has come to its end. */
static void
take(struct load *l, struct connection *c)
{
	static char in[65536];
	size_t ended = 0;
	size_t n = wire_read(&c->wire, in, sizeof(in)), i;

	for (i = 0; i < n; i++) {
		if (in[i] == '\n') {
			if (c->matched == l->end_len)
				ended++;
			c->matched = 0;
			c->other = false;
		} else if (!c->other && c->matched < l->end_len) {
			if (in[i] == l->end[c->matched])
				c->matched++;
			else
				c->other = true;
		}
	}
	l->answers += ended;
	if (ended > 0)
		ask(l, c, ended);
}

/* Opens the connections; that is not measured (upsd's queue for them is short). */
static int
dial_all(struct connection *conns, int port, int connections, bool tls)
{
	struct epoll_event e = {.events = EPOLLIN};
	int epoll = epoll_create1(0), i;

	for (i = 0; i < connections; i++) {
		wire_dial(&conns[i].wire, port, 0, tls);
		e.data.ptr = &conns[i];
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, conns[i].wire.fd, &e) == -1)
			err(1, "epoll_ctl");
	}
	return epoll;
}

static void
run(struct load *l, int epoll, double seconds)
{
	struct epoll_event events[64];
	double stop = now() + seconds;
	int i, n;

	while (now() < stop) {
		n = epoll_wait(epoll, events, 64, 100);
		for (i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;

			do
				take(l, c);
			while (wire_pending(&c->wire));
		}
	}
}

int
main(int argc, char **argv)
{
	static struct connection conns[CONNECTIONS_MAX];
	struct load l = {0};
	double began, cpu, seconds;
	int connections, depth, epoll, i;
	bool tls = argc > 1 && strcmp(argv[1], "-t") == 0;

	if (tls) {
		argc--;
		argv++;
	}
	if (argc < 7)
		errx(1,
		    "usage: load [-t] PORT CONNECTIONS DEPTH SECONDS END REQUEST [PID…]");
	connections = atoi(argv[2]);
	depth = atoi(argv[3]);
	if (connections < 1 || connections > CONNECTIONS_MAX || depth < 1 ||
	    depth > DEPTH_MAX)
		errx(1, "1 to %d connections, depth 1 to %d", CONNECTIONS_MAX, DEPTH_MAX);
	l.request_len = strlen(argv[6]) + 1;
	if (l.request_len > sizeof(l.requests) / DEPTH_MAX)
		errx(1, "the request is too long");
	for (i = 0; i < DEPTH_MAX; i++)
		snprintf(l.requests + (size_t)i * l.request_len, l.request_len + 1,
		    "%s\n", argv[6]);
	l.end_len = (size_t)snprintf(l.end, sizeof(l.end), "%s", argv[5]);
	epoll = dial_all(conns, atoi(argv[1]), connections, tls);
	cpu = cpu_seconds(argv + 7);
	began = now();
	for (i = 0; i < connections; i++)
		ask(&l, &conns[i], (size_t)depth);
	run(&l, epoll, strtod(argv[4], NULL));
	seconds = now() - began;
	cpu = cpu_seconds(argv + 7) - cpu;
	if (l.answers == 0)
		errx(1, "no answer within %s s", argv[4]);
	printf("%.0f %.2f\n", (double)l.answers / seconds, cpu * 1e6 / (double)l.answers);
	return 0;
}
