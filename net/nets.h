/* SPDX-License-Identifier: ISC */
#ifndef NET_NETS_H
#define NET_NETS_H

#include "lib/allow.h"

struct event_base;

/*
 * The networks that this machine is directly on: those of the addresses of its broadcast
 * interfaces that are up. Read anew whenever the kernel tells of a change (rtnetlink), or
 * where it does not, every NETS_POLL_S seconds.
 */
#define NETS_POLL_S 10

struct nets;

struct nets *nets_new(struct event_base *base);
void nets_free(struct nets *n);

/* The networks as they are; the pointer holds as long as `n`, what it points to changes
 * with the networks. */
const struct allow_nets *nets_list(const struct nets *n);

#endif
