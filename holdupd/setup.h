/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SETUP_H
#define HOLDUPD_SETUP_H

#include <stdbool.h>

#include "holdupd/plan.h"
#include "holdupd/users.h"
#include "lib/conf_holdup.h"
#include "lib/conf_nut.h"
#include "lib/conf_upsmon.h"

/*
 * The configuration as read once, at start or at a reload: every fault is in the log, and
 * what the children may know of it is in memory, sealed, so that all of them see one text
 * and none needs the folder.
 */
struct setup {
	enum nut_mode mode;
	struct upsmon_conf upsmon;
	struct holdup_conf own;
	struct plan plan; /* sockets only; plan_children() comes after opening them */
	char *upses;      /* names for the log: "qnapups, second" */
	int texts[PLAN_TEXTS];
	bool not_all_listeners; /* ALLOW_NOT_ALL_LISTENERS */
	bool damaged;           /* a file is there that could not be read */
};

/* Reads everything; where ups.conf names no UPS, asks `hid -L` what is there, as `user`
 * (this takes up to 10 s). Never fails as a whole. */
void setup_read(struct setup *s, struct plan_call call, const struct user *user);
void setup_free(struct setup *s);

/* True when there is something to do: a UPS to serve, or a MONITOR line to follow. */
bool setup_has_work(const struct setup *s);

/* True when a child of one setup is told the same as one of another: it need not start
 * afresh. Of ups.conf, a driver is told its own section; its socket has its name, so of
 * the sockets only the listeners count. */
bool setup_same_child(const struct setup *old, const struct plan_child *a,
    const struct setup *new, const struct plan_child *b);

#endif
