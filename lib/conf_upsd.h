/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_UPSD_H
#define LIB_CONF_UPSD_H

#include <stddef.h>

#include "lib/allow.h"
#include "lib/conf.h"

/* upsd.conf (NUT: upsd.conf(5)). */

struct conf_listen {
	char *address; /* a literal one, a name, or `*` for all */
	char *port;    /* a number or a service's name; "3493" where the file is silent */
	int line;
};

/* `ACL name block`, of NUT before 2.4: decides nothing by itself, but upsd.users may name
 * it in allowfrom. */
struct conf_acl {
	char *name;
	struct allow_block block;
};

/* CERTREQUEST: whether a client has to show a certificate of its own. */
enum upsd_certrequest { UPSD_CERT_NO, UPSD_CERT_ASK, UPSD_CERT_REQUIRE };

struct upsd_conf {
	struct conf_listen *listens; /* as written; none: the caller's default */
	size_t nlistens;
	int maxage;        /* seconds, default 15 */
	int maxconn;       /* default 0: as many as descriptors allow */
	int trackingdelay; /* seconds that a result is kept for GET TRACKING, default 3600 */
	int debug_min;     /* default 0 */
	char *statepath; /* or NULL */
	bool allow_no_device, allow_not_all_listeners;
	char *certfile;       /* PEM of chain and key; NULL: no TLS */
	char *certpath;       /* file or folder of authorities for clients; or NULL */
	char *certident;      /* name (CN) that the certificate must have; or NULL */
	char *certident_pass; /* passphrase of its key; or NULL */
	enum upsd_certrequest certrequest;
	bool disable_weak_ssl;
	struct conf_acl *acls;
	size_t nacls;
};

/* Reads text; unknown words are problems with the nearest known word. All words of
 * upsd.conf of NUT 2.8.5 are known. */
void upsd_conf_read(struct upsd_conf *c, const char *file, const char *text, size_t len,
    struct problems *p);
void upsd_conf_free(struct upsd_conf *c);

#endif
