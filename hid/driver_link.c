/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "hid/driver_in.h"

#define STALE_TOLD_S 10 /* the age of stale values is told so often */

bool
driver_on_battery(const struct state *s)
{
	const char *status = state_get(s, "ups.status");

	return status != NULL && state_status_has(status, "OB");
}

/* When the values that clients see cease to count. */
static uint64_t
stale_at(const struct driver *d)
{
	uint64_t hold = d->options->hold_ms;

	if (driver_on_battery(d->state))
		hold /= DRIVER_HOLD_ON_BATTERY;
	return d->last_good + d->options->interval_ms + hold;
}

bool
driver_fresh(const struct driver *d, uint64_t now)
{
	return d->shown && now < stale_at(d);
}

/* True when the device answers as it should. */
static bool
is_well(const struct driver *d, uint64_t now)
{
	return d->ups != NULL && d->whole && !d->doubt && d->failed_polls == 0 &&
	       now < d->last_good + d->options->interval_ms + DRIVER_LATE_MS;
}

static void
tell(struct driver *d, const char *name, const char *text)
{
	const char *old = state_get(d->state, name);

	if (old == NULL || strcmp(old, text) != 0)
		driver_announce(d, name, text);
}

static void
tell_age(struct driver *d, uint64_t now, bool stale)
{
	const uint64_t age_s = now > d->last_good ? (now - d->last_good) / 1000 : 0;
	char text[32];

	if (stale && age_s >= d->age_s && age_s < d->age_s + STALE_TOLD_S)
		return;
	d->age_s = age_s;
	snprintf(text, sizeof(text), "%llu", (unsigned long long)age_s);
	tell(d, "driver.link.age", text);
}

void
driver_link_step(struct driver *d, uint64_t now)
{
	const unsigned slowest = link_slowest_ms(&d->link, now);
	const char *state = "ok", *before = state_get(d->state, "driver.link.state");
	char text[32];

	snprintf(text, sizeof(text), "%u", link_losses(&d->link, now));
	tell(d, "driver.link.drops", text);
	if (!d->shown)
		return;
	snprintf(text, sizeof(text), "%u.%03u", slowest / 1000, slowest % 1000);
	tell(d, "driver.link.slowest", text);
	if (!is_well(d, now))
		state = driver_fresh(d, now) ? "held" : "stale";
	if (*state == 'o') {
		d->announce |= state_del(d->state, "driver.link.age");
		state_del(d->vars, "driver.link.age");
		d->age_s = 0;
	} else {
		tell_age(d, now,
		    *state == 's' && before != NULL && strcmp(before, state) == 0);
	}
	tell(d, "driver.link.state", state);
}

uint64_t
driver_link_deadline(const struct driver *d, uint64_t now)
{
	const uint64_t late = d->last_good + d->options->interval_ms + DRIVER_LATE_MS;
	const uint64_t stale = stale_at(d);
	uint64_t next;

	if (!d->shown)
		return UINT64_MAX;
	if (is_well(d, now))
		return late < stale ? late : stale;
	next =
	    d->last_good + (d->age_s + (driver_fresh(d, now) ? 1 : STALE_TOLD_S)) * 1000;
	return now < stale && stale < next ? stale : next;
}

uint64_t
driver_pause(struct driver *d, bool *reset)
{
	return link_pause(&d->link, reset);
}
