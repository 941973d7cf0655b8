/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_H
#define LIB_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/words.h"

/*
 * What every configuration file has in common: lines of words, in NUT's quoting, with
 * `[section]` heads where the file has sections. Pure: text in, a walk over lines out.
 * Faults do not stop the reading; each becomes a problem that names file and line.
 */

struct problem {
	char *file; /* as given by the caller, e.g. "/etc/nut/ups.conf" */
	int line;   /* from 1; 0 = the file as a whole */
	char *text; /* what was found, what was meant, what happens now */
};

struct problems {
	struct problem *list;
	size_t count;
};

#define PROBLEMS_MAX 200 /* a file that is no text at all must not flood the log */

/* Adds a problem (none beyond PROBLEMS_MAX) / releases all. */
void problems_add(struct problems *p, const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void problems_free(struct problems *p);

/* "file:line: text", one call of `say` each (log_warn, or a printer). */
void problems_each(const struct problems *p, void (*say)(const char *format, ...));

struct conf_line {
	const char *file;
	int line;
	const char *section; /* NULL before the first head */
	const char *name;    /* "pi2" of [machine pi2], see conf_walk_named(); or NULL */
	const struct words
	    *words; /* at least one; `=` is a word of its own; none for a head */
	struct problems *problems;
};

/*
 * Walks the text. Calls `each` for every line with words and, with words == NULL, for
 * every section head. A backslash at the end of a line joins the next. A damaged line
 * becomes a problem and is skipped; so is a NUL byte (text ends there).
 */
void conf_walk(const char *file, const char *text, size_t len, struct problems *problems,
    void (*each)(void *arg, const struct conf_line *line), void *arg);

/* The same for a file whose heads may be of two words, [machine pi2]: a kind and a name. */
void conf_walk_named(const char *file, const char *text, size_t len,
    struct problems *problems, void (*each)(void *arg, const struct conf_line *line),
    void *arg);

/*
 * For the readers in conf_*.c. Each adds its problem to the line's list.
 *
 * conf_fault: any text. conf_unknown: word `i` is not one of this file; tells the file
 * it belongs into, or the nearest of `known`. conf_no_head: a section head in a file
 * without sections. conf_number: reads word `i` into *n and returns true when it is a
 * number from min to max. conf_switch: reads word `i`, any of those that NUT takes for a
 * bool (CONF_SWITCH below); *field stays as it is for another.
 */
void conf_fault(const struct conf_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void conf_unknown(const struct conf_line *line, int i, const char *const *known);
void conf_no_head(const struct conf_line *line);
bool conf_number(const struct conf_line *line, int i, int min, int max, int *n);
void conf_switch(const struct conf_line *line, int i, bool *field);

/*
 * For the readers of files whose lines are `WORD arguments`: a row for each word of the
 * file, the last without a name. What it needs; what reads it, from argument `at` on (a
 * stray `=` lies before that); or the field that it fills: a number from `min` to `max`,
 * a bool by the words of CONF_SWITCH (yes, true, on, 1; min above max), or a text that is
 * freed by the struct's owner (both 0). A row of CONF_NOTHING is known and has no effect
 * here.
 */
struct conf_row {
	const char *name;
	int args_min, args_max; /* least: 1, a value; 2, a type and a value */
	void (*take)(void *conf, const struct conf_line *line, int at);
	size_t field; /* offsetof(), never 0 */
	int min, max;
};

#define CONF_TAKE(function) function, 0, 0, 0
#define CONF_TEXT(type, field) NULL, offsetof(struct type, field), 0, 0
#define CONF_NUMBER(type, field, min, max) NULL, offsetof(struct type, field), min, max
#define CONF_SWITCH(type, field) NULL, offsetof(struct type, field), 1, 0
#define CONF_NOTHING NULL, 0, 0, 0

/* Reads one line into `conf` by its row. */
void conf_by_table(
    const struct conf_row *table, void *conf, const struct conf_line *line);

/* Takes arguments from `at` on as a row says that has been found / says that there is no
 * such row, and what may have been meant. */
void conf_take(
    const struct conf_row *row, void *conf, const struct conf_line *line, int at);
void conf_no_row(const struct conf_row *table, const struct conf_line *line);

/* The file that a word of another file belongs into ("upsd.conf" for "LISTEN"), or NULL.
 * Words of two files name both. */
const char *conf_home(const char *word);

/* Closest of `known` (NULL-terminated) to a misspelt word, or NULL when none is near. */
const char *conf_nearest(const char *word, const char *const *known);

/* Reads a whole file into memory (at most 1 MiB; the caller frees; NUL-terminated).
 * By path, or by a descriptor that stays open (read from offset 0 with pread).
 * Returns NULL with errno set; EFBIG when larger. */
char *conf_slurp(const char *path, size_t *len);
char *conf_slurp_fd(int fd, size_t *len);

#endif
