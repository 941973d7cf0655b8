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
#include "lib/notify.h"
#include "run/jobs.h"

/*
 * run executes rows of the notify table: what upsmon.conf says, chosen by a number. It is
 * RUN_AS_USER and not confined, so that NOTIFYCMD may do all that this user may.
 */

struct run {
	struct event_base *base;
	struct upsmon_conf conf;
	struct jobs *jobs;
	int ctl_fd;
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: run -M FD -H FD [-D]\n"
	      "run is started by holdupd, with open descriptors\n",
	    stderr);
	exit(1);
}

static void
conf_read(struct run *r, int fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = conf_slurp_fd(fd, &len);

	if (text == NULL)
		log_fatal_errno("cannot read upsmon.conf");
	upsmon_conf_read(&r->conf, "upsmon.conf", text, len, &problems);
	problems_free(&problems); /* holdupd has said them */
	free(text);
	close(fd);
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

static void
take_row(struct run *r, uint32_t number, uint32_t id, const char *extra)
{
	struct notify_row row;

	if (notify_row(&r->conf, number, extra, &row) < 0) {
		log_warn("upsmon.conf has no row %u", (unsigned)number);
		on_done(r, id, 0);
		return;
	}
	if (row.flags & NOTIFY_SYSLOG)
		log_info("%s", row.text);
	else
		log_debug("%s: %s", notify_name(row.type), row.text);
	jobs_add(r->jobs, &row, id);
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
	int option, debug = 0, conf_fd = -1;

	while ((option = getopt(argc, argv, "M:H:D")) != -1) {
		if (option == 'M')
			conf_fd = fdarg(optarg, NULL);
		else if (option == 'H')
			r.ctl_fd = fdarg(optarg, NULL);
		else if (option == 'D')
			debug++;
		else
			usage();
	}
	if (optind != argc || conf_fd < 0 || r.ctl_fd < 0)
		usage();
	log_init("run", debug);
	signal(SIGPIPE, SIG_IGN);
	conf_read(&r, conf_fd);
	if ((r.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	r.jobs = jobs_new(r.base, r.conf.notifycmd, on_done, &r);
	term = evsignal_new(r.base, SIGTERM, on_stop, &r);
	ctl = event_new(r.base, r.ctl_fd, EV_READ | EV_PERSIST, on_ctl, &r);
	event_add(term, NULL);
	event_add(ctl, NULL);
	event_base_dispatch(r.base);

	event_free(ctl);
	event_free(term);
	jobs_free(r.jobs);
	event_base_free(r.base);
	upsmon_conf_free(&r.conf);
	return 0;
}
