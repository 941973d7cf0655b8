/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/simctl.h"
#include "lib/buf.h"
#include "lib/paths.h"

static const char commands[] =
    "unplug, plug              the mains fails, returns\n"
    "load N%, charge N%        set the load, the battery's charge\n"
    "age N%                    capacity that the battery has lost\n"
    "temperature N             of the battery, in degrees Celsius\n"
    "usb-drop [SECONDS]        the device leaves the bus, and comes back\n"
    "usb-back                  it comes back now\n"
    "stall SECONDS             feature reads take that long; 0 ends it\n"
    "speed N                   one second is N\n"
    "status                    everything as key=value\n"
    "quit                      the virtual UPS ends\n";

/* `holdup sim --usbip`: the virtual UPS itself, in the place of this program. */
static int
become(char **argv)
{
	char *path = paths_program("sim");

	execv(path, argv);
	cli_complain("cannot run %s: %s", path, strerror(errno));
	free(path);
	return 1;
}

int
cmd_sim(int argc, char **argv)
{
	char answer[SIMCTL_ANSWER_MAX], *path;
	struct buf line = {0};
	int result;

	if (argc < 2)
		return cli_usage("sim");
	if (strcmp(argv[1], "help") == 0) {
		fputs(commands, stdout);
		return 0;
	}
	if (argv[1][0] == '-')
		return become(argv);
	for (int i = 1; i < argc; i++)
		buf_printf(&line, "%s%s", i > 1 ? " " : "", argv[i]);
	path = paths_state("sim.ctl");
	result = simctl_ask(path, buf_str(&line), answer, sizeof(answer));
	if (result == 0)
		puts(answer[0] != '\0' ? answer : "OK");
	else if (result == 1)
		cli_complain("the virtual UPS refuses '%s': %s ('holdup sim help' lists "
			     "its commands)",
		    buf_str(&line), answer);
	else
		cli_complain("no virtual UPS at %s. NUT_STATEPATH names the folder of a "
			     "running one; 'holdup demo' starts one",
		    answer);
	buf_free(&line);
	free(path);
	return result == 0 ? 0 : 1;
}
