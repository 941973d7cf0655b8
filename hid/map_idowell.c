/* SPDX-License-Identifier: ISC */
/*
 * iDowell and GoldenMate (075d:0300, and under Phoenixtec's id 06da:ffff the string
 * "-BMS-"): one firmware for batteries of lithium cells. Most of its feature reports do
 * not answer; charge, runtime and voltage come by themselves in the input report 2.
 * Sources: recording 075d_0300 of shared/hid (README 2.9), NUT issues 3015 and 3501, dumps
 * of NUT's device library.
 */
#include "hid/map.h"

#define SUMMARY "UPS.PowerSummary"
#define OUTPUT "UPS.PowerConverter.Output"

static const struct map_row rows[] = {
    {"battery.capacity.design", SUMMARY ".DesignCapacity", .decimals = 0},
    {"battery.capacity.full", SUMMARY ".FullChargeCapacity", .decimals = 0},
    {"battery.charge.low", SUMMARY ".RemainingCapacityLimit", .decimals = 0},
    /* NUT's name where there is no other limit, beside battery.charge.warning. */
    {"battery.charge.low", SUMMARY ".WarningCapacityLimit", .decimals = 0},
    {"input.transfer.high", OUTPUT ".HighVoltageTransfer", .decimals = 0},
    {"input.transfer.low", OUTPUT ".LowVoltageTransfer", .decimals = 0},
    {"output.voltage.nominal", "UPS.Flow.[4].ConfigVoltage", .decimals = 0},
    {0},
};

/* "Good": there is power at the output. */
static const struct map_status status[] = {
    {SUMMARY ".PresentStatus.Good", STATUS_OFF, .mask = UINT32_MAX, .clear = true},
    {0},
};

const struct map map_idowell = {
    .name = "iDowell HID",
    .vendor = "iDowell",
    .rows = rows,
    .status = status,
};
