/* SPDX-License-Identifier: ISC */
#include "net/reply.h"
#include "net/verbs.h"

/* VER, NETVER, HELP: what the server is and can. RFC 9271. */
void
verb_ver(struct session *s, int argc, char **argv, struct buf *out)
{
	buf_puts(out, VERBS_VERSION "\n");
}

void
verb_netver(struct session *s, int argc, char **argv, struct buf *out)
{
	buf_puts(out, "1.3\n");
}

void
verb_help(struct session *s, int argc, char **argv, struct buf *out)
{
	const char *name;

	buf_puts(out, "Commands:");
	for (size_t i = 0; (name = verbs_name(i)) != NULL; i++) {
		buf_add(out, " ", 1);
		buf_puts(out, name);
	}
	buf_add(out, "\n", 1);
}
