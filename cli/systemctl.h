/* SPDX-License-Identifier: ISC */
#ifndef CLI_SYSTEMCTL_H
#define CLI_SYSTEMCTL_H

#include <stdbool.h>

/*
 * systemctl(1), for what `holdup setup` starts and stops.
 */

/* True where units are ours to touch: root on a machine that runs systemd. In a private
 * installation only where $HOLDUP_SYSTEMCTL names a program to call in its place (tests). */
bool systemctl_there(void);

/* Calls it with these arguments, NULL at the end. What it prints goes to *out, which the
 * caller frees, or, with `out` NULL, nowhere; what it complains of is seen. Returns its exit
 * status, -1 where it cannot be run or was killed. */
int systemctl(const char *const *args, char **out);

#endif
