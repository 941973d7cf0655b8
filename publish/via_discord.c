/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "publish/via.h"

/* A webhook of Discord (discord.com/developers/docs/resources/webhook, Execute Webhook). */

#define CONTENT_MAX 2000
#define TITLE_MAX 250         /* about, and what is escaped */
#define FLAG_SILENT (1 << 12) /* no sound */
#define FLAG_PLAIN (1 << 2)   /* nothing is unfolded from links */

/* Appends a text whose letters stand for themselves, though Discord reads Markdown. */
static void
add_plain(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		if (strchr("\\*_~`|>#[]-", *text) != NULL)
			buf_printf(out, "\\%c", *text);
		else
			buf_add(out, text, 1);
}

static void
request(const struct conf_notify *c, const struct message *m, struct via_request *r)
{
	const int flags = FLAG_PLAIN | (m->priority <= NEWS_QUIET ? FLAG_SILENT : 0);
	struct buf text = {0};

	/* Without `wait` it says 204 before it has looked at the message. */
	buf_printf(&r->http.url, "%s%swait=true", c->url,
	    strchr(c->url, '?') == NULL ? "?" : "&");
	buf_puts(&text, "**");
	add_plain(&text, m->title);
	buf_puts(&text, "**\n");
	add_plain(&text, m->text);
	via_json(r, json_pack("{s:o, s:i, s:{s:[]}}", "content",
			via_text(buf_str(&text), CONTENT_MAX), "flags", flags,
			"allowed_mentions", "parse"));
	buf_free(&text);
}

/* {"message":"…","code":50035}, and of 429 {"retry_after":0.65} */
static void
judge(long status, const json_t *answer, struct via_outcome *o)
{
	const char *says = json_string_value(json_object_get(answer, "message"));
	const double after = json_number_value(json_object_get(answer, "retry_after"));

	if (o->verdict == VERDICT_OK)
		return;
	if (status == 429 && after > 0 && after <= VIA_AFTER_MAX_S)
		o->after_s = (long)after + 1;
	if (says != NULL)
		via_says(o, says);
}

const struct via via_discord = {
    .text_max = CONTENT_MAX - TITLE_MAX,
    .words = "url =",
    .request = request,
    .judge = judge,
};
