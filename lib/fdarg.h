/* SPDX-License-Identifier: ISC */
#ifndef LIB_FDARG_H
#define LIB_FDARG_H

/* The number of a descriptor that holdupd hands over on a command line
 * (docs/architecture.md, 2). What follows it is left in `*rest`; with `rest` NULL nothing
 * may follow. Anything else ends the process with a message. */
int fdarg(const char *text, const char **rest);

/* Reads holdup.conf from such a descriptor; holdup_conf_free() releases it. Its faults holdupd
 * has logged; what cannot be read ends the process. */
struct holdup_conf;
void fdarg_conf(struct holdup_conf *conf, int fd);

#endif
