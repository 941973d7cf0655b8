/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "doctor/look.h"
#include "lib/xmem.h"

void
look_server(struct doctor *d, struct doctor_report *r)
{
	char *where = xasprintf("%s:%s", d->server.host, d->server.port);
	struct facts_server f = {
	    .wanted = look_serves(d),
	    .where = where,
	    .cause = d->client == NULL ? d->cause : NULL,
	    .maxage = d->conf->upsd.maxage,
	    .nupses = d->nupses,
	};

	f.upses = xcalloc(f.nupses + 1, sizeof(*f.upses));
	for (size_t i = 0; i < f.nupses; i++) {
		const struct doctor_ups *u = &d->upses[i];

		f.upses[i] = (struct facts_ups){
		    u->name, u->error, state_get(u->state, "ups.status")};
	}
	judge_server(&f, r);
	free(f.upses);
	free(where);
}
