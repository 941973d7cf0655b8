/* SPDX-License-Identifier: ISC */
/*
 * Salicru (2e66): the online ones (SLC TWIN, SPS ADV RT2) speak as Eaton's do, the
 * small ones (SPS HOME) as CyberPower's; the rows for either are found by what there
 * is. Sources: recording 2e66_0201 of shared/hid; NUT (salicru-hid).
 */
#include "hid/hidups.h"
#include "hid/map.h"

static const struct map_row rows[] = {
    {"battery.charge.low", "UPS.PowerSummary.RemainingCapacityLimit", .flags = MAP_RW,
	.min = 0, .max = 100},
    {"battery.voltage", "UPS.PowerSummary.Voltage", .flags = MAP_MOVES | MAP_ONLY,
	.decimals = 2},
    {"battery.voltage.nominal", "UPS.PowerSummary.ConfigVoltage", .flags = MAP_ONLY},
    {"ups.load", "UPS.Output.PercentLoad", .flags = MAP_MOVES},
    {"output.voltage.nominal", "UPS.Output.ConfigVoltage", .decimals = 0},
    /* NUT has them for reading: none is known to take another. */
    {"input.transfer.high", "UPS.PowerConverter.Output.HighVoltageTransfer",
	.decimals = 0},
    {"input.transfer.low", "UPS.PowerConverter.Output.LowVoltageTransfer", .decimals = 0},
    {0},
};

const struct map map_salicru = {
    .below = &map_mge,
    .name = "Salicru HID",
    .vendor = "Salicru",
    .rows = rows,
};
