/* SPDX-License-Identifier: ISC */
/*
 * Mini-Box openUPS (04d8:d004) and openUPS2 (d005): boards for batteries of a few cells.
 * Sources: NUT for the factors and the thermistor's curve; dumps of its device library.
 */
#include <stdio.h>

#include "hid/hidups.h"
#include "hid/map.h"

#define SUMMARY "UPS.PowerSummary"

/* The thermistor's reading at -40 °C, -35 °C and so on. */
#define COLDEST (-40)
#define STEP 5
static const unsigned short curve[] = {0x031, 0x040, 0x053, 0x068, 0x082, 0x0a0, 0x0c3,
    0x0e9, 0x113, 0x13f, 0x16e, 0x19f, 0x1cf, 0x200, 0x22f, 0x25c, 0x286, 0x2ae, 0x2d3,
    0x2f4, 0x312, 0x32d, 0x345, 0x35a, 0x36d, 0x37e, 0x38c, 0x399, 0x3a5, 0x3af, 0x3b7,
    0x3bf, 0x3c6, 0x3cc};

#define LAST (sizeof(curve) / sizeof(curve[0]) - 1)

static bool
temperature(char *out, size_t size, const struct map_in *in)
{
	double reading = (double)(long)(in->value * 100 + 0.5), celsius;
	size_t i = 0;

	while (i < LAST && reading >= curve[i + 1])
		i++;
	celsius = COLDEST + STEP * (double)i;
	if (i == LAST || reading <= curve[i]) {
		map_number(out, size, 0, celsius);
		return true;
	}
	celsius += STEP * (reading - curve[i]) / (curve[i + 1] - curve[i]);
	map_number(out, size, 2, celsius);
	return true;
}

/* Below zero while it discharges, though the descriptor knows no sign: NUT shows 655.29 A
 * for -0.07 A. */
static bool
current(char *out, size_t size, const struct map_in *in)
{
	double value = in->value;

	if (in->raw >= 0x8000)
		value *= (double)(in->raw - 0x10000) / (double)in->raw;
	map_number(out, size, 3, value);
	return true;
}

/* All bits set while nobody can tell; NUT shows 45 days. */
static bool
runtime(char *out, size_t size, const struct map_in *in)
{
	if (map_idle(in->field, in->raw))
		return false;
	map_number(out, size, 0, in->value);
	return true;
}

/* iOEMInformation, battery.mfr.date for NUT, holds no date. */
static const struct map_row rows[] = {
    {".", SUMMARY ".iSerialNumber", .flags = MAP_STRING},

    {"battery.voltage", SUMMARY ".Voltage", .flags = MAP_MOVES, .decimals = 2},
    {"battery.voltage.nominal", NULL, .flags = MAP_ONLY},
    {"battery.current", SUMMARY ".Current", .flags = MAP_MOVES, .text = current},
    /* In percent, as NUT has it. */
    {"battery.capacity", SUMMARY ".DesignCapacity", .decimals = 0},
    {"battery.runtime", SUMMARY ".RunTimeToEmpty", .flags = MAP_MOVES | MAP_ONLY,
	.text = runtime},
    {"battery.temperature", SUMMARY ".Temperature", .flags = MAP_MOVES,
	.text = temperature},
    {"ups.temperature", NULL, .flags = MAP_ONLY},
    {"input.voltage", SUMMARY ".Input.Voltage", .flags = MAP_MOVES, .decimals = 2},
    {"input.current", SUMMARY ".Input.Current", .flags = MAP_MOVES, .decimals = 3},
    {"output.voltage", SUMMARY ".Output.Voltage", .flags = MAP_MOVES, .decimals = 2},
    {"output.current", SUMMARY ".Output.Current", .flags = MAP_MOVES, .decimals = 3},
    {0},
};

/* "Good": there is power at the output. */
static const struct map_status status[] = {
    {SUMMARY ".PresentStatus.Good", STATUS_OFF, .mask = UINT32_MAX, .clear = true},
    {0},
};

#define CONVERTER "the number is the converter's own (NUT, openups-hid)"
#define TENTHS "it counts tenths of what the descriptor says (NUT, openups-hid)"

static const struct map_fix fixes[] = {
    {SUMMARY ".Input.Voltage", 3.545, CONVERTER, .product = 0xd004},
    {SUMMARY ".Output.Voltage", 2.571, CONVERTER, .product = 0xd004},
    {SUMMARY ".Input.Current", 0.08274, CONVERTER, .product = 0xd004},
    {SUMMARY ".Output.Current", 1.6113, CONVERTER, .product = 0xd004},
    {SUMMARY ".Input.Voltage", 0.1, TENTHS, .product = 0xd005},
    {SUMMARY ".Output.Voltage", 0.1, TENTHS, .product = 0xd005},
    {SUMMARY ".Input.Current", 0.1, TENTHS, .product = 0xd005},
    {SUMMARY ".Output.Current", 0.1, TENTHS, .product = 0xd005},
    {0},
};

const struct map map_openups = {
    .name = "openUPS HID",
    .vendor = "openUPS",
    .rows = rows,
    .status = status,
    .fixes = fixes,
    .rename = map_own_serial,
};
