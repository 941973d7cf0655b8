/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_SECTION_H
#define REMOTE_SECTION_H

#include "lib/conf_ups.h"
#include "remote/client.h"
#include "remote/target.h"

/*
 * A section of ups.conf with `driver = remote`. Pure.
 *
 *	port = UPS@HOST[:PORT]
 *	user, password                 for commands, and for the login
 *	login = secondary|primary      log in as a machine that this UPS feeds
 *	tls = try|force|verify         STARTTLS: with a server that has it; a must; and its
 *	                               certificate must be good
 *	tlsname                        the name in the certificate, if not HOST
 *	tlspassphrase                  of our own certificate's key
 *	pollfreq, pollfreqalert        seconds between two polls of a server that cannot
 *	                               push; on battery (upsmon.conf's words)
 */
#define SECTION_POLLFREQ_S 5 /* of one that logs in, as upsmon has it */

struct section {
	struct target target;
	bool verify;                           /* the certificate; for that name */
	const char *tls_name, *tls_passphrase; /* the passphrase may be NULL */
	struct client_options client; /* texts are those of the section and of `target` */
};

/* Returns 0, or -1 with the reason in `cause` when it names no UPS. What else is wrong
 * becomes a problem of `file`. */
int section_read(struct section *s, const struct conf_ups *ups, const char *file,
    struct problems *p, char *cause, size_t size);

#endif
