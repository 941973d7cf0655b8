/* SPDX-License-Identifier: ISC */
#ifndef LIB_NAMES_TABLE_H
#define LIB_NAMES_TABLE_H

#include <stddef.h>

/* The tables behind names.h, one file each; sorted by name, bytewise. Names hold neither
 * indexes nor phases. */
struct name {
	const char *name, *text;
};

extern const struct name names_vars[];
extern const size_t names_nvars;

extern const struct name names_cmds[];
extern const size_t names_ncmds;

#endif
