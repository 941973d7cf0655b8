/* SPDX-License-Identifier: ISC */
#ifndef LIB_NAMES_H
#define LIB_NAMES_H

/*
 * What NUT's variable and command names mean, for GET DESC, GET CMDDESC and the command
 * line (RFC 9271's record of names; the sentences are ours). Indexes do not matter
 * (`outlet.1.status`, `ambient.2.humidity`), phases and second lines are told behind
 * (`input.bypass.L1.voltage`: "Mains voltage (V), bypass, phase L1"). NULL when unknown;
 * the text is valid until the next call.
 */
const char *names_var(const char *name);
const char *names_cmd(const char *name);

/* The variables that say which device this is, NULL behind the last. A driver never lets
 * them change once they were known: clients take a change for another device. */
extern const char *const names_identity[];

#endif
