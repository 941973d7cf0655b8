/* SPDX-License-Identifier: ISC */
#ifndef CORE_REQIN_H
#define CORE_REQIN_H

struct event_base;
struct hub;

/*
 * Interface 3, core's end (docs/architecture.md, 3.3): requests of net. Each is
 * judged by the hub and answered at once; what is tracked is answered a second time when
 * the driver says what came of it. What changes something is logged with account and
 * address. When a connection ends, the logins that came by it are broken.
 */
struct reqin;

/* Listens on `listen_fd` (the caller's). */
struct reqin *reqin_new(struct event_base *base, int listen_fd, struct hub *hub);
void reqin_free(struct reqin *r);

#endif
