/* SPDX-License-Identifier: ISC */
#ifndef CORE_HUB_H
#define CORE_HUB_H

#include "core/policy.h"
#include "lib/conf_ups.h"

struct event_base;
struct feed_ups;

/*
 * Where core's parts meet: the model of every UPS, its sources, the feed and the policy.
 * Whatever happens goes in here; what it means comes from policy, and what follows is
 * done here and nowhere else.
 */
struct hub;

/* Starts a source for each section of ups.conf that names a driver. `feed_fd` listens for
 * readers; `ctl_fd` leads to holdupd, or is -1. The descriptors stay the caller's. */
struct hub *hub_new(
    struct event_base *base, const struct ups_conf *conf, int feed_fd, int ctl_fd);
void hub_free(struct hub *h);

/* The UPS of that name, without regard to case, or NULL. */
struct feed_ups *hub_find(const struct hub *h, const char *name);

/* Counts somebody in, and returns the number by which the feed knows him (0: there are
 * FEED_LOGINS_MAX) / out. */
unsigned long hub_login(
    struct hub *h, struct feed_ups *u, const char *account, const char *address);
void hub_logout(struct hub *h, struct feed_ups *u, unsigned long session);

/* Somebody entitled demands a forced shutdown of all that hang on this UPS. */
void hub_fsd(struct hub *h, struct feed_ups *u);

/* Hands a command or a setting to the driver, if what it told allows that. Returns NULL
 * when that was done, else a word of RFC 9271, section 5: that of core/check.h, or
 * DRIVER-NOT-CONNECTED, DATA-STALE. `value` of a command may be NULL. */
const char *hub_instcmd(
    struct hub *h, struct feed_ups *u, const char *cmd, const char *value);
const char *hub_set(
    struct hub *h, struct feed_ups *u, const char *var, const char *value);

#endif
