/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"
#include "lib/xmem.h"

#define PORT_BYTES 6 /* "65535" */
#define PRICE_MAX 1000.0
#define BASE_MAX 128 /* bytes */
#define PROXIES_READ 64

/* Words for two addresses, each with a port behind it or without. */
static const struct {
	const char *word, *four, *six;
	bool lan;
} address_words[] = {
    {"localhost", "127.0.0.1", "::1", false},
    {"lan", "0.0.0.0", "::", true},
    {"*", "0.0.0.0", "::", false},
};

#define ADDRESS_WORDS (sizeof(address_words) / sizeof(address_words[0]))

static void
listen_add(struct conf_web *w, const char *address, const char *port, const char *path)
{
	w->listens = xreallocarray(w->listens, w->nlistens + 1, sizeof(*w->listens));
	w->listens[w->nlistens++] = (struct conf_web_listen){
	    .address = address != NULL ? xstrdup(address) : NULL,
	    .port = port != NULL ? xstrdup(port) : NULL,
	    .path = path != NULL ? xstrdup(path) : NULL,
	};
}

/* A decimal port without more; none is the one of the page. */
static bool
port_read(char *port, const char *text)
{
	size_t len = strspn(text, "0123456789");
	long n = len > 0 && len < PORT_BYTES ? strtol(text, NULL, 10) : 0;

	if (text[len] != '\0' || n < 1 || n > 65535)
		return false;
	snprintf(port, PORT_BYTES, "%ld", n);
	return true;
}

/* Parts "192.168.0.9:8493", "[::1]:8493", "::1" and "lan:80" in two. False: it is none. */
static bool
address_part(char *address, size_t size, char *port, const char *text)
{
	const char *end = text + strlen(text), *first = strchr(text, ':');

	snprintf(port, PORT_BYTES, "%d", CONF_WEB_PORT);
	if (*text == '[') {
		if ((end = strchr(++text, ']')) == NULL ||
		    (end[1] != '\0' && (end[1] != ':' || !port_read(port, end + 2))))
			return false;
	} else if (first != NULL && strchr(first + 1, ':') == NULL) {
		end = first;
		if (!port_read(port, end + 1))
			return false;
	}
	if ((size_t)(end - text) >= size)
		return false;
	memcpy(address, text, (size_t)(end - text));
	address[end - text] = '\0';
	return true;
}

static bool
is_literal(const char *address)
{
	unsigned char bytes[sizeof(struct in6_addr)];
	int family = strchr(address, ':') == NULL ? AF_INET : AF_INET6;

	return inet_pton(family, address, bytes) == 1;
}

/* False: nobody can listen there. */
static bool
listen_address(struct conf_web *w, const char *text)
{
	char address[INET6_ADDRSTRLEN], port[PORT_BYTES];

	if (!address_part(address, sizeof(address), port, text))
		return false;
	for (size_t i = 0; i < ADDRESS_WORDS; i++)
		if (strcasecmp(address_words[i].word, address) == 0) {
			w->lan |= address_words[i].lan;
			listen_add(w, address_words[i].four, port, NULL);
			listen_add(w, address_words[i].six, port, NULL);
			return true;
		}
	if (!is_literal(address))
		return false;
	listen_add(w, address, port, NULL);
	return true;
}

static void
listen_unix(struct conf_web *w, const struct conf_line *line, const char *path)
{
	if (*path != '/' || strlen(path) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		conf_fault(line,
		    "\"unix:%.40s\" is no socket: its path begins with / and has at most "
		    "%zu letters. It is left out",
		    path, sizeof(((struct sockaddr_un *)0)->sun_path) - 1);
	else
		listen_add(w, NULL, NULL, path);
}

/* Words, in any number of lines. */
static void
take_listen(void *conf, const struct conf_line *line, int at)
{
	struct conf_web *w = conf;

	for (; at < line->words->argc; at++) {
		const char *word = line->words->argv[at];

		/* One word may be two addresses. */
		if (w->nlistens + 2 > CONF_WEB_LISTENS_MAX) {
			conf_fault(line,
			    "more than %d addresses: what follows is left out; "
			    "listen = * takes all",
			    CONF_WEB_LISTENS_MAX);
			return;
		}
		if (strcasecmp(word, "off") == 0)
			w->off = true;
		else if (strncmp(word, "unix:", 5) == 0)
			listen_unix(w, line, word + 5);
		else if (!listen_address(w, word))
			conf_fault(line,
			    "listen knows no \"%.40s\": write localhost, lan, *, an "
			    "address as 192.168.0.9 or 192.168.0.9:%d or [fd00::9]:%d, "
			    "unix:/run/holdup/web.sock, or off. It is left out",
			    word, CONF_WEB_PORT, CONF_WEB_PORT);
	}
}

static void
take_certificate(void *conf, const struct conf_line *line, int at)
{
	conf_path_take(
	    &((struct conf_web *)conf)->certificate, line, at, "/etc/holdup/web.pem");
}

static void
take_key(void *conf, const struct conf_line *line, int at)
{
	conf_path_take(&((struct conf_web *)conf)->key, line, at, "/etc/holdup/web.pem");
}

/* Letters that mean themselves in a URL, a cookie's path and HTML; no step up. */
static bool
base_ok(const char *text)
{
	if (*text != '/' || strlen(text) > BASE_MAX || strstr(text, "//") != NULL ||
	    strstr(text, "/.") != NULL)
		return false;
	for (; *text != '\0'; text++)
		if (!isalnum((unsigned char)*text) && strchr("/-_.~", *text) == NULL)
			return false;
	return true;
}

static void
take_base(void *conf, const struct conf_line *line, int at)
{
	struct conf_web *w = conf;
	const char *text = line->words->argv[at];
	size_t len = strlen(text);

	if (!base_ok(text)) {
		conf_fault(line,
		    "base takes the path under which the proxy shows the page, for "
		    "example /ups (letters, digits, - _ . ~ and /), not \"%.40s\": the "
		    "line is ignored",
		    text);
		return;
	}
	if (text[len - 1] == '/')
		len--;
	free(w->base);
	w->base = len > 0 ? xstrndup(text, len) : NULL;
}

static void
take_proxy(void *conf, const struct conf_line *line, int at)
{
	struct conf_web *w = conf;
	struct allow rule;

	for (; at < line->words->argc; at++) {
		if (allow_read(&rule, line->words->argv[at]) < 0) {
			conf_fault(line,
			    "proxy knows no \"%.40s\": write the proxy's address, a "
			    "block such as 192.168.0.0/24, localhost or lan. It is left "
			    "out, and what it forwards is not believed",
			    line->words->argv[at]);
			continue;
		}
		w->proxies =
		    xreallocarray(w->proxies, w->nproxies + 1, sizeof(*w->proxies));
		w->proxies[w->nproxies++] = rule;
	}
}

/* What says neither is taken for the one that shows less. */
static void
take_read(void *conf, const struct conf_line *line, int at)
{
	struct conf_web *w = conf;
	const char *word = line->words->argv[at];

	w->login = strcasecmp(word, "open") != 0;
	if (w->login && strcasecmp(word, "login") != 0)
		conf_fault(line,
		    "read takes open or login, not \"%.40s\": taken for login", word);
}

/* Three letters of ISO 4217: everybody's browser knows how to write them. */
static bool
currency_read(char *currency, const char *text)
{
	for (size_t i = 0; i < 3; i++) {
		if (!isalpha((unsigned char)text[i]))
			return false;
		currency[i] = (char)toupper((unsigned char)text[i]);
	}
	currency[3] = '\0';
	return text[3] == '\0';
}

/* `price = 0.25 EUR` */
static void
take_price(void *conf, const struct conf_line *line, int at)
{
	struct conf_web *w = conf;
	const struct words *words = line->words;
	char currency[sizeof(w->currency)] = "";
	char *end;
	double price = strtod(words->argv[at], &end);

	if (end == words->argv[at] || *end != '\0' ||
	    !(price > 0 && price <= PRICE_MAX) || at + 1 >= words->argc ||
	    !currency_read(currency, words->argv[at + 1])) {
		conf_fault(line,
		    "price takes that of a kWh and its currency, for example 0.25 EUR, "
		    "not \"%.20s%s%.20s\": the line is ignored",
		    words->argv[at], at + 1 < words->argc ? " " : "",
		    at + 1 < words->argc ? words->argv[at + 1] : "");
		return;
	}
	w->price = price;
	memcpy(w->currency, currency, sizeof(currency));
}

static const struct conf_row settings[] = {
    {"listen", 1, WORDS_MAX, CONF_TAKE(take_listen)},
    {"certificate", 1, 1, CONF_TAKE(take_certificate)},
    {"key", 1, 1, CONF_TAKE(take_key)},
    {"base", 1, 1, CONF_TAKE(take_base)},
    {"proxy", 1, PROXIES_READ, CONF_TAKE(take_proxy)},
    {"read", 1, 1, CONF_TAKE(take_read)},
    {"price", 1, 2, CONF_TAKE(take_price)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	if (c->web.line > 0)
		conf_fault(head,
		    "a second section [web]: its lines are added to that of line %d",
		    c->web.line);
	else
		c->web.line = head->line;
	return &c->web;
}

static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	const struct conf_web *w = &c->web;

	if (w->off && w->nlistens > 0)
		problems_add(p, file, w->line,
		    "[web] has listen = off and addresses too: there is no page; take "
		    "away the one or the other");
	if (w->key != NULL && w->certificate == NULL)
		problems_add(p, file, w->line,
		    "[web] has a key and no certificate: the page is served without "
		    "HTTPS; write certificate = and the file with it");
}

static void
release(struct holdup_conf *c)
{
	struct conf_web *w = &c->web;

	for (size_t i = 0; i < w->nlistens; i++) {
		free(w->listens[i].address);
		free(w->listens[i].port);
		free(w->listens[i].path);
	}
	free(w->listens);
	free(w->certificate);
	free(w->key);
	free(w->base);
	free(w->proxies);
}

const struct conf_kind conf_kind_web = {
    .word = "web",
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
