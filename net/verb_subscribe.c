/* SPDX-License-Identifier: ISC */
#include "net/subs.h"
#include "net/verbs.h"

/* SUBSCRIBE [ups], UNSUBSCRIBE: push, ours (docs/architecture.md, 4). */
void
verb_subscribe(struct session *s, int argc, char **argv, struct buf *out)
{
	if (argc > 1 && session_ups(s, argv[1], out) == NULL)
		return;
	subs_add(s, argc > 1 ? argv[1] : NULL);
	buf_puts(out, "OK SUBSCRIBE");
	if (argc > 1)
		buf_printf(out, " %s", argv[1]);
	buf_puts(out, "\n");
}

void
verb_unsubscribe(struct session *s, int argc, char **argv, struct buf *out)
{
	subs_clear(s);
	buf_puts(out, "OK UNSUBSCRIBE\n");
}
