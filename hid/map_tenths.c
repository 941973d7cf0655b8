/* SPDX-License-Identifier: ISC */
/*
 * Makers of one family whose descriptors give the unit exponent as 1 where -1 is meant,
 * and for volts without the 7 that HID's own unit needs: 121.3 V decodes as 0.001213,
 * 60.5 Hz as 6050, 2.2 A as 220. Seen in the recordings 10af_0002, 05dd_a0a0 and
 * 1cb0_0032 of shared/hid (README 2.6, 2.8, 2.9; NUT issue 3540): a volt, ampere
 * or hertz field of exponent 1 counts tenths. The usages are the standard ones.
 */
#include "hid/map.h"

#define WHY "an exponent of 1 stands for -1, without HID's own unit (NUT issue 3540)"

static const struct map_fix tenths[] = {
    {"*", 1e5, WHY, .unit = HID_VOLT, .exponent = 1},
    {"*", 1e-2, WHY, .unit = HID_AMPERE, .exponent = 1},
    {"*", 1e-2, WHY, .unit = HID_HERTZ, .exponent = 1},
    {0},
};

const struct map map_legrand = {
    .name = "Legrand HID",
    .vendor = "Legrand",
    .fixes = tenths,
};
