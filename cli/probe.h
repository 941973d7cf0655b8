/* SPDX-License-Identifier: ISC */
#ifndef CLI_PROBE_H
#define CLI_PROBE_H

#include <jansson.h>
#include <stdbool.h>

/* What `holdup probe` prints. */

enum probe_show {
	PROBE_FIELDS = 1,
	PROBE_VARS,
	PROBE_COMMANDS,
	PROBE_QUIRKS,
};

/* Reads a recording and prints that of it. Returns the exit status. */
int probe_replay(const char *file, enum probe_show show, bool json);

/* Prints JSON, and frees it. */
void probe_json(json_t *json);

#endif
