/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli/client.h"
#include "cli/drill_ask.h"
#include "cli/target.h"
#include "drill/drill_house.h"
#include "lib/boottime.h"
#include "lib/paths.h"
#include "lib/request.h"
#include "lib/sock.h"

#define ANSWER_MS 5000
#define LOOK_MS 500
#define TOLD_MS 3000    /* so long core may take to tell it */
#define MARGIN_MS 60000 /* beyond a machine's own time */

/* Asks core, whose socket is root's and group nut's, to tell the machine. */
static int
ask_core(const char *machine, char *cause, size_t size)
{
	const struct request r = {
	    .id = 1, .verb = REQUEST_DRILL, .machine = machine, .ups = "-"};
	char *path = paths_state("holdup.req"), answer[64];
	struct buf line = {0};
	ssize_t len = 0;
	int fd = sock_connect_unix(path, SOCK_STREAM, cause, size);
	struct pollfd p = {.fd = fd, .events = POLLIN};

	free(path);
	if (fd < 0)
		return -1;
	request_format(&line, &r);
	if (send(fd, buf_str(&line), line.len, MSG_NOSIGNAL) == (ssize_t)line.len &&
	    poll(&p, 1, ANSWER_MS) == 1)
		len = recv(fd, answer, sizeof(answer), 0);
	buf_free(&line);
	close(fd);
	if (len >= 3 && strncmp(answer, "OK ", 3) == 0)
		return 0;
	snprintf(cause, size, "%s: %s", machine,
	    len <= 0 ? "core does not answer"
		     : "core knows no such machine (reload holdup after a change)");
	return -1;
}

/* How the machine stands, as the server tells it. */
struct standing {
	const char *name;
	char stand[16], why[POLICY_TEXT_MAX];
};

static void
take_machine(void *arg, const struct words *w)
{
	struct standing *s = arg;

	if (w->argc < 4 || strcmp(w->argv[1], s->name) != 0)
		return;
	snprintf(s->stand, sizeof(s->stand), "%s", w->argv[2]);
	snprintf(s->why, sizeof(s->why), "%s", w->argv[3]);
}

static int
ask_standing(const struct target *t, struct standing *s, char *cause, size_t size)
{
	struct client *c = client_open(t->host, t->port, cause, size);
	int ok;

	if (c == NULL)
		return -1;
	client_arg(c, "LIST");
	client_arg(c, "MACHINE");
	ok = client_list(c, take_machine, s, cause, size);
	client_close(c);
	return ok;
}

static bool
stands(const struct standing *s, const char *stand)
{
	return strcmp(s->stand, stand) == 0;
}

/* Only who is on can be told. */
static int
check_on(const struct target *t, const char *name, char *cause, size_t size)
{
	struct standing s = {.name = name};

	if (ask_standing(t, &s, cause, size) < 0)
		return -1;
	if (stands(&s, "on"))
		return 0;
	snprintf(cause, size, "%s is %s, and is not told", name,
	    *s.stand == '\0' ? "not known to holdup (reload it)" : s.stand);
	return -1;
}

/* Until it is off, or its time is over. */
static int
follow(const struct drill_known *k, const struct target *t, struct drill_real *real,
    bool quiet, char *cause, size_t size)
{
	const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	struct standing s = {.name = k->holdup.machines[real->plan].name};
	uint64_t begin = boottime_ms(), most;
	char before[16] = "";
	bool assumed, told = false;

	most = drill_takes(&k->policy, real->plan, &assumed) + MARGIN_MS;
	real->took = NAN;
	do {
		nanosleep(&pause, NULL);
		if (ask_standing(t, &s, cause, size) < 0)
			return -1;
		if (!quiet && strcmp(before, s.stand) != 0)
			printf("%5.1f s  %s is %s: %s\n",
			    (double)(boottime_ms() - begin) / 1000, s.name, s.stand,
			    s.why);
		fflush(stdout);
		memcpy(before, s.stand, sizeof(before));
		told |= !stands(&s, "on");
		if (!told && boottime_ms() > begin + TOLD_MS) {
			snprintf(cause, size,
			    "%s is not told: nobody is there, as far as core sees",
			    s.name);
			return -1;
		}
	} while (!stands(&s, "off") && !stands(&s, "waking") &&
		 (!told || !stands(&s, "on")) && boottime_ms() < begin + most);
	if (stands(&s, "off") || stands(&s, "waking"))
		real->took = (double)(boottime_ms() - begin) / 1000;
	snprintf(real->stand, sizeof(real->stand), "%s", s.stand);
	return 0;
}

int
drill_really(const struct drill_known *k, struct drill_real *real, size_t nreal,
    bool quiet, char *cause, size_t size)
{
	struct target t;
	int done = 0;

	if (target_local(&t, NULL, true) < 0)
		return -1;
	for (size_t i = 0; i < nreal && done == 0; i++) {
		const char *name = k->holdup.machines[real[i].plan].name;

		done = check_on(&t, name, cause, size);
		if (done == 0)
			done = ask_core(name, cause, size);
		if (done == 0)
			done = follow(k, &t, &real[i], quiet, cause, size);
	}
	target_free(&t);
	return done;
}
