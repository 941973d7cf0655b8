/* SPDX-License-Identifier: ISC */
#include "net/reply.h"
#include "net/verbs.h"

/* Clients take the version between "upsd " and " -" and the fifth word of the line, so
 * the shape is that of NUT's upsd, and our own name stands behind the dash. */
#define VER_LINE                                                \
	"Network UPS Tools upsd 2.8.5 - holdup " HOLDUP_VERSION \
	" https://www.networkupstools.org/\n"

/* VER, NETVER, HELP: what the server is and can. RFC 9271. */
void
verb_ver(struct session *s, int argc, char **argv, struct buf *out)
{
	buf_puts(out, VER_LINE);
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
