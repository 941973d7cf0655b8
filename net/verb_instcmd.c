/* SPDX-License-Identifier: ISC */
#include "net/lookup.h"
#include "net/reply.h"
#include "net/verbs.h"

/* INSTCMD ups command [value]: has the UPS do something now. RFC 9271. */
void
verb_instcmd(struct session *s, int argc, char **argv, struct buf *out)
{
	struct request r = {
	    .verb = s->tracking ? REQUEST_INSTCMD_TRACKED : REQUEST_INSTCMD};
	const struct feed_ups *u = session_fresh_ups(s, argv[1], out);
	const struct conf_user *account;

	if (u == NULL)
		return;
	r.name = lookup_cmd(u->state, argv[2]);
	if (r.name == NULL) {
		reply_err(out, "CMD-NOT-SUPPORTED");
		return;
	}
	if (!session_account(s, &account))
		return;
	if (account == NULL || !conf_user_instcmd(account, r.name)) {
		session_deny(s, "INSTCMD", out);
		return;
	}
	r.ups = u->name;
	r.value = argc > 3 ? argv[3] : NULL;
	session_ask(s, SESSION_INSTCMD, &r, out);
}
