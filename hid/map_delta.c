/* SPDX-License-Identifier: ISC */
/*
 * Delta (05dd:041b, Amplon R and RT). Beside the standard usages page ffff:
 *   ffff0010 collection of their own     ffff007c high digit: firmware; low one: type
 *   ffff0057 largest, ffff0058 smallest low voltage transfer
 *   ffff0059 largest, ffff005a smallest high voltage transfer
 *   ffff0075 string index of the model   ffff009b sensitivity
 *   ffff0091 where the output comes from ffff009c start when the mains returns
 * Sources: NUT for the meanings; dumps of its device library (UPS302R2000B0BA).
 */
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/map.h"
#include "hid/map_tenths.h"

#define CUSTOM "UPS.ffff0010.[1]"
#define OUTPUT "UPS.PowerConverter.Output"
#define OUTLET "UPS.OutletSystem.Outlet"
#define MODEL CUSTOM ".ffff0075"

static const struct map_word sensitivity[] = {
    {0, "normal"},
    {1, "reduced"},
    {2, "low"},
    {0, NULL},
};

static const struct map_word sources[] = {
    {0, "normal"},
    {1, "battery"},
    {2, "bypass/reserve"},
    {3, "reducing"},
    {4, "boosting"},
    {5, "manual bypass"},
    {6, "other"},
    {7, "no output"},
    {8, "on eco"},
    {0, NULL},
};

static const struct map_word yes_no[] = {
    {0, "no"},
    {1, "yes"},
    {0, NULL},
};

/* The low digit; the rest is the firmware. */
static bool
type_text(char *out, size_t size, const struct map_in *in)
{
	static const char *const types[] = {"online", "offline", "line-interactive",
	    "offline", "line-interactive", "3-phase", "split-phase"};
	unsigned type = (unsigned)in->raw & 15;

	if (type >= sizeof(types) / sizeof(types[0]))
		return false;
	snprintf(out, size, "%s", types[type]);
	return true;
}

/* The model is a string of its own, beside that of USB. */
static void
model_name(struct map_names *n, const struct hidups *u)
{
	double index;
	const char *text;

	if (!map_other(u, MODEL, &index))
		return;
	text = map_string(u, (int64_t)index);
	if (text != NULL && text[0] != '\0')
		map_trim(n->model, sizeof(n->model), text, strlen(text));
}

static const struct map_row rows[] = {
    {".", MODEL, .flags = MAP_STRING},

    /* In percent, as NUT has it. */
    {"battery.capacity", "UPS.PowerSummary.DesignCapacity", .decimals = 0},
    {"battery.capacity", "UPS.PowerSummary.FullChargeCapacity", .decimals = 0},
    {"battery.voltage", "UPS.BatterySystem.Battery.Voltage",
	.flags = MAP_MOVES | MAP_ONLY, .decimals = 1},

    {"input.sensitivity", CUSTOM ".ffff009b", .flags = MAP_RW, .words = sensitivity},
    {"input.source", OUTLET ".ffff0091", .flags = MAP_MOVES, .words = sources},
    {"input.voltage.nominal", "UPS.PowerSummary.Input.ConfigVoltage", .decimals = 1},
    {"input.voltage", "UPS.PowerSummary.Input.Voltage", .flags = MAP_MOVES,
	.decimals = 1},
    {"input.transfer.low", OUTPUT ".LowVoltageTransfer", .flags = MAP_RW, .decimals = 1},
    {"input.transfer.low.max", OUTPUT ".ffff0057", .decimals = 1},
    {"input.transfer.low.min", OUTPUT ".ffff0058", .decimals = 1},
    {"input.transfer.high", OUTPUT ".HighVoltageTransfer", .flags = MAP_RW,
	.decimals = 1},
    {"input.transfer.high.max", OUTPUT ".ffff0059", .decimals = 1},
    {"input.transfer.high.min", OUTPUT ".ffff005a", .decimals = 1},

    {"output.voltage.nominal", "UPS.Flow.ConfigVoltage", .decimals = 1},
    {"output.frequency.nominal", "UPS.Flow.ConfigFrequency", .decimals = 1},
    {"output.current", OUTPUT ".Current", .flags = MAP_MOVES, .decimals = 1},

    {"ups.load", OUTLET ".PercentLoad", .flags = MAP_MOVES, .decimals = 1},
    {"ups.realpower", OUTLET ".ActivePower", .flags = MAP_MOVES, .decimals = 1},
    {"ups.realpower", OUTPUT ".ActivePower", .flags = MAP_MOVES, .decimals = 1},
    {"ups.start.auto", CUSTOM ".ffff009c", .flags = MAP_RW, .words = yes_no},
    {"ups.type", CUSTOM ".ffff007c", .text = type_text},
    {0},
};

/* "Good": there is power at the output; "Used": there is a battery. */
static const struct map_status status[] = {
    {"UPS.PowerSummary.PresentStatus.Good", STATUS_OFF, .mask = UINT32_MAX,
	.clear = true},
    {"UPS.PowerConverter.PresentStatus.Used", STATUS_NO_BATTERY, .mask = UINT32_MAX,
	.clear = true},
    {0},
};

static const struct map_fix fixes[] = {
    MAP_TENTHS,
    MAP_BARE,
    {0},
};

const struct map map_delta = {
    .name = "Delta UPS HID",
    .vendor = "Delta",
    .rows = rows,
    .status = status,
    .fixes = fixes,
    .rename = model_name,
};
