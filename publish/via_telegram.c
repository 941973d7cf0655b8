/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "publish/via.h"

/*
 * A bot of Telegram (core.telegram.org/bots/api, sendMessage). The token is part of the url,
 * which no log says. Without parse_mode every letter stands for itself.
 */

#define TITLE_MAX 250 /* about */
#define TEXT_MAX 4096

static void
request(const struct conf_notify *c, const struct message *m, struct via_request *r)
{
	const char *url = c->url != NULL ? c->url : via_telegram.url;
	struct buf text = {0};

	buf_printf(&r->http.url, "%s/bot%s/sendMessage", url, c->token);
	buf_printf(&text, "%s\n%s", m->title, m->text);
	via_json(
	    r, json_pack("{s:o, s:o, s:b, s:{s:b}}", "chat_id", via_text(c->to, TEXT_MAX),
		   "text", via_text(buf_str(&text), TEXT_MAX), "disable_notification",
		   m->priority <= NEWS_QUIET, "link_preview_options", "is_disabled", 1));
	buf_free(&text);
}

/* {"ok":false,"error_code":429,"description":"…","parameters":{"retry_after":7}} */
static void
judge(long status, const json_t *answer, struct via_outcome *o)
{
	const json_t *more = json_object_get(answer, "parameters");
	const char *says = json_string_value(json_object_get(answer, "description"));
	const long after = (long)json_integer_value(json_object_get(more, "retry_after"));

	if (o->verdict == VERDICT_OK)
		return;
	if (after > 0)
		o->after_s = after;
	if (says == NULL)
		return;
	/* A chat that is not there is no fault of the message. */
	if (status == 400 && strstr(says, "chat") != NULL)
		o->verdict = VERDICT_DENIED;
	if (status == 404 || status == 401)
		snprintf(o->cause, sizeof(o->cause),
		    "Telegram does not know this bot: look at token =");
	else if (o->verdict == VERDICT_DENIED)
		snprintf(o->cause, sizeof(o->cause),
		    "Telegram does not let the bot write there (look at to =; who is to "
		    "be written to must have written to the bot first)");
	via_says(o, says);
}

const struct via via_telegram = {
    .url = "https://api.telegram.org",
    .text_max = TEXT_MAX - TITLE_MAX,
    .words = "token =",
    .request = request,
    .judge = judge,
};
