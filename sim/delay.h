/* SPDX-License-Identifier: ISC */
#ifndef SIM_DELAY_H
#define SIM_DELAY_H

#include <stdbool.h>
#include <stddef.h>

struct event_base;

/*
 * Requests that wait: a device that takes its time answers each one `*stall` seconds
 * after it came, in the order they came, while everything else goes on.
 */
struct delay;

/* `stall` is read whenever a request comes or goes. */
struct delay *delay_new(struct event_base *base, const double *stall,
    void (*serve)(void *arg, const void *request, size_t len), void *arg);

/* Drops what waits; not from inside `serve`. NULL is fine. */
void delay_free(struct delay *d);

/* Serves the request now or later; `slow` ones are those that stall, the others only
 * keep their place. Returns 0, or -1 when too many wait. */
int delay_push(struct delay *d, bool slow, const void *request, size_t len);

/* Drops the requests that are meant by `which`: nobody waits for them any more. */
void delay_forget(struct delay *d, bool (*meant)(const void *request, const void *which),
    const void *which);

/* *stall has changed: what is due now is served. */
void delay_retime(struct delay *d);

#endif
