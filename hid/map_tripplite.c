/* SPDX-License-Identifier: ISC */
/*
 * Tripp Lite (09ae) and what was built by the same hands: HP's T and R series (03f0),
 * Minuteman (05dd:a011, a0a0). Beside the standard usages page ffff:
 *   ffff0010 collection of their own     ffff007c firmware version
 *   ffff0056 delay before startup, min   ffff007f string index of the part number
 *   ffff0057 largest, ffff0058 smallest low voltage transfer
 *   ffff0059 largest, ffff005a smallest high voltage transfer
 *   ffff0092 watchdog: seconds until the output is switched off and on
 * Sources: recordings 09ae_4003 and 05dd_a0a0 of shared/hid (README 2.5, 2.9), public
 * dumps of NUT's device library; NUT for the meanings.
 */
#include "hid/hidups.h"
#include "hid/map.h"
#include "hid/map_tenths.h"

#define CUSTOM "UPS.ffff0010.[1]"
#define OUTPUT "UPS.PowerConverter.Output"
#define OUTLET "UPS.OutletSystem.Outlet"
#define BATTERY "UPS.BatterySystem.Battery"

/* 255 where nobody measures it (NUT's device library, protocol 2012). */
static bool
load(char *out, size_t size, const struct map_in *in)
{
	map_number(out, size, 0, in->value);
	return in->raw != 255;
}

static const struct map_row rows[] = {
    {"device.part", CUSTOM ".ffff007f", .flags = MAP_STRING},

    /* What stands in PowerSummary is the voltage at the output. */
    {"battery.voltage", BATTERY ".Voltage", .flags = MAP_MOVES | MAP_ONLY, .decimals = 1},
    {"output.voltage", OUTPUT ".Voltage", .flags = MAP_MOVES, .decimals = 1},
    {"output.voltage", "UPS.PowerSummary.Voltage", .flags = MAP_MOVES, .decimals = 1},
    {"battery.voltage.nominal", BATTERY ".ConfigVoltage", .flags = MAP_ONLY,
	.decimals = 1},

    {"input.voltage.nominal", "UPS.PowerSummary.Input.ConfigVoltage", .decimals = 0},
    {"input.voltage", "UPS.PowerSummary.Input.Voltage", .flags = MAP_MOVES,
	.decimals = 1},
    {"input.transfer.low", OUTPUT ".LowVoltageTransfer", .flags = MAP_RW, .decimals = 1},
    {"input.transfer.low.max", OUTPUT ".ffff0057", .decimals = 0},
    {"input.transfer.low.min", OUTPUT ".ffff0058", .decimals = 0},
    {"input.transfer.high", OUTPUT ".HighVoltageTransfer", .flags = MAP_RW,
	.decimals = 1},
    {"input.transfer.high.max", OUTPUT ".ffff0059", .decimals = 0},
    {"input.transfer.high.min", OUTPUT ".ffff005a", .decimals = 0},
    {"output.current", OUTPUT ".Current", .flags = MAP_MOVES, .decimals = 1},

    {"ups.realpower", OUTLET ".ActivePower", .flags = MAP_MOVES},
    /* Watts under the name for volt-amperes: NUT has always had it so, and people's graphs
     * have; the right name stands above. */
    {"ups.power", OUTLET ".ActivePower", .flags = MAP_MOVES, .decimals = 1},
    {"ups.power", OUTPUT ".ActivePower", .flags = MAP_MOVES, .decimals = 1},
    {"ups.load", OUTLET ".PercentLoad", .flags = MAP_MOVES | MAP_ONLY, .text = load},
    {"ups.load.nominal", "UPS.Flow.ConfigPercentLoad", .decimals = 0},
    {"ups.firmware", CUSTOM ".ffff007c", .decimals = 0},
    {"ups.watchdog.status", OUTLET ".ffff0092", .flags = MAP_MOVES},
    {"ups.timer.start", OUTLET ".DelayBeforeStartup", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.start", OUTLET ".ffff0056", .flags = MAP_MOVES, .text = map_timer},

    /* For the fixes below. */
    {".", "UPS.Flow.ConfigVoltage", .decimals = 0},
    {0},
};

/* Some OMNI1000LCD say four flags on the power page that are of the battery page. */
static const struct map_status status[] = {
    {"UPS.PowerSummary.PresentStatus.008400d0", STATUS_ONLINE, .mask = UINT32_MAX},
    {"UPS.PowerSummary.PresentStatus.00840044", STATUS_CHARGING, .mask = UINT32_MAX},
    {"UPS.PowerSummary.PresentStatus.00840045", STATUS_DISCHARGING, .mask = UINT32_MAX},
    {"UPS.PowerSummary.PresentStatus.0084004b", STATUS_REPLACE, .mask = UINT32_MAX},
    {0},
};

static const struct map_cmd cmds[] = {
    {"load.on", OUTLET ".DelayBeforeStartup", MAP_RAW, .value = 0},
    {"load.on", OUTLET ".ffff0056", MAP_RAW, .value = 0},
    {"load.on.delay", OUTLET ".DelayBeforeStartup", MAP_ONDELAY, .value = 0},
    {"load.on.delay", OUTLET ".ffff0056", MAP_ONDELAY, .value = 0},
    {"shutdown.reboot", OUTLET ".DelayBeforeReboot", MAP_SECONDS, .value = 10},
    {"shutdown.reboot", OUTLET ".ffff0092", MAP_SECONDS, .value = 10},
    /* Where nobody does it again in time the output goes off and on. */
    {"reset.watchdog", OUTLET ".ffff0092", MAP_SECONDS, .value = 60},
    {0},
};

/* No battery, and no mains, reads twice its nominal voltage: it is tenths. */
static bool
is_twice(const struct map_in *in, const char *nominal)
{
	double volts;

	return map_other(in->ups, nominal, &volts) && volts > 0 && in->value > 2 * volts;
}

static bool
is_battery_tenths(const struct map_in *in)
{
	return is_twice(in, BATTERY ".ConfigVoltage");
}

static bool
is_output_tenths(const struct map_in *in)
{
	return is_twice(in, "UPS.Flow.ConfigVoltage");
}

#define OUTPUT_WHY                                             \
	"protocol 2007 counts tenths and does not say so (NUT" \
	" issue 2646: 1162.0 V)"

/* NUT goes by 13 product ids of protocols 1003 to 2014; devices of one id were seen to do
 * either, so the number itself decides. */
static const struct map_fix fixes[] = {
    MAP_TENTHS,
    MAP_BARE,
    {BATTERY ".Voltage", 0.1,
	"protocols 1003 to 2014 count tenths and do not say so (NUT's device library, "
	"SMART1000LCD: 135.0 V of a battery of 12 V)",
	.when = is_battery_tenths},
    {"UPS.PowerSummary.Voltage", 0.1, OUTPUT_WHY, .when = is_output_tenths},
    {OUTPUT ".Voltage", 0.1, OUTPUT_WHY, .when = is_output_tenths},
    {0},
};

/* SU3000LCD2UHV falls over. */
static const struct map_never never[] = {
    {0x1330, 0x54},
    {-1, 0},
};

#define FAMILY .rows = rows, .status = status, .cmds = cmds, .fixes = fixes

const struct map map_tripplite = {
    .name = "TrippLite HID",
    .vendor = "Tripp Lite",
    .never = never,
    FAMILY,
};

/* Protocols 1003 and 2005: the string of the chemistry breaks them. */
const struct map map_tripplite_mute = {
    .name = "TrippLite HID",
    .vendor = "Tripp Lite",
    .chemistry = "unknown",
    .mute = true,
    FAMILY,
};

const struct map map_hp = {
    .name = "TrippLite HID",
    .vendor = "Hewlett Packard",
    FAMILY,
};

const struct map map_minuteman = {
    .name = "Minuteman HID",
    .vendor = "Minuteman",
    FAMILY,
};
