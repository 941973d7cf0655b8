/* SPDX-License-Identifier: ISC */
#ifndef HID_USAGES_H
#define HID_USAGES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Names of the USB HID Power Device class specification 1.0, pages 0x84 (Power Device)
 * and 0x85 (Battery System); a usage is page << 16 | id.
 */

/* "PercentLoad" for 0x00840035, or NULL. */
const char *hid_usage_name(uint32_t usage);

/*
 * Reads a path as hid_usage_path() writes it, into at most `max` usages. Returns their
 * number, 0 when a part is none of these, or when they are too many. VoltageOutOfRange
 * is in both pages: it reads as the one of the Power Device page.
 */
size_t hid_usage_parse(const char *path, uint32_t *usages, size_t max);

/* Writes a path, "UPS.PowerSummary.ff860060": names where the specification has one,
 * "[2]" for a numbered collection (hid/desc.h), 8 hex digits elsewhere. Cut at `size`.
 * Returns `out`. */
char *hid_usage_path(char *out, size_t size, const uint32_t *usages, size_t depth);

#endif
