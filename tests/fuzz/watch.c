/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "history/series.h"
#include "history/watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What leaves must be sane, whatever the UPSes say. */
static void
on_sample(void *arg, const char *ups, unsigned series, struct watch_now at, double value)
{
	if (series >= series_count() || isinf(value))
		abort();
}

static void
on_flags(void *arg, const char *ups, unsigned flags)
{
}

static void
on_event(void *arg, const struct watch_event *e)
{
	if (e->kind >= KINDS || *e->text == '\0')
		abort();
}

/* None ends twice, or before it began. */
static void
on_outage(void *arg, const char *ups, struct watch_outage *o)
{
	o->id = 1;
	if (o->ended == 0 && o->complete)
		abort();
}

static void
on_clock(void *arg, int64_t from_ms, int64_t to_ms)
{
	if (from_ms == to_ms)
		abort();
}

static void
on_learned(
    void *arg, const char *ups, const struct learn_point *p, const struct learn_result *r)
{
	if (!(p->full > 0) || !(r->health >= 0 && r->health <= 100.01) ||
	    !(r->confidence >= 0 && r->confidence <= 100))
		abort();
}

static void
on_publish(void *arg, const char *ups, const char *variable, const char *value)
{
	if (strlen(value) > 20)
		abort();
}

/* The feed's lines; a byte before each says how much time passes, by which clocks. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct watch_ops ops = {
	    on_sample, on_flags, on_event, on_outage, on_clock, on_learned, on_publish};
	struct watch_now now = {INT64_C(1795608000000), 1000};
	struct watch *w = watch_new(&ops, NULL);
	struct feed f = {0};

	while (size > 1) {
		const uint8_t *lf = memchr(data + 1, '\n', size - 1);
		const size_t len = lf == NULL ? size - 1 : (size_t)(lf - data - 1);
		const uint64_t ms = (uint64_t)(data[0] & 0x3f) * 500;
		struct feed_change c = feed_apply(&f, (const char *)data + 1, len);

		now.boot_ms += ms;
		now.wall_ms += data[0] & 0x80 ? -(int64_t)ms : (int64_t)ms;
		if (c.kind == FEED_BROKEN) {
			feed_clear(&f);
			watch_gone(w, now);
		} else
			watch_feed(w, &f, &c, now);
		if (data[0] & 0x40)
			watch_time(w, &f, now);
		if (watch_due(w) == 0)
			abort();
		size -= len + 1 + (lf != NULL);
		data += len + 1 + (lf != NULL);
	}
	watch_stop(w, now);
	watch_free(w);
	feed_clear(&f);
	return 0;
}
