/* SPDX-License-Identifier: ISC */
#include "publish/via.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xmem.h"

#define JSON_TYPE "Content-Type: application/json"
#define WORDS_MAX_BYTES 120 /* of what a server says */

static const struct via *const vias[CONF_VIAS] = {
    [CONF_VIA_NTFY] = &via_ntfy,
    [CONF_VIA_TELEGRAM] = &via_telegram,
    [CONF_VIA_DISCORD] = &via_discord,
    [CONF_VIA_PUSHOVER] = &via_pushover,
    [CONF_VIA_MATRIX] = &via_matrix,
    [CONF_VIA_WEBHOOK] = &via_webhook,
};

size_t
via_text_max(enum conf_via via)
{
	return vias[via] == NULL || vias[via]->text_max == 0 ? SIZE_MAX
							     : vias[via]->text_max;
}

void
via_json(struct via_request *r, json_t *object)
{
	r->body = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (r->body == NULL)
		r->body = xstrdup("{}");
	r->http.headers[r->http.nheaders++] = JSON_TYPE;
}

json_t *
via_text(const char *text, size_t max)
{
	static const char more[] = "…";
	struct buf clean = {0};
	json_t *s;

	utf8_add(&clean, text);
	if (clean.len > max) {
		clean.len = utf8_cut(buf_str(&clean), max - strlen(more));
		buf_puts(&clean, more);
	}
	s = json_stringn(clean.len > 0 ? buf_head(&clean) : "", clean.len);
	buf_free(&clean);
	return s;
}

void
via_request(const struct conf_notify *c, const struct message *m, struct via_request *r)
{
	*r = (struct via_request){.http = {.user = c->user, .password = c->password}};
	vias[c->via]->request(c, m, r);
	r->http.body = r->body;
	r->http.body_len = strlen(r->body);
}

void
via_request_free(struct via_request *r)
{
	buf_free(&r->http.url);
	free(r->body);
	free(r->header);
	*r = (struct via_request){0};
}

void
via_host(struct buf *out, const char *url)
{
	const char *host = strstr(url, "://");
	const size_t len = host == NULL ? 0 : (size_t)(host - url) + 3;

	buf_add(out, url, len + strcspn(url + len, "/?#"));
}

void
via_says(struct via_outcome *o, const char *words)
{
	const size_t len = strlen(o->cause);
	char clean[WORDS_MAX_BYTES + 1];
	size_t n = 0;

	for (; *words != '\0' && n < WORDS_MAX_BYTES; words++)
		clean[n++] = (*words >= ' ' && *words < 0x7f) ? *words : '?';
	clean[n] = '\0';
	if (n > 0)
		snprintf(
		    &o->cause[len], sizeof(o->cause) - len, ": it says \"%s\"", clean);
}

/* Of what status this is, as every way has it (docs/notify.md, 3). */
static enum verdict
verdict_of(long status)
{
	if (status >= 200 && status < 300)
		return VERDICT_OK;
	if (status < 200 || status >= 500 || status == 408 || status == 425 ||
	    status == 429)
		return VERDICT_AWAY;
	/* Somebody may mend the address as well as the password. */
	if (status < 400 || status == 401 || status == 403 || status == 404 ||
	    status == 405 || status == 407 || status == 410)
		return VERDICT_DENIED;
	return VERDICT_REFUSED;
}

/* Why there was no answer. */
static void
say_away(const char *host, const struct http_reply *reply, struct via_outcome *o)
{
	const char *error = reply->error == NULL ? "no reason given" : reply->error;
	const bool tls = strstr(error, "SSL") != NULL || strstr(error, "certificate");

	snprintf(o->cause, sizeof(o->cause), "%s does not answer (%s)%s", host, error,
	    tls ? "; an authority of one's own is named by ca =" : "");
}

static void
say_why(const struct conf_notify *c, const char *host, long status, struct via_outcome *o)
{
	switch (o->verdict) {
	case VERDICT_AWAY:
		snprintf(o->cause, sizeof(o->cause),
		    status == 429 ? "%s takes no more messages for a while (HTTP %ld)"
				  : "%s is not able to take it (HTTP %ld)",
		    host, status);
		break;
	case VERDICT_DENIED:
		snprintf(o->cause, sizeof(o->cause),
		    "%s does not let us in (HTTP %ld): look at %s", host, status,
		    status == 401 || status == 403 || status == 407 ? vias[c->via]->words
								    : "url =");
		break;
	default:
		snprintf(o->cause, sizeof(o->cause), "%s refuses this message (HTTP %ld)",
		    host, status);
		break;
	}
}

void
via_judge(
    const struct conf_notify *c, const struct http_reply *reply, struct via_outcome *o)
{
	const struct via *via = vias[c->via];
	struct buf host = {0};
	json_t *answer = NULL;

	*o = (struct via_outcome){.verdict = verdict_of(reply->status)};
	o->after_s =
	    reply->retry_after < VIA_AFTER_MAX_S ? reply->retry_after : VIA_AFTER_MAX_S;
	o->unsure = reply->status == 0 && reply->sent;
	via_host(&host, c->url != NULL ? c->url : via->url);
	if (reply->status == 0)
		say_away(buf_str(&host), reply, o);
	else if (o->verdict != VERDICT_OK)
		say_why(c, buf_str(&host), reply->status, o);
	if (reply->body.len > 0 && !reply->cut)
		answer = json_loadb(buf_head(&reply->body), reply->body.len, 0, NULL);
	if (reply->status != 0 && via->judge != NULL)
		via->judge(reply->status, answer, o);
	if (o->after_s > VIA_AFTER_MAX_S)
		o->after_s = VIA_AFTER_MAX_S;
	json_decref(answer);
	buf_free(&host);
}
