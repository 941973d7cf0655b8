/* SPDX-License-Identifier: ISC */
/*
 * Legrand: Keor PDU (1cb0:0038), Keor SP (1cb0:0032), and Keor DK, which has the ids
 * of a serial bridge (0665:5161) but is a HID UPS. Nothing of use comes by their
 * interrupt pipe. Sources: recordings of shared/hid (README 2.8); NUT (legrand-hid),
 * its issues 3540, 3702.
 *
 * In the DK's descriptor the collections are not what they are called, and one path is
 * many fields: the reports' numbers tell, which are those of the SP. It says its
 * status in bits without a usage, so mains is where there are some 50 V at the input.
 */
#include "hid/hidups.h"
#include "hid/map.h"
#include "hid/map_tenths.h"

static const struct map_fix fixes[] = {
    MAP_TENTHS,
    {0},
};

/* Without decimals, as NUT shows the PDU. */
static const struct map_row rows[] = {
    {"input.voltage", "UPS.Input.Voltage", .flags = MAP_MOVES},
    {"output.voltage", "UPS.Output.Voltage", .flags = MAP_MOVES},
    {"output.frequency", "UPS.Output.Frequency", .flags = MAP_MOVES},
    {"ups.load", "UPS.Output.PercentLoad", .flags = MAP_MOVES},
    {"input.voltage.nominal", "UPS.Input.ConfigVoltage", .decimals = 0},
    {"input.voltage.nominal", "UPS.Flow.ConfigVoltage", .decimals = 0},
    {"battery.voltage.nominal", "UPS.PowerSummary.ConfigVoltage", .decimals = 0},
    {"battery.voltage.nominal", "UPS.BatterySystem.Battery.ConfigVoltage", .decimals = 0},
    {0},
};

/* The third state of the beeper is the one that it takes for silence. */
static const struct map_cmd cmds[] = {
    {"beeper.disable", "UPS.PowerSummary.AudibleAlarmControl", MAP_RAW, .value = 3},
    {0},
};

const struct map map_legrand = {
    .name = "Legrand HID",
    .vendor = "Legrand",
    .chemistry = "PbAc",
    .rows = rows,
    .cmds = cmds,
    .fixes = fixes,
    .polled = true,
};

#define DK_WHY "the descriptor leaves out the 7 of HID's own unit (NUT issue 3702)"

static const struct map_fix dk_fixes[] = {
    {"UPS.BatterySystem.Battery.RemainingCapacity", 1e8,
	"the unit of the item before it, tenths of volts, leaks into it",
	.unit = HID_VOLT, .exponent = -1},
    {"*", 1e7, DK_WHY, .unit = HID_VOLT, .exponent = 0},
    {"*", 1e7, DK_WHY, .unit = HID_VOLT, .exponent = -1},
    {0},
};

#define SYSTEM "UPS.OutletSystem."
#define BATTERY "UPS.BatterySystem."
#define MOVING(n) .flags = MAP_MOVES, .decimals = (n)

static const struct map_row dk_rows[] = {
    {"input.voltage", SYSTEM "Voltage", MOVING(1), .report = 24},
    {"input.voltage.nominal", SYSTEM "ConfigVoltage", .report = 48},
    {"input.current", SYSTEM "Current", MOVING(2), .report = 31},
    {"input.frequency", SYSTEM "Frequency", MOVING(1), .report = 25},
    {"input.frequency.nominal", SYSTEM "ConfigFrequency", .report = 2},
    {"input.transfer.low", SYSTEM "LowVoltageTransfer", .report = 8},
    {"input.transfer.high", SYSTEM "HighVoltageTransfer", .report = 9},
    {"output.voltage", BATTERY "Voltage", MOVING(1), .report = 27},
    {"output.voltage.nominal", SYSTEM "ConfigVoltage", .report = 1},
    {"output.frequency", BATTERY "Frequency", MOVING(1), .report = 28},
    {"output.frequency.nominal", SYSTEM "ConfigFrequency", .report = 2},
    {"battery.voltage", BATTERY "Battery.Voltage", .flags = MAP_MOVES | MAP_ONLY,
	.decimals = 1},
    {"battery.charge.low", "UPS.PowerSummary.RemainingCapacityLimit", .decimals = 0},
    {"battery.temperature", NULL, .flags = MAP_ONLY},
    {"ups.temperature", BATTERY "Temperature", .flags = MAP_MOVES,
	.text = map_temperature},
    {"ups.power.nominal", SYSTEM "ConfigApparentPower", .report = 3},
    {"ups.realpower.nominal", SYSTEM "ConfigActivePower", .report = 18},
    {"ups.timer.shutdown", SYSTEM "DelayBeforeShutdown", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.reboot", SYSTEM "DelayBeforeReboot", .flags = MAP_MOVES,
	.text = map_timer},
    {0},
};

static const struct map_status dk_status[] = {
    {SYSTEM "Voltage", STATUS_ONLINE, .mask = ~0x1ffu, .rank = -1}, /* tenths of volts */
    {0},
};

static const struct map_cmd dk_cmds[] = {
    {"test.battery.start.quick", SYSTEM "Test", MAP_RAW, .value = 1},
    {"test.battery.start.deep", SYSTEM "Test", MAP_RAW, .value = 2},
    {"test.battery.stop", SYSTEM "Test", MAP_RAW, .value = 3},
    {"load.off.delay", SYSTEM "DelayBeforeShutdown", MAP_OFFDELAY, .value = 0},
    {"load.off", SYSTEM "DelayBeforeShutdown", MAP_RAW, .value = 0},
    {"shutdown.stop", SYSTEM "DelayBeforeShutdown", MAP_RAW, .value = -1},
    {"shutdown.reboot", SYSTEM "DelayBeforeReboot", MAP_SECONDS, .value = 10},
    {0},
};

const struct map map_keor_dk = {
    .name = "Legrand HID",
    .vendor = "Legrand",
    .chemistry = "PbAc",
    .rows = dk_rows,
    .status = dk_status,
    .cmds = dk_cmds,
    .fixes = dk_fixes,
    .polled = true,
};
