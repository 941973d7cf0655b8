/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/buf.h"
#include "lib/conf_upsmon.h"
#include "lib/notify.h"
#include "lib/xmem.h"

#define PORT_DEFAULT "3493"
#define PORT_DIGITS 5
#define MONITOR_ARGS 5 /* system, power value, user, password, type */
#define CERTHOST_ARGS 4

#define SECONDS_MAX (365 * 24 * 3600)

/* Takes UPS[@HOST[:PORT]] apart; an IPv6 address stands in brackets. */
static bool
split_system(struct conf_monitor *m, const char *system)
{
	const char *at = strchr(system, '@'), *host, *end, *port;

	if (at == NULL) {
		m->ups = xstrdup(system);
		m->host = xstrdup("localhost");
		m->port = xstrdup(PORT_DEFAULT);
		return *system != '\0';
	}
	host = at + 1;
	if (*host == '[') {
		end = strchr(++host, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		port = end[1] == ':' ? end + 2 : PORT_DEFAULT;
	} else {
		end = host + strcspn(host, ":");
		port = *end == ':' ? end + 1 : PORT_DEFAULT;
	}
	if (at == system || end == host || *port == '\0' || strlen(port) > PORT_DIGITS ||
	    strspn(port, "0123456789") != strlen(port))
		return false;
	m->ups = xstrndup(system, (size_t)(at - system));
	m->host = xstrndup(host, (size_t)(end - host));
	m->port = xstrdup(port);
	return true;
}

static void
monitor_free(struct conf_monitor *m)
{
	free(m->system);
	free(m->ups);
	free(m->host);
	free(m->port);
	free(m->user);
	free(m->password);
}

/* The last word of MONITOR. */
static bool
take_type(struct conf_monitor *m, const struct conf_line *line, const char *type)
{
	static const char *const types[] = {
	    "primary", "secondary", "master", "slave", NULL};
	const char *near;

	m->primary = strcasecmp(type, "primary") == 0 || strcasecmp(type, "master") == 0;
	if (m->primary || strcasecmp(type, "secondary") == 0 ||
	    strcasecmp(type, "slave") == 0)
		return true;
	near = conf_nearest(type, types);
	conf_fault(line,
	    "MONITOR ends with \"primary\" or \"secondary\", not \"%.40s\"%s%s%s The "
	    "line "
	    "is ignored",
	    type, near != NULL ? ", did you mean \"" : ".", near != NULL ? near : "",
	    near != NULL ? "\"?" : "");
	return false;
}

static void
take_monitor(void *conf, const struct conf_line *line, int at)
{
	struct upsmon_conf *c = conf;
	char *const *args = &line->words->argv[at];
	struct conf_monitor m = {.line = line->line};

	if (line->words->argc - at != MONITOR_ARGS) {
		conf_fault(line,
		    "MONITOR needs 5 words, not %d: UPS@HOST POWER-VALUE USER PASSWORD "
		    "primary|secondary. The line is ignored",
		    line->words->argc - at);
		return;
	}
	if (!conf_number(line, at + 1, 0, INT_MAX, &m.power) ||
	    !take_type(&m, line, args[4]))
		return;
	if (!split_system(&m, args[0])) {
		conf_fault(line,
		    "\"%.60s\" is not UPS@HOST, UPS@HOST:PORT or UPS@[IPV6]:PORT: the "
		    "line "
		    "is ignored",
		    args[0]);
		monitor_free(&m);
		return;
	}
	m.system = xstrdup(args[0]);
	m.user = xstrdup(args[2]);
	m.password = xstrdup(args[3]);
	c->monitors = xreallocarray(c->monitors, c->nmonitors + 1, sizeof(*c->monitors));
	c->monitors[c->nmonitors++] = m;
}

/* The notify type that stands first behind the word; -1 when there is none. */
static int
take_notify_type(const struct conf_line *line, const char *name)
{
	const char *names[NOTIFY_TYPES + 1] = {NULL}, *near;
	int type = notify_type(name);

	if (type >= 0)
		return type;
	for (int i = 0; i < NOTIFY_TYPES; i++)
		names[i] = notify_name((enum notify_type)i);
	near = conf_nearest(name, names);
	conf_fault(line, "%s knows no type \"%.40s\"%s%s%s The line is ignored",
	    line->words->argv[0], name, near != NULL ? ", did you mean \"" : ".",
	    near != NULL ? near : "", near != NULL ? "\"?" : "");
	return -1;
}

static void
take_notifymsg(void *conf, const struct conf_line *line, int at)
{
	struct upsmon_conf *c = conf;
	int type = take_notify_type(line, line->words->argv[at]);

	if (type < 0)
		return;
	free(c->notifymsg[type]);
	c->notifymsg[type] = xstrdup(line->words->argv[at + 1]);
}

/* "SYSLOG+WALL+EXEC", or "IGNORE". */
static void
take_notifyflag(void *conf, const struct conf_line *line, int at)
{
	struct upsmon_conf *c = conf;
	static const struct {
		const char *name;
		unsigned flag;
	} flags[] = {{"SYSLOG", NOTIFY_SYSLOG}, {"WALL", NOTIFY_WALL},
	    {"EXEC", NOTIFY_EXEC}, {"IGNORE", 0}};
	const size_t n = sizeof(flags) / sizeof(flags[0]);
	const char *word = line->words->argv[at + 1];
	int type = take_notify_type(line, line->words->argv[at]);
	unsigned all = 0;

	if (type < 0)
		return;
	while (word != NULL) {
		size_t i = 0, len = strcspn(word, "+");

		while (i < n && (strlen(flags[i].name) != len ||
				    strncasecmp(flags[i].name, word, len) != 0))
			i++;
		if (i == n) {
			conf_fault(line,
			    "NOTIFYFLAG takes SYSLOG, WALL and EXEC joined by \"+\", or "
			    "IGNORE, not \"%.*s\": the line is ignored",
			    (int)(len > 40 ? 40 : len), word);
			return;
		}
		all |= flags[i].flag;
		word = word[len] == '+' ? word + len + 1 : NULL;
	}
	c->notifyflags[type] = all;
}

/* A command for sh(1): one word is a command line; of several each that stood in double
 * quotes stays one word. An `=` parts words in this file, and most often did not mean to.
 * The caller frees. */
static char *
command(const struct conf_line *line, int at)
{
	const struct words *w = line->words;
	struct buf b = {0};
	bool sign = true;
	char *text;

	if (w->argc - at == 1)
		return xstrdup(w->argv[at]);
	for (int i = at; i < w->argc; i++) {
		const char *from = w->argv[i], *quote;
		const bool before = sign;

		sign = !w->quoted[i] && strcmp(from, "=") == 0;
		buf_puts(&b, sign || before ? "" : " ");
		if (sign)
			conf_fault(line,
			    "\"=\" is read without blanks beside it: %s with an \"=\" "
			    "belongs into double quotes as a whole",
			    w->argv[0]);
		if (!w->quoted[i]) {
			buf_puts(&b, from);
			continue;
		}
		buf_puts(&b, "'");
		for (; (quote = strchr(from, '\'')) != NULL; from = quote + 1)
			buf_printf(&b, "%.*s'\\''", (int)(quote - from), from);
		buf_printf(&b, "%s'", from);
	}
	text = xstrdup(buf_str(&b));
	buf_free(&b);
	return text;
}

static void
take_shutdowncmd(void *conf, const struct conf_line *line, int at)
{
	struct upsmon_conf *c = conf;

	free(c->shutdowncmd);
	c->shutdowncmd = command(line, at);
}

static void
take_notifycmd(void *conf, const struct conf_line *line, int at)
{
	struct upsmon_conf *c = conf;

	free(c->notifycmd);
	c->notifycmd = command(line, at);
}

/* yes: at once, no: never, or seconds. */
static void
take_shutdownexit(void *conf, const struct conf_line *line, int at)
{
	static const struct {
		const char *word;
		int seconds;
	} words[] = {
	    {"yes", 0}, {"on", 0}, {"true", 0}, {"no", -1}, {"off", -1}, {"false", -1}};
	struct upsmon_conf *c = conf;
	const char *word = line->words->argv[at];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i].word, word) == 0) {
			c->shutdownexit = words[i].seconds;
			return;
		}
	}
	if (*word != '\0' && word[strspn(word, "+-0123456789")] == '\0')
		conf_number(line, at, -SECONDS_MAX, SECONDS_MAX, &c->shutdownexit);
	else
		conf_fault(line,
		    "SHUTDOWNEXIT takes yes, no or a number of seconds, not \"%.40s\": "
		    "the line is ignored",
		    word);
}

/* HOST NAME VERIFY FORCE */
static void
take_certhost(void *conf, const struct conf_line *line, int at)
{
	struct upsmon_conf *c = conf;
	char *const *args = &line->words->argv[at];
	int verify = 0, force = 0;

	if (line->words->argc - at < CERTHOST_ARGS) {
		conf_fault(line,
		    "CERTHOST needs 4 words: HOST CERTIFICATE-NAME, then 0 or 1 whether "
		    "it "
		    "is verified, and 0 or 1 whether TLS is a must. The line is ignored");
		return;
	}
	if (!conf_number(line, at + 2, 0, 1, &verify) ||
	    !conf_number(line, at + 3, 0, 1, &force))
		return;
	c->certhosts =
	    xreallocarray(c->certhosts, c->ncerthosts + 1, sizeof(*c->certhosts));
	c->certhosts[c->ncerthosts++] = (struct conf_certhost){.host = xstrdup(args[0]),
	    .name = xstrdup(args[1]),
	    .verify = verify == 1,
	    .force = force == 1};
}

/* FILE, or FILE PASSPHRASE */
static void
take_certident(void *conf, const struct conf_line *line, int at)
{
	struct upsmon_conf *c = conf;
	const struct words *w = line->words;

	free(c->certident);
	free(c->certpass);
	c->certident = xstrdup(w->argv[at]);
	c->certpass = w->argc > at + 1 ? xstrdup(w->argv[at + 1]) : NULL;
}

#define TEXT(field) CONF_TEXT(upsmon_conf, field)
#define NUMBER(field, min) CONF_NUMBER(upsmon_conf, field, min, SECONDS_MAX)

/* All words of the file. */
static const struct conf_row rows[] = {
    {"ALARMCRITICAL", 1, 1, CONF_SWITCH(upsmon_conf, alarmcritical)},
    {"CERTHOST", 0, CERTHOST_ARGS, CONF_TAKE(take_certhost)},
    {"CERTIDENT", 1, 2, CONF_TAKE(take_certident)},
    {"CERTPATH", 1, 1, TEXT(certpath)},
    {"CERTVERIFY", 1, 1, CONF_SWITCH(upsmon_conf, certverify)},
    {"DEADTIME", 1, 1, NUMBER(deadtime, 1)},
    {"DEBUG_MIN", 1, 1, CONF_NOTHING},
    {"FINALDELAY", 1, 1, NUMBER(finaldelay, 0)},
    {"FORCESSL", 1, 1, CONF_SWITCH(upsmon_conf, forcessl)},
    {"HOSTSYNC", 1, 1, NUMBER(hostsync, 0)},
    {"MINSUPPLIES", 1, 1, NUMBER(minsupplies, 0)},
    {"MONITOR", 0, WORDS_MAX, CONF_TAKE(take_monitor)},
    {"NOCOMMWARNTIME", 1, 1, NUMBER(nocommwarntime, 1)},
    {"NOTIFYCMD", 1, WORDS_MAX, CONF_TAKE(take_notifycmd)},
    {"NOTIFYFLAG", 2, 2, CONF_TAKE(take_notifyflag)},
    {"NOTIFYMSG", 2, 2, CONF_TAKE(take_notifymsg)},
    {"OBLBDURATION", 1, 1, NUMBER(oblbduration, -SECONDS_MAX)},
    {"OFFDURATION", 1, 1, NUMBER(offduration, -SECONDS_MAX)},
    {"OVERDURATION", 1, 1, NUMBER(overduration, -SECONDS_MAX)},
    {"POLLFAIL_LOG_THROTTLE_MAX", 1, 1, NUMBER(pollfail_log_throttle_max, -SECONDS_MAX)},
    {"POLLFREQ", 1, 1, NUMBER(pollfreq, 1)},
    {"POLLFREQALERT", 1, 1, NUMBER(pollfreqalert, 1)},
    {"POWERDOWNFLAG", 1, 1, TEXT(powerdownflag)},
    {"RBWARNTIME", 1, 1, NUMBER(rbwarntime, 1)},
    {"RUN_AS_USER", 1, 1, TEXT(run_as_user)},
    {"SHUTDOWNCMD", 1, WORDS_MAX, CONF_TAKE(take_shutdowncmd)},
    {"SHUTDOWNEXIT", 1, 1, CONF_TAKE(take_shutdownexit)},
    {.name = NULL},
};

static void
take_line(void *conf, const struct conf_line *line)
{
	conf_by_table(rows, conf, line);
}

/* Without authorities there is nobody who could vouch for a server. */
static void
check_verify(const struct upsmon_conf *c, const char *file, struct problems *p)
{
	bool verify = c->certverify;

	for (size_t i = 0; i < c->ncerthosts; i++)
		verify |= c->certhosts[i].verify;
	if (verify && c->certpath == NULL)
		problems_add(p, file, 0,
		    "a server is to be verified (CERTVERIFY or CERTHOST), which needs "
		    "CERTPATH, a file or folder of authorities in PEM: without it no "
		    "such "
		    "server is connected to");
}

void
upsmon_conf_read(struct upsmon_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	*c = (struct upsmon_conf){
	    .minsupplies = 1,
	    .pollfreq = 5,
	    .pollfreqalert = 5,
	    .deadtime = 15,
	    .hostsync = 15,
	    .finaldelay = 5,
	    .rbwarntime = 43200,
	    .nocommwarntime = 300,
	    .offduration = 30,
	    .overduration = -1,
	    .alarmcritical = true,
	    .pollfail_log_throttle_max = -1,
	};
	for (int i = 0; i < NOTIFY_TYPES; i++)
		c->notifyflags[i] = NOTIFY_SYSLOG | NOTIFY_WALL;
	conf_walk(file, text, len, p, take_line, c);
	if (c->oblbduration < 0)
		c->oblbduration = 0;
	check_verify(c, file, p);
}

void
upsmon_conf_free(struct upsmon_conf *c)
{
	for (size_t i = 0; i < c->nmonitors; i++)
		monitor_free(&c->monitors[i]);
	free(c->monitors);
	for (int i = 0; i < NOTIFY_TYPES; i++)
		free(c->notifymsg[i]);
	free(c->shutdowncmd);
	free(c->notifycmd);
	free(c->powerdownflag);
	free(c->run_as_user);
	free(c->certpath);
	free(c->certident);
	free(c->certpass);
	for (size_t i = 0; i < c->ncerthosts; i++) {
		free(c->certhosts[i].host);
		free(c->certhosts[i].name);
	}
	free(c->certhosts);
	*c = (struct upsmon_conf){0};
}
