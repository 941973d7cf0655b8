/* SPDX-License-Identifier: ISC */
/*
 * Opens CONNECTIONS to a NUT server, each of which asks one question; prints how many
 * seconds that took, and how many bytes of private memory the process PID has grown by for
 * each. Then they stay until standard input ends.
 *
 * usage: crowd PORT CONNECTIONS PID
 */
#include <err.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS_MAX 60000
#define QUESTION "NETVER\n"
#define FILES_KEPT 16

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

/* From one of many loopback addresses: an address has only so many ports. */
static int
dial(int port, int i)
{
	struct sockaddr_in to = {.sin_family = AF_INET}, from = {.sin_family = AF_INET};
	int fd, one = 1;

	to.sin_port = htons((uint16_t)port);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + (in_addr_t)(i / 10000));
	if ((fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		err(1, "socket %d", i);
	setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one));
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)) == -1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) == -1 ||
	    write(fd, QUESTION, strlen(QUESTION)) == -1)
		err(1, "connection %d", i);
	return fd;
}

int
main(int argc, char **argv)
{
	static int fds[CONNECTIONS_MAX];
	struct rlimit limit;
	char answer[64];
	double began;
	long before;
	int count, i;

	if (argc != 4)
		errx(1, "usage: crowd PORT CONNECTIONS PID");
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
	for (i = 0; i < count; i++)
		fds[i] = dial(atoi(argv[1]), i);
	for (i = 0; i < count; i++)
		if (read(fds[i], answer, sizeof(answer)) <= 0)
			errx(1, "connection %d is not served", i);
	printf("%.2f %.0f\n", now() - began,
	    (double)(private_kb(argv[3]) - before) * 1024 / count);
	fflush(stdout);
	while (read(STDIN_FILENO, answer, sizeof(answer)) > 0)
		;
	return 0;
}
