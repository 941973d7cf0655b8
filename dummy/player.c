/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "dummy/kinds.h"
#include "dummy/player.h"
#include "lib/xmem.h"

#define REST UINT64_MAX

/* What a dummy says of itself before its file does (NUT: dummy-ups(8)). */
static const struct {
	const char *name, *value;
} beginning[] = {
    {"ups.mfr", "Dummy Manufacturer"},
    {"ups.model", "Dummy UPS"},
    {"ups.status", "OL"},
};

/* What device.* is where the file has said nothing of it. */
static const struct {
	const char *name, *from, *fallback;
} device[] = {
    {"device.mfr", "ups.mfr", NULL},
    {"device.model", "ups.model", NULL},
    {"device.serial", "ups.serial", NULL},
    {"device.type", NULL, "ups"},
};

struct player {
	const struct entry *entry;
	struct state *state;
	struct script script, coming; /* coming: waits for the end of the round */
	bool waits;                   /* there is one that is coming */
	size_t step;                  /* the next one */
	bool over;                    /* the round is: it rests until the next one */
	uint64_t next_ms;
	char *status, *alarm; /* ups.status without ALARM; the text of ALARM, or NULL */
	bool complete;        /* device.* is filled in */
};

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = value == NULL ? NULL : xstrdup(value);
}

/* ups.status is what the script says, and ALARM while there is one. */
static void
status_show(struct player *p)
{
	if (p->status == NULL || *p->status == '\0')
		state_del(p->state, "ups.status");
	else if (p->alarm != NULL && !state_status_has(p->status, "ALARM"))
		state_setf(p->state, "ups.status", "ALARM %s", p->status);
	else
		state_set(p->state, "ups.status", p->status);
	kinds_apply(p->state, "ups.status");
}

static void
variable_set(struct player *p, const char *name, const char *value)
{
	if (state_var(p->entry->overrides, name) != NULL ||
	    strncmp(name, "driver.", strlen("driver.")) == 0)
		return;
	if (strcmp(name, "ups.status") == 0) {
		replace(&p->status, value);
		status_show(p);
	} else if (*value == '\0') {
		state_del(p->state, name);
	} else {
		state_set(p->state, name, value);
		kinds_apply(p->state, name);
	}
}

static void
alarm_set(struct player *p, const char *text)
{
	replace(&p->alarm, *text == '\0' ? NULL : text);
	variable_set(p, "ups.alarm", text);
	status_show(p);
}

static void
copy_vars(struct state *to, const struct state *from)
{
	for (size_t i = 0; i < from->nvars; i++)
		state_set(to, from->vars[i]->name, from->vars[i]->text);
}

struct player *
player_new(const struct entry *entry)
{
	struct player *p = xcalloc(1, sizeof(*p));

	p->entry = entry;
	p->state = state_new();
	p->next_ms = REST;
	copy_vars(p->state, entry->shown);
	copy_vars(p->state, entry->overrides);
	for (size_t i = 0; i < sizeof(beginning) / sizeof(beginning[0]); i++)
		variable_set(p, beginning[i].name, beginning[i].value);
	state_cmd_add(p->state, "load.off");
	return p;
}

void
player_free(struct player *p)
{
	if (p == NULL)
		return;
	script_free(&p->script);
	script_free(&p->coming);
	state_free(p->state);
	free(p->status);
	free(p->alarm);
	free(p);
}

const struct state *
player_state(const struct player *p)
{
	return p->state;
}

/* device.*, once, from what the file has said up to its first TIMER. */
static void
device_fill(struct player *p)
{
	if (p->complete)
		return;
	p->complete = true;
	for (size_t i = 0; i < sizeof(device) / sizeof(device[0]); i++) {
		const char *text = device[i].from == NULL
				       ? device[i].fallback
				       : state_get(p->state, device[i].from);

		if (text != NULL && state_var(p->state, device[i].name) == NULL)
			state_set(p->state, device[i].name, text);
	}
}

/* The script begins, the one that was coming where there is one. */
static void
round_begin(struct player *p)
{
	if (p->waits) {
		script_free(&p->script);
		p->script = p->coming;
		p->coming = (struct script){0};
		p->waits = false;
	}
	p->step = 0;
	p->over = false;
}

/* Plays up to the next TIMER or to the end. */
static void
play(struct player *p, uint64_t now_ms)
{
	while (p->step < p->script.count) {
		const struct script_step *s = &p->script.steps[p->step++];

		if (s->kind == SCRIPT_WAIT) {
			p->next_ms = now_ms + s->seconds * UINT64_C(1000);
			return;
		}
		if (s->kind == SCRIPT_SET)
			variable_set(p, s->name, s->value);
		else
			alarm_set(p, s->value);
	}
	p->over = true;
	p->next_ms = p->entry->mode == ENTRY_LOOP ? now_ms + PLAYER_PAUSE_MS : REST;
}

void
player_load(struct player *p, struct script *script, uint64_t now_ms)
{
	script_free(&p->coming);
	p->coming = *script;
	p->waits = true;
	*script = (struct script){0};
	if (p->entry->mode == ENTRY_LOOP && p->next_ms != REST)
		return;
	round_begin(p);
	play(p, now_ms);
	device_fill(p);
}

void
player_tick(struct player *p, uint64_t now_ms)
{
	if (now_ms < p->next_ms)
		return;
	if (p->over)
		round_begin(p);
	play(p, now_ms);
}

uint64_t
player_next(const struct player *p)
{
	return p->next_ms;
}

enum dserver_status
player_set(struct player *p, const char *name, const char *value)
{
	const struct state_var *v = state_var(p->state, name);

	if (v == NULL || (v->flags & STATE_RW) == 0)
		return DSERVER_UNKNOWN;
	variable_set(p, name, value);
	return DSERVER_DONE;
}
