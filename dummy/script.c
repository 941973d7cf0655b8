/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dummy/script.h"
#include "lib/buf.h"
#include "lib/state.h"
#include "lib/xmem.h"

static void
step_add(struct script *s, const struct conf_line *line, struct script_step step)
{
	if (s->count == SCRIPT_STEPS_MAX) {
		conf_fault(
		    line, "more than %d lines: this one is ignored", SCRIPT_STEPS_MAX);
		free(step.name);
		free(step.value);
		return;
	}
	s->steps = xreallocarray(s->steps, s->count + 1, sizeof(*s->steps));
	s->steps[s->count++] = step;
}

/* `first`, if there is one, and the words from `from` on, one blank between them. The
 * caller frees. */
static char *
text_of(const struct words *w, const char *first, int from)
{
	struct buf text = {0};
	char *copy;

	buf_puts(&text, first);
	for (int i = from; i < w->argc; i++)
		buf_printf(&text, "%s%s", text.len > 0 ? " " : "", w->argv[i]);
	copy = xstrdup(buf_str(&text));
	buf_free(&text);
	return copy;
}

static void
take_timer(struct script *s, const struct conf_line *line)
{
	int seconds;

	if (line->words->argc < 2)
		conf_fault(line, "TIMER without seconds: the line is ignored");
	else if (conf_number(line, 1, 0, SCRIPT_SECONDS_MAX, &seconds))
		step_add(s, line,
		    (struct script_step){
			.kind = SCRIPT_WAIT, .seconds = (unsigned)seconds});
}

/* A name never has a colon or a `=`: they part it from the value, with or without
 * blanks. */
static void
take_variable(struct script *s, const struct conf_line *line)
{
	const struct words *w = line->words;
	char *name = w->argv[0], *colon = strchr(name, ':');
	const char *first = "";
	int from = 1;

	if (colon != NULL) {
		*colon = '\0';
		first = colon + 1;
	} else if (w->argc > 1 && !w->quoted[1] &&
		   (strcmp(w->argv[1], "=") == 0 || strcmp(w->argv[1], ":") == 0))
		from = 2;
	if (!state_name_ok(name) || strcmp(name, "=") == 0) {
		conf_fault(line,
		    "\"%.40s\" cannot be the name of a variable, write for example "
		    "battery.charge: 87; the line is ignored",
		    name);
		return;
	}
	step_add(s, line,
	    (struct script_step){.kind = SCRIPT_SET,
		.name = xstrdup(name),
		.value = text_of(w, first, from)});
}

static void
take_line(void *arg, const struct conf_line *line)
{
	struct script *s = arg;

	if (line->words == NULL)
		conf_fault(line, "[%.40s] has no meaning here: the line is ignored",
		    line->section);
	else if (strcmp(line->words->argv[0], "TIMER") == 0)
		take_timer(s, line);
	else if (strcmp(line->words->argv[0], "ALARM") == 0)
		step_add(s, line,
		    (struct script_step){
			.kind = SCRIPT_ALARM, .value = text_of(line->words, "", 1)});
	else
		take_variable(s, line);
}

void
script_read(
    struct script *s, const char *file, const char *text, size_t len, struct problems *p)
{
	*s = (struct script){0};
	conf_walk(file, text, len, p, take_line, s);
}

void
script_free(struct script *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free(s->steps[i].name);
		free(s->steps[i].value);
	}
	free(s->steps);
	*s = (struct script){0};
}
