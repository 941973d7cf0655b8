/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "check/check.h"
#include "cli/cli.h"
#include "cli/folder.h"

#define FOLDERS_MAX 64

static void
print_json(const struct check_list *found)
{
	json_t *all = json_array();

	for (size_t i = 0; i < found->count; i++) {
		const struct check_finding *f = &found->list[i];

		json_array_append_new(all,
		    json_pack("{s:s, s:s, s:i, s:s}", "weight", check_word(f->weight),
			"file", f->file, "line", f->line, "text", f->text));
	}
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(all);
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void
print_text(const struct check_list *found, const size_t *counts)
{
	for (size_t i = 0; i < found->count; i++) {
		const struct check_finding *f = &found->list[i];

		if (f->line > 0)
			printf("%s:%d: ", f->file, f->line);
		else
			printf("%s: ", f->file);
		printf("%s: %s\n", check_word(f->weight), f->text);
	}
	if (found->count == 0)
		puts("Nothing is wrong here.");
	else
		printf("%zu error%s, %zu warning%s, %zu note%s\n", counts[CHECK_ERROR],
		    plural(counts[CHECK_ERROR]), counts[CHECK_WARNING],
		    plural(counts[CHECK_WARNING]), counts[CHECK_NOTE],
		    plural(counts[CHECK_NOTE]));
}

/* Prints what was found; returns the exit status: 2 with an error, 1 with a warning. */
static int
report(const struct check_list *found, bool json)
{
	size_t counts[CHECK_ERROR + 1] = {0};

	for (size_t i = 0; i < found->count; i++)
		counts[found->list[i].weight]++;
	if (json)
		print_json(found);
	else
		print_text(found, counts);
	return counts[CHECK_ERROR] > 0 ? 2 : counts[CHECK_WARNING] > 0 ? 1 : 0;
}

int
cmd_check(int argc, char **argv)
{
	static const struct option options[] = {
	    {"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct check_conf *confs[FOLDERS_MAX];
	struct check_list found = {0};
	char *own = folder_own();
	size_t n = 0;
	int option, status = 2;
	bool json = false, readable = true;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'j') {
			free(own);
			return cli_usage("check");
		}
		json = true;
	}
	do {
		confs[n] = folder_read(optind < argc ? argv[optind] : own);
		readable &= confs[n] != NULL;
		n += confs[n] != NULL;
	} while (++optind < argc && n < FOLDERS_MAX);
	if (readable) {
		check_all(confs, n, &found);
		status = report(&found, json);
	}
	for (size_t i = 0; i < n; i++) {
		check_free(confs[i]);
		free(confs[i]);
	}
	check_list_free(&found);
	free(own);
	return status;
}
