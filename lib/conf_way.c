/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"

/* What a channel may say of where its messages go. */
enum {
	URL = 1 << 0,
	USER = 1 << 1,
	PASSWORD = 1 << 2,
	TOKEN = 1 << 3,
	TO = 1 << 4,
	FROM = 1 << 5,
	BODY = 1 << 6,
	TYPE = 1 << 7,
	HEADER = 1 << 8
};

#define WORDS 9
#define LOGIN (USER | PASSWORD)
#define HTTP "http://", "https://"

static const char *const words[WORDS] = {
    "url", "user", "password", "token", "to", "from", "body", "type", "header"};

#define EXAMPLES 3

/* The ways: which words one needs, which more it knows, what they look like. */
static const struct way {
	unsigned needs, knows;
	bool path; /* its url says more than where the server is */
	const char *schemes[2];
	struct {
		unsigned word;
		const char *text;
	} examples[EXAMPLES];
} ways[CONF_VIAS] = {
    [CONF_VIA_NTFY] = {URL, LOGIN | TOKEN, true, {HTTP},
	{{URL, "https://ntfy.sh/a-name-that-nobody-guesses"}}},
    [CONF_VIA_TELEGRAM] = {TOKEN | TO, URL, false, {HTTP},
	{{TOKEN, "123456:ABC-DEF, as @BotFather gave it"},
	    {TO, "-1001234567890 (the number of the chat)"}}},
    [CONF_VIA_DISCORD] = {URL, 0, true, {HTTP},
	{{URL, "https://discord.com/api/webhooks/NUMBER/SECRET"}}},
    [CONF_VIA_PUSHOVER] = {TOKEN | TO, URL, false, {HTTP},
	{{TOKEN, "the 30 letters of your application"},
	    {TO, "the 30 letters of your user key"}}},
    [CONF_VIA_MATRIX] = {URL | TOKEN | TO, 0, false, {HTTP},
	{{URL, "https://matrix.example.org"},
	    {TOKEN, "the access token of the account that writes"},
	    {TO, "!abcdef:example.org (the room's internal id)"}}},
    [CONF_VIA_WEBHOOK] = {URL, LOGIN | TOKEN | BODY | TYPE | HEADER, false, {HTTP},
	{{URL, "https://example.org/hook"}}},
    [CONF_VIA_MAIL] = {URL | FROM | TO, LOGIN, false, {"smtp://", "smtps://"},
	{{URL, "smtps://mail.example.org"}, {FROM, "ups@example.org"},
	    {TO, "me@example.org"}}},
};

/* The words that a section has. */
static unsigned
said(const struct conf_notify *n)
{
	const void *const values[WORDS] = {n->url, n->user, n->password, n->token, n->to,
	    n->from, n->body, n->type, n->nheaders > 0 ? n->headers[0] : NULL};
	unsigned bits = 0;

	for (unsigned i = 0; i < WORDS; i++)
		if (values[i] != NULL)
			bits |= 1U << i;
	return bits;
}

static const char *
example(const struct way *w, unsigned word)
{
	for (size_t i = 0; i < EXAMPLES; i++)
		if (w->examples[i].word == word)
			return w->examples[i].text;
	return "";
}

/* One problem for each word that is missing or too much. True: none is missing. */
static bool
words_check(const struct conf_notify *n, const struct way *w, const char *file,
    struct problems *p)
{
	const unsigned bits = said(n), missing = w->needs & ~bits;
	const unsigned strange = bits & ~(w->needs | w->knows);

	for (unsigned i = 0; i < WORDS; i++) {
		const unsigned word = 1U << i;

		if (missing & word)
			problems_add(p, file, n->line,
			    "[notify %s] tells nothing: via %s needs %s = %s", n->name,
			    conf_vias[n->via], words[i], example(w, word));
		if (strange & word)
			problems_add(p, file, n->line,
			    "[notify %s]: via %s has no use for %s =", n->name,
			    conf_vias[n->via], words[i]);
	}
	return missing == 0;
}

/* One "@", something on both sides, and no letter that a server would take for more. */
static bool
is_address(const char *text, size_t len)
{
	const char *at = memchr(text, '@', len);

	if (at == NULL || at == text || at + 1 == text + len || len > 254 ||
	    memchr(at + 1, '@', (size_t)(text + len - at - 1)) != NULL)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!isgraph((unsigned char)text[i]) ||
		    strchr("<>()[]\\,;:\"", text[i]) != NULL)
			return false;
	return true;
}

/* False with a problem when one of the addresses is none. */
static bool
mail_check(const struct conf_notify *n, const char *file, struct problems *p)
{
	const char *const lists[] = {n->from, n->to};

	for (size_t i = 0; i < 2; i++) {
		const char *text = lists[i];

		for (;;) {
			size_t len = strcspn(text, ",");

			if (!is_address(text, len)) {
				problems_add(p, file, n->line,
				    "[notify %s] tells nothing: %s = takes addresses "
				    "like me@example.org, not \"%.*s\"",
				    n->name, i == 0 ? "from" : "to",
				    (int)(len < 40 ? len : 40), text);
				return false;
			}
			if (text[len] == '\0')
				break;
			text += len + 1;
		}
	}
	return true;
}

/* Its scheme, and whether it says what it must. False with a problem. */
static bool
url_check(
    struct conf_notify *n, const struct way *w, const char *file, struct problems *p)
{
	const char *path;
	size_t len, i = 0;

	while (i < 2 && strncasecmp(n->url, w->schemes[i], strlen(w->schemes[i])) != 0)
		i++;
	if (i == 2) {
		problems_add(p, file, n->url_line,
		    "[notify %s] tells nothing: via %s takes a url of %s or %s, for "
		    "example %s",
		    n->name, conf_vias[n->via], w->schemes[0], w->schemes[1],
		    *example(w, URL) != '\0' ? example(w, URL) : "https://example.org");
		return false;
	}
	path = n->url + strlen(w->schemes[i]);
	path += strcspn(path, "/?");
	if (n->via != CONF_VIA_WEBHOOK)
		for (len = strlen(path); len > 0 && path[len - 1] == '/'; len--)
			n->url[path - n->url + (ptrdiff_t)len - 1] = '\0';
	if (w->path && *path == '\0') {
		problems_add(p, file, n->url_line,
		    "[notify %s] tells nothing: its url ends behind the name of the "
		    "server, for example: url = %s",
		    n->name, example(w, URL));
		return false;
	}
	return true;
}

/* A bot's number, ":", and its secret. */
static bool
is_bot_token(const char *token)
{
	size_t digits = strspn(token, "0123456789");

	return digits > 0 && token[digits] == ':' && token[digits + 1] != '\0' &&
	       strpbrk(token, "/?#%") == NULL;
}

/* What is said, but works less than it seems to. */
static void
login_check(const struct conf_notify *n, const char *file, struct problems *p)
{
	if (n->password != NULL && n->user == NULL)
		problems_add(p, file, n->line,
		    "[notify %s] has a password but no user: none is sent", n->name);
	if (n->user != NULL && n->password == NULL)
		problems_add(p, file, n->line,
		    "[notify %s] has a user but no password: none is sent", n->name);
	if (n->token != NULL && n->user != NULL)
		problems_add(p, file, n->line,
		    "[notify %s] has a token and a user: the token is sent", n->name);
	if (n->type != NULL && n->body == NULL)
		problems_add(p, file, n->line,
		    "[notify %s] has a type and no body: what is sent without a body is "
		    "application/json",
		    n->name);
	if (n->body != NULL && (n->title != NULL || n->text != NULL))
		problems_add(p, file, n->line,
		    "[notify %s] has a body, which is all that is sent: title and text "
		    "say nothing there",
		    n->name);
}

static bool
channel_check(struct conf_notify *n, const char *file, struct problems *p)
{
	const struct way *w = &ways[n->via];
	bool good;

	if (n->via == CONF_VIA_UNSAID) {
		problems_add(p, file, n->line,
		    "[notify %s] does not say how, and tells nothing: write via = ntfy, "
		    "telegram, discord, pushover, matrix, webhook or mail",
		    n->name);
		return false;
	}
	good = words_check(n, w, file, p);
	login_check(n, file, p);
	if (n->url != NULL)
		good &= url_check(n, w, file, p);
	if (good && n->via == CONF_VIA_MAIL)
		good = mail_check(n, file, p);
	if (good && n->via == CONF_VIA_TELEGRAM && !is_bot_token(n->token)) {
		problems_add(p, file, n->line,
		    "[notify %s] tells nothing: its token is none of a bot, which is "
		    "digits, \":\" and letters (without \"bot\" before them)",
		    n->name);
		good = false;
	}
	return good;
}

void
conf_notifies_check(struct holdup_conf *c, const char *file, struct problems *p)
{
	for (size_t i = 0; i < c->nnotifies; i++)
		c->notifies[i].wanted = channel_check(&c->notifies[i], file, p);
}
