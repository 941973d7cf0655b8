/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_MERGE_H
#define REMOTE_MERGE_H

#include "lib/state.h"

/*
 * What of a far UPS becomes ours. driver.* stays away, for that driver is not this one;
 * identity (ups.mfr, ups.serial and the like) stays as it was first known, because
 * clients take a change of it for another device. Pure.
 */

#define MERGE_MAX 1000 /* variables, commands, or values of one that we follow */

/* One variable set or gone. Returns true when ours changed. */
bool merge_var(struct state *ours, const char *name, const char *text);
bool merge_del(struct state *ours, const char *name);

/* Whole lists: ours become the same as `far` has. */
void merge_vars(struct state *ours, const struct state *far);
void merge_cmds(struct state *ours, const struct state *far);

/* The allowed values, the ranges of variable `name`. */
void merge_enums(struct state *ours, const struct state *far, const char *name);
void merge_ranges(struct state *ours, const struct state *far, const char *name);

#endif
