/* SPDX-License-Identifier: ISC */
#include <strings.h>

#include "net/reply.h"
#include "net/tracking.h"
#include "net/verbs.h"

/* SET TRACKING ON|OFF: from now on INSTCMD and SET VAR of this session are answered as soon
 * as the driver has them, with an id; GET TRACKING id tells what came of it. OFF: they are
 * answered as soon too, and nobody knows. NUT: docs/net-protocol.txt. */
void
verb_set_tracking(struct session *s, int argc, char **argv, struct buf *out)
{
	if (strcasecmp(argv[1], "ON") == 0)
		s->tracking = true;
	else if (strcasecmp(argv[1], "OFF") == 0)
		s->tracking = false;
	else {
		reply_err(out, "INVALID-ARGUMENT");
		return;
	}
	buf_puts(out, "OK\n");
}

/* GET TRACKING [id]. */
void
verb_get_tracking(struct session *s, int argc, char **argv, struct buf *out)
{
	if (argc == 1)
		buf_puts(out, s->tracking ? "ON\n" : "OFF\n");
	else if (!s->tracking)
		reply_err(out, "FEATURE-NOT-CONFIGURED");
	else
		buf_printf(out, "%s\n",
		    tracking_answer(s->host->tracking, argv[1], s->host->now));
}
