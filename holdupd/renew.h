/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_RENEW_H
#define HOLDUPD_RENEW_H

#include "lib/netctl.h"

struct event_base;

/*
 * holdupd's end of lib/netctl.h: tells net, while it runs, what has become of files and
 * listeners, one packet at a time.
 */
struct renew;

struct renew_ops {
	/* What there is at this moment; descriptors stay the callee's. */
	void (*collect)(void *arg, struct netctl *n);
	/* net does not take it: it is to start afresh. */
	void (*failed)(void *arg, const char *why);
};

struct renew *renew_new(struct event_base *base, const struct renew_ops *ops, void *arg);
void renew_free(struct renew *r);

/* A fresh connection for a net that is about to start, which is told the same on its
 * command line. Returns net's end, owned here; -1 with errno. */
int renew_connect(struct renew *r);

/* Something is new: net, if it runs, is told all of it. */
void renew_tell(struct renew *r);

#endif
