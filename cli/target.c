/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/target.h"
#include "lib/conf_upsd.h"
#include "lib/paths.h"
#include "lib/xmem.h"

#define NUT_PORT "3493"

/* The name of a service may be one too; getaddrinfo(3) knows. */
static bool
is_port(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	return *text != '\0' && (*end != '\0' || (n > 0 && n <= UINT16_MAX));
}

/* Splits "host[:port]" or "[v6][:port]" into t. */
static int
parse_host(struct target *t, const char *text)
{
	const char *end;

	if (text[0] == '[') {
		text++;
		if ((end = strchr(text, ']')) == NULL ||
		    (end[1] != '\0' && end[1] != ':'))
			return -1;
		t->host = xstrndup(text, (size_t)(end - text));
		end++;
	} else {
		end = text + strcspn(text, ":");
		t->host = xstrndup(text, (size_t)(end - text));
	}
	t->port = xstrdup(*end == ':' ? end + 1 : NUT_PORT);
	return t->host[0] != '\0' && is_port(t->port) ? 0 : -1;
}

int
target_parse(
    struct target *t, const char *text, bool server, const char *host, const char *port)
{
	const char *at;
	int result = 0;

	memset(t, 0, sizeof(*t));
	at = text != NULL && !server ? strchr(text, '@') : NULL;
	if (server && text != NULL)
		result = parse_host(t, text);
	else if (at != NULL)
		result = parse_host(t, at + 1);
	else {
		t->host = xstrdup(host);
		t->port = xstrdup(port);
	}
	if (!server && text != NULL && text != at)
		t->ups = at != NULL ? xstrndup(text, (size_t)(at - text)) : xstrdup(text);
	if (t->ups != NULL && (t->ups[0] == '\0' || strpbrk(t->ups, " \"\\") != NULL))
		result = -1;
	if (result != 0)
		target_free(t);
	return result;
}

void
target_free(struct target *t)
{
	free(t->ups);
	free(t->host);
	free(t->port);
	memset(t, 0, sizeof(*t));
}

/* What to connect to for an address that a server listens on. */
static const char *
reachable(const char *address)
{
	if (strcmp(address, "*") == 0 || strcmp(address, "0.0.0.0") == 0)
		return "127.0.0.1";
	if (strcmp(address, "::") == 0)
		return "::1";
	return address;
}

int
target_local(struct target *t, const char *text, bool server)
{
	struct problems problems = {0};
	struct upsd_conf conf = {0};
	const char *host = "localhost", *port = NUT_PORT;
	char *path = paths_conf("upsd.conf"), *content;
	size_t len;
	int result;

	if ((content = conf_slurp(path, &len)) != NULL) {
		upsd_conf_read(&conf, path, content, len, &problems);
		if (conf.nlistens > 0) {
			host = reachable(conf.listens[0].address);
			port = conf.listens[0].port;
		}
	}
	result = target_parse(t, text, server, host, port);
	upsd_conf_free(&conf);
	problems_free(&problems);
	free(content);
	free(path);
	return result;
}
