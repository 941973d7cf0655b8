/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hid/report.h"
#include "lib/xmem.h"
#include "sim/body.h"
#include "sim/body_start.h"
#include "sim/quantity.h"

#define BATTERY_PRESENT 0x008500d1
#define UNIT_KELVIN 0x00010001
#define KELVIN 273.15
#define IDS 256

/* A field that the model moves. */
struct live {
	const struct hid_field *field;
	enum quantity quantity;
	bool recorded; /* raw0 is the device's own */
	int64_t raw0;  /* what it shows while the quantity is value0 */
	double value0;
};

struct report {
	uint8_t *bytes; /* NULL: not there */
	size_t len;     /* with the id byte */
	bool known;     /* the bytes were recorded; else they began as zeros */
};

struct body {
	const struct recording *recording;
	struct hid_desc *desc; /* NULL: broken */
	size_t head;           /* 1 with report ids, else 0 */
	struct ups ups;
	struct live *lives;
	size_t nlives;
	struct report features[IDS], inputs[IDS], sent[IDS];
	uint8_t order[IDS]; /* of input reports */
	size_t norder;
};

static const struct report *
report_of(const struct body *b, const struct live *l)
{
	return l->field->type == HID_INPUT ? &b->inputs[l->field->report_id]
					   : &b->features[l->field->report_id];
}

static bool
live_get(const struct body *b, const struct live *l, const struct report *r, int64_t *raw)
{
	return r->bytes != NULL &&
	       hid_report_get(l->field, r->bytes + b->head, r->len - b->head, raw);
}

/* True for a temperature in (any power of ten of) kelvin. */
static bool
is_kelvin(const struct live *l)
{
	return l->field->unit == UNIT_KELVIN ||
	       (l->recorded && hid_report_scale(l->field, l->raw0) > 200.0);
}

/* The raw value of a gauge: in proportion to the recorded one, so that a wrong unit stays
 * the same wrong unit; by the descriptor where nothing was recorded. */
static int64_t
gauge_raw(const struct live *l, double value)
{
	double shift = l->quantity == Q_TEMPERATURE && is_kelvin(l) ? KELVIN : 0.0;
	double base = l->value0 + shift;

	if (l->recorded && l->raw0 != 0 && base != 0.0)
		return llround((double)l->raw0 * (value + shift) / base);
	return hid_report_unscale(l->field, value + shift);
}

static int64_t
live_raw(const struct live *l, double value)
{
	if (quantity_is_flag(l->quantity) || quantity_is_code(l->quantity))
		return llround(value);
	if (l->recorded && value == l->value0)
		return l->raw0;
	if (quantity_is_timer(l->quantity))
		return hid_report_unscale(l->field, value);
	return gauge_raw(l, value);
}

/* What a written raw value means. All bits set is how unsigned timers say "idle". */
static double
live_value(const struct live *l, int64_t raw)
{
	uint64_t ones = ((uint64_t)1 << l->field->size) - 1;

	if (quantity_is_code(l->quantity))
		return (double)raw;
	if (quantity_is_timer(l->quantity)) {
		if (((uint64_t)raw & ones) == ones)
			return UPS_IDLE;
		return fmax(hid_report_scale(l->field, raw), UPS_IDLE);
	}
	if (l->recorded && l->raw0 != 0 && l->value0 != 0.0)
		return l->value0 * (double)raw / (double)l->raw0;
	return hid_report_scale(l->field, raw);
}

/* Writes the model's values into the reports. */
static void
refresh(struct body *b)
{
	const struct report *r;
	size_t i;

	for (i = 0; i < b->nlives; i++) {
		const struct live *l = &b->lives[i];

		r = report_of(b, l);
		if (r->bytes != NULL)
			hid_report_put(l->field, r->bytes + b->head, r->len - b->head,
			    live_raw(l, quantity_get(&b->ups, l->quantity)));
	}
}

static void
report_make(struct body *b, struct report *r, uint8_t id, size_t len)
{
	if (r->bytes != NULL || len <= b->head)
		return;
	r->bytes = xcalloc(len, 1);
	r->len = len;
	if (b->head == 1)
		r->bytes[0] = id;
}

static void
report_copy(struct report *r, const uint8_t *bytes, size_t len)
{
	free(r->bytes);
	r->bytes = xmalloc(len);
	r->len = len;
	r->known = true;
	memcpy(r->bytes, bytes, len);
}

/* Takes the recorded bytes: NUT reads everything as Feature, so a report recorded as
 * such may well be the only witness of an input report of that id. */
static void
take_recorded(struct body *b)
{
	const struct recording_report *from;
	size_t i;

	for (i = 0; i < b->recording->nreports; i++) {
		from = &b->recording->reports[i];
		if (from->len < b->head || from->len == 0)
			continue;
		if (from->type == HID_INPUT)
			report_copy(&b->inputs[from->id], from->bytes, from->len);
		else if (from->type == HID_FEATURE)
			report_copy(&b->features[from->id], from->bytes, from->len);
	}
}

/* An input report that was not recorded looks like the feature report of its id if both
 * have one layout; it is short where that was. */
static void
make_input(struct body *b, uint8_t id)
{
	size_t len = hid_desc_report_len(b->desc, HID_INPUT, id);
	const struct report *twin = &b->features[id];

	if (len == 0 || b->inputs[id].bytes != NULL)
		return;
	if (twin->bytes != NULL && len == hid_desc_report_len(b->desc, HID_FEATURE, id))
		report_copy(&b->inputs[id], twin->bytes, twin->len);
	else
		report_make(b, &b->inputs[id], id, len);
}

/* Finds the live fields and what was recorded of them; a report that was not recorded but
 * has a live field is made from zeros. */
static void
find_lives(struct body *b)
{
	const struct hid_field *f;
	struct live *l;
	size_t i;

	b->lives = xcalloc(b->desc->nfields, sizeof(*b->lives));
	for (i = 0; i < b->desc->nfields; i++) {
		f = &b->desc->fields[i];
		if (f->type == HID_OUTPUT || quantity_of(f) == Q_NONE)
			continue;
		l = &b->lives[b->nlives++];
		l->field = f;
		l->quantity = quantity_of(f);
		if (f->type == HID_FEATURE)
			report_make(b, &b->features[f->report_id], f->report_id,
			    hid_desc_report_len(b->desc, HID_FEATURE, f->report_id));
		l->recorded =
		    report_of(b, l)->known && live_get(b, l, report_of(b, l), &l->raw0);
	}
}

/* A report that nobody has recorded does not say that there is no battery. */
static void
assume_battery(struct body *b)
{
	const struct hid_field *f;
	const struct report *r;
	size_t i;

	for (i = 0; i < b->desc->nfields; i++) {
		f = &b->desc->fields[i];
		if (f->type == HID_OUTPUT || f->depth == 0 ||
		    f->usages[f->depth - 1] != BATTERY_PRESENT)
			continue;
		r = f->type == HID_INPUT ? &b->inputs[f->report_id]
					 : &b->features[f->report_id];
		if (r->bytes != NULL && !r->known)
			hid_report_put(f, r->bytes + b->head, r->len - b->head, 1);
	}
}

/* Number of status flags in an input report. */
static int
flags_in(const struct body *b, uint8_t id)
{
	const struct live *l;
	int flags = 0;

	for (l = b->lives; l < b->lives + b->nlives; l++)
		flags += l->field->type == HID_INPUT && l->field->report_id == id &&
			 quantity_is_flag(l->quantity);
	return flags;
}

/* Input reports with live fields, most flags first: the fewer half-told changes. */
static void
order_inputs(struct body *b)
{
	bool has[IDS] = {false};
	size_t i, at;
	int id;

	for (i = 0; i < b->nlives; i++) {
		if (b->lives[i].field->type == HID_INPUT)
			has[b->lives[i].field->report_id] = true;
	}
	for (id = 0; id < IDS; id++) {
		if (!has[id] || b->inputs[id].bytes == NULL)
			continue;
		for (at = b->norder;
		     at > 0 && flags_in(b, b->order[at - 1]) < flags_in(b, (uint8_t)id);
		     at--)
			b->order[at] = b->order[at - 1];
		b->order[at] = (uint8_t)id;
		b->norder++;
	}
}

struct body *
body_new(const struct recording *r)
{
	struct body *b = xcalloc(1, sizeof(*b));
	char cause[128];
	size_t i;
	int id;

	b->recording = r;
	b->desc = hid_desc_parse(r->descriptor, r->descriptor_len, cause, sizeof(cause));
	b->head = b->desc == NULL || b->desc->report_ids ? 1 : 0;
	take_recorded(b);
	body_start(&b->ups, b->desc, r);
	if (b->desc == NULL)
		return b;
	for (id = 0; id < IDS; id++)
		make_input(b, (uint8_t)id);
	find_lives(b);
	assume_battery(b);
	for (i = 0; i < b->nlives; i++)
		b->lives[i].value0 = quantity_get(&b->ups, b->lives[i].quantity);
	order_inputs(b);
	refresh(b);
	for (i = 0; i < b->norder; i++)
		report_copy(&b->sent[b->order[i]], b->inputs[b->order[i]].bytes,
		    b->inputs[b->order[i]].len);
	return b;
}

void
body_free(struct body *b)
{
	int id;

	if (b == NULL)
		return;
	for (id = 0; id < IDS; id++) {
		free(b->features[id].bytes);
		free(b->inputs[id].bytes);
		free(b->sent[id].bytes);
	}
	free(b->lives);
	hid_desc_free(b->desc);
	free(b);
}

struct ups *
body_ups(struct body *b)
{
	return &b->ups;
}

bool
body_is_live(const struct body *b)
{
	return b->nlives > 0;
}

bool
body_is_numbered(const struct body *b)
{
	return b->head == 1;
}

const uint8_t *
body_feature(struct body *b, uint8_t id, size_t *len)
{
	refresh(b);
	*len = b->features[id].len;
	return b->features[id].bytes;
}

static bool
is_settable(const struct live *l, uint8_t id)
{
	return l->field->type == HID_FEATURE && l->field->report_id == id &&
	       quantity_is_settable(l->quantity);
}

/* Lets the written fields act. A host that writes one of several settings sends the
 * others as it read them: they must not count, or a test result would start a test. */
static void
act(struct body *b, uint8_t id, const struct report *old)
{
	const struct live *l;
	int64_t was, is;
	int settings = 0;

	for (l = b->lives; l < b->lives + b->nlives; l++)
		settings += is_settable(l, id);
	for (l = b->lives; l < b->lives + b->nlives; l++) {
		if (!is_settable(l, id) || !live_get(b, l, &b->features[id], &is) ||
		    !live_get(b, l, old, &was))
			continue;
		if (settings == 1 || was != is)
			quantity_put(&b->ups, l->quantity, live_value(l, is));
	}
}

int
body_set(struct body *b, const uint8_t *bytes, size_t len)
{
	uint8_t id = b->head == 1 && len > 0 ? bytes[0] : 0;
	struct report *r = &b->features[id], old = {0};

	if (len > 0 && r->bytes == NULL && b->desc != NULL)
		report_make(b, r, id, hid_desc_report_len(b->desc, HID_FEATURE, id));
	if (len == 0 || r->bytes == NULL)
		return -1;
	refresh(b);
	report_copy(&old, r->bytes, r->len);
	if (--len > r->len - b->head)
		len = r->len - b->head;
	memcpy(r->bytes + b->head, bytes + 1, len);
	if (b->nlives > 0)
		act(b, id, &old);
	free(old.bytes);
	return 0;
}

/* True when anything but gauges differs from what was sent last. */
static bool
status_changed(const struct body *b, uint8_t id)
{
	const struct live *l;
	int64_t was, is;

	for (l = b->lives; l < b->lives + b->nlives; l++) {
		if (l->field->type == HID_INPUT && l->field->report_id == id &&
		    (quantity_is_flag(l->quantity) || quantity_is_code(l->quantity)) &&
		    live_get(b, l, &b->sent[id], &was) &&
		    live_get(b, l, &b->inputs[id], &is) && was != is)
			return true;
	}
	return false;
}

void
body_inputs(struct body *b, bool gauges,
    void (*send)(void *arg, const uint8_t *bytes, size_t len), void *arg)
{
	struct report *is, *was;
	size_t i;

	refresh(b);
	for (i = 0; i < b->norder; i++) {
		is = &b->inputs[b->order[i]];
		was = &b->sent[b->order[i]];
		if (memcmp(is->bytes, was->bytes, is->len) == 0)
			continue;
		if (!gauges && !status_changed(b, b->order[i]))
			continue;
		memcpy(was->bytes, is->bytes, is->len);
		send(arg, is->bytes, is->len);
	}
}

const char *
body_string(const struct body *b, uint8_t index)
{
	return b->recording->strings[index];
}
