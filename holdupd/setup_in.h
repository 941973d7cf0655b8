/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_SETUP_IN_H
#define HOLDUPD_SETUP_IN_H

#include "holdupd/setup.h"

/* What setup.c and setup_tls.c share. */

/* Keeps a text for the children. */
void setup_keep(struct setup *s, enum plan_fd_kind kind, const char *name,
    const char *text, size_t len);

/* What upsd.conf says of TLS. It is another program that can it, so that nothing of OpenSSL
 * is in memory where nobody wants it. */
void setup_tls(struct setup *s, const struct upsd_conf *upsd, const char *file,
    struct problems *problems);

/* What upsmon.conf says of TLS, where a far UPS wants it: another program again. */
void setup_far_tls(struct setup *s, struct problems *problems);

/* Certificate and key of the page. Where they cannot be read there is no page: passwords
 * that were to go by HTTPS do not go in the clear. */
void setup_page_tls(struct setup *s);

/* What [mqtt] says of TLS: what cannot be read is left out, with a line in the log, and the
 * broker decides. */
void setup_mqtt_tls(struct setup *s);

#endif
