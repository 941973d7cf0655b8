/* SPDX-License-Identifier: ISC */
#ifndef MQTT_SETTINGS_H
#define MQTT_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/state.h"
#include "mqtt/entities.h"

/*
 * A variable that may be set, as Home Assistant knows it: a number, one of several words, or
 * a text; and whether a text is such a value. Pure.
 */

#define SETTING_NUMBER_MAX 99999.0 /* of one without a range: Home Assistant wants one */
#define SETTING_TEXT_MAX 255       /* the longest state that Home Assistant takes */

struct setting {
	enum entity_component component; /* NUMBER, SELECT or TEXT */
	const struct state_var *var;
	double min, max, step; /* of a number */
	size_t longest;        /* of a text, in bytes */
};

/* False when the driver does not let it be set. `var` stays the state's. */
bool setting_of(struct setting *s, const struct state_var *var);

/* True when the value may be asked for. It is copied to `value` as NUT wants it: a number
 * without the ".0" that JavaScript likes. False with the reason for people in `cause`. */
bool setting_takes(const struct setting *s, const char *text,
    char value[STATE_VALUE_MAX + 1], char *cause, size_t size);

/* Reads a whole text as a finite decimal number. */
bool setting_number(const char *text, double *number);

#endif
