/* SPDX-License-Identifier: ISC */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/monitors.h"
#include "lib/xmem.h"

#define FAR_DRIVER "remote"
#define FAR_NAME_MAX 64   /* it becomes part of the path of a socket */
#define FAR_POLL_MAX 3600 /* seconds; as far as remote/section.c takes them */

/* What the name of a far section is made of, until one is free. */
enum { NAME_UPS, NAME_HOST, NAME_PORT };

bool
monitors_host_is_local(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (strcasecmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
}

/* The value of `port` in the section of a far UPS; the caller frees. */
static char *
far_port(const struct conf_monitor *m)
{
	bool six = strchr(m->host, ':') != NULL;

	return xasprintf(
	    "%s@%s%s%s:%s", m->ups, six ? "[" : "", m->host, six ? "]" : "", m->port);
}

/* A section that monitors_sections() has made, or that says the same. */
static bool
is_far(const struct conf_ups *u)
{
	const char *driver = conf_ups_get(u, "driver");

	return driver != NULL && strcmp(driver, FAR_DRIVER) == 0 &&
	       conf_ups_get(u, "login") != NULL;
}

/* The section of this machine that a MONITOR line names, or NULL. */
static const struct conf_ups *
near_section(const struct conf_monitor *m, const struct ups_conf *u)
{
	const struct conf_ups *section = NULL;

	if (monitors_host_is_local(m->host))
		section = ups_conf_find(u, m->ups);
	return section != NULL && is_far(section) ? NULL : section;
}

static bool
same_system(const struct conf_monitor *a, const struct conf_monitor *b)
{
	return strcmp(a->ups, b->ups) == 0 && strcmp(a->host, b->host) == 0 &&
	       strcmp(a->port, b->port) == 0;
}

/* True when an earlier line has made the section of monitor `i`. */
static bool
is_repeated(const struct upsmon_conf *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (same_system(&m->monitors[k], &m->monitors[i]))
			return true;
	return false;
}

/* The UPS's name, then with its host, with its port, with a number. */
static char *
far_candidate(const struct conf_monitor *m, int attempt)
{
	char *name;

	if (attempt == NAME_UPS)
		name = xstrdup(m->ups);
	else if (attempt == NAME_HOST)
		name = xasprintf("%s-%s", m->ups, m->host);
	else if (attempt == NAME_PORT)
		name = xasprintf("%s-%s-%s", m->ups, m->host, m->port);
	else
		name = xasprintf("%d-%s", attempt, m->ups);
	if (strlen(name) > FAR_NAME_MAX)
		name[FAR_NAME_MAX] = '\0';
	for (char *at = name; *at != '\0'; at++)
		if (!isalnum((unsigned char)*at) && strchr("-_.", *at) == NULL)
			*at = '-';
	return name;
}

static bool
is_taken(const char *name, const struct ups_conf *u, char **made, size_t nmade)
{
	for (size_t i = 0; i < nmade; i++)
		if (strcmp(made[i], name) == 0)
			return true;
	return ups_conf_find(u, name) != NULL;
}

/* The first name that is free; the caller frees. */
static char *
far_name(
    const struct conf_monitor *m, const struct ups_conf *u, char **made, size_t nmade)
{
	char *name;

	for (int attempt = NAME_UPS;; attempt++) {
		name = far_candidate(m, attempt);
		if (!is_taken(name, u, made, nmade))
			return name;
		free(name);
	}
}

/* As far as remote/section.h takes it. */
static int
poll_seconds(int seconds)
{
	return seconds < FAR_POLL_MAX ? seconds : FAR_POLL_MAX;
}

/* What CERTHOST, or else the whole file, wants of that server: a word of
 * remote/section.h, or NULL; `name` is that of its certificate, or NULL. */
static const char *
far_tls(const struct upsmon_conf *c, const char *host, const char **name)
{
	bool verify = c->certverify, force = c->forcessl;

	*name = NULL;
	for (size_t i = 0; i < c->ncerthosts; i++) {
		const struct conf_certhost *h = &c->certhosts[i];

		if (strcasecmp(h->host, host) != 0)
			continue;
		verify = h->verify;
		force = h->force;
		*name = *h->name == '\0' ? NULL : h->name;
	}
	if (verify)
		return "verify";
	if (force)
		return "force";
	return c->certpath != NULL ? "try" : NULL;
}

static void
far_write_tls(struct buf *text, const struct upsmon_conf *c, const struct conf_monitor *m)
{
	const char *name, *tls = far_tls(c, m->host, &name);

	if (tls == NULL)
		return;
	buf_printf(text, "\ttls = %s\n", tls);
	if (name != NULL) {
		buf_puts(text, "\ttlsname = ");
		buf_quoted(text, name);
		buf_puts(text, "\n");
	}
	if (c->certpass != NULL) {
		buf_puts(text, "\ttlspassphrase = ");
		buf_quoted(text, c->certpass);
		buf_puts(text, "\n");
	}
}

static void
far_write(struct buf *text, const struct upsmon_conf *c, const struct conf_monitor *m,
    const char *name)
{
	char *port = far_port(m);

	buf_printf(text, "\n[%s]\n\tdriver = " FAR_DRIVER "\n\tport = ", name);
	buf_quoted(text, port);
	buf_puts(text, "\n\tuser = ");
	buf_quoted(text, m->user);
	buf_puts(text, "\n\tpassword = ");
	buf_quoted(text, m->password);
	buf_printf(text, "\n\tlogin = %s\n\tpollfreq = %d\n\tpollfreqalert = %d\n",
	    m->primary ? "primary" : "secondary", poll_seconds(c->pollfreq),
	    poll_seconds(c->pollfreqalert));
	far_write_tls(text, c, m);
	free(port);
}

void
monitors_sections(struct buf *text, const struct upsmon_conf *m, const struct ups_conf *u,
    bool serving, const char *file, struct problems *p)
{
	char **made = xcalloc(m->nmonitors + 1, sizeof(*made));
	size_t nmade = 0;

	for (size_t i = 0; i < m->nmonitors; i++) {
		const struct conf_monitor *line = &m->monitors[i];

		if (near_section(line, u) != NULL || is_repeated(m, i))
			continue;
		if (serving && monitors_host_is_local(line->host)) {
			problems_add(p, file, line->line,
			    "MONITOR %s@%s: ups.conf has no section [%s], so this line "
			    "watches nothing and protects nothing",
			    line->ups, line->host, line->ups);
			continue;
		}
		made[nmade] = far_name(line, u, made, nmade);
		far_write(text, m, line, made[nmade++]);
	}
	for (size_t i = 0; i < nmade; i++)
		free(made[i]);
	free(made);
}

/* The last section that is far and has that port. */
static long
far_row(const struct ups_conf *u, const char *port)
{
	for (size_t i = u->nupses; i > 0; i--)
		if (is_far(&u->upses[i - 1]) &&
		    strcmp(conf_ups_get(&u->upses[i - 1], "port"), port) == 0)
			return (long)i - 1;
	return -1;
}

long
monitors_row(const struct upsmon_conf *m, size_t monitor, const struct ups_conf *u)
{
	const struct conf_ups *section = near_section(&m->monitors[monitor], u);
	char *port;
	long row;

	if (section != NULL)
		return section - u->upses;
	port = far_port(&m->monitors[monitor]);
	row = far_row(u, port);
	free(port);
	return row;
}
