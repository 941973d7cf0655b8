/* SPDX-License-Identifier: ISC */
/*
 * Powercom (0d9f): IMP, SKP, WOW, VGD, BNT. No field has a unit or an exponent; most are
 * whole numbers, and some are coded:
 *   the delay before the cut: minutes and seconds in a byte each, with an order in the
 *   seconds' two highest bits; the delay before the start: minutes, the high byte first.
 * PowerSummary.Voltage and Battery.Voltage repeat the output's. Reports a0 to ae hold the
 * answer of the serial protocol underneath as text, seven characters each; of the battery
 * voltage a4.
 * The oldest (0001) has all its usages on page 2, and only talks.
 * Sources: recording 0d9f_0004 of shared/hid (README 2.7), NUT issues 1695 and 2766, NUT
 * for the codes and the options.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/map.h"

#define SUMMARY "UPS.PowerSummary"
#define CONVERTER "00020004.00020016"
#define OLD_OUTPUT CONVERTER ".0002001c"

#define RESTART 0x40u /* on again with the mains */
#define STAY_OFF 0x80u
#define ORDERS (RESTART | STAY_OFF)
#define MINUTES_MAX 9999

static const struct map_word beeper[] = {
    {1, "enabled"},
    {2, "disabled"},
    {0, NULL},
};

static const struct map_word test_results[] = {
    {1, "Done and passed"},
    {2, "Done and warning"},
    {3, "Done and error"},
    {4, "Aborted"},
    {5, "In progress"},
    {6, "No test initiated"},
    {7, "Test scheduled"},
    {0, NULL},
};

/* A decimal number somewhere in the seven characters, like " 26.6 3". */
static bool
battery_volts(char *out, size_t size, const struct map_in *in)
{
	char text[8] = "", *end;
	const char *number = text;
	size_t len;
	const uint8_t *bytes = map_report(in->ups, in->field->report_id, &len);

	if (bytes == NULL)
		return false;
	memcpy(text, bytes, len < sizeof(text) - 1 ? len : sizeof(text) - 1);
	number += strcspn(number, "0123456789");
	len = strspn(number, "0123456789.");
	if (memchr(number, '.', len) == NULL)
		return false;
	snprintf(out, size, "%.1f", strtod(number, &end));
	return end != number;
}

static unsigned
swap(unsigned word)
{
	return (word & 0xff) << 8 | (word >> 8 & 0xff);
}

/* Minutes to the start, the high byte first. Some have text there, "243?" or "04", which NUT
 * takes for days (NUT issues 1695, 2766): more than the serial protocol's four digits is
 * nothing. */
static bool
start_text(char *out, size_t size, const struct map_in *in)
{
	const unsigned minutes = swap((unsigned)in->raw & 0xffff);

	if (minutes > MINUTES_MAX)
		return false;
	snprintf(out, size, "%u", 60 * minutes);
	return true;
}

static bool
start_order(const struct map_in *in, long seconds, int64_t *raw)
{
	long minutes = (seconds + 59) / 60;

	*raw = map_options(in->ups)->powercom_sdcmd_discrete_delay
		   ? minutes
		   : (long)swap((unsigned)minutes);
	return minutes <= MINUTES_MAX;
}

/* The word with the minutes in the high byte, whichever the device has. */
static unsigned
ordered(const struct map_in *in, unsigned word)
{
	return map_options(in->ups)->powercom_sdcmd_byte_order_fallback ? swap(word)
									: word;
}

/* Who takes the delay by number does not say how much of it is left. */
static bool
cut_text(char *out, size_t size, const struct map_in *in)
{
	unsigned word = ordered(in, (unsigned)in->raw & 0xffff);

	if (map_options(in->ups)->powercom_sdcmd_discrete_delay)
		return false;
	snprintf(out, size, "%u", 60 * (word >> 8) + (word & 0xff & ~ORDERS));
	return true;
}

/* No time at all would be the longest. */
static bool
cut_order(const struct map_in *in, long seconds, unsigned order, int64_t *raw)
{
	unsigned time = seconds > 0 ? (unsigned)seconds : 1;

	*raw = ordered(in, time / 60 << 8 | time % 60 | order);
	return seconds < 100 * 60;
}

/* Raptor and Smart King Pro know 18 delays, by number: 12 to 54 s, then 1 to 10 minutes. */
static bool
discrete_order(long seconds, int64_t *raw)
{
	if (seconds <= 54)
		*raw = seconds <= 12 ? 1 : (seconds - 12 + 5) / 6 + 1;
	else
		*raw = 8 + (seconds + 59) / 60;
	return seconds <= 600;
}

static bool
return_order(const struct map_in *in, long seconds, int64_t *raw)
{
	return map_options(in->ups)->powercom_sdcmd_discrete_delay
		   ? discrete_order(seconds, raw)
		   : cut_order(in, seconds, RESTART, raw);
}

static bool
stayoff_order(const struct map_in *in, long seconds, int64_t *raw)
{
	return cut_order(in, seconds, STAY_OFF, raw);
}

static const struct map_row rows[] = {
    {"battery.voltage", "UPS.Flow.iName", .flags = MAP_MOVES | MAP_ONLY,
	.text = battery_volts, .report = 0xa4},
    {"battery.voltage.nominal", NULL, .flags = MAP_ONLY},
    {"battery.temperature", "UPS.Battery.Temperature", .flags = MAP_MOVES, .decimals = 1},
    {"input.voltage.nominal", "UPS.Input.ConfigVoltage", .decimals = 0},
    {"output.voltage.nominal", "UPS.Output.ConfigVoltage", .decimals = 0},
    {"ups.load", "UPS.Output.PercentLoad", .flags = MAP_MOVES},
    {"ups.beeper.status", SUMMARY ".AudibleAlarmControl", .flags = MAP_MOVES,
	.words = beeper},
    {"ups.beeper.status", "UPS.AudibleAlarmControl", .flags = MAP_MOVES, .words = beeper},
    /* When it was made; NUT's name would be that of its clock. */
    {"ups.date", SUMMARY ".ManufacturerDate", .text = map_date},
    {"ups.timer.start", SUMMARY ".DelayBeforeStartup", .flags = MAP_MOVES | MAP_ONLY,
	.text = start_text},
    {"ups.timer.shutdown", SUMMARY ".DelayBeforeShutdown", .flags = MAP_MOVES,
	.text = cut_text},
    {"ups.timer.shutdown", SUMMARY ".[87]", .flags = MAP_MOVES | MAP_ONLY,
	.text = cut_text},

    /* The oldest. What it calls a voltage of the battery is its charge. */
    {"battery.charge", "00020004.00020010.00020030", .flags = MAP_MOVES},
    {"battery.temperature", "00020004.00020010.00020036", .flags = MAP_MOVES},
    {"input.voltage", CONVERTER ".0002001a.00020030", .flags = MAP_MOVES},
    {"input.frequency", CONVERTER ".0002001a.00020032", .flags = MAP_MOVES},
    {"output.voltage", OLD_OUTPUT ".00020030", .flags = MAP_MOVES},
    {"output.frequency", OLD_OUTPUT ".00020032", .flags = MAP_MOVES},
    {"ups.load", OLD_OUTPUT ".00020035", .flags = MAP_MOVES},
    {"ups.test.result", CONVERTER ".00020058", .flags = MAP_MOVES, .words = test_results},
    {"ups.mfr.date", "00020004.00020085", .text = map_date},
    {0},
};

#define OLD_FAULTS OLD_OUTPUT ".00020081"
#define OLD_STATE OLD_OUTPUT ".00020082"

static const struct map_status status[] = {
    {OLD_FAULTS, STATUS_FAN_FAILURE, .mask = 0x01},
    {OLD_FAULTS, STATUS_REPLACE, .mask = 0x02},
    {OLD_FAULTS, STATUS_CALIBRATION, .mask = 0x04},
    {OLD_FAULTS, STATUS_SHUTDOWN_IMMINENT, .mask = 0x10},
    {OLD_STATE, STATUS_ONLINE, .mask = 0x01, .clear = true},
    {OLD_STATE, STATUS_LOW, .mask = 0x02},
    {OLD_STATE, STATUS_TRIM, .mask = 0x18, .equals = 0x08},
    {OLD_STATE, STATUS_BOOST, .mask = 0x18, .equals = 0x18},
    {OLD_STATE, STATUS_OVERLOAD, .mask = 0x20},
    {0},
};

static const struct map_cmd cmds[] = {
    {"beeper.toggle", SUMMARY ".AudibleAlarmControl", MAP_RAW, .value = 1},
    {"beeper.enable", SUMMARY ".AudibleAlarmControl", MAP_RAW, .value = 1},
    {"beeper.disable", SUMMARY ".AudibleAlarmControl", MAP_RAW, .value = 0},
    {"test.battery.start.quick", "UPS.Battery.Test", MAP_RAW, .value = 1},
    {"load.on.delay", SUMMARY ".DelayBeforeStartup", MAP_ONDELAY, .order = start_order},
    {"load.on", SUMMARY ".[86]", MAP_SECONDS, .value = 0, .order = start_order},
    {"load.off", SUMMARY ".[87]", MAP_SECONDS, .value = 0, .order = stayoff_order},
    {"shutdown.return", SUMMARY ".DelayBeforeShutdown", MAP_OFFDELAY,
	.order = return_order},
    {"shutdown.stayoff", SUMMARY ".DelayBeforeShutdown", MAP_OFFDELAY,
	.order = stayoff_order},
    {"shutdown.return", SUMMARY ".[87]", MAP_OFFDELAY, .order = return_order},
    {"shutdown.stayoff", SUMMARY ".[87]", MAP_OFFDELAY, .order = stayoff_order},
    {"load.off", CONVERTER ".00020057", MAP_RAW, .value = 0},
    {0},
};

#define STEPS "the oldest counts volts in steps of 4 (NUT, powercom-hid)"

static const struct map_fix fixes[] = {
    {CONVERTER ".0002001a.00020030", 4, STEPS, .product = 0},
    {OLD_OUTPUT ".00020030", 4, STEPS, .product = 0},
    {0},
};

/* The generic commands would write plain seconds into coded delays. */
const struct map map_powercom = {
    .name = "PowerCOM HID",
    .vendor = "PowerCOM",
    .chemistry = "PbAc",
    .rows = rows,
    .status = status,
    .cmds = cmds,
    .own_cmds = true,
    .ondelay = 60,
};

const struct map map_powercom_old = {
    .below = &map_powercom,
    .name = "PowerCOM HID",
    .vendor = "PowerCOM",
    .fixes = fixes,
    .own_cmds = true,
    .told = true,
    .ondelay = 60,
};
