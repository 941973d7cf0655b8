/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_ENCODE_H
#define PUBLISH_ENCODE_H

#include "lib/buf.h"

/* Appends text as a value of a query (RFC 3986: all but unreserved letters as %XX). */
void encode_query(struct buf *url, const char *text);

#endif
