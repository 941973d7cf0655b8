/* SPDX-License-Identifier: ISC */
#ifndef LIB_NAMES_H
#define LIB_NAMES_H

/*
 * What NUT's variable and command names mean, for GET DESC, GET CMDDESC and the command
 * line (RFC 9271's record of names; the sentences are ours). `outlet.1.status` is looked
 * up as `outlet.n.status`, likewise phases, ambient.n and batteries. NULL when unknown.
 */
const char *names_var(const char *name);
const char *names_cmd(const char *name);

#endif
