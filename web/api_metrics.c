/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>

#include "lib/boottime.h"
#include "lib/xmem.h"
#include "web/api.h"
#include "web/metrics.h"
#include "web/past.h"

#define COUNTS_MS 10000 /* so long the history is not asked again */
#define COST 50 /* ... and, for many years of many UPSes, so many times what it took */
#define JOULES_OF_KWH 3.6e6

/* What the history has counted, kept between two scrapes. */
struct counts {
	struct metrics_counts *list; /* by row of the model; NULL: never asked */
	size_t n;
	uint64_t at, took; /* ms */
};

static struct counts kept;

static int
count_ups(struct history *h, const char *ups, int64_t now, struct metrics_counts *c,
    char cause[HISTORY_CAUSE])
{
	struct history_quality q;
	struct history_energy e;

	if (history_counts(h, ups, 0, now, &q, cause) < 0 ||
	    history_energy(h, ups, now, &e, cause) < 0)
		return -1;
	*c = (struct metrics_counts){
	    .outages = q.outages,
	    .outage_s = q.outage_s,
	    .transfers = q.transfers,
	    .joules = e.total * JOULES_OF_KWH,
	};
	return 0;
}

/* What there is to count; NULL: there is no history, or it cannot be read. */
static const struct metrics_counts *
counts(struct web *w)
{
	const struct feed *f = w->house.feed;
	struct history *h = past_history(w->past);
	uint64_t now = boottime_ms();
	char cause[HISTORY_CAUSE];

	if (h == NULL || f == NULL)
		return NULL;
	if (kept.list != NULL && kept.n == f->nupses &&
	    (now - kept.at < COUNTS_MS || now - kept.at < kept.took * COST))
		return kept.list;
	kept.n = f->nupses;
	kept.at = now;
	kept.list = xreallocarray(kept.list, f->nupses + 1, sizeof(*kept.list));
	for (size_t i = 0; i < f->nupses; i++)
		if (count_ups(h, f->upses[i]->name, (int64_t)(web_time() * 1000),
			&kept.list[i], cause) < 0) {
			past_failed(w->past, cause);
			free(kept.list);
			kept.list = NULL;
			return NULL;
		}
	kept.took = boottime_ms() - now;
	return kept.list;
}

void
api_metrics(struct web *w, struct call *c)
{
	bool openmetrics = call_accepts(c, "application/openmetrics-text");

	metrics_write(&c->reply.body, &w->house, counts(w), openmetrics);
	c->reply.status = 200;
	c->reply.type = openmetrics
			    ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
			    : "text/plain; version=0.0.4; charset=utf-8";
}
