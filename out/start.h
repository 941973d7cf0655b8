/* SPDX-License-Identifier: ISC */
#ifndef OUT_START_H
#define OUT_START_H

#include <sys/types.h>

#include "out/relay.h"

/* Starts `path` as the process of a publisher (docs/publishing.md, 1): its pid, and in *wire
 * our end of the wire, non-blocking. -1 with errno when that cannot be. */
pid_t start_publisher(
    const struct relay_house *h, const struct publisher *p, const char *path, int *wire);

#endif
