/* SPDX-License-Identifier: ISC */
#ifndef LIB_IFNETS_H
#define LIB_IFNETS_H

#include "lib/allow.h"

/* Puts the networks that this machine is directly on in the place of those in `n`: those of
 * the addresses of its broadcast interfaces that are up. Returns 0, or -1 with errno, and `n`
 * as it was. The caller frees n->list. */
int ifnets_read(struct allow_nets *n);

#endif
