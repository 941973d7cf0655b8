/* SPDX-License-Identifier: ISC */
#ifndef HID_DESC_H
#define HID_DESC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A HID report descriptor taken apart (USB HID 1.11, section 6.2.2). Pure; safe on any
 * bytes: nesting, fields, usages and report sizes are bounded by the constants here.
 */
#define HID_DESC_BYTES_MAX 32768
#define HID_DEPTH_MAX 32          /* collections in collections */
#define HID_TOP_MAX 256           /* collections side by side at the top */
#define HID_FIELDS_MAX 4096       /* fields in a descriptor */
#define HID_REPORT_BITS_MAX 32768 /* bits in a report: 4 kB */

/*
 * What follows from these for any descriptor, whoever made it: the bytes of memory of what
 * was parsed, and the time of a parse on a slow machine. Tests hold the parser to both
 * (tests/unit/desc_cost_test.c, tests/fuzz/desc.c); the worst known takes 1 ms on a PC.
 */
#define HID_DESC_MEMORY_MAX (1 << 20)
#define HID_DESC_MS_MAX 50

/* Node of a path that a numbered collection adds: HID_NUMBERED | number. */
#define HID_NUMBERED 0x00ff0000u

enum hid_type { HID_INPUT, HID_OUTPUT, HID_FEATURE };
#define HID_TYPES 3

/* Units as descriptors have them (HID 1.11, 6.2.2.7). */
#define HID_VOLT 0x00f0d121u
#define HID_WATT 0x0000d121u
#define HID_AMPERE 0x00100001u
#define HID_HERTZ 0x0000f001u
#define HID_SECOND 0x00001001u
#define HID_KELVIN 0x00010001u
#define HID_FAHRENHEIT 0x00010003u

struct hid_field {
	enum hid_type type;
	uint8_t report_id; /* 0: the device has no report ids */
	uint32_t offset;   /* bits, counted after the report id byte */
	uint32_t size;     /* bits, 1 to 32 (wider ones keep their offset and are cut) */
	uint32_t flags;    /* of the Main item: bit 0 constant, bit 1 variable, … */
	int32_t logical_min;
	int64_t logical_max; /* read as unsigned where it would be below the minimum */
	int32_t physical_min, physical_max;
	bool physical; /* both limits were given and are not both 0 */
	uint32_t unit;
	int exponent; /* of the unit, -8 to 7 */
	/* Collections from the outside in, then the field's own; `depth` of them. */
	uint32_t usages[HID_DEPTH_MAX + 1];
	size_t depth;
};

struct hid_desc {
	struct hid_field *fields; /* in descriptor order; never NULL */
	size_t nfields;
	uint32_t *top_level; /* usages of the outermost application collections */
	size_t ntop;
	bool input_device; /* a collection is for typing, pointing or drawing */
	bool report_ids;   /* reports begin with an id byte */
	/* Declared length of each report, in bits, without the id. */
	uint32_t bits[HID_TYPES][256];
};

/*
 * Parses; NULL with the reason and the place in `cause`: a truncated item, a collection
 * left open, more than the limits above, or a read that begins with the bytes of the
 * USB request itself (NUT issue 3557; reading again helps). The caller releases with
 * hid_desc_free().
 *
 * What the makers' mistakes come to: an item without a usage is padding, it gives no
 * field and only moves the offset; a collection without a usage is 0 in the path; with
 * more fields than usages the last usage repeats; of a delimited set the first usage
 * counts; an array with more usages than elements (a selector) gives no field.
 */
struct hid_desc *hid_desc_parse(
    const uint8_t *bytes, size_t len, char *cause, size_t size);
void hid_desc_free(struct hid_desc *d);

/*
 * True when this is a UPS: a top-level application collection is of the Power Device page
 * (0x84), or each of them is of the Battery System page (0x85), and the interface is no
 * input device. Keyboards, mice and pens have items of these pages too, for the battery
 * inside; who may read such a node reads what is typed.
 */
bool hid_desc_is_power(const struct hid_desc *d);

/* Length in bytes of a report as declared, with the id byte; 0 when there is none. */
size_t hid_desc_report_len(const struct hid_desc *d, enum hid_type type, uint8_t id);

/* First field of this type whose usage path is exactly this one, or NULL. */
const struct hid_field *hid_desc_find(
    const struct hid_desc *d, enum hid_type type, const uint32_t *usages, size_t depth);

#endif
