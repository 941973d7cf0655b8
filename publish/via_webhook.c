/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "lib/xmem.h"
#include "publish/via.h"

/* Anything that takes a POST: its body is a template of the section, or a JSON object of
 * everything (message_json()). */

static void
request(const struct conf_notify *c, const struct message *m, struct via_request *r)
{
	buf_puts(&r->http.url, c->url);
	r->http.token = c->token;
	r->body = xstrdup(m->body == NULL ? "" : m->body);
	r->header =
	    xasprintf("Content-Type: %s", c->type == NULL ? "application/json" : c->type);
	r->http.headers[r->http.nheaders++] = r->header;
	for (size_t i = 0; i < c->nheaders; i++)
		r->http.headers[r->http.nheaders++] = c->headers[i];
}

const struct via via_webhook = {
    .words = "token =, user = and password =, or header =",
    .request = request,
};
