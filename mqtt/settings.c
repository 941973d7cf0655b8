/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mqtt/settings.h"

#define WHOLE_MAX 1e15 /* beyond it, a double is not every whole number */

bool
setting_number(const char *text, double *number)
{
	char *end;

	/* No blank, "inf", "nan" or "0x10", all of which strtod(3) takes. */
	if (text[strspn(text, "+-0123456789.eE")] != '\0' || text[0] == '\0')
		return false;
	*number = strtod(text, &end);
	return *end == '\0' && isfinite(*number);
}

static bool
whole(double number)
{
	return fabs(number) < WHOLE_MAX && floor(number) == number;
}

/* A number: from the lowest to the highest of all ranges, and with the value that it has. */
static void
number_of(struct setting *s, double now)
{
	const struct state_var *v = s->var;

	s->component = ENTITY_NUMBER;
	s->min = fmin(0, now);
	s->max = fmax(SETTING_NUMBER_MAX, now);
	for (size_t i = 0; i < v->nranges; i++) {
		s->min = i == 0 ? (double)v->ranges[i].min
				: fmin(s->min, (double)v->ranges[i].min);
		s->max = i == 0 ? (double)v->ranges[i].max
				: fmax(s->max, (double)v->ranges[i].max);
	}
	s->step = whole(now) ? 1 : 0.1;
}

bool
setting_of(struct setting *s, const struct state_var *var)
{
	double now = 0;
	bool number = setting_number(var->text, &now);

	*s = (struct setting){.var = var};
	if ((var->flags & STATE_RW) == 0)
		return false;
	if (var->nenums > 0) {
		s->component = ENTITY_SELECT;
		return true;
	}
	if (number && (var->flags & STATE_STRING) == 0) {
		number_of(s, now);
		if (s->min < s->max)
			return true;
	}
	s->component = ENTITY_TEXT;
	s->longest = SETTING_TEXT_MAX;
	if (var->aux > 0 && var->aux < SETTING_TEXT_MAX)
		s->longest = (size_t)var->aux;
	return true;
}

/* True when one range at least, if there are any, has this number. */
static bool
in_range(const struct setting *s, double number)
{
	if (s->var->nranges == 0)
		return number >= s->min && number <= s->max;
	for (size_t i = 0; i < s->var->nranges; i++)
		if (number >= (double)s->var->ranges[i].min &&
		    number <= (double)s->var->ranges[i].max)
			return true;
	return false;
}

static bool
takes_number(
    const struct setting *s, const char *text, char *value, char *cause, size_t size)
{
	double number;

	if (!setting_number(text, &number)) {
		snprintf(cause, size, "%s takes a number", s->var->name);
		return false;
	}
	if (!in_range(s, number)) {
		snprintf(cause, size, "%s takes %g to %g", s->var->name, s->min, s->max);
		return false;
	}
	if (whole(number))
		snprintf(value, STATE_VALUE_MAX + 1, "%.0f", number);
	else
		snprintf(value, STATE_VALUE_MAX + 1, "%s", text);
	return true;
}

static bool
takes_word(const struct setting *s, const char *text, char *cause, size_t size)
{
	size_t len;

	for (size_t i = 0; i < s->var->nenums; i++)
		if (strcmp(s->var->enums[i], text) == 0)
			return true;
	snprintf(cause, size, "%s takes", s->var->name);
	for (size_t i = 0; i < s->var->nenums && (len = strlen(cause)) + 1 < size; i++)
		snprintf(cause + len, size - len, "%s %s", i == 0 ? "" : ",",
		    s->var->enums[i]);
	return false;
}

bool
setting_takes(const struct setting *s, const char *text, char value[STATE_VALUE_MAX + 1],
    char *cause, size_t size)
{
	if (s->component == ENTITY_NUMBER)
		return takes_number(s, text, value, cause, size);
	if (s->component == ENTITY_SELECT && !takes_word(s, text, cause, size))
		return false;
	if (s->component == ENTITY_TEXT && strlen(text) > s->longest) {
		snprintf(cause, size, "%s takes %zu letters at most", s->var->name,
		    s->longest);
		return false;
	}
	snprintf(value, STATE_VALUE_MAX + 1, "%s", text);
	return true;
}
