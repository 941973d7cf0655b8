/* SPDX-License-Identifier: ISC */
/*
 * Liebert, later Emerson and Vertiv (10af), in three generations under a few product ids:
 * PSA, PSP, PST and GXT3 with the firmware of Belkin's and its page 0086 or the standard
 * usages beside it; PSI5 and PSA5 with Delta's, whose exponents are wrong; GXT5, which has
 * all in PowerSummary and tells input and output apart by the report alone.
 * Sources: recordings 10af_0002 and 10af_1000 of shared/hid (README 2.6), dumps of NUT's
 * device library, NUT issues 2370 and 3613.
 */
#include "hid/hidups.h"
#include "hid/map.h"
#include "hid/map_tenths.h"

#define SUMMARY "UPS.PowerSummary"

/* What NUT calls battery.capacity, of Flow.ConfigApparentPower, is no ampere-hours but
 * ups.power.nominal, and what PowerSummary.Input calls its nominal voltage is the
 * battery's: neither is taken over. */
static const struct map_row rows[] = {
    {"battery.voltage.nominal", "UPS.BatterySystem.Battery.ConfigVoltage", .decimals = 0},
    {"input.voltage.nominal", "UPS.Flow.ConfigVoltage", .decimals = 0},
    {0},
};

static const struct map_fix fixes[] = {
    MAP_TENTHS,
    {"*.ConfigVoltage", 1e8,
	"whole volts under the exponent -1 of another item (NUT's device library, PSP: "
	"1.2e-7 for 12 V)",
	.unit = HID_VOLT, .exponent = -1},
    MAP_BARE,
    {"UPS.Input.Frequency", 0.1,
	"PSA counts tenths and does not say so (NUT's device library: 499 for 49.9 Hz)",
	.low = 100, .high = 1000},
    {0},
};

const struct map map_liebert = {
    .below = &map_belkin,
    .name = "Liebert HID",
    .vendor = "Liebert",
    .rows = rows,
    .fixes = fixes,
    .rename = map_own_serial,
};

/* All bits set: there is no such sensor, and no such limit. */
static bool
unless_all_ones(char *out, size_t size, const struct map_in *in)
{
	if (map_idle(in->field, in->raw))
		return false;
	map_number(out, size, 0, in->value);
	return true;
}

static bool
temperature(char *out, size_t size, const struct map_in *in)
{
	return !map_idle(in->field, in->raw) && map_temperature(out, size, in);
}

/* Of up to three phases, or two batteries, in a report the first. */
static const struct map_row gxt5_rows[] = {
    {"input.voltage", SUMMARY ".ConfigVoltage", .flags = MAP_MOVES, .decimals = 1,
	.report = 1},
    {"input.current", SUMMARY ".ConfigCurrent", .flags = MAP_MOVES, .decimals = 2,
	.report = 2},
    {"input.frequency", SUMMARY ".ConfigFrequency", .flags = MAP_MOVES, .decimals = 1,
	.report = 3},
    {"output.voltage", SUMMARY ".ConfigVoltage", .flags = MAP_MOVES, .decimals = 1,
	.report = 11},
    {"output.current", SUMMARY ".ConfigCurrent", .flags = MAP_MOVES, .decimals = 2,
	.report = 12},
    {"output.frequency", SUMMARY ".ConfigFrequency", .flags = MAP_MOVES, .decimals = 1,
	.report = 13},
    {"ups.power", SUMMARY ".ConfigApparentPower", .flags = MAP_MOVES, .report = 14},
    {"ups.realpower", SUMMARY ".ConfigActivePower", .flags = MAP_MOVES, .report = 15},
    {"battery.voltage.nominal", NULL, .flags = MAP_ONLY},
    {"battery.runtime.low", SUMMARY ".RemainingTimeLimit", .flags = MAP_ONLY,
	.text = unless_all_ones},
    {"ups.temperature", SUMMARY ".Temperature", .flags = MAP_MOVES | MAP_ONLY,
	.text = temperature},
    {0},
};

/* BatteryPresent stands in report 5 too, as what the model has; there it is true. */
static const struct map_fix gxt5_fixes[] = {
    {"*Voltage", 1e2,
	"whole volts under the exponent of 0.01 V (README 2.6: 2.39 for 239 V)",
	.unit = HID_VOLT, .exponent = 5, .low = 0, .high = 10},
    {SUMMARY ".RunTimeToEmpty", 60,
	"minutes, under the unit of the time limit before it: 36 of a full battery at 9 "
	"% "
	"load are no seconds (NUT issue 3613)",
	.product = 0},
    {0},
};

const struct map map_gxt5 = {
    .name = "Liebert GXT5 HID",
    .vendor = "Vertiv",
    .rows = gxt5_rows,
    .fixes = gxt5_fixes,
};
