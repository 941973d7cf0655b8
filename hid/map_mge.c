/* SPDX-License-Identifier: ISC */
/*
 * Eaton, before MGE (0463), and who sells these under another name: Dell, HP, IBM,
 * Powerware, AEG, KSTAR; the same usages are in Salicru's and Phoenixtec's. They are
 * on page ffff; those in use here:
 *   0003 statistic, 0004 its system   0041 kind of converter    0078 wiring fault
 *   0010 phase                        0043 automatic restart    0086 efficiency
 *   0014 inverter                     0044 forced reboot        0087 ABM in use
 *   0018 life cycle monitor, 001a its 0045 interval of tests    0090 count
 *        alarm                        0046 energy saving        0093 timer ran out
 *   002d configuration failure        0047 start on battery     0094 mode
 *   0049 no deep discharge            004a short circuit        0097 time
 *   004c sensitivity                  004d low charge, settable 00e5 system, 0005 its USB
 *   0050..0053 boost and trim         0057..005c bypass, ECO    00e9 status
 *   005d, 005e delays of an outlet    005f charge to restart    00f0 model, 00f1 version
 *   0068 emergency stop               0069 power factor         00f8, 00f9 frequencies
 *   006b kind of charger              0077 fan failure
 *   0074, 0075 voltage too high, low
 * Flags are whole bytes, and Input and Feature of one report may be laid out
 * differently. Sources: recordings of shared/hid (README 2.4); NUT (mge-hid) for the
 * meanings.
 *
 * ABM, Eaton's way of charging: while it is in use CHRG and DISCHRG are what the
 * charger says, for the usual flags have CHRG even when it rests. Older models say it
 * as a mode, newer ones (9SX, 9PX) as a status, with other numbers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hid/hidups.h"
#include "hid/map_mge.h"

#define DELL 0x047c
#define ABM "UPS.BatterySystem.Charger.ffff0087"
#define ABM_MODE "UPS.BatterySystem.Charger.ffff0094"
#define ABM_STATUS "UPS.BatterySystem.Charger.ffff00e9"
#define MODEL "UPS.PowerSummary.ffff00f0"
#define APPARENT "UPS.Flow.[4].ConfigApparentPower"

const struct map_word map_mge_yes_no[] = {
    {0, "no"},
    {1, "yes"},
    {0, NULL},
};

const struct map_word map_mge_enabled[] = {
    {0, "disabled"},
    {1, "enabled"},
    {0, NULL},
};

static const struct map_word charger_types[] = {
    {0, "None"},
    {1, "Extended (CLA)"},
    {2, "Large extension"},
    {3, "Extra large extension (XL)"},
    {4, "ABM"},
    {5, "Constant Charge (CC)"},
    {0, NULL},
};

static const struct map_word converter_types[] = {
    {1, "offline / line interactive"},
    {2, "online"},
    {3, "online - unitary/parallel"},
    {4, "online - parallel with hot standy"},
    {5, "online - hot standby redundancy"},
    {0, NULL},
};

static const struct map_word charger_modes[] = {
    {1, "charging"},
    {2, "discharging"},
    {3, "floating"},
    {4, "resting"},
    {6, "off"},
    {0, NULL},
};

static const struct map_word charger_statuses[] = {
    {1, "charging"},
    {2, "floating"},
    {3, "resting"},
    {4, "discharging"},
    {6, "off"},
    {0, NULL},
};

/* The words of a table, while ABM is in use. */
static bool
abm_word(char *out, size_t size, const struct map_in *in, const struct map_word *words)
{
	const struct map_row row = {.words = words};
	double used;

	return map_other(in->ups, ABM, &used) && used == 1 &&
	       map_row_text(&row, in, out, size);
}

static bool
abm_mode(char *out, size_t size, const struct map_in *in)
{
	return abm_word(out, size, in, charger_modes);
}

static bool
abm_status(char *out, size_t size, const struct map_in *in)
{
	return abm_word(out, size, in, charger_statuses);
}

/* The model is a string of its own or, where that cannot be had, the rating in VA. */
static void
model_of(const struct hidups *u, char *out, size_t size)
{
	const char *text;
	double value;

	out[0] = '\0';
	text = map_other(u, MODEL, &value) ? map_string(u, (int64_t)value) : NULL;
	if (text != NULL && text[0] != '\0')
		snprintf(out, size, "%s", text);
	else if (map_other(u, APPARENT, &value))
		map_number(out, size, 0, value);
}

/* The name to sell it by; true when PowerSummary has the battery's voltage. Dell's
 * product string is the whole name. */
static bool
name_of(const struct hidups *u, char *out, size_t size)
{
	const struct hidups_ident *ident = map_device(u);
	char model[64];

	model_of(u, model, sizeof(model));
	if (ident->vendor == DELL || (ident->name[0] == '\0' && model[0] == '\0')) {
		snprintf(out, size, "%s", ident->name);
		return false;
	}
	return mge_model(
	    out, size, ident->name[0] == '\0' ? "unknown" : ident->name, model);
}

static void
name(struct map_names *n, const struct hidups *u)
{
	char model[sizeof(n->model)];

	name_of(u, model, sizeof(model));
	map_trim(n->model, sizeof(n->model), model, strlen(model));
}

/* Of most series PowerSummary.Voltage is something else, or constant. */
static bool
volts(char *out, size_t size, const struct map_in *in)
{
	char model[128];

	if (!name_of(in->ups, model, sizeof(model)))
		return false;
	map_number(out, size, 1, in->value);
	return true;
}

/* The Evolution 650 says another number than the 12 V that it has. */
static bool
nominal_volts(char *out, size_t size, const struct map_in *in)
{
	char model[128];

	if (!name_of(in->ups, model, sizeof(model)))
		return false;
	map_number(out, size, 0, strcmp(model, "Evolution 650") == 0 ? 12 : in->value);
	return true;
}

/* Ampere seconds as ampere hours. */
static bool
capacity(char *out, size_t size, const struct map_in *in)
{
	map_number(out, size, 2, in->value / 3600);
	return true;
}

/* Where the power is not measured: by load, rating and power factor, else 0.8 of it. */
static bool
realpower(char *out, size_t size, const struct map_in *in)
{
	char load[32], factor[32];
	double watts;

	if (!map_variable(in->ups, "ups.load", load, sizeof(load)))
		return false;
	if (!map_variable(in->ups, "output.powerfactor", factor, sizeof(factor)))
		snprintf(factor, sizeof(factor), "0.80");
	watts = strtod(load, NULL) * 0.01 * in->value * strtod(factor, NULL);
	map_number(out, size, 0, watts + 1e-9); /* halves go up, as NUT has them */
	return true;
}

/* The clock of the UPS, seconds since 1970, as NUT shows it: in two variables, local. */
static bool
date(char *out, size_t size, const struct map_in *in)
{
	time_t t = (time_t)in->raw;
	struct tm tm;

	return localtime_r(&t, &tm) != NULL && strftime(out, size, "%Y/%m/%d", &tm) != 0;
}

static bool
time_of_day(char *out, size_t size, const struct map_in *in)
{
	time_t t = (time_t)in->raw;
	struct tm tm;

	return localtime_r(&t, &tm) != NULL && strftime(out, size, "%H:%M:%S", &tm) != 0;
}

static const struct map_row rows[] = {
    {".", ABM, .flags = MAP_MOVES},
    {".", MODEL, .flags = MAP_STRING},
    {"device.usb.version", "UPS.ffff00e5.ffff0005.ffff00f1", .flags = MAP_STRING},

    {"battery.charge.low", "UPS.PowerSummary.ffff004d", .flags = MAP_RW, .min = 0,
	.max = 100},
    {"battery.charge.low", "UPS.PowerSummary.RemainingCapacityLimit", .flags = MAP_ONLY},
    {"battery.charge.restart", "UPS.PowerSummary.ffff005f", .flags = MAP_RW, .min = 0,
	.max = 100},
    {"battery.capacity", "UPS.BatterySystem.Battery.DesignCapacity", .text = capacity},
    {"battery.runtime.elapsed", "UPS.ffff0004.Input.[1].ffff0003.[1].ffff0097",
	.flags = MAP_MOVES},
    {"battery.voltage", "UPS.BatterySystem.Voltage", .flags = MAP_MOVES, .decimals = 1},
    {"battery.voltage", "UPS.PowerSummary.Voltage", .flags = MAP_MOVES | MAP_ONLY,
	.text = volts},
    {"battery.voltage.nominal", "UPS.BatterySystem.ConfigVoltage", .decimals = 0},
    {"battery.voltage.nominal", "UPS.PowerSummary.ConfigVoltage", .flags = MAP_ONLY,
	.text = nominal_volts},
    {"battery.protection", "UPS.BatterySystem.Battery.ffff0049", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"battery.energysave", "UPS.PowerConverter.Input.[3].ffff0046", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"battery.energysave.load", "UPS.PowerConverter.Input.[3].ConfigPercentLoad",
	.flags = MAP_RW, .min = 0, .max = 100},
    {"battery.energysave.delay", "UPS.PowerConverter.Input.[3].ffff0046.ffff005d",
	.flags = MAP_RW},
    {"battery.energysave.delay", "UPS.PowerConverter.Input.[3].ffff005d",
	.flags = MAP_RW},
    {"battery.energysave.realpower", "UPS.PowerConverter.Input.[3].ConfigActivePower",
	.flags = MAP_RW},
    {"battery.charger.status", ABM_MODE, .flags = MAP_MOVES, .text = abm_mode},
    {"battery.charger.status", ABM_STATUS, .flags = MAP_MOVES, .text = abm_status},
    {"battery.charger.type", "UPS.BatterySystem.Charger.ffff006b",
	.words = charger_types},

    {"ups.efficiency", "UPS.PowerConverter.Output.ffff0086", .flags = MAP_MOVES},
    {"ups.firmware", "UPS.PowerSummary.ffff00f1", .flags = MAP_STRING},
    {"ups.load.high", "UPS.Flow.[4].ConfigPercentLoad", .flags = MAP_RW},
    {"ups.test.interval", "UPS.BatterySystem.Battery.ffff0045", .flags = MAP_RW},
    {"ups.realpower", "UPS.PowerConverter.Output.ActivePower", .flags = MAP_MOVES},
    {"ups.realpower", APPARENT, .text = realpower},
    {"ups.start.auto", "UPS.PowerConverter.Input.[1].ffff0043", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"ups.start.battery", "UPS.PowerConverter.Input.[3].ffff0047", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"ups.start.reboot", "UPS.PowerConverter.Output.ffff0044", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"ups.shutdown", "UPS.PowerSummary.PresentStatus.Switchable", .flags = MAP_RW,
	.words = map_mge_enabled},
    {"ups.date", "UPS.PowerSummary.ffff0097", .flags = MAP_MOVES, .text = date},
    {"ups.time", "UPS.PowerSummary.ffff0097", .flags = MAP_MOVES, .text = time_of_day},
    {"ups.type", "UPS.PowerConverter.ffff0041", .words = converter_types},
    {0},
};

#define ANY UINT32_MAX
#define BIT(n) (1u << (n))

static const struct map_status status[] = {
    {ABM_MODE, STATUS_CHARGING, .given = ABM, .among = BIT(1) | BIT(3), .rank = -2},
    {ABM_MODE, STATUS_DISCHARGING, .given = ABM, .among = BIT(2), .rank = -2},
    {ABM_STATUS, STATUS_CHARGING, .given = ABM, .among = BIT(1) | BIT(2), .rank = -1},
    {ABM_STATUS, STATUS_DISCHARGING, .given = ABM, .among = BIT(4), .rank = -1},

    /* Which input is in use: [1] mains, [2] bypass, [3] battery, [4] bypass by hand. */
    {"UPS.PowerConverter.Input.[3].PresentStatus.Used", STATUS_ONLINE, .mask = ANY,
	.clear = true, .rank = 4},
    {"UPS.PowerConverter.Input.[1].PresentStatus.Used", STATUS_ONLINE, .mask = ANY,
	.rank = 5},
    {"UPS.PowerConverter.Input.[2].PresentStatus.Used", STATUS_BYPASS, .mask = ANY},
    {"UPS.PowerConverter.Input.[4].PresentStatus.Used", STATUS_BYPASS, .mask = ANY,
	.rank = -1, .raises = true},

    {"UPS.PowerSummary.PresentStatus.Good", STATUS_OFF, .mask = ANY, .clear = true},
    {"UPS.PowerConverter.Output.Overload.[1].PresentStatus.ffff007e", STATUS_OVERLOAD,
	.mask = ANY, .rank = -1, .raises = true},
    {"UPS.PowerConverter.Output.Overload.[2].PresentStatus.ffff007e", STATUS_OVERLOAD,
	.mask = ANY, .rank = -1, .raises = true},
    {"UPS.ffff0018.ffff001a.[2].PresentStatus.ffff0093", STATUS_REPLACE, .mask = ANY,
	.rank = -1, .raises = true},
    {"UPS.BatterySystem.Battery.PresentStatus.Present", STATUS_NO_BATTERY, .mask = ANY,
	.clear = true},

    {"UPS.PowerSummary.PresentStatus.ffff0077", STATUS_FAN_FAILURE, .mask = ANY},
    {"UPS.BatterySystem.Charger.PresentStatus.InternalFailure", STATUS_CHARGER_FAILURE,
	.mask = ANY},
    {"UPS.BatterySystem.Charger.PresentStatus.ffff0074", STATUS_BATTERY_VOLTAGE_HIGH,
	.mask = ANY, .raises = true},
    {"UPS.BatterySystem.Battery.PresentStatus.ffff0074", STATUS_BATTERY_VOLTAGE_HIGH,
	.mask = ANY, .raises = true},
    {"UPS.PowerConverter.Input.[1].PresentStatus.ffff0074", STATUS_BATTERY_VOLTAGE_HIGH,
	.mask = ANY, .raises = true},
    {"UPS.BatterySystem.Charger.PresentStatus.ffff0075", STATUS_BATTERY_VOLTAGE_LOW,
	.mask = ANY},
    {"UPS.PowerSummary.PresentStatus.ffff0068", STATUS_EMERGENCY_STOP, .mask = ANY},
    {"UPS.PowerConverter.Input.[1].PresentStatus.ffff0078", STATUS_WIRING_FAULT,
	.mask = ANY},
    {"UPS.PowerSummary.PresentStatus.ffff002d", STATUS_CONFIGURATION_FAILURE,
	.mask = ANY},
    {"UPS.PowerConverter.ffff0014.PresentStatus.ffff0074", STATUS_INVERTER_FAILURE,
	.mask = ANY, .raises = true},
    {"UPS.PowerConverter.ffff0014.PresentStatus.ffff0075", STATUS_INVERTER_FAILURE,
	.mask = ANY, .raises = true},
    {"UPS.PowerConverter.Output.PresentStatus.ffff004a", STATUS_SHORT_CIRCUIT,
	.mask = ANY},
    {0},
};

/* Bridges to another protocol: to ask for them wedges the UPS (NUT, libhid). */
static const struct map_never never[] = {
    {0, 254},
    {0, 255},
    {-1, 0},
};

const struct map map_mge = {
    .below = &map_mge_lines,
    .name = "MGE HID",
    .vendor = "Eaton",
    .chemistry = "PbAc",
    .rows = rows,
    .status = status,
    .never = never,
    .rename = name,
};
