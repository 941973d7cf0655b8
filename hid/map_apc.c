/* SPDX-License-Identifier: ISC */
/*
 * APC (051d). Its own usages are on page ff86:
 *   ff860005 general collection         ff860060 status flag (the smart protocol's byte)
 *   ff860016 battery replacement date   ff860061 sensitivity
 *   ff860042 firmware revision          ff860072 panel test
 *   ff860052 cause of the last transfer ff86007c delay before reboot
 *   ff86007d delay before shutdown      ff86007e delay before startup
 *   ff860006 environment, ff860007 its first probe
 *   ff860019 charge before it starts again
 * Sources: recordings of shared/hid (README 2.2); apcupsd and NUT for the meanings.
 *
 * Two generations: 051d:0002 (Back-UPS, Smart-UPS of the smart protocol, and the
 * serial adaptors 0000) and 051d:0003, 0004 (SMT, SMX, SRT): these have neither
 * voltages nor load in HID, only in Modbus through vendor reports (0x89, 0x90), and
 * use the interrupt pipe for that, so they are only asked.
 */
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/map.h"

/* Month, day and year stand as two decimal digits in each byte, read as hex. */
static bool
apc_date(char *out, size_t size, const struct map_in *in)
{
	unsigned bcd[3], i;

	for (i = 0; i < 3; i++) {
		unsigned byte = (unsigned)(in->raw >> (8 * i)) & 0xff;

		bcd[i] = (byte >> 4) * 10 + (byte & 15);
		if ((byte >> 4) > 9 || (byte & 15) > 9)
			return false;
	}
	if (bcd[2] < 1 || bcd[2] > 12 || bcd[1] < 1 || bcd[1] > 31)
		return false;
	snprintf(out, size, "%04u/%02u/%02u", bcd[0] + (bcd[0] >= 70 ? 1900 : 2000),
	    bcd[2], bcd[1]);
	return true;
}

static int64_t
to_bcd(unsigned n)
{
	return n / 10 << 4 | n % 10;
}

/* YYYY/MM/DD, 1970 to 2069. */
static bool
apc_date_raw(const char *text, int64_t *raw)
{
	unsigned date[3];

	if (!map_date_parse(text, 1970, 2069, date))
		return false;
	*raw = to_bcd(date[1]) << 16 | to_bcd(date[2]) << 8 | to_bcd(date[0] % 100);
	return true;
}

static const struct map_word sensitivity[] = {
    {0, "low"},
    {1, "medium"},
    {2, "high"},
    {0, NULL},
};

/* Of the last transfer; 0: none since the start. NUT has the same words for all that is
 * of the mains, and none for the rest. */
#define VOLTAGE_RANGE "input voltage out of range"
static const struct map_word transfer_reasons[] = {
    {1, VOLTAGE_RANGE}, /* too low */
    {2, VOLTAGE_RANGE}, /* too high */
    {3, "line voltage ripple"},
    {4, VOLTAGE_RANGE}, /* a notch, a spike, or nothing at all */
    {5, "self-test or calibration"},
    {6, "shutdown delay ran out"},
    {7, "input frequency out of range"},
    {8, VOLTAGE_RANGE}, /* a notch, or nothing at all */
    {9, VOLTAGE_RANGE}, /* a spike, or nothing at all */
    {10, "forced by command"},
    {11, "self-test by command"},
    {12, "self-test by the front button"},
    {13, "scheduled self-test"},
    {0, NULL},
};

/* "Back-UPS CS 500 FW:808.q10 .I USB FW:q10": model, firmware, firmware of the USB part.
 * "Smart-UPS X 750 COM 03.8 / UPS 03.8": model, firmware. */
static void
split_name(struct map_names *n, const struct hidups *u)
{
	const char *name = map_device(u)->name;
	const char *aux = strstr(name, "USB FW:"), *fw = strstr(name, "FW:");
	const char *com = strstr(name, " COM ");
	size_t len = strlen(name);

	if (aux != NULL) {
		map_trim(
		    n->firmware_aux, sizeof(n->firmware_aux), aux + 7, strlen(aux + 7));
		len = (size_t)(aux - name);
	}
	if (fw != NULL && fw < name + len) {
		map_trim(n->firmware, sizeof(n->firmware), fw + 3,
		    (size_t)(name + len - fw) - 3);
		len = (size_t)(fw - name);
	} else if (com != NULL && strstr(com, " / UPS ") != NULL) {
		map_trim(n->firmware, sizeof(n->firmware), com, strlen(com));
		len = (size_t)(com - name);
	}
	map_trim(n->model, sizeof(n->model), name, len);
}

/* Of what it says twice, in UPS.Battery and in UPS.PowerSummary, NUT takes the former. */
static const struct map_row rows[] = {
    {"battery.runtime", "UPS.Battery.RunTimeToEmpty", .flags = MAP_MOVES},
    {"battery.runtime.low", "UPS.Battery.RemainingTimeLimit", .flags = MAP_RW, .min = 0,
	.max = 65535},
    {"battery.voltage", "UPS.Battery.Voltage", .flags = MAP_MOVES, .decimals = 1},
    {"battery.voltage.nominal", "UPS.Battery.ConfigVoltage", .decimals = 1},
    {"input.transfer.low", "UPS.Output.LowVoltageTransfer", .flags = MAP_RW},
    {"input.transfer.high", "UPS.Output.HighVoltageTransfer", .flags = MAP_RW},
    {"ups.realpower.nominal", "UPS.PowerConverter.ConfigActivePower", .decimals = 0},
    {"battery.date", "UPS.Battery.ff860016", .flags = MAP_RW, .text = apc_date,
	.raw = apc_date_raw},
    {"battery.date", "UPS.PowerSummary.ff860016", .flags = MAP_RW, .text = apc_date,
	.raw = apc_date_raw},
    {"battery.mfr.date", "UPS.Battery.ManufacturerDate", .flags = MAP_RW,
	.text = map_date, .raw = map_date_raw},
    {"battery.mfr.date", "UPS.PowerSummary.ff860016", .text = apc_date},
    {"battery.date", "UPS.Battery.ff860016", .flags = MAP_RW, .text = map_date_unset,
	.raw = apc_date_raw},
    {"battery.date", "UPS.PowerSummary.ff860016", .flags = MAP_RW, .text = map_date_unset,
	.raw = apc_date_raw},
    {"battery.charge.restart", "UPS.Battery.ff860019", .flags = MAP_RW, .min = 0,
	.max = 90},
    {"ambient.temperature", "UPS.ff860006.ff860007.Temperature", .flags = MAP_MOVES,
	.text = map_temperature},
    {"ambient.humidity", "UPS.ff860006.ff860007.Humidity", .flags = MAP_MOVES,
	.decimals = 1},
    {"input.sensitivity", "UPS.Input.ff860061", .flags = MAP_RW, .words = sensitivity},
    {"input.sensitivity", "UPS.Output.ff860061", .flags = MAP_RW, .words = sensitivity},
    {"input.transfer.reason", "UPS.Input.ff860052", .flags = MAP_MOVES,
	.words = transfer_reasons},
    {"ups.timer.shutdown", "UPS.PowerSummary.DelayBeforeShutdown", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.shutdown", "UPS.Output.DelayBeforeShutdown", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.shutdown", "UPS.ff860005.ff86007d", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.start", "UPS.PowerSummary.DelayBeforeStartup", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.start", "UPS.Output.DelayBeforeStartup", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.start", "UPS.Output.ff86007e", .flags = MAP_MOVES, .text = map_timer},
    {"ups.timer.start", "UPS.ff860005.ff86007e", .flags = MAP_MOVES, .text = map_timer},
    {"ups.timer.reboot", "UPS.PowerSummary.DelayBeforeReboot", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.reboot", "UPS.Output.DelayBeforeReboot", .flags = MAP_MOVES,
	.text = map_timer},
    {"ups.timer.reboot", "UPS.Output.ff86007c", .flags = MAP_MOVES, .text = map_timer},
    {"ups.timer.reboot", "UPS.ff860005.ff86007c", .flags = MAP_MOVES, .text = map_timer},
    {0},
};

/* The status byte of the smart protocol's Q command; 0 means that the output is off. */
static const struct map_status status[] = {
    {"UPS.PowerSummary.ff860060", STATUS_CALIBRATION, .mask = 0x01},
    {"UPS.PowerSummary.ff860060", STATUS_TRIM, .mask = 0x02, .rank = 1},
    {"UPS.PowerSummary.ff860060", STATUS_BOOST, .mask = 0x04, .rank = 1},
    {"UPS.PowerSummary.ff860060", STATUS_ON_BATTERY_HINT, .mask = 0x10},
    {"UPS.PowerSummary.ff860060", STATUS_OFF, .mask = 0xff, .clear = true},
    {0},
};

/*
 * A Back-UPS takes shutdown.return as 1 in its reboot delay: it goes off after its own
 * short delay and comes back with the mains. Where none of these fields is, the generic
 * pair of delays does it.
 */
static const struct map_cmd cmds[] = {
    {"shutdown.return", "UPS.Output.ff86007c", MAP_RAW, .value = 1},
    {"shutdown.return", "UPS.ff860005.ff86007c", MAP_RAW, .value = 1},
    {"load.off", "UPS.PowerSummary.DelayBeforeShutdown", MAP_RAW, .value = 0},
    {"load.off", "UPS.Output.DelayBeforeShutdown", MAP_RAW, .value = 0},
    {"load.off", "UPS.ff860005.ff86007d", MAP_RAW, .value = 0},
    {"load.off.delay", "UPS.PowerSummary.DelayBeforeShutdown", MAP_OFFDELAY, .value = 0},
    {"load.off.delay", "UPS.Output.DelayBeforeShutdown", MAP_OFFDELAY, .value = 0},
    {"load.off.delay", "UPS.ff860005.ff86007d", MAP_OFFDELAY, .value = 0},
    {"load.on.delay", "UPS.PowerSummary.DelayBeforeStartup", MAP_ONDELAY, .value = 0},
    {"load.on.delay", "UPS.Output.DelayBeforeStartup", MAP_ONDELAY, .value = 0},
    {"load.on.delay", "UPS.Output.ff86007e", MAP_ONDELAY, .value = 0},
    {"load.on.delay", "UPS.ff860005.ff86007e", MAP_ONDELAY, .value = 0},
    {"shutdown.stop", "UPS.PowerSummary.DelayBeforeShutdown", MAP_RAW, .value = -1},
    {"shutdown.stop", "UPS.Output.DelayBeforeShutdown", MAP_RAW, .value = -1},
    {"shutdown.stop", "UPS.ff860005.ff86007d", MAP_RAW, .value = -1},
    {"shutdown.reboot", "UPS.PowerSummary.DelayBeforeReboot", MAP_SECONDS, .value = 10},
    {"shutdown.reboot", "UPS.Output.DelayBeforeReboot", MAP_SECONDS, .value = 10},
    {"shutdown.reboot", "UPS.ff860005.ff86007c", MAP_SECONDS, .value = 10},
    {"test.panel.start", "UPS.PowerSummary.ff860072", MAP_RAW, .value = 1},
    {"test.panel.start", "UPS.ff860072", MAP_RAW, .value = 1},
    {"test.panel.stop", "UPS.PowerSummary.ff860072", MAP_RAW, .value = 0},
    {"test.panel.stop", "UPS.ff860072", MAP_RAW, .value = 0},
    {0},
};

const struct map map_apc = {
    .name = "APC HID",
    .vendor = "American Power Conversion",
    .chemistry = "PbAc",
    .rows = rows,
    .status = status,
    .cmds = cmds,
    .rename = split_name,
};

const struct map map_apc_smart = {
    .below = &map_apc,
    .name = "APC HID",
    .vendor = "American Power Conversion",
    .chemistry = "PbAc",
    .rename = split_name,
    .polled = true,
};

/* BX750MI and its like: one of 2025 fell silent twice after 200 s of a request upon another,
 * the second time until its battery was taken out (NUT pull request 2671). */
const struct map map_apc_bx = {
    .below = &map_apc,
    .name = "APC HID",
    .vendor = "American Power Conversion",
    .chemistry = "PbAc",
    .rename = split_name,
    .gap_ms = 50,
};
