/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>

#include "remote/starttls.h"

/* The place of starttls.c in `remote` and `dummy`. */
struct starttls *
starttls_new(const struct starttls_settings *settings, char *cause, size_t size)
{
	snprintf(cause, size, "this program is without TLS, remote-tls is with it");
	return NULL;
}

void
starttls_free(struct starttls *t)
{
}

void
starttls_put_on(struct starttls *t, struct lineio *io, int fd, const char *name,
    bool verify, void (*coated)(void *arg))
{
	abort();
}
