/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "publish/encode.h"
#include "publish/via.h"

/*
 * A room of Matrix (spec.matrix.org, Client-Server API, "Sending events to a room"). The last
 * part of the path is a transaction: what is sent twice by the same one arrives once.
 */

#define TITLE_MAX 250 /* about */
#define TEXT_MAX 16384

static void
request(const struct conf_notify *c, const struct message *m, struct via_request *r)
{
	struct buf text = {0};

	buf_printf(&r->http.url, "%s/_matrix/client/v3/rooms/", c->url);
	encode_query(&r->http.url, c->to);
	buf_printf(&r->http.url, "/send/m.room.message/holdup.%s", m->key);
	r->http.method = "PUT";
	r->http.token = c->token;
	r->http.user = NULL;
	buf_printf(&text, "%s\n%s", m->title, m->text);
	/* A notice makes no sound with most. */
	via_json(r, json_pack("{s:s, s:o}", "msgtype",
			m->priority <= NEWS_QUIET ? "m.notice" : "m.text", "body",
			via_text(buf_str(&text), TEXT_MAX)));
	buf_free(&text);
}

/* {"errcode":"M_LIMIT_EXCEEDED","error":"Too many requests","retry_after_ms":2000} */
static void
judge(long status, const json_t *answer, struct via_outcome *o)
{
	const char *says = json_string_value(json_object_get(answer, "error"));
	const json_int_t after =
	    json_integer_value(json_object_get(answer, "retry_after_ms"));

	if (o->verdict == VERDICT_OK)
		return;
	if (after > 0 && after <= VIA_AFTER_MAX_S * 1000)
		o->after_s = (long)(after + 999) / 1000;
	if (status == 403)
		snprintf(o->cause, sizeof(o->cause),
		    "Matrix does not let us write there: look at to =, and has our user "
		    "joined that room?");
	if (says != NULL)
		via_says(o, says);
}

const struct via via_matrix = {
    .text_max = TEXT_MAX - TITLE_MAX,
    .words = "token =",
    .request = request,
    .judge = judge,
};
