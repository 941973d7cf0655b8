/* SPDX-License-Identifier: ISC */
#ifndef CLI_MACHINES_H
#define CLI_MACHINES_H

#include <jansson.h>

#include "cli/client.h"
#include "cli/view.h"

/* The machines of holdup.conf, as LIST MACHINE tells of them (docs/plan.md, 8). */
struct machines {
	struct machine_row {
		char *name, *stand, *why;
	} * rows;
	size_t count;
};

/* Asks; a server that knows none, or may not say, has none. Returns 0, or -1 with the
 * cause when the connection is gone. */
int machines_ask(struct client *c, struct machines *m, char *cause, size_t size);
void machines_free(struct machines *m);

/* A block of lines, in the order of the file; nothing where there are none. */
void machines_view(
    struct buf *out, const struct machines *m, const struct view_style *style);
json_t *machines_json(const struct machines *m);

#endif
