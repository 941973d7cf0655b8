/* SPDX-License-Identifier: ISC */
#ifndef NET_VERBS_H
#define NET_VERBS_H

#include "net/session.h"

/*
 * The verbs of the protocol. Each has a function of this shape in a file of its own and
 * one row in verbs.c: it appends its answer to `out`, or asks core. argv[0] is the verb;
 * the number of arguments has been checked against the row.
 */

/* Runs one line: finds the verb (in any case), checks login and arguments. */
void verbs_run(struct session *s, int argc, char **argv, struct buf *out);

/* The names of all verbs, in the order of the table, for HELP: NULL after the last. */
const char *verbs_name(size_t i);

/* What the server says to be. Clients take the version between "upsd " and " -" and the
 * fifth word of the line, so the shape is that of NUT's upsd, and our own name stands
 * behind the dash. */
#define VERBS_NUT_VERSION "2.8.5"
#define VERBS_VERSION                                                           \
	"Network UPS Tools upsd " VERBS_NUT_VERSION " - holdup " HOLDUP_VERSION \
	" https://www.networkupstools.org/"

/* A row: of the table of verbs, or of a verb's own table of what may follow it (GET VAR,
 * GET TYPE …), where argv[0] is that second word. */
struct verb {
	const char *name;
	unsigned flags;
	int least, most; /* arguments behind the name; most < 0: any number */
	void (*run)(struct session *s, int argc, char **argv, struct buf *out);
};

#define VERB_ACCOUNT 1 /* USERNAME and PASSWORD must have come before */
#define VERB_READS 2   /* it tells what the UPS does: session_may_read() */

/* Runs argv[0] by a table that ends with a row without name, or answers `unknown`. */
void verbs_by_table(const struct verb *table, const char *unknown, struct session *s,
    int argc, char **argv, struct buf *out);

/* Rows of GET and SET that stand in a file of their own. */
void verb_get_tracking(struct session *s, int argc, char **argv, struct buf *out);
void verb_set_tracking(struct session *s, int argc, char **argv, struct buf *out);

void verb_fsd(struct session *s, int argc, char **argv, struct buf *out);
void verb_get(struct session *s, int argc, char **argv, struct buf *out);
void verb_help(struct session *s, int argc, char **argv, struct buf *out);
void verb_instcmd(struct session *s, int argc, char **argv, struct buf *out);
void verb_list(struct session *s, int argc, char **argv, struct buf *out);
void verb_login(struct session *s, int argc, char **argv, struct buf *out);
void verb_logout(struct session *s, int argc, char **argv, struct buf *out);
void verb_master(struct session *s, int argc, char **argv, struct buf *out);
void verb_netver(struct session *s, int argc, char **argv, struct buf *out);
void verb_password(struct session *s, int argc, char **argv, struct buf *out);
void verb_primary(struct session *s, int argc, char **argv, struct buf *out);
void verb_set(struct session *s, int argc, char **argv, struct buf *out);
void verb_starttls(struct session *s, int argc, char **argv, struct buf *out);
void verb_subscribe(struct session *s, int argc, char **argv, struct buf *out);
void verb_unsubscribe(struct session *s, int argc, char **argv, struct buf *out);
void verb_username(struct session *s, int argc, char **argv, struct buf *out);
void verb_ver(struct session *s, int argc, char **argv, struct buf *out);

#endif
