/* SPDX-License-Identifier: ISC */
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xmem.h"
#include "publish/domoapi.h"
#include "publish/encode.h"

#define ROWS_MAX 65536
#define YEAR_NEEDED 2023 /* 2023.2: the first that has all of this */
#define MINOR_NEEDED 2

static void
begin(struct buf *url, const struct conf_domoticz *d, const char *param)
{
	buf_printf(url, "%s/json.htm?type=command&param=%s", d->url, param);
}

void
domoapi_version(struct buf *url, const struct conf_domoticz *d)
{
	begin(url, d, "getversion");
}

void
domoapi_hardware(struct buf *url, const struct conf_domoticz *d)
{
	begin(url, d, "gethardware");
}

void
domoapi_add_hardware(struct buf *url, const struct conf_domoticz *d, const char *name)
{
	begin(url, d, "addhardware");
	buf_printf(url, "&htype=%d&port=1&name=", DOMO_DUMMY);
	encode_query(url, name);
	buf_puts(url, "&enabled=true&datatimeout=0");
}

/* Hidden devices, and those of hardware that is switched off, are ours all the same. */
void
domoapi_devices(struct buf *url, const struct conf_domoticz *d, int hardware)
{
	begin(url, d, "getdevices&filter=all&used=all&displayhidden=1&displaydisabled=1");
	if (hardware > 0)
		buf_printf(url, "&hwidx=%d", hardware);
}

void
domoapi_create(struct buf *url, const struct conf_domoticz *d, int hardware,
    const char *name, const struct domosensor *s)
{
	begin(url, d, "createdevice");
	buf_printf(url, "&idx=%d&sensorname=", hardware);
	encode_query(url, name);
	buf_printf(url, "&sensormappedtype=0x%04X", s->type);
	if (s->unit != NULL) {
		buf_puts(url, "&sensoroptions=1%3B");
		encode_query(url, s->unit);
	}
}

void
domoapi_update(struct buf *url, const struct conf_domoticz *d, int idx,
    const struct domo_value *v, int battery)
{
	begin(url, d, "udevice");
	buf_printf(url, "&idx=%d&nvalue=%d&svalue=", idx, v->nvalue);
	encode_query(url, v->svalue);
	if (battery >= 0)
		buf_printf(url, "&battery=%d", battery);
}

/* Why Domoticz lets nobody in: of its settings, two are as a rule what is wrong. */
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
		    "two settings of Domoticz (Setup, Settings, Security): %s\"Trusted "
		    "Networks\" (if this machine is in it, leave user and password out)",
		    d->url, d->user,
		    strncasecmp(d->url, "https", 5) == 0
			? ""
			: "\"Allow Basic-Auth over plain HTTP\" must be on, and ");
}

/* Domoticz has numbers as numbers here and as texts there. */
static int
integer(const json_t *value)
{
	const char *text = json_string_value(value);
	json_int_t n = json_integer_value(value);
	char *end;

	if (text != NULL && *text >= '0' && *text <= '9') {
		n = strtoll(text, &end, 10);
		if (*end != '\0')
			return 0;
	}
	return n > 0 && n <= INT_MAX ? (int)n : 0;
}

static void
copy(char *out, size_t size, const json_t *value)
{
	const char *text = json_string_value(value);

	snprintf(out, size, "%s", text == NULL ? "" : text);
}

/* Rows of hardware, or of devices. Scenes, which are listed with them, have numbers of their
 * own, and no hardware. */
static void
read_rows(struct domo_answer *a, const json_t *result)
{
	size_t count = json_array_size(result), i;
	const json_t *value;

	if (count == 0 || count > ROWS_MAX)
		return;
	a->rows = xcalloc(count, sizeof(*a->rows));
	json_array_foreach(result, i, value)
	{
		struct domo_row *row = &a->rows[a->nrows];
		const json_t *hardware = json_object_get(value, "HardwareID");
		const json_t *type =
		    json_object_get(value, hardware == NULL ? "Type" : "HardwareTypeVal");

		row->idx = integer(json_object_get(value, "idx"));
		row->hardware = integer(hardware);
		row->type = integer(type);
		copy(row->name, sizeof(row->name), json_object_get(value, "Name"));
		copy(row->owner, sizeof(row->owner),
		    json_object_get(value, "HardwareName"));
		copy(row->subtype, sizeof(row->subtype),
		    json_object_get(value, "SubType"));
		if (row->idx > 0 && (row->hardware > 0 || row->type > 0))
			a->nrows++;
	}
}

/* What the body says. A right that is missing, and a device that is, leave it at null, or at
 * an object without a status. */
static enum verdict
read_body(struct domo_answer *a, const json_t *root)
{
	const char *status = json_string_value(json_object_get(root, "status"));

	if (root == NULL)
		return VERDICT_FOREIGN;
	if (status == NULL)
		return json_is_null(root) ||
			       json_is_string(json_object_get(root, "title"))
			   ? VERDICT_REFUSED
			   : VERDICT_FOREIGN;
	if (strcmp(status, "OK") != 0)
		return VERDICT_REFUSED;
	copy(a->version, sizeof(a->version), json_object_get(root, "version"));
	a->idx = integer(json_object_get(root, "idx"));
	read_rows(a, json_object_get(root, "result"));
	return VERDICT_OK;
}

/* What an answer with a body means. Where a right is missing, 403 comes with what
 * Domoticz says else; without, it is somebody before it who lets nobody in. */
static enum verdict
judge(struct domo_answer *a, const struct http_reply *reply)
{
	json_t *root = reply->body.len == 0 || reply->cut
			   ? NULL
			   : json_loadb(buf_head(&reply->body), reply->body.len,
				 JSON_DECODE_ANY, NULL);
	enum verdict verdict = VERDICT_FOREIGN;

	if (reply->status == 200)
		verdict = read_body(a, root);
	else if (reply->status == 401)
		verdict = VERDICT_DENIED;
	else if (reply->status == 403)
		verdict = root == NULL ? VERDICT_DENIED : VERDICT_REFUSED;
	json_decref(root);
	return verdict;
}

void
domoapi_read(struct domo_answer *a, const struct conf_domoticz *d,
    const struct http_reply *reply, char *cause, size_t size)
{
	*a = (struct domo_answer){.verdict = VERDICT_AWAY};
	*cause = '\0';
	if (reply->status == 0 || (reply->error != NULL && !reply->cut)) {
		snprintf(cause, size, "%s does not answer (%s); trying on", d->url,
		    reply->error == NULL ? "no reason given" : reply->error);
		return;
	}
	if (reply->status >= 500) {
		snprintf(cause, size, "%s is not able to answer (HTTP %ld); trying on",
		    d->url, reply->status);
		return;
	}
	a->verdict = judge(a, reply);
	if (a->verdict == VERDICT_DENIED)
		denied(d, cause, size);
	else if (a->verdict == VERDICT_FOREIGN)
		snprintf(cause, size,
		    "%s answers, but not as Domoticz does (HTTP %ld%s): is the url "
		    "right?",
		    d->url, reply->status, reply->cut ? ", without an end" : "");
}

void
domoapi_free(struct domo_answer *a)
{
	free(a->rows);
	*a = (struct domo_answer){0};
}

bool
domoapi_new_enough(const char *version)
{
	char *end;
	unsigned long year, minor;

	if (*version < '0' || *version > '9')
		return true;
	year = strtoul(version, &end, 10);
	if (*end != '.')
		return true;
	minor = strtoul(end + 1, NULL, 10);
	return year > YEAR_NEEDED || (year == YEAR_NEEDED && minor >= MINOR_NEEDED);
}
