/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "cli/client.h"
#include "cli/takeover.h"
#include "cli/target.h"

/* CLIENT ups address */
static void
take_client(void *arg, const struct words *w)
{
	if (w->argc >= 3 && strcmp(w->argv[0], "CLIENT") == 0)
		lockout_add(arg, w->argv[2]);
}

void
takeover_clients(const struct check_conf *there, struct lockout_now *now)
{
	char cause[CLIENT_CAUSE_MAX];
	struct client *c = NULL;
	struct target t;

	if (target_local(&t, NULL, true) == 0) {
		c = client_open(t.host, t.port, cause, sizeof(cause));
		target_free(&t);
	}
	for (size_t i = 0; c != NULL && i < there->ups.nupses; i++) {
		client_arg(c, "LIST");
		client_arg(c, "CLIENT");
		client_arg(c, there->ups.upses[i].name);
		/* Of a server older than 2.6 nobody hears who is logged in. */
		client_list(c, take_client, now, cause, sizeof(cause));
	}
	client_close(c);
}
