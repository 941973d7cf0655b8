/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/fdarg.h"
#include "lib/log.h"
#include "out/options.h"

void
options_read(struct options *o, const char *letters, int argc, char **argv,
    void (*usage)(FILE *to))
{
	int c;

	*o = (struct options){.conf_fd = -1, .queue_fd = -1};
	log_init("out", 0);
	while ((c = getopt(argc, argv, letters)) != -1) {
		switch (c) {
		case 'C':
			o->conf_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			o->debug = true;
			log_init("out", 1);
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
			o->queue_fd = fdarg(optarg, NULL);
			break;
		default:
			usage(stderr);
			exit(1);
		}
	}
	if (optind == argc && o->conf_fd >= 0 &&
	    (strchr(letters, 'P') == NULL || (o->publisher != NULL && o->queue_fd >= 0)))
		return;
	usage(stderr);
	exit(1);
}

void
options_conf(struct holdup_conf *conf, const struct options *o)
{
	struct problems problems = {0};
	size_t len;
	char *text = conf_slurp_fd(o->conf_fd, &len);

	if (text == NULL)
		log_fatal_errno("cannot read holdup.conf from descriptor %d", o->conf_fd);
	holdup_conf_read(conf, "holdup.conf", text, len, &problems);
	problems_free(&problems); /* holdupd has logged them */
	free(text);
}
