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
#include "out/child.h"
#include "out/feedin.h"
#include "out/options.h"

#define CHILDREN_MAX 16 /* publishers */

struct out {
	struct child *children[CHILDREN_MAX];
	size_t nchildren;
};

static void
usage(FILE *to)
{
	fputs("usage: out [-DV] -C FD\n"
	      "  -C  holdup.conf\n"
	      "  -D  say more\n"
	      "  -V  print the version and exit\n"
	      "holdupd starts this program and opens the descriptor for it.\n",
	    to);
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
	struct options options;
	struct holdup_conf conf;

	options_read(&options, "C:DVh", argc, argv, usage);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(SANDBOX_OUT);
	options_conf(&conf, &options);
	run(&conf, &options);
	holdup_conf_free(&conf);
	return 0;
}
