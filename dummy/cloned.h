/* SPDX-License-Identifier: ISC */
#ifndef DUMMY_CLONED_H
#define DUMMY_CLONED_H

#include "dummy/entry.h"

struct event_base;

/* An outlet of another UPS (dummy/outlet.h), its connection to that one's driver, and its
 * own driver socket. The data are stale while the real UPS's are, or its driver is away. */
struct cloned;

/* Serves on the listening socket `fd` (owned from now on). The entry must outlive it. */
struct cloned *cloned_new(struct event_base *base, const struct entry *entry, int fd);
void cloned_free(struct cloned *c);

#endif
