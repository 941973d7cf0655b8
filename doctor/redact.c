/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "doctor/redact.h"
#include "lib/xmem.h"

#define HIDDEN "\xe2\x80\xa6"
#define SECRET_MIN 4  /* bytes: a shorter value is found in too much that is none */
#define LOGIN_WORDS 5 /* UPS, power value, user, password, part */
#define PIECE_MIN 6   /* of what stands between the slashes of a secret URL */

struct list {
	char **words;
	size_t count;
};

struct redact {
	struct list secrets, kept;
};

/* What becomes of the words behind one that is known. */
enum way {
	SECRET,  /* none of them */
	SHOWN,   /* all of them are told again */
	PROGRAM, /* the first word of a command line */
	LOGIN,   /* of MONITOR: all but the password */
	FIRST,   /* the first one */
	PLACE,   /* a URL without user, path and query; another word as it is */
};

/* The words of a file that are known; the last row of a file is NULL. */
struct known {
	const char *word;
	enum way way;
};

static const struct known of_nut[] = {{"MODE", SHOWN}, {"POWEROFF_WAIT", SHOWN},
    {"ALLOW_NO_DEVICE", SHOWN}, {"ALLOW_NOT_ALL_LISTENERS", SHOWN},
    {"UPSD_OPTIONS", SHOWN}, {"UPSMON_OPTIONS", SHOWN}, {NULL, SECRET}};

static const struct known of_ups[] = {{"desc", SECRET}, {"serial", SECRET},
    {"password", SECRET}, {"community", SECRET}, {"driver", SHOWN}, {"port", PLACE},
    {"vendorid", SHOWN}, {"productid", SHOWN}, {"vendor", SHOWN}, {"product", SHOWN},
    {"bus", SHOWN}, {"busport", SHOWN}, {"device", SHOWN}, {"subdriver", SHOWN},
    {"protocol", SHOWN}, {"pollfreq", SHOWN}, {"pollonly", SHOWN},
    {"pollinterval", SHOWN}, {"pollfreqalert", SHOWN}, {"interruptonly", SHOWN},
    {"maxretry", SHOWN}, {"retrydelay", SHOWN}, {"maxstartdelay", SHOWN},
    {"driverpath", SHOWN}, {"statepath", SHOWN}, {"synchronous", SHOWN},
    {"nolock", SHOWN}, {"sdorder", SHOWN}, {"ignorelb", SHOWN}, {"lowbatt", SHOWN},
    {"offdelay", SHOWN}, {"ondelay", SHOWN}, {"onlinedischarge", SHOWN}, {"user", SHOWN},
    {"group", SHOWN}, {"debug_min", SHOWN}, {"login", SHOWN}, {"tls", SHOWN},
    {"mode", SHOWN}, {"upstype", SHOWN}, {"cable", SHOWN}, {"explore", SHOWN},
    {"waitbeforereconnect", SHOWN}, {"mibs", SHOWN}, {"snmp_version", SHOWN},
    {NULL, SECRET}};

static const struct known of_upsd[] = {{"LISTEN", SHOWN}, {"MAXAGE", SHOWN},
    {"MAXCONN", SHOWN}, {"TRACKINGDELAY", SHOWN}, {"DEBUG_MIN", SHOWN},
    {"STATEPATH", SHOWN}, {"ALLOW_NO_DEVICE", SHOWN}, {"ALLOW_NOT_ALL_LISTENERS", SHOWN},
    {"CERTFILE", SHOWN}, {"CERTPATH", SHOWN}, {"CERTIDENT", FIRST},
    {"CERTREQUEST", SHOWN}, {"DISABLE_WEAK_SSL", SHOWN}, {"ACL", SHOWN},
    {"ACCEPT", SHOWN}, {"REJECT", SHOWN}, {NULL, SECRET}};

static const struct known of_users[] = {{"password", SECRET}, {"actions", SHOWN},
    {"instcmds", SHOWN}, {"upsmon", SHOWN}, {"allowfrom", SHOWN}, {NULL, SECRET}};

static const struct known of_upsmon[] = {{"NOTIFYMSG", SECRET}, {"MONITOR", LOGIN},
    {"MINSUPPLIES", SHOWN}, {"SHUTDOWNCMD", PROGRAM}, {"NOTIFYCMD", PROGRAM},
    {"POWERDOWNFLAG", SHOWN}, {"POLLFREQ", SHOWN}, {"POLLFREQALERT", SHOWN},
    {"HOSTSYNC", SHOWN}, {"DEADTIME", SHOWN}, {"FINALDELAY", SHOWN},
    {"RBWARNTIME", SHOWN}, {"NOCOMMWARNTIME", SHOWN}, {"OBLBDURATION", SHOWN},
    {"OFFDURATION", SHOWN}, {"OVERDURATION", SHOWN}, {"ALARMCRITICAL", SHOWN},
    {"SHUTDOWNEXIT", SHOWN}, {"RUN_AS_USER", SHOWN}, {"NOTIFYFLAG", SHOWN},
    {"CERTPATH", SHOWN}, {"CERTIDENT", FIRST}, {"CERTHOST", SHOWN}, {"CERTVERIFY", SHOWN},
    {"FORCESSL", SHOWN}, {"POLLFAIL_LOG_THROTTLE_MAX", SHOWN}, {"DEBUG_MIN", SHOWN},
    {NULL, SECRET}};

static const struct known of_upssched[] = {{"CMDSCRIPT", PROGRAM}, {"PIPEFN", SHOWN},
    {"LOCKFN", SHOWN}, {"AT", SHOWN}, {NULL, SECRET}};

static const struct known of_holdup[] = {{"password", SECRET}, {"token", SECRET},
    {"user", SECRET}, {"to", SECRET}, {"from", SECRET}, {"header", SECRET},
    {"title", SECRET}, {"text", SECRET}, {"body", SECRET}, {"key", SECRET},
    {"mac", SECRET}, {"prefix", SECRET}, {"site", SECRET}, {"login", SHOWN},
    {"address", SHOWN}, {"feeds", SHOWN}, {"needs", SHOWN}, {"after", SHOWN},
    {"charge", SHOWN}, {"runtime", SHOWN}, {"voltage", SHOWN}, {"takes", SHOWN},
    {"boots", SHOWN}, {"hook", PROGRAM}, {"wake-hook", PROGRAM}, {"off", SHOWN},
    {"restart", SHOWN}, {"calm", SHOWN}, {"read", SHOWN}, {"listen", SHOWN},
    {"certificate", SHOWN}, {"base", SHOWN}, {"keep", SHOWN}, {"quick", SHOWN},
    {"deep", SHOWN}, {"hours", SHOWN}, {"profile", SHOWN}, {"account", SHOWN},
    {"alias", SHOWN}, {"honest", SHOWN}, {"via", SHOWN}, {"events", SHOWN},
    {"ups", SHOWN}, {"quiet", SHOWN}, {"wait", SHOWN}, {"fold", SHOWN},
    {"summary", SHOWN}, {"url", PLACE}, {"discovery", SHOWN}, {"form", SHOWN},
    {"ca", SHOWN}, {"price", SHOWN}, {"currency", SHOWN}, {"proxies", SHOWN},
    {"idx", SHOWN}, {"load", SHOWN}, {"temperature", SHOWN}, {"allow", SHOWN},
    {NULL, SECRET}};

static const struct known *const files[CHECK_FILES] = {
    [CHECK_NUT] = of_nut,
    [CHECK_UPS] = of_ups,
    [CHECK_UPSD] = of_upsd,
    [CHECK_USERS] = of_users,
    [CHECK_UPSMON] = of_upsmon,
    [CHECK_UPSSCHED] = of_upssched,
    [CHECK_HOLDUP] = of_holdup,
};

struct redact *
redact_new(void)
{
	return xcalloc(1, sizeof(struct redact));
}

static void
list_free(struct list *l)
{
	for (size_t i = 0; i < l->count; i++) {
		explicit_bzero(l->words[i], strlen(l->words[i]));
		free(l->words[i]);
	}
	free(l->words);
}

void
redact_free(struct redact *r)
{
	list_free(&r->secrets);
	list_free(&r->kept);
	free(r);
}

static bool
has(const struct list *l, const char *word)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->words[i], word) == 0)
			return true;
	return false;
}

static void
add(struct list *l, const char *word, size_t len)
{
	char *copy = xstrndup(word, len);

	if (has(l, copy)) {
		free(copy);
		return;
	}
	l->words = xreallocarray(l->words, l->count + 1, sizeof(*l->words));
	l->words[l->count++] = copy;
}

/* A value that is left out, and the pieces of one that is a URL or has blanks. */
static void
hide(struct redact *r, const char *word)
{
	size_t len = strlen(word);

	if (len >= SECRET_MIN)
		add(&r->secrets, word, len);
	for (const char *at = word; *at != '\0'; at += len, at += *at != '\0') {
		len = strcspn(at, "/:@?&= ,");
		if (len >= PIECE_MIN && at[len] != ':' && strchr(at, '.') == NULL)
			add(&r->secrets, at, len);
	}
}

/* A word that is told again; it is no secret, wherever it stands. */
static void
show(struct redact *r, struct buf *out, const char *word)
{
	add(&r->kept, word, strlen(word));
	buf_puts(out, " ");
	if (strpbrk(word, " \t\"\\#=") != NULL || *word == '\0')
		buf_quoted(out, word);
	else
		buf_puts(out, word);
}

static void
conceal(struct redact *r, struct buf *out, const char *word)
{
	hide(r, word);
	buf_puts(out, " " HIDDEN);
}

/* The first word of a command line; what is behind it may be anything. */
static void
show_program(struct redact *r, struct buf *out, const char *line)
{
	const size_t len = strcspn(line, " \t");
	char *program = xstrndup(line, len);

	show(r, out, program);
	if (line[len] != '\0')
		conceal(r, out, line + len + 1);
	free(program);
}

/* scheme://host:port of a URL; user, path and query are left out. */
static void
show_place(struct redact *r, struct buf *out, const char *word)
{
	const char *host = strstr(word, "://"), *end, *at, *rest;

	if (host == NULL) {
		show(r, out, word);
		return;
	}
	host += 3;
	end = host + strcspn(host, "/?#");
	for (at = host, rest = host; at < end; at++)
		if (*at == '@')
			rest = at + 1;
	buf_puts(out, " ");
	buf_add(out, word, (size_t)(host - word));
	buf_printf(out, "%s%.*s", rest > host ? HIDDEN "@" : "", (int)(end - rest), rest);
	if (end[0] == '/' && end[1] != '\0')
		buf_puts(out, "/" HIDDEN);
	if (rest > host || (end[0] != '\0' && end[1] != '\0'))
		hide(r, word);
	if (rest > host) {
		char *user = xstrndup(host, (size_t)(rest - 1 - host));
		char *left = user, *part;

		while ((part = strsep(&left, ":")) != NULL)
			if (strlen(part) >= SECRET_MIN)
				add(&r->secrets, part, strlen(part));
		free(user);
	}
}

static void
value(struct redact *r, struct buf *out, enum way way, int n, const char *word)
{
	if (way == SHOWN || (way == FIRST && n == 0) || (way == LOGIN && n != 3))
		show(r, out, word);
	else if (way == PROGRAM && n == 0)
		show_program(r, out, word);
	else if (way == PLACE && n == 0)
		show_place(r, out, word);
	else
		conceal(r, out, word);
}

struct writing {
	struct redact *r;
	struct buf *out;
	const struct known *known;
	int line; /* that is written */
};

/* The row of a word, or NULL. */
static const struct known *
find(const struct known *known, const char *word)
{
	/* Of ups.conf: variables by NUT's own names. */
	static const struct known variable = {"", SHOWN};

	if (known == of_ups && (strncasecmp(word, "override.", 9) == 0 ||
				   strncasecmp(word, "default.", 8) == 0))
		return &variable;
	while (known->word != NULL && strcasecmp(known->word, word) != 0)
		known++;
	return known->word == NULL ? NULL : known;
}

static void
take_line(void *arg, const struct conf_line *line)
{
	struct writing *w = arg;
	const struct words *words = line->words;
	const struct known *known;
	enum way way;
	int n = 0;

	for (; w->line < line->line; w->line++)
		buf_puts(w->out, "\n");
	if (words == NULL) {
		buf_printf(w->out, "[%s%s%s]", line->section,
		    line->name != NULL ? " " : "", line->name != NULL ? line->name : "");
		add(&w->r->kept, line->name != NULL ? line->name : line->section,
		    strlen(line->name != NULL ? line->name : line->section));
		return;
	}
	known = find(w->known, words->argv[0]);
	way = known == NULL ? SECRET : known->way;
	/* Where a word of MONITOR is missing, any of the others may be the password. */
	if (way == LOGIN && words->argc != 1 + LOGIN_WORDS)
		way = FIRST;
	if (known != NULL)
		buf_puts(w->out, words->argv[0]);
	else
		conceal(w->r, w->out, words->argv[0]);
	for (int i = 1; i < words->argc; i++) {
		if (strcmp(words->argv[i], "=") == 0 && !words->quoted[i] && n == 0)
			buf_puts(w->out, " =");
		else if (known != NULL)
			value(w->r, w->out, way, n++, words->argv[i]);
		else
			conceal(w->r, w->out, words->argv[i]);
	}
}

void
redact_file(
    struct redact *r, enum check_name name, const char *text, size_t len, struct buf *out)
{
	struct writing w = {r, out, files[name], 1};
	struct problems problems = {0};

	if (name == CHECK_HOLDUP)
		conf_walk_named(check_names[name], text, len, &problems, take_line, &w);
	else
		conf_walk(check_names[name], text, len, &problems, take_line, &w);
	buf_puts(out, "\n");
	problems_free(&problems);
}

static bool
is_inside(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The length of the longest secret that stands at `at`, or 0. */
static size_t
secret_at(const struct redact *r, const char *text, const char *at)
{
	size_t longest = 0;

	for (size_t i = 0; i < r->secrets.count; i++) {
		const char *secret = r->secrets.words[i];
		const size_t len = strlen(secret);

		if (len <= longest || strncmp(at, secret, len) != 0 ||
		    has(&r->kept, secret))
			continue;
		/* A short one is found only as a word of its own. */
		if (len < 2 * PIECE_MIN &&
		    ((at > text && is_inside(at[-1]) && is_inside(at[0])) ||
			(is_inside(at[len - 1]) && is_inside(at[len]))))
			continue;
		longest = len;
	}
	return longest;
}

/* The length of an address of mail at `at`; 0: there is none. That of a UPS is none. */
static size_t
mail_at(const struct redact *r, const char *at)
{
	const size_t user = strspn(
	    at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-");
	const char *host = at + user + 1, *dot = NULL;
	size_t len;
	char *whole;
	bool kept;

	if (user == 0 || at[user] != '@')
		return 0;
	len = strspn(
	    host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");
	while (len > 0 && (host[len - 1] == '.' || host[len - 1] == '-'))
		len--;
	for (size_t i = 0; i < len; i++)
		if (host[i] == '.')
			dot = host + i;
	if (dot == NULL || !isalpha((unsigned char)dot[1]))
		return 0;
	whole = xstrndup(at, user + 1 + len);
	kept = has(&r->kept, whole);
	free(whole);
	return kept ? 0 : user + 1 + len;
}

/* Copies a URL's scheme://host:port; returns how much of the text it was. */
static size_t
copy_url(const char *at, struct buf *out)
{
	const size_t len = strcspn(at, " \t\n\"'<>");
	const char *host = at + 3, *end = host, *rest = host;

	while (end < at + len && *end != '/' && *end != '?')
		end++;
	for (const char *c = host; c < end; c++)
		if (*c == '@')
			rest = c + 1;
	buf_printf(
	    out, "://%s%.*s", rest > host ? HIDDEN "@" : "", (int)(end - rest), rest);
	if (end + 1 < at + len)
		buf_puts(out, "/" HIDDEN);
	else if (end < at + len)
		buf_add(out, end, 1);
	return len;
}

void
redact_text(const struct redact *r, const char *text, struct buf *out)
{
	bool begins = true; /* a word does, so that an address of mail may */
	size_t len;

	for (const char *at = text; *at != '\0'; at += len) {
		if ((len = secret_at(r, text, at)) > 0 ||
		    (begins && (len = mail_at(r, at)) > 0))
			buf_puts(out, HIDDEN);
		else if (strncmp(at, "://", 3) == 0)
			len = copy_url(at, out);
		else {
			len = 1;
			buf_add(out, at, 1);
		}
		begins = !is_inside(at[len - 1]) && strchr(".%+-", at[len - 1]) == NULL;
	}
}
