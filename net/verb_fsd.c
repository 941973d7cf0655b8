/* SPDX-License-Identifier: ISC */
#include "net/account.h"
#include "net/verbs.h"

/* FSD: everyone on this UPS is to go down now. RFC 9271. */
void
verb_fsd(struct session *s, int argc, char **argv, struct buf *out)
{
	struct request r = {.verb = REQUEST_FSD};
	const struct feed_ups *u = session_ups(s, argv[1], out);
	const struct conf_user *account;

	if (u == NULL)
		return;
	if (!session_account(s, &account))
		return;
	if (account == NULL || !account_may_fsd(account)) {
		session_deny(s, "FSD", out);
		return;
	}
	r.ups = u->name;
	session_ask(s, SESSION_FSD, &r, out);
}
