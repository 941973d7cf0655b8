/* SPDX-License-Identifier: ISC */
#ifndef NET_TLS_H
#define NET_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * TLS for clients that say STARTTLS (RFC 9271; NUT: upsd.conf(5)). net-tls links tls.c, the
 * one file that knows OpenSSL beside lib/tlsio.c; net links notls.c, where tls_new() finds
 * no TLS and nothing else is ever called. TLS 1.2 and 1.3; no renegotiation, no compression;
 * sessions are resumed by tickets, so that a client that comes every few seconds costs little.
 */

/* What is wanted. All texts stay the caller's and are not needed after tls_new(). */
struct tls_settings {
	const char *certificate; /* CERTFILE: PEM, the server's own first, then the */
	size_t certificate_len;  /* chain; its key anywhere among them */
	/* CERTPATH: PEM, who signs clients' certificates; NULL: nobody. */
	const char *authorities;
	size_t authorities_len;
	const char *name;       /* CERTIDENT: whose the certificate must be; NULL: any */
	const char *passphrase; /* CERTIDENT: of the key; NULL: none */
	int request;            /* CERTREQUEST: a client's certificate is 0 not asked for,
	                          * 1 asked for and checked where there is one, 2 required */
	bool strong;            /* DISABLE_WEAK_SSL: only ciphers with forward secrecy and
	                          * authenticated encryption (as all of TLS 1.3 have) */
};

/* Certificate and settings made ready; or NULL and in `cause` what is wrong with them, and
 * the remedy. Called again for a reload: connections that there are keep what they have,
 * for they hold on to it by themselves. tls_free() takes NULL too. */
struct tls;

struct tls *tls_new(const struct tls_settings *settings, char *cause, size_t len);
void tls_free(struct tls *tls);

/* The server's end of one connection on a non-blocking socket, which stays the caller's.
 * Nothing is read or written yet. */
struct tls_conn;

struct tls_conn *tls_accept(struct tls *tls, int fd);
void tls_close(struct tls_conn *t);

/* Goes on with the handshake: 1 when it is done, 0 when it waits for the socket
 * (tls_wants_write()), -1 when it failed and `cause` says why. */
int tls_shake(struct tls_conn *t, char *cause, size_t len);

/* As recv(2) and send(2) on a non-blocking socket: bytes, 0 at the end of what comes, -1
 * with EAGAIN when it waits for the socket, or with another errno when the connection is
 * broken. What was not sent must come first in the next tls_send(). */
ssize_t tls_recv(struct tls_conn *t, void *bytes, size_t len);
ssize_t tls_send(struct tls_conn *t, const void *bytes, size_t len);

/* True when what returned "waits" last wants to write, false: to read. */
bool tls_wants_write(const struct tls_conn *t);

/* True when bytes have come that only tls_recv() knows of: the socket shows nothing. */
bool tls_pending(const struct tls_conn *t);

#endif
