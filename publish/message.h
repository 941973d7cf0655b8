/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_MESSAGE_H
#define PUBLISH_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"
#include "publish/news.h"
#include "publish/saying.h"
#include "publish/template.h"

/* One message to people, as each way can send it (publish/via.h). Pure. */

#define MESSAGE_KEY_MAX 63

struct message {
	char *title, *text; /* of UTF-8; lines of the text end with LF */
	char *body;         /* of a webhook: all of it */
	enum news_priority priority;
	const char
	    *event;      /* a kind (docs/history.md, 2), "more", "summary" or "several" */
	const char *tag; /* of struct news */
	int64_t at;      /* Unix ms: when it happened */
	bool late;       /* that was more than a minute ago */
	/* The same for the same events whenever it is sent: letters, digits, "." */
	char key[MESSAGE_KEY_MAX + 1];
};

/* Makes one of what is to be told now. One of several drops its oldest lines where its text
 * would have more than `max` bytes. */
void message_make(struct message *m, const struct conf_notify *c,
    const struct notice_batch *b, const struct saying_house *h, size_t max);

/* … of `holdup notify --test`. */
void message_test(
    struct message *m, const struct conf_notify *c, const struct saying_house *h);

/* The body of a webhook that has no template: a JSON object of everything. `about`: the event,
 * or NULL. The caller frees it. */
char *message_json(
    const struct message *m, const struct saying_house *h, const struct tale *about);

/* A moment by RFC 3339 in UTC, to the ms ("2026-11-23T17:55:13.250Z"). */
#define MESSAGE_STAMP 32
void message_stamp(int64_t at, char *out);

void message_free(struct message *m);

#endif
