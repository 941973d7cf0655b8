/* SPDX-License-Identifier: ISC */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/jout.h"
#include "lib/xmem.h"
#include "web/call.h"

#define MESSAGE_MAX 512

const char *const call_fields[CALL_FIELDS] = {
    [CALL_ACCEPT] = "Accept",
    [CALL_ACCEPT_LANGUAGE] = "Accept-Language",
    [CALL_CONTENT_TYPE] = "Content-Type",
    [CALL_COOKIE] = "Cookie",
    [CALL_CSRF] = "X-Holdup-CSRF",
    [CALL_FORWARDED_FOR] = "X-Forwarded-For",
    [CALL_FORWARDED_HOST] = "X-Forwarded-Host",
    [CALL_FORWARDED_PROTO] = "X-Forwarded-Proto",
    [CALL_HOST] = "Host",
    [CALL_ORIGIN] = "Origin",
};

void
call_error(struct call *c, unsigned status, const char *code, const char *format, ...)
{
	struct jout j = {.out = &c->reply.body};
	char message[MESSAGE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	buf_clear(&c->reply.body);
	jout_open(&j, NULL, '{');
	jout_open(&j, "error", '{');
	jout_text(&j, "code", code);
	jout_text(&j, "message", message);
	jout_close(&j, '}');
	jout_close(&j, '}');
	c->reply.status = status;
	c->reply.type = NULL;
}

bool
call_is_json(const struct call *c)
{
	static const char json[] = "application/json";
	const char *type = c->fields[CALL_CONTENT_TYPE];
	size_t len = sizeof(json) - 1;

	return type != NULL && strncasecmp(type, json, len) == 0 &&
	       strchr(" ;", type[len]) != NULL;
}

bool
call_accepts(const struct call *c, const char *type)
{
	const char *accept = c->fields[CALL_ACCEPT];

	return accept != NULL && strcasestr(accept, type) != NULL;
}

void
call_claim(struct call *c, const char *user, const char *password)
{
	c->user = xstrdup(user);
	c->password = xstrdup(password);
}

void
call_clear(struct call *c)
{
	if (c->password != NULL)
		explicit_bzero(c->password, strlen(c->password));
	free(c->user);
	free(c->password);
	buf_free(&c->body);
	buf_free(&c->reply.body);
	buf_free(&c->reply.cookie);
	buf_free(&c->reply.location);
}
