/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fdarg.h"
#include "lib/log.h"
#include "mqtt/options.h"

static void
usage(FILE *to)
{
	fputs("usage: mqtt [-DV] -P PUBLISHER -C FD -q FD [-A FD] [-T FD]\n"
	      "  -P  which one: mqtt for [mqtt], or domoticz for [domoticz]\n"
	      "  -C  holdup.conf\n"
	      "  -q  the wire to out\n"
	      "  -A  authorities that may sign a broker's certificate (PEM)\n"
	      "  -T  our certificate and its key (PEM)\n"
	      "  -D  say more\n"
	      "  -V  print the version and exit\n"
	      "out starts this program and opens the descriptors for it.\n",
	    to);
}

static const struct publisher *
find(const struct publisher *const *p, const char *name)
{
	for (; *p != NULL; p++)
		if (strcmp((*p)->name, name) == 0)
			return *p;
	log_fatal("there is no publisher %s", name);
}

void
options_read(
    struct options *o, const struct publisher *const *publishers, int argc, char **argv)
{
	int c;

	*o = (struct options){
	    .conf_fd = -1, .queue_fd = -1, .authorities_fd = -1, .own_fd = -1};
	log_init("mqtt", 0);
	while ((c = getopt(argc, argv, "A:C:DP:T:Vhq:")) != -1) {
		switch (c) {
		case 'A':
			o->authorities_fd = fdarg(optarg, NULL);
			break;
		case 'C':
			o->conf_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			log_init("mqtt", 1);
			break;
		case 'P':
			o->publisher = find(publishers, optarg);
			break;
		case 'T':
			o->own_fd = fdarg(optarg, NULL);
			break;
		case 'V':
			printf("mqtt (holdup) %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(stdout);
			exit(0);
		case 'q':
			o->queue_fd = fdarg(optarg, NULL);
			break;
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind == argc && o->publisher != NULL && o->conf_fd >= 0 && o->queue_fd >= 0)
		return;
	usage(stderr);
	exit(1);
}
