/* SPDX-License-Identifier: ISC */
#ifndef LIB_TLSIO_H
#define LIB_TLSIO_H

#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * What the server's end of TLS (net/tls.h) and the client's (remote/starttls.h) have in
 * common: OpenSSL on a non-blocking socket. A library of its own, for nothing else links
 * OpenSSL. TLS 1.2 and 1.3; no renegotiation, no compression, no file is opened.
 */

/* A context with these habits, or NULL and why. */
SSL_CTX *tlsio_context(const SSL_METHOD *method, char *cause, size_t size);

/* PEM that is in memory already; BIO_free() it. */
BIO *tlsio_text(const char *text, size_t len);

/* For what reads PEM, as its pem_password_cb: gives what *arg (a const char **) is, and
 * never asks at a terminal. */
int tlsio_pass(char *to, int size, int writing, void *arg);

/* "WHAT: why the last call failed"; OpenSSL's queue of errors is empty afterwards. */
void tlsio_cause(char *cause, size_t size, const char *what);

/* One connection. */
struct tlsio {
	SSL *ssl;
	bool wants_write; /* what returned "waits" last wants to write; else to read */
	bool broken;      /* nothing more may be said on it */
};

/* Begins one on a socket, which stays the caller's. Nothing is read or written yet. */
void tlsio_begin(struct tlsio *t, SSL_CTX *ctx, int fd);

/* Says goodbye unless it is broken, and does not wait for the other's. */
void tlsio_end(struct tlsio *t);

/* Goes on with the handshake: 1 when it is done, 0 when it waits for the socket, -1 when it
 * failed, and is broken; why is in OpenSSL's queue of errors. */
int tlsio_shake(struct tlsio *t);

/* As recv(2) and send(2): bytes, 0 at the end of what comes, -1 with EAGAIN when it waits for
 * the socket, or with another errno when it is broken; why is in the queue of errors. What
 * was not sent must come first in the next tlsio_send(). */
ssize_t tlsio_recv(struct tlsio *t, void *bytes, size_t len);
ssize_t tlsio_send(struct tlsio *t, const void *bytes, size_t len);

#endif
