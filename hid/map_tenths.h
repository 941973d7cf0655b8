/* SPDX-License-Identifier: ISC */
#ifndef HID_MAP_TENTHS_H
#define HID_MAP_TENTHS_H

#include "hid/map.h"

/*
 * Firmware of one family, under the names of several makers, gives the unit exponent as 1
 * where -1 is meant, and for volts without the 7 that HID's own unit needs: 121.3 V
 * decodes as 0.001213, 60.5 Hz as 6050, 2.2 A as 220. Seen in the recordings 10af_0002,
 * 05dd_a0a0 and 1cb0_0032 of shared/hid (README 2.5, 2.6, 2.8, 2.9; NUT issues 166 and
 * 3540): a volt, ampere or hertz field of exponent 1 counts tenths.
 */
#define MAP_TENTHS_WHY                                            \
	"an exponent of 1 stands for -1, without HID's own unit " \
	"(NUT issue 3540)"

/* Rows for `fixes`. */
#define MAP_TENTHS                                                          \
	{"*", 1e5, MAP_TENTHS_WHY, .unit = HID_VOLT, .exponent = 1},        \
	    {"*", 1e-2, MAP_TENTHS_WHY, .unit = HID_AMPERE, .exponent = 1}, \
	{                                                                   \
		"*", 1e-2, MAP_TENTHS_WHY, .unit = HID_HERTZ, .exponent = 1 \
	}

/* The same makers' other mistake: volts by the exponent alone, 1.122e-05 for 112.2 V. Rows
 * for `fixes`. */
#define MAP_BARE_WHY \
	"volts by the exponent alone, without HID's own unit (NUT issue 1018)"
#define MAP_BARE                                                        \
	{"*", 1e7, MAP_BARE_WHY, .unit = HID_VOLT, .exponent = -1},     \
	{                                                               \
		"*", 1e7, MAP_BARE_WHY, .unit = HID_VOLT, .exponent = 0 \
	}

#endif
