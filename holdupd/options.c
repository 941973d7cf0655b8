/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "holdupd/options.h"

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: holdupd -F | -B [-DqV46] [-r server | monitor] [-u USER]\n"
	      "  -F  stay in the foreground; -FF with a role: write its pid file too\n"
	      "  -B  go to the background when all is open; the log is syslog's then\n"
	      "  -r  only what NUT's upsd does (server), or its upsmon (monitor)\n"
	      "  -u  all children are this user (as root)\n"
	      "  -4  listen on IPv4 only\n"
	      "  -6  listen on IPv6 only\n"
	      "  -D  log more\n"
	      "  -q  log less\n"
	      "  -V  print the version\n",
	    stderr);
	exit(1);
}

void
options_read(struct options *o, int argc, char **argv)
{
	int foreground = 0, option, role;

	*o = (struct options){.call.role = ROLE_ALL};
	while ((option = getopt(argc, argv, "46BDFqr:u:V")) != -1) {
		switch (option) {
		case '4':
		case '6':
			o->call.family = (char)option;
			break;
		case 'B':
			o->background = true;
			break;
		case 'D':
			o->debug = o->debug < 0 ? 1 : o->debug + 1;
			break;
		case 'F':
			foreground++;
			break;
		case 'q':
			o->debug = -1;
			break;
		case 'r':
			if ((role = role_find(optarg)) < 0)
				usage();
			o->call.role = (enum role)role;
			break;
		case 'u':
			o->user = optarg;
			break;
		case 'V':
			puts("holdupd " HOLDUP_VERSION);
			exit(0);
		default:
			usage();
		}
	}
	if ((foreground > 0) == o->background || optind != argc)
		usage();
	o->pidfile = foreground != 1 || o->call.role == ROLE_ALL;
}
