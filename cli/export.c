/* SPDX-License-Identifier: ISC */
#include "cli/export.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/kept.h"
#include "cli/when.h"
#include "lib/xmem.h"

struct options {
	bool json;
	const char *ups; /* NULL: all */
	int64_t from, to;
	char **variables;
	int nvariables; /* 0: all */
};

struct names {
	char **list;
	size_t count;
};

static void
on_name(void *arg, const char *name)
{
	struct names *n = arg;

	n->list = xreallocarray(n->list, n->count + 1, sizeof(*n->list));
	n->list[n->count++] = xstrdup(name);
}

static void
names_free(struct names *n)
{
	for (size_t i = 0; i < n->count; i++)
		free(n->list[i]);
	free(n->list);
}

/* A field of CSV (RFC 4180): quoted where it must be. */
static void
put_field(const char *text)
{
	if (text[strcspn(text, "\",\r\n")] == '\0') {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

static void
on_csv(void *arg, const char *ups, const char *variable, int64_t at, double value)
{
	char time[32];

	printf("%s,", when_utc(time, sizeof(time), at));
	put_field(ups);
	putchar(',');
	put_field(variable);
	if (isnan(value))
		fputs(",\r\n", stdout);
	else
		printf(",%.10g\r\n", value);
}

/* Names of UPSes and variables have no character that JSON would want to be escaped. */
static void
on_json(void *arg, const char *ups, const char *variable, int64_t at, double value)
{
	bool *first = arg;

	printf("%s\n{\"at\": %.3f, \"ups\": \"%s\", \"variable\": \"%s\", \"value\": ",
	    *first ? "" : ",", (double)at / 1000, ups, variable);
	if (isnan(value))
		fputs("null}", stdout);
	else
		printf("%.10g}", value);
	*first = false;
}

static bool
is_wanted(const struct options *o, const char *variable)
{
	for (int i = 0; i < o->nvariables; i++)
		if (strcmp(o->variables[i], variable) == 0)
			return true;
	return o->nvariables == 0;
}

/* A word of the command line that is no name the history has. */
static int
unknown(const struct names *n, const char *what, const char *word)
{
	for (size_t i = 0; word != NULL && i < n->count; i++)
		if (strcmp(n->list[i], word) == 0)
			return 0;
	if (word == NULL)
		return 0;
	return cli_complain("the history has no %s '%s'", what, word);
}

/* Everything that is wanted, variable by variable. */
static int
write_all(struct history *h, const struct options *o, const struct names *upses,
    const struct names *variables, char cause[HISTORY_CAUSE])
{
	bool first = true;

	for (size_t i = 0; i < upses->count; i++)
		for (size_t k = 0; k < variables->count; k++) {
			if ((o->ups != NULL && strcmp(o->ups, upses->list[i]) != 0) ||
			    !is_wanted(o, variables->list[k]))
				continue;
			if (history_values(h, upses->list[i], variables->list[k], o->from,
				o->to, o->json ? on_json : on_csv, &first, cause) != 0)
				return -1;
		}
	return 0;
}

static int
write_file(struct history *h, const struct options *o)
{
	struct names upses = {0}, variables = {0};
	char cause[HISTORY_CAUSE];
	int result = 0;

	if (history_upses(h, on_name, &upses, cause) != 0 ||
	    history_variables(h, on_name, &variables, cause) != 0) {
		result = cli_complain("%s", cause);
		goto out;
	}
	result = unknown(&upses, "UPS", o->ups);
	for (int i = 0; i < o->nvariables && result == 0; i++)
		result = unknown(&variables, "variable", o->variables[i]);
	if (result != 0)
		goto out;
	fputs(o->json ? "[" : "time,ups,variable,value\r\n", stdout);
	if (write_all(h, o, &upses, &variables, cause) != 0)
		result = cli_complain("%s", cause);
	if (o->json)
		puts("\n]");
	if (fflush(stdout) != 0)
		result = cli_complain("the values cannot be written");
out:
	names_free(&upses);
	names_free(&variables);
	return result;
}

/* Where the time of an option goes; NULL: it has none. */
static int64_t *
time_of(struct options *o, const char *option)
{
	if (strcmp(option, "--from") == 0)
		return &o->from;
	return strcmp(option, "--to") == 0 ? &o->to : NULL;
}

int
export_command(int argc, char **argv)
{
	struct options o = {.to = kept_now() + 1};
	struct history *h;
	int64_t *at;
	int i, result;

	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(argv[i], "--json") == 0 || strcmp(argv[i], "--csv") == 0) {
			o.json = argv[i][2] == 'j';
			continue;
		}
		if (value != NULL && strcmp(argv[i], "--ups") == 0)
			o.ups = value;
		else if (value == NULL || (at = time_of(&o, argv[i])) == NULL)
			return cli_usage("history");
		else if (kept_when(argv[i], value, at) != 0)
			return 1;
		i++;
	}
	o.variables = argv + i;
	o.nvariables = argc - i;
	if ((h = kept_open()) == NULL)
		return 1;
	result = write_file(h, &o);
	history_close(h);
	return result;
}
