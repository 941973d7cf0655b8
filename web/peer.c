/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "web/peer.h"

bool
peer_is_proxy(const struct conf_web *conf, const char *address)
{
	static const struct allow_nets none;

	for (size_t i = 0; i < conf->nproxies; i++)
		if (allow_matches(&conf->proxies[i], address, &none))
			return true;
	return false;
}

/* One entry of X-Forwarded-For as a numeric address, without a port. False: it is none. */
static bool
take_entry(char address[CALL_ADDRESS_MAX], const char *from, size_t len)
{
	struct in6_addr any;
	char text[CALL_ADDRESS_MAX];
	const char *end;

	while (len > 0 && strchr(" \t", from[len - 1]) != NULL)
		len--;
	while (len > 0 && strchr(" \t\"", *from) != NULL)
		from++, len--;
	if (len > 0 && *from == '[' && (end = memchr(from, ']', len)) != NULL) {
		len = (size_t)(end - ++from);
	} else if ((end = memchr(from, ':', len)) != NULL &&
		   memchr(end + 1, ':', len - (size_t)(end + 1 - from)) == NULL)
		len = (size_t)(end - from); /* 192.0.2.1:4711 */
	if (len >= sizeof(text))
		return false;
	memcpy(text, from, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, &any) != 1 && inet_pton(AF_INET6, text, &any) != 1)
		return false;
	memcpy(address, text, len + 1);
	return true;
}

/* True when an origin, "https://ups.example:8443", has this host and port. */
static bool
is_at(const char *origin, const char *host)
{
	const char *at = strstr(origin, "://");

	return at != NULL && host != NULL && strcasecmp(at + 3, host) == 0;
}

/* True for a host that nobody else's name server answers for: an address, a name without a
 * dot, or below a domain that the public DNS does not have. */
static bool
is_private(const char *host)
{
	static const char *const domains[] = {"localhost", "local", "lan", "home",
	    "home.arpa", "internal", "localdomain", "test", "example"};
	char name[CALL_ADDRESS_MAX * 4];
	struct in_addr any;
	size_t len = strcspn(host, ":");

	if (*host == '[')
		return true;
	while (len > 0 && host[len - 1] == '.')
		len--;
	if (len >= sizeof(name))
		return false;
	memcpy(name, host, len);
	name[len] = '\0';
	if (strchr(name, '.') == NULL || inet_pton(AF_INET, name, &any) == 1)
		return true;
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
		size_t end = strlen(domains[i]);

		if (len > end && name[len - end - 1] == '.' &&
		    strcasecmp(name + len - end, domains[i]) == 0)
			return true;
	}
	return false;
}

bool
peer_is_astray(const struct call *c, const char *address)
{
	static const struct allow own = {.kind = ALLOW_LOCALHOST};
	static const struct allow_nets none;
	const char *host = c->fields[CALL_HOST];

	return host != NULL && !is_private(host) && allow_matches(&own, address, &none);
}

void
peer_read(struct call *c, const struct conf_web *conf, const char *address, bool tls)
{
	const char *list = c->fields[CALL_FORWARDED_FOR],
		   *proto = c->fields[CALL_FORWARDED_PROTO],
		   *origin = c->fields[CALL_ORIGIN];
	size_t len = list == NULL ? 0 : strlen(list);

	snprintf(c->address, sizeof(c->address), "%s", address);
	c->secure = tls;
	c->foreign = origin != NULL && !is_at(origin, c->fields[CALL_HOST]);
	if (!peer_is_proxy(conf, address))
		return;
	if (c->foreign && is_at(origin, c->fields[CALL_FORWARDED_HOST]))
		c->foreign = false;
	if (proto != NULL)
		c->secure = strcasecmp(proto, "https") == 0;
	/* From its end: what stands there was added by the proxy nearest to us. */
	while (len > 0 && peer_is_proxy(conf, c->address)) {
		size_t from = len;

		while (from > 0 && list[from - 1] != ',')
			from--;
		if (!take_entry(c->address, list + from, len - from))
			return;
		len = from > 0 ? from - 1 : 0;
	}
}
