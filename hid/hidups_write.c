/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/hidups_in.h"
#include "hid/report.h"

/* The writes that a command comes to. */
struct batch {
	struct hidups_write *writes;
	size_t n;
};

const struct bound_cmd *
hidups_cmd(const struct hidups *u, const char *name)
{
	size_t i;

	for (i = 0; i < u->ncmds; i++)
		if (strcmp(u->cmds[i].cmd->name, name) == 0)
			return &u->cmds[i];
	return NULL;
}

bool
hidups_has_delays(const struct hidups *u)
{
	return hidups_cmd(u, "load.off.delay") != NULL &&
	       hidups_cmd(u, "load.on.delay") != NULL;
}

/* A report to write that holds what was last read, as long as the device itself made it
 * (some declare 33 bytes and send 3), or zeros as declared when it was never read. */
static struct hidups_write *
start_write(const struct hidups *u, const struct hid_field *f, struct batch *b)
{
	size_t declared = hid_desc_report_len(u->desc, HID_FEATURE, f->report_id);
	size_t read = u->feature_len[f->report_id];
	struct hidups_write *w;
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->writes[i].id == f->report_id)
			return &b->writes[i];
	if (b->n == HIDUPS_WRITES_MAX)
		return NULL;
	w = &b->writes[b->n++];
	memset(w, 0, sizeof(*w));
	w->id = f->report_id;
	w->bytes[0] = f->report_id;
	w->len = declared + (u->desc->report_ids ? 0 : 1);
	if (read != 0) {
		if (read + 1 < w->len && (f->offset + f->size + 7) / 8 <= read)
			w->len = read + 1;
		memcpy(w->bytes + 1, u->features[f->report_id],
		    read < w->len - 1 ? read : w->len - 1);
	}
	return w;
}

static bool
write_field(
    const struct hidups *u, const struct hid_field *f, int64_t raw, struct batch *b)
{
	struct hidups_write *w = start_write(u, f, b);

	return w != NULL && hid_report_put(f, w->bytes + 1, w->len - 1, raw);
}

/* The raw value of so many seconds, rounded up: a machine that was promised 20 s gets
 * them from a timer of whole minutes too. False when the field cannot hold it. */
static bool
seconds_raw(const struct hidups *u, const struct bound_cmd *c, long seconds, int64_t *raw)
{
	const struct hid_field *f = c->field;
	struct map_in in = {.ups = u, .field = f};
	int bits = (int)f->size - (f->logical_min < 0 ? 1 : 0);

	if (c->cmd->order != NULL)
		return c->cmd->order(&in, seconds, raw);
	*raw = hidups_unscale(u, f, (double)seconds);
	if (hidups_scale(u, f, *raw, NULL) < (double)seconds - 1e-6)
		++*raw;
	return *raw >= 0 && *raw < (int64_t)1 << bits;
}

static enum hidups_answer
invalid_seconds(const char *name, const char *value, char *cause, size_t size)
{
	snprintf(cause, size, "%s: \"%s\" is not a number of seconds it can wait", name,
	    value);
	return HIDUPS_INVALID;
}

/* One command that writes one field. */
static enum hidups_answer
run(const struct hidups *u, const struct bound_cmd *c, const char *value, struct batch *b,
    char *cause, size_t size)
{
	long seconds = (long)c->cmd->value;
	int64_t raw = c->cmd->value;

	if (c->cmd->arg == MAP_OFFDELAY)
		seconds = u->offdelay;
	else if (c->cmd->arg == MAP_ONDELAY)
		seconds = u->ondelay;
	if (c->cmd->arg == MAP_RAW) {
		if (value != NULL) {
			snprintf(cause, size, "%s takes no value", c->cmd->name);
			return HIDUPS_INVALID;
		}
	} else {
		if (value != NULL && !hidups_seconds(value, &seconds))
			return invalid_seconds(c->cmd->name, value, cause, size);
		if (!seconds_raw(u, c, seconds, &raw))
			return invalid_seconds(
			    c->cmd->name, value == NULL ? "default" : value, cause, size);
	}
	if (!write_field(u, c->field, raw, b)) {
		snprintf(cause, size, "%s: the report is shorter than its field",
		    c->cmd->name);
		return HIDUPS_INVALID;
	}
	return HIDUPS_OK;
}

/* Some have a setting for whether they start again by themselves: it must say the same as
 * the command (NUT does so, too). False when it cannot be written. */
static bool
agree(const struct hidups *u, bool stay_off, struct batch *b)
{
	const struct bound_row *row = hidups_shown(u, "ups.start.auto");
	const char *want = stay_off ? "no" : "yes";
	const struct map_word *w;

	if (row == NULL || !hidups_writable(row))
		return true;
	for (w = row->row->words; w != NULL && w->text != NULL; w++)
		if (strcmp(w->text, want) == 0 &&
		    hidups_slot(u, row->feature)->raw != w->raw)
			return write_field(u, row->feature, w->raw, b);
	return true;
}

/* shutdown.return and shutdown.stayoff of a device with two timers: first when to come
 * back (never: -1), then when to go. */
static enum hidups_answer
run_delays(const struct hidups *u, bool stay_off, const char *value, struct batch *b,
    char *cause, size_t size)
{
	const struct bound_cmd *on = hidups_cmd(u, "load.on.delay");
	const struct bound_cmd *off = hidups_cmd(u, "load.off.delay");
	enum hidups_answer answer = HIDUPS_OK;

	if (!agree(u, stay_off, b) || (stay_off && !write_field(u, on->field, -1, b)))
		answer = HIDUPS_INVALID;
	else if (!stay_off)
		answer = run(u, on, NULL, b, cause, size);
	return answer == HIDUPS_OK ? run(u, off, value, b, cause, size) : answer;
}

/* load.off and load.on of a device that has no field for them are delays of nothing. */
static const struct bound_cmd *
at_once(const struct hidups *u, const char *cmd)
{
	if (strcmp(cmd, "load.off") == 0)
		return hidups_cmd(u, "load.off.delay");
	return strcmp(cmd, "load.on") == 0 ? hidups_cmd(u, "load.on.delay") : NULL;
}

enum hidups_answer
hidups_command(const struct hidups *u, const char *cmd, const char *value,
    struct hidups_write *writes, size_t *nwrites, char *cause, size_t size)
{
	const struct bound_cmd *c = hidups_cmd(u, cmd);
	bool stay_off = strcmp(cmd, "shutdown.stayoff") == 0;
	struct batch b = {writes, 0};
	enum hidups_answer answer;

	*nwrites = 0;
	if (size > 0)
		cause[0] = '\0';
	if (value != NULL && *value == '\0')
		value = NULL;
	if (c == NULL && value == NULL && (c = at_once(u, cmd)) != NULL)
		value = "0";
	if (c != NULL)
		answer = run(u, c, value, &b, cause, size);
	else if (hidups_has_delays(u) &&
		 (stay_off || strcmp(cmd, "shutdown.return") == 0))
		answer = run_delays(u, stay_off, value, &b, cause, size);
	else
		answer = HIDUPS_UNKNOWN;
	if (answer == HIDUPS_OK)
		*nwrites = b.n;
	return answer;
}

/* Text to the raw value of a settable row. */
static bool
parse_value(const struct hidups *u, const struct bound_row *b, const char *value,
    int64_t *raw, char *cause, size_t size)
{
	const struct map_row *row = b->row;
	const struct map_word *w;
	long min, max;
	double number;
	char *end;

	if (row->raw != NULL) {
		snprintf(
		    cause, size, "%s: \"%s\" is no date YYYY/MM/DD", row->name, value);
		return row->raw(value, raw);
	}
	for (w = row->words; w != NULL && w->text != NULL; w++) {
		if (strcmp(w->text, value) == 0) {
			*raw = w->raw;
			return true;
		}
	}
	number = strtod(value, &end);
	if (row->words != NULL || end == value || *end != '\0' || !isfinite(number)) {
		snprintf(cause, size, "%s: \"%s\" is not %s", row->name, value,
		    row->words == NULL ? "a number" : "one of its values");
		return false;
	}
	if (hidups_range(u, b, &min, &max) &&
	    (number < (double)min || number > (double)max)) {
		snprintf(cause, size, "%s: %s is not within %ld to %ld", row->name, value,
		    min, max);
		return false;
	}
	*raw = hidups_unscale(u, b->feature, number);
	if (*raw < -((int64_t)1 << (b->feature->size - 1)) ||
	    *raw >= (int64_t)1 << b->feature->size) {
		snprintf(cause, size, "%s: %s does not fit", row->name, value);
		return false;
	}
	return true;
}

enum hidups_answer
hidups_set(struct hidups *u, const char *var, const char *value,
    struct hidups_write *writes, size_t *nwrites, char *cause, size_t size)
{
	const struct bound_row *b;
	struct batch batch = {writes, 0};
	int64_t raw;

	*nwrites = 0;
	if (size > 0)
		cause[0] = '\0';
	if (strncmp(var, "ups.delay.", 10) == 0)
		return hidups_set_delay(u, var, value, cause, size);
	b = hidups_shown(u, var);
	if (b == NULL || !hidups_writable(b))
		return HIDUPS_UNKNOWN;
	if (!parse_value(u, b, value, &raw, cause, size))
		return HIDUPS_INVALID;
	if (!write_field(u, b->feature, raw, &batch)) {
		snprintf(cause, size, "%s: the report is shorter than its field", var);
		return HIDUPS_INVALID;
	}
	*nwrites = batch.n;
	return HIDUPS_OK;
}

/* True when the field holds this number, or nobody knows. */
static bool
holds(const struct hidups *u, const struct hid_field *f, int64_t raw)
{
	const struct slot *slot = hidups_slot(u, f);
	const uint64_t bits = ((uint64_t)1 << f->size) - 1;

	return !slot->known || (((uint64_t)slot->raw ^ (uint64_t)raw) & bits) == 0;
}

bool
hidups_kept(
    const struct hidups *u, const char *name, const char *value, char *cause, size_t size)
{
	const struct bound_cmd *c = value == NULL ? hidups_cmd(u, name) : NULL;
	const struct bound_row *b = value == NULL ? NULL : hidups_shown(u, name);
	char now[STATE_VALUE_MAX + 1];
	int64_t raw;

	if (c != NULL && c->cmd->stays && !holds(u, c->field, c->cmd->value)) {
		snprintf(cause, size, "asked for %lld, it says %lld",
		    (long long)c->cmd->value, (long long)hidups_slot(u, c->field)->raw);
		return false;
	}
	if (b == NULL || !hidups_writable(b) || b->row->flags & MAP_ACTS ||
	    !parse_value(u, b, value, &raw, cause, size) || holds(u, b->feature, raw) ||
	    !map_variable(u, name, now, sizeof(now)))
		return true;
	snprintf(cause, size, "asked for %s, it says %s", value, now);
	return false;
}
