/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"
#include "lib/xmem.h"

#define NAME_MAX_BYTES 32 /* of a channel */
#define WAIT_MAX 3600     /* seconds */
#define FOLD_MAX 86400    /* seconds */
#define FOLD 600          /* seconds, where nothing is said */
#define DAY_MINUTES (24 * 60)

const char *const conf_vias[CONF_VIAS + 1] = {
    [CONF_VIA_UNSAID] = "",
    [CONF_VIA_NTFY] = "ntfy",
    [CONF_VIA_TELEGRAM] = "telegram",
    [CONF_VIA_DISCORD] = "discord",
    [CONF_VIA_PUSHOVER] = "pushover",
    [CONF_VIA_MATRIX] = "matrix",
    [CONF_VIA_WEBHOOK] = "webhook",
    [CONF_VIA_MAIL] = "mail",
};

static void
take_via(void *conf, const struct conf_line *line, int at)
{
	struct conf_notify *n = conf;
	const char *word = line->words->argv[at];

	for (int i = CONF_VIA_UNSAID + 1; i < CONF_VIAS; i++)
		if (strcasecmp(conf_vias[i], word) == 0) {
			n->via = (enum conf_via)i;
			return;
		}
	conf_fault(line,
	    "via takes ntfy, telegram, discord, pushover, matrix, webhook or mail, not "
	    "\"%.40s\": the line is ignored%s",
	    word,
	    strcasecmp(word, "email") == 0 || strcasecmp(word, "smtp") == 0
		? "; meant is perhaps mail"
		: "");
}

/* Which of these it must be is known when `via` is (lib/conf_way.c). */
static void
take_url(void *conf, const struct conf_line *line, int at)
{
	static const char *const schemes[] = {"https", "http", "smtps", "smtp", NULL};
	struct conf_notify *n = conf;
	struct conf_url url;
	char *text = conf_joined(line, at);

	if (text == NULL || !conf_url_read(&url, line, text, schemes,
				"https://ntfy.sh/my-secret-topic")) {
		conf_secret_free(text);
		return;
	}
	conf_secret_set(&n->url, text);
	n->url_line = line->line;
}

static void
take_password(void *conf, const struct conf_line *line, int at)
{
	conf_secret_take(&((struct conf_notify *)conf)->password, line, at);
}

/* It becomes part of a header or of a path. */
static void
take_token(void *conf, const struct conf_line *line, int at)
{
	char *text = conf_joined(line, at), *s = text;

	if (text == NULL)
		return;
	while (isgraph((unsigned char)*s))
		s++;
	if (*s == '\0') {
		conf_secret_set(&((struct conf_notify *)conf)->token, text);
		return;
	}
	conf_fault(line, "token holds a blank or a letter that is not ASCII: the line is "
			 "ignored");
	conf_secret_free(text);
}

/* Words become one text, with "," between them. */
static void
join(void *arg, const struct conf_line *line, const char *word)
{
	char **text = arg, *longer;

	longer = xasprintf(
	    "%s%s%s", *text != NULL ? *text : "", *text != NULL ? "," : "", word);
	free(*text);
	*text = longer;
}

static void
take_to(void *conf, const struct conf_line *line, int at)
{
	conf_list_each(line, at, join, &((struct conf_notify *)conf)->to);
}

static void
take_ca(void *conf, const struct conf_line *line, int at)
{
	conf_path_take(&((struct conf_notify *)conf)->ca, line, at, "/etc/ssl/house.pem");
}

static void
take_template(char **field, const struct conf_line *line, int at)
{
	if (conf_template_ok(line, line->words->argv[at]))
		conf_secret_set(field, xstrdup(line->words->argv[at]));
}

static void
take_title(void *conf, const struct conf_line *line, int at)
{
	take_template(&((struct conf_notify *)conf)->title, line, at);
}

static void
take_text(void *conf, const struct conf_line *line, int at)
{
	take_template(&((struct conf_notify *)conf)->text, line, at);
}

/* A webhook may want its secret in there. */
static void
take_body(void *conf, const struct conf_line *line, int at)
{
	take_template(&((struct conf_notify *)conf)->body, line, at);
}

static void
take_type(void *conf, const struct conf_line *line, int at)
{
	struct conf_notify *n = conf;
	const char *text = line->words->argv[at], *slash = strchr(text, '/');

	if (slash == NULL || slash == text || !isalpha((unsigned char)slash[1])) {
		conf_fault(line,
		    "type takes the Content-Type of the body like application/json or "
		    "\"text/plain; charset=utf-8\", not \"%.40s\": the line is ignored",
		    text);
		return;
	}
	free(n->type);
	n->type = xstrdup(text);
}

/* The name of a header before ":", of letters that one may have (RFC 9110, 5.6.2). */
static size_t
header_name(const char *text)
{
	size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789!#$%&'*+-.^_`|~");

	return text[len] == ':' ? len : 0;
}

static void
take_header(void *conf, const struct conf_line *line, int at)
{
	static const char *const ours[] = {"Content-Type", "Content-Length", "Host",
	    "Transfer-Encoding", "Connection", NULL};
	struct conf_notify *n = conf;
	const char *text = line->words->argv[at];
	size_t len = header_name(text), i = 0;

	if (len == 0 || line->words->argc > at + 1) {
		conf_fault(line, "header takes one whole header in quotes, for example "
				 "\"X-Key: value\": the line is ignored");
		return;
	}
	while (ours[i] != NULL &&
	       (strlen(ours[i]) != len || strncasecmp(ours[i], text, len) != 0))
		i++;
	if (ours[i] != NULL) {
		conf_fault(line,
		    "header: %s is not to be set here%s: the line is ignored", ours[i],
		    i == 0 ? ", but by type =" : "");
		return;
	}
	if (n->nheaders == CONF_HEADERS_MAX) {
		conf_fault(
		    line, "more than %d headers: this one is left out", CONF_HEADERS_MAX);
		return;
	}
	n->headers[n->nheaders++] = xstrdup(text);
}

static void
take_ups(void *conf, const struct conf_line *line, int at)
{
	conf_ups_take(&((struct conf_notify *)conf)->ups, line, at);
}

static void
take_events(void *conf, const struct conf_line *line, int at)
{
	conf_events_take(&((struct conf_notify *)conf)->events, line, at);
}

/* Reads "7:00", "07:00" or "7" up to `end`; -1: it is no time of the day. */
static int
minute_read(const char *text, const char *end)
{
	int hour = 0, minute = 0;
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 2)
		return -1;
	hour = atoi(text);
	text += n;
	if (*text == ':') {
		if (strspn(text + 1, "0123456789") != 2)
			return -1;
		minute = atoi(text + 1);
		text += 3;
	}
	if (text != end || minute > 59 || hour > 24 || (hour == 24 && minute > 0))
		return -1;
	return (hour * 60 + minute) % DAY_MINUTES;
}

/* `quiet = 23:00-07:00` */
static void
take_quiet(void *conf, const struct conf_line *line, int at)
{
	struct conf_notify *n = conf;
	const char *text = line->words->argv[at], *dash = strchr(text, '-');
	int from = dash != NULL ? minute_read(text, dash) : -1;
	int to = dash != NULL ? minute_read(dash + 1, text + strlen(text)) : -1;

	if (from < 0 || to < 0 || from == to || line->words->argc > at + 1) {
		conf_fault(line,
		    "quiet takes two times of the day without blanks, for example "
		    "23:00-07:00, not \"%.40s\": the line is ignored",
		    text);
		return;
	}
	n->quiet_from = from;
	n->quiet_to = to;
}

static const struct conf_row settings[] = {
    {"via", 1, 1, CONF_TAKE(take_via)},
    {"url", 1, WORDS_MAX, CONF_TAKE(take_url)},
    {"user", 1, 1, CONF_TEXT(conf_notify, user)},
    {"password", 1, WORDS_MAX, CONF_TAKE(take_password)},
    {"token", 1, WORDS_MAX, CONF_TAKE(take_token)},
    {"to", 1, WORDS_MAX, CONF_TAKE(take_to)},
    {"from", 1, 1, CONF_TEXT(conf_notify, from)},
    {"ca", 1, 1, CONF_TAKE(take_ca)},
    {"title", 1, 1, CONF_TAKE(take_title)},
    {"text", 1, 1, CONF_TAKE(take_text)},
    {"body", 1, 1, CONF_TAKE(take_body)},
    {"type", 1, 1, CONF_TAKE(take_type)},
    {"header", 1, WORDS_MAX, CONF_TAKE(take_header)},
    {"ups", 1, 1, CONF_TAKE(take_ups)},
    {"events", 1, WORDS_MAX, CONF_TAKE(take_events)},
    {"quiet", 1, WORDS_MAX, CONF_TAKE(take_quiet)},
    {"wait", 1, 1, CONF_NUMBER(conf_notify, wait, 0, WAIT_MAX)},
    {"fold", 1, 1, CONF_NUMBER(conf_notify, fold, 0, FOLD_MAX)},
    {"summary", 1, 1, CONF_SWITCH(conf_notify, summary)},
    {NULL, 0, 0, CONF_NOTHING},
};

/* It becomes part of a process's arguments, of keys, and of log lines. */
static bool
name_ok(const char *name)
{
	size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				  "0123456789-_");

	return len > 0 && len <= NAME_MAX_BYTES && name[len] == '\0';
}

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	struct conf_notify *n;

	if (!name_ok(head->name)) {
		conf_fault(head,
		    "[notify %.40s]: its name takes at most %d letters, digits, - and _, "
		    "as in [notify phone]: its lines are ignored",
		    head->name, NAME_MAX_BYTES);
		return NULL;
	}
	for (size_t i = 0; i < c->nnotifies; i++)
		if (strcmp(c->notifies[i].name, head->name) == 0) {
			conf_fault(head,
			    "a second section [notify %.40s]: its lines are added to "
			    "that of line %d; a second channel needs a name of its own",
			    head->name, c->notifies[i].line);
			return &c->notifies[i];
		}
	if (c->nnotifies == CONF_NOTIFIES_MAX) {
		conf_fault(head, "more than %d channels: [notify %.40s] is ignored",
		    CONF_NOTIFIES_MAX, head->name);
		return NULL;
	}
	c->notifies = xreallocarray(c->notifies, c->nnotifies + 1, sizeof(*c->notifies));
	n = &c->notifies[c->nnotifies++];
	*n = (struct conf_notify){.name = xstrdup(head->name),
	    .line = head->line,
	    .events = conf_events_notify,
	    .fold = FOLD,
	    .summary = true};
	return n;
}

static void
release(struct holdup_conf *c)
{
	for (size_t i = 0; i < c->nnotifies; i++) {
		struct conf_notify *n = &c->notifies[i];

		free(n->name);
		conf_secret_free(n->url);
		free(n->user);
		conf_secret_free(n->password);
		conf_secret_free(n->token);
		conf_secret_free(n->to);
		free(n->from);
		free(n->ca);
		conf_secret_free(n->title);
		conf_secret_free(n->text);
		conf_secret_free(n->body);
		free(n->type);
		for (size_t k = 0; k < n->nheaders; k++)
			conf_secret_free(n->headers[k]);
		free(n->ups);
	}
	free(c->notifies);
}

const struct conf_kind conf_kind_notify = {
    .word = "notify",
    .named = true,
    .begin = begin,
    .settings = settings,
    .check = conf_notifies_check,
    .free = release,
};
