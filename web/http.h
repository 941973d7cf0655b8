/* SPDX-License-Identifier: ISC */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include <stdbool.h>

#include "lib/conf_holdup.h"
#include "web/call.h"

struct event_base;

/*
 * HTTP and HTTPS: libmicrohttpd without threads, on the loop. Everything a client sends is
 * bounded here (docs/page.md, 6).
 */
struct http;

struct http_ops {
	/* A whole request. It is answered when c->reply.status is set: at once, or later,
	 * and then http_answer() is to be called. A call that waits is never released
	 * before that. */
	void (*asked)(void *arg, struct call *c);
	/* True when somebody at this address stands for many (a reverse proxy). */
	bool (*many)(void *arg, const char *address);
	/* The request came by a connection from this address, by TLS or not, of somebody
	 * who stands for many (a proxy, a unix socket) or for himself. */
	void (*came)(void *arg, struct call *c, const char *address, bool tls, bool many);
};

/* `pem`: certificate and key, with which TCP is HTTPS; NULL: HTTP. `base_path` is that of
 * [web]. Ends the process when the certificate is none. */
struct http *http_new(struct event_base *base, const char *pem, const char *base_path,
    const struct http_ops *ops, void *arg);
void http_free(struct http *h);

/* Serves a connection, which it owns from then on: a listener_accept. */
void http_accept(void *arg, int fd, const char *address);

/* True for a connection by a unix socket: of this machine. */
bool http_is_local(int fd);

/* Sends an answer that came later. */
void http_answer(struct call *c);

/* Goes on with a stream that has something to take again: its who. */
void http_resume(void *who);

#endif
