/* SPDX-License-Identifier: ISC */
#ifndef CLI_TERM_H
#define CLI_TERM_H

#include <stdbool.h>

#include "cli/view.h"

/* The terminal: what it can show, and the full screen with its way back. */

/* How to draw on descriptor `fd`: its size (80x24 where it has none), colour only on a
 * terminal that is not TERM=dumb and without NO_COLOR, UTF-8 by the locale. */
struct view_style term_style(int fd);

/* True when standard input and output are a terminal that can show a screen. */
bool term_usable(void);

/*
 * Takes the screen: alternate buffer, no cursor, keys one by one without echo.
 * term_restore() gives it back; it also happens at exit and when the process dies by a
 * fault. Both may be called again and again, and neither throws away keys
 * that were typed ahead: for this program, or for the shell after it.
 */
void term_take(void);
void term_restore(void);

#endif
