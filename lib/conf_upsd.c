/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_upsd.h"
#include "lib/xmem.h"

#define PORT_DEFAULT "3493"
#define MAXAGE_DEFAULT 15
#define MAXAGE_MAX 86400
#define TRACKINGDELAY_DEFAULT 3600
#define TRACKINGDELAY_MAX (30 * 86400)
#define DEBUG_MAX 99

/* A port is a number, or the name of a service (/etc/services). */
static bool
port_ok(const struct conf_line *line, int at)
{
	static const char letters[] =
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "0123456789-_.+";
	const struct words *w = line->words;
	int port;

	if (at >= w->argc)
		return true;
	if (isalpha((unsigned char)w->argv[at][0]) &&
	    w->argv[at][strspn(w->argv[at], letters)] == '\0')
		return true;
	return conf_number(line, at, 1, 65535, &port);
}

static void
listen_add(
    struct upsd_conf *c, const char *address, size_t len, const char *port, int line)
{
	c->listens = xreallocarray(c->listens, c->nlistens + 1, sizeof(*c->listens));
	c->listens[c->nlistens++] = (struct conf_listen){
	    .address = xstrndup(address, len),
	    .port = xstrdup(port),
	    .line = line,
	};
}

/* LISTEN address [port]. Brackets around an IPv6 address are let pass; "host:port" in one
 * word is what people write who know URLs. */
static void
take_listen(void *conf, const struct conf_line *line, int at)
{
	struct upsd_conf *c = conf;
	const struct words *w = line->words;
	const char *address = w->argv[at], *colon;
	size_t len = strlen(address);

	if (!port_ok(line, at + 1))
		return;
	if (len > 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	} else if ((colon = strchr(address, ':')) != NULL &&
		   strchr(colon + 1, ':') == NULL) {
		conf_fault(line,
		    "the port is a word of its own, write: LISTEN %.*s %s. The line is "
		    "ignored",
		    (int)(colon - address > 40 ? 40 : colon - address), address,
		    colon[1] == '\0' ? PORT_DEFAULT : colon + 1);
		return;
	}
	listen_add(c, address, len, at + 1 < w->argc ? w->argv[at + 1] : PORT_DEFAULT,
	    line->line);
}

static void
take_obsolete(void *conf, const struct conf_line *line, int at)
{
	conf_fault(line,
	    "%s is obsolete (NUT dropped it in 2.4): LISTEN and a firewall decide who "
	    "reaches the server. The line is ignored",
	    line->words->argv[0]);
}

static void
take_acl(void *conf, const struct conf_line *line, int at)
{
	struct upsd_conf *c = conf;
	const struct words *w = line->words;
	struct conf_acl acl;

	if (w->argc < at + 2 || allow_block_read(&acl.block, w->argv[at + 1]) < 0) {
		conf_fault(line, "ACL is obsolete, and this is none: it has a name and a "
				 "block, such as "
				 "ACL lan 192.168.0.0/24. The line is ignored");
		return;
	}
	conf_fault(line, "ACL is obsolete (NUT dropped it in 2.4): it keeps nobody out, "
			 "only allowfrom "
			 "in upsd.users can still name it");
	acl.name = xstrdup(w->argv[at]);
	c->acls = xreallocarray(c->acls, c->nacls + 1, sizeof(*c->acls));
	c->acls[c->nacls++] = acl;
}

/* CERTIDENT name [passphrase]: where upsd uses NSS, both choose from its database. */
static void
take_certident(void *conf, const struct conf_line *line, int at)
{
	struct upsd_conf *c = conf;
	const struct words *w = line->words;

	free(c->certident);
	free(c->certident_pass);
	c->certident = xstrdup(w->argv[at]);
	c->certident_pass = at + 1 < w->argc ? xstrdup(w->argv[at + 1]) : NULL;
}

/* CERTREQUEST level, a number or its name. */
static void
take_certrequest(void *conf, const struct conf_line *line, int at)
{
	static const char *const levels[][2] = {
	    [UPSD_CERT_NO] = {"0", "NO"},
	    [UPSD_CERT_ASK] = {"1", "REQUEST"},
	    [UPSD_CERT_REQUIRE] = {"2", "REQUIRE"},
	};
	struct upsd_conf *c = conf;
	const char *word = line->words->argv[at];

	for (unsigned i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(word, levels[i][0]) == 0 ||
		    strcasecmp(word, levels[i][1]) == 0) {
			c->certrequest = i;
			return;
		}
	}
	conf_fault(line,
	    "CERTREQUEST is 0 (no), 1 (request) or 2 (require), not \"%.40s\": the line "
	    "is ignored",
	    word);
}

/* All words of the file. */
static const struct conf_row rows[] = {
    {"LISTEN", 1, 2, CONF_TAKE(take_listen)},
    {"MAXAGE", 1, 1, CONF_NUMBER(upsd_conf, maxage, 1, MAXAGE_MAX)},
    {"MAXCONN", 1, 1, CONF_NUMBER(upsd_conf, maxconn, 0, INT_MAX)},
    {"STATEPATH", 1, 1, CONF_TEXT(upsd_conf, statepath)},
    {"TRACKINGDELAY", 1, 1, CONF_NUMBER(upsd_conf, trackingdelay, 0, TRACKINGDELAY_MAX)},
    {"CERTFILE", 1, 1, CONF_TEXT(upsd_conf, certfile)},
    {"CERTPATH", 1, 1, CONF_TEXT(upsd_conf, certpath)},
    {"CERTIDENT", 1, 2, CONF_TAKE(take_certident)},
    {"CERTREQUEST", 1, 1, CONF_TAKE(take_certrequest)},
    {"DISABLE_WEAK_SSL", 1, 1, CONF_SWITCH(upsd_conf, disable_weak_ssl)},
    {"ALLOW_NO_DEVICE", 1, 1, CONF_SWITCH(upsd_conf, allow_no_device)},
    {"ALLOW_NOT_ALL_LISTENERS", 1, 1, CONF_SWITCH(upsd_conf, allow_not_all_listeners)},
    {"DEBUG_MIN", 1, 1, CONF_NUMBER(upsd_conf, debug_min, 0, DEBUG_MAX)},
    {"ACL", 0, WORDS_MAX, CONF_TAKE(take_acl)},
    {"ACCEPT", 0, WORDS_MAX, CONF_TAKE(take_obsolete)},
    {"REJECT", 0, WORDS_MAX, CONF_TAKE(take_obsolete)},
    {.name = NULL},
};

static void
take_line(void *conf, const struct conf_line *line)
{
	conf_by_table(rows, conf, line);
}

void
upsd_conf_read(struct upsd_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	*c = (struct upsd_conf){
	    .maxage = MAXAGE_DEFAULT, .trackingdelay = TRACKINGDELAY_DEFAULT};
	conf_walk(file, text, len, p, take_line, c);
}

void
upsd_conf_free(struct upsd_conf *c)
{
	for (size_t i = 0; i < c->nlistens; i++) {
		free(c->listens[i].address);
		free(c->listens[i].port);
	}
	for (size_t i = 0; i < c->nacls; i++)
		free(c->acls[i].name);
	free(c->listens);
	free(c->acls);
	free(c->statepath);
	free(c->certfile);
	free(c->certpath);
	free(c->certident);
	free(c->certident_pass);
	*c = (struct upsd_conf){0};
}
