/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "setup/writer.h"

static const char *const modes[] = {
    [NUT_MODE_UNSET] = "",
    [NUT_MODE_NONE] = "none",
    [NUT_MODE_STANDALONE] = "standalone",
    [NUT_MODE_NETSERVER] = "netserver",
    [NUT_MODE_NETCLIENT] = "netclient",
    [NUT_MODE_MANUAL] = "manual",
};

static const char *
wanted(enum setup_mode mode)
{
	return mode == SETUP_STANDALONE  ? "standalone"
	       : mode == SETUP_SECONDARY ? "netclient"
					 : "netserver";
}

/* One word decides what runs on the machine. MODE=none means that nobody has said it yet:
 * packages come with it. */
void
write_nut(struct writer *w)
{
	const char *mode = wanted(w->a->mode), *old = modes[w->there->mode];
	int line = draft_find(&w->draft, NULL, "MODE");
	char text[32];

	snprintf(text, sizeof(text), "MODE=%s", mode);
	/* manual: somebody else decides what runs. */
	if (strcmp(mode, old) == 0 || w->there->mode == NUT_MODE_MANUAL)
		return;
	if (w->there->mode == NUT_MODE_UNSET) {
		draft_add(&w->draft,
		    "# What runs on this machine: standalone (a UPS for it alone), "
		    "netserver\n"
		    "# (others hang on its UPS), netclient (it hangs on another one's), "
		    "none.\n"
		    "%s\n",
		    text);
		return;
	}
	if (w->there->mode == NUT_MODE_NONE ||
	    writer_clash(w, CHECK_NUT, line, "MODE=%s stands there, and %s was asked for",
		old, mode))
		draft_replace(&w->draft, line, text);
}
