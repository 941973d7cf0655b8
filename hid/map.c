/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hid/map.h"
#include "hid/report.h"

#define UNIT_VOLT 0x00f0d121
#define UNIT_AMPERE 0x00100001
#define UNIT_HERTZ 0x0000f001
#define UNIT_KELVIN 0x00010001
#define UNIT_FAHRENHEIT 0x00010003
#define KELVIN_FREEZING 273.15

#define ANY_PRODUCT (-1)

/* Which vendor's table a device needs; more special rows first. */
static const struct device {
	uint16_t vendor;
	int product;
	const struct map *map;
} devices[] = {
    {0x051d, ANY_PRODUCT, &map_apc},
    {0x05dd, 0xa0a0, &map_minuteman},
    {0x10af, 0x0002, &map_liebert},
    {0x1cb0, 0x0032, &map_legrand},
};

const struct map *
map_find(uint16_t vendor, uint16_t product)
{
	size_t i;

	for (i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (devices[i].vendor == vendor &&
		    (devices[i].product == ANY_PRODUCT || devices[i].product == product))
			return devices[i].map;
	return &map_generic;
}

/* Year since 1980 in 7 bits, month in 4, day in 5. */
bool
map_date(char *out, size_t size, const struct hid_field *f, int64_t raw, double value)
{
	unsigned date = (unsigned)raw & 0xffff;

	if (date == 0)
		return false;
	snprintf(
	    out, size, "%04u/%02u/%02u", 1980 + (date >> 9), date >> 5 & 15, date & 31);
	return true;
}

/* Makers give kelvin with or without saying so; no battery is 200 degrees Celsius. */
bool
map_temperature(
    char *out, size_t size, const struct hid_field *f, int64_t raw, double value)
{
	if (f->unit == UNIT_FAHRENHEIT)
		value = (value - 32) / 1.8;
	else if (f->unit == UNIT_KELVIN || value > 200)
		value -= KELVIN_FREEZING;
	snprintf(out, size, "%.1f", value);
	return true;
}

bool
map_idle(const struct hid_field *f, int64_t raw)
{
	return raw < 0 || (uint64_t)raw == ((uint64_t)1 << f->size) - 1;
}

/* A number without the sign of a zero that rounding left. */
static void
number(char *out, size_t size, int decimals, double value)
{
	snprintf(out, size, "%.*f", decimals, value);
	if (out[0] == '-' && strspn(out + 1, "0.") == strlen(out + 1))
		memmove(out, out + 1, strlen(out));
}

bool
map_timer(char *out, size_t size, const struct hid_field *f, int64_t raw, double value)
{
	number(out, size, 0, raw >= 0 && map_idle(f, raw) ? -1 : value);
	return true;
}

double
map_scale(const struct map *m, const struct hid_field *f, int64_t raw)
{
	if (m->tenths && f->exponent == 1 &&
	    (f->unit == UNIT_VOLT || f->unit == UNIT_AMPERE || f->unit == UNIT_HERTZ))
		return (double)raw / 10;
	return hid_report_scale(f, raw);
}

bool
map_row_text(const struct map *m, const struct map_row *row, const struct hid_field *f,
    int64_t raw, char *out, size_t size)
{
	const struct map_word *w;

	if (row->words != NULL) {
		for (w = row->words; w->text != NULL; w++) {
			if (w->raw == raw) {
				snprintf(out, size, "%s", w->text);
				return true;
			}
		}
		return false;
	}
	if (row->text != NULL)
		return row->text(out, size, f, raw, map_scale(m, f, raw));
	number(out, size, row->decimals, map_scale(m, f, raw));
	return true;
}
