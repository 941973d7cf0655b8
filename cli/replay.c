/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/replay.h"
#include "hid/hidups.h"
#include "hid/report.h"
#include "hid/usages.h"
#include "lib/xmem.h"

#define EXACT_MAX 1e15 /* whole numbers below are printed digit by digit */
#define PATH_BYTES 1024
#define USAGE_CHARS 9 /* eight digits and a dot */

char *
replay_number(char *out, size_t size, double value)
{
	if (fabs(value) < EXACT_MAX && value == floor(value)) {
		snprintf(out, size, "%.0f", value + 0.0); /* + 0.0: no "-0" */
		return out;
	}
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(out, size, "%.*g", digits, value);
		if (strtod(out, NULL) == value)
			break;
	}
	return out;
}

/* The field's value in the last recorded report of this type that holds it. */
static bool
value_in(const struct hid_desc *d, const struct recording *r, enum hid_type type,
    const struct hid_field *f, double *value)
{
	const size_t head = d->report_ids ? 1 : 0;
	const struct recording_report *report;
	int64_t raw;

	for (size_t i = r->nreports; i > 0; i--) {
		report = &r->reports[i - 1];
		if (report->type != type || report->id != f->report_id ||
		    report->len < head)
			continue;
		if (hid_report_get(f, report->bytes + head, report->len - head, &raw)) {
			*value = hid_report_scale(f, raw);
			return true;
		}
	}
	return false;
}

bool
replay_value(const struct hid_desc *d, const struct recording *r,
    const struct hid_field *f, double *value)
{
	const struct hid_field *twin;

	if (value_in(d, r, f->type, f, value))
		return true;
	if (f->type != HID_INPUT)
		return false;
	twin = hid_desc_find(d, HID_FEATURE, f->usages, f->depth);
	return twin != NULL && twin->report_id == f->report_id &&
	       twin->offset == f->offset && twin->size == f->size &&
	       value_in(d, r, HID_FEATURE, f, value);
}

char *
replay_usages(const struct hid_field *f)
{
	char *out = xmalloc(f->depth * USAGE_CHARS + 1);

	out[0] = '\0';
	for (size_t i = 0; i < f->depth; i++)
		sprintf(out + strlen(out), "%s%08x", i > 0 ? "." : "", f->usages[i]);
	return out;
}

void
replay_fields(struct buf *out, const struct hid_desc *d, const struct recording *r)
{
	char path[PATH_BYTES], number[32], *usages;
	const struct hid_field *f;
	double value;

	for (size_t i = 0; i < d->nfields; i++) {
		f = &d->fields[i];
		if (f->type == HID_OUTPUT)
			continue;
		snprintf(number, sizeof(number), "-");
		if (replay_value(d, r, f, &value))
			replay_number(number, sizeof(number), value);
		usages = replay_usages(f);
		buf_printf(out, "%s %u %u %u %s %s %s\n",
		    f->type == HID_INPUT ? "input" : "feature", f->report_id, f->offset,
		    f->size, usages, number,
		    hid_usage_path(path, sizeof(path), f->usages, f->depth));
		free(usages);
	}
}

void
replay_reports(struct hidups *u, const struct recording *r)
{
	for (size_t i = 0; i < r->nreports; i++)
		hidups_report(
		    u, r->reports[i].type, r->reports[i].bytes, r->reports[i].len);
}

struct hidups *
replay_device(const struct hid_desc *d, const struct recording *r)
{
	struct hidups *u = hidups_new(d, &r->ident);
	uint8_t indexes[16];
	size_t n;

	replay_reports(u, r);
	n = hidups_strings(u, indexes);
	for (size_t i = 0; i < n; i++)
		hidups_string(u, indexes[i],
		    r->strings[indexes[i]] != NULL ? r->strings[indexes[i]] : "");
	return u;
}

/* The reports that a command or a setting comes to. */
static void
put_writes(struct buf *out, const struct hidups_write *writes, size_t n)
{
	buf_printf(out, "%s", n == 0 ? " -" : " ");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_printf(out, ",");
		for (size_t j = 0; j < writes[i].len; j++)
			buf_printf(out, "%02x", writes[i].bytes[j]);
	}
	buf_printf(out, "\n");
}

/* What a variable takes. */
static void
put_kind(struct buf *out, const struct state_var *v)
{
	for (size_t i = 0; i < v->nranges; i++)
		buf_printf(out, " range %ld %ld", v->ranges[i].min, v->ranges[i].max);
	for (size_t i = 0; i < v->nenums; i++)
		buf_printf(out, "%s \"%s\"", i == 0 ? " enum" : "", v->enums[i]);
	if (v->nranges > 0 || v->nenums > 0)
		return;
	if (v->flags & STATE_STRING)
		buf_printf(out, " string %ld", v->aux);
	else
		buf_printf(out, " number");
}

void
replay_commands(struct buf *out, struct hidups *u, const struct state *vars)
{
	struct hidups_write *writes = xcalloc(HIDUPS_WRITES_MAX, sizeof(*writes));
	char cause[128];
	size_t n;

	for (size_t i = 0; i < vars->ncmds; i++) {
		buf_printf(out, "cmd %s", vars->cmds[i]);
		hidups_command(u, vars->cmds[i], NULL, writes, &n, cause, sizeof(cause));
		put_writes(out, writes, n);
	}
	for (size_t i = 0; i < vars->nvars; i++) {
		const struct state_var *v = vars->vars[i];

		if (!(v->flags & STATE_RW))
			continue;
		buf_printf(out, "rw %s", v->name);
		put_kind(out, v);
		hidups_set(u, v->name, v->text, writes, &n, cause, sizeof(cause));
		put_writes(out, writes, n);
	}
	free(writes);
}

void
replay_quirks(struct buf *out, const struct hidups *u)
{
	struct hidups_quirk q;
	char factor[32];

	for (size_t at = 0; hidups_quirk(u, &at, &q);)
		buf_printf(out, "%s %s %s\n", q.path,
		    replay_number(factor, sizeof(factor), q.factor), q.why);
}
