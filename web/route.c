/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "web/route.h"

const struct route routes[ROUTES] = {
    [ROUTE_PAGE] = {"GET", "/", ROUTE_ANYBODY},
    [ROUTE_BASE] = {"GET", "", ROUTE_ANYBODY},
    [ROUTE_STATE] = {"GET", "/api/v1/state", ROUTE_READER},
    [ROUTE_STREAM] = {"GET", "/api/v1/stream", ROUTE_READER},
    [ROUTE_UPS] = {"GET", "/api/v1/ups/NAME", ROUTE_READER},
    [ROUTE_SERIES] = {"GET", "/api/v1/ups/NAME/history", ROUTE_READER},
    [ROUTE_QUALITY] = {"GET", "/api/v1/ups/NAME/quality", ROUTE_READER},
    [ROUTE_ENERGY] = {"GET", "/api/v1/ups/NAME/energy", ROUTE_READER},
    [ROUTE_BATTERY] = {"GET", "/api/v1/ups/NAME/battery", ROUTE_READER},
    [ROUTE_OUTAGES] = {"GET", "/api/v1/outages", ROUTE_READER},
    [ROUTE_OUTAGE] = {"GET", "/api/v1/outages/ID", ROUTE_READER},
    [ROUTE_EVENTS] = {"GET", "/api/v1/events", ROUTE_READER},
    [ROUTE_METRICS] = {"GET", "/metrics", ROUTE_READER},
    [ROUTE_HEALTH] = {"GET", "/healthz", ROUTE_ANYBODY},
    [ROUTE_SESSION] = {"GET", "/api/v1/session", ROUTE_ANYBODY},
    [ROUTE_LOGIN] = {"POST", "/api/v1/login", ROUTE_ANYBODY},
    [ROUTE_LOGOUT] = {"POST", "/api/v1/logout", ROUTE_SESSION_HOLDER},
    [ROUTE_COMMAND] = {"POST", "/api/v1/ups/NAME/command", ROUTE_SESSION_HOLDER},
    [ROUTE_SET] = {"POST", "/api/v1/ups/NAME/set", ROUTE_SESSION_HOLDER},
    [ROUTE_FORGET] = {"POST", "/api/v1/ups/NAME/forget", ROUTE_SESSION_HOLDER},
    [ROUTE_DRILL] = {"POST", "/api/v1/drill", ROUTE_SESSION_HOLDER},
};

/* True when the path is that of the row, part by part. */
static bool
fits(const char *path, const struct query *q, const char **name)
{
	size_t i = 0;

	*name = NULL;
	for (; *path == '/'; i++) {
		size_t len = strcspn(++path, "/");

		if (i == q->nparts)
			return false;
		if (isupper((unsigned char)*path)) {
			if (*q->parts[i] == '\0')
				return false;
			*name = q->parts[i];
		} else if (strlen(q->parts[i]) != len ||
			   strncmp(q->parts[i], path, len) != 0)
			return false;
		path += len;
	}
	return i == q->nparts;
}

const struct route *
route_find(const struct query *q, const char *method, const char **name, unsigned *status)
{
	const char *asked = strcmp(method, "HEAD") == 0 ? "GET" : method;

	*status = 404;
	for (size_t i = 0; i < ROUTES; i++) {
		if (!fits(routes[i].path, q, name))
			continue;
		if (strcmp(routes[i].method, asked) == 0)
			return &routes[i];
		*status = 405;
	}
	return NULL;
}
