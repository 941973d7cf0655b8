/* SPDX-License-Identifier: ISC */
#include "lib/xmem.h"
#include "setup/writer.h"

#define PORT "3493"

/* Where the server listens. Lines that are there stay; where they let nobody in from
 * outside, this machine's own address is added: 0.0.0.0 would not go with them. */
void
write_upsd(struct writer *w)
{
	const struct upsd_conf *c = &w->there->upsd;
	const char *port = c->nlistens > 0 ? c->listens[0].port : PORT;

	if (!w->serves)
		return;
	w->out->port = xstrdup(port);
	if (c->nlistens == 0 && w->open)
		draft_add(&w->draft,
		    "# Where the server listens: 0.0.0.0 is every address of this "
		    "machine.\n"
		    "# With one of its addresses instead, only that network reaches it.\n"
		    "LISTEN 0.0.0.0\n");
	else if (c->nlistens == 0 && w->fresh)
		draft_add(&w->draft,
		    "# Where the server listens: only for this machine itself. For "
		    "others, write\n"
		    "# 0.0.0.0, or run holdup setup --mode server --lan.\n"
		    "LISTEN 127.0.0.1\n");
	else if (w->open && !check_open(w->there) && w->a->address != NULL)
		draft_add(&w->draft, "LISTEN %s %s\n", w->a->address, port);
	else if (w->open && !check_open(w->there))
		writer_firm(w, CHECK_UPSD, c->listens[0].line,
		    "only this machine itself is listened to, and this machine's address "
		    "is "
		    "not known: add LISTEN and the address");
}
