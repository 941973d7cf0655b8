/* SPDX-License-Identifier: ISC */
/*
 * How long it takes from the mains failing in the virtual UPS until a subscribed client has
 * the line. Prints median, 95th percentile and maximum of COUNT turns in milliseconds.
 *
 * usage: latency SIM-CONTROL-SOCKET PORT UPS COUNT
 */
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>

#define TURNS_MAX 1000
#define PAUSE_NS \
	60000000L /* between turns, so that one does not see the last one's end */
#define ANSWER_SECONDS 10

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static FILE *
stream(int fd, const struct sockaddr *to, socklen_t len, const char *name)
{
	struct timeval limit = {.tv_sec = ANSWER_SECONDS};
	FILE *f;

	if (fd == -1 || connect(fd, to, len) == -1)
		err(1, "%s", name);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if ((f = fdopen(fd, "r")) == NULL)
		err(1, "%s", name);
	return f;
}

static FILE *
dial_unix(const char *path)
{
	struct sockaddr_un sun = {.sun_family = AF_UNIX};

	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s", path);
	return stream(
	    socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&sun, sizeof(sun), path);
}

static FILE *
dial_tcp(const char *port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};

	sin.sin_port = htons((uint16_t)atoi(port));
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return stream(
	    socket(AF_INET, SOCK_STREAM, 0), (struct sockaddr *)&sin, sizeof(sin), port);
}

static void
say(FILE *f, const char *line)
{
	if (dprintf(fileno(f), "%s\n", line) < 0)
		err(1, "%s", line);
}

/* Reads lines until one begins with `start`. */
static void
await(FILE *f, const char *start)
{
	char line[1024];

	do {
		if (fgets(line, sizeof(line), f) == NULL)
			errx(1, "no line \"%s…\" within %d s", start, ANSWER_SECONDS);
	} while (strncmp(line, start, strlen(start)) != 0);
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int
main(int argc, char **argv)
{
	static double took[TURNS_MAX];
	char on_battery[128], on_line[128];
	struct timespec pause = {.tv_nsec = PAUSE_NS};
	FILE *sim, *net;
	double began;
	int i, count;

	if (argc != 5 || (count = atoi(argv[4])) < 1 || count > TURNS_MAX)
		errx(1, "usage: latency SIM-CONTROL-SOCKET PORT UPS COUNT (1 to %d)",
		    TURNS_MAX);
	snprintf(
	    on_battery, sizeof(on_battery), "NOTIFY VAR %s ups.status \"OB", argv[3]);
	snprintf(on_line, sizeof(on_line), "NOTIFY VAR %s ups.status \"OL", argv[3]);
	sim = dial_unix(argv[1]);
	net = dial_tcp(argv[2]);
	say(net, "SUBSCRIBE");
	await(net, "OK");
	for (i = 0; i < count; i++) {
		nanosleep(&pause, NULL);
		began = now_ms();
		say(sim, "unplug");
		await(net, on_battery);
		took[i] = now_ms() - began;
		await(sim, "OK");
		nanosleep(&pause, NULL);
		say(sim, "plug");
		await(net, on_line);
		await(sim, "OK");
	}
	qsort(took, (size_t)count, sizeof(took[0]), compare);
	printf(
	    "%.2f %.2f %.2f\n", took[count / 2], took[count * 95 / 100], took[count - 1]);
	return 0;
}
