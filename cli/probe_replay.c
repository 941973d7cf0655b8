/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/probe.h"
#include "cli/replay.h"
#include "hid/usages.h"
#include "lib/conf.h"
#include "lib/xmem.h"

#define CAUSE_MAX 256
#define PATH_BYTES 1024
#define JSON_STYLE (JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15))

void
probe_json(json_t *json)
{
	json_dumpf(json, stdout, JSON_STYLE);
	putchar('\n');
	json_decref(json);
}

static json_t *
fields_json(const struct hid_desc *d, const struct recording *r)
{
	json_t *list = json_array();
	const struct hid_field *f;
	char path[PATH_BYTES], *usages;
	double value;

	for (size_t i = 0; i < d->nfields; i++) {
		f = &d->fields[i];
		if (f->type == HID_OUTPUT)
			continue;
		usages = replay_usages(f);
		json_array_append_new(list,
		    json_pack("{s:s, s:i, s:i, s:i, s:s, s:o, s:s}", "type",
			f->type == HID_INPUT ? "input" : "feature", "report_id",
			(int)f->report_id, "offset", (int)f->offset, "size", (int)f->size,
			"usages", usages, "value",
			replay_value(d, r, f, &value) ? json_real(value) : json_null(),
			"path", hid_usage_path(path, sizeof(path), f->usages, f->depth)));
		free(usages);
	}
	return list;
}

static json_t *
vars_json(const struct state *vars)
{
	json_t *object = json_object();

	for (size_t i = 0; i < vars->nvars; i++)
		json_object_set_new(
		    object, vars->vars[i]->name, json_string(vars->vars[i]->text));
	return object;
}

/* The reports that a command or a setting comes to, in hex. */
static json_t *
writes_json(const struct hidups_write *writes, size_t n)
{
	char hex[2 * sizeof(writes->bytes) + 1];
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		hex[0] = '\0';
		for (size_t j = 0; j < writes[i].len; j++)
			sprintf(hex + 2 * j, "%02x", writes[i].bytes[j]);
		json_array_append_new(list, json_string(hex));
	}
	return list;
}

/* What a variable takes: {"range": [MIN, MAX]}, {"enum": [VALUE ...]}, or no more. */
static json_t *
kind_json(const struct state_var *v)
{
	json_t *kind = json_object(), *values = json_array();

	for (size_t i = 0; i < v->nenums; i++)
		json_array_append_new(values, json_string(v->enums[i]));
	for (size_t i = 0; i < v->nranges && v->nenums == 0; i++) {
		json_array_append_new(values, json_integer(v->ranges[i].min));
		json_array_append_new(values, json_integer(v->ranges[i].max));
	}
	if (json_array_size(values) > 0)
		json_object_set(kind, v->nenums > 0 ? "enum" : "range", values);
	json_decref(values);
	return kind;
}

static json_t *
commands_json(struct hidups *u, const struct state *vars)
{
	struct hidups_write *writes = xcalloc(HIDUPS_WRITES_MAX, sizeof(*writes));
	json_t *commands = json_object(), *settings = json_object(), *kind;
	char cause[CAUSE_MAX];
	size_t n;

	for (size_t i = 0; i < vars->ncmds; i++) {
		hidups_command(u, vars->cmds[i], NULL, writes, &n, cause, sizeof(cause));
		json_object_set_new(commands, vars->cmds[i], writes_json(writes, n));
	}
	for (size_t i = 0; i < vars->nvars; i++) {
		const struct state_var *v = vars->vars[i];

		if (!(v->flags & STATE_RW))
			continue;
		hidups_set(u, v->name, v->text, writes, &n, cause, sizeof(cause));
		kind = kind_json(v);
		json_object_set_new(kind, "writes", writes_json(writes, n));
		json_object_set_new(settings, v->name, kind);
	}
	free(writes);
	return json_pack("{s:o, s:o}", "commands", commands, "settings", settings);
}

static json_t *
quirks_json(const struct hidups *u)
{
	json_t *list = json_array();
	struct hidups_quirk q;

	for (size_t at = 0; hidups_quirk(u, &at, &q);)
		json_array_append_new(list, json_pack("{s:s, s:f, s:s}", "path", q.path,
						"factor", q.factor, "why", q.why));
	return list;
}

/* As upsc prints them. */
static void
print_vars(struct buf *out, const struct state *vars)
{
	for (size_t i = 0; i < vars->nvars; i++)
		buf_printf(out, "%s: %s\n", vars->vars[i]->name, vars->vars[i]->text);
}

static void
show_json(enum probe_show show, const struct hid_desc *d, const struct recording *r,
    struct hidups *u, const struct state *vars)
{
	switch (show) {
	case PROBE_FIELDS:
		probe_json(fields_json(d, r));
		break;
	case PROBE_VARS:
		probe_json(vars_json(vars));
		break;
	case PROBE_COMMANDS:
		probe_json(commands_json(u, vars));
		break;
	case PROBE_QUIRKS:
		probe_json(quirks_json(u));
		break;
	}
}

static void
show_text(enum probe_show show, const struct hid_desc *d, const struct recording *r,
    struct hidups *u, const struct state *vars)
{
	struct buf out = {0};

	switch (show) {
	case PROBE_FIELDS:
		replay_fields(&out, d, r);
		break;
	case PROBE_VARS:
		print_vars(&out, vars);
		break;
	case PROBE_COMMANDS:
		replay_commands(&out, u, vars);
		break;
	case PROBE_QUIRKS:
		replay_quirks(&out, u);
		break;
	}
	fputs(buf_str(&out), stdout);
	buf_free(&out);
}

int
probe_replay(const char *file, enum probe_show show, bool json)
{
	char cause[CAUSE_MAX], *text;
	struct recording *r = NULL;
	struct hid_desc *d = NULL;
	struct hidups *u = NULL;
	struct state *vars = NULL;
	size_t len;
	int result = 1;

	if ((text = conf_slurp(file, &len)) == NULL)
		return cli_complain("cannot read %s: %s", file, strerror(errno));
	if ((r = recording_read(text, len, cause, sizeof(cause))) == NULL) {
		cli_complain("%s is no recording: %s", file, cause);
		goto out;
	}
	d = hid_desc_parse(r->descriptor, r->descriptor_len, cause, sizeof(cause));
	if (d == NULL) {
		cli_complain("%s: the descriptor is damaged: %s", file, cause);
		goto out;
	}
	u = replay_device(d, r);
	vars = state_new();
	hidups_vars(u, vars);
	(json ? show_json : show_text)(show, d, r, u, vars);
	result = 0;
out:
	state_free(vars);
	hidups_free(u);
	hid_desc_free(d);
	recording_free(r);
	free(text);
	return result;
}
