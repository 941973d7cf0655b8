/* SPDX-License-Identifier: ISC */
#include "web/api.h"
#include "lib/boottime.h"
#include "web/route.h"

static api_handler *const handlers[ROUTES] = {
    [ROUTE_PAGE] = api_page,
    [ROUTE_BASE] = api_base,
    [ROUTE_STATE] = api_state,
    [ROUTE_STREAM] = api_stream,
    [ROUTE_UPS] = api_ups,
    [ROUTE_SERIES] = api_series,
    [ROUTE_QUALITY] = api_quality,
    [ROUTE_ENERGY] = api_energy,
    [ROUTE_BATTERY] = api_battery,
    [ROUTE_OUTAGES] = api_outages,
    [ROUTE_OUTAGE] = api_outage,
    [ROUTE_EVENTS] = api_events,
    [ROUTE_METRICS] = api_metrics,
    [ROUTE_HEALTH] = api_health,
    [ROUTE_SESSION] = api_session,
    [ROUTE_LOGIN] = api_login,
    [ROUTE_LOGOUT] = api_logout,
    [ROUTE_COMMAND] = api_command,
    [ROUTE_SET] = api_set,
    [ROUTE_FORGET] = api_forget,
    [ROUTE_DRILL] = api_drill,
};

/* True for a door that opens to readers who have logged in. */
static bool
reader_door(const struct web *w, const struct route *route)
{
	return route->door == ROUTE_READER && w->conf->holdup.web.login;
}

/* True when who asks may come in by this door; else he has his answer. */
static bool
admitted(const struct web *w, struct call *c, const struct route *route)
{
	bool post = route->method[0] == 'P';
	bool closed = route->door == ROUTE_SESSION_HOLDER || reader_door(w, route);

	if (post && c->foreign)
		call_error(c, 403, "ACCESS-DENIED",
		    "This was asked by the page of another site");
	else if (post && !call_is_json(c))
		call_error(
		    c, 415, "INVALID-ARGUMENT", "Content-Type is application/json");
	else if (closed && c->login == NULL)
		call_error(c, 401, "ACCESS-DENIED", "Log in first");
	else if (post && closed && !login_token_is(c->login, c->fields[CALL_CSRF]))
		call_error(c, 403, "ACCESS-DENIED",
		    "X-Holdup-CSRF is not the token of this session");
	return c->reply.status == 0;
}

void
api_asked(struct web *w, struct call *c)
{
	unsigned status;
	const struct route *route = route_find(&c->query, c->method, &c->name, &status);

	c->login = login_find(&w->logins, c->fields[CALL_COOKIE], boottime_ms());
	if (c->astray)
		call_error(c, 421, "ACCESS-DENIED",
		    "This machine was asked by a name that is not its own: use "
		    "localhost, or write proxy = localhost in [web] of holdup.conf where "
		    "a proxy passes the name on");
	else if (route == NULL && status == 405) {
		call_error(c, status, "UNKNOWN-COMMAND",
		    "This address does not take %.20s", c->method);
		c->reply.allow = "GET, HEAD, POST";
	} else if (route == NULL)
		call_error(
		    c, status, "UNKNOWN-COMMAND", "There is nothing at this address");
	else if (c->login == NULL && c->user != NULL && reader_door(w, route))
		api_prove(w, c, handlers[route - routes]);
	else if (admitted(w, c, route))
		handlers[route - routes](w, c);
}

struct feed_ups *
api_ups_named(struct web *w, struct call *c)
{
	struct feed_ups *u = NULL;

	if (w->house.feed != NULL)
		u = feed_find(w->house.feed, c->name);
	if (u == NULL)
		call_error(c, 404, "UNKNOWN-UPS", "There is no UPS of this name");
	return u;
}
