/* SPDX-License-Identifier: ISC */
#ifndef LIB_WORDS_H
#define LIB_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#define WORDS_MAX 64        /* words in a line; a longer line is refused */
#define WORDS_LINE_MAX 4096 /* bytes in a line, the text of all words together */

enum words_mode {
	WORDS_PROTOCOL, /* blanks part words; `=` and `#` are ordinary characters */
	WORDS_CONFIG,   /* `#` starts a comment, `=` is a word of its own */
};

/*
 * One line taken apart. The words point into `text`, so the struct must not be
 * copied by assignment. Unused entries of `argv` up to argc are NULL-terminated.
 */
struct words {
	int argc;
	char *argv[WORDS_MAX + 1];
	bool quoted[WORDS_MAX]; /* word i stood in double quotes (may be empty) */
	char text[WORDS_LINE_MAX + WORDS_MAX + 1];
};

/*
 * Splits `line` (len bytes, without its line end; CRs at the end are ignored) into
 * words as NUT's parseconf does: blanks part words, "double quotes" keep blanks,
 * a backslash takes the next character literally, inside quotes too.
 * Returns 0, or -1 with the reason in *why: "unbalanced quote", "line too long",
 * "too many words", "control character in line", "backslash at end of line". Pure.
 */
int words_split(struct words *w, enum words_mode mode, const char *line, size_t len,
    const char **why);

#endif
