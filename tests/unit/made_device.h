/* SPDX-License-Identifier: ISC */
#ifndef TESTS_MADE_DEVICE_H
#define TESTS_MADE_DEVICE_H

#include "hidups_device.h"

#include "hid/usages.h"

/* A device made of feature fields by their paths. */

#define MADE_FIELDS 10

struct made_field {
	const char *path; /* NULL ends */
	uint8_t report, bits;
	uint32_t unit;
	int exponent;
	bool is_signed;
};

struct made_bytes {
	uint8_t at[1024];
	size_t len;
};

static inline void
made_item(struct made_bytes *b, uint8_t prefix, uint32_t value, unsigned size)
{
	assert_true(b->len + 1 + size <= sizeof(b->at));
	b->at[b->len++] = prefix | (uint8_t)(size == 4 ? 3 : size);
	for (unsigned i = 0; i < size; i++)
		b->at[b->len++] = (uint8_t)(value >> (8 * i));
}

static inline void
made_put(struct made_bytes *b, const struct made_field *f)
{
	uint32_t usages[HID_DEPTH_MAX];
	size_t depth = hid_usage_parse(f->path, usages, HID_DEPTH_MAX), open = 0;

	if (depth < 2)
		fail_msg("%s is no path", f->path);
	for (size_t i = 0; i + 1 < depth; i++, open++) {
		bool numbered =
		    i + 2 < depth && (usages[i + 1] & 0xffff0000) == HID_NUMBERED;

		made_item(b, 0x08, usages[i], 4);
		made_item(b, 0xa0, numbered ? 0x80 | usages[i + 1] : i == 0 ? 1 : 0, 1);
		i += numbered;
	}
	made_item(b, 0x84, f->report, 1);
	made_item(b, 0x74, f->bits, 1);
	made_item(b, 0x94, 1, 1);
	made_item(b, 0x14, f->is_signed ? 0x80000000u : 0, 4);
	made_item(b, 0x24, 0x7fffffff, 4);
	made_item(b, 0x64, f->unit, 4);
	made_item(b, 0x54, (uint32_t)f->exponent & 15, 1);
	made_item(b, 0x08, usages[depth - 1], 4);
	made_item(b, 0xb0, 2, 1);
	while (open-- > 0)
		made_item(b, 0xc0, 0, 0);
}

static inline struct device *
made_device(const struct made_field *fields, const struct hidups_ident *ident)
{
	struct device *dev = calloc(1, sizeof(*dev));
	struct made_bytes b = {.len = 0};

	for (; fields->path != NULL; fields++)
		made_put(&b, fields);
	dev->desc = hid_desc_parse(b.at, b.len, dev->cause, sizeof(dev->cause));
	if (dev->desc == NULL)
		fail_msg("%s", dev->cause);
	dev->ups = hidups_new(dev->desc, ident);
	dev->state = state_new();
	return dev;
}

#endif
