/* SPDX-License-Identifier: ISC */
#ifndef MQTT_ENTITIES_H
#define MQTT_ENTITIES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What Home Assistant is told of a UPS (docs/publishing.md, 3.3): tables. Ids are also such
 * that Domoticz's client for the same messages takes each as what it is (tests/hass/). Pure.
 */

enum entity_component {
	ENTITY_SENSOR,
	ENTITY_BINARY,
	ENTITY_EVENT,
	ENTITY_BUTTON,
	ENTITY_SWITCH,
	ENTITY_NUMBER,
	ENTITY_SELECT,
	ENTITY_TEXT,
	ENTITY_COMPONENTS
};

/* Its word in a topic of discovery / the component of a word, or -1. */
extern const char *const entity_words[ENTITY_COMPONENTS];
int entity_named(const char *word);

#define ENTITY_ID_MAX 140   /* bytes of an object id with NUL */
#define ENTITY_NAME_MAX 120 /* bytes of a name for people with NUL */
#define ENTITY_PART_MAX 16  /* bytes of what stands for a `*` with NUL */

enum entity_flag {
	ENTITY_DETAIL = 1 << 0, /* category diagnostic */
	ENTITY_HIDDEN = 1 << 1, /* off until somebody wants it */
	ENTITY_STAYS = 1 << 2,  /* holds as well when the UPS is not heard */
	ENTITY_FIXED = 1 << 3,  /* a number that is set, not measured: no statistics */
	ENTITY_TOTAL = 1 << 4,  /* a counter that only grows */
};

#define ENTITY_NO_DIGITS (-1) /* as many decimals as Home Assistant likes */

/*
 * A variable of NUT as a sensor. One `*` in id, name and variable stands for a phase (L1,
 * L2-N) or a number (of an outlet). With a unit its value is a number; of class "date" it is
 * YYYY-MM-DD, where it is not, it becomes a text.
 */
struct entity_variable {
	const char *id, *name, *variable;
	const char *class, *unit; /* NULL: none */
	signed char digits;
	unsigned char flags; /* of enum entity_flag */
	const char *icon;    /* NULL: that of the class */
};

extern const struct entity_variable entity_variables[]; /* the last one's id is NULL */

/* The row of a variable, with what stands for its `*` in `part` ("" without); NULL. */
const struct entity_variable *entity_find(
    const char *variable, char part[ENTITY_PART_MAX]);

/* True when `name` is `pattern`, with what stands for its `*` (see above) in `part`. */
bool entity_match(const char *pattern, const char *name, char part[ENTITY_PART_MAX]);

/* `text` with `part` where it has a `*`. Returns `out`. In an id the part is in small
 * letters, and _ is for what is no letter or digit. */
char *entity_fill(char *out, size_t size, const char *text, const char *part, bool id);

/* A topic of ours (3.1), behind BASE/UPS/, or BASE/ for those of the house. */
struct entity_own {
	enum entity_component component;
	const char *id, *name, *topic;
	const char *class, *unit;
	signed char digits;
	unsigned char flags;
	bool maybe; /* only where something is kept at this topic */
	const char *icon;
};

extern const struct entity_own entity_owns[], entity_house[]; /* the last id is NULL */

/* Two commands that are one switch, and the variable that shows its state. */
struct entity_pair {
	const char *id, *name;
	const char *
	    seen; /* its id as a binary sensor where it may not be switched; NULL: none */
	const char *base; /* its topic behind BASE/UPS/command/, as a name of NUT */
	const char *on, *off;
	const char *variable, *state_on, *state_off;
	const char *icon;
};

extern const struct entity_pair entity_pairs[]; /* the last one's id is NULL */

#endif
