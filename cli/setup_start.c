/* SPDX-License-Identifier: ISC */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"
#include "cli/setup.h"
#include "cli/systemctl.h"
#include "lib/boottime.h"
#include "lib/xmem.h"

#define UNIT "holdup.service"
#define FIRST_MS 20000 /* the first values are awaited so long */
#define STEP_MS 250
#define CAUSE_MAX 256

/* "systemctl VERB holdup.service"; its exit status, or -1. */
static int
tell(const char *verb)
{
	return systemctl((const char *const[]){"--quiet", verb, UNIT, NULL}, NULL);
}

int
setup_start(bool restart)
{
	const char *verb = "start";

	if (tell("is-active") == 0)
		verb = restart ? "restart" : "reload";
	if (tell("enable") == 0 && tell(verb) == 0)
		return 0;
	cli_complain("the service does not %s: 'journalctl -u holdup' says why, 'holdup "
		     "doctor' what to do",
	    verb);
	return -1;
}

/* True when the server tells the state of this UPS. */
static bool
is_told(const char *ups, const char *host, const char *port)
{
	char cause[CAUSE_MAX];
	struct client *c = client_open(host, port, cause, sizeof(cause));
	struct words answer;
	bool told = false;

	if (c == NULL)
		return false;
	client_arg(c, "GET");
	client_arg(c, "VAR");
	client_arg(c, ups);
	client_arg(c, "ups.status");
	told = client_ask(c, &answer, cause, sizeof(cause)) == 0;
	client_close(c);
	return told;
}

void
setup_start_show(const char *ups, const char *host, const char *port)
{
	char name[] = "status", *target, *argv[] = {name, NULL, NULL};
	const uint64_t end = boottime_ms() + FIRST_MS;
	bool told;

	while (!(told = is_told(ups, host, port)) && boottime_ms() < end)
		poll(NULL, 0, STEP_MS);
	putchar('\n');
	if (told) {
		target = strchr(host, ':') == NULL
			     ? xasprintf("%s@%s:%s", ups, host, port)
			     : xasprintf("%s@[%s]:%s", ups, host, port);
		argv[1] = target;
		cmd_status(2, argv);
		free(target);
	} else
		puts("No value of the UPS has come yet. Is its USB cable in? 'holdup "
		     "doctor' "
		     "says what is wrong,\n'holdup' shows the UPS when it is there.");
}
