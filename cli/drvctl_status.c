/* SPDX-License-Identifier: ISC */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/drvctl.h"
#include "lib/buf.h"
#include "lib/paths.h"
#include "lib/sock.h"
#include "lib/words.h"
#include "lib/xmem.h"

#define PATIENCE_MS 3000 /* for each piece of an answer */
#define ANSWERS_MAX 65536

/* What a driver says of itself on its socket. */
struct answers {
	bool pong, status_known;
	long pid; /* 0: not said */
	char *status;
};

char *
drvctl_socket(const struct conf_ups *u)
{
	char *name = xasprintf("%s-%s", conf_ups_get(u, "driver"), u->name);
	char *path = paths_state(name);

	free(name);
	return path;
}

static int
open_socket(const struct conf_ups *u)
{
	char cause[256], *path = drvctl_socket(u);
	int fd = sock_connect_unix(path, SOCK_STREAM, cause, sizeof(cause));

	free(path);
	return fd;
}

bool
drvctl_answers(const struct conf_ups *u)
{
	int fd = open_socket(u);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* One line of a driver; changes of other variables come in between. */
static void
take_line(struct answers *a, const char *line, size_t len)
{
	struct words w;
	const char *why;

	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) != 0 || w.argc == 0)
		return;
	if (strcmp(w.argv[0], "PONG") == 0)
		a->pong = true;
	else if (strcmp(w.argv[0], "PID") == 0 && w.argc > 1)
		a->pid = strtol(w.argv[1], NULL, 10);
	else if (strcmp(w.argv[0], "SETINFO") == 0 && w.argc > 2 &&
		 strcmp(w.argv[1], "ups.status") == 0) {
		free(a->status);
		a->status = xstrdup(w.argv[2]);
		a->status_known = true;
	}
}

/* Reads until all is answered, or nothing more comes. */
static void
read_answers(struct answers *a, int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};
	struct buf in = {0};
	size_t taken = 0;
	ssize_t n;
	char *lf;

	while (!(a->pong && a->pid != 0 && a->status_known) && taken < ANSWERS_MAX &&
	       poll(&p, 1, PATIENCE_MS) > 0) {
		n = read(fd, buf_room(&in, WORDS_LINE_MAX), WORDS_LINE_MAX);
		if (n <= 0)
			break;
		buf_grew(&in, (size_t)n);
		taken += (size_t)n;
		while (in.len > 0 && (lf = memchr(buf_head(&in), '\n', in.len)) != NULL) {
			size_t len = (size_t)(lf - buf_head(&in));

			take_line(a, buf_head(&in), len);
			buf_consume(&in, len + 1);
		}
	}
	buf_free(&in);
}

static void
print_status(const struct conf_ups *u)
{
	static const char questions[] = "PING\nGETPID\nDUMPVALUE ups.status\n";
	struct answers a = {0};
	pid_t filed = drvctl_pid(u);
	int fd = open_socket(u);
	char said[24] = "N/A";

	if (fd >= 0) {
		if (send(fd, questions, strlen(questions), MSG_NOSIGNAL) > 0)
			read_answers(&a, fd);
		close(fd);
	}
	if (a.pid > 0)
		snprintf(said, sizeof(said), "%ld", a.pid);
	printf("%-11s\t%11s\t%s\t%d\t%s\t%s\t", u->name, conf_ups_get(u, "driver"),
	    filed > 0 || a.pid > 0    ? "RUNNING"
	    : filed == DRVCTL_NO_FILE ? "N/A"
				      : "STOPPED",
	    (int)filed, a.pong ? "RESPONSIVE" : "NOT_RESPONSIVE", said);
	if (a.status_known)
		printf("\"%s\"", a.status);
	putchar('\n');
	free(a.status);
}

int
drvctl_status(const struct drvctl *d, const char *name)
{
	printf("%-11s\t%11s\tRUNNING\tPF_PID\tS_RESPONSIVE\tS_PID\tS_STATUS\n", "UPSNAME",
	    "UPSDRV");
	for (size_t i = 0; i < d->conf.nupses; i++)
		if ((name == NULL || strcmp(d->conf.upses[i].name, name) == 0) &&
		    conf_ups_get(&d->conf.upses[i], "driver") != NULL)
			print_status(&d->conf.upses[i]);
	return 0;
}
