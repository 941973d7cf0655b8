/* SPDX-License-Identifier: ISC */
#ifndef WEB_LANG_TABLE_H
#define WEB_LANG_TABLE_H

#include <stddef.h>

#include "web/lang.h"

/* For lang.c and its test: all words, sorted by key. */
struct lang_row {
	const char *key;
	const char *text[LANGS];
};

extern const struct lang_row lang_rows[];
extern const size_t lang_nrows;

#endif
