/* SPDX-License-Identifier: ISC */
#include "sim/body_start.h"
#include "hid/report.h"
#include "sim/quantity.h"

#define CONFIG_VOLTAGE 0x00840040
#define CONFIG_ACTIVE_POWER 0x00840044
#define BATTERY 0x00840012
#define INPUT 0x0084001a
#define POWER_SUMMARY 0x00840024
#define KELVIN 273.15

struct source {
	const struct hid_desc *desc;
	const struct recording *recording;
};

/* The physical value that was recorded for a field. */
static bool
recorded(const struct source *s, const struct hid_field *f, double *value)
{
	const struct recording_report *r;
	size_t head = s->desc->report_ids ? 1 : 0, i;
	int64_t raw;

	for (i = 0; i < s->recording->nreports; i++) {
		r = &s->recording->reports[i];
		if (r->type == f->type && r->id == f->report_id && r->len > head &&
		    hid_report_get(f, r->bytes + head, r->len - head, &raw)) {
			*value = hid_report_scale(f, raw);
			return true;
		}
	}
	return false;
}

/* The first believable value of a quantity, or `otherwise`. */
static double
first(const struct source *s, enum quantity q, double low, double high, double otherwise)
{
	const struct hid_field *f;
	double value;
	size_t i;

	for (i = 0; s->desc != NULL && i < s->desc->nfields; i++) {
		f = &s->desc->fields[i];
		if (quantity_of(f) == q && recorded(s, f, &value) && value >= low &&
		    value <= high)
			return value;
	}
	return otherwise;
}

/* The same for a usage that is no quantity, right below a collection (0: any). */
static double
rating(const struct source *s, uint32_t usage, uint32_t parent, double low, double high,
    double otherwise)
{
	const struct hid_field *f;
	double value;
	size_t i;

	for (i = 0; s->desc != NULL && i < s->desc->nfields; i++) {
		f = &s->desc->fields[i];
		if (f->depth < 2 || f->usages[f->depth - 1] != usage ||
		    (parent != 0 && f->usages[f->depth - 2] != parent))
			continue;
		if (recorded(s, f, &value) && value >= low && value <= high)
			return value;
	}
	return otherwise;
}

/* Degrees Celsius from whatever the maker counts in: kelvin and its tenths too. */
static double
celsius(double value)
{
	if (value > 1000.0)
		value /= 10.0;
	if (value > 200.0)
		value -= KELVIN;
	return value > -20.0 && value < 80.0 ? value : 25.0;
}

void
body_start(struct ups *u, const struct hid_desc *d, const struct recording *r)
{
	struct source s = {.desc = d, .recording = r};
	double watts, mains, volts, runtime;

	watts = rating(&s, CONFIG_ACTIVE_POWER, 0, 50, 20000, 300);
	mains = first(
	    &s, Q_INPUT_VOLTS, 80, 300, rating(&s, CONFIG_VOLTAGE, INPUT, 80, 300, 230));
	volts = rating(&s, CONFIG_VOLTAGE, BATTERY, 6, 400,
	    rating(&s, CONFIG_VOLTAGE, POWER_SUMMARY, 6, 400, 12));
	ups_init(u, watts, mains, volts);
	u->load = first(&s, Q_LOAD, 0, 150, 0);
	u->charge_low = first(&s, Q_CHARGE_LOW, 1, 99, u->charge_low);
	u->runtime_low = first(&s, Q_RUNTIME_LOW, 1, 3600, u->runtime_low);
	u->beeper = (int)first(&s, Q_BEEPER, 1, 3, u->beeper);
	u->battery.charge = first(&s, Q_CHARGE, 1, 100, 100) / 100.0;
	u->battery.temperature = celsius(first(&s, Q_TEMPERATURE, -20, 4000, 25));
	u->battery.ambient = u->battery.temperature;
	u->test = (int)first(&s, Q_TEST, 0, UPS_TEST_NONE, UPS_TEST_NONE);
	if (u->test == UPS_TEST_RUNNING)
		u->test = UPS_TEST_NONE;
	u->transfer_low = first(&s, Q_TRANSFER_LOW, 1, mains, 0);
	u->transfer_high = first(&s, Q_TRANSFER_HIGH, mains, 1000, 0);
	runtime = first(&s, Q_RUNTIME, 60, 65534, 0);
	if (runtime > 0)
		battery_calibrate(&u->battery, ups_watts(u), runtime);
}
