/* SPDX-License-Identifier: ISC */
/*
 * Eaton's inputs, bypass, output, phases and outlets; map_mge.c says what the usages of
 * page ffff are. Input.[1] is the mains, [2] the bypass, [3] the battery, [5] the way of
 * high efficiency; Flow.[1], [2] and [4] are the ratings of the first two and the output.
 * Outlet.[1] is all of them, [2] to [4] are those that can be switched.
 */
#include <stdio.h>

#include "hid/hidups.h"
#include "hid/map_mge.h"

static const struct map_word sensitivity[] = {
    {0, "normal"},
    {1, "high"},
    {2, "low"},
    {0, NULL},
};

static const struct map_word efficiency[] = {
    {0, "normal"},
    {1, "ECO"},
    {2, "ESS"},
    {0, NULL},
};

static const struct map_word bypass_on[] = {
    {0, "disabled"},
    {1, "on"},
    {0, NULL},
};

static const struct map_word bypass_off[] = {
    {0, "disabled"},
    {1, "off"},
    {0, NULL},
};

static const struct map_word on_off[] = {
    {0, "off"},
    {1, "on"},
    {0, NULL},
};

static const struct map_word protection[] = {
    {0, "not powered"},
    {1, "not protected"},
    {2, "protected"},
    {0, NULL},
};

static const struct map_word eco_control[] = {
    {0, "The outlet is not ECO controlled"},
    {1, "The outlet is ECO controlled"},
    {0, NULL},
};

/* Below so many VA on the first outlet the others go off (Protection Station). */
static const struct map_word thresholds[] = {
    {10, "10"},
    {25, "25"},
    {60, "60"},
    {0, NULL},
};

/* What a device of 230 V may be set to, and one of 120 V. */
static const struct map_word high_voltages[] = {
    {200, "200"},
    {208, "208"},
    {220, "220"},
    {230, "230"},
    {240, "240"},
    {0, NULL},
};

static const struct map_word low_voltages[] = {
    {100, "100"},
    {110, "110"},
    {120, "120"},
    {127, "127"},
    {0, NULL},
};

/* Hundredths. */
static bool
power_factor(char *out, size_t size, const struct map_in *in)
{
	map_number(out, size, 2, in->value / 100);
	return true;
}

/* What NUT calls an outlet, by its place. */
static bool
outlet(char *out, size_t size, const struct map_in *in)
{
	unsigned place = 0;

	for (size_t i = 0; i < in->field->depth; i++)
		if ((in->field->usages[i] & 0xffff0000) == HID_NUMBERED)
			place = in->field->usages[i] & 0xffff;
	if (place < 2)
		snprintf(out, size, "Main Outlet");
	else
		snprintf(out, size, "PowerShare Outlet %u", place - 1);
	return true;
}

/* The one of small models that is not on the battery is on while the mains is. */
static bool
unprotected(char *out, size_t size, const struct map_in *in)
{
	double id;

	if (!map_other(in->ups, "UPS.OutletSystem.Outlet.[2].OutletID", &id))
		return false;
	snprintf(out, size, "%s", in->raw != 0 ? "on" : "off");
	return true;
}

#define IN "UPS.PowerConverter.Input.[1]."
#define BYPASS "UPS.PowerConverter.Input.[2]."
#define OUT "UPS.PowerConverter.Output."
#define OUTLET "UPS.OutletSystem.Outlet."
#define ONE "UPS.OutletSystem.Outlet.[#]."
#define MOVING(n) .flags = MAP_MOVES, .decimals = (n)

/* Voltages and currents of three phases; one of two digits is between two of them. */
#define PHASE(name, path, n)                                                         \
	{name ".L" #n "-N.voltage", path "ffff0010.[" #n "].Voltage", MOVING(1)},    \
	{                                                                            \
		name ".L" #n ".current", path "ffff0010.[" #n "].Current", MOVING(1) \
	}
#define PHASES(name, path)                                                     \
	PHASE(name, path, 1), PHASE(name, path, 2), PHASE(name, path, 3),      \
	    {name ".L1-L2.voltage", path "ffff0010.[12].Voltage", MOVING(1)},  \
	    {name ".L2-L3.voltage", path "ffff0010.[23].Voltage", MOVING(1)},  \
	{                                                                      \
		name ".L3-L1.voltage", path "ffff0010.[31].Voltage", MOVING(1) \
	}

static const struct map_row rows[] = {
    PHASES("input", IN),
    {"input.current.nominal", "UPS.Flow.[1].ConfigCurrent", .decimals = 2},
    {"input.transfer.eco.low", OUT "ffff005a", .flags = MAP_RW},
    {"input.transfer.eco.high", OUT "ffff005b", .flags = MAP_RW},
    {"input.transfer.bypass.low", OUT "ffff0057", .flags = MAP_RW},
    {"input.transfer.bypass.high", OUT "ffff0058", .flags = MAP_RW},
    {"input.transfer.boost.low", OUT "ffff0050", .flags = MAP_RW},
    {"input.transfer.boost.high", OUT "ffff0051", .flags = MAP_RW},
    {"input.transfer.trim.low", OUT "ffff0052", .flags = MAP_RW},
    {"input.transfer.trim.high", OUT "ffff0053", .flags = MAP_RW},
    {"input.transfer.frequency.bypass.range", OUT "ffff0059", .flags = MAP_RW},
    {"input.transfer.frequency.eco.range", OUT "ffff005c", .flags = MAP_RW},
    {"input.transfer.hysteresis", OUT "ffff009c", .flags = MAP_RW},
    {"input.transfer.bypass.forced", BYPASS "ffff0056", .flags = MAP_RW,
	.words = map_mge_enabled},
    {"input.transfer.bypass.overload", BYPASS "ffff0054", .flags = MAP_RW,
	.words = map_mge_enabled},
    {"input.transfer.bypass.outlimits", BYPASS "ffff0055", .flags = MAP_RW,
	.words = map_mge_enabled},
    {"input.sensitivity", OUT "ffff004c", .flags = MAP_RW, .words = sensitivity},
    {"input.voltage.extended", OUT "ffff004b", .flags = MAP_RW, .words = map_mge_yes_no},
    {"input.frequency.extended", OUT "ffff004e", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"input.eco.switchable", "UPS.PowerConverter.Input.[5].Switchable", .flags = MAP_RW,
	.words = efficiency},

    {"input.bypass.voltage", BYPASS "Voltage", MOVING(1)},
    PHASES("input.bypass", BYPASS),
    {"input.bypass.voltage.nominal", "UPS.Flow.[2].ConfigVoltage", .decimals = 0},
    {"input.bypass.current", BYPASS "Current", MOVING(2)},
    {"input.bypass.current.nominal", "UPS.Flow.[2].ConfigCurrent", .decimals = 2},
    {"input.bypass.frequency", BYPASS "Frequency", MOVING(1)},
    {"input.bypass.frequency.nominal", "UPS.Flow.[2].ConfigFrequency", .decimals = 0},
    {"input.bypass.switch.on", BYPASS "SwitchOnControl",
	.flags = MAP_RW | MAP_MOVES | MAP_ACTS, .words = bypass_on},
    {"input.bypass.switch.off", BYPASS "SwitchOffControl",
	.flags = MAP_RW | MAP_MOVES | MAP_ACTS, .words = bypass_off},
    {"input.bypass.switchable", BYPASS "Switchable", .flags = MAP_RW,
	.words = map_mge_enabled},

    PHASES("output", OUT),
    {"output.voltage.nominal", "UPS.Flow.[4].ConfigVoltage", .flags = MAP_RW,
	.words = high_voltages},
    {"output.voltage.nominal", "UPS.Flow.[4].ConfigVoltage", .flags = MAP_RW,
	.words = low_voltages},
    {"output.current.nominal", "UPS.Flow.[4].ConfigCurrent", .decimals = 2},
    {"output.powerfactor", OUT "ffff0069", .flags = MAP_MOVES, .text = power_factor},
    {"ups.L1.power", OUT "ffff0010.[1].ApparentPower", .flags = MAP_MOVES},
    {"ups.L2.power", OUT "ffff0010.[2].ApparentPower", .flags = MAP_MOVES},
    {"ups.L3.power", OUT "ffff0010.[3].ApparentPower", .flags = MAP_MOVES},
    {"ups.L1.realpower", OUT "ffff0010.[1].ActivePower", .flags = MAP_MOVES},
    {"ups.L2.realpower", OUT "ffff0010.[2].ActivePower", .flags = MAP_MOVES},
    {"ups.L3.realpower", OUT "ffff0010.[3].ActivePower", .flags = MAP_MOVES},

    {"outlet.power", OUTLET "[1].ConfigApparentPower", .flags = MAP_RW,
	.words = thresholds},
    {"outlet.desc", OUTLET "[1].OutletID", .text = outlet},
    {"outlet.powerfactor", OUTLET "[1].ffff0069", .flags = MAP_MOVES,
	.text = power_factor},
    /* By it the outlets of a Protection Station follow the first one. */
    {"outlet.2.switchable", OUTLET "[3].PresentStatus.Switchable", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"outlet.3.switchable", OUTLET "[4].PresentStatus.Switchable", .flags = MAP_RW,
	.words = map_mge_yes_no},
    {"outlet.#.desc", ONE "OutletID", .text = outlet},
    {"outlet.#.status", ONE "PresentStatus.SwitchOnOff", .flags = MAP_MOVES,
	.words = on_off},
    {"outlet.#.protect.status", ONE "ffff00e9", .flags = MAP_MOVES, .words = protection},
    {"outlet.#.designator", ONE "ffff00ba", .flags = MAP_STRING},
    {"outlet.#.delay.shutdown", ONE "ffff005d", .flags = MAP_RW},
    {"outlet.#.delay.start", ONE "ffff005e", .flags = MAP_RW},
    {"outlet.#.powerfactor", ONE "ffff0069", .flags = MAP_MOVES, .text = power_factor},
    {"outlet.#.ecocontrol", ONE "ffff0085", .words = eco_control},
    {"outlet.1.status", "UPS.PowerSummary.PresentStatus.ACPresent", .flags = MAP_MOVES,
	.text = unprotected},

    {"ups.beeper.status", "UPS.BatterySystem.Battery.AudibleAlarmControl",
	.flags = MAP_MOVES, .words = map_beeper},
    {0},
};

#define BATTERY_BEEPER "UPS.BatterySystem.Battery.AudibleAlarmControl"
#define ECO_SWITCH "UPS.PowerConverter.Input.[5].Switchable"

static const struct map_cmd cmds[] = {
    {"beeper.disable", BATTERY_BEEPER, MAP_RAW, .value = 1, .stays = true},
    {"beeper.enable", BATTERY_BEEPER, MAP_RAW, .value = 2, .stays = true},
    {"beeper.off", BATTERY_BEEPER, MAP_RAW, .value = 1, .stays = true},
    {"beeper.on", BATTERY_BEEPER, MAP_RAW, .value = 2, .stays = true},
    {"beeper.mute", BATTERY_BEEPER, MAP_RAW, .value = 3},
    {"bypass.start", BYPASS "SwitchOnControl", MAP_RAW, .value = 1},
    {"bypass.stop", BYPASS "SwitchOffControl", MAP_RAW, .value = 1},
    {"experimental.ecomode.start", ECO_SWITCH, MAP_RAW, .value = 1},
    {"experimental.ecomode.stop", ECO_SWITCH, MAP_RAW, .value = 0},
    {"experimental.essmode.start", ECO_SWITCH, MAP_RAW, .value = 2},
    {"experimental.essmode.stop", ECO_SWITCH, MAP_RAW, .value = 0},
    {0},
};

const struct map map_mge_lines = {
    .name = "MGE HID",
    .vendor = "Eaton",
    .rows = rows,
    .cmds = cmds,
};
