/* SPDX-License-Identifier: ISC */
#ifndef LIB_FDARG_H
#define LIB_FDARG_H

/* The number of a descriptor that holdupd hands over on a command line
 * (docs/architecture.md, 2). What follows it is left in `*rest`; with `rest` NULL nothing
 * may follow. Anything else ends the process with a message. */
int fdarg(const char *text, const char **rest);

#endif
