/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"
#include "lib/utf8.h"
#include "lib/xmem.h"

const char *
doctor_word(enum doctor_weight weight)
{
	static const char *const words[] = {
	    [DOCTOR_FINE] = "ok",
	    [DOCTOR_NOTE] = "note",
	    [DOCTOR_WARNING] = "warning",
	    [DOCTOR_ERROR] = "error",
	};

	return words[weight];
}

/* The text as one line that may be printed, and be JSON: names come from processes, devices and
 * whoever asks the server, and a terminal obeys what stands in them. */
static char *
printable(char *text)
{
	struct buf out = {0};
	char *line;

	utf8_add(&out, text);
	line = xstrdup(buf_str(&out));
	for (char *at = line; (at = strchr(at, '\n')) != NULL;)
		*at = '?';
	buf_free(&out);
	free(text);
	return line;
}

void
doctor_say(struct doctor_report *r, enum doctor_weight weight, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	r->list = xreallocarray(r->list, r->count + 1, sizeof(*r->list));
	r->list[r->count++] = (struct doctor_finding){.look = r->look,
	    .weight = weight,
	    .text = printable(xvasprintf(format, args))};
	va_end(args);
}

void
doctor_remedy(struct doctor_report *r, const char *format, ...)
{
	struct doctor_finding *last = &r->list[r->count - 1];
	va_list args;

	va_start(args, format);
	free(last->remedy);
	last->remedy = printable(xvasprintf(format, args));
	va_end(args);
}

void
doctor_report_free(struct doctor_report *r)
{
	for (size_t i = 0; i < r->count; i++) {
		free(r->list[i].text);
		free(r->list[i].remedy);
	}
	free(r->list);
	*r = (struct doctor_report){0};
}

size_t
doctor_count(const struct doctor_report *r, enum doctor_weight weight)
{
	size_t n = 0;

	for (size_t i = 0; i < r->count; i++)
		n += r->list[i].weight == weight;
	return n;
}

bool
doctor_well(const struct doctor_report *r)
{
	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->list[i].look, r->look) == 0 &&
		    r->list[i].weight != DOCTOR_FINE)
			return false;
	return true;
}

char *
doctor_length(char out[static DOCTOR_LENGTH_MAX], double s)
{
	static const struct {
		double from, unit;
		const char *word;
	} units[] = {
	    {172800, 86400, "d"}, {7200, 3600, "h"}, {120, 60, "min"}, {0, 1, "s"}};
	size_t i = 0;

	if (s < 0)
		s = 0;
	while (s < units[i].from)
		i++;
	snprintf(out, DOCTOR_LENGTH_MAX, "%.0f %s", s / units[i].unit, units[i].word);
	return out;
}
