/* SPDX-License-Identifier: ISC */
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>

#include "lib/log.h"
#include "lib/sandbox.h"
#include "out/options.h"
#include "out/worker.h"

static void
usage(FILE *to)
{
	fputs("usage: publish [-DV] -P PUBLISHER -C FD -q FD\n"
	      "  -P  which one: domoticz\n"
	      "  -C  holdup.conf\n"
	      "  -q  the queue from which the values come\n"
	      "  -D  say more\n"
	      "  -V  print the version and exit\n"
	      "out starts this program and opens the descriptors for it.\n",
	    to);
}

int
main(int argc, char **argv)
{
	struct options options;
	struct holdup_conf conf;

	options_read(&options, "C:DP:Vhq:", argc, argv, usage);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	sandbox_enter(SANDBOX_PUBLISHER);
	options_conf(&conf, &options);
	worker_run(options.publisher, &conf, options.queue_fd);
	holdup_conf_free(&conf);
	return 0;
}
