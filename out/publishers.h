/* SPDX-License-Identifier: ISC */
#ifndef OUT_PUBLISHERS_H
#define OUT_PUBLISHERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf_holdup.h"
#include "lib/feed.h"
#include "out/http.h"

/*
 * Where values go. A publisher is one file of pure functions, which say what is to be
 * told and what an answer means, and one row in publishers.c. It runs as a process of its
 * own (`publish`, out/worker.h), so that none waits for another.
 */

#define PUBLISHER_TEXT_MAX 59 /* bytes in the text of a value */

enum verdict {
	VERDICT_NONE, /* nothing was tried yet */
	VERDICT_OK,
	VERDICT_REFUSED, /* this value was: the others may fare better */
	/* The whole server, from here on: */
	VERDICT_AWAY,
	VERDICT_DENIED,  /* it does not let us in */
	VERDICT_FOREIGN, /* it is not what we took it for */
};

struct publisher {
	const char *name; /* of its section of holdup.conf, and in the log */

	/* The file asks for it. */
	bool (*wanted)(const struct holdup_conf *c);

	/* A UPS that the file names and the model lacks, or NULL. */
	const char *(*missing)(const struct holdup_conf *c, const struct feed *f);

	/* How many values it tells, numbered from 0. */
	size_t (*count)(const struct holdup_conf *c);

	/* Writes the text of value i (PUBLISHER_TEXT_MAX + 1 bytes), empty when it is not
	 * known now: nothing is told then. */
	void (*value)(
	    const struct holdup_conf *c, const struct feed *f, size_t i, char *text);

	/* The question that tells value i. `r` is empty; the caller releases r->url. */
	void (*request)(const struct holdup_conf *c, size_t i, const char *text,
	    struct http_request *r);

	/* What the answer means; unless VERDICT_OK, with the remedy in `cause`. */
	enum verdict (*verdict)(const struct holdup_conf *c, size_t i,
	    const struct http_reply *reply, char *cause, size_t size);
};

extern const struct publisher publisher_domoticz;

/* The publishers, NULL-terminated / the one of this name, or NULL. */
extern const struct publisher *const publishers[];
const struct publisher *publisher_find(const char *name);

#endif
