/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/hidups_in.h"
#include "hid/report.h"
#include "hid/usages.h"

const struct hid_field *
hidups_newest(const struct hidups *u, const struct bound_row *b)
{
	const struct slot *feature = hidups_slot(u, b->feature);
	const struct slot *input = hidups_slot(u, b->input);

	if (input != NULL && input->known &&
	    (feature == NULL || !feature->known || input->seq > feature->seq))
		return b->input;
	return feature != NULL && feature->known ? b->feature : NULL;
}

/* A string of the device; where it cannot be had (uhid has none) and it is of the battery's
 * chemistry, what the maker's table knows of that. */
static const char *
string_of(const struct hidups *u, const struct map_row *row, int64_t index)
{
	const char *text = map_string(u, index);

	if (text != NULL && text[0] != '\0')
		return text;
	return index > 0 && strcmp(row->name, "battery.type") == 0 ? u->map->chemistry
								   : NULL;
}

/* What the fixes and the way in which capacities are counted make of a field's number. */
static double
factor_of(const struct hidups *u, const struct hid_field *f, int64_t raw,
    const struct map_fix **fix)
{
	struct map_in in = {u, f, raw, hid_report_scale(f, raw)};
	const char *path = hidups_slot(u, f)->path;
	const struct map_fix *found = path == NULL ? NULL : map_fix(u->map, path, &in);
	double factor = found == NULL ? 1 : found->factor;

	if (fix != NULL)
		*fix = found;
	return hidups_is_capacity(f) ? factor * hidups_percent(u, f) : factor;
}

double
hidups_scale(const struct hidups *u, const struct hid_field *f, int64_t raw,
    const struct map_fix **fix)
{
	return hid_report_scale(f, raw) * factor_of(u, f, raw, fix);
}

int64_t
hidups_unscale(const struct hidups *u, const struct hid_field *f, double value)
{
	const struct slot *slot = hidups_slot(u, f);
	/* Which fix it is may depend on the value: on the one that stands there now. */
	int64_t now = slot->known ? slot->raw : f->logical_max;

	return hid_report_unscale(f, value / factor_of(u, f, now, NULL));
}

/* A row's value as text; false when it is not known. */
static bool
row_text(const struct hidups *u, const struct bound_row *b, char *out, size_t size)
{
	struct map_in in = {.ups = u, .field = hidups_newest(u, b)};
	const char *text = b->row->fixed;

	if (in.field != NULL) {
		in.raw = hidups_slot(u, in.field)->raw;
		if (!(b->row->flags & MAP_STRING)) {
			in.value = hidups_scale(u, in.field, in.raw, NULL);
			return map_row_text(b->row, &in, out, size);
		}
		text = string_of(u, b->row, in.raw);
	}
	if (text == NULL)
		return false;
	snprintf(out, size, "%s", text);
	return true;
}

/* The first known row among those with the name of row `lead`; NULL without one. */
static const struct bound_row *
first_known(const struct hidups *u, size_t lead, char *out, size_t size)
{
	const struct bound_row *rows = u->rows;

	for (size_t i = lead; i < u->nrows; i++) {
		const struct bound_row *b = &rows[i];

		if (b->lead != lead)
			continue;
		if (row_text(u, b, out, size))
			return b;
		if (b->row->flags & MAP_ONLY)
			break;
	}
	return NULL;
}

/* Index of the first bound row with this name, or nrows. */
static size_t
find_name(const struct hidups *u, const char *name)
{
	size_t i;

	for (i = 0; i < u->nrows; i++)
		if (strcmp(u->rows[i].row->name, name) == 0)
			break;
	return i;
}

const struct bound_row *
hidups_shown(const struct hidups *u, const char *name)
{
	char text[STATE_VALUE_MAX + 1];

	return first_known(u, find_name(u, name), text, sizeof(text));
}

/* A named variable's number; false when it is not known. */
static bool
number_of(const struct hidups *u, const char *name, double *number)
{
	const struct bound_row *b = hidups_shown(u, name);
	const struct hid_field *f;

	if (b == NULL)
		return false;
	f = hidups_newest(u, b);
	if (f == NULL)
		return false;
	*number = hidups_scale(u, f, hidups_slot(u, f)->raw, NULL);
	return true;
}

bool
map_other(const struct hidups *u, const char *path, double *value)
{
	static const enum hid_type types[] = {HID_FEATURE, HID_INPUT};
	uint32_t usages[HID_DEPTH_MAX + 1];
	size_t depth = hid_usage_parse(path, usages, HID_DEPTH_MAX + 1);

	for (size_t i = 0; depth > 0 && i < 2; i++) {
		const struct hid_field *f =
		    hid_desc_find(u->desc, types[i], usages, depth);
		const struct slot *slot = hidups_slot(u, f);

		if (slot == NULL || !slot->known)
			continue;
		*value = hidups_scale(u, f, slot->raw, NULL);
		return true;
	}
	return false;
}

bool
map_variable(const struct hidups *u, const char *name, char *out, size_t size)
{
	return first_known(u, find_name(u, name), out, size) != NULL;
}

const uint8_t *
map_report(const struct hidups *u, uint8_t id, size_t *len)
{
	*len = u->feature_len[id];
	return u->features[id];
}

const struct hidups_options *
map_options(const struct hidups *u)
{
	return &u->options;
}

const struct hidups_ident *
map_device(const struct hidups *u)
{
	return &u->ident;
}

const char *
map_string(const struct hidups *u, int64_t index)
{
	return index < 1 || index > 255 ? NULL : u->strings[index];
}

bool
hidups_writable(const struct bound_row *b)
{
	return b->row->flags & MAP_RW && b->feature != NULL && !(b->feature->flags & 1);
}

/* Where the descriptor's limits are not those of the device: what stands there is within. */
bool
hidups_range(const struct hidups *u, const struct bound_row *b, long *min, long *max)
{
	const struct hid_field *f = b->feature;
	const struct map_row *row = b->row;
	const struct slot *slot = hidups_slot(u, f);
	double low = hidups_scale(u, f, f->logical_min, NULL);
	double high = hidups_scale(u, f, f->logical_max, NULL);

	if (row->max > row->min) {
		low = low > (double)row->min ? low : (double)row->min;
		high = high < (double)row->max ? high : (double)row->max;
	}
	if (slot->known) {
		const double now = hidups_scale(u, f, slot->raw, NULL);

		low = now < low ? now : low;
		high = now > high ? now : high;
	}
	if (!(low < high) || low < -1e9 || high > 1e9)
		return false;
	*min = (long)low;
	*min += (double)*min < low;
	*max = (long)high;
	*max -= (double)*max > high;
	return true;
}

/* The only range of a variable. */
static void
put_range(struct state *s, const char *name, long min, long max)
{
	const struct state_var *v = state_var(s, name);

	while (v->nranges > 0 && (v->ranges[0].min != min || v->ranges[0].max != max))
		state_range_del(s, name, v->ranges[0].min, v->ranges[0].max);
	state_range_add(s, name, min, max);
}

/* Flags, enums and range of a variable that may be set. */
static void
put_kind(const struct hidups *u, struct state *s, const struct bound_row *b)
{
	const struct map_row *row = b->row;
	const struct map_word *w;
	long min, max;

	if (!hidups_writable(b)) {
		state_flags(s, row->name, 0);
		return;
	}
	if (row->words != NULL) {
		state_flags(s, row->name, STATE_RW);
		for (w = row->words; w->text != NULL; w++)
			state_enum_add(s, row->name, w->text);
	} else if (row->raw != NULL) {
		state_flags(s, row->name, STATE_RW | STATE_STRING);
		state_aux(s, row->name, 10);
	} else {
		state_flags(s, row->name, STATE_RW | STATE_NUMBER);
		if (hidups_range(u, b, &min, &max))
			put_range(s, row->name, min, max);
	}
}

static void
put_rows(const struct hidups *u, struct state *s)
{
	const struct bound_row *rows = u->rows, *b;
	char text[STATE_VALUE_MAX + 1];

	for (size_t i = 0; i < u->nrows; i++) {
		const char *name = rows[i].row->name;

		if (rows[i].lead != i || name[0] == '.')
			continue;
		b = first_known(u, i, text, sizeof(text));
		if (b == NULL && strcmp(name, "ups.test.result") == 0)
			continue;
		if (b == NULL) {
			state_del(s, name);
			continue;
		}
		state_set(s, name, text);
		put_kind(u, s, b);
	}
}

double
hidups_charge(const struct hidups *u)
{
	double charge;

	return number_of(u, "battery.charge", &charge) ? charge : NAN;
}

bool
hidups_speaks(const struct hidups *u, const struct bound_status *b, bool *raised)
{
	const struct slot *slot = hidups_slot(u, b->field);
	const struct slot *given = hidups_slot(u, b->given);
	const struct map_status *row = &b->row;
	uint32_t bits = (uint32_t)slot->raw & row->mask;

	if (!slot->known || (given != NULL && (!given->known || given->raw == 0)))
		return false;
	if (row->among != 0)
		*raised = slot->raw >= 0 && slot->raw < 32 &&
			  (row->among >> slot->raw & 1) != 0;
	else
		*raised = row->equals != 0 ? bits == row->equals : bits != 0;
	*raised ^= row->clear;
	return *raised || !row->raises;
}

struct status
hidups_gather(const struct hidups *u)
{
	const struct bound_status *best[STATUS_FLAGS] = {NULL};
	struct status st = {0, 0};

	for (size_t i = 0; i < u->nstatus; i++) {
		const struct bound_status *b = &u->status[i];
		const struct bound_status *old = best[b->row.flag];
		bool raised;

		if (!hidups_speaks(u, b, &raised))
			continue;
		if (old != NULL && b->row.rank > old->row.rank)
			continue;
		if (old != NULL && b->row.rank == old->row.rank &&
		    hidups_slot(u, b->field)->seq <= hidups_slot(u, old->field)->seq)
			continue;
		best[b->row.flag] = b;
		status_put(&st, b->row.flag, raised);
	}
	return st;
}

/* True when the device itself can say that the battery is low. */
static bool
says_low(const struct hidups *u)
{
	size_t i;

	for (i = 0; i < u->nstatus; i++)
		if (u->status[i].row.flag == STATUS_LOW ||
		    u->status[i].row.flag == STATUS_TIME_EXPIRED ||
		    u->status[i].row.flag == STATUS_SHUTDOWN_IMMINENT)
			return true;
	return false;
}

/* Low by the numbers, for a device without a flag for it. */
static bool
is_low(const struct hidups *u)
{
	double value, limit;

	return (number_of(u, "battery.charge", &value) &&
		   number_of(u, "battery.charge.low", &limit) && value <= limit) ||
	       (number_of(u, "battery.runtime", &value) &&
		   number_of(u, "battery.runtime.low", &limit) && value <= limit);
}

static void
put_status(const struct hidups *u, struct state *s)
{
	struct status st = hidups_gather(u);
	char text[STATE_VALUE_MAX + 1];

	/* Many say that they charge for as long as there is mains (NUT issue 3146). */
	if (!status_known(&st, STATUS_FULL) && hidups_charge(u) >= 100)
		status_put(&st, STATUS_FULL, true);
	if (!says_low(u) && status_on_battery(&st))
		status_put(&st, STATUS_LOW, is_low(u));
	hidups_shape(u, &st, hidups_charge(u));
	state_set(s, "ups.status", status_words(&st, text, sizeof(text)));
	if (status_alarms(&st, text, sizeof(text))[0] != '\0')
		state_set(s, "ups.alarm", text);
	else
		state_del(s, "ups.alarm");
	if (find_name(u, "input.transfer.reason") < u->nrows)
		return;
	if (status_is(&st, STATUS_VOLTAGE_RANGE))
		state_set(s, "input.transfer.reason", "input voltage out of range");
	else if (status_is(&st, STATUS_FREQUENCY_RANGE))
		state_set(s, "input.transfer.reason", "input frequency out of range");
	else
		state_del(s, "input.transfer.reason");
}

/* Who the device says it is, as its maker means it. */
static struct map_names
names(const struct hidups *u)
{
	const struct hidups_ident *ident = &u->ident;
	struct map_names n = {0};

	map_trim(n.mfr, sizeof(n.mfr), ident->manufacturer, strlen(ident->manufacturer));
	map_trim(n.model, sizeof(n.model), ident->name, strlen(ident->name));
	map_trim(n.serial, sizeof(n.serial), ident->serial, strlen(ident->serial));
	if (u->map->rename != NULL)
		u->map->rename(&n, u);
	if (n.mfr[0] == '\0')
		snprintf(n.mfr, sizeof(n.mfr), "%s", u->map->vendor);
	if (n.model[0] == '\0')
		snprintf(n.model, sizeof(n.model), "unknown");
	return n;
}

static void
put_identity(const struct hidups *u, struct state *s)
{
	struct map_names n = names(u);
	const struct {
		const char *name, *text;
	} rows[] = {
	    {"ups.mfr", n.mfr},
	    {"ups.model", n.model},
	    {"ups.serial", n.serial},
	    {"ups.firmware", n.firmware},
	    {"ups.firmware.aux", n.firmware_aux},
	    {"device.mfr", n.mfr},
	    {"device.model", n.model},
	    {"device.serial", n.serial},
	    {"device.type", "ups"},
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].text[0] != '\0')
			state_set(s, rows[i].name, rows[i].text);
	state_setf(s, "ups.vendorid", "%04x", u->ident.vendor);
	state_setf(s, "ups.productid", "%04x", u->ident.product);
}

/* A delay of the driver's own, which may be set from 0 to `max`; -1: it may not. */
static void
put_delay(struct state *s, const char *name, long seconds, long max)
{
	const struct state_var *v;
	struct state_range r;

	state_setf(s, name, "%ld", seconds);
	state_flags(s, name, max < 0 ? 0 : STATE_RW | STATE_NUMBER);
	v = state_var(s, name);
	if (v->nranges > 0 && (r = v->ranges[0]).max != max)
		state_range_del(s, name, r.min, r.max);
	if (max >= 0)
		state_range_add(s, name, 0, max);
}

void
hidups_vars(const struct hidups *u, struct state *s)
{
	size_t i;

	put_rows(u, s);
	if (state_get(s, "ups.test.result") == NULL)
		state_set(s, "ups.test.result", "No test initiated");
	put_identity(u, s);
	put_delay(s, "ups.delay.shutdown", u->offdelay, hidups_offdelay_max(u));
	put_delay(s, "ups.delay.start", u->ondelay,
	    hidups_cmd(u, "load.on.delay") == NULL ? -1 : DELAY_MAX);
	put_status(u, s);
	for (i = 0; i < u->ncmds; i++)
		state_cmd_add(s, u->cmds[i].cmd->name);
	if (hidups_cmd(u, "load.off.delay") != NULL)
		state_cmd_add(s, "load.off");
	if (hidups_cmd(u, "load.on.delay") != NULL)
		state_cmd_add(s, "load.on");
	if (hidups_has_delays(u)) {
		state_cmd_add(s, "shutdown.return");
		state_cmd_add(s, "shutdown.stayoff");
	}
}
