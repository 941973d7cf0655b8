/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/xmem.h"
#include "net/account.h"
#include "net/reply.h"
#include "net/verbs.h"

/* LOGIN: this machine is fed by the UPS and counts in NUMLOGINS. PRIMARY, MASTER: may it
 * take the others down. LOGOUT: the end. RFC 9271. */
void
verb_login(struct session *s, int argc, char **argv, struct buf *out)
{
	struct request r = {.verb = REQUEST_LOGIN};
	const struct conf_user *account;
	const struct feed_ups *u;

	if (s->login != NULL) {
		reply_err(out, "ALREADY-LOGGED-IN");
		return;
	}
	u = session_ups(s, argv[1], out);
	if (u == NULL)
		return;
	if (!session_account(s, &account))
		return;
	if (account == NULL || !account_may_login(account)) {
		session_deny(s, "LOGIN", out);
		return;
	}
	s->login = xstrdup(u->name);
	session_viewed(s);
	r.ups = s->login;
	session_ask(s, SESSION_LOGIN, &r, out);
}

void
verb_logout(struct session *s, int argc, char **argv, struct buf *out)
{
	session_logout(s);
	buf_puts(out, "OK Goodbye\n");
	s->closing = true;
}

/* Answers `granted` to an account that is the primary of the UPS, and tells core, which is
 * not to decide what that one decides. */
static void
grant(struct session *s, char **argv, const char *granted, struct buf *out)
{
	struct request r = {.verb = REQUEST_PRIMARY, .account = s->username};
	const struct feed_ups *u = session_ups(s, argv[1], out);
	const struct conf_user *account;

	if (u == NULL)
		return;
	if (!session_account(s, &account))
		return;
	if (account == NULL || !account_may_primary(account)) {
		session_deny(s, "PRIMARY", out);
		return;
	}
	r.ups = u->name;
	session_tell(s, &r);
	if (s->login != NULL && strcmp(s->login, u->name) == 0)
		s->primary = true;
	buf_puts(out, granted);
}

void
verb_primary(struct session *s, int argc, char **argv, struct buf *out)
{
	grant(s, argv, "OK PRIMARY-GRANTED\n", out);
}

void
verb_master(struct session *s, int argc, char **argv, struct buf *out)
{
	grant(s, argv, "OK MASTER-GRANTED\n", out);
}
