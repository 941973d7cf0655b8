/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "publish/via.h"

/* Pushover (pushover.net/api). An emergency sounds every minute for an hour, until somebody
 * has seen it. */

#define TITLE_MAX 250
#define TEXT_MAX 1024
#define RETRY_S 60
#define EXPIRE_S 3600

static void
request(const struct conf_notify *c, const struct message *m, struct via_request *r)
{
	const char *url = c->url != NULL ? c->url : via_pushover.url;
	json_t *o = json_pack("{s:s, s:o, s:o, s:o, s:i, s:I}", "token", c->token, "user",
	    via_text(c->to, TITLE_MAX), "title", via_text(m->title, TITLE_MAX), "message",
	    via_text(m->text, TEXT_MAX), "priority", (int)m->priority - NEWS_USUAL,
	    "timestamp", (json_int_t)(m->at / 1000));

	if (m->priority == NEWS_EMERGENCY) {
		json_object_set_new(o, "retry", json_integer(RETRY_S));
		json_object_set_new(o, "expire", json_integer(EXPIRE_S));
	}
	buf_printf(&r->http.url, "%s/1/messages.json", url);
	via_json(r, o);
}

/* {"user":"invalid","errors":["user identifier is invalid"],"status":0} with 400. */
static void
judge(long status, const json_t *answer, struct via_outcome *o)
{
	const char *says =
	    json_string_value(json_array_get(json_object_get(answer, "errors"), 0));

	if (o->verdict == VERDICT_OK)
		return;
	if (status == 400 && (json_object_get(answer, "token") != NULL ||
				 json_object_get(answer, "user") != NULL)) {
		o->verdict = VERDICT_DENIED;
		snprintf(o->cause, sizeof(o->cause),
		    "Pushover does not let us in: look at token = and to =");
	}
	if (says != NULL)
		via_says(o, says);
}

const struct via via_pushover = {
    .url = "https://api.pushover.net",
    .text_max = TEXT_MAX,
    .words = "token = and to =",
    .request = request,
    .judge = judge,
};
