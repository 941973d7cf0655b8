/* SPDX-License-Identifier: ISC */
/*
 * CyberPower (0764; 0483:a430 under the name Cyber Energy). Its own usages are on page
 * ff01:
 *   ff0100d0 index of the firmware's string   ff010043 sensitivity
 * Sources: recordings of shared/hid (README 2.3); NUT (cps-hid) for the meanings.
 *
 * No row is needed for what these devices are best known for, output voltages of 136
 * or 260 V: their logical ranges are those of another item, and ranges never clamp
 * here. The units keep their own settings in these ranges, so one model has several
 * descriptors. iOEMInformation is no battery.mfr.date, though NUT gives it that name:
 * it reads "CPS" (NUT issue 439).
 */
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/map.h"

/* A lead-acid battery is between 0.8 and 1.25 times its nominal voltage, empty or on
 * charge; half as much more and ten times as much are therefore told from it safely. */
static double
of_nominal(const struct map_in *in)
{
	double nominal;

	if (!map_other(in->ups, "UPS.PowerSummary.ConfigVoltage", &nominal) ||
	    nominal <= 0)
		return 0;
	return in->value / nominal;
}

static bool
half_too_much(const struct map_in *in)
{
	return of_nominal(in) > 1.25 && of_nominal(in) < 1.9;
}

static bool
ten_times(const struct map_in *in)
{
	return of_nominal(in) > 8 && of_nominal(in) < 12.5;
}

static const struct map_fix fixes[] = {
    {"UPS.PowerSummary.Voltage", 2.0 / 3,
	"some firmware of 0501 counts half as much again (NUT, cps-hid)",
	.product = 0x0501, .when = half_too_much},
    {"UPS.PowerSummary.Voltage", 0.1,
	"OL1000EXL says an exponent of 7 for tenths of a volt (NUT issue 2718)",
	.when = ten_times},
    {"*.Frequency", 0.1, "tenths of hertz without an exponent (NUT, cps-hid)", .low = 450,
	.high = 660},
    {0},
};

/* The capacity of some is above 100 percent (CP 1500C: 120). */
static bool
charge(char *out, size_t size, const struct map_in *in)
{
	map_number(out, size, 0, in->value < 100 ? in->value : 100);
	return true;
}

static bool
percent(char *out, size_t size, const struct map_in *in)
{
	snprintf(out, size, "%.0f%%", in->value);
	return true;
}

static const struct map_word sensitivity[] = {
    {0, "low"},
    {1, "normal"},
    {2, "high"},
    {0, NULL},
};

static const struct map_row rows[] = {
    {"battery.charge", "UPS.PowerSummary.RemainingCapacity", .flags = MAP_MOVES,
	.text = charge},
    {"battery.status", "UPS.PowerSummary.FullChargeCapacity", .text = percent},
    {"battery.voltage.nominal", "UPS.PowerSummary.ConfigVoltage", .decimals = 0},
    {"battery.mfr.date", "UPS.Battery.ManufacturerDate", .flags = MAP_RW,
	.text = map_date, .raw = map_date_raw},
    {"input.sensitivity", "UPS.Output.ff010043", .flags = MAP_RW, .words = sensitivity},
    {"output.voltage.nominal", "UPS.Output.ConfigVoltage", .decimals = 0},
    {"ups.load", "UPS.Output.PercentLoad", .flags = MAP_MOVES},
    {"ups.firmware", "UPS.PowerSummary.ff0100d0", .flags = MAP_STRING},
    {0},
};

/* CP1500EPFCLCD and others have their strings one place too early: the manufacturer's
 * holds the model, the model's the firmware, the serial number's the manufacturer (NUT
 * issue 337). */
static void
turn_names(struct map_names *n, const struct hidups *u)
{
	if (strcmp(n->serial, "CPS") != 0 || strcmp(n->mfr, "CPS") == 0)
		return;
	snprintf(n->firmware, sizeof(n->firmware), "%s", n->model);
	snprintf(n->model, sizeof(n->model), "%s", n->mfr);
	snprintf(n->mfr, sizeof(n->mfr), "%s", n->serial);
	n->serial[0] = '\0';
}

/* The timers count minutes: less than one would be none. */
const struct map map_cps = {
    .name = "CyberPower HID",
    .vendor = "CPS",
    .chemistry = "PbAcid",
    .rows = rows,
    .fixes = fixes,
    .rename = turn_names,
    .offdelay = 60,
    .ondelay = 120,
};
