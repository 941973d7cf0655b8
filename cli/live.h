/* SPDX-License-Identifier: ISC */
#ifndef CLI_LIVE_H
#define CLI_LIVE_H

#include <stdbool.h>

#include "cli/model.h"
#include "cli/target.h"

struct event_base;

/*
 * Keeps a model up to date over a connection to a NUT server: pushed where the server
 * knows SUBSCRIBE (docs/architecture.md, 4), else asked for every 2 s. A lost server is
 * tried again four times a second.
 */
struct live;

/* `target`, `model` and `arg` stay the caller's and must outlive it. `clients`: also keep
 * the lists of who is logged in. `changed` is called after anything changed. */
struct live *live_new(struct event_base *base, const struct target *target,
    struct model *model, bool clients, void (*changed)(void *arg), void *arg);
void live_free(struct live *l);

/* Why there is no connection, a sentence; NULL while there is one. */
const char *live_problem(const struct live *l);

#endif
