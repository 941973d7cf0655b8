/* SPDX-License-Identifier: ISC */
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "doctor/bundle.h"
#include "doctor/doctor.h"
#include "doctor/look.h"
#include "lib/buf.h"

static char *
to_json(const struct doctor_report *r)
{
	json_t *all = json_array();
	char *text;

	for (size_t i = 0; i < r->count; i++) {
		const struct doctor_finding *f = &r->list[i];

		json_array_append_new(all,
		    json_pack("{s:s, s:s, s:s, s:s?}", "look", f->look, "weight",
			doctor_word(f->weight), "text", f->text, "remedy", f->remedy));
	}
	text = json_dumps(all, JSON_INDENT(2));
	json_decref(all);
	return text;
}

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* A line for each finding, and one more for what to type. */
static void
to_text(const struct doctor_report *r, struct buf *out)
{
	const size_t errors = doctor_count(r, DOCTOR_ERROR);
	const size_t warnings = doctor_count(r, DOCTOR_WARNING);
	const size_t notes = doctor_count(r, DOCTOR_NOTE);

	for (size_t i = 0; i < r->count; i++) {
		const struct doctor_finding *f = &r->list[i];

		buf_printf(
		    out, "%-8s %s: %s\n", doctor_word(f->weight), f->look, f->text);
		if (f->remedy != NULL)
			buf_printf(out, "         > %s\n", f->remedy);
	}
	if (errors + warnings == 0)
		buf_puts(out, "Nothing is wrong here.\n");
	else
		buf_printf(out, "%zu error%s, %zu warning%s, %zu note%s\n", errors,
		    plural(errors), warnings, plural(warnings), notes, plural(notes));
}

/* Looks, and tells; returns the exit status. */
static int
examine(struct doctor *d, bool json, const char *bundle)
{
	struct doctor_report report = {0};
	struct buf text = {0};
	char *made;
	int status;

	doctor_look(d, &report);
	to_text(&report, &text);
	made = to_json(&report);
	status = doctor_count(&report, DOCTOR_ERROR) > 0     ? 2
		 : doctor_count(&report, DOCTOR_WARNING) > 0 ? 1
							     : 0;
	if (bundle != NULL)
		status = bundle_write(d, buf_str(&text), made, bundle) == 0 ? 0 : 2;
	else if (json)
		puts(made);
	else
		fputs(buf_str(&text), stdout);
	free(made);
	buf_free(&text);
	doctor_report_free(&report);
	return status;
}

/* holdup doctor: what is wrong with this machine. */
int
cmd_doctor(int argc, char **argv)
{
	static const struct option options[] = {{"json", no_argument, NULL, 'j'},
	    {"bundle", required_argument, NULL, 'b'}, {NULL, 0, NULL, 0}};
	const char *bundle = NULL;
	struct doctor d;
	int option, status;
	bool json = false;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'j')
			json = true;
		else if (option == 'b')
			bundle = optarg;
		else
			return cli_usage("doctor");
	}
	if (optind < argc || (json && bundle != NULL))
		return cli_usage("doctor");
	if (doctor_begin(&d) < 0)
		return 2;
	status = examine(&d, json, bundle);
	doctor_end(&d);
	return status;
}
