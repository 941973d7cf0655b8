/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/map.h"
#include "hid/usages.h"

#define KELVIN_FREEZING 273.15

#define ANY_PRODUCT (-1)

/* True when the device has this feature. */
static bool
has(const struct hid_desc *desc, const char *path)
{
	uint32_t usages[HID_DEPTH_MAX + 1];
	size_t depth = hid_usage_parse(path, usages, HID_DEPTH_MAX + 1);

	return depth > 0 && hid_desc_find(desc, HID_FEATURE, usages, depth) != NULL;
}

static bool
is_gxt5(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	return has(desc, "UPS.PowerSummary.ConfigActivePower");
}

static bool
named(const struct hidups_ident *ident, const char *part)
{
	return strstr(ident->manufacturer, part) != NULL ||
	       strstr(ident->name, part) != NULL;
}

/* Back-UPS BX750MI and its like; with or without the maker's name before it. */
static bool
is_bx_mi(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	const char *bx = strstr(ident->name, "BX");

	return bx != NULL && strstr(bx, "MI") != NULL;
}

/* GoldenMate's battery under an id of many (NUT issue 3501). */
static bool
is_bms(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	return named(ident, "BMS");
}

static bool
is_aeg(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	return named(ident, "AEG");
}

static bool
is_kstar(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	return named(ident, "KSTAR");
}

/* The serial bridges with the same ids have nothing of a UPS. */
static bool
is_keor_dk(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	return has(desc, "UPS.OutletSystem.Voltage");
}

/* Which table a device needs, by vendor; more special rows first. */
static const struct device {
	uint16_t vendor;
	int product;
	const struct map *map;
	/* Further evidence, for ids that several makers use; NULL: none is needed. */
	bool (*claims)(const struct hid_desc *desc, const struct hidups_ident *ident);
} devices[] = {
    {0x03f0, 0x0001, &map_hp, NULL},
    {0x03f0, 0x1f06, &map_hp, NULL},
    {0x03f0, 0x1f08, &map_hp, NULL},
    {0x03f0, 0x1f09, &map_hp, NULL},
    {0x03f0, 0x1f0a, &map_hp, NULL},
    {0x03f0, 0x1fe0, &map_hp, NULL},
    {0x03f0, 0x1fe1, &map_hp, NULL},
    {0x03f0, 0x1fe2, &map_hp, NULL},
    {0x03f0, 0x1fe3, &map_hp, NULL},
    {0x03f0, 0x1fe5, &map_mge, NULL},
    {0x03f0, 0x1fe6, &map_mge, NULL},
    {0x03f0, 0x1fe7, &map_mge, NULL},
    {0x03f0, 0x1fe8, &map_mge, NULL},
    {0x0463, ANY_PRODUCT, &map_mge, NULL},
    {0x047c, ANY_PRODUCT, &map_mge, NULL},
    {0x0483, 0xa113, &map_ever, NULL},
    {0x0483, 0xa430, &map_cps, NULL},
    {0x04b3, 0x0001, &map_mge, NULL},
    {0x04d8, 0xd004, &map_openups, NULL},
    {0x04d8, 0xd005, &map_openups, NULL},
    {0x050d, ANY_PRODUCT, &map_belkin, NULL},
    {0x051d, 0x0002, &map_apc_bx, is_bx_mi},
    {0x051d, 0x0003, &map_apc_smart, NULL},
    {0x051d, 0x0004, &map_apc_smart, NULL},
    {0x051d, ANY_PRODUCT, &map_apc, NULL},
    {0x0592, ANY_PRODUCT, &map_mge, NULL},
    {0x05dd, 0x041b, &map_delta, NULL},
    {0x05dd, ANY_PRODUCT, &map_minuteman, NULL},
    {0x0665, 0x5161, &map_keor_dk, is_keor_dk},
    {0x06da, 0xffff, &map_idowell, is_bms},
    {0x06da, ANY_PRODUCT, &map_mge, is_aeg},
    {0x06da, ANY_PRODUCT, &map_phoenixtec, NULL},
    {0x075d, ANY_PRODUCT, &map_idowell, NULL},
    {0x0764, ANY_PRODUCT, &map_cps, NULL},
    {0x09ae, 0x1003, &map_tripplite_mute, NULL},
    {0x09ae, 0x2005, &map_tripplite_mute, NULL},
    {0x09ae, ANY_PRODUCT, &map_tripplite, NULL},
    {0x09d6, ANY_PRODUCT, &map_mge, is_kstar},
    {0x0d9f, 0x0001, &map_powercom_old, NULL},
    {0x0d9f, ANY_PRODUCT, &map_powercom, NULL},
    {0x10af, ANY_PRODUCT, &map_gxt5, is_gxt5},
    {0x10af, ANY_PRODUCT, &map_liebert, NULL},
    {0x1cb0, ANY_PRODUCT, &map_legrand, NULL},
    {0x2341, ANY_PRODUCT, &map_arduino, NULL},
    {0x2a03, ANY_PRODUCT, &map_arduino, NULL},
    {0x2b2d, ANY_PRODUCT, &map_mge, NULL},
    {0x2e51, ANY_PRODUCT, &map_ever, NULL},
    {0x2e66, ANY_PRODUCT, &map_salicru, NULL},
    {0x3746, ANY_PRODUCT, &map_ecoflow, NULL},
    {0x4234, ANY_PRODUCT, &map_powervar, NULL},
};

const struct map *
map_find(const struct hid_desc *desc, const struct hidups_ident *ident)
{
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		const struct device *d = &devices[i];

		if (d->vendor == ident->vendor &&
		    (d->product == ANY_PRODUCT || d->product == ident->product) &&
		    (d->claims == NULL || d->claims(desc, ident)))
			return d->map;
	}
	return &map_generic;
}

void
map_own_serial(struct map_names *n, const struct hidups *u)
{
	const char *text;
	double index;

	if (n->serial[0] != '\0' ||
	    !map_other(u, "UPS.PowerSummary.iSerialNumber", &index))
		return;
	text = map_string(u, (int64_t)index);
	if (text != NULL)
		map_trim(n->serial, sizeof(n->serial), text, strlen(text));
}

/* Year since 1980 in 7 bits, month in 4, day in 5. */
bool
map_date(char *out, size_t size, const struct map_in *in)
{
	unsigned date = (unsigned)in->raw & 0xffff;

	if (date == 0)
		return false;
	snprintf(
	    out, size, "%04u/%02u/%02u", 1980 + (date >> 9), date >> 5 & 15, date & 31);
	return true;
}

bool
map_date_unset(char *out, size_t size, const struct map_in *in)
{
	if (in->raw != 0)
		return false;
	snprintf(out, size, "not set");
	return true;
}

bool
map_date_parse(const char *text, unsigned first, unsigned last, unsigned date[static 3])
{
	char rest;

	return sscanf(text, "%4u/%2u/%2u%c", &date[0], &date[1], &date[2], &rest) == 3 &&
	       date[0] >= first && date[0] <= last && date[1] >= 1 && date[1] <= 12 &&
	       date[2] >= 1 && date[2] <= 31;
}

bool
map_date_raw(const char *text, int64_t *raw)
{
	unsigned date[3];

	if (!map_date_parse(text, 1980, 2107, date))
		return false;
	*raw = (int64_t)(date[0] - 1980) << 9 | date[1] << 5 | date[2];
	return true;
}

/* Makers give kelvin with or without saying so; no battery is 200 degrees Celsius. */
bool
map_temperature(char *out, size_t size, const struct map_in *in)
{
	double value = in->value;

	if (in->field->unit == HID_FAHRENHEIT)
		value = (value - 32) / 1.8;
	else if (in->field->unit == HID_KELVIN || value > 200)
		value -= KELVIN_FREEZING;
	snprintf(out, size, "%.1f", value);
	return true;
}

bool
map_idle(const struct hid_field *f, int64_t raw)
{
	return raw < 0 || (uint64_t)raw == ((uint64_t)1 << f->size) - 1;
}

void
map_trim(char *out, size_t size, const char *text, size_t len)
{
	while (len > 0 && text[0] == ' ') {
		text++;
		len--;
	}
	while (len > 0 && text[len - 1] == ' ')
		len--;
	snprintf(out, size, "%.*s", (int)len, text);
}

void
map_number(char *out, size_t size, int decimals, double value)
{
	snprintf(out, size, "%.*f", decimals, value);
	if (out[0] == '-' && strspn(out + 1, "0.") == strlen(out + 1))
		memmove(out, out + 1, strlen(out));
}

bool
map_timer(char *out, size_t size, const struct map_in *in)
{
	map_number(
	    out, size, 0, in->raw >= 0 && map_idle(in->field, in->raw) ? -1 : in->value);
	return true;
}

/* "*.Voltage" is each path that ends so, "*" any. */
static bool
fits(const char *pattern, const char *path)
{
	size_t len = strlen(path), tail = strlen(pattern) - 1;

	if (pattern[0] != '*')
		return strcmp(pattern, path) == 0;
	return tail <= len && strcmp(pattern + 1, path + len - tail) == 0;
}

/* True when a fix is of this field, and of this value. */
static bool
is_of(const struct map_fix *x, const char *path, const struct map_in *in)
{
	const struct hid_field *f = in->field;

	return fits(x->path, path) &&
	       (x->product == 0 || x->product == map_device(in->ups)->product) &&
	       (x->unit == 0 || (x->unit == f->unit && x->exponent == f->exponent)) &&
	       (x->low >= x->high || (x->low <= in->value && in->value < x->high)) &&
	       (x->when == NULL || x->when(in));
}

const struct map_fix *
map_fix(const struct map *m, const char *path, const struct map_in *in)
{
	for (; m != NULL; m = m->below)
		for (const struct map_fix *x = m->fixes; x != NULL && x->path != NULL;
		     x++)
			if (is_of(x, path, in))
				return x;
	return NULL;
}

bool
map_row_text(const struct map_row *row, const struct map_in *in, char *out, size_t size)
{
	const struct map_word *w;

	for (w = row->words; w != NULL && w->text != NULL; w++) {
		if (w->raw == in->raw) {
			snprintf(out, size, "%s", w->text);
			return true;
		}
	}
	if (row->words != NULL)
		return false;
	if (row->text != NULL)
		return row->text(out, size, in);
	map_number(out, size, row->decimals, in->value);
	return true;
}
