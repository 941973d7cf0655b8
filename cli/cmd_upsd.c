/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/daemon.h"
#include "cli/nutlike.h"
#include "lib/conf_ups.h"
#include "lib/conf_upsd.h"
#include "lib/paths.h"

/* ALLOW_NO_DEVICE, of the file or of the environment. */
static bool
may_be_empty(const struct upsd_conf *upsd)
{
	const char *said = getenv("ALLOW_NO_DEVICE");

	return upsd->allow_no_device ||
	       (said != NULL &&
		   (strcasecmp(said, "true") == 0 || strcasecmp(said, "yes") == 0 ||
		       strcmp(said, "1") == 0));
}

/* What upsd does not start without: both files, and a UPS. holdupd itself makes do with
 * what there is. */
static bool
can_start(void)
{
	struct problems problems = {0};
	struct upsd_conf upsd = {0};
	struct ups_conf ups = {0};
	char *upsd_text, *ups_text = NULL;
	size_t upsd_len, ups_len;
	bool can = false;

	upsd_text = nutlike_conf("upsd.conf", &upsd_len);
	if (upsd_text != NULL)
		ups_text = nutlike_conf("ups.conf", &ups_len);
	if (ups_text == NULL)
		goto out;
	/* holdupd reads them again and says what is wrong in them. */
	upsd_conf_read(&upsd, "upsd.conf", upsd_text, upsd_len, &problems);
	ups_conf_read(&ups, "ups.conf", ups_text, ups_len, &problems);
	can = ups.nupses > 0 || may_be_empty(&upsd);
	if (!can)
		fprintf(stderr,
		    "Fatal error: at least one UPS must be defined in ups.conf\n"
		    "(upsd.conf with ALLOW_NO_DEVICE yes lets it start without)\n");
	upsd_conf_free(&upsd);
	ups_conf_free(&ups);
	problems_free(&problems);
out:
	free(upsd_text);
	free(ups_text);
	return can;
}

/* -h, and with -D before it what scripts want to know of TLS. */
static int
help(const struct daemon_call *d)
{
	char *tls = paths_program("net-tls");

	if (d->debug > 0)
		fprintf(stderr, "NUT data server was built with%s\n",
		    tls != NULL ? " SSL support: OpenSSL; with client certificate "
				  "validation"
				: "out SSL support");
	free(tls);
	return cli_help("upsd");
}

int
cmd_upsd(int argc, char **argv)
{
	struct daemon_call d = {.role = ROLE_SERVER};
	int option;

	while ((option = getopt(argc, argv, "+" DAEMON_LETTERS "qr:")) != -1) {
		if (daemon_option(&d, option))
			continue;
		switch (option) {
		case 'h':
			return help(&d);
		case 'q':
			d.quiet = true;
			break;
		case 'r':
			return cli_complain("upsd -r %s: there is no chroot here, the "
					    "programs that serve are confined without it",
			    optarg);
		case 'V':
			return nutlike_version("upsd");
		default:
			return cli_usage("upsd");
		}
	}
	if (optind != argc)
		return cli_usage("upsd");
	if (d.command != NULL)
		return daemon_signal(&d);
	nutlike_banner("upsd");
	if (!can_start() || daemon_is_running(&d))
		return 1;
	return daemon_become(&d);
}
