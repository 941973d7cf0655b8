/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/jout.h"
#include "lib/xmem.h"
#include "web/body.h"
#include "web/lang.h"
#include "web/login.h"
#include "web/peer.h"
#include "web/route.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line of the input, as a text of its own. */
static char *
next_line(const char **at, const char *end)
{
	const char *stop = memchr(*at, '\n', (size_t)(end - *at));
	char *line = xstrndup(*at, (size_t)((stop == NULL ? end : stop) - *at));

	*at = stop == NULL ? end : stop + 1;
	return line;
}

/* What is taken as a parameter is a text that fits, and a number within its bounds. */
static void
check_target(const char *method, const char *target)
{
	static const char *const names[] = {"vars", "from", "limit", "ups"};
	char value[QUERY_VALUE_MAX];
	struct query q;
	const char *name;
	unsigned status;
	double n = 5;
	int64_t w = 5;

	if (query_read(&q, target, "/ups") < 0)
		return;
	for (size_t i = 0; i < q.nparts; i++)
		if (strlen(q.parts[i]) >= QUERY_PATH_MAX)
			abort();
	if (route_find(&q, method, &name, &status) == NULL && status != 404 &&
	    status != 405)
		abort();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (query_text(&q, names[i], value) == 1 &&
		    strlen(value) >= sizeof(value))
			abort();
		(void)query_number(&q, names[i], 0, 10, &n);
		(void)query_whole(&q, names[i], 0, 10, &w);
		if (!(n >= 0 && n <= 10) || w < 0 || w > 10)
			abort();
	}
}

/* A cookie is nobody's unless it has the whole key. */
static void
check_cookie(const char *cookie)
{
	static const uint8_t random[2 * LOGIN_KEY_BYTES] = {7};
	struct logins logins = {0};
	struct login *l = login_begin(&logins, "admin", random, 1);

	if (login_find(&logins, cookie, 2) != NULL && strstr(cookie, l->key) == NULL)
		abort();
	if (login_token_is(l, cookie) && strcmp(cookie, l->token) != 0)
		abort();
}

/* Whatever a proxy says, an address comes of it, and only of the proxy's. */
static void
check_peer(const char *forwarded, const char *origin)
{
	struct allow proxy = {.kind = ALLOW_LOCALHOST};
	const struct conf_web conf = {.proxies = &proxy, .nproxies = 1};
	struct call c = {0};
	struct allow_block any;

	c.fields[CALL_FORWARDED_FOR] = forwarded;
	c.fields[CALL_ORIGIN] = origin;
	c.fields[CALL_HOST] = "ups.example";
	peer_read(&c, &conf, "127.0.0.1", false);
	c.fields[CALL_HOST] = origin;
	(void)peer_is_astray(&c, "127.0.0.1");
	c.fields[CALL_HOST] = "ups.example";
	if (allow_block_read(&any, c.address) < 0)
		abort();
	peer_read(&c, &conf, "192.0.2.1", false);
	if (strcmp(c.address, "192.0.2.1") != 0)
		abort();
	if (!c.foreign && strstr(origin, "://") == NULL)
		abort();
}

/* What is written as JSON can be read again. */
static void
check_text(const char *text)
{
	struct buf out = {0};
	struct jout j = {.out = &out};
	const char *why;
	struct body *b;

	jout_open(&j, NULL, '{');
	jout_text(&j, "key", text);
	jout_close(&j, '}');
	b = body_read(buf_head(&out), out.len, &why);
	if (b == NULL)
		abort();
	body_free(b);
	buf_free(&out);
}

/* A request as its lines come: method, target, Cookie, X-Forwarded-For, Origin,
 * Accept-Language; what follows is its body. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size, *why;
	char *lines[6];
	struct body *b;

	for (size_t i = 0; i < 6; i++)
		lines[i] = next_line(&at, end);
	check_target(lines[0], lines[1]);
	check_cookie(lines[2]);
	check_peer(lines[3], lines[4]);
	check_text(lines[5]);
	(void)lang_accept(lines[5]);
	if (size > 0 && (b = body_read(at, (size_t)(end - at), &why)) != NULL) {
		(void)body_text(b, "user");
		body_free(b);
	}
	for (size_t i = 0; i < 6; i++)
		free(lines[i]);
	return 0;
}
