/* SPDX-License-Identifier: ISC */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "setup/units.h"

#define COLUMNS 3

const char *const unit_patterns[] = {"nut*", "apcupsd*", UNIT_HOLDUP, NULL};

/* NUT's since 2.6 in all distributions, in the order in which they are to be stopped. */
static const struct row {
	const char *name; /* a pattern */
	enum unit_side side;
} rows[] = {
    {"nut-driver-enumerator-daemon-activator.path", UNIT_NUT},
    {"nut-driver-enumerator-daemon-activator.service", UNIT_NUT},
    {"nut-driver-enumerator-daemon.service", UNIT_NUT},
    {"nut-driver-enumerator.path", UNIT_NUT},
    {"nut-driver-enumerator.service", UNIT_NUT},
    {"nut.target", UNIT_NUT},
    {"nut.service", UNIT_NUT},
    {"nut-sleep.service", UNIT_NUT},
    {"nut-logger.service", UNIT_NUT},
    {"nut-monitor.service", UNIT_NUT},
    {"nut-client.service", UNIT_NUT},
    {"nut-server.service", UNIT_NUT},
    {"nut-driver.target", UNIT_NUT},
    {"nut-driver.service", UNIT_NUT},
    {"nut-driver@*.service", UNIT_NUT},
    {"apcupsd.service", UNIT_APCUPSD},
    {UNIT_HOLDUP, UNIT_OURS},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const char *const act_words[] = {
    [UNIT_STOP] = "stop",
    [UNIT_MASK] = "mask",
    [UNIT_DISABLE] = "disable",
    [UNIT_UNMASK] = "unmask",
    [UNIT_ENABLE] = "enable",
    [UNIT_START] = "start",
};

const char *
unit_act_word(enum unit_act act)
{
	return act_words[act];
}

/* Its place in rows[], ROWS when it has none. */
static size_t
row_of(const char *name)
{
	size_t i = 0;

	while (i < ROWS && fnmatch(rows[i].name, name, 0) != 0)
		i++;
	return i;
}

int
unit_side(const char *name, enum unit_side *side)
{
	size_t row = row_of(name);

	if (row == ROWS)
		return -1;
	*side = rows[row].side;
	return 0;
}

static struct unit *
find(const struct units *u, const char *name)
{
	for (size_t i = 0; i < u->count; i++)
		if (strcmp(u->list[i].name, name) == 0)
			return &u->list[i];
	return NULL;
}

const struct unit *
units_find(const struct units *u, const char *name)
{
	return find(u, name);
}

/* The unit of that name, added where it is not there; NULL for one that we do not know. */
static struct unit *
unit_of(struct units *u, const char *name)
{
	struct unit *found = find(u, name);
	enum unit_side side;

	if (found != NULL || unit_side(name, &side) != 0)
		return found;
	u->list = xreallocarray(u->list, u->count + 1, sizeof(*u->list));
	found = &u->list[u->count++];
	*found = (struct unit){.side = side, .name = xstrdup(name), .state = xstrdup("")};
	return found;
}

/* The first words of each line. */
static void
each_line(struct units *u, const char *text,
    void (*take)(struct units *u, char *const words[COLUMNS]))
{
	char *copy = xstrdup(text), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		char *words[COLUMNS] = {NULL}, *save = NULL;
		size_t n = 0;

		for (char *w = strtok_r(line, " \t", &save); w != NULL && n < COLUMNS;
		     w = strtok_r(NULL, " \t", &save))
			words[n++] = w;
		if (n >= 2)
			take(u, words);
	}
	free(copy);
}

/* "nut-server.service enabled enabled" */
static void
take_file(struct units *u, char *const words[COLUMNS])
{
	struct unit *unit;

	if (strcmp(words[1], "alias") == 0 || (unit = unit_of(u, words[0])) == NULL)
		return;
	free(unit->state);
	unit->state = xstrdup(words[1]);
}

/* "nut-server.service loaded active running Network UPS Tools - …" */
static void
take_running(struct units *u, char *const words[COLUMNS])
{
	struct unit *unit;

	if (words[2] == NULL ||
	    (strcmp(words[2], "active") != 0 && strcmp(words[2], "activating") != 0 &&
		strcmp(words[2], "reloading") != 0))
		return;
	if ((unit = unit_of(u, words[0])) != NULL)
		unit->active = true;
}

static int
by_row(const void *a, const void *b)
{
	const struct unit *ua = a, *ub = b;
	size_t ra = row_of(ua->name), rb = row_of(ub->name);

	return ra != rb ? (ra < rb ? -1 : 1) : strcmp(ua->name, ub->name);
}

void
units_read(struct units *u, const char *files, const char *running)
{
	*u = (struct units){0};
	each_line(u, files, take_file);
	each_line(u, running, take_running);
	if (u->count > 0)
		qsort(u->list, u->count, sizeof(*u->list), by_row);
}

void
units_free(struct units *u)
{
	for (size_t i = 0; i < u->count; i++) {
		free(u->list[i].name);
		free(u->list[i].state);
	}
	free(u->list);
	*u = (struct units){0};
}

static bool
is_enabled(const struct unit *u)
{
	return strncmp(u->state, "enabled", strlen("enabled")) == 0;
}

static bool
is_masked(const struct unit *u)
{
	return strncmp(u->state, "masked", strlen("masked")) == 0;
}

bool
units_live(const struct units *u, enum unit_side side)
{
	for (size_t i = 0; i < u->count; i++)
		if (u->list[i].side == side &&
		    (u->list[i].active || is_enabled(&u->list[i])))
			return true;
	return false;
}

static void
step(struct unit_steps *steps, enum unit_act act, const char *name)
{
	steps->list = xreallocarray(steps->list, steps->count + 1, sizeof(*steps->list));
	steps->list[steps->count++] = (struct unit_step){.act = act, .name = name};
}

void
units_take(const struct units *now, struct unit_steps *steps)
{
	for (size_t i = 0; i < now->count; i++)
		if (now->list[i].side != UNIT_OURS && now->list[i].active)
			step(steps, UNIT_STOP, now->list[i].name);
	for (size_t i = 0; i < now->count; i++) {
		const struct unit *u = &now->list[i];

		if (u->side == UNIT_NUT && u->state[0] != '\0' && !is_masked(u))
			step(steps, UNIT_MASK, u->name);
		else if (u->side == UNIT_APCUPSD && is_enabled(u))
			step(steps, UNIT_DISABLE, u->name);
	}
}

/* holdup leaves, unless it was there before. */
static void
ours_back(const struct unit *u, struct unit_steps *steps)
{
	if (!u->active)
		step(steps, UNIT_STOP, u->name);
	if (!is_enabled(u))
		step(steps, UNIT_DISABLE, u->name);
}

void
units_back(const struct units *were, struct unit_steps *steps)
{
	for (size_t i = 0; i < were->count; i++)
		if (were->list[i].side == UNIT_OURS)
			ours_back(&were->list[i], steps);
	for (size_t i = 0; i < were->count; i++) {
		const struct unit *u = &were->list[i];

		if (u->side == UNIT_NUT && u->state[0] != '\0' && !is_masked(u))
			step(steps, UNIT_UNMASK, u->name);
		if (u->side != UNIT_OURS && strcmp(u->state, "enabled") == 0)
			step(steps, UNIT_ENABLE, u->name);
	}
	for (size_t i = were->count; i-- > 0;)
		if (were->list[i].side != UNIT_OURS && were->list[i].active)
			step(steps, UNIT_START, were->list[i].name);
}

void
unit_steps_free(struct unit_steps *steps)
{
	free(steps->list);
	*steps = (struct unit_steps){0};
}
