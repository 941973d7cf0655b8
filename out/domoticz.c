/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "out/publishers.h"

/*
 * Domoticz, in its own terms: virtual sensors that somebody made by hand and whose Idx
 * stands in holdup.conf. No right but to change these is needed. The call is `udevice` of
 * Domoticz's JSON API; Domoticz answers HTTP 200 to nearly everything, so what counts is
 * "status" in the body.
 */

#define NUMBER_MAX 1e6 /* no load, charge or temperature is greater */

static bool
wanted(const struct holdup_conf *c)
{
	return c->domoticz.wanted;
}

/* The UPS whose values are told. */
static const struct feed_ups *
its_ups(const struct holdup_conf *c, const struct feed *f)
{
	if (c->domoticz.ups != NULL)
		return feed_find(f, c->domoticz.ups);
	return f->nupses > 0 ? f->upses[0] : NULL;
}

static const char *
missing(const struct holdup_conf *c, const struct feed *f)
{
	return its_ups(c, f) == NULL ? c->domoticz.ups : NULL;
}

static size_t
count(const struct holdup_conf *c)
{
	return CONF_SENSORS;
}

/* Reads a decimal number of the size that a sensor has. */
static bool
number(const char *text, double *n)
{
	char *end;

	if (text[strspn(text, "-.0123456789")] != '\0')
		return false;
	*n = strtod(text, &end);
	return end != text && *end == '\0' && fabs(*n) <= NUMBER_MAX;
}

static void
value(const struct holdup_conf *c, const struct feed *f, size_t i, char *text)
{
	const struct conf_sensor *sensor = &conf_sensors[i];
	const struct feed_ups *ups = its_ups(c, f);

	*text = '\0';
	if (c->domoticz.idx[i] == 0 || ups == NULL || ups->source != FEED_OK)
		return;
	for (size_t k = 0; k < 2 && sensor->variables[k] != NULL; k++) {
		const char *is = state_get(ups->state, sensor->variables[k]);
		double n;

		if (is == NULL || !number(is, &n))
			continue;
		snprintf(text, PUBLISHER_TEXT_MAX + 1, "%.*f", sensor->decimals, n);
		return;
	}
}

/* Appends text as a value of a query (RFC 3986: all but unreserved letters as %XX). */
static void
add_encoded(struct buf *url, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (isalnum(byte) || strchr("-._~", byte) != NULL)
			buf_add(url, text, 1);
		else
			buf_printf(url, "%%%02X", byte);
	}
}

static void
request(const struct holdup_conf *c, size_t i, const char *text, struct http_request *r)
{
	const struct conf_domoticz *d = &c->domoticz;

	buf_printf(&r->url,
	    "%s/json.htm?type=command&param=udevice&idx=%d&nvalue=0&svalue=", d->url,
	    d->idx[i]);
	add_encoded(&r->url, text);
	r->user = d->user;
	r->password = d->password;
}

/* Why Domoticz says 401: of its settings, two are as a rule what is wrong. */
static void
denied(const struct conf_domoticz *d, char *cause, size_t size)
{
	if (d->user == NULL)
		snprintf(cause, size,
		    "%s lets nobody in without a login: write user = and password = into "
		    "[domoticz], or add this machine to \"Trusted Networks\" of Domoticz "
		    "(Setup, Settings, Security)",
		    d->url);
	else
		snprintf(cause, size,
		    "%s does not accept user %.40s: besides a wrong password, look at "
		    "two "
		    "settings of Domoticz (Setup, Settings, Security): %s\"Trusted "
		    "Networks\" (if this machine is in it, leave user and password out)",
		    d->url, d->user,
		    strncasecmp(d->url, "https", 5) == 0
			? ""
			: "\"Allow Basic-Auth over plain HTTP\" must be on, and ");
}

/* True when the body is a JSON object with a status; *ok when that is "OK". */
static bool
read_status(const struct buf *body, bool *ok)
{
	json_t *root =
	    body->len == 0 ? NULL : json_loadb(buf_head(body), body->len, 0, NULL);
	const char *status = json_string_value(json_object_get(root, "status"));
	bool found = status != NULL;

	*ok = found && strcmp(status, "OK") == 0;
	json_decref(root);
	return found;
}

static enum verdict
verdict(const struct holdup_conf *c, size_t i, const struct http_reply *reply,
    char *cause, size_t size)
{
	const struct conf_domoticz *d = &c->domoticz;
	bool ok;

	if (reply->status == 0) {
		snprintf(cause, size, "%s does not answer (%s); trying on", d->url,
		    reply->error == NULL ? "no reason given" : reply->error);
		return VERDICT_AWAY;
	}
	if (reply->status >= 500) {
		snprintf(cause, size, "%s is not able to answer (HTTP %ld); trying on",
		    d->url, reply->status);
		return VERDICT_AWAY;
	}
	if (reply->status == 401 || reply->status == 403) {
		denied(d, cause, size);
		return VERDICT_DENIED;
	}
	if (reply->status != 200 || !read_status(&reply->body, &ok)) {
		snprintf(cause, size,
		    "%s answers, but not as Domoticz does (HTTP %ld): is the url right?",
		    d->url, reply->status);
		return VERDICT_FOREIGN;
	}
	if (ok)
		return VERDICT_OK;
	snprintf(cause, size,
	    "%s = %d is refused by %s: has Domoticz a device with this Idx (Setup, "
	    "Devices), and may the user change it?",
	    conf_sensors[i].word, d->idx[i], d->url);
	return VERDICT_REFUSED;
}

const struct publisher publisher_domoticz = {
    .name = "domoticz",
    .wanted = wanted,
    .missing = missing,
    .count = count,
    .value = value,
    .request = request,
    .verdict = verdict,
};
