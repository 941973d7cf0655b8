/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_ASK_H
#define REMOTE_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "lib/buf.h"

/* The questions that wait to be put to a NUT server, in order. Pure. */

enum ask_kind {
	ASK_STARTTLS,
	ASK_SUBSCRIBE,
	ASK_LIST_VAR,
	ASK_LIST_RW,
	ASK_LIST_CMD,
	ASK_STATUS, /* GET VAR ups.status */
	ASK_TYPE,   /* name = variable, and so for the two below */
	ASK_ENUM,
	ASK_RANGE,
	ASK_USERNAME, /* value = text, and so for ASK_PASSWORD */
	ASK_PASSWORD,
	ASK_LOGIN,
	ASK_PRIMARY,
	ASK_MASTER,
	ASK_FSD,
	ASK_LOGINS,  /* GET NUMLOGINS */
	ASK_INSTCMD, /* name = command, value or NULL, ticket */
	ASK_SET,     /* name = variable, value, ticket */
};

struct ask {
	STAILQ_ENTRY(ask) entry;
	enum ask_kind kind;
	char *name, *value; /* owned; NULL where there is none */
	unsigned long ticket;
};

STAILQ_HEAD(asks, ask);

/* Adds a question; name and value are copied. */
void ask_add(struct asks *q, enum ask_kind kind, const char *name, const char *value,
    unsigned long ticket);

/* Adds one about the UPS (or its variable `name`) unless it waits already, not counting
 * the first, which may be on its way. */
void ask_once(struct asks *q, enum ask_kind kind, const char *name);

/* Removes the first question. */
void ask_pop(struct asks *q);

/* True for a command or setting, whose ticket waits for a result. */
bool ask_has_ticket(const struct ask *a);

/* Appends the question about `ups` as one line with LF. */
void ask_format(struct buf *out, const struct ask *a, const char *ups);

#endif
