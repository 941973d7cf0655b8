/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/nutlike.h"
#include "lib/xmem.h"

/* Names of commands; their descriptions are asked for afterwards. */
struct names {
	char **list;
	size_t count;
};

static void
collect(void *arg, const struct words *w)
{
	struct names *names = arg;

	if (w->argc < 3)
		return;
	names->list = xreallocarray(names->list, names->count + 1, sizeof(*names->list));
	names->list[names->count++] = xstrdup(w->argv[2]);
}

/* "load.off - what it does" for each command of the UPS. */
static int
list(struct client *c, const char *ups)
{
	char cause[CLIENT_CAUSE_MAX];
	struct names names = {0};
	struct words answer;
	int result = 0;

	client_arg(c, "LIST");
	client_arg(c, "CMD");
	client_arg(c, ups);
	if (client_list(c, collect, &names, cause, sizeof(cause)) != 0)
		result = nutlike_error(cause);
	else
		printf("Instant commands supported on UPS [%s]:\n\n", ups);
	for (size_t i = 0; i < names.count; i++) {
		client_arg(c, "GET");
		client_arg(c, "CMDDESC");
		client_arg(c, ups);
		client_arg(c, names.list[i]);
		if (client_ask(c, &answer, cause, sizeof(cause)) != 0 || answer.argc < 4)
			printf("%s - Description unavailable\n", names.list[i]);
		else
			printf("%s - %s\n", names.list[i], answer.argv[3]);
		free(names.list[i]);
	}
	free(names.list);
	return result;
}

static int
command(struct client *c, const char *ups, const char *cmd, const char *value,
    const struct nutlike_options *o)
{
	if (nutlike_begin(c, o) != 0)
		return 1;
	client_arg(c, "INSTCMD");
	client_arg(c, ups);
	client_arg(c, cmd);
	if (value != NULL)
		client_arg(c, value);
	return nutlike_finish(c, o);
}

int
cmd_upscmd(int argc, char **argv)
{
	struct nutlike_options o = {.patience = NUTLIKE_PATIENCE};
	bool listing = false;
	struct target t;
	struct client *c;
	int option, result;

	while ((option = getopt(argc, argv, "+l" NUTLIKE_LETTERS)) != -1) {
		if (option == 'l')
			listing = true;
		else if ((result = nutlike_option(&o, option, "upscmd")) != -1)
			return result;
	}
	argc -= optind;
	argv += optind;
	if (argc < (listing ? 1 : 2))
		return cli_usage("upscmd");
	if ((c = nutlike_open(&t, argv[0])) == NULL)
		return 1;
	result = listing ? list(c, t.ups)
			 : command(c, t.ups, argv[1], argc > 2 ? argv[2] : NULL, &o);
	client_close(c);
	target_free(&t);
	return result;
}
