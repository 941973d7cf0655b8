/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dummy/outlet.h"
#include "lib/dline.h"
#include "lib/xmem.h"

#define NEVER UINT64_MAX
#define SECOND_MS 1000

/* Where a clone is on its way down and up again. */
enum phase {
	PHASE_USUAL,
	PHASE_GOING, /* off at due_ms */
	PHASE_OFF,   /* and stays so until somebody switches it on */
	PHASE_AWAIT, /* off, until the mains is back */
	PHASE_COMING /* on at due_ms */
};

struct outlet {
	const struct entry *entry;
	struct state *state, *real; /* what we show, what the real UPS shows */
	enum phase phase;
	bool stays_off; /* PHASE_GOING ends in PHASE_OFF */
	bool was_off;   /* the real UPS has said so since */
	uint64_t due_ms, now_ms;
	const char *command;        /* for the real UPS, or NULL */
	long mincharge, minruntime; /* -1: none */
};

/* What the real UPS does not decide: names, or their beginnings, of a clone and of both. */
static const char *const own_of_clone[] = {"ups.delay.", "ups.timer.", NULL};
static const char *const own_of_both[] = {"driver.", "ups.status", NULL};

static bool
is_clone(const struct outlet *o)
{
	return o->entry->mode == ENTRY_CLONE;
}

static bool
begins(const char *const *list, const char *name)
{
	while (*list != NULL && strncmp(name, *list, strlen(*list)) != 0)
		list++;
	return *list != NULL;
}

/* A variable of the real UPS as a number; `fallback` where it is none. */
static double
number(const struct outlet *o, const char *name, double fallback)
{
	const char *text = state_get(o->real, name);
	char *end;
	double n;

	if (text == NULL)
		return fallback;
	n = strtod(text, &end);
	return end == text ? fallback : n;
}

/* True when a variable of the real UPS says that the outlet is off. */
static bool
says_off(const struct outlet *o, const char *name)
{
	const char *text = name == NULL ? NULL : state_get(o->real, name);

	return text != NULL && (strcasecmp(text, "off") == 0 || strcmp(text, "0") == 0 ||
				   strcasecmp(text, "no") == 0);
}

static bool
real_has(const struct outlet *o, const char *word)
{
	const char *status = state_get(o->real, "ups.status");

	return status != NULL && state_status_has(status, word);
}

static bool
is_low(const struct outlet *o)
{
	return real_has(o, "LB") ||
	       (o->mincharge >= 0 &&
		   number(o, "battery.charge", 1e9) < (double)o->mincharge) ||
	       (o->minruntime >= 0 &&
		   number(o, "battery.runtime", 1e9) < (double)o->minruntime);
}

/* The way down begins. */
static void
go(struct outlet *o, bool stays_off)
{
	o->phase = PHASE_GOING;
	o->stays_off = stays_off;
	o->was_off = false;
	o->due_ms = o->now_ms + (uint64_t)o->entry->offdelay * SECOND_MS;
}

/* True when somebody else has switched the outlet on that we had switched off. */
static bool
switched_on(struct outlet *o)
{
	const char *name = o->entry->load_status;
	const bool off = says_off(o, name), was_off = o->was_off;

	o->was_off = was_off || off;
	return was_off && !off && state_var(o->real, name) != NULL;
}

static void
usual(struct outlet *o)
{
	o->phase = PHASE_USUAL;
	o->due_ms = NEVER;
}

/* One step of the phases; true when there may be another at the same time. */
static bool
step(struct outlet *o)
{
	const bool due = o->now_ms >= o->due_ms;

	switch (o->phase) {
	case PHASE_USUAL:
		if (real_has(o, "OB") && is_low(o))
			go(o, false);
		return false;
	case PHASE_GOING:
		if (due) {
			o->command = o->entry->load_off;
			o->phase = o->stays_off ? PHASE_OFF : PHASE_AWAIT;
			o->due_ms = NEVER;
		}
		return due;
	case PHASE_OFF:
		if (switched_on(o))
			usual(o);
		return false;
	case PHASE_AWAIT:
		if (switched_on(o)) {
			usual(o);
			return false;
		}
		if (!real_has(o, "OL"))
			return false;
		o->phase = PHASE_COMING;
		o->due_ms = o->now_ms + (uint64_t)o->entry->ondelay * SECOND_MS;
		return true;
	case PHASE_COMING:
		if (!real_has(o, "OL")) {
			o->phase = PHASE_AWAIT;
			o->due_ms = NEVER;
		} else if (due) {
			o->command = o->entry->load_on;
			usual(o);
		}
		return false;
	}
	return false;
}

/* Seconds left of a phase's timer, `waits` before it runs, "-1" where it does not. */
static void
timer_show(struct outlet *o, const char *name, bool waits, long delay, enum phase running)
{
	uint64_t left = o->due_ms > o->now_ms ? o->due_ms - o->now_ms : 0;

	if (o->phase == running)
		state_setf(o->state, name, "%llu",
		    (unsigned long long)(left + SECOND_MS - 1) / SECOND_MS);
	else
		state_setf(o->state, name, "%ld", waits ? delay : -1L);
}

static bool
shows_fsd(const struct outlet *o)
{
	char *timer, *delay;
	double left;
	bool runs;

	if (is_clone(o))
		return o->phase != PHASE_USUAL;
	timer = xasprintf("%s.timer.shutdown", o->entry->prefix);
	delay = xasprintf("%s.delay.shutdown", o->entry->prefix);
	left = number(o, timer, -1);
	runs = left >= 0 && left <= number(o, delay, -1);
	free(timer);
	free(delay);
	return runs;
}

static bool
shows_off(const struct outlet *o)
{
	char *status;
	bool off;

	if (is_clone(o))
		return says_off(o, o->entry->load_status);
	status = xasprintf("%s.status", o->entry->prefix);
	off = says_off(o, status);
	free(status);
	return off;
}

/* A bound of ours in the place of the real UPS's; it may be set. */
static void
bound_show(struct outlet *o, const char *name, long bound, long digits)
{
	if (bound < 0)
		return;
	state_setf(o->state, name, "%ld", bound);
	state_flags(o->state, name, STATE_RW | STATE_STRING);
	state_aux(o->state, name, digits);
}

/* Rebuilds what depends on the real UPS, on the phase and on the time. */
static void
show(struct outlet *o)
{
	const char *status = state_get(o->real, "ups.status");
	const struct entry *e = o->entry;

	if (is_clone(o)) {
		bound_show(o, "battery.charge.low", o->mincharge, 3);
		bound_show(o, "battery.runtime.low", o->minruntime, 4);
		state_setf(o->state, "ups.delay.shutdown", "%ld", e->offdelay);
		state_setf(o->state, "ups.delay.start", "%ld", e->ondelay);
		timer_show(o, "ups.timer.shutdown", false, 0, PHASE_GOING);
		timer_show(o, "ups.timer.start",
		    o->phase == PHASE_AWAIT || (o->phase == PHASE_GOING && !o->stays_off),
		    e->ondelay, PHASE_COMING);
	}
	if (status != NULL)
		state_setf(o->state, "ups.status", "%s%s%s",
		    shows_fsd(o) && !real_has(o, "FSD") ? "FSD " : "", status,
		    shows_off(o) && !real_has(o, "OFF") ? " OFF" : "");
	for (size_t i = 0; i < e->overrides->nvars; i++)
		state_set(
		    o->state, e->overrides->vars[i]->name, e->overrides->vars[i]->text);
}

struct outlet *
outlet_new(const struct entry *entry)
{
	struct outlet *o = xcalloc(1, sizeof(*o));

	o->entry = entry;
	o->state = state_new();
	o->real = state_new();
	o->due_ms = NEVER;
	o->mincharge = entry->mincharge;
	o->minruntime = entry->minruntime;
	dline_copy(o->state, entry->shown);
	if (is_clone(o)) {
		state_cmd_add(o->state, "shutdown.return");
		state_cmd_add(o->state, "shutdown.stayoff");
	}
	show(o);
	return o;
}

void
outlet_free(struct outlet *o)
{
	if (o == NULL)
		return;
	state_free(o->state);
	state_free(o->real);
	free(o);
}

const struct state *
outlet_state(const struct outlet *o)
{
	return o->state;
}

/* True for what the real UPS decides about our variable of that name. */
static bool
is_real(const struct outlet *o, const char *name)
{
	return !begins(own_of_both, name) && !(is_clone(o) && begins(own_of_clone, name));
}

/* Variables come over without their kinds: only the real UPS's driver can set them. */
static void
variables_take(struct outlet *o)
{
	for (size_t i = o->state->nvars; i > 0; i--) {
		const char *name = o->state->vars[i - 1]->name;

		if (is_real(o, name) && state_var(o->real, name) == NULL &&
		    state_var(o->entry->shown, name) == NULL)
			state_del(o->state, name);
	}
	for (size_t i = 0; i < o->real->nvars; i++)
		if (is_real(o, o->real->vars[i]->name))
			state_set(
			    o->state, o->real->vars[i]->name, o->real->vars[i]->text);
}

void
outlet_follow(struct outlet *o, const struct state *real, uint64_t now_ms)
{
	dline_copy(o->real, real);
	variables_take(o);
	outlet_tick(o, now_ms);
}

void
outlet_tick(struct outlet *o, uint64_t now_ms)
{
	o->now_ms = now_ms;
	while (is_clone(o) && step(o))
		;
	show(o);
}

/* While a timer runs its seconds are shown. */
uint64_t
outlet_next(const struct outlet *o)
{
	uint64_t next = o->now_ms + SECOND_MS;

	if (o->due_ms == NEVER)
		return NEVER;
	return o->due_ms < next ? o->due_ms : next;
}

const char *
outlet_command(struct outlet *o)
{
	const char *command = o->command;

	o->command = NULL;
	return command;
}

enum dserver_status
outlet_instcmd(struct outlet *o, const char *cmd, uint64_t now_ms)
{
	const bool stays_off = strcmp(cmd, "shutdown.stayoff") == 0;

	if (!state_cmd_has(o->state, cmd))
		return DSERVER_UNKNOWN;
	o->now_ms = now_ms;
	if (o->phase == PHASE_USUAL)
		go(o, stays_off);
	else if (stays_off) /* the stronger wish wins, and keeps the time */
		o->stays_off = true;
	outlet_tick(o, now_ms);
	return DSERVER_DONE;
}

enum dserver_status
outlet_set(struct outlet *o, const char *var, const char *value)
{
	const bool charge = strcmp(var, "battery.charge.low") == 0;
	const struct state_var *v = state_var(o->state, var);
	char *end;
	long n;

	if (v == NULL || (v->flags & STATE_RW) == 0)
		return DSERVER_UNKNOWN;
	errno = 0;
	n = strtol(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0' || n < 0 || (charge && n > 100))
		return DSERVER_INVALID;
	*(charge ? &o->mincharge : &o->minruntime) = n;
	outlet_tick(o, o->now_ms);
	return DSERVER_DONE;
}
