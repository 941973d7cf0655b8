/* SPDX-License-Identifier: ISC */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doctor/look.h"
#include "lib/xmem.h"

#define YEAR_S (365.25 * 86400)

static double
number(const struct state *s, const char *name)
{
	const char *text = state_get(s, name);
	char *end;
	double value;

	if (text == NULL)
		return NAN;
	value = strtod(text, &end);
	return end == text ? NAN : value;
}

/* Years since a date, as UPSes write it: 2019/07/30, 2019-07-30, 07/30/19; NAN. */
static double
years_since(const char *text, time_t now)
{
	struct tm t = {.tm_isdst = -1};
	int a, b, c;

	if (text == NULL || sscanf(text, "%d%*[/.-]%d%*[/.-]%d", &a, &b, &c) != 3)
		return NAN;
	if (a > 1900) {
		t.tm_year = a - 1900;
		t.tm_mon = b - 1;
		t.tm_mday = c;
	} else {
		t.tm_year = c < 70 ? c + 100 : c < 100 ? c : c - 1900;
		t.tm_mon = a - 1;
		t.tm_mday = b;
	}
	if (t.tm_mon < 0 || t.tm_mon > 11)
		return NAN;
	return difftime(now, mktime(&t)) / YEAR_S;
}

/* The longest time that a machine takes to stop; NAN: nobody says. */
static double
needed(const struct holdup_conf *own)
{
	double longest = NAN;

	for (size_t i = 0; i < own->nmachines; i++)
		if (own->machines[i].takes > 0)
			longest = fmax(longest, own->machines[i].takes);
	return longest;
}

/* True when the word stands among those of ups.status. */
static bool
has_word(const char *status, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = status; at != NULL && *at != '\0';
	     at += strcspn(at, " "), at += strspn(at, " "))
		if (strcspn(at, " ") == len && strncmp(at, word, len) == 0)
			return true;
	return false;
}

static struct facts_battery
read_one(const struct doctor *d, const struct doctor_ups *u)
{
	const struct state *s = u->state;
	struct facts_battery b = {
	    .ups = u->name,
	    .replace = has_word(state_get(s, "ups.status"), "RB"),
	    .date = state_get(s, "battery.date"),
	    .health = number(s, "battery.health"),
	    .sure = number(s, "battery.health.confidence"),
	    .replaced_by = state_get(s, "battery.date.replace"),
	    .learned = number(s, "battery.runtime.learned"),
	    .needed = needed(&d->conf->own),
	    .result = state_get(s, "ups.test.result"),
	};

	b.age = years_since(b.date, time(NULL));
	if (isnan(b.age)) {
		b.date = state_get(s, "battery.mfr.date");
		b.age = years_since(b.date, time(NULL));
	}
	return b;
}

void
look_battery(struct doctor *d, struct doctor_report *r)
{
	struct facts_battery *list = xcalloc(d->nupses + 1, sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < d->nupses; i++)
		if (d->upses[i].error == NULL)
			list[n++] = read_one(d, &d->upses[i]);
	judge_battery(list, n, r);
	free(list);
}
