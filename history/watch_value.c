/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <string.h>

#include "history/watch_in.h"

#define POWER_FACTOR 0.6 /* watts of a VA, where nobody tells more */

#define BEYOND_MS 1000 /* a sag or a swell lasts so long at least */
#define BEYOND_LOW 0.9 /* of the nominal voltage */
#define BEYOND_HIGH 1.1
#define AGAIN 0.01  /* of the bound: it is over when the voltage is so far within */
#define DARK_V 10.0 /* below, there is no mains: the outage will be told */

#define HOUR_MS UINT64_C(3600000)

static const char *const limit_names[LIMITS] = {
    [LIMIT_WATTS] = "ups.realpower.nominal",
    [LIMIT_VA] = "ups.power.nominal",
    [LIMIT_INPUT] = "input.voltage.nominal",
    [LIMIT_TRANSFER_LOW] = "input.transfer.low",
    [LIMIT_TRANSFER_HIGH] = "input.transfer.high",
};

static void
set(struct watch *w, struct watch_ups *u, unsigned series, double value)
{
	if (value == u->values[series] || (isnan(value) && isnan(u->values[series])))
		return;
	u->values[series] = value;
	w->ops->sample(w->arg, u->name, series, w->now, value);
}

/* ups.realpower of a UPS that tells only a load. */
static void
estimate_watts(struct watch *w, struct watch_ups *u)
{
	const double load = u->values[SERIES_LOAD];
	const double full = !isnan(u->limits[LIMIT_WATTS])
				? u->limits[LIMIT_WATTS]
				: u->limits[LIMIT_VA] * POWER_FACTOR;

	if (u->watts_told)
		return;
	if (!isnan(load) && full > 0)
		watch_flag(w, u, WATCH_ESTIMATED, true);
	set(w, u, SERIES_WATTS, full > 0 ? load / 100 * full : NAN);
}

static void
take(struct watch *w, struct watch_ups *u, unsigned series, const char *text)
{
	const double value = text == NULL ? NAN : series_value(series, text);

	if (series == SERIES_WATTS) {
		u->watts_told = !isnan(value);
		if (!u->watts_told)
			return;
		watch_flag(w, u, WATCH_ESTIMATED, false);
	}
	set(w, u, series, value);
}

/* The bounds of the input voltage; false: nobody tells them. */
static bool
bounds(const struct watch_ups *u, double *low, double *high)
{
	const double nominal = u->limits[LIMIT_INPUT];

	/* fmax() and fmin() pass over what is not known. */
	*low = fmax(u->limits[LIMIT_TRANSFER_LOW], nominal * BEYOND_LOW);
	*high = fmin(u->limits[LIMIT_TRANSFER_HIGH], nominal * BEYOND_HIGH);
	return *low > 0 || *high > 0;
}

/* How the input voltage stands: WATCH_SAG, WATCH_SWELL or 0. */
static unsigned
beyond_of(const struct watch_ups *u)
{
	const double volts = u->values[SERIES_INPUT_VOLTAGE];
	double low, high;

	if (u->mains_ms == 0 || !(volts > DARK_V) || !bounds(u, &low, &high))
		return 0;
	if (u->flags & WATCH_SAG)
		low *= 1 + AGAIN;
	if (u->flags & WATCH_SWELL)
		high *= 1 - AGAIN;
	return volts < low ? WATCH_SAG : volts > high ? WATCH_SWELL : 0;
}

static void
look_beyond(struct watch *w, struct watch_ups *u)
{
	const unsigned beyond = beyond_of(u);

	if (beyond != u->beyond)
		u->beyond_ms = w->now.boot_ms;
	u->beyond = beyond;
	watch_flag(w, u, (WATCH_SAG | WATCH_SWELL) & ~beyond, false);
}

void
watch_value_time(struct watch *w, struct watch_ups *u)
{
	double low, high;

	if (w->now.boot_ms < watch_value_due(u) || watch_value_due(u) == 0)
		return;
	watch_flag(w, u, u->beyond, true);
	bounds(u, &low, &high);
	if (u->beyond == WATCH_SAG)
		watch_say(w, u, KIND_SAG, NULL,
		    "The mains sags: %.0f V for a second (%.0f V is the least).",
		    u->values[SERIES_INPUT_VOLTAGE], low);
	else
		watch_say(w, u, KIND_SWELL, NULL,
		    "The mains swells: %.0f V for a second (%.0f V is the most).",
		    u->values[SERIES_INPUT_VOLTAGE], high);
}

uint64_t
watch_value_due(const struct watch_ups *u)
{
	return (u->beyond & ~u->flags) != 0 ? u->beyond_ms + BEYOND_MS : 0;
}

/* Keeps the highest charge of each of the last 24 hours. */
static void
keep_charge(struct watch *w, struct watch_ups *u)
{
	const uint64_t hour = w->now.boot_ms / HOUR_MS;
	double *high = &u->charge_high[hour % WATCH_HOURS];

	for (uint64_t h = u->hour + 1; h <= hour && h <= u->hour + WATCH_HOURS; h++)
		u->charge_high[h % WATCH_HOURS] = NAN;
	u->hour = hour;
	*high = fmax(*high, u->values[SERIES_CHARGE]);
}

double
watch_charge_high(const struct watch *w, const struct watch_ups *u)
{
	const uint64_t hour = w->now.boot_ms / HOUR_MS;
	double high = u->values[SERIES_CHARGE];

	for (uint64_t i = 0; i < WATCH_HOURS; i++)
		if (u->hour + WATCH_HOURS > hour + i)
			high = fmax(high,
			    u->charge_high[(u->hour + WATCH_HOURS - i) % WATCH_HOURS]);
	return high;
}

static void
take_limit(struct watch_ups *u, unsigned limit, const char *text)
{
	u->limits[limit] = text == NULL ? NAN : series_number(text);
}

/* All of them; what a new core may not have heard of yet stays. */
static void
take_all(struct watch *w, struct watch_ups *u, const struct state *s)
{
	const char *text;

	for (unsigned i = 0; i < LIMITS; i++)
		if ((text = state_get(s, limit_names[i])) != NULL || w->grace_ms == 0)
			take_limit(u, i, text);
	for (unsigned i = 0; i < series_count(); i++)
		if ((text = state_get(s, series_name(i))) != NULL || w->grace_ms == 0)
			take(w, u, i, text);
}

static void
take_one(struct watch *w, struct watch_ups *u, const struct state *s, const char *name)
{
	const int series = series_named(name);

	for (unsigned i = 0; i < LIMITS; i++)
		if (strcmp(name, limit_names[i]) == 0)
			take_limit(u, i, state_get(s, name));
	if (series >= 0)
		take(w, u, (unsigned)series, state_get(s, name));
}

void
watch_value(struct watch *w, struct watch_ups *u, const struct state *s, const char *name)
{
	const char *driver = state_get(s, "driver.state");

	u->guessed = driver != NULL && strcmp(driver, "estimated") == 0;
	if (name == NULL)
		take_all(w, u, s);
	else
		take_one(w, u, s, name);
	estimate_watts(w, u);
	keep_charge(w, u);
	look_beyond(w, u);
}

void
watch_value_end(struct watch *w, struct watch_ups *u)
{
	for (unsigned i = 0; i < series_count(); i++)
		set(w, u, i, NAN);
	u->watts_told = false;
	u->mains_ms = 0;
	look_beyond(w, u);
}

void
watch_value_again(struct watch *w, struct watch_ups *u)
{
	for (unsigned i = 0; i < series_count(); i++)
		if (!isnan(u->values[i]))
			w->ops->sample(w->arg, u->name, i, w->now, u->values[i]);
}
