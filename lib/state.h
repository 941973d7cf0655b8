/* SPDX-License-Identifier: ISC */
#ifndef LIB_STATE_H
#define LIB_STATE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What is known about one UPS: its variables with their kinds, its instant commands,
 * and how fresh it all is. Drivers fill one, core merges them, net serves them.
 * Names and meanings are NUT's (RFC 9271, section 4 and its record of names).
 */

#define STATE_NAME_MAX 127 /* bytes in a variable's or command's name */
#define STATE_VALUE_MAX \
	511 /* bytes in a value; longer ones are cut (NUT: ST_MAX_VALUE_LEN) */

enum state_flag {
	STATE_RW = 1 << 0,     /* SET VAR may change it */
	STATE_STRING = 1 << 1, /* free text up to `aux` bytes, else a number or an enum */
	STATE_NUMBER = 1 << 2,
};

struct state_range {
	long min, max;
};

/* One variable. `text` is owned by the state and replaced by state_set(). */
struct state_var {
	char *name, *text;
	unsigned flags; /* of enum state_flag */
	long aux;       /* longest string that may be set, in bytes; 0 = none given */
	char **enums;   /* allowed values, `nenums` of them, in the driver's order */
	size_t nenums;
	struct state_range *ranges;
	size_t nranges;
};

struct state {
	struct state_var **vars; /* sorted by name, bytewise */
	size_t nvars;
	char **cmds; /* sorted by name */
	size_t ncmds;
	unsigned long changes; /* grows by one with each change of anything above */
};

/* Makes an empty state / releases one with all it owns (NULL is fine). */
struct state *state_new(void);
void state_free(struct state *s);

/* Drops all variables and commands. */
void state_clear(struct state *s);

/*
 * Sets a variable, made when missing. Returns true when something changed. Control
 * characters become blanks, text beyond STATE_VALUE_MAX is cut; a name that is empty,
 * too long, or holds anything but printable ASCII without blank, quote and backslash
 * changes nothing. state_setf() formats as printf does.
 */
bool state_set(struct state *s, const char *name, const char *text);
bool state_setf(struct state *s, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Removes a variable. Returns true when it was there. */
bool state_del(struct state *s, const char *name);

/* The variable or NULL; owned by the state, valid until the next change of it. */
const struct state_var *state_var(const struct state *s, const char *name);

/* The variable's text or NULL. */
const char *state_get(const struct state *s, const char *name);

/* Kind of an existing variable; each returns true when something changed, and does
 * nothing for a missing variable. state_flags() replaces all flags. */
bool state_flags(struct state *s, const char *name, unsigned flags);
bool state_aux(struct state *s, const char *name, long aux);
bool state_enum_add(struct state *s, const char *name, const char *value);
bool state_enum_del(struct state *s, const char *name, const char *value);
bool state_range_add(struct state *s, const char *name, long min, long max);
bool state_range_del(struct state *s, const char *name, long min, long max);

/* Instant commands; true when the list changed / when the command is there. */
bool state_cmd_add(struct state *s, const char *name);
bool state_cmd_del(struct state *s, const char *name);
bool state_cmd_has(const struct state *s, const char *name);

/* True when the blank-separated status text (of ups.status) holds `word`, say "OB". */
bool state_status_has(const char *status, const char *word);

/* True for a name that state_set() and state_cmd_add() accept. */
bool state_name_ok(const char *name);

#endif
