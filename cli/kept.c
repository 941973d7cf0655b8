/* SPDX-License-Identifier: ISC */
#include "cli/kept.h"

#include <stdlib.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/when.h"
#include "lib/paths.h"

struct history *
kept_open(void)
{
	char *folder = paths_memory("history"), cause[HISTORY_CAUSE];
	struct history *h;

	if (history_open(&h, folder, cause) != 0)
		cli_complain("%s (who may read the history is in the group nut)", cause);
	else if (h == NULL)
		cli_complain(
		    "there is no history in %s: holdupd keeps one where it serves "
		    "this machine%s",
		    folder,
		    paths_private() ? ", and in a private installation where holdup.conf "
				      "has a section [history]"
				    : "");
	free(folder);
	return h;
}

int64_t
kept_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int
kept_when(const char *option, const char *text, int64_t *at)
{
	if (when_read(text, kept_now(), at) == 0)
		return 0;
	return -cli_complain(
	    "%s '%s': it should look like 2026-11-22, '2026-11-22 23:14', "
	    "23:14, or 7d, 12h, 90m (ago)",
	    option, text);
}
