/* SPDX-License-Identifier: ISC */
#ifndef DUMMY_PLAYER_H
#define DUMMY_PLAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "dummy/entry.h"
#include "dummy/script.h"
#include "lib/dserver.h"
#include "lib/state.h"

/*
 * A UPS that is what a script says: steps and times in, a state out. Pure; the shell
 * (filed.c) has the file.
 *
 * A script is played from its first step on, up to each TIMER; dummy-once rests at its
 * end, dummy-loop begins again PLAYER_PAUSE_MS later. What was set meanwhile stays until
 * the script says otherwise; a variable that the script no longer has stays too.
 */
struct player;

#define PLAYER_PAUSE_MS 1000

/* The entry must outlive it. The state begins with what the entry says of driver.*, its
 * default.* and override.*, and NUT's own ups.mfr, ups.model and ups.status. */
struct player *player_new(const struct entry *entry);
void player_free(struct player *p);

/* What the UPS is. Owned by the player. */
const struct state *player_state(const struct player *p);

/* Another script, which becomes the player's: played from its beginning, by a dummy-loop
 * in the middle of a round when that is over. */
void player_load(struct player *p, struct script *script, uint64_t now_ms);

/* Plays what is due. Call it at least at player_next() (UINT64_MAX: it rests). */
void player_tick(struct player *p, uint64_t now_ms);
uint64_t player_next(const struct player *p);

/* Sets a variable that is there ("" removes it). DSERVER_UNKNOWN for others. */
enum dserver_status player_set(struct player *p, const char *name, const char *value);

#endif
