/* SPDX-License-Identifier: ISC */
#include "history/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "history/reserve.h"
#include "history/schema.h"
#include "history/store_in.h"
#include "lib/xmem.h"

#define QUIET_MS 60000
#define BATTERY_MS 10000
#define TROUBLE_MS 5000

/* The clocks have run apart by this much: one of them was set. */
#define STEP_MS 2000
/* Nothing was told for so long, though a minute is the longest pause: we did not run. */
#define ABSENT_MS 150000

struct store_ups *
store_ups(struct store *s, const char *name)
{
	struct store_ups *u;

	for (size_t i = 0; i < s->nupses; i++)
		if (strcasecmp(s->upses[i].name, name) == 0)
			return &s->upses[i];
	s->upses = xreallocarray(s->upses, s->nupses + 1, sizeof(*s->upses));
	u = &s->upses[s->nupses++];
	*u = (struct store_ups){.name = xstrdup(name)};
	for (size_t i = 0; i < SERIES_MAX; i++)
		u->now[i] = NAN;
	return u;
}

/* The number of a UPS in what waits. */
static int
number_of(struct store *s, const char *name)
{
	return (int)(store_ups(s, name) - s->upses);
}

static void
gap(struct store *s, int64_t at)
{
	wait_sample(&s->wait, (struct wait_sample){at, WAIT_HOUSE, 0, NAN});
}

/* Everything that holds, as rows of this time. */
static void
restate(struct store *s, int64_t at)
{
	for (size_t i = 0; i < s->nupses; i++)
		for (unsigned k = 0; k < series_count(); k++)
			if (!isnan(s->upses[i].now[k]))
				wait_sample(
				    &s->wait, (struct wait_sample){at, (int16_t)i,
						  (uint16_t)k, s->upses[i].now[k]});
}

/* Time that was not lived lies between `before` and `now`, or time that is lived twice. */
static void
interrupted(struct store *s, int64_t before, struct watch_now now)
{
	int64_t back = before - now.wall_ms;

	if (back < 0) {
		gap(s, before + 1);
	} else if (back <= STORE_BACK_MS) {
		wait_forget(&s->wait, now.wall_ms);
		if (s->again == 0 || now.wall_ms < s->again)
			s->again = now.wall_ms;
	}
	restate(s, now.wall_ms);
	s->calm_ms = now.boot_ms;
}

/* Time goes on. Each hour begins with rows of what holds, so that it can be rolled up, and
 * deleted, without those before it. */
static void
notice(struct store *s, struct watch_now now)
{
	int64_t wall = now.wall_ms - s->last.wall_ms;
	int64_t boot = (int64_t)(now.boot_ms - s->last.boot_ms);
	int64_t hour = now.wall_ms - now.wall_ms % ROLLUP_HOUR;

	if (llabs(wall - boot) > STEP_MS || boot > ABSENT_MS)
		interrupted(s, s->last.wall_ms, now);
	else if (s->last.wall_ms < hour)
		restate(s, hour);
	s->last = now;
}

struct store *
store_new(const char *folder, const char *boot, struct watch_now now,
    const struct store_ops *ops, void *arg)
{
	struct store *s = xcalloc(1, sizeof(*s));

	s->folder = xstrdup(folder);
	s->path = xasprintf("%s/%s", folder, SCHEMA_FILE);
	s->reserve = xasprintf("%s/%s", folder, RESERVE_FILE);
	snprintf(s->boot, sizeof(s->boot), "%s", boot);
	s->boot_new = true;
	s->ops = ops;
	s->arg = arg;
	s->began_ms = now.wall_ms;
	s->last = now;
	s->calm_ms = now.boot_ms;
	commit_open(s);
	s->due_ms = now.boot_ms + QUIET_MS;
	return s;
}

void
store_free(struct store *s)
{
	commit_all(s, s->last);
	commit_close(s);
	for (size_t i = 0; i < s->nupses; i++)
		free(s->upses[i].name);
	free(s->upses);
	wait_clear(&s->wait);
	free(s->folder);
	free(s->path);
	free(s->reserve);
	free(s);
}

void
store_sample(
    struct store *s, const char *ups, unsigned series, struct watch_now at, double value)
{
	int number = number_of(s, ups);

	notice(s, at);
	s->upses[number].now[series] = value;
	if (s->trouble != STORE_NEWER)
		wait_sample(&s->wait, (struct wait_sample){at.wall_ms, (int16_t)number,
					  (uint16_t)series, value});
}

void
store_flags(struct store *s, const char *ups, unsigned flags)
{
	struct store_ups *u = store_ups(s, ups);

	u->flags_new |= u->flags != flags;
	u->flags = flags;
}

/* A client that comes and goes all day would wear the card; in an outage it counts. */
static bool
may_wait(const struct store *s, enum kind kind)
{
	return !s->battery && (kind == KIND_LOGIN || kind == KIND_LOGOUT);
}

void
store_event(struct store *s, const struct watch_event *e)
{
	notice(s, e->at);
	if (s->trouble == STORE_NEWER)
		return;
	wait_event(&s->wait, e->ups != NULL ? number_of(s, e->ups) : WAIT_HOUSE, e);
	if (s->trouble != STORE_BROKEN && !may_wait(s, e->kind))
		s->urgent = true;
}

void
store_outage(struct store *s, const char *ups, const struct watch_outage *o)
{
	wait_outage(&s->wait, number_of(s, ups), o);
}

void
store_learned(struct store *s, const char *ups, const struct learn_point *p)
{
	wait_point(&s->wait, number_of(s, ups), p);
}

void
store_battery(struct store *s, const char *ups, const struct tables_battery *battery)
{
	struct store_ups *u = store_ups(s, ups);

	u->battery = *battery;
	u->battery_new = true;
}

void
store_pace(struct store *s, bool battery)
{
	if (battery && !s->battery && s->due_ms > s->last.boot_ms + BATTERY_MS)
		s->due_ms = s->last.boot_ms + BATTERY_MS;
	s->battery = battery;
}

uint64_t
store_due(const struct store *s)
{
	return s->urgent ? s->last.boot_ms : s->due_ms;
}

void
store_time(struct store *s, struct watch_now now)
{
	notice(s, now);
	if (!s->urgent && now.boot_ms < s->due_ms)
		return;
	s->urgent = false;
	commit_all(s, now);
	s->due_ms = now.boot_ms + (s->trouble != STORE_WELL ? TROUBLE_MS
				      : s->battery          ? BATTERY_MS
							    : QUIET_MS);
}
