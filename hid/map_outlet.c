/* SPDX-License-Identifier: ISC */
/*
 * Outlets that a descriptor numbers, with the Power Device specification's own usages.
 * Outlet.[1] is all of them, or the one that cannot be switched: "outlet" without a
 * number; # stands for the others, Outlet.[2] is outlet.1 and so on, as NUT counts those
 * of Eaton. 1 in SwitchOnControl or SwitchOffControl does what the name says (Power Device
 * class 1.0, section 4.1.5).
 */
#include "hid/map.h"

static const struct map_word on_off[] = {
    {0, "off"},
    {1, "on"},
    {0, NULL},
};

static const struct map_word yes_no[] = {
    {0, "no"},
    {1, "yes"},
    {0, NULL},
};

#define ALL "UPS.OutletSystem.Outlet.[1]."
#define ONE "UPS.OutletSystem.Outlet.[#]."

#define OUTLET_ROWS(name, path)                                                     \
	{name ".id", path "OutletID", .decimals = 0},                               \
	    {name ".switchable", path "PresentStatus.Switchable", .words = yes_no}, \
	    {name ".switchable", path "Switchable", .words = yes_no},               \
	    {name ".status", path "PresentStatus.SwitchOnOff", .flags = MAP_MOVES,  \
		.words = on_off},                                                   \
	    {name ".autoswitch.charge.low", path "RemainingCapacityLimit",          \
		.flags = MAP_RW, .min = 0, .max = 100},                             \
	    {name ".power", path "ApparentPower", .flags = MAP_MOVES},              \
	    {name ".realpower", path "ActivePower", .flags = MAP_MOVES},            \
	    {name ".voltage", path "Voltage", .flags = MAP_MOVES, .decimals = 1},   \
	{                                                                           \
		name ".current", path "Current", .flags = MAP_MOVES, .decimals = 2  \
	}

static const struct map_row rows[] = {
    OUTLET_ROWS("outlet", ALL),
    OUTLET_ROWS("outlet.#", ONE),
    {"outlet.#.timer.shutdown", ONE "DelayBeforeShutdown", .flags = MAP_MOVES,
	.text = map_timer},
    {"outlet.#.timer.start", ONE "DelayBeforeStartup", .flags = MAP_MOVES,
	.text = map_timer},
    {0},
};

static const struct map_cmd cmds[] = {
    {"outlet.#.load.off", ONE "SwitchOffControl", MAP_RAW, .value = 1},
    {"outlet.#.load.off", ONE "DelayBeforeShutdown", MAP_RAW, .value = 0},
    {"outlet.#.load.on", ONE "SwitchOnControl", MAP_RAW, .value = 1},
    {"outlet.#.load.on", ONE "DelayBeforeStartup", MAP_RAW, .value = 0},
    {"outlet.#.load.off.delay", ONE "DelayBeforeShutdown", MAP_OFFDELAY, .value = 0},
    {"outlet.#.load.on.delay", ONE "DelayBeforeStartup", MAP_ONDELAY, .value = 0},
    {"outlet.#.load.cycle", ONE "DelayBeforeReboot", MAP_SECONDS, .value = 10},
    {"load.off", ALL "SwitchOffControl", MAP_RAW, .value = 1},
    {"load.off", ALL "DelayBeforeShutdown", MAP_RAW, .value = 0},
    {"load.on", ALL "SwitchOnControl", MAP_RAW, .value = 1},
    {"load.on", ALL "DelayBeforeStartup", MAP_RAW, .value = 0},
    {0},
};

const struct map map_outlets = {
    .rows = rows,
    .cmds = cmds,
};
