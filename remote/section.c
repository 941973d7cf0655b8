/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "remote/section.h"

#define SECONDS_MAX 3600

/* upsmon's words, the old ones too. */
static const struct {
	const char *word;
	enum client_login login;
} logins[] = {
    {"secondary", CLIENT_SECONDARY},
    {"slave", CLIENT_SECONDARY},
    {"primary", CLIENT_PRIMARY},
    {"master", CLIENT_PRIMARY},
};

static void
read_login(
    struct section *s, const struct conf_ups *ups, const char *file, struct problems *p)
{
	const char *word = conf_ups_get(ups, "login");

	if (word == NULL)
		return;
	for (size_t i = 0; i < sizeof(logins) / sizeof(logins[0]); i++)
		if (strcasecmp(logins[i].word, word) == 0)
			s->client.login = logins[i].login;
	if (s->client.login == CLIENT_READER)
		problems_add(p, file, ups->line,
		    "[%s]: login = %s: secondary or primary is meant; this machine does "
		    "not log in",
		    ups->name, word);
	else if (s->client.user == NULL || s->client.password == NULL)
		problems_add(p, file, ups->line,
		    "[%s]: login needs user and password; this machine does not log in",
		    ups->name);
}

static void
read_tls(
    struct section *s, const struct conf_ups *ups, const char *file, struct problems *p)
{
	static const struct {
		const char *word;
		enum client_tls tls;
		bool verify;
	} words[] = {
	    {"no", CLIENT_TLS_NONE, false},
	    {"try", CLIENT_TLS_TRY, false},
	    {"force", CLIENT_TLS_FORCE, false},
	    {"verify", CLIENT_TLS_FORCE, true},
	};
	const char *word = conf_ups_get(ups, "tls"), *name = conf_ups_get(ups, "tlsname");

	s->tls_name = name == NULL ? s->target.host : name;
	s->tls_passphrase = conf_ups_get(ups, "tlspassphrase");
	if (word == NULL)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i].word, word) != 0)
			continue;
		s->client.tls = words[i].tls;
		s->verify = words[i].verify;
		return;
	}
	/* Who writes this wants it safe. */
	s->client.tls = CLIENT_TLS_FORCE;
	s->verify = true;
	problems_add(p, file, ups->line,
	    "[%s]: tls = %s: no, try, force or verify is meant; read as verify",
	    ups->name, word);
}

/* Seconds of a key as milliseconds, or the default. */
static uint64_t
read_ms(const struct conf_ups *ups, const char *key, uint64_t fallback_ms,
    const char *file, struct problems *p)
{
	const char *text = conf_ups_get(ups, key);
	char *end;
	long n;

	if (text == NULL)
		return fallback_ms;
	errno = 0;
	n = strtol(text, &end, 10);
	if (errno == 0 && end != text && *end == '\0' && n >= 1 && n <= SECONDS_MAX)
		return (uint64_t)n * 1000;
	problems_add(p, file, ups->line,
	    "[%s]: %s = %s: seconds from 1 to %d are meant; %llu is used", ups->name, key,
	    text, SECONDS_MAX, (unsigned long long)fallback_ms / 1000);
	return fallback_ms;
}

int
section_read(struct section *s, const struct conf_ups *ups, const char *file,
    struct problems *p, char *cause, size_t size)
{
	const char *port = conf_ups_get(ups, "port");
	uint64_t usual;

	*s = (struct section){0};
	if (target_parse(&s->target, port == NULL ? "" : port, cause, size) < 0)
		return -1;
	s->client.ups = s->target.ups;
	s->client.user = conf_ups_get(ups, "user");
	s->client.password = conf_ups_get(ups, "password");
	read_login(s, ups, file, p);
	read_tls(s, ups, file, p);
	usual =
	    s->client.login == CLIENT_READER ? CLIENT_POLL_MS : SECTION_POLLFREQ_S * 1000;
	s->client.poll_ms = read_ms(ups, "pollfreq", usual, file, p);
	s->client.alert_ms = read_ms(ups, "pollfreqalert", usual, file, p);
	return 0;
}
