/* SPDX-License-Identifier: ISC */
#ifndef NET_CONTROL_H
#define NET_CONTROL_H

#include "lib/netctl.h"

struct event_base;

/*
 * net's end of lib/netctl.h: what holdupd says while net runs.
 */
struct control;

/* Takes what a packet brings. Returns 0, and the listening sockets are the callee's; or -1
 * when net is rather to be started anew. Texts are closed afterwards. */
typedef int control_take(void *arg, struct netctl *n);

/* Listens on `fd`, which is owned from now on; -1: nobody ever says anything. */
struct control *control_new(
    struct event_base *base, int fd, control_take *take, void *arg);
void control_free(struct control *c);

#endif
