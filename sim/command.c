/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "sim/command.h"

#define LINE_LENGTH_MAX 256
#define SPEED_MAX 100000

enum argument { NONE, OPTIONAL, NEEDED };

static const struct row {
	const char *name;
	enum command_verb verb;
	enum argument argument;
	double low, high;
	const char *unit;
} rows[] = {
    {"unplug", COMMAND_UNPLUG, NONE, 0, 0, ""},
    {"plug", COMMAND_PLUG, NONE, 0, 0, ""},
    {"load", COMMAND_LOAD, NEEDED, 0, 200, "%"},
    {"charge", COMMAND_CHARGE, NEEDED, 0, 100, "%"},
    {"age", COMMAND_AGE, NEEDED, 0, 95, "%"},
    {"temperature", COMMAND_TEMPERATURE, NEEDED, -20, 80, " degrees Celsius"},
    {"usb-drop", COMMAND_USB_DROP, OPTIONAL, 0, 86400, " seconds"},
    {"usb-back", COMMAND_USB_BACK, NONE, 0, 0, ""},
    {"stall", COMMAND_STALL, NEEDED, 0, 3600, " seconds"},
    {"speed", COMMAND_SPEED, NEEDED, 0.01, SPEED_MAX, ""},
    {"status", COMMAND_STATUS, NONE, 0, 0, ""},
    {"quit", COMMAND_QUIT, NONE, 0, 0, ""},
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

static const struct row *
row_of(const char *name)
{
	size_t i;

	for (i = 0; i < NROWS; i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

static int
unknown(const char *name, char *cause, size_t size)
{
	size_t i;
	int len;

	len = snprintf(cause, size, "'%.40s' is no command; there are:", name);
	for (i = 0; i < NROWS && len > 0 && (size_t)len < size; i++)
		len += snprintf(cause + len, size - (size_t)len, " %s", rows[i].name);
	return -1;
}

/* Reads a number within the row's limits, with or without a percent sign. */
static int
read_value(
    const struct row *row, const char *text, double *value, char *cause, size_t size)
{
	char *end;

	*value = strtod(text, &end);
	if (end != text && *end == '%' && strcmp(row->unit, "%") == 0)
		end++;
	if (end != text && *end == '\0' && isfinite(*value) && *value >= row->low &&
	    *value <= row->high)
		return 0;
	snprintf(cause, size, "'%.40s' is no number of %g to %g%s; as in: %s %g%.1s",
	    text, row->low, row->high, row->unit, row->name, row->high, row->unit);
	return -1;
}

int
command_parse(struct command *c, const char *line, char *cause, size_t size)
{
	char copy[LINE_LENGTH_MAX], *word, *more, *rest;
	const struct row *row;

	if (strlen(line) >= sizeof(copy)) {
		snprintf(cause, size, "the line is too long");
		return -1;
	}
	memcpy(copy, line, strlen(line) + 1);
	if ((word = strtok_r(copy, " \t", &rest)) == NULL)
		return unknown("", cause, size);
	if ((row = row_of(word)) == NULL)
		return unknown(word, cause, size);
	*c = (struct command){.verb = row->verb, .value = -1.0};
	word = strtok_r(NULL, " \t", &rest);
	more = strtok_r(NULL, " \t", &rest);
	if (word == NULL && row->argument == NEEDED) {
		snprintf(cause, size, "%s needs a number of %g to %g%s", row->name,
		    row->low, row->high, row->unit);
		return -1;
	}
	if (more != NULL || (word != NULL && row->argument == NONE)) {
		snprintf(cause, size, "%s takes %s", row->name,
		    row->argument == NONE ? "nothing more" : "one number");
		return -1;
	}
	return word == NULL ? 0 : read_value(row, word, &c->value, cause, size);
}

/* Reads "SECONDS command" into the next line of the scenario. */
static int
scenario_add(struct scenario *s, const char *text, char *cause, size_t size)
{
	struct scenario_line line;
	char *end;
	size_t i;

	line.at = strtod(text, &end);
	if (end == text || (*end != ' ' && *end != '\t') || !isfinite(line.at) ||
	    line.at < 0) {
		snprintf(cause, size, "a line is SECONDS command, not '%.40s'", text);
		return -1;
	}
	if (command_parse(&line.command, end, cause, size) != 0)
		return -1;
	s->lines = xreallocarray(s->lines, s->count + 1, sizeof(*s->lines));
	for (i = s->count; i > 0 && s->lines[i - 1].at > line.at; i--)
		s->lines[i] = s->lines[i - 1];
	s->lines[i] = line;
	s->count++;
	return 0;
}

struct scenario *
scenario_read(const char *text, char *cause, size_t size)
{
	struct scenario *s = xcalloc(1, sizeof(*s));
	char *copy = xstrdup(text), *at = copy, *line, why[256];
	int number = 0;

	while ((line = strsep(&at, "\n")) != NULL) {
		number++;
		line += strspn(line, " \t");
		line[strcspn(line, "\r")] = '\0';
		if (*line == '\0' || *line == '#')
			continue;
		if (scenario_add(s, line, why, sizeof(why)) != 0) {
			snprintf(cause, size, "line %d: %s", number, why);
			scenario_free(s);
			s = NULL;
			break;
		}
	}
	free(copy);
	return s;
}

void
scenario_free(struct scenario *s)
{
	if (s == NULL)
		return;
	free(s->lines);
	free(s);
}
