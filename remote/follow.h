/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_FOLLOW_H
#define REMOTE_FOLLOW_H

#include <stdbool.h>

#include "lib/state.h"
#include "remote/section.h"
#include "remote/starttls.h"

struct event_base;

/*
 * A UPS of another NUT server as a driver of this machine: the connection that
 * remote/client.h (pure) speaks on, dialled again and again, and the driver socket. Any
 * number of them live on one event loop.
 */
struct follow;

#define FOLLOW_GOODBYE_S 1 /* for the server to take our LOGOUT */

/* Serves `section` as `ups` on the listening driver socket `fd` (owned from now on);
 * `shown` is what the driver says of itself, driver.*, copied. `section`, `ups` and
 * `tls` must outlive it; without `tls` (NULL) a section that demands TLS reaches nobody. `left` is called from the loop when the server has taken the LOGOUT of
 * follow_leave(). */
struct follow *follow_new(struct event_base *base, const char *ups,
    const struct section *section, struct starttls *tls, const struct state *shown,
    int fd, void (*left)(void *arg), void *arg);
void follow_free(struct follow *f);

/* A server that counts this machine hears that it leaves. Returns false when there is
 * none to tell; else `left` follows, if the server lives. */
bool follow_leave(struct follow *f);

#endif
