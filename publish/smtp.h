/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_SMTP_H
#define PUBLISH_SMTP_H

#include "publish/via.h"

/* Mail by SMTP: libcurl behind one function. */

#define SMTP_CONNECT_S \
	30 /* longest time until we are let in: servers make strangers wait */
#define SMTP_TOTAL_S 60 /* longest time for all of it */

/*
 * Sends a mail (publish/mail.h) by a [notify] section, and waits. TLS is verified; where
 * there is a password it is demanded, but on this machine. `authorities`: PEM, instead of the
 * machine's, or NULL. A mail that some of its receivers get is sent: the cause names the
 * others.
 */
void smtp_send(const struct conf_notify *c, const struct buf *mail, char *authorities,
    struct via_outcome *o);

#endif
