/* SPDX-License-Identifier: ISC */
#ifndef MQTT_TLS_H
#define MQTT_TLS_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * TLS to a broker: the certificate is checked always, with the name of the host. Texts are
 * PEM that holdupd has read; no file is opened but the machine's own authorities.
 */
struct tls;

/* `authorities` NULL: the machine's. `own` NULL: no certificate of ours. NULL with a cause
 * that names the word of holdup.conf. */
struct tls *tls_new(const char *authorities, size_t authorities_len, const char *own,
    size_t own_len, char *cause, size_t size);
void tls_free(struct tls *t);

/* The context for connections to `host` from now on (for libmosquitto, which takes a
 * reference); what was noted of the last one is forgotten. */
SSL_CTX *tls_aim(struct tls *t, const char *host);

/* Why the last handshake failed, with the remedy; false when there was none, or no failure
 * of it. */
bool tls_cause(const struct tls *t, char *cause, size_t size);

#endif
