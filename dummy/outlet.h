/* SPDX-License-Identifier: ISC */
#ifndef DUMMY_OUTLET_H
#define DUMMY_OUTLET_H

#include <stdbool.h>
#include <stdint.h>

#include "dummy/entry.h"
#include "lib/dserver.h"
#include "lib/state.h"

/*
 * A UPS that is an outlet of another one (NUT: clone(8), clone-outlet(8)). Pure: the
 * real UPS's state and times in; a state and commands for the real UPS out.
 *
 * A clone shows what the real UPS shows, and shuts its own clients down earlier: on
 * battery and LB, below mincharge or minruntime, or when a command says so, it shows FSD,
 * has the outlet switched off offdelay seconds later, and, when the mains is there, on
 * again ondelay seconds after that. What has begun is carried through. A clone-outlet
 * only watches: FSD while the outlet's timer runs, OFF while it is off.
 */
struct outlet;

/* The entry must outlive it. */
struct outlet *outlet_new(const struct entry *entry);
void outlet_free(struct outlet *o);

const struct state *outlet_state(const struct outlet *o);

/* The real UPS is this now. */
void outlet_follow(struct outlet *o, const struct state *real, uint64_t now_ms);

/* Does what is due. Call it at least at outlet_next() (UINT64_MAX: nothing will be). */
void outlet_tick(struct outlet *o, uint64_t now_ms);
uint64_t outlet_next(const struct outlet *o);

/* Takes the command that the real UPS is to be given now, or NULL. The entry owns it. */
const char *outlet_command(struct outlet *o);

/* What a server of this machine asks for. */
enum dserver_status outlet_instcmd(struct outlet *o, const char *cmd, uint64_t now_ms);
enum dserver_status outlet_set(struct outlet *o, const char *var, const char *value);

#endif
