/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "sim/battery.h"

#define PEUKERT 1.25     /* exponent; 1.1 to 1.3 for this kind of battery */
#define RATED_HOURS 20.0 /* of the rating */
#define OHMS_12V_7AH 0.025
#define CHARGE_RATE 0.15 /* of the capacity, per hour, until the taper */
#define TAPER_FROM 0.8   /* charge from which the current falls */
#define TAPER_END 0.02   /* share of the full current that is left at the end */
#define EFFICIENCY 0.9   /* of charging: ampere-hours kept */
#define FLOAT_RATIO (13.6 / 12.0)
#define THERMAL_SECONDS 2700.0   /* until 63 % of a difference in temperature is gone */
#define HEAT_CAPACITY_7AH 2250.0 /* J/K of a 12 V block */
#define STEP_MAX 1.0

void
battery_init(struct battery *b, double nominal, double capacity)
{
	*b = (struct battery){.nominal = nominal,
	    .capacity = capacity,
	    .charge = 1.0,
	    .ambient = 25.0,
	    .temperature = 25.0};
}

/* Ah that it can hold now: age and cold take their share. */
static double
holds(const struct battery *b)
{
	double warmth = 1.0 + 0.008 * (b->temperature - 25.0);

	return b->capacity * (1.0 - b->age) * fmin(fmax(warmth, 0.5), 1.1);
}

/* Open-circuit voltage: nearly straight, with a knee where it is almost empty. */
static double
open_circuit(const struct battery *b, double charge)
{
	return b->nominal * (0.965 + 0.1 * charge - 0.08 * exp(-charge / 0.05));
}

static double
resistance(const struct battery *b, double charge)
{
	double fresh = OHMS_12V_7AH * (b->nominal / 12.0) * (7.0 / b->capacity);

	return fresh * (1.0 + 3.0 * b->age) * (1.0 + 0.5 * (1.0 - charge));
}

/* The current at which the terminals deliver `watts`: the smaller root of
 * (E - I R) I = P, and where the battery is too weak for P, the most it can give. */
static double
current_for(const struct battery *b, double charge, double watts)
{
	double e = open_circuit(b, charge), r = resistance(b, charge);
	double root = e * e - 4.0 * r * watts;

	return (e - sqrt(fmax(root, 0.0))) / (2.0 * r);
}

/* Share of the charge that a second at this current takes (Peukert). */
static double
drain(const struct battery *b, double current)
{
	double rated = b->capacity / RATED_HOURS;
	double haste = pow(fmax(current / rated, 1.0), PEUKERT - 1.0);

	return current * haste / (holds(b) * 3600.0);
}

static void
warm(struct battery *b, double watts, double seconds)
{
	double mass = HEAT_CAPACITY_7AH * (b->nominal / 12.0) * (b->capacity / 7.0);
	double end = b->ambient + watts * THERMAL_SECONDS / mass;

	b->temperature = end + (b->temperature - end) * exp(-seconds / THERMAL_SECONDS);
}

double
battery_discharge(struct battery *b, double watts, double seconds)
{
	double done = 0.0, step, share;

	while (done < seconds && b->charge > 0.0) {
		step = fmin(STEP_MAX, seconds - done);
		b->current = current_for(b, b->charge, watts);
		share = drain(b, b->current);
		if (share * step >= b->charge) {
			step = b->charge / share;
			b->charge = 0.0;
		} else
			b->charge -= share * step;
		warm(b, b->current * b->current * resistance(b, b->charge), step);
		done += step;
	}
	return fmin(done, seconds);
}

void
battery_charge(struct battery *b, double seconds)
{
	double step, taper;

	while (seconds > 0.0 && b->charge < 1.0) {
		step = fmin(STEP_MAX, seconds);
		taper = (1.0 - b->charge) / (1.0 - TAPER_FROM);
		b->current = -b->capacity * CHARGE_RATE * fmin(taper + TAPER_END, 1.0);
		b->charge -= b->current * EFFICIENCY * step / (holds(b) * 3600.0);
		if (b->charge > 1.0)
			b->charge = 1.0;
		warm(b, b->current * b->current * resistance(b, b->charge), step);
		seconds -= step;
	}
	if (b->charge >= 1.0)
		b->current = 0.0;
	warm(b, 0.0, seconds);
}

void
battery_rest(struct battery *b, double seconds)
{
	b->current = 0.0;
	warm(b, 0.0, seconds);
}

double
battery_volts(const struct battery *b)
{
	double rest = open_circuit(b, b->charge);
	double charged = b->nominal * FLOAT_RATIO;

	if (b->current > 0.0)
		return rest - b->current * resistance(b, b->charge);
	if (b->current < 0.0)
		return rest + (charged - rest) * (0.3 + 0.7 * b->charge);
	return b->charge >= 1.0 ? charged : rest;
}

double
battery_runtime(const struct battery *b, double watts)
{
	/* Half of what is left stands for the voltages on the way down. */
	return b->charge / drain(b, current_for(b, b->charge / 2.0, watts));
}

void
battery_calibrate(struct battery *b, double watts, double seconds)
{
	double low = 0.01, high = 10000.0;
	int i;

	for (i = 0; i < 100; i++) {
		b->capacity = sqrt(low * high);
		if (battery_runtime(b, watts) < seconds)
			low = b->capacity;
		else
			high = b->capacity;
	}
}
