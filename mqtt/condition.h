/* SPDX-License-Identifier: ISC */
#ifndef MQTT_CONDITION_H
#define MQTT_CONDITION_H

#include <stddef.h>

#include "lib/feed.h"

/*
 * What the words of ups.status mean, one by one: topics of their own, and members of the
 * JSON object of a UPS (docs/publishing.md, 3.1). Pure.
 */

/* A row: "low_battery" is ON while the status has LB. */
struct condition_row {
	const char *name;
	const char *word;   /* of ups.status: ON with it */
	const char *unlike; /* OFF only with this one; NULL: OFF without `word` */
};

extern const struct condition_row condition_rows[]; /* the last one's name is NULL */

/* 1, 0, or -1: nothing is known (the status is NULL, or says WAIT). */
int condition_is(const struct condition_row *row, const char *status);

/* The one condition that matters most, of condition_words (NULL-terminated; what
 * BASE/UPS/condition says): "Low battery". `status` NULL: unknown. */
extern const char *const condition_words[];
const char *condition_word(const char *status);

#define CONDITION_STATUS_MAX 512

/* ups.status as whoever asks is shown it (feed_status() with the view of all), or NULL. */
const char *condition_status(const struct feed_ups *u, char out[CONDITION_STATUS_MAX]);

#endif
