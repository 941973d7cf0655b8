/* SPDX-License-Identifier: ISC */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include <stdbool.h>
#include <stddef.h>

/* What a command talks to: "ups@host:port" as NUT's clients write it. */
struct target {
	char *ups; /* NULL: none named */
	char *host, *port;
};

/*
 * Takes "UPS[@HOST[:PORT]]" apart, or, where a server is wanted, "HOST[:PORT]"; IPv6 in
 * brackets, "[::1]:3493". A named host has port 3493 where none is given; what is
 * missing altogether comes from `host` and `port`. NULL text means nothing was named.
 * Returns 0, or -1 when it cannot be such a name. Release with target_free(). Pure.
 */
int target_parse(
    struct target *t, const char *text, bool server, const char *host, const char *port);
void target_free(struct target *t);

/*
 * The same with this machine's server as the default: the first LISTEN of
 * NUT_CONFPATH/upsd.conf where that can be read (so that a private installation is
 * found), else localhost and 3493. An address that means "all" becomes loopback.
 */
int target_local(struct target *t, const char *text, bool server);

#endif
