/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_USERS_H
#define HOLDUPD_USERS_H

#include <stdbool.h>
#include <sys/types.h>

#include "holdupd/plan.h"

/*
 * Who the children are (docs/outage.md, 5). Only root outside a private installation
 * starts them as others; else every child is who holdupd is.
 */

#define USERS_GROUPS_MAX 64

struct user {
	bool change; /* false: as holdupd itself */
	uid_t uid;
	gid_t gid;
	gid_t groups[USERS_GROUPS_MAX];
	int ngroups;
};

struct users {
	struct user list[PLAN_USERS];
	bool change;
	const char *all; /* this one for all of them (holdupd -u), or NULL */
	gid_t nut;       /* the group of our sockets; -1: there is none */
};

/* Looks up all but two / PLAN_USER_RUN, from RUN_AS_USER / PLAN_USER_DRIVER, from `user`
 * of ups.conf (NULL: nut, both). Who does not exist is replaced by `nut`, and that by
 * root; the log says so. */
void users_find(struct users *u, const char *all);
void users_find_run(struct users *u, const char *run_as_user);
void users_find_driver(struct users *u, const char *name);

/* In a child: becomes that user for good. Returns 0, or -1 with errno. */
int users_become(const struct user *user);

#endif
