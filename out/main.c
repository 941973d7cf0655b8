/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/xmem.h"
#include "out/child.h"
#include "out/feedin.h"
#include "out/worker.h"

#define CHILDREN_MAX 16 /* publishers */

struct options {
	int conf_fd, queue_fd; /* -1: not given */
	bool debug;
	const struct publisher *publisher; /* NULL: the parent */
};

struct out {
	struct child *children[CHILDREN_MAX];
	size_t nchildren;
};

static void
usage(FILE *to)
{
	fputs("usage: out [-DV] -C FD [-P PUBLISHER -q FD]\n"
	      "  -C  holdup.conf\n"
	      "  -P  be the process of one publisher: domoticz\n"
	      "  -q  its queue\n"
	      "  -D  say more\n"
	      "  -V  print the version and exit\n"
	      "holdupd starts this program and opens the descriptor for it.\n",
	    to);
}

static int
read_fd(const char *text)
{
	char *end;
	long fd = strtol(text, &end, 10);

	if (end == text || *end != '\0' || fd < 0 || fd > 65535)
		log_fatal("%s is no descriptor number; out is started by holdupd", text);
	return (int)fd;
}

static void
read_options(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "C:DP:Vhq:")) != -1) {
		switch (c) {
		case 'C':
			o->conf_fd = read_fd(optarg);
			break;
		case 'D':
			o->debug = true;
			break;
		case 'P':
			if ((o->publisher = publisher_find(optarg)) == NULL)
				log_fatal("there is no publisher %s", optarg);
			break;
		case 'V':
			printf("out (holdup) %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(stdout);
			exit(0);
		case 'q':
			o->queue_fd = read_fd(optarg);
			break;
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind < argc || o->conf_fd < 0 ||
	    (o->publisher == NULL) != (o->queue_fd < 0)) {
		usage(stderr);
		exit(1);
	}
}

/* holdupd has logged the problems of the file. */
static void
read_conf(struct holdup_conf *conf, int fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = conf_slurp_fd(fd, &len);

	if (text == NULL)
		log_fatal_errno("cannot read holdup.conf from descriptor %d", fd);
	holdup_conf_read(conf, "holdup.conf", text, len, &problems);
	problems_free(&problems);
	free(text);
}

static void
on_changed(void *arg, const struct feed *f)
{
	struct out *out = arg;

	for (size_t i = 0; i < out->nchildren; i++)
		child_look(out->children[i], f);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	event_base_loopbreak(arg);
}

/* Reads the feed and keeps the publishers running until SIGTERM. */
static void
run(const struct holdup_conf *conf, const struct options *o)
{
	struct event_base *base = event_base_new();
	struct event *term = evsignal_new(base, SIGTERM, on_term, base);
	char *path = paths_state("holdup.feed");
	struct out out = {0};
	struct feedin *feedin;

	for (const struct publisher *const *p = publishers; *p != NULL; p++)
		if ((*p)->wanted(conf) && out.nchildren < CHILDREN_MAX)
			out.children[out.nchildren++] =
			    child_new(base, *p, conf, o->conf_fd, o->debug);
	if (out.nchildren == 0)
		log_warn("holdup.conf asks for nothing that is told to anybody");
	feedin = feedin_new(base, path, on_changed, &out);
	event_add(term, NULL);
	event_base_dispatch(base);

	feedin_free(feedin);
	for (size_t i = 0; i < out.nchildren; i++)
		child_free(out.children[i]);
	event_free(term);
	event_base_free(base);
	free(path);
}

int
main(int argc, char **argv)
{
	struct options options = {.conf_fd = -1, .queue_fd = -1};
	struct holdup_conf conf;

	log_init("out", 0);
	read_options(&options, argc, argv);
	log_init("out", options.debug);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(options.publisher != NULL ? SANDBOX_PUBLISHER : SANDBOX_OUT);
	read_conf(&conf, options.conf_fd);
	if (options.publisher != NULL)
		worker_run(options.publisher, &conf, options.queue_fd);
	else
		run(&conf, &options);
	holdup_conf_free(&conf);
	return 0;
}
