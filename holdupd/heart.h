/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_HEART_H
#define HOLDUPD_HEART_H

#include <stddef.h>
#include <stdint.h>

struct event_base;

/*
 * Interface 4, holdupd's end (docs/architecture.md, 3.4): listens to core's heart.
 */
struct heart;

#define HEART_SILENCE_MS 10000

struct heart_ops {
	/* core is silent, or said what is not of the table: it cannot be trusted. */
	void (*failed)(void *arg, const char *why);
	/* The driver of this row of ups.conf hangs. */
	void (*restart)(void *arg, uint32_t row);
};

struct heart *heart_new(struct event_base *base, const struct heart_ops *ops, void *arg);
void heart_free(struct heart *h);

/* A fresh connection for a core that is about to start; what an earlier one may have
 * left unread is gone with it. Returns core's end, owned by the heart; -1 with errno. */
int heart_connect(struct heart *h);

#endif
