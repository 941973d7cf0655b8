/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/client.h"
#include "cli/model.h"
#include "lib/dline.h"
#include "lib/phrase.h"
#include "lib/xmem.h"

#define CLIENTS_MAX 256

/* What it means that a word comes into ups.status, and that it goes. */
static const struct {
	const char *word;
	enum phrase_tone tone;
	const char *came, *went; /* NULL: not worth a line */
} words_of_status[] = {
    {"OB", PHRASE_BAD, "mains failed, running on battery", NULL},
    {"OL", PHRASE_GOOD, "mains is back", NULL},
    {"LB", PHRASE_BAD, "battery low", "battery no longer low"},
    {"FSD", PHRASE_BAD, "shutdown ordered", "shutdown called off"},
    {"RB", PHRASE_WARN, "the battery needs replacing", "battery replaced"},
    {"CAL", PHRASE_PLAIN, "calibration began", "calibration ended"},
    {"TEST", PHRASE_PLAIN, "self-test began", "self-test ended"},
    {"OFF", PHRASE_BAD, "output switched off", "output switched on"},
    {"OVER", PHRASE_BAD, "overloaded", "no longer overloaded"},
    {"BYPASS", PHRASE_WARN, "bypass: the load is not protected", "bypass ended"},
    {"TRIM", PHRASE_PLAIN, "lowers a high mains voltage", "mains voltage normal"},
    {"BOOST", PHRASE_PLAIN, "raises a low mains voltage", "mains voltage normal"},
    {"CHRG", PHRASE_PLAIN, "battery charging", NULL},
};

#define STATUS_WORDS (sizeof(words_of_status) / sizeof(words_of_status[0]))

static void
free_list(char ***list, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		free((*list)[i]);
	free(*list);
	*list = NULL;
	*count = 0;
}

static void
free_ups(struct model_ups *u)
{
	free(u->name);
	free(u->desc);
	free(u->error);
	state_free(u->state);
	state_free(u->next);
	free_list(&u->clients, &u->nclients);
	free_list(&u->next_clients, &u->nnext_clients);
	free(u);
}

void
model_free(struct model *m)
{
	for (size_t i = 0; i < m->nupses; i++)
		free_ups(m->upses[i]);
	free(m->upses);
	memset(m, 0, sizeof(*m));
}

static struct model_ups *
find(struct model *m, const char *name)
{
	for (size_t i = 0; i < m->nupses; i++)
		if (strcasecmp(m->upses[i]->name, name) == 0)
			return m->upses[i];
	return NULL;
}

struct model_ups *
model_add(struct model *m, const char *name, const char *desc)
{
	struct model_ups *u = find(m, name);

	if (u == NULL) {
		u = xcalloc(1, sizeof(*u));
		u->name = xstrdup(name);
		u->state = state_new();
		m->upses = xreallocarray(m->upses, m->nupses + 1, sizeof(*m->upses));
		m->upses[m->nupses++] = u;
	}
	if (desc != NULL) {
		free(u->desc);
		u->desc = xstrdup(desc);
	}
	return u;
}

void
model_say(struct model *m, const char *ups, enum phrase_tone tone, time_t now,
    const char *format, ...)
{
	struct model_event *e = &m->events[m->nevents++ % MODEL_EVENTS_MAX];
	va_list args;

	e->when = now;
	e->tone = tone;
	snprintf(e->ups, sizeof(e->ups), "%s", ups);
	va_start(args, format);
	vsnprintf(e->text, sizeof(e->text), format, args);
	va_end(args);
}

const struct model_event *
model_event(const struct model *m, unsigned long back)
{
	if (back >= m->nevents || back >= MODEL_EVENTS_MAX)
		return NULL;
	return &m->events[(m->nevents - 1 - back) % MODEL_EVENTS_MAX];
}

/* What makes an event readable: ", charge 87 %". */
static void
say_figures(const struct model_ups *u, char *out, size_t size)
{
	const char *charge = state_get(u->state, "battery.charge");

	out[0] = '\0';
	if (charge != NULL)
		snprintf(out, size, ", charge %.0f %%", strtod(charge, NULL));
}

/* Events for the words that came into or left ups.status. */
static void
status_changed(
    struct model *m, struct model_ups *u, const char *old, const char *new, time_t now)
{
	char figures[48];
	bool had, has;

	say_figures(u, figures, sizeof(figures));
	for (size_t i = 0; i < STATUS_WORDS; i++) {
		had = state_status_has(old, words_of_status[i].word);
		has = state_status_has(new, words_of_status[i].word);
		if (has && !had)
			model_say(m, u->name, words_of_status[i].tone, now, "%s%s",
			    words_of_status[i].came,
			    words_of_status[i].tone == PHRASE_PLAIN ? "" : figures);
		else if (had && !has && words_of_status[i].went != NULL)
			model_say(
			    m, u->name, PHRASE_PLAIN, now, "%s", words_of_status[i].went);
	}
}

/* Lost on battery, a UPS goes on as core estimates it (docs/plan.md, 3). */
static void
estimated(struct model *m, const struct model_ups *u, const char *old, const char *new,
    time_t now)
{
	if (strcmp(new, "estimated") == 0)
		model_say(m, u->name, PHRASE_BAD, now,
		    "the driver lost the device; charge and runtime are estimated");
	else if (strcmp(old, "estimated") == 0)
		model_say(m, u->name, PHRASE_GOOD, now, "data are fresh again");
}

/* The event, if any, for a variable that changed after the first full list. */
static void
var_changed(struct model *m, struct model_ups *u, const char *name, const char *old,
    const char *new, time_t now)
{
	if (!u->told || strcmp(old, new) == 0)
		return;
	if (strcmp(name, "ups.status") == 0)
		status_changed(m, u, old, new, now);
	else if (strcmp(name, "ups.test.result") == 0 && new[0] != '\0')
		model_say(m, u->name, PHRASE_PLAIN, now, "self-test: %s", new);
	else if (strcmp(name, "ups.alarm") == 0 && new[0] != '\0')
		model_say(m, u->name, PHRASE_BAD, now, "alarm: %s", new);
	else if (strcmp(name, "ups.alarm") == 0)
		model_say(m, u->name, PHRASE_GOOD, now, "alarm over: %s", old);
	else if (strcmp(name, "ups.beeper.status") == 0)
		model_say(m, u->name, PHRASE_PLAIN, now, "beeper %s", new);
	else if (strcmp(name, "driver.state") == 0)
		estimated(m, u, old, new, now);
}

static const char *
text_of(const struct state *s, const char *name)
{
	const char *text = state_get(s, name);

	return text != NULL ? text : "";
}

/* Sets or (text NULL) removes one variable. */
static bool
set_var(
    struct model *m, struct model_ups *u, const char *name, const char *text, time_t now)
{
	char *old = xstrdup(text_of(u->state, name));
	bool changed;

	changed =
	    text != NULL ? state_set(u->state, name, text) : state_del(u->state, name);
	if (u->next != NULL && text != NULL)
		state_set(u->next, name, text);
	else if (u->next != NULL)
		state_del(u->next, name);
	if (changed)
		var_changed(m, u, name, old, text != NULL ? text : "", now);
	free(old);
	return changed;
}

static void
say_link(struct model *m, const struct model_ups *u, time_t now)
{
	if (u->link == MODEL_STALE)
		model_say(m, u->name, PHRASE_BAD, now, "the driver lost the device");
	else if (u->link == MODEL_LOST)
		model_say(m, u->name, PHRASE_BAD, now, "driver not connected");
	else if (u->link == MODEL_OK)
		model_say(m, u->name, PHRASE_GOOD, now, "data are fresh again");
}

static bool
set_link(struct model *m, struct model_ups *u, enum model_link link, time_t now)
{
	if (u->link == link)
		return false;
	u->link = link;
	if (u->told)
		say_link(m, u, now);
	if (link == MODEL_OK) {
		free(u->error);
		u->error = NULL;
	}
	return true;
}

/* The first event of a UPS: how it stands. */
static void
first_told(struct model *m, struct model_ups *u, time_t now)
{
	const char *status = text_of(u->state, "ups.status");
	char words[MODEL_EVENT_MAX], figures[48];

	say_figures(u, figures, sizeof(figures));
	phrase_status(words, sizeof(words) - sizeof(figures), status);
	model_say(m, u->name, phrase_status_tone(status), now, "%s%s", words, figures);
}

/* A LIST VAR is complete: what it lacks is gone, what it has counts. */
static bool
end_vars(struct model *m, struct model_ups *u, time_t now)
{
	static const char *const told[] = {"ups.status", "ups.test.result", "ups.alarm",
	    "ups.beeper.status", "driver.state"};
	struct state *old = u->state;
	bool changed = set_link(m, u, MODEL_OK, now);
	struct buf lines = {0};

	if (u->next == NULL)
		return changed;
	changed |= dline_diff(&lines, "", old, u->next) > 0;
	buf_free(&lines);
	u->state = u->next;
	u->next = NULL;
	for (size_t i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		var_changed(m, u, told[i], text_of(old, told[i]),
		    text_of(u->state, told[i]), now);
	state_free(old);
	if (!u->told)
		first_told(m, u, now);
	changed |= !u->told;
	u->told = true;
	return changed;
}

static bool
has_client(char *const *list, size_t count, const char *address)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], address) == 0)
			return true;
	return false;
}

/* A LIST CLIENT is complete. */
static bool
end_clients(struct model *m, struct model_ups *u, time_t now)
{
	bool changed = u->nclients != u->nnext_clients;

	for (size_t i = 0; i < u->nnext_clients; i++) {
		if (has_client(u->clients, u->nclients, u->next_clients[i]))
			continue;
		changed = true;
		model_say(
		    m, u->name, PHRASE_PLAIN, now, "%s logged in", u->next_clients[i]);
	}
	for (size_t i = 0; i < u->nclients; i++) {
		if (has_client(u->next_clients, u->nnext_clients, u->clients[i]))
			continue;
		changed = true;
		model_say(m, u->name, PHRASE_PLAIN, now, "%s logged out", u->clients[i]);
	}
	free_list(&u->clients, &u->nclients);
	u->clients = u->next_clients;
	u->nclients = u->nnext_clients;
	u->next_clients = NULL;
	u->nnext_clients = 0;
	return changed;
}

/* "BEGIN LIST VAR ups", "END LIST CLIENT ups" and their like. */
static bool
frame(struct model *m, const struct words *w, bool begin, time_t now)
{
	struct model_ups *u;

	if (w->argc < 4 || (u = find(m, w->argv[3])) == NULL)
		return false;
	if (strcmp(w->argv[2], "VAR") == 0) {
		if (!begin)
			return end_vars(m, u, now);
		state_free(u->next);
		u->next = state_new();
	} else if (strcmp(w->argv[2], "CLIENT") == 0) {
		if (!begin)
			return end_clients(m, u, now);
		free_list(&u->next_clients, &u->nnext_clients);
	}
	return false;
}

/* "NOTIFY VAR|DELVAR|DRIVER ups …" (docs/architecture.md, 4). */
static bool
notify(struct model *m, const struct words *w, time_t now)
{
	struct model_ups *u;

	if (w->argc < 4 || (u = find(m, w->argv[2])) == NULL)
		return false;
	if (strcmp(w->argv[1], "VAR") == 0 && w->argc > 4)
		return set_var(m, u, w->argv[3], w->argv[4], now);
	if (strcmp(w->argv[1], "DELVAR") == 0)
		return set_var(m, u, w->argv[3], NULL, now);
	if (strcmp(w->argv[1], "DRIVER") != 0)
		return false;
	if (strcmp(w->argv[3], "OK") == 0)
		return set_link(m, u, MODEL_OK, now);
	if (strcmp(w->argv[3], "STALE") == 0)
		return set_link(m, u, MODEL_STALE, now);
	return set_link(m, u, MODEL_LOST, now);
}

bool
model_line(struct model *m, const struct words *w, time_t now)
{
	const char *word = w->argc > 2 ? w->argv[0] : "";
	struct model_ups *u;

	if (strcmp(word, "UPS") == 0) {
		model_add(m, w->argv[1], w->argv[2]);
		return true;
	}
	if (strcmp(word, "UPSDESC") == 0 && find(m, w->argv[1]) != NULL) {
		model_add(m, w->argv[1], w->argv[2]);
		return true;
	}
	if (strcmp(word, "BEGIN") == 0 || strcmp(word, "END") == 0)
		return frame(m, w, word[0] == 'B', now);
	if (strcmp(word, "NOTIFY") == 0)
		return notify(m, w, now);
	if ((u = w->argc > 2 ? find(m, w->argv[1]) : NULL) == NULL)
		return false;
	if (strcmp(word, "VAR") == 0 && w->argc > 3 && u->next != NULL)
		state_set(u->next, w->argv[2], w->argv[3]);
	else if (strcmp(word, "CLIENT") == 0 && u->nnext_clients < CLIENTS_MAX) {
		u->next_clients = xreallocarray(
		    u->next_clients, u->nnext_clients + 1, sizeof(*u->next_clients));
		u->next_clients[u->nnext_clients++] = xstrdup(w->argv[2]);
	}
	return false;
}

bool
model_error(struct model *m, const char *ups, const char *word, time_t now)
{
	struct model_ups *u = find(m, ups);
	bool changed = false;

	if (u == NULL)
		return false;
	if (strcmp(word, "DATA-STALE") == 0)
		changed = set_link(m, u, MODEL_STALE, now);
	else if (strcmp(word, "DRIVER-NOT-CONNECTED") == 0)
		changed = set_link(m, u, MODEL_LOST, now);
	if (!u->told && !u->complained && u->error != NULL) {
		if (u->link == MODEL_UNKNOWN)
			model_say(
			    m, u->name, PHRASE_BAD, now, "%s", client_sentence(word));
		say_link(m, u, now);
		u->complained = changed = true;
	}
	changed |= u->error == NULL || strcmp(u->error, client_sentence(word)) != 0;
	free(u->error);
	u->error = xstrdup(client_sentence(word));
	return changed;
}
