/* SPDX-License-Identifier: ISC */
#ifndef HID_SERVE_H
#define HID_SERVE_H

#include "hid/options.h"

struct event_base;

/*
 * One UPS served: finds its device, reads it, and answers on the driver socket. This is
 * where the driver's logic meets descriptors, the clock and the log.
 */
struct serve;

/* Serves on the listening socket `fd` (owned from now on), searching from the first
 * turn of the loop. `o` must outlive it. */
struct serve *serve_new(struct event_base *base, const struct options *o, int fd);
void serve_free(struct serve *s);

#endif
