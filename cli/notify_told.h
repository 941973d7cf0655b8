/* SPDX-License-Identifier: ISC */
#ifndef CLI_NOTIFY_TOLD_H
#define CLI_NOTIFY_TOLD_H

#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"

/* What each channel has told, from the outbox of `out` (docs/publishing.md, 2): a publisher
 * keeps there what it delivered last, and since when and why it cannot. */
struct notify_box;

/* All times are Unix ms, 0: none; texts are there, "" at least. */
struct notify_told {
	int64_t at;       /* when the last message was delivered, */
	bool refused;     /* or given up, for the receiver will not have it */
	char *text;       /* its title */
	int64_t fails_at; /* since when none is */
	char *fails;      /* why */
	size_t waiting;   /* events that it has not taken yet */
	int64_t waiting_since;
};

/* Reads the outbox of this installation; one that is not there, or that may not be read
 * (which is complained of), is an empty one. `conf` stays with the caller. */
struct notify_box *notify_box_open(const struct holdup_conf *conf);
void notify_box_free(struct notify_box *box);

/* The channel by its number in conf->notifies. */
void notify_box_told(struct notify_told *told, const struct notify_box *box, size_t i);
void notify_told_free(struct notify_told *told);

#endif
