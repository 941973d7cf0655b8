/* SPDX-License-Identifier: ISC */
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
	account = session_account(s);
	if (account == NULL || !account_may_login(account)) {
		session_deny(s, "LOGIN", out);
		return;
	}
	s->login = xstrdup(u->name);
	r.ups = s->login;
	session_ask(s, SESSION_LOGIN, &r, out);
}

void
verb_logout(struct session *s, int argc, char **argv, struct buf *out)
{
	buf_puts(out, "OK Goodbye\n");
	s->closing = true;
}

/* Answers `granted` to an account that is the primary of the UPS. */
static void
grant(struct session *s, char **argv, const char *granted, struct buf *out)
{
	const struct conf_user *account;

	if (session_ups(s, argv[1], out) == NULL)
		return;
	account = session_account(s);
	if (account == NULL || !account_may_primary(account))
		session_deny(s, "PRIMARY", out);
	else
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
