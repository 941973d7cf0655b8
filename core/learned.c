/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/learned.h"
#include "lib/xmem.h"

#define RUNTIME_MAX 2592000.0 /* s: a month, more than any battery lasts */
#define TEXT_MAX 16           /* bytes of a value */

/* 0 as the highest number: a date. */
static const struct {
	const char *name;
	double max;
} vars[LEARNED_VARS] = {
    {"battery.runtime.learned", RUNTIME_MAX},
    {"battery.health", 100},
    {"battery.health.confidence", 100},
    {"battery.date.replace", 0},
};

/* Digits, with or without decimals, and nothing else that strtod() takes. */
static bool
is_number(const char *text, double max)
{
	size_t len = strspn(text, "0123456789");

	if (len == 0)
		return false;
	if (text[len] == '.') {
		size_t decimals = strspn(&text[len + 1], "0123456789");

		len += decimals > 0 ? decimals + 1 : 0;
	}
	return text[len] == '\0' && strtod(text, NULL) <= max;
}

/* YYYY-MM-DD */
static bool
is_date(const char *text)
{
	static const char form[] = "dddd-dd-dd";
	unsigned year, month, day;

	if (strlen(text) != sizeof(form) - 1)
		return false;
	for (size_t i = 0; form[i] != '\0'; i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	sscanf(text, "%4u-%2u-%2u", &year, &month, &day);
	return year >= 2000 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool
in_form(size_t i, const char *text)
{
	if (strlen(text) > TEXT_MAX)
		return false;
	return vars[i].max > 0 ? is_number(text, vars[i].max) : is_date(text);
}

void
learned_clear(struct learned *l)
{
	for (size_t i = 0; i < LEARNED_VARS; i++)
		free(l->texts[i]);
	*l = (struct learned){0};
}

/* Shows what is known where the driver has nothing; true when the state has changed. */
static bool
show(struct learned *l, struct state *s, size_t i)
{
	const char *shown = state_get(s, vars[i].name);

	if (shown != NULL && !l->laid[i])
		return false;
	l->laid[i] = l->texts[i] != NULL;
	if (l->laid[i])
		return state_set(s, vars[i].name, l->texts[i]);
	return state_del(s, vars[i].name);
}

const char *
learned_say(struct learned *l, struct state *s, const char *name, const char *value)
{
	size_t i = 0;

	while (i < LEARNED_VARS && strcmp(vars[i].name, name) != 0)
		i++;
	if (i == LEARNED_VARS || (*value != '\0' && !in_form(i, value)))
		return NULL;
	free(l->texts[i]);
	l->texts[i] = *value != '\0' ? xstrdup(value) : NULL;
	return show(l, s, i) ? vars[i].name : NULL;
}

void
learned_lay(struct learned *l, struct state *dump)
{
	for (size_t i = 0; i < LEARNED_VARS; i++) {
		l->laid[i] = false;
		show(l, dump, i);
	}
}

const char *
learned_own(struct learned *l, struct state *s, const char *line, size_t len)
{
	const char *name = memchr(line, ' ', len), *shown;
	size_t i = 0, left;

	if (name == NULL)
		return NULL;
	left = len - (size_t)(++name - line);
	for (; i < LEARNED_VARS; i++) {
		const size_t wanted = strlen(vars[i].name);

		if (left >= wanted && memcmp(name, vars[i].name, wanted) == 0 &&
		    (left == wanted || name[wanted] == ' '))
			break;
	}
	if (i == LEARNED_VARS)
		return NULL;
	/* A dump that was completed is told line by line, ours among them. */
	shown = state_get(s, vars[i].name);
	if (l->laid[i] && shown != NULL && strcmp(shown, l->texts[i]) == 0)
		return NULL;
	l->laid[i] = false;
	return show(l, s, i) ? vars[i].name : NULL;
}
