/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_HEART_H
#define HOLDUPD_HEART_H

#include <stdbool.h>
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
	/* Row of the notify table that run is to execute; answered by heart_done(). The text
	 * is what a UPS says there, or empty; it is not looked at here. */
	void (*run)(void *arg, uint32_t row, uint32_t id, const char *text);
	/* core has a deadline from now on: it must not be kept waiting. */
	void (*armed)(void *arg);
	/* The machine is to go down: core says so, or `late`: its deadline has passed. */
	void (*shutdown)(void *arg, bool cut, bool late);
};

struct heart *heart_new(struct event_base *base, const struct heart_ops *ops, void *arg);
void heart_free(struct heart *h);

/* A fresh connection for a core that is about to start; what an earlier one may have
 * left unread is gone with it. Its deadline is not: a core that knows of none does not
 * take back what the one before it has promised. Returns core's end, owned by the heart;
 * -1 with errno. */
int heart_connect(struct heart *h);

/* True from the moment core has set a deadline. */
bool heart_armed(const struct heart *h);

/* Says to core that a command of run has ended (status as of waitpid(2)) / that somebody
 * on this machine demands a forced shutdown: a core that starts before this one can have
 * kept it is told, too; a later one knows it, or that it is over (docs/plan.md, 6). */
void heart_done(struct heart *h, uint32_t id, int status);
void heart_fsd(struct heart *h);

/* Says to core that this machine is about to sleep. */
void heart_sleep(struct heart *h);

#endif
