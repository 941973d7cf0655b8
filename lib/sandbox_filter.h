/* SPDX-License-Identifier: ISC */
#ifndef LIB_SANDBOX_FILTER_H
#define LIB_SANDBOX_FILTER_H

#include <linux/filter.h>

#include "lib/sandbox.h"

#define SANDBOX_FILTER_MAX 64 /* instructions */

/* The list of denied system calls of each role as a program of seccomp(2), which answers
 * EPERM to each of them. sandbox_gen.c writes it while holdup is built. */
struct sandbox_filter {
	unsigned short len;
	struct sock_filter code[SANDBOX_FILTER_MAX];
};

extern const struct sandbox_filter sandbox_filters[SANDBOX_ROLES];

#endif
