/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_MAIL_H
#define PUBLISH_MAIL_H

#include "lib/buf.h"
#include "lib/conf_holdup.h"
#include "publish/message.h"

/* A message as mail: the text that SMTP carries (RFC 5322, MIME). Pure. */

/*
 * Appends header and body in lines that end with CR LF, none longer than 78 bytes but for
 * addresses and ids; dots are SMTP's to double. Date is when it happened; the Message-ID the same for the same events, so
 * that one that is sent twice is seen once where the reader knows how.
 */
void mail_write(struct buf *out, const struct conf_notify *c, const struct message *m,
    const char *site);

/* Appends text as words of a header (RFC 2047), as it is where that is ASCII that fits. */
void mail_header(struct buf *out, const char *name, const char *text);

#endif
