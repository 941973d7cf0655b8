/* SPDX-License-Identifier: ISC */
#ifndef LIB_PATHS_H
#define LIB_PATHS_H

#include <stdbool.h>

/*
 * Where things are. Each function returns a string that the caller frees.
 */

/* A configuration file: NUT_CONFPATH/name, by default /etc/nut/name. */
char *paths_conf(const char *name);

/* A socket or state file: NUT_STATEPATH/name, by default /run/nut/name. An empty name
 * gives the folder itself. */
char *paths_state(const char *name);

/* A file that outlives the power: /var/lib/holdup/name; in a private installation
 * paths_state(name). An empty name gives the folder. */
char *paths_memory(const char *name);

/* True when NUT_CONFPATH or NUT_STATEPATH is set: a private installation, in which no
 * default command may touch the machine. */
bool paths_private(void);

/*
 * One of our programs: $HOLDUP_LIBEXEC/name, else beside the running program, else
 * ../name/name (the build tree; ../net/net-tls for net-tls), else
 * ../libexec/holdup/name, else ../sbin/name, else ../../sbin/name (from libexec/holdup).
 * NULL when none of these is an executable file.
 */
char *paths_program(const char *name);

#endif
