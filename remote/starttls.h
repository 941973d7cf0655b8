/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_STARTTLS_H
#define REMOTE_STARTTLS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/lineio.h"

/*
 * The client's end of TLS, for a server that has answered OK STARTTLS. remote-tls links
 * starttls.c, the one file that knows OpenSSL beside lib/tlsio.c; remote and dummy link
 * nostarttls.c, where starttls_new() finds no TLS and nothing else is ever called. TLS 1.2
 * and 1.3.
 */

/* What there is. All texts stay the caller's and are not needed after starttls_new(). */
struct starttls_settings {
	/* CERTPATH: PEM, who signs servers' certificates; a server's own may be among them.
	 * NULL: nobody. */
	const char *authorities;
	size_t authorities_len;
	/* CERTIDENT: PEM, our own certificate, its chain and its key, for a server that asks;
	 * NULL: none. */
	const char *certificate;
	size_t certificate_len;
	const char *passphrase; /* of that key; NULL: none */
};

/* All that made ready for any number of connections; NULL, with what is wrong and the
 * remedy in `cause`, where it cannot be used. starttls_free() takes NULL too. */
struct starttls;

struct starttls *starttls_new(
    const struct starttls_settings *settings, char *cause, size_t size);
void starttls_free(struct starttls *t);

/* Puts TLS on a connection whose descriptor is `fd`; see lineio_put_on() for the rest. With
 * `verify` the handshake fails unless the certificate is signed by an authority, valid
 * today, and for `name`, a host name or address. The reason of a failure names a remedy. */
void starttls_put_on(struct starttls *t, struct lineio *io, int fd, const char *name,
    bool verify, void (*coated)(void *arg));

#endif
