/* SPDX-License-Identifier: ISC */
#ifndef NET_NETCONF_H
#define NET_NETCONF_H

#include <stdbool.h>

#include "lib/conf_holdup.h"
#include "lib/conf_upsd.h"
#include "lib/conf_users.h"
#include "lib/netctl.h"

/*
 * What net is told: the files, read from the descriptors that holdupd hands over, at the
 * start and again at each reload (docs/serving.md, 1). Who keeps a pointer into it gets
 * the new one by a function of his own (clients_reconfigure(), …) before the old one is
 * released.
 */
struct netconf {
	struct upsd_conf upsd;
	struct users_conf users;
	struct holdup_conf holdup;
	char *certificate, *authorities; /* PEM, NUL-terminated; NULL: there is none */
	bool whole;                      /* every text could be read */
};

/* Reads the texts (netctl.h: -1 where there is none), which stay open; logs what only net
 * can know to be wrong. Never fails as a whole: a text that cannot be read counts as
 * missing, and `whole` is false. */
struct netconf *netconf_read(const int texts[NETCTL_TEXTS]);
void netconf_free(struct netconf *c);

#endif
