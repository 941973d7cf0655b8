/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/fdarg.h"
#include "lib/log.h"
#include "lib/sandbox.h"
#include "out/house.h"

static void
usage(FILE *to)
{
	fputs("usage: out [-DV] -C FD -d FOLDER [-A FD] [-T FD]\n"
	      "  -C  holdup.conf\n"
	      "  -d  where events wait that are not delivered yet\n"
	      "  -A  the authorities of [mqtt]\n"
	      "  -T  its certificate, with its key\n"
	      "  -D  say more\n"
	      "  -V  print the version and exit\n"
	      "holdupd starts this program and opens the descriptors for it.\n",
	    to);
}

static void
read_options(struct house_options *o, int argc, char **argv)
{
	int c;

	*o = (struct house_options){.conf_fd = -1, .ca_fd = -1, .certificate_fd = -1};
	log_init("out", 0);
	while ((c = getopt(argc, argv, "A:C:DT:Vd:h")) != -1) {
		switch (c) {
		case 'A':
			o->ca_fd = fdarg(optarg, NULL);
			break;
		case 'C':
			o->conf_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			o->debug = true;
			log_init("out", 1);
			break;
		case 'T':
			o->certificate_fd = fdarg(optarg, NULL);
			break;
		case 'V':
			puts("out (holdup) " HOLDUP_VERSION);
			exit(0);
		case 'd':
			o->folder = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind == argc && o->conf_fd >= 0 && o->folder != NULL)
		return;
	usage(stderr);
	exit(1);
}

int
main(int argc, char **argv)
{
	struct house_options options;
	struct holdup_conf conf;
	struct event_base *base;

	read_options(&options, argc, argv);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	signal(SIGPIPE, SIG_IGN);
	umask(0027);
	tzset();
	sandbox_enter_folders(SANDBOX_OUT, (const char *const[]){options.folder, NULL});
	fdarg_conf(&conf, options.conf_fd);
	base = event_base_new();
	house_run(base, &conf, &options);
	event_base_free(base);
	holdup_conf_free(&conf);
	return 0;
}
