/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <strings.h>

#include "net/alias.h"

/* What asks for them: Synology and TrueNAS; QNAP; LibreNMS. */
static const char *const common[] = {"ups", "qnapups", "APCUPS"};

struct feed_ups *
alias_find(const struct feed *f, const struct holdup_conf *own, const char *name)
{
	struct feed_ups *u = feed_find(f, name);
	const struct conf_names *names;

	if (u != NULL)
		return u;
	if (own != NULL && (names = conf_names_find(own, name)) != NULL)
		return feed_find(f, names->ups);
	for (size_t i = 0; f->nupses > 0 && i < sizeof(common) / sizeof(common[0]); i++)
		if (strcasecmp(common[i], name) == 0)
			return f->upses[0];
	return NULL;
}
