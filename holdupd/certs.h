/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_CERTS_H
#define HOLDUPD_CERTS_H

#include <stddef.h>

#include "lib/buf.h"

/*
 * The files of TLS, read by root so that net needs no way to them.
 */

/* CERTFILE, as it is: chain and key. Returns its text (the caller wipes and frees it) or
 * NULL with the reason in `cause`. */
char *certs_file(const char *path, size_t *len, char *cause, size_t size);

/* CERTPATH: the certificates of a file, or of all files of a folder, each once; nothing
 * else of them, least of all keys. The same otherwise; no certificate is a reason, too. */
char *certs_authorities(const char *path, size_t *len, char *cause, size_t size);

/* Appends the certificates of a PEM text to `out`. Pure. */
void certs_only(const char *text, struct buf *out);

#endif
