/* SPDX-License-Identifier: ISC */
#ifndef LIB_MONITORS_H
#define LIB_MONITORS_H

#include <stdbool.h>

#include "lib/buf.h"
#include "lib/conf_ups.h"
#include "lib/conf_upsmon.h"

/*
 * What the MONITOR lines mean on this machine (docs/outage.md, 1). Pure.
 */

/* True for localhost and loopback addresses. */
bool monitors_host_is_local(const char *host);

/* Appends to `text` the sections of ups.conf that far UPSes need: driver = remote, port,
 * user, password, login, and what they are to know of TLS. A MONITOR line of this machine whose UPS ups.conf does not have
 * is a problem of `file` when `serving`, else a far UPS on localhost. */
void monitors_sections(struct buf *text, const struct upsmon_conf *m,
    const struct ups_conf *u, bool serving, const char *file, struct problems *p);

/* The row of ups.conf (with the sections above) that MONITOR line `monitor` means, or -1. */
long monitors_row(const struct upsmon_conf *m, size_t monitor, const struct ups_conf *u);

#endif
