/* SPDX-License-Identifier: ISC */
#ifndef LIB_POWERFLAG_H
#define LIB_POWERFLAG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * POWERDOWNFLAG (NUT: upsmon.conf(5)): the file that tells the last moments of a shutdown
 * that the output of the UPS is to be cut. Its content is that of NUT's upsmon, so that
 * each accepts the other's.
 */

/* Its path: as upsmon.conf has it, or for NULL the default: /run/holdup/killpower, in a
 * private installation STATEPATH/killpower. The caller frees. */
char *powerflag_path(const char *configured);

/* True when the file is there and says what such a file says. */
bool powerflag_is_set(const char *path);

/* Writes the file, making its folder where that is missing. Returns 0, or -1 with the
 * reason in `cause`; a file that is something else is left alone (-1). */
int powerflag_set(const char *path, char *cause, size_t size);

/* Removes the file of an earlier outage; one that is something else is left alone. */
void powerflag_clear(const char *path);

#endif
