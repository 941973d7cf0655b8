/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "hid/hidups_in.h"
#include "hid/report.h"

/*
 * Capacities are counted in percent or in what the battery holds: CapacityMode says so
 * (Power Device class 1.0, battery settings; a few have none). NUT wants percent.
 */
enum { MODE_MAH, MODE_MWH, MODE_PERCENT, MODE_YES_OR_NO, MODE_UNKNOWN };

#define CAPACITY_MODE 0x0085002cu
#define FULL_CHARGE_CAPACITY 0x00850067u
#define DESIGN_CAPACITY 0x00850083u
#define PERCENT_MAX 120 /* the most that a maker calls full: CyberPower does */

/* The field with this usage beside `f`, where it is known; else NULL. */
static const struct hid_field *
beside(const struct hidups *u, const struct hid_field *f, uint32_t usage)
{
	static const enum hid_type types[] = {HID_FEATURE, HID_INPUT};
	struct hid_field path = *f;

	path.usages[path.depth - 1] = usage;
	for (size_t i = 0; i < 2; i++) {
		const struct hid_field *found =
		    hid_desc_find(u->desc, types[i], path.usages, path.depth);

		if (found != NULL && hidups_slot(u, found)->known)
			return found;
	}
	return NULL;
}

static int64_t
mode_of(const struct hidups *u, const struct hid_field *f)
{
	const struct hid_field *mode = beside(u, f, CAPACITY_MODE);

	/* The raw number: units leak into it (README 2.2 of shared/hid). */
	return mode == NULL ? MODE_UNKNOWN : hidups_slot(u, mode)->raw;
}

/* What a full battery holds, as `f` counts; 0 when it is not known. */
static double
full_of(const struct hidups *u, const struct hid_field *f)
{
	static const uint32_t usages[] = {FULL_CHARGE_CAPACITY, DESIGN_CAPACITY};

	for (size_t i = 0; i < 2; i++) {
		const struct hid_field *full = beside(u, f, usages[i]);
		int64_t raw = full == NULL ? 0 : hidups_slot(u, full)->raw;

		if (raw > 0 && !map_idle(full, raw))
			return hid_report_scale(full, raw);
	}
	return 0;
}

bool
hidups_is_capacity(const struct hid_field *f)
{
	switch (f->usages[f->depth - 1]) {
	case 0x00850029: /* RemainingCapacityLimit */
	case 0x00850066: /* RemainingCapacity */
	case 0x0085008c: /* WarningCapacityLimit */
		return true;
	default:
		return false;
	}
}

double
hidups_percent(const struct hidups *u, const struct hid_field *f)
{
	int64_t mode = mode_of(u, f);
	double full = full_of(u, f);

	if (mode == MODE_MAH || mode == MODE_MWH)
		return full > 0 ? 100 / full : 1;
	return mode == MODE_UNKNOWN && full > PERCENT_MAX ? 100 / full : 1;
}

/* Percent, as far as that can be known. */
bool
map_charge(char *out, size_t size, const struct map_in *in)
{
	const struct hidups *u = in->ups;
	int64_t mode = mode_of(u, in->field);
	double full = full_of(u, in->field), value = in->value;

	if (mode == MODE_YES_OR_NO && value <= 1)
		return false;
	if (mode <= MODE_MWH && full <= 0 && value > PERCENT_MAX)
		return false;
	if (hidups_percent(u, in->field) != 1 && value > 100)
		value = 100;
	map_number(out, size, 0, value);
	return true;
}
