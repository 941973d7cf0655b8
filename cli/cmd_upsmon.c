/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/daemon.h"
#include "cli/nutlike.h"
#include "lib/conf_upsmon.h"
#include "lib/paths.h"
#include "lib/powerflag.h"
#include "lib/xmem.h"

/* Exit status 0 when the shutdown that runs is to end with the cut. */
static int
check_flag(void)
{
	struct problems problems = {0};
	struct upsmon_conf conf;
	char *path = paths_conf("upsmon.conf"), *flag, *text;
	size_t len = 0;
	int status;

	text = conf_slurp(path, &len);
	if (text == NULL && errno != ENOENT) {
		status = cli_complain("cannot read %s: %s", path, strerror(errno));
		free(path);
		return status;
	}
	upsmon_conf_read(&conf, path, text == NULL ? "" : text, len, &problems);
	flag = powerflag_path(conf.powerdownflag);
	status = powerflag_is_set(flag) ? 0 : 1;
	free(flag);
	upsmon_conf_free(&conf);
	problems_free(&problems);
	free(text);
	free(path);
	return status;
}

/* What upsmon does not start without: the file, and enough power in it. */
static bool
can_start(void)
{
	struct problems problems = {0};
	struct upsmon_conf conf;
	size_t len;
	char *text = nutlike_conf("upsmon.conf", &len);
	int power = 0;
	bool can;

	if (text == NULL)
		return false;
	/* holdupd reads it again and says what is wrong in it. */
	upsmon_conf_read(&conf, "upsmon.conf", text, len, &problems);
	for (size_t i = 0; i < conf.nmonitors; i++)
		power += conf.monitors[i].power;
	can = power >= conf.minsupplies;
	if (!can)
		fprintf(stderr,
		    "Fatal error: insufficient power configured!\n"
		    "Sum of power values in MONITOR lines: %d\n"
		    "Minimum value (MINSUPPLIES): %d\n",
		    power, conf.minsupplies);
	upsmon_conf_free(&conf);
	problems_free(&problems);
	free(text);
	return can;
}

/* -h, and with -D before it what scripts want to know of TLS. */
static int
help(const struct daemon_call *d)
{
	char *tls = paths_program("remote-tls");

	if (d->debug > 0)
		fprintf(stderr,
		    "Using NUT libupsclient library: not here; built with%s\n",
		    tls != NULL ? " SSL support: OpenSSL" : "out SSL support");
	free(tls);
	return cli_help("upsmon");
}

int
cmd_upsmon(int argc, char **argv)
{
	struct daemon_call d = {.role = ROLE_MONITOR};
	bool check = false;
	int option;

	while ((option = getopt(argc, argv, "+" DAEMON_LETTERS "KpW:")) != -1) {
		if (daemon_option(&d, option))
			continue;
		switch (option) {
		case 'h':
			return help(&d);
		case 'K':
			check = true;
			break;
		case 'p':
			d.user = "root";
			break;
		case 'W': /* each connection of remote has a limit of its own */
			break;
		case 'V':
			return nutlike_version("upsmon");
		default:
			return cli_usage("upsmon");
		}
	}
	if (optind != argc)
		return cli_usage("upsmon");
	if (check)
		return check_flag();
	if (d.command != NULL)
		return daemon_signal(&d);
	if (d.family != 0)
		cli_complain(
		    "-%c means nothing here: a server is reached by the first of "
		    "its addresses that answers",
		    d.family);
	nutlike_banner("upsmon");
	if (!can_start() || daemon_is_running(&d))
		return 1;
	return daemon_become(&d);
}
