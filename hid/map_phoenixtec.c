/* SPDX-License-Identifier: ISC */
/*
 * Phoenixtec (06da), sold by PowerWalker, Liebert and others, as "Offline UPS": the
 * usages of Eaton's, whose parts it makes. AEG's and GoldenMate's under the same ids
 * are told by their strings (map.c). Sources: recording 06da_ffff of shared/hid
 * (README 2.6); NUT (liebert-hid), whose names of the transfer frequencies are kept.
 */
#include "hid/hidups.h"
#include "hid/map.h"

/* Some say 5 or 9 VA. */
static bool
rating(char *out, size_t size, const struct map_in *in)
{
	if (in->value < 50)
		return false;
	map_number(out, size, 0, in->value);
	return true;
}

#define OUT "UPS.PowerConverter.Output."

static const struct map_row rows[] = {
    {"battery.voltage", "UPS.PowerSummary.Voltage", .flags = MAP_MOVES | MAP_ONLY,
	.decimals = 2},
    {"battery.voltage.nominal", "UPS.PowerSummary.ConfigVoltage", .flags = MAP_ONLY,
	.decimals = 1},
    {"ups.power.nominal", "UPS.Flow.[4].ConfigApparentPower", .flags = MAP_ONLY,
	.text = rating},
    {"ups.realpower", OUT "ActivePower", .flags = MAP_MOVES | MAP_ONLY},
    {"output.frequency", OUT "Frequency", .flags = MAP_MOVES, .decimals = 2},
    {"input.frequency", "UPS.PowerConverter.Input.[1].Frequency", .flags = MAP_MOVES,
	.decimals = 2},
    {"output.transfer.high", OUT "HighVoltageTransfer", .decimals = 1},
    {"output.transfer.low", OUT "LowVoltageTransfer", .decimals = 1},
    {"input.transfer.low", OUT "ffff0057", .flags = MAP_ONLY},
    {"input.transfer.high", OUT "ffff0058", .flags = MAP_ONLY},
    {"input.frequency.transfer.low", OUT "ffff00f9", .decimals = 0},
    {"experimental.battery.capacity", "UPS.PowerSummary.FullChargeCapacity",
	.decimals = 0},
    {"experimental.battery.capacity.nominal", "UPS.PowerSummary.DesignCapacity",
	.decimals = 0},
    {"input.frequency.transfer.high", OUT "ffff00f8", .decimals = 0},
    {0},
};

static const struct map_cmd cmds[] = {
    {"test.battery.start", "UPS.BatterySystem.Battery.Test", MAP_RAW, .value = 1},
    {"beeper.toggle", "UPS.PowerSummary.AudibleAlarmControl", MAP_RAW, .value = 1},
    {0},
};

const struct map map_phoenixtec = {
    .below = &map_mge,
    .name = "Phoenixtec/Liebert HID",
    .vendor = "Phoenixtec",
    .chemistry = "PbAc",
    .rows = rows,
    .cmds = cmds,
};
