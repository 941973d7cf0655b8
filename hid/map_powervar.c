/* SPDX-License-Identifier: ISC */
/*
 * Powervar (4234), with the standard usages; the UPS is its second interface. Source: NUT.
 */
#include "hid/map.h"

static const struct map_row rows[] = {
    /* In percent, as NUT has it. */
    {"battery.capacity", "UPS.PowerSummary.FullChargeCapacity", .decimals = 0},
    {0},
};

const struct map map_powervar = {
    .name = "Powervar HID",
    .vendor = "Powervar",
    .rows = rows,
};
