/* SPDX-License-Identifier: ISC */
/*
 * Belkin (050d), on page 0086, which is reserved:
 *   00860026 configuration: 40 nominal volts, 42 hertz, 43 volt-amperes, 44 volts of the
 *            battery, 45 percent of overload, 53 low voltage transfer (5b at most, 5c at
 *            least), 54 high voltage transfer (5d, 5e)
 *   00860027 controls: 55 delay before reboot, 56 before startup (minutes), 57 before
 *            shutdown (seconds), 58 test, 5a beeper
 *   00860028 status: 21 of power, 22 of the battery; bits below
 *   00860029 device: 74 sensitivity, 7c high digits: firmware; low one: type
 *   0086002a power state: 1a input, 1c output; 30 volts and 32 hertz in tenths, 35 load
 *   00860010 battery: 30 volts in tenths, 39 percent of charge
 * Sources: NUT for the meanings, dumps of its device library (README 2.6 of shared/hid).
 */
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/map.h"

#define CONFIG "UPS.00860026"
#define CONTROLS "UPS.00860027"
#define POWER_STATUS "UPS.00860028.00860021"
#define BATTERY_STATUS "UPS.00860028.00860022"
#define DEVICE "UPS.00860029"
#define STATE "UPS.0086002a"
#define BATTERY "UPS.00860010"

static const struct map_word sensitivity[] = {
    {0, "normal"},
    {1, "reduced"},
    {2, "low"},
    {0, NULL},
};

static const struct map_word test_results[] = {
    {0, "No test initiated"},
    {1, "Done and passed"},
    {2, "Done and warning"},
    {3, "Done and error"},
    {4, "Aborted"},
    {5, "In progress"},
    {0, NULL},
};

static bool
firmware(char *out, size_t size, const struct map_in *in)
{
	snprintf(out, size, "%lld", (long long)in->raw >> 4);
	return true;
}

static bool
type_text(char *out, size_t size, const struct map_in *in)
{
	static const char *const types[] = {"online", "offline", "line-interactive",
	    "simple online", "simple offline", "simple line-interactive"};
	unsigned type = (unsigned)in->raw & 15;

	snprintf(
	    out, size, "%s", types[type < sizeof(types) / sizeof(types[0]) ? type : 0]);
	return true;
}

static const struct map_row rows[] = {
    {".", "UPS.PowerSummary.iSerialNumber", .flags = MAP_STRING},

    {"battery.charge", BATTERY ".00860039", .flags = MAP_MOVES},
    {"battery.voltage", BATTERY ".00860030", .flags = MAP_MOVES, .decimals = 1},
    {"battery.voltage.nominal", CONFIG ".00860044", .decimals = 0},

    {"input.voltage", STATE ".0086001a.00860030", .flags = MAP_MOVES, .decimals = 1},
    {"input.voltage.nominal", CONFIG ".00860040", .decimals = 0},
    {"input.frequency", STATE ".0086001a.00860032", .flags = MAP_MOVES, .decimals = 1},
    {"input.frequency.nominal", CONFIG ".00860042", .decimals = 0},
    {"input.sensitivity", DEVICE ".00860074", .flags = MAP_RW, .words = sensitivity},
    {"input.transfer.low", CONFIG ".00860053", .flags = MAP_RW},
    {"input.transfer.low.max", CONFIG ".0086005b", .decimals = 0},
    {"input.transfer.low.min", CONFIG ".0086005c", .decimals = 0},
    {"input.transfer.high", CONFIG ".00860054", .flags = MAP_RW},
    {"input.transfer.high.max", CONFIG ".0086005d", .decimals = 0},
    {"input.transfer.high.min", CONFIG ".0086005e", .decimals = 0},
    {"output.voltage", STATE ".0086001c.00860030", .flags = MAP_MOVES, .decimals = 1},
    {"output.frequency", STATE ".0086001c.00860032", .flags = MAP_MOVES, .decimals = 1},

    {"ups.load", STATE ".0086001c.00860035", .flags = MAP_MOVES},
    {"ups.load.high", CONFIG ".00860045", .decimals = 0},
    {"ups.power.nominal", CONFIG ".00860043", .decimals = 0},
    {"ups.firmware", DEVICE ".0086007c", .text = firmware},
    {"ups.type", DEVICE ".0086007c", .text = type_text},
    {"ups.beeper.status", CONTROLS ".0086005a", .flags = MAP_MOVES, .words = map_beeper},
    {"ups.test.result", CONTROLS ".00860058", .flags = MAP_MOVES, .words = test_results},
    {"ups.timer.start", CONTROLS ".00860056", .flags = MAP_MOVES, .text = map_timer},
    {"ups.timer.shutdown", CONTROLS ".00860057", .flags = MAP_MOVES, .text = map_timer},
    {"ups.timer.reboot", CONTROLS ".00860055", .flags = MAP_MOVES, .text = map_timer},
    {0},
};

/*
 * BelowRemainingCapacityLimit in PowerSummary itself says nothing that is true (NUT says
 * so of Belkin and of the Liebert of the same make), so the bit of their own counts, and
 * where there is none, no flag.
 */
static const struct map_status status[] = {
    {POWER_STATUS, STATUS_ONLINE, .mask = 0x0001, .clear = true, .rank = -1},
    {POWER_STATUS, STATUS_OVERLOAD, .mask = 0x0010, .rank = -1},
    {POWER_STATUS, STATUS_TOO_HOT, .mask = 0x0040, .rank = -1},
    {POWER_STATUS, STATUS_INTERNAL_FAILURE, .mask = 0x0080, .rank = -1},
    {POWER_STATUS, STATUS_AWAITING_POWER, .mask = 0x2000, .rank = -1},
    {BATTERY_STATUS, STATUS_LOW, .mask = 0x04, .rank = -2},
    {BATTERY_STATUS, STATUS_EMPTY, .mask = 0x40, .rank = -1},
    {BATTERY_STATUS, STATUS_REPLACE, .mask = 0x80, .rank = -1},
    {"UPS.PowerSummary.BelowRemainingCapacityLimit", STATUS_LOW, 0, .rank = -1},
    {0},
};

static const struct map_cmd cmds[] = {
    {"test.battery.start.quick", CONTROLS ".00860058", MAP_RAW, .value = 1},
    {"test.battery.start.deep", CONTROLS ".00860058", MAP_RAW, .value = 2},
    {"test.battery.stop", CONTROLS ".00860058", MAP_RAW, .value = 3},
    {"beeper.on", CONTROLS ".0086005a", MAP_RAW, .value = 2, .stays = true},
    {"beeper.off", CONTROLS ".0086005a", MAP_RAW, .value = 1, .stays = true},
    {"beeper.disable", CONTROLS ".0086005a", MAP_RAW, .value = 1, .stays = true},
    {"beeper.enable", CONTROLS ".0086005a", MAP_RAW, .value = 2, .stays = true},
    {"beeper.mute", CONTROLS ".0086005a", MAP_RAW, .value = 3},
    {"load.off", CONTROLS ".00860057", MAP_RAW, .value = 1},
    {"load.on", CONTROLS ".00860056", MAP_RAW, .value = 1},
    {"load.off.delay", CONTROLS ".00860057", MAP_OFFDELAY, .value = 0},
    {"load.on.delay", CONTROLS ".00860056", MAP_ONDELAY, .value = 0},
    {"shutdown.stop", CONTROLS ".00860057", MAP_RAW, .value = -1},
    {"shutdown.reboot", CONTROLS ".00860055", MAP_SECONDS, .value = 10},
    {0},
};

/* Nothing is said of a unit. */
static bool
is_bare(const struct map_in *in)
{
	return in->field->unit == 0;
}

static const struct map_fix fixes[] = {
    {"*.00860030", 0.1, "volts are tenths, and nothing says so (NUT, belkin-hid)",
	.product = 0},
    {"*.00860032", 0.1, "hertz are tenths, and nothing says so (NUT, belkin-hid)",
	.product = 0},
    {CONTROLS ".00860056", 60, "it counts minutes without a unit (NUT, belkin-hid)",
	.when = is_bare},
    {0},
};

const struct map map_belkin = {
    .name = "Belkin HID",
    .vendor = "Belkin",
    .chemistry = "PbAc",
    .rows = rows,
    .status = status,
    .cmds = cmds,
    .fixes = fixes,
    .rename = map_own_serial,
};
