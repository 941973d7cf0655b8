/* SPDX-License-Identifier: ISC */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stddef.h>

#include "web/query.h"

/*
 * The addresses that web answers at: one row each (docs/page.md, 2). Pure.
 */
enum route_id {
	ROUTE_PAGE,
	ROUTE_BASE, /* without its slash: sent to the page */
	ROUTE_STATE,
	ROUTE_STREAM,
	ROUTE_UPS,
	ROUTE_SERIES,
	ROUTE_QUALITY,
	ROUTE_ENERGY,
	ROUTE_BATTERY,
	ROUTE_OUTAGES,
	ROUTE_OUTAGE,
	ROUTE_EVENTS,
	ROUTE_METRICS,
	ROUTE_HEALTH,
	ROUTE_SESSION,
	ROUTE_LOGIN,
	ROUTE_LOGOUT,
	ROUTE_COMMAND,
	ROUTE_SET,
	ROUTE_FORGET,
	ROUTE_DRILL,
	ROUTES
};

/* Who may, besides what the account may (docs/page.md, 5). */
enum route_door {
	ROUTE_ANYBODY,
	ROUTE_READER,        /* with `read = login`: a session */
	ROUTE_SESSION_HOLDER /* a session and its token */
};

struct route {
	const char *method; /* GET (and HEAD), POST */
	const char *path;   /* "/api/v1/ups/NAME": words in capitals stand for any text */
	enum route_door door;
};

extern const struct route routes[ROUTES];

/* The row of a request, or NULL with the HTTP status: 404, 405. `name` is the part of the
 * path that a word in capitals stands for, or NULL. */
const struct route *route_find(
    const struct query *q, const char *method, const char **name, unsigned *status);

#endif
