/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_VIA_H
#define PUBLISH_VIA_H

#include <jansson.h>

#include "lib/conf_holdup.h"
#include "publish/http.h"
#include "publish/message.h"
#include "publish/schedule.h"

/*
 * How a message is sent (docs/notify.md, 1): one file each, and a row of vias[] in via.c.
 * Mail, which is no HTTP, is publish/mail.h. Pure.
 */

#define VIA_CAUSE_MAX 319
#define VIA_AFTER_MAX_S 3600 /* longest Retry-After that is obeyed */

/* One question by HTTP, with all that it points to. */
struct via_request {
	struct http_request http;
	char *body, *header;
};

/* What came of it. */
struct via_outcome {
	enum verdict verdict;          /* OK, REFUSED (this message), DENIED, AWAY */
	long after_s;                  /* not before; 0: nothing was said */
	bool unsure;                   /* it may have arrived, though nobody says so */
	char cause[VIA_CAUSE_MAX + 1]; /* unless OK: in words, and what to look at */
};

struct via {
	const char *url; /* the service's own; NULL: the section has one */
	size_t
	    text_max; /* bytes of a text that it shows, about; 0: as many as there are */
	/* Words of holdup.conf to look at when we are denied. */
	const char *words;
	/* Fills in what is to be asked: url and body at least. */
	void (*request)(
	    const struct conf_notify *c, const struct message *m, struct via_request *r);
	/* What the answer says beyond its status: changes the outcome that via_judge() has
	 * made of that. `answer` NULL: it is no JSON. The function may be NULL. */
	void (*judge)(long status, const json_t *answer, struct via_outcome *o);
};

extern const struct via via_discord, via_matrix, via_ntfy, via_pushover, via_telegram,
    via_webhook;

/* How long a text should be at most. */
size_t via_text_max(enum conf_via via);

/* The question that sends a message, and what its answer means. */
void via_request(
    const struct conf_notify *c, const struct message *m, struct via_request *r);
void via_request_free(struct via_request *r);
void via_judge(
    const struct conf_notify *c, const struct http_reply *reply, struct via_outcome *o);

/* For the rows: the body of a request (takes `object` over) / a text of so many bytes at
 * most, cut between two letters / scheme and host of a url, without what may be secret /
 * appends what a server says in words to the cause. */
void via_json(struct via_request *r, json_t *object);
json_t *via_text(const char *text, size_t max);
void via_host(struct buf *out, const char *url);
void via_says(struct via_outcome *o, const char *words);

#endif
