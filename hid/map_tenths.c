/* SPDX-License-Identifier: ISC */
/*
 * Makers of one family whose descriptors give the unit exponent as 1 where -1 is meant,
 * and for volts without the 7 that HID's own unit needs: 121.3 V decodes as 0.001213,
 * 60.5 Hz as 6050, 2.2 A as 220. Seen in the recordings 10af_0002, 05dd_a0a0 and
 * 1cb0_0032 of shared/hid (README 2.6, 2.8, 2.9; NUT issue 3540): with `tenths` a volt,
 * ampere or hertz field of exponent 1 counts tenths. The usages are the standard ones.
 */
#include "hid/map.h"

const struct map map_legrand = {
    .name = "Legrand HID",
    .vendor = "Legrand",
    .tenths = true,
};

const struct map map_liebert = {
    .name = "Liebert HID",
    .vendor = "Liebert",
    .tenths = true,
};

const struct map map_minuteman = {
    .name = "Minuteman HID",
    .vendor = "Minuteman",
    .tenths = true,
};
