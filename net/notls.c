/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "net/tls.h"

/* The place of tls.c in `net`: without a certificate nothing below is reached. */
struct tls *
tls_new(const struct tls_settings *settings, char *cause, size_t len)
{
	snprintf(
	    cause, len, "this is net without TLS; holdupd starts net-tls for CERTFILE");
	return NULL;
}

void
tls_free(struct tls *tls)
{
}

struct tls_conn *
tls_accept(struct tls *tls, int fd)
{
	abort();
}

void
tls_close(struct tls_conn *t)
{
	abort();
}

int
tls_shake(struct tls_conn *t, char *cause, size_t len)
{
	abort();
}

ssize_t
tls_recv(struct tls_conn *t, void *bytes, size_t len)
{
	abort();
}

ssize_t
tls_send(struct tls_conn *t, const void *bytes, size_t len)
{
	abort();
}

bool
tls_wants_write(const struct tls_conn *t)
{
	abort();
}

bool
tls_pending(const struct tls_conn *t)
{
	abort();
}
