/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fdarg.h"
#include "lib/log.h"
#include "publish/options.h"

static void
usage(FILE *to)
{
	fputs("usage: publish [-DV] -P PUBLISHER -C FD -q FD\n"
	      "       publish [-D] -t -P PUBLISHER -C FD\n"
	      "  -P  which one: domoticz, or notify.NAME for a section [notify NAME]\n"
	      "  -C  holdup.conf\n"
	      "  -q  the wire to out\n"
	      "  -t  send one message for a test, and say what came of it\n"
	      "  -D  say more\n"
	      "  -V  print the version and exit\n"
	      "out starts this program and opens the descriptors for it.\n",
	    to);
}

/* Who this is: "domoticz" whole, or "notify." and a name behind it. */
static void
find(struct options *o, const struct publisher *const *p, const char *name)
{
	for (; *p != NULL; p++) {
		size_t len = strlen((*p)->name);
		bool section = (*p)->name[len - 1] == '.';

		if (strncmp(name, (*p)->name, len) == 0 &&
		    section == (name[len] != '\0')) {
			o->publisher = *p;
			o->name = name;
			o->section = name + len;
			return;
		}
	}
	log_fatal("there is no publisher %s", name);
}

void
options_read(
    struct options *o, const struct publisher *const *publishers, int argc, char **argv)
{
	int c;

	*o = (struct options){.conf_fd = -1, .queue_fd = -1};
	log_init("publish", 0);
	while ((c = getopt(argc, argv, "C:DP:Vhq:t")) != -1) {
		switch (c) {
		case 'C':
			o->conf_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			log_init("publish", 1);
			break;
		case 'P':
			find(o, publishers, optarg);
			break;
		case 'V':
			printf("publish (holdup) %s\n", HOLDUP_VERSION);
			exit(0);
		case 'h':
			usage(stdout);
			exit(0);
		case 'q':
			o->queue_fd = fdarg(optarg, NULL);
			break;
		case 't':
			o->test = true;
			break;
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind < argc || o->conf_fd < 0 || o->publisher == NULL ||
	    (o->test ? o->publisher->test == NULL : o->queue_fd < 0)) {
		usage(stderr);
		exit(1);
	}
}
