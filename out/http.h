/* SPDX-License-Identifier: ISC */
#ifndef OUT_HTTP_H
#define OUT_HTTP_H

#include "lib/buf.h"

/*
 * One question by HTTP, and what came of it: libcurl behind the two structs that the
 * publishers fill and judge.
 */

#define HTTP_CONNECT_S 5          /* longest time to connect */
#define HTTP_TOTAL_S 10           /* longest time for all of it */
#define HTTP_BODY_MAX (64 * 1024) /* bytes of an answer; a longer one is cut */

struct http_request {
	struct buf url;              /* whole, of http or https */
	const char *user, *password; /* basic authentication; user NULL: none */
};

struct http_reply {
	long status;       /* of HTTP; 0: no answer, see error */
	const char *error; /* in words, static */
	struct buf body;
};

struct http;

/* A client, which keeps its connection between questions / the end of it. */
struct http *http_new(void);
void http_free(struct http *h);

/* Asks and waits. Always fills `reply`, whose body is emptied first and stays the
 * caller's. Redirects are not followed. */
void http_get(struct http *h, struct http_request *request, struct http_reply *reply);

#endif
