/* SPDX-License-Identifier: ISC */
#include "hid/report.h"

/* True when the field's bits are a signed number: its range begins below zero and ends
 * within what the bits can hold as signed. */
static bool
is_signed(const struct hid_field *f)
{
	return f->logical_min < 0 && f->logical_max < (int64_t)1 << (f->size - 1);
}

/* Bit `n` of the report is in byte n / 8; true when the whole field is there. */
static bool
is_inside(const struct hid_field *f, size_t len)
{
	return f->size > 0 && f->size <= 32 && (uint64_t)f->offset + f->size <= len * 8;
}

bool
hid_report_get(
    const struct hid_field *f, const uint8_t *bytes, size_t len, int64_t *value)
{
	uint64_t bits = 0;
	uint32_t i;

	if (!is_inside(f, len))
		return false;
	for (i = 0; i < f->size; i++) {
		uint32_t at = f->offset + i;

		bits |= (uint64_t)(bytes[at / 8] >> (at % 8) & 1) << i;
	}
	*value = (int64_t)bits;
	if (is_signed(f) && bits >> (f->size - 1) != 0)
		*value -= (int64_t)1 << f->size;
	return true;
}

bool
hid_report_put(const struct hid_field *f, uint8_t *bytes, size_t len, int64_t value)
{
	uint32_t i;

	if (!is_inside(f, len))
		return false;
	for (i = 0; i < f->size; i++) {
		uint32_t at = f->offset + i;
		uint8_t bit = (uint8_t)(1u << (at % 8));

		bytes[at / 8] &= (uint8_t)~bit;
		if ((uint64_t)value >> i & 1)
			bytes[at / 8] |= bit;
	}
	return true;
}

/*
 * Power of ten of the field's unit. HID counts volt and watt in its own centimetre and
 * gram, ten million times the SI unit. The makers use the exponent without a unit too.
 */
static int
exponent(const struct hid_field *f)
{
	bool cgs = f->unit == HID_VOLT || f->unit == HID_WATT;

	return f->exponent - (cgs ? 7 : 0);
}

/* Physical units per logical one; 0 when the ranges say nothing. */
static double
slope(const struct hid_field *f)
{
	if (!f->physical || f->physical_max <= f->physical_min ||
	    f->logical_max <= f->logical_min)
		return 0;
	return ((double)f->physical_max - f->physical_min) /
	       ((double)f->logical_max - f->logical_min);
}

/* 10^e, exact: HID knows exponents of one digit. In the place of pow(3), for libm would
 * stay in memory, a few hundred kB of it, for the like of this. */
static double
ten_to(int e)
{
	double power = 1;

	while (e-- > 0)
		power *= 10;
	return power;
}

/* The nearest integer, halves away from zero, as llround(3). */
static int64_t
nearest(double value)
{
	int64_t whole = (int64_t)value;
	double rest = value - (double)whole;

	return whole + (rest >= 0.5) - (rest <= -0.5);
}

double
hid_report_scale(const struct hid_field *f, int64_t raw)
{
	double k = slope(f), value = (double)raw;
	int e = exponent(f);

	if (k != 0)
		value = (value - f->logical_min) * k + f->physical_min;
	/* A division by an exact power keeps 1358 at exponent -2 the nearest to 13.58. */
	return e < 0 ? value / ten_to(-e) : value * ten_to(e);
}

int64_t
hid_report_unscale(const struct hid_field *f, double value)
{
	double k = slope(f);
	int e = exponent(f);

	value = e < 0 ? value * ten_to(-e) : value / ten_to(e);
	if (k != 0)
		value = (value - f->physical_min) / k + f->logical_min;
	return value > -9e18 && value < 9e18 ? nearest(value) : 0;
}
