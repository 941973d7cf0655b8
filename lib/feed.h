/* SPDX-License-Identifier: ISC */
#ifndef LIB_FEED_H
#define LIB_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/state.h"

/*
 * Interface 2 (docs/architecture.md, 3.2): what core tells its readers. A model
 * holds what is known of every UPS; core writes one as a snapshot, a reader rebuilds it
 * line by line. Pure.
 */

/* A feed that says more than this is no feed of ours: readers reconnect. */
#define FEED_UPSES_MAX 512
#define FEED_LOGINS_MAX 8192 /* to one UPS */
#define FEED_READERS_MAX 256 /* of one UPS */
#define FEED_MACHINES_MAX 256

enum feed_source { FEED_LOST, FEED_STALE, FEED_OK };
enum feed_view {
	FEED_VIEW_NONE, /* as the driver says */
	FEED_VIEW_LB,
	FEED_VIEW_FSD,
	FEED_VIEW_HOLD, /* without LB and FSD */
	FEED_VIEW_OLD,  /* FSD for those who were there when it came */
};

struct feed_login {
	unsigned long session;
	char *address, *account;
};

/* Somebody who reads without a login, and is known by it: "qnap", "synology", "winnut", or
 * "other", at an address that holdup.conf names. */
struct feed_reader {
	char *address, *kind;
	uint64_t seen_ms; /* core's own */
};

/* How one machine of holdup.conf is to see a UPS. */
struct feed_face {
	char *machine;
	enum feed_view view;
};

/* How it stands (docs/plan.md, 4 and 8). */
struct feed_machine {
	char *name, *stand, *why;
};

struct feed_ups {
	char *name, *desc;
	struct state *state;
	enum feed_source source;
	enum feed_view view; /* of machine `*` */
	struct feed_face *faces;
	size_t nfaces;
	unsigned long views; /* grows with each change of a view */
	struct feed_login *logins;
	size_t nlogins;
	struct feed_reader *readers;
	size_t nreaders;
};

#define FEED_DEED_WHO_MAX 127
#define FEED_DEED_VALUE_MAX 192 /* bytes; longer ones are cut */
#define FEED_NEWS "NEWS" /* a verb: nobody has asked for it, history has found it out */
#define FEED_DEED_SENT (-1)
#define FEED_DEED_RESULT_MAX 99 /* NUT has 0 to 3 */

/* What somebody has asked for, and what came of it. */
struct feed_deed {
	char who[FEED_DEED_WHO_MAX + 1]; /* account, or "-" */
	char from[64];                   /* address, or "-" */
	char verb[8];                    /* INSTCMD, SET, FSD, FORGET, DRILL, NEWS */
	char
	    name[STATE_NAME_MAX + 1]; /* command, variable, machine (DRILL), kind of event
	                                  * (NEWS), or "-" */
	char value[FEED_DEED_VALUE_MAX + 1]; /* "": none */
	int result; /* as of lib/dserver.h; FEED_DEED_SENT: the driver does not tell */
};

struct feed {
	struct feed_ups **upses; /* in the order in which they came (ups.conf) */
	size_t nupses;
	struct feed_machine *machines; /* in the order in which they came (holdup.conf) */
	size_t nmachines;
	unsigned long number;  /* of the last change */
	bool whole;            /* END has come: the model can be shown */
	bool inside;           /* between BEGIN and END */
	struct feed_deed deed; /* the last that was told (FEED_DEED) */
};

enum feed_kind {
	FEED_NOTHING,  /* a line inside the snapshot, or one without effect */
	FEED_SNAPSHOT, /* END came: everything may be new */
	FEED_VAR,      /* variable `name` of `ups` set or its kind changed */
	FEED_DELVAR,   /* variable `name` gone */
	FEED_CMDS,     /* the command list changed */
	FEED_SOURCE,   /* ups->source changed */
	FEED_LOGINS,   /* ups->logins changed */
	FEED_READERS,  /* ups->readers changed */
	FEED_VIEW, /* a view changed, of machine `name`: ups.status reads differently */
	FEED_MACHINE, /* machine `name` stands otherwise (ups NULL) */
	FEED_UPS,     /* a UPS came or went (ups NULL when it went) */
	FEED_DEED,    /* feed->deed is new (ups NULL: a machine was drilled) */
	FEED_BROKEN, /* not a line of this protocol, or a gap in the numbers: reconnect */
};

struct feed_change {
	enum feed_kind kind;
	struct feed_ups *ups; /* owned by the model */
	char name[STATE_NAME_MAX + 1];
};

/* Empties a model / releases what it holds (the struct itself is the caller's). */
void feed_clear(struct feed *f);

/* The UPS by name without regard to case (as upsd looks names up), or NULL. */
struct feed_ups *feed_find(const struct feed *f, const char *name);

/* Applies one line (without LF). */
struct feed_change feed_apply(struct feed *f, const char *line, size_t len);

/* For core: adds a UPS to a model (the model owns it); logs somebody in (strings are
 * copied) / out (true when he was in). */
struct feed_ups *feed_add(struct feed *f, const char *name, const char *desc);
void feed_login_add(
    struct feed_ups *u, unsigned long session, const char *address, const char *account);
bool feed_login_del(struct feed_ups *u, unsigned long session);

/* For core: somebody reads (strings are copied), or is known better; NULL: there are too
 * many. *news: that was not known. / Does not read any more; false: he did not. */
struct feed_reader *feed_reader_add(
    struct feed_ups *u, const char *address, const char *kind, bool *news);
bool feed_reader_del(struct feed_ups *u, const char *address);

/* For core: sets a view ("*": of everybody else) / how a machine stands (strings are
 * copied). False when nothing has changed, or there are too many. */
bool feed_view_set(struct feed_ups *u, const char *machine, enum feed_view view);
bool feed_machine_set(
    struct feed *f, const char *name, const char *stand, const char *why);

/* How a machine is to see the UPS: its own view, or that of `*` (NULL: that one). */
enum feed_view feed_view_of(const struct feed_ups *u, const char *machine);

/* The view of a word, or -1 / appends " word", quoted where it must be. */
int feed_view_named(const char *word);
void feed_word(struct buf *out, const char *word);

/* For core: the line of a view, of a stand, behind the name of a UPS and behind `*`. */
void feed_view_line(struct buf *out, const char *machine, enum feed_view view);
void feed_machine_line(
    struct buf *out, const char *name, const char *stand, const char *why);

/* For core: a deed in form: what is NULL becomes "-" (value: ""), what is too long is cut,
 * a value between two letters / its line, behind the name of a UPS or `*`. */
void feed_deed_make(struct feed_deed *d, const char *who, const char *from,
    const char *verb, const char *name, const char *value);
void feed_deed_line(struct buf *out, const struct feed_deed *d);

/* For readers: takes a deed from the words behind DEED. False: they are none. */
bool feed_deed_read(struct feed_deed *d, char *const *args, int nargs);

/* For core: the whole model as BEGIN … END. */
void feed_snapshot(struct buf *out, const struct feed *f);

/* The word of interface 2 for a source state: "DATAOK", "DATASTALE", "LOST". */
const char *feed_source_word(enum feed_source source);

/* ups.status in this view (OLD reads as NONE): "FSD " or LB laid over the driver's text, or
 * both taken out of it. Writes to `out` (of `size` bytes) and returns it; NULL when the UPS
 * has no ups.status. */
const char *feed_status(
    const struct feed_ups *u, enum feed_view view, char *out, size_t size);

#endif
