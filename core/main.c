/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/hub.h"
#include "core/reqin.h"
#include "lib/conf_ups.h"
#include "lib/ctl.h"
#include "lib/log.h"
#include "lib/sandbox.h"

struct options {
	int conf_fd, feed_fd, request_fd, ctl_fd, debug;
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: core -C FD -F FD -R FD [-H FD] [-D]\n"
	      "core is started by holdupd, with open descriptors\n",
	    stderr);
	exit(1);
}

static struct options
options_read(int argc, char **argv)
{
	struct options o = {.conf_fd = -1, .feed_fd = -1, .request_fd = -1, .ctl_fd = -1};
	int option;

	while ((option = getopt(argc, argv, "C:F:R:H:D")) != -1) {
		switch (option) {
		case 'C':
			o.conf_fd = atoi(optarg);
			break;
		case 'F':
			o.feed_fd = atoi(optarg);
			break;
		case 'R':
			o.request_fd = atoi(optarg);
			break;
		case 'H':
			o.ctl_fd = atoi(optarg);
			break;
		case 'D':
			o.debug++;
			break;
		default:
			usage();
		}
	}
	if (optind != argc || o.conf_fd < 0 || o.feed_fd < 0 || o.request_fd < 0)
		usage();
	return o;
}

/* holdupd has logged the problems of the file. */
static void
conf_read(struct ups_conf *conf, int fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = conf_slurp_fd(fd, &len);

	if (text == NULL)
		log_fatal_errno("cannot read ups.conf from descriptor %d", fd);
	ups_conf_read(conf, "ups.conf", text, len, &problems);
	problems_free(&problems);
	free(text);
}

/* holdupd has nothing to say yet: whatever comes is its end, or no packet of ours. */
static void
on_ctl(evutil_socket_t fd, short what, void *arg)
{
	struct ctl_msg msg;

	if (ctl_recv(fd, &msg) != 0)
		log_fatal("holdupd is gone or out of order");
}

static void
on_sigterm(evutil_socket_t number, short what, void *base)
{
	event_base_loopbreak(base);
}

int
main(int argc, char **argv)
{
	struct options o = options_read(argc, argv);
	struct ups_conf conf = {0};
	struct event_base *base;
	struct event *sigterm, *ctl = NULL;
	struct hub *hub;
	struct reqin *requests;

	log_init("core", o.debug);
	sandbox_enter(SANDBOX_CORE);
	signal(SIGPIPE, SIG_IGN);
	conf_read(&conf, o.conf_fd);
	if ((base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	sigterm = evsignal_new(base, SIGTERM, on_sigterm, base);
	event_add(sigterm, NULL);
	if (o.ctl_fd >= 0) {
		ctl = event_new(base, o.ctl_fd, EV_READ | EV_PERSIST, on_ctl, NULL);
		event_add(ctl, NULL);
	}
	hub = hub_new(base, &conf, o.feed_fd, o.ctl_fd);
	requests = reqin_new(base, o.request_fd, hub);

	event_base_dispatch(base);

	reqin_free(requests);
	hub_free(hub);
	if (ctl != NULL)
		event_free(ctl);
	event_free(sigterm);
	event_base_free(base);
	ups_conf_free(&conf);
	return 0;
}
