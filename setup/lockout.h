/* SPDX-License-Identifier: ISC */
#ifndef SETUP_LOCKOUT_H
#define SETUP_LOCKOUT_H

#include <stddef.h>

#include "check/check.h"
#include "lib/allow.h"

/*
 * Who is served by NUT's upsd and would be refused by holdup on the same configuration
 * (docs/setup.md, 5): NUT has ignored allowfrom and ACL since 2.4, takes a hash for the
 * password itself, and has no holdup.conf. Pure.
 */

/* The machines that upsd says are logged in (LIST CLIENT): addresses, each once. By which
 * account it does not say. */
struct lockout_now {
	char **addresses;
	size_t naddresses;
};

/* Adds an address, unless it is there, or is this machine itself. */
void lockout_add(struct lockout_now *now, const char *address);
void lockout_now_free(struct lockout_now *now);

/*
 * Adds to `out` who would be refused, and what to write against it: an error for a machine
 * that is logged in now and has no account left, and for a password that fits no more; a
 * warning for what one of those or of tomorrow may stumble over. `c` is after check_read();
 * `nets` are the networks that this machine is on (allow_matches()).
 */
void lockout_find(const struct check_conf *c, const struct lockout_now *now,
    const struct allow_nets *nets, struct check_list *out);

#endif
