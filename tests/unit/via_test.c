/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "publish/via.h"

/* What answers mean, by table; limits of the services; secrets. */

#define LONG 5000

static const struct conf_notify channels[] = {
    {.name = (char[]){"n"},
	.via = CONF_VIA_NTFY,
	.url = (char[]){"https://ntfy.sh/secret"}},
    {.name = (char[]){"t"},
	.via = CONF_VIA_TELEGRAM,
	.token = (char[]){"1:secret"},
	.to = (char[]){"5"}},
    {.name = (char[]){"d"},
	.via = CONF_VIA_DISCORD,
	.url = (char[]){"https://discord.com/api/webhooks/1/secret"}},
    {.name = (char[]){"p"},
	.via = CONF_VIA_PUSHOVER,
	.token = (char[]){"secret"},
	.to = (char[]){"secret"}},
    {.name = (char[]){"m"},
	.via = CONF_VIA_MATRIX,
	.url = (char[]){"https://m.example.org"},
	.token = (char[]){"secret"},
	.to = (char[]){"!room:example.org"}},
    {.name = (char[]){"w"},
	.via = CONF_VIA_WEBHOOK,
	.url = (char[]){"https://example.org/hook?key=secret"}},
};

static const struct conf_notify *
channel(enum conf_via via)
{
	for (size_t i = 0; i < sizeof(channels) / sizeof(channels[0]); i++)
		if (channels[i].via == via)
			return &channels[i];
	return NULL;
}

static const struct {
	enum conf_via via;
	long status, retry_after;
	const char *body;
	enum verdict verdict;
	long after;
	const char *says; /* in the cause */
} rows[] = {
    {CONF_VIA_NTFY, 200, 0, "{}", VERDICT_OK, 0, NULL},
    {CONF_VIA_NTFY, 0, 0, "", VERDICT_AWAY, 0, "https://ntfy.sh does not answer (why)"},
    {CONF_VIA_NTFY, 500, 0, "", VERDICT_AWAY, 0, "HTTP 500"},
    {CONF_VIA_NTFY, 408, 0, "", VERDICT_AWAY, 0, "HTTP 408"},
    {CONF_VIA_NTFY, 425, 0, "", VERDICT_AWAY, 0, "HTTP 425"},
    {CONF_VIA_NTFY, 429, 30, "{\"error\":\"too many\"}", VERDICT_AWAY, 30,
	"\"too many\""},
    {CONF_VIA_NTFY, 429, 100000, "", VERDICT_AWAY, VIA_AFTER_MAX_S, "HTTP 429"},
    {CONF_VIA_NTFY, 403, 0, "{\"error\":\"forbidden\"}", VERDICT_DENIED, 0, "token ="},
    {CONF_VIA_NTFY, 404, 0, "", VERDICT_DENIED, 0, "url ="},
    {CONF_VIA_NTFY, 301, 0, "", VERDICT_DENIED, 0, "url ="},
    {CONF_VIA_NTFY, 413, 0, "", VERDICT_REFUSED, 0, "HTTP 413"},
    {CONF_VIA_TELEGRAM, 200, 0, "{\"ok\":true}", VERDICT_OK, 0, NULL},
    {CONF_VIA_TELEGRAM, 429, 0, "{\"parameters\":{\"retry_after\":7}}", VERDICT_AWAY, 7,
	""},
    {CONF_VIA_TELEGRAM, 429, 0, "{\"parameters\":{\"retry_after\":99999999}}",
	VERDICT_AWAY, VIA_AFTER_MAX_S, ""},
    {CONF_VIA_TELEGRAM, 400, 0, "{\"description\":\"Bad Request: chat not found\"}",
	VERDICT_DENIED, 0, "to ="},
    {CONF_VIA_TELEGRAM, 400, 0, "{\"description\":\"Bad Request: message is too long\"}",
	VERDICT_REFUSED, 0, "too long"},
    {CONF_VIA_TELEGRAM, 403, 0, "{\"description\":\"Forbidden: bot was blocked\"}",
	VERDICT_DENIED, 0, "to ="},
    {CONF_VIA_TELEGRAM, 401, 0, "{\"description\":\"Unauthorized\"}", VERDICT_DENIED, 0,
	"token ="},
    {CONF_VIA_TELEGRAM, 404, 0, "{\"description\":\"Not Found\"}", VERDICT_DENIED, 0,
	"token ="},
    {CONF_VIA_TELEGRAM, 400, 0, "[1,{\"description\":3", VERDICT_REFUSED, 0, ""},
    {CONF_VIA_DISCORD, 200, 0, "{\"id\":\"1\"}", VERDICT_OK, 0, NULL},
    {CONF_VIA_DISCORD, 429, 0, "{\"retry_after\":0.65}", VERDICT_AWAY, 1, ""},
    {CONF_VIA_DISCORD, 404, 0, "{\"message\":\"Unknown Webhook\"}", VERDICT_DENIED, 0,
	"Unknown Webhook"},
    {CONF_VIA_DISCORD, 400, 0, "{\"message\":\"Invalid Form Body\"}", VERDICT_REFUSED, 0,
	""},
    {CONF_VIA_PUSHOVER, 400, 0,
	"{\"user\":\"invalid\",\"errors\":[\"user identifier is invalid\"],\"status\":0}",
	VERDICT_DENIED, 0, "user identifier is invalid"},
    {CONF_VIA_PUSHOVER, 400, 0, "{\"message\":\"x\",\"errors\":[\"message is blank\"]}",
	VERDICT_REFUSED, 0, "message is blank"},
    {CONF_VIA_MATRIX, 429, 0,
	"{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":1500}", VERDICT_AWAY, 2,
	""},
    {CONF_VIA_MATRIX, 403, 0, "{\"error\":\"User not in room\"}", VERDICT_DENIED, 0,
	"User not in room"},
    {CONF_VIA_MATRIX, 401, 0, "{\"error\":\"Invalid token\x01\"}", VERDICT_DENIED, 0,
	"token ="},
    {CONF_VIA_WEBHOOK, 204, 0, "", VERDICT_OK, 0, NULL},
    {CONF_VIA_WEBHOOK, 422, 0, "no", VERDICT_REFUSED, 0, "https://example.org refuses"},
};

static void
answers(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct http_reply reply = {.status = rows[i].status,
		    .error = rows[i].status == 0 ? "why" : NULL,
		    .retry_after = rows[i].retry_after};
		struct via_outcome o;

		buf_puts(&reply.body, rows[i].body);
		via_judge(channel(rows[i].via), &reply, &o);
		if (o.verdict != rows[i].verdict || o.after_s != rows[i].after)
			fail_msg("row %zu: verdict %d, after %ld s: %s", i,
			    (int)o.verdict, o.after_s, o.cause);
		if (rows[i].says == NULL)
			assert_string_equal(o.cause, "");
		else if (strstr(o.cause, rows[i].says) == NULL || *o.cause == '\0')
			fail_msg("row %zu says \"%s\"", i, o.cause);
		assert_null(strstr(o.cause, "secret"));
		buf_free(&reply.body);
	}
}

/* The longest string in a JSON text. */
static size_t
longest(json_t *json)
{
	const char *key;
	json_t *value;
	size_t max = json_is_string(json) ? json_string_length(json) : 0;

	json_object_foreach(json, key, value)
	{
		size_t len = longest(value);

		max = len > max ? len : max;
	}
	return max;
}

/* A message of any length is one that the service takes, in UTF-8 whatever it was. */
static void
limits(void **state)
{
	static const size_t max[CONF_VIAS] = {[CONF_VIA_NTFY] = 4000,
	    [CONF_VIA_TELEGRAM] = 4096,
	    [CONF_VIA_DISCORD] = 2000,
	    [CONF_VIA_PUSHOVER] = 1024,
	    [CONF_VIA_MATRIX] = 16384};

	for (int i = CONF_VIA_NTFY; i <= CONF_VIA_MATRIX; i++) {
		struct message m = {.title = xcalloc(LONG + 1, 1),
		    .text = xcalloc(4 * LONG + 1, 1),
		    .priority = NEWS_HIGH,
		    .tag = "bell"};
		struct via_request r;
		json_t *json;

		memset(m.title, '"', LONG);
		for (size_t k = 0; k + 4 <= 4 * (size_t)LONG; k += 4)
			memcpy(&m.text[k], k % 64 == 0 ? "\xff\x01\n`" : "😀", 4);
		via_request(channel((enum conf_via)i), &m, &r);
		assert_non_null(json = json_loads(r.body, 0, NULL));
		assert_true(longest(json) <= max[i]);
		assert_int_equal(r.http.body_len, strlen(r.body));
		json_decref(json);
		via_request_free(&r);
		message_free(&m);
	}
}

static void
hosts(void **state)
{
	static const char *const urls[][2] = {
	    {"https://ntfy.sh/secret", "https://ntfy.sh"},
	    {"http://[::1]:80?secret", "http://[::1]:80"},
	    {"smtps://mail.example.org", "smtps://mail.example.org"},
	    {"secret", "secret"},
	};

	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct buf out = {0};

		via_host(&out, urls[i][0]);
		assert_string_equal(buf_str(&out), urls[i][1]);
		buf_free(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers),
	    cmocka_unit_test(limits),
	    cmocka_unit_test(hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
