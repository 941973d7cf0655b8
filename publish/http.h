/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_HTTP_H
#define PUBLISH_HTTP_H

#include <stdbool.h>

#include "lib/buf.h"

/*
 * One question by HTTP, and what came of it: libcurl behind the two structs that the
 * publishers fill and judge.
 */

#define HTTP_CONNECT_S 5          /* longest time to connect */
#define HTTP_TOTAL_S 10           /* longest time for all of it */
#define HTTP_BODY_MAX (64 * 1024) /* bytes of an answer that are read */
#define HTTP_HEADERS_MAX 24

/* The texts of headers and what is a pointer stay the caller's. */
struct http_request {
	struct buf url;              /* whole, of http or https */
	const char *user, *password; /* basic authentication; user NULL: none */
	const char *token;           /* "Authorization: Bearer …"; NULL: none */
	const char *headers[HTTP_HEADERS_MAX]; /* "Name: value" */
	size_t nheaders;
	const char *method; /* NULL: GET, or POST with a body */
	const char *body;   /* NULL: none */
	size_t body_len;
	const char *authorities; /* PEM, instead of the machine's; NULL: those */
	size_t answer_max;       /* bytes of it that are read; 0: HTTP_BODY_MAX */
	bool once; /* by a connection of its own: where one that was kept breaks, libcurl
	            * asks again by itself, though the server may have the question */
};

struct http_reply {
	long status; /* of HTTP; 0: there was no answer */
	/* Why there is none, or not all of it, until the next question; NULL: there is. */
	const char *error;
	struct buf body;  /* what was read of it */
	bool cut;         /* there was more than answer_max */
	bool sent;        /* the server may have the question, or a part of it */
	long retry_after; /* seconds, of the header of this name; 0: none */
};

struct http;

/* A client, which keeps its connection between questions / the end of it. */
struct http *http_new(void);
void http_free(struct http *h);

/* Asks and waits. Always fills `reply`, whose body is emptied first and stays the
 * caller's. Redirects are not followed. */
void http_ask(struct http *h, struct http_request *request, struct http_reply *reply);

/* Releases what a request holds itself: its url. */
void http_request_free(struct http_request *request);

#endif
