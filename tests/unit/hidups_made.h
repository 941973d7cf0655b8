/* SPDX-License-Identifier: ISC */
#ifndef TESTS_HIDUPS_MADE_H
#define TESTS_HIDUPS_MADE_H

#include "hid/usages.h"
#include "tests/unit/hidups_device.h"

/* A device made of single fields, each a report of its own, by their paths. */

struct made {
	const char *path; /* NULL ends a device */
	uint8_t report;
	uint8_t bits;
	uint32_t unit;
	int exponent;
	bool input;
	uint8_t count;        /* fields with this path, in this report; 0: one */
	int32_t low, highest; /* logical range; both 0: all that the bits hold */
};

/* Appends a short item with four bytes of data. */
static inline void
made_item(uint8_t *out, size_t *len, uint8_t tag, uint32_t value)
{
	out[(*len)++] = tag | 3;
	for (int i = 0; i < 4; i++)
		out[(*len)++] = (uint8_t)(value >> 8 * i);
}

static inline void
made_field(uint8_t *out, size_t *len, const struct made *m)
{
	uint32_t usages[HID_DEPTH_MAX + 1];
	size_t depth = hid_usage_parse(m->path, usages, HID_DEPTH_MAX + 1), open = 0;
	uint32_t all = m->bits > 31 ? INT32_MAX : (1u << m->bits) - 1;

	assert_true(depth > 1);
	for (size_t i = 0; i + 1 < depth; i++, open++) {
		bool numbered =
		    i + 2 < depth && usages[i + 1] >> 16 == HID_NUMBERED >> 16;

		if (usages[i] != 0)
			made_item(out, len, 0x08, usages[i]);
		made_item(out, len, 0xa0,
		    numbered ? 0x80 | (usages[i + 1] & 0x7f) : (i == 0 ? 1 : 0));
		i += numbered;
	}
	made_item(out, len, 0x08, usages[depth - 1]);
	made_item(out, len, 0x84, m->report);
	made_item(out, len, 0x74, m->bits);
	made_item(out, len, 0x94, m->count == 0 ? 1 : m->count);
	made_item(out, len, 0x14, (uint32_t)m->low);
	made_item(out, len, 0x24, m->highest != 0 ? (uint32_t)m->highest : all);
	made_item(out, len, 0x64, m->unit);
	made_item(out, len, 0x54, (uint32_t)(m->exponent & 15));
	made_item(out, len, m->input ? 0x80 : 0xb0, 2);
	while (open-- > 0)
		out[(*len)++] = 0xc0;
}

static inline struct device *
open_made(const struct made *fields, uint16_t vendor, uint16_t product)
{
	static uint8_t bytes[16384];
	struct hidups_ident ident = {.vendor = vendor, .product = product};
	struct device *dev = calloc(1, sizeof(*dev));
	size_t len = 0;

	for (; fields->path != NULL; fields++)
		made_field(bytes, &len, fields);
	dev->desc = hid_desc_parse(bytes, len, dev->cause, sizeof(dev->cause));
	if (dev->desc == NULL)
		fail_msg("%s", dev->cause);
	dev->ups = hidups_new(dev->desc, &ident);
	dev->state = state_new();
	return dev;
}

/* One reading and what NUT's variable is then; NULL: not there. */
struct reading {
	const char *report; /* hex, the id first */
	const char *name, *value;
};

static inline void
check_readings(struct device *dev, const struct reading *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (rows[i].report != NULL)
			report(dev, HID_FEATURE, rows[i].report);
		assert_var(dev, rows[i].name, rows[i].value);
	}
}

#define READINGS(dev, rows) check_readings(dev, rows, COUNT(rows))

/* A command and what it writes. */
struct order {
	const char *name, *writes;
};

static inline void
check_orders(struct device *dev, const struct order *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (command(dev, rows[i].name, NULL) != HIDUPS_OK)
			fail_msg("%s: %s", rows[i].name, dev->cause);
		assert_writes(dev, rows[i].writes);
	}
}

#define ORDERS(dev, rows) check_orders(dev, rows, COUNT(rows))

#endif
