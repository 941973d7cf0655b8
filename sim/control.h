/* SPDX-License-Identifier: ISC */
#ifndef SIM_CONTROL_H
#define SIM_CONTROL_H

#include <stddef.h>

struct buf;
struct event_base;

/*
 * The control socket: a line in, a line out.
 */
struct control;

/* Listens at `path`. `run` does what a line says and appends the answer without LF. NULL
 * with the reason in `cause`. */
struct control *control_new(struct event_base *base, const char *path,
    void (*run)(void *arg, const char *line, struct buf *answer), void *arg, char *cause,
    size_t size);

/* Closes all and removes the socket. NULL is fine. */
void control_free(struct control *c);

#endif
