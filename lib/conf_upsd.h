/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_UPSD_H
#define LIB_CONF_UPSD_H

#include <stddef.h>

#include "lib/allow.h"
#include "lib/conf.h"

/* upsd.conf (NUT: upsd.conf(5)). */

struct conf_listen {
	char *address,
	    *port; /* port "3493" where the file is silent; address `*` = all */
	int line;
};

/* `ACL name block`, of NUT before 2.4: decides nothing by itself, but upsd.users may name
 * it in allowfrom. */
struct conf_acl {
	char *name;
	struct allow_block block;
};

struct upsd_conf {
	struct conf_listen *listens; /* as written; none: the caller's default */
	size_t nlistens;
	int maxage;      /* seconds, default 15 */
	int maxconn;     /* default 0: as many as descriptors allow */
	char *statepath; /* or NULL */
	struct conf_acl *acls;
	size_t nacls;
};

/* Reads text; unknown words are problems with the nearest known word. All words of
 * upsd.conf of NUT 2.8.5 are known; those without effect here yet are accepted quietly. */
void upsd_conf_read(struct upsd_conf *c, const char *file, const char *text, size_t len,
    struct problems *p);
void upsd_conf_free(struct upsd_conf *c);

#endif
