/* SPDX-License-Identifier: ISC */
#ifndef HID_REPORT_H
#define HID_REPORT_H

#include "hid/desc.h"

/*
 * Values in reports. `bytes` is a report without its id byte. Pure.
 */

/* Extracts a field's bits, signed where its logical minimum is negative; the logical
 * range does not clamp (half of the makers get it wrong). False when the report is too
 * short to hold the field. */
bool hid_report_get(
    const struct hid_field *f, const uint8_t *bytes, size_t len, int64_t *value);

/* Stores the low bits of a value; false when the report is too short. */
bool hid_report_put(const struct hid_field *f, uint8_t *bytes, size_t len, int64_t value);

/* The physical value of a raw one and back, rounded: physical range, unit exponent
 * (volt and watt in SI, as NUT's get_unit_expo has it). */
double hid_report_scale(const struct hid_field *f, int64_t raw);
int64_t hid_report_unscale(const struct hid_field *f, double value);

#endif
