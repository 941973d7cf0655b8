/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/conf_value.h"
#include "lib/state.h"
#include "lib/xmem.h"

#define PORT_MAX 65535
#define TOPIC_MAX 128 /* bytes */

/* "http:// or https://" */
static void
say_schemes(char *out, size_t size, const char *const *schemes)
{
	size_t len = 0;

	*out = '\0';
	for (size_t i = 0; schemes[i] != NULL && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, "%s%s://",
		    i == 0                   ? ""
		    : schemes[i + 1] == NULL ? " or "
					     : ", ",
		    schemes[i]);
}

/* What was written instead, as far as it is no secret: its scheme, or what may be a host. */
static void
no_url(const struct conf_line *line, const char *text, const char *const *schemes,
    const char *example)
{
	const char *colon = strstr(text, "://");
	char known[80];

	say_schemes(known, sizeof(known), schemes);
	conf_fault(line,
	    "\"%.*s\" is no url: it begins with %s, for example: url = %s. The line is "
	    "ignored",
	    (int)(colon != NULL && colon - text < 40 ? (size_t)(colon + 3 - text)
						     : strcspn(text, ":/@?")),
	    text, known, example);
}

/* Reads ":8080" behind the host; true for none. */
static bool
port_read(struct conf_url *url, const char *text, size_t len)
{
	long n;

	url->port[0] = '\0';
	if (len == 0)
		return true;
	if (*text != ':' || len < 2 || len > sizeof(url->port) ||
	    strspn(text + 1, "0123456789") < len - 1)
		return false;
	n = strtol(text + 1, NULL, 10);
	snprintf(url->port, sizeof(url->port), "%ld", n);
	return n >= 1 && n <= PORT_MAX;
}

/* The host of "host:port" or "[::1]:port", `len` bytes; its length with brackets, or 0. */
static size_t
host_read(struct conf_url *url, const char *text, size_t len)
{
	const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "0123456789.-_";
	const bool six = len > 0 && *text == '[';
	size_t n =
	    six ? strspn(text + 1, "0123456789abcdefABCDEF:.") : strspn(text, letters);

	if (n == 0 || n > CONF_HOST_MAX || (six && (n + 2 > len || text[n + 1] != ']')))
		return 0;
	for (size_t i = 0; i < n; i++)
		url->host[i] = (char)tolower((unsigned char)text[i + (six ? 1 : 0)]);
	url->host[n] = '\0';
	return six ? n + 2 : n;
}

/* Length of the scheme with "://", or 0 when it is none of these. */
static size_t
scheme_read(struct conf_url *url, const char *text, const char *const *schemes)
{
	for (; *schemes != NULL; schemes++) {
		size_t n = strlen(*schemes);

		if (strncasecmp(text, *schemes, n) == 0 &&
		    strncmp(text + n, "://", 3) == 0) {
			url->scheme = *schemes;
			return n + 3;
		}
	}
	return 0;
}

char *
conf_joined(const struct conf_line *line, int at)
{
	const struct words *w = line->words;
	struct buf text = {0};
	bool sign = true;
	char *joined;

	for (int i = at; i < w->argc; i++) {
		const bool is_sign = !w->quoted[i] && strcmp(w->argv[i], "=") == 0;

		if (!sign && !is_sign) {
			conf_fault(line,
			    "%s has blanks in it: put it into \"quotes\" if they are "
			    "meant. The line is ignored",
			    w->argv[0]);
			buf_free(&text);
			return NULL;
		}
		buf_puts(&text, w->argv[i]);
		sign = is_sign;
	}
	joined = xstrdup(buf_str(&text));
	explicit_bzero(text.data, text.cap);
	buf_free(&text);
	return joined;
}

bool
conf_url_read(struct conf_url *url, const struct conf_line *line, const char *text,
    const char *const *schemes, const char *example)
{
	size_t scheme = scheme_read(url, text, schemes), len, host;
	const char *place = text + scheme;

	if (scheme == 0) {
		no_url(line, text, schemes, example);
		return false;
	}
	if (place[strcspn(place, "/?@")] == '@') {
		conf_fault(line,
		    "url holds a name or password before \"@\": give them as user = and "
		    "password =. The line is ignored");
		return false;
	}
	for (const char *s = place; *s != '\0'; s++)
		if (!isgraph((unsigned char)*s)) {
			conf_fault(line, "url holds a blank or a letter that is not "
					 "ASCII: the line is ignored");
			return false;
		}
	len = strcspn(place, "/?#");
	if ((host = host_read(url, place, len)) == 0) {
		no_url(line, text, schemes, example);
		return false;
	}
	if (!port_read(url, place + host, len - host)) {
		conf_fault(line,
		    "url: \"%.*s\" is no port (\":\" and a number from 1 to %d): the "
		    "line is ignored",
		    (int)(len - host < 20 ? len - host : 20), place + host, PORT_MAX);
		return false;
	}
	url->rest = place + len;
	return true;
}

void
conf_path_take(char **field, const struct conf_line *line, int at, const char *example)
{
	const char *text = line->words->argv[at];

	/* Nobody says which folder a part of a path would be in. */
	if (*text != '/') {
		conf_fault(line,
		    "%s takes the whole path of a file, for example %s, not \"%.40s\": "
		    "the line is ignored",
		    line->words->argv[0], example, text);
		return;
	}
	free(*field);
	*field = xstrdup(text);
}

void
conf_secret_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

void
conf_secret_set(char **field, char *text)
{
	conf_secret_free(*field);
	*field = text;
}

void
conf_secret_take(char **field, const struct conf_line *line, int at)
{
	char *text = conf_joined(line, at);

	if (text != NULL)
		conf_secret_set(field, text);
}

void
conf_list_each(const struct conf_line *line, int at,
    void (*take)(void *arg, const struct conf_line *line, const char *word), void *arg)
{
	for (; at < line->words->argc; at++) {
		char *copy = xstrdup(line->words->argv[at]), *rest = copy, *word;

		while ((word = strsep(&rest, ",")) != NULL)
			if (*word != '\0')
				take(arg, line, word);
		free(copy);
	}
}

/* A letter that MQTT or who reads logs would mind. */
static bool
is_topic(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > TOPIC_MAX || *text == '/' || *text == '$' ||
	    text[len - 1] == '/' || strstr(text, "//") != NULL)
		return false;
	for (; *text != '\0'; text++)
		if (!isgraph((unsigned char)*text) || *text == '+' || *text == '#')
			return false;
	return true;
}

void
conf_topic_take(char **field, const struct conf_line *line, int at)
{
	const char *text = line->words->argv[at];

	if (!is_topic(text)) {
		conf_fault(line,
		    "%s takes the beginning of a topic like holdup or power/ups (no + # "
		    "or blanks, no / at its ends), not \"%.40s\": the line is ignored",
		    line->words->argv[0], text);
		return;
	}
	free(*field);
	*field = xstrdup(text);
}

void
conf_ups_take(char **field, const struct conf_line *line, int at)
{
	const char *text = line->words->argv[at];

	if (!state_name_ok(text)) {
		conf_fault(line,
		    "\"%.40s\" cannot be the name of a UPS: the line is ignored", text);
		return;
	}
	free(*field);
	*field = xstrdup(text);
}
