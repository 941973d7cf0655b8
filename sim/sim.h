/* SPDX-License-Identifier: ISC */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "sim/command.h"
#include "sim/link.h"
#include "sim/ups.h"

struct buf;

/*
 * The virtual UPS in real time: a body whose model is moved by the clock, behind a link,
 * steered by commands. Input reports leave at once when a status changes, and at most once
 * a second for gauges.
 */
struct sim;

/* The recording and the scenario (or NULL) must outlive it; `speed` virtual seconds pass
 * in each real one. */
struct sim *sim_new(struct event_base *base, const struct recording *r,
    const struct scenario *scenario, double speed, const struct ups_quirks *quirks);

/* What a link is made with; valid as long as the sim. */
const struct link_device *sim_device(const struct sim *s);

/* Takes ownership of the link, appears on its bus and lets time begin. Returns 0, or -1
 * with the reason in `cause`. */
int sim_start(struct sim *s, struct link *link, char *cause, size_t size);

/* Does what a line says and appends "OK ..." or "ERR reason", without LF. */
void sim_line(struct sim *s, const char *line, struct buf *answer);

/* Leaves the bus and releases. */
void sim_free(struct sim *s);

#endif
