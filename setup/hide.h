/* SPDX-License-Identifier: ISC */
#ifndef SETUP_HIDE_H
#define SETUP_HIDE_H

#include <stddef.h>

#include "lib/buf.h"

/*
 * Appends a line of any configuration file (without LF) with what nobody else may know as
 * "…": passwords, tokens, the login of a MONITOR line, headers, addresses of channels. A
 * commented line is no exception. Pure.
 */
void hide_line(struct buf *out, const char *line, size_t len);

#endif
