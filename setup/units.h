/* SPDX-License-Identifier: ISC */
#ifndef SETUP_UNITS_H
#define SETUP_UNITS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Who runs on this machine in the place of holdup, as systemd has it, and what is to be done
 * with that at a take-over and back (docs/setup.md, 5). Pure: what systemctl has printed in,
 * what it is to be told out.
 */

/* Of NUT and apcupsd, and ours. */
enum unit_side { UNIT_NUT, UNIT_APCUPSD, UNIT_OURS };

#define UNIT_HOLDUP "holdup.service"

/* How a unit is; also what is kept of it. Strings are the struct's own. */
struct unit {
	enum unit_side side;
	char *name; /* "nut-server.service" */
	char *
	    state; /* of its file: "enabled", "disabled", "masked", "static"; "" : none */
	bool active; /* it runs, or is about to */
};

/* In the order in which they are to be stopped: who starts others first. */
struct units {
	struct unit *list;
	size_t count;
};

/* What to ask systemctl, NULL-terminated: patterns for list-unit-files and list-units. */
extern const char *const unit_patterns[];

/*
 * Reads what `systemctl list-unit-files --plain --no-legend` and `systemctl list-units --all
 * --plain --no-legend` print. Names that are only aliases of other units, and units that we
 * know nothing of, are left out.
 */
void units_read(struct units *u, const char *files, const char *running);
void units_free(struct units *u);

/* The side of a unit by its name. Returns 0, or -1 when it is none of ours to touch. */
int unit_side(const char *name, enum unit_side *side);

/* The unit of that name, or NULL. */
const struct unit *units_find(const struct units *u, const char *name);

/* True when a unit of that side runs, or would with the next start of the machine. */
bool units_live(const struct units *u, enum unit_side side);

enum unit_act {
	UNIT_STOP,
	UNIT_MASK,
	UNIT_DISABLE,
	UNIT_UNMASK,
	UNIT_ENABLE,
	UNIT_START
};

/* "stop", "mask", …: the word for systemctl. */
const char *unit_act_word(enum unit_act act);

struct unit_step {
	enum unit_act act;
	const char *name; /* of a unit of `units` */
};

struct unit_steps {
	struct unit_step *list;
	size_t count;
};

/* What hands over from them as they are now: all are stopped first; then those of NUT are
 * masked, for packages and timers start them again, and apcupsd is disabled. */
void units_take(const struct units *now, struct unit_steps *steps);

/* What makes them again as they `were`: ours stops first, unless it ran before. */
void units_back(const struct units *were, struct unit_steps *steps);

void unit_steps_free(struct unit_steps *steps);

#endif
