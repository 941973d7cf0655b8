/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/desc.h"
#include "lib/xmem.h"

#define USAGES_MAX 256 /* Usage items and ranges before a Main item */
#define PUSHES_MAX 16
#define FIELDS_FIRST 64 /* room at first; doubles */
#define LONG_ITEM 0xfe

#define APPLICATION 0x01 /* type of a collection */

#define PAGE_DESKTOP 0x01
#define PAGE_KEYBOARD 0x07
#define PAGE_DIGITIZER 0x0d
#define PAGE_POWER 0x84
#define PAGE_BATTERY 0x85

/* Item prefixes without their two size bits (HID 1.11, sections 6.2.2.4 to 6.2.2.8). */
enum item {
	ITEM_INPUT = 0x80,
	ITEM_OUTPUT = 0x90,
	ITEM_COLLECTION = 0xa0,
	ITEM_FEATURE = 0xb0,
	ITEM_END_COLLECTION = 0xc0,
	ITEM_USAGE_PAGE = 0x04,
	ITEM_LOGICAL_MIN = 0x14,
	ITEM_LOGICAL_MAX = 0x24,
	ITEM_PHYSICAL_MIN = 0x34,
	ITEM_PHYSICAL_MAX = 0x44,
	ITEM_UNIT_EXPONENT = 0x54,
	ITEM_UNIT = 0x64,
	ITEM_REPORT_SIZE = 0x74,
	ITEM_REPORT_ID = 0x84,
	ITEM_REPORT_COUNT = 0x94,
	ITEM_PUSH = 0xa4,
	ITEM_POP = 0xb4,
	ITEM_USAGE = 0x08,
	ITEM_USAGE_MIN = 0x18,
	ITEM_USAGE_MAX = 0x28,
	ITEM_DELIMITER = 0xa8,
};

/* The state that stays from item to item until it is set anew. */
struct globals {
	uint32_t page;
	int32_t logical_min, physical_min, physical_max;
	int32_t logical_max;           /* read as signed */
	uint32_t logical_max_unsigned; /* the same bytes read as unsigned */
	bool has_physical_min, has_physical_max;
	uint32_t unit;
	int exponent;
	uint32_t report_size, report_count;
	uint8_t report_id;
};

struct usage_range {
	uint32_t first, last;
};

enum delimited { DELIMITED_NO, DELIMITED_FIRST, DELIMITED_REST };

/* The state that a Main item uses up. */
struct locals {
	struct usage_range ranges[USAGES_MAX];
	size_t nranges; /* all else of `ranges` is stale */
	uint32_t usage_min;
	bool has_usage_min;
	enum delimited delimited;
};

struct parser {
	struct hid_desc *desc;
	size_t room; /* fields that fit in desc->fields */
	struct globals now, stack[PUSHES_MAX];
	size_t npushed;
	struct locals local;
	uint32_t path[HID_DEPTH_MAX];
	size_t depth;                 /* nodes in the path */
	size_t opened[HID_DEPTH_MAX]; /* depth before each open collection */
	size_t ncollections;
	size_t at; /* offset of the item at hand, for `cause` */
	char *cause;
	size_t cause_size;
};

/* One short item: its data both as signed and as unsigned number. */
struct item_data {
	unsigned size;
	uint32_t u;
	int32_t s;
};

/* Notes why the descriptor is refused. */
static __attribute__((format(printf, 2, 3))) int
refuse(struct parser *p, const char *format, ...)
{
	va_list ap;
	int n;

	n = snprintf(p->cause, p->cause_size, "byte %zu: ", p->at);
	if (n < 0 || (size_t)n >= p->cause_size)
		return -1;
	va_start(ap, format);
	vsnprintf(p->cause + n, p->cause_size - (size_t)n, format, ap);
	va_end(ap);
	return -1;
}

/* Number of usages given, saturating: a range may span 32 bits. */
static size_t
local_usages(const struct locals *l)
{
	size_t i;
	uint64_t n = 0;

	for (i = 0; i < l->nranges; i++)
		n += (uint64_t)l->ranges[i].last - l->ranges[i].first + 1;
	return n > UINT32_MAX ? UINT32_MAX : (size_t)n;
}

/* The usage of the n-th element; the last one repeats. */
static uint32_t
local_usage(const struct locals *l, size_t n)
{
	size_t i;

	for (i = 0; i < l->nranges; i++) {
		uint64_t span = (uint64_t)l->ranges[i].last - l->ranges[i].first + 1;

		if (n < span)
			return l->ranges[i].first + (uint32_t)n;
		n -= span;
	}
	return l->nranges == 0 ? 0 : l->ranges[l->nranges - 1].last;
}

static int
add_range(struct parser *p, uint32_t first, uint32_t last)
{
	struct locals *l = &p->local;

	if (l->delimited == DELIMITED_REST)
		return 0;
	if (l->delimited == DELIMITED_FIRST)
		l->delimited = DELIMITED_REST;
	if (l->nranges == USAGES_MAX)
		return refuse(p, "more than %d usages for one item", USAGES_MAX);
	l->ranges[l->nranges].first = first;
	l->ranges[l->nranges].last = last;
	l->nranges++;
	return 0;
}

static struct hid_field *
new_field(struct parser *p)
{
	struct hid_desc *d = p->desc;

	if (d->nfields == HID_FIELDS_MAX) {
		refuse(p, "more than %d fields", HID_FIELDS_MAX);
		return NULL;
	}
	if (d->nfields == p->room) {
		p->room *= 2;
		d->fields = xreallocarray(d->fields, p->room, sizeof(*d->fields));
	}
	return memset(&d->fields[d->nfields++], 0, sizeof(*d->fields));
}

/* Fills a field from the global state. */
static void
describe(const struct parser *p, struct hid_field *f)
{
	const struct globals *g = &p->now;

	f->report_id = g->report_id;
	f->size = g->report_size > 32 ? 32 : g->report_size;
	f->logical_min = g->logical_min;
	f->logical_max = g->logical_max;
	if (g->logical_max < g->logical_min)
		f->logical_max = g->logical_max_unsigned;
	f->physical_min = g->physical_min;
	f->physical_max = g->physical_max;
	f->physical = g->has_physical_min && g->has_physical_max &&
		      (g->physical_min != 0 || g->physical_max != 0);
	f->unit = g->unit;
	f->exponent = g->exponent;
	memcpy(f->usages, p->path, p->depth * sizeof(p->path[0]));
	f->depth = p->depth + 1;
}

/* Input, Output or Feature: one field per element that has a usage. */
static int
main_data(struct parser *p, enum hid_type type, uint32_t flags)
{
	const struct globals *g = &p->now;
	uint32_t *bits = &p->desc->bits[type][g->report_id], offset = *bits, i;
	uint64_t total = *bits + (uint64_t)g->report_size * g->report_count;
	size_t usages = local_usages(&p->local);
	bool variable = flags & 2;

	if (total > HID_REPORT_BITS_MAX)
		return refuse(p, "report %u is %llu bits long (at most %d)", g->report_id,
		    (unsigned long long)total, HID_REPORT_BITS_MAX);
	*bits = (uint32_t)total;
	if (usages == 0 || g->report_size == 0)
		return 0;
	if (!variable && usages > g->report_count)
		return 0;
	for (i = 0; i < g->report_count; i++, offset += g->report_size) {
		struct hid_field *f = new_field(p);

		if (f == NULL)
			return -1;
		f->type = type;
		f->offset = offset;
		f->flags = flags;
		describe(p, f);
		f->usages[p->depth] = local_usage(&p->local, i);
	}
	return 0;
}

/* Is a collection of this usage for typing, pointing or drawing? On the desktop page these
 * are Pointer (1) to Multi-axis Controller (8) (HID Usage Tables 1.5, section 4). */
static bool
is_input_device(uint32_t usage)
{
	uint32_t page = usage >> 16, id = usage & 0xffff;

	return page == PAGE_KEYBOARD || page == PAGE_DIGITIZER ||
	       (page == PAGE_DESKTOP && id >= 1 && id <= 8);
}

/* A collection is one node of the path; a numbered one (vendor types 0x80 and up, used
 * by Eaton and Tripp Lite to tell equal collections apart) is two. */
static int
open_collection(struct parser *p, uint32_t type)
{
	struct hid_desc *d = p->desc;
	uint32_t usage = local_usage(&p->local, 0);

	if (p->depth + 2 > HID_DEPTH_MAX)
		return refuse(p, "collections nest deeper than %d", HID_DEPTH_MAX);
	d->input_device |= is_input_device(usage);
	if (p->depth == 0 && type == APPLICATION) {
		if (d->ntop == HID_TOP_MAX)
			return refuse(
			    p, "more than %d top-level collections", HID_TOP_MAX);
		d->top_level =
		    xreallocarray(d->top_level, d->ntop + 1, sizeof(*d->top_level));
		d->top_level[d->ntop++] = usage;
	}
	p->opened[p->ncollections++] = p->depth;
	p->path[p->depth++] = usage;
	if (type >= 0x80)
		p->path[p->depth++] = HID_NUMBERED | (type & 0x7f);
	return 0;
}

static int
main_item(struct parser *p, enum item item, const struct item_data *data)
{
	int rc = 0;

	switch (item) {
	case ITEM_INPUT:
		rc = main_data(p, HID_INPUT, data->u);
		break;
	case ITEM_OUTPUT:
		rc = main_data(p, HID_OUTPUT, data->u);
		break;
	case ITEM_FEATURE:
		rc = main_data(p, HID_FEATURE, data->u);
		break;
	case ITEM_COLLECTION:
		rc = open_collection(p, data->u);
		break;
	case ITEM_END_COLLECTION:
		if (p->ncollections == 0)
			return refuse(p, "a collection ends that never began");
		p->depth = p->opened[--p->ncollections];
		break;
	default:
		break;
	}
	p->local.nranges = 0;
	p->local.has_usage_min = false;
	p->local.delimited = DELIMITED_NO;
	return rc;
}

static int
push_or_pop(struct parser *p, enum item item)
{
	if (item == ITEM_PUSH) {
		if (p->npushed == PUSHES_MAX)
			return refuse(p, "more than %d pushes", PUSHES_MAX);
		p->stack[p->npushed++] = p->now;
		return 0;
	}
	if (p->npushed == 0)
		return refuse(p, "pop without push");
	p->now = p->stack[--p->npushed];
	return 0;
}

static int
report_id(struct parser *p, uint32_t id)
{
	if (id == 0 || id > 255)
		return refuse(p, "report id %u (1 to 255)", id);
	p->now.report_id = (uint8_t)id;
	p->desc->report_ids = true;
	return 0;
}

static int
global_item(struct parser *p, enum item item, const struct item_data *data)
{
	struct globals *g = &p->now;

	switch (item) {
	case ITEM_USAGE_PAGE:
		g->page = data->u << 16;
		break;
	case ITEM_LOGICAL_MIN:
		g->logical_min = data->s;
		break;
	case ITEM_LOGICAL_MAX:
		g->logical_max = data->s;
		g->logical_max_unsigned = data->u;
		break;
	case ITEM_PHYSICAL_MIN:
		g->physical_min = data->s;
		g->has_physical_min = true;
		break;
	case ITEM_PHYSICAL_MAX:
		g->physical_max = data->s;
		g->has_physical_max = true;
		break;
	case ITEM_UNIT_EXPONENT: /* a signed nibble, whatever the size of the item */
		g->exponent = (int)(data->u & 0x0f) - (data->u & 0x08 ? 16 : 0);
		break;
	case ITEM_UNIT:
		g->unit = data->u;
		break;
	case ITEM_REPORT_SIZE:
		g->report_size = data->u;
		break;
	case ITEM_REPORT_COUNT:
		g->report_count = data->u;
		break;
	case ITEM_REPORT_ID:
		return report_id(p, data->u);
	case ITEM_PUSH:
	case ITEM_POP:
		return push_or_pop(p, item);
	default:
		break;
	}
	return 0;
}

static int
local_item(struct parser *p, enum item item, const struct item_data *data)
{
	struct locals *l = &p->local;
	uint32_t usage = data->size == 4 ? data->u : p->now.page | data->u;

	switch (item) {
	case ITEM_USAGE:
		return add_range(p, usage, usage);
	case ITEM_USAGE_MIN:
		l->usage_min = usage;
		l->has_usage_min = true;
		break;
	case ITEM_USAGE_MAX:
		if (!l->has_usage_min || usage < l->usage_min)
			return refuse(p, "a usage maximum without a smaller minimum");
		l->has_usage_min = false;
		return add_range(p, l->usage_min, usage);
	case ITEM_DELIMITER:
		l->delimited = data->u == 0 ? DELIMITED_NO : DELIMITED_FIRST;
		break;
	default:
		break;
	}
	return 0;
}

/* Data of a short item, little endian. */
static struct item_data
item_read(const uint8_t *bytes, unsigned size)
{
	struct item_data data = {.size = size};
	unsigned i;

	for (i = 0; i < size; i++)
		data.u |= (uint32_t)bytes[i] << (8 * i);
	data.s = (int32_t)data.u;
	if (size > 0 && size < 4 && data.u >> (8 * size - 1) != 0)
		data.s -= 1 << (8 * size);
	return data;
}

/* Goes through all items. */
static int
parse_items(struct parser *p, const uint8_t *bytes, size_t len)
{
	static const unsigned sizes[] = {0, 1, 2, 4};
	size_t next;

	for (p->at = 0; p->at < len; p->at = next) {
		uint8_t prefix = bytes[p->at];
		enum item item = prefix & 0xfc;
		struct item_data data;
		int rc = 0;

		next = p->at + 1 + sizes[prefix & 3];
		if (prefix == LONG_ITEM) {
			next = p->at + 3;
			if (next <= len)
				next += bytes[p->at + 1];
		}
		if (next > len)
			return refuse(p, "the last item is cut short");
		if (prefix == LONG_ITEM)
			continue;
		data = item_read(bytes + p->at + 1, sizes[prefix & 3]);
		switch (prefix & 0x0c) {
		case 0x00:
			rc = main_item(p, item, &data);
			break;
		case 0x04:
			rc = global_item(p, item, &data);
			break;
		case 0x08:
			rc = local_item(p, item, &data);
			break;
		}
		if (rc != 0)
			return -1;
	}
	if (p->ncollections != 0)
		return refuse(p, "%zu collections are left open", p->ncollections);
	return 0;
}

struct hid_desc *
hid_desc_parse(const uint8_t *bytes, size_t len, char *cause, size_t size)
{
	static const uint8_t setup[] = {0x81, 0x06, 0x00, 0x22};
	struct parser p = {.cause = cause, .cause_size = size, .room = FIELDS_FIRST};
	int rc;

	p.desc = xcalloc(1, sizeof(*p.desc));
	p.desc->fields = xreallocarray(NULL, p.room, sizeof(*p.desc->fields));
	if (len == 0)
		rc = refuse(&p, "the descriptor is empty");
	else if (len > HID_DESC_BYTES_MAX)
		rc = refuse(&p, "%zu bytes (at most %d)", len, HID_DESC_BYTES_MAX);
	else if (len >= sizeof(setup) && memcmp(bytes, setup, sizeof(setup)) == 0)
		rc = refuse(&p, "a USB request instead of a descriptor (read it again)");
	else
		rc = parse_items(&p, bytes, len);
	if (rc != 0) {
		hid_desc_free(p.desc);
		return NULL;
	}
	return p.desc;
}

void
hid_desc_free(struct hid_desc *d)
{
	if (d == NULL)
		return;
	free(d->fields);
	free(d->top_level);
	free(d);
}

bool
hid_desc_is_power(const struct hid_desc *d)
{
	size_t power = 0, battery = 0, i;

	for (i = 0; i < d->ntop; i++) {
		power += d->top_level[i] >> 16 == PAGE_POWER;
		battery += d->top_level[i] >> 16 == PAGE_BATTERY;
	}
	return !d->input_device && (power > 0 || (battery > 0 && battery == d->ntop));
}

size_t
hid_desc_report_len(const struct hid_desc *d, enum hid_type type, uint8_t id)
{
	uint32_t bits = d->bits[type][id];

	return bits == 0 ? 0 : (bits + 7) / 8 + (d->report_ids ? 1 : 0);
}

const struct hid_field *
hid_desc_find(
    const struct hid_desc *d, enum hid_type type, const uint32_t *usages, size_t depth)
{
	size_t i;

	for (i = 0; i < d->nfields; i++) {
		const struct hid_field *f = &d->fields[i];

		if (f->type == type && f->depth == depth &&
		    memcmp(f->usages, usages, depth * sizeof(*usages)) == 0)
			return f;
	}
	return NULL;
}
