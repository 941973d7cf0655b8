/* SPDX-License-Identifier: ISC */
#ifndef MQTT_STATE_JSON_H
#define MQTT_STATE_JSON_H

#include <stdint.h>

#include "lib/buf.h"
#include "lib/feed.h"

/* The JSON object of a UPS (docs/publishing.md, 3.1). Pure. */

#define STATE_JSON_NEVER INT64_MIN

struct state_json {
	const char *site;
	const struct feed_ups *ups;
	int64_t at_ms;  /* Unix ms; STATE_JSON_NEVER: left out */
	bool energetic; /* the watt hours are known */
	uint64_t wh;
};

void state_json_write(struct buf *out, const struct state_json *s);

/* A time as RFC 3339 has it, in UTC with milliseconds: "2026-11-23T17:00:04.123Z". */
#define STATE_TIME_MAX 40
char *state_json_time(char out[STATE_TIME_MAX], int64_t ms);

#endif
