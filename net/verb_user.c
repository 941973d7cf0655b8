/* SPDX-License-Identifier: ISC */
#include "lib/xmem.h"
#include "net/reply.h"
#include "net/verbs.h"

/* USERNAME, PASSWORD: who it is. Both are only kept; they are judged when a verb needs
 * them, and may be given once. RFC 9271. */
static void
keep(char **where, const char *text, const char *again, struct buf *out)
{
	if (*where != NULL) {
		reply_err(out, again);
		return;
	}
	*where = xstrdup(text);
	buf_puts(out, "OK\n");
}

void
verb_username(struct session *s, int argc, char **argv, struct buf *out)
{
	keep(&s->username, argv[1], "ALREADY-SET-USERNAME", out);
	session_know_machine(s);
}

void
verb_password(struct session *s, int argc, char **argv, struct buf *out)
{
	keep(&s->password, argv[1], "ALREADY-SET-PASSWORD", out);
}
