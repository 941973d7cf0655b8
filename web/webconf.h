/* SPDX-License-Identifier: ISC */
#ifndef WEB_WEBCONF_H
#define WEB_WEBCONF_H

#include "lib/conf_holdup.h"
#include "lib/conf_users.h"

struct rehearse;

/* The texts that holdupd hands over (docs/page.md, 1), by their options. */
enum webconf_text {
	WEBCONF_UPS,
	WEBCONF_UPSMON,
	WEBCONF_USERS,
	WEBCONF_HOLDUP,
	WEBCONF_CERTIFICATE, /* PEM: certificate and key */
	WEBCONF_TEXTS
};

struct webconf {
	struct rehearse *rehearse; /* it has read all of them */
	struct users_conf users;
	struct holdup_conf holdup;
	char *certificate; /* NULL: there is none */
	const char *base;  /* the path of the page, without a slash at its end */
};

/* Reads the texts behind these descriptors (-1: there is none) and closes them. One that
 * cannot be read is logged and counts as empty; without the certificate the process ends. */
struct webconf *webconf_read(const int texts[WEBCONF_TEXTS]);
void webconf_free(struct webconf *c);

#endif
