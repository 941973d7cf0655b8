/* SPDX-License-Identifier: ISC */
/*
 * What people build of an Arduino (2341, 2a03) with the library HIDPowerDevice, whatever
 * board: the standard usages, in hundredths of a volt. What it calls iOEMInformation is
 * free text. Sources: recording 2341_8036 of shared/hid (README 2.9); NUT.
 */
#include "hid/map.h"

static const struct map_row rows[] = {
    {"battery.voltage", "UPS.PowerSummary.Voltage", .flags = MAP_MOVES, .decimals = 2},
    {"battery.voltage.nominal", "UPS.PowerSummary.ConfigVoltage", .decimals = 2},
    {0},
};

const struct map map_arduino = {
    .name = "Arduino HID",
    .vendor = "Arduino",
    .rows = rows,
};
