/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_NUT_H
#define LIB_CONF_NUT_H

#include <stddef.h>

#include "lib/conf.h"

/* nut.conf (NUT: nut.conf(5)): shell-like NAME=value lines, of which MODE decides what
 * runs on this machine. */

enum nut_mode {
	NUT_MODE_UNSET, /* no file, no MODE */
	NUT_MODE_NONE,
	NUT_MODE_STANDALONE,
	NUT_MODE_NETSERVER,
	NUT_MODE_NETCLIENT,
	NUT_MODE_MANUAL,
};

/* Reads text and returns the mode; faults become problems. */
enum nut_mode nut_conf_read(
    const char *file, const char *text, size_t len, struct problems *p);

#endif
