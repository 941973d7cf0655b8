/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/conf.h"
#include "lib/conf_upsmon.h"
#include "lib/ctl.h"
#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/task.h"
#include "run/jobs.h"
#include "run/rows.h"

/*
 * run executes rows: what upsmon.conf and holdup.conf say, chosen by a number. It is
 * RUN_AS_USER and not confined, so that NOTIFYCMD and hooks may do all that this user may.
 */

struct run {
	struct event_base *base;
	struct rows rows;
	int ctl_fd;
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: run -M FD -O FD -H FD [-D]\n"
	      "run is started by holdupd, with open descriptors\n",
	    stderr);
	exit(1);
}

/* Faults are said by holdupd. */
static char *
text_read(int fd, const char *name, size_t *len)
{
	char *text = conf_slurp_fd(fd, len);

	if (text == NULL)
		log_fatal_errno("cannot read %s", name);
	close(fd);
	return text;
}

static void
conf_read(struct run *r, int upsmon_fd, int holdup_fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = text_read(upsmon_fd, "upsmon.conf", &len);

	upsmon_conf_read(&r->rows.upsmon, "upsmon.conf", text, len, &problems);
	free(text);
	text = text_read(holdup_fd, "holdup.conf", &len);
	holdup_conf_read(&r->rows.holdup, "holdup.conf", text, len, &problems);
	free(text);
	problems_free(&problems);
}

static void
on_done(void *arg, uint32_t id, int status)
{
	struct run *r = arg;
	const struct ctl_msg msg = {
	    .type = CTL_DONE, .done = {.id = id, .status = status}};

	if (ctl_send(r->ctl_fd, &msg) < 0)
		log_warn_errno("cannot tell holdupd that a command has ended");
}

/* That nobody is to be told is done; a task that there is no way for has failed. */
static void
take_row(struct run *r, uint32_t number, uint32_t id, const char *extra)
{
	if (!rows_run(&r->rows, number, id, extra))
		on_done(r, id, number < TASK_ROWS ? 0 : JOBS_FAILED);
}

static void
on_ctl(evutil_socket_t fd, short what, void *arg)
{
	struct run *r = arg;
	struct ctl_msg msg;
	int got;

	while ((got = ctl_recv(fd, &msg)) > 0)
		if (msg.type == CTL_RUN)
			take_row(r, msg.run.row, msg.run.id, NULL);
		else if (msg.type == CTL_TELL)
			take_row(r, msg.tell.row, msg.tell.id, msg.tell.text);
		else
			break;
	if (got != 0)
		event_base_loopbreak(r->base);
}

static void
on_stop(evutil_socket_t number, short what, void *arg)
{
	struct run *r = arg;

	event_base_loopbreak(r->base);
}

int
main(int argc, char **argv)
{
	struct run r = {.ctl_fd = -1};
	struct event *term, *ctl;
	int option, debug = 0, conf_fd = -1, holdup_fd = -1;

	while ((option = getopt(argc, argv, "M:O:H:D")) != -1) {
		if (option == 'M')
			conf_fd = fdarg(optarg, NULL);
		else if (option == 'O')
			holdup_fd = fdarg(optarg, NULL);
		else if (option == 'H')
			r.ctl_fd = fdarg(optarg, NULL);
		else if (option == 'D')
			debug++;
		else
			usage();
	}
	if (optind != argc || conf_fd < 0 || holdup_fd < 0 || r.ctl_fd < 0)
		usage();
	log_init("run", debug);
	signal(SIGPIPE, SIG_IGN);
	conf_read(&r, conf_fd, holdup_fd);
	if ((r.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	r.rows.jobs = jobs_new(r.base, on_done, &r);
	term = evsignal_new(r.base, SIGTERM, on_stop, &r);
	ctl = event_new(r.base, r.ctl_fd, EV_READ | EV_PERSIST, on_ctl, &r);
	event_add(term, NULL);
	event_add(ctl, NULL);
	event_base_dispatch(r.base);

	event_free(ctl);
	event_free(term);
	jobs_free(r.rows.jobs);
	event_base_free(r.base);
	upsmon_conf_free(&r.rows.upsmon);
	holdup_conf_free(&r.rows.holdup);
	return 0;
}
