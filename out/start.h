/* SPDX-License-Identifier: ISC */
#ifndef OUT_START_H
#define OUT_START_H

#include <sys/types.h>

#include "out/relay.h"

/* Starts the process of a publisher (docs/publishing.md, 1): its pid, and in *wire our end
 * of the wire, non-blocking. -1 when that cannot be. */
pid_t start_publisher(const struct relay_house *h, const struct publisher *p, int *wire);

#endif
