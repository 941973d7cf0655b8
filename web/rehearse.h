/* SPDX-License-Identifier: ISC */
#ifndef WEB_REHEARSE_H
#define WEB_REHEARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "drill/drill_known.h"
#include "lib/feed.h"
#include "web/page.h"

/*
 * An outage rehearsed with what the feed knows now: who goes down when (docs/page.md, 3), and
 * the report of `holdup drill --json`. Pure; what `holdup drill` tries outside (hooks,
 * addresses) is not tried.
 */
struct rehearse;

/* Reads the files; rehearse_run() is to follow. */
struct rehearse *rehearse_new(const struct drill_files *files);
void rehearse_free(struct rehearse *r);

/* Lives through it (some milliseconds; the caller sees to it that it is not too often). */
void rehearse_run(struct rehearse *r, const struct feed *f);

/* The machines in the order in which they go down; those that never do are last. Valid until
 * the next run. */
const struct page_machine *rehearse_machines(const struct rehearse *r, size_t *count);

/* True when this machine is taken down in time, and nobody is cut alive. */
bool rehearse_protected(const struct rehearse *r);

/* The report, as text with a line end; the caller's to free. */
char *rehearse_json(const struct rehearse *r);

#endif
