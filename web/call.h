/* SPDX-License-Identifier: ISC */
#ifndef WEB_CALL_H
#define WEB_CALL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "web/query.h"

struct login;
struct stream;

/*
 * One request as those see it who answer it, and its answer. Pure; http.c fills the one and
 * sends the other.
 */
#define CALL_BODY_MAX (16 * 1024)
#define CALL_ADDRESS_MAX 64

/* The fields of a request's head that count, NULL where one is not there. Of several of one
 * name the last counts: that is the one which a proxy has added. */
enum call_field {
	CALL_ACCEPT,
	CALL_ACCEPT_LANGUAGE,
	CALL_CONTENT_TYPE,
	CALL_COOKIE,
	CALL_CSRF,
	CALL_FORWARDED_FOR,
	CALL_FORWARDED_HOST,
	CALL_FORWARDED_PROTO,
	CALL_HOST,
	CALL_ORIGIN,
	CALL_FIELDS
};
extern const char *const call_fields[CALL_FIELDS];

struct reply {
	unsigned status;  /* of HTTP; 0: not answered yet */
	const char *type; /* NULL: JSON */
	struct buf body;
	struct buf cookie;     /* Set-Cookie, where it is not empty */
	const char *policy;    /* Content-Security-Policy; NULL: nothing may be loaded */
	const char *allow;     /* of a 405 */
	struct buf location;   /* of a redirect */
	unsigned retry_s;      /* Retry-After; 0: none */
	struct stream *stream; /* what follows is read from there, instead of a body */
};

struct call {
	const char *method;
	struct query query;
	const char
	    *name; /* the part of the path that the route leaves open; NULL: none */
	const char *fields[CALL_FIELDS];
	char
	    address[CALL_ADDRESS_MAX]; /* of who asks, behind proxies that are believed */
	bool secure;                   /* he sees https */
	bool foreign; /* the page of another site makes his browser ask (Origin) */
	bool astray;  /* the name by which he asks (Host) is not of this machine */
	char *user, *password; /* of Authorization: Basic (RFC 7617), both or none */
	struct buf body;
	struct login *login; /* NULL: nobody */
	struct reply reply;
};

/* An error as JSON: {"error":{"code","message"}}. `code` is RFC 9271's where there is one. */
void call_error(struct call *c, unsigned status, const char *code, const char *format,
    ...) __attribute__((format(printf, 4, 5)));

/* True when the body is announced as JSON. */
bool call_is_json(const struct call *c);

/* True when Accept names this type as such. */
bool call_accepts(const struct call *c, const char *type);

/* Takes over what Authorization says. */
void call_claim(struct call *c, const char *user, const char *password);

/* Releases what the call holds; the stream is not its own. */
void call_clear(struct call *c);

#endif
