/* SPDX-License-Identifier: ISC */
#ifndef LIB_REQUEST_H
#define LIB_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/*
 * Interface 3 (docs/architecture.md, 3.3): what net, web and history ask of core. Pure.
 */

enum request_verb {
	REQUEST_LOGIN,
	REQUEST_LOGOUT,  /* the client said so; to a core before this one: ago_ms */
	REQUEST_BROKEN,  /* its connection ended without a word (no answer) */
	REQUEST_SEEN,    /* name = qnap, synology, winnut or other (no answer) */
	REQUEST_PRIMARY, /* another upsmon decides for this UPS (no answer) */
	REQUEST_FSD,
	REQUEST_INSTCMD, /* name = command, value may be NULL */
	REQUEST_SET,     /* name = variable, value */
	/* The same, and behind the OK follows DONE, with what came of it. */
	REQUEST_INSTCMD_TRACKED,
	REQUEST_SET_TRACKED,
	/* `machine` is told for real (docs/plan.md, 9); ups "-". NULL: somebody rehearses,
	 * which tells nobody and is a deed all the same. */
	REQUEST_DRILL,
	REQUEST_FORGET, /* the forced shutdown is given up by hand */
	/* What history knows of a battery: name = variable, value ("": nothing any more); no
	 * answer. core forgets it when it starts afresh: to be said again with each BEGIN. */
	REQUEST_LEARNED,
	/* What history has found out, for everybody who reads the feed: name = learned or
	 * untested, value = its sentence; no answer. */
	REQUEST_NEWS,
};

/* Strings are the maker's; request_parse() points them into its `store`. */
struct request {
	unsigned long id, session;
	const char *account, *address, *machine; /* NULL where there is none */
	enum request_verb verb;
	const char *ups, *name, *value; /* NULL where the verb has none */
	uint64_t ago_ms; /* LOGOUT: it was said so long ago; 0: it is said now */
};

struct words;

/* Appends the request as one line with LF. */
void request_format(struct buf *out, const struct request *r);

/* Reads one line (without LF); `store` keeps the text that `r` points into.
 * Returns 0, or -1 when it is no request. */
int request_parse(struct request *r, struct words *store, const char *line, size_t len);

/* Reads an answer, "OK id" or "ERR id WORD". *word is NULL for OK and points into
 * `store` otherwise. Returns 0, or -1 when it is no answer. */
int request_answer(unsigned long *id, const char **word, struct words *store,
    const char *line, size_t len);

/* Reads `DONE id status`, the status as of lib/dserver.h. Returns 0, or -1 when it is
 * none. */
int request_done(unsigned long *id, unsigned long *status, struct words *store,
    const char *line, size_t len);

#endif
