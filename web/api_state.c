/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "web/api.h"
#include "web/page.h"
#include "web/past.h"
#include "web/push.h"
#include "web/state_json.h"

static const char text_type[] = "text/plain; charset=utf-8";

void
api_page(struct web *w, struct call *c)
{
	struct page_facts facts;
	struct house_lists lists;

	past_look(w->past);
	house_facts(&w->house, web_time(), &facts, &lists);
	facts.lang = lang_accept(c->fields[CALL_ACCEPT_LANGUAGE]);
	facts.closed = w->conf->holdup.web.login && c->login == NULL;
	page_write(&c->reply.body, &facts);
	house_lists_free(&lists);
	c->reply.status = 200;
	c->reply.type = "text/html; charset=utf-8";
	c->reply.policy = page_csp;
}

/* The addresses in the page are relative to the slash at its end. */
void
api_base(struct web *w, struct call *c)
{
	c->reply.status = 308;
	buf_printf(&c->reply.location, "%s/", w->conf->base);
}

void
api_state(struct web *w, struct call *c)
{
	past_look(w->past);
	state_json(&c->reply.body, &w->house, web_time());
	c->reply.status = 200;
}

void
api_stream(struct web *w, struct call *c)
{
	if (strcmp(c->method, "HEAD") != 0) {
		past_look(w->past);
		push_whole(w->push);
		c->reply.stream = stream_open(w->streams);
		if (c->reply.stream == NULL) {
			call_error(c, 503, "TOO-MANY", "Too many streams are open");
			c->reply.retry_s = 10;
			return;
		}
		stream_set_who(c->reply.stream, c);
	}
	c->reply.status = 200;
	c->reply.type = "text/event-stream";
}

void
api_ups(struct web *w, struct call *c)
{
	const struct feed_ups *u = api_ups_named(w, c);

	if (u == NULL)
		return;
	state_json_ups(&c->reply.body, &w->house, u);
	c->reply.status = 200;
}

void
api_health(struct web *w, struct call *c)
{
	c->reply.status = w->house.fresh ? 200 : 503;
	c->reply.type = text_type;
	buf_puts(&c->reply.body, w->house.fresh ? "ok\n"
				 : w->house.feed == NULL
				     ? "core has not told anything yet\n"
				     : "core is away\n");
}
