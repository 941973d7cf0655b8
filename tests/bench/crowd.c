/* SPDX-License-Identifier: ISC */
/*
 * Opens CONNECTIONS to a NUT server, each of which asks one question; prints how many
 * seconds that took, and how many bytes of private memory the process PID has grown by for
 * each. Then they stay until standard input ends.
 *
 * -t: by TLS. usage: crowd [-t] PORT CONNECTIONS PID
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/wire.h"

#define CONNECTIONS_MAX 60000
#define QUESTION "NETVER\n"
#define FILES_KEPT 16
#define PORTS 10000 /* used of one address */

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* kB of memory that a process has for itself. */
static long
private_kb(const char *pid)
{
	char path[64], line[128];
	long kb, sum = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/smaps_rollup", pid);
	if ((f = fopen(path, "r")) == NULL)
		err(1, "%s", path);
	while (fgets(line, sizeof(line), f) != NULL)
		if (sscanf(line, "Private_Dirty: %ld", &kb) == 1)
			sum += kb;
	fclose(f);
	return sum;
}

int
main(int argc, char **argv)
{
	static struct wire wires[CONNECTIONS_MAX];
	bool tls = argc > 1 && strcmp(argv[1], "-t") == 0;
	struct rlimit limit;
	char answer[64];
	double began;
	long before;
	int count, i;

	if (tls) {
		argc--;
		argv++;
	}
	if (argc != 4)
		errx(1, "usage: crowd [-t] PORT CONNECTIONS PID");
	count = atoi(argv[2]);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (count < 1 || count > CONNECTIONS_MAX ||
	    (rlim_t)count + FILES_KEPT > limit.rlim_cur)
		errx(1, "1 to %d connections, and as many descriptors", CONNECTIONS_MAX);
	before = private_kb(argv[3]);
	began = now();
	for (i = 0; i < count; i++) {
		wire_dial(&wires[i], atoi(argv[1]), (unsigned)i / PORTS, tls);
		wire_write(&wires[i], QUESTION, strlen(QUESTION));
	}
	for (i = 0; i < count; i++)
		wire_read(&wires[i], answer, sizeof(answer));
	printf("%.2f %.0f\n", now() - began,
	    (double)(private_kb(argv[3]) - before) * 1024 / count);
	fflush(stdout);
	while (read(STDIN_FILENO, answer, sizeof(answer)) > 0)
		;
	return 0;
}
