/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "publish/via.h"

/*
 * ntfy, by its JSON form, which takes any letters in a title (docs.ntfy.sh/publish): asked at
 * the root of the server, with the topic, the last part of our url, in the body.
 */

#define TITLE_MAX 250
#define TEXT_MAX 4000 /* of 4,096 bytes, above which it becomes a file */

static void
request(const struct conf_notify *c, const struct message *m, struct via_request *r)
{
	const char *topic = strrchr(c->url, '/') + 1;

	buf_add(&r->http.url, c->url, (size_t)(topic - c->url));
	r->http.token = c->token;
	via_json(
	    r, json_pack("{s:o, s:o, s:o, s:i, s:[s]}", "topic",
		   via_text(topic, TITLE_MAX), "title", via_text(m->title, TITLE_MAX),
		   "message", via_text(m->text, TEXT_MAX), "priority", (int)m->priority,
		   "tags", m->tag));
}

/* {"code":40301,"http":403,"error":"forbidden"} */
static void
judge(long status, const json_t *answer, struct via_outcome *o)
{
	const char *error = json_string_value(json_object_get(answer, "error"));

	if (o->verdict != VERDICT_OK && error != NULL)
		via_says(o, error);
}

const struct via via_ntfy = {
    .text_max = TEXT_MAX,
    .words = "token =, or user = and password =",
    .request = request,
    .judge = judge,
};
