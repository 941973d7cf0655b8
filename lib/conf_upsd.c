/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/conf_upsd.h"
#include "lib/xmem.h"

#define PORT_DEFAULT "3493"
#define MAXAGE_DEFAULT 15
#define MAXAGE_MAX 86400

/* A port is a number; upsd would also take a service name, which nobody writes. */
static bool
port_ok(const struct conf_line *line, int at)
{
	int port;

	return at >= line->words->argc || conf_number(line, at, 1, 65535, &port);
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
take_listen(struct upsd_conf *c, const struct conf_line *line, int at)
{
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
take_maxage(struct upsd_conf *c, const struct conf_line *line, int at)
{
	conf_number(line, at, 1, MAXAGE_MAX, &c->maxage);
}

static void
take_maxconn(struct upsd_conf *c, const struct conf_line *line, int at)
{
	conf_number(line, at, 0, INT_MAX, &c->maxconn);
}

static void
take_statepath(struct upsd_conf *c, const struct conf_line *line, int at)
{
	free(c->statepath);
	c->statepath = xstrdup(line->words->argv[at]);
}

static void
take_obsolete(struct upsd_conf *c, const struct conf_line *line, int at)
{
	conf_fault(line,
	    "%s is obsolete (NUT dropped it in 2.4): LISTEN and a firewall decide who "
	    "reaches the server. The line is ignored",
	    line->words->argv[0]);
}

static void
take_acl(struct upsd_conf *c, const struct conf_line *line, int at)
{
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

/* All words of upsd.conf, what they need, and what reads them (NULL: no effect here). */
static const struct word {
	const char *name;
	int args_min, args_max;
	void (*take)(struct upsd_conf *c, const struct conf_line *line, int at);
} words[] = {
    {"LISTEN", 1, 2, take_listen},
    {"MAXAGE", 1, 1, take_maxage},
    {"MAXCONN", 1, 1, take_maxconn},
    {"STATEPATH", 1, 1, take_statepath},
    {"TRACKINGDELAY", 1, 1, NULL},
    {"CERTFILE", 1, 1, NULL},
    {"CERTPATH", 1, 1, NULL},
    {"CERTIDENT", 2, 2, NULL},
    {"CERTREQUEST", 1, 1, NULL},
    {"DISABLE_WEAK_SSL", 1, 1, NULL},
    {"ALLOW_NO_DEVICE", 1, 1, NULL},
    {"ALLOW_NOT_ALL_LISTENERS", 1, 1, NULL},
    {"DEBUG_MIN", 1, 1, NULL},
    {"ACL", 0, WORDS_MAX, take_acl},
    {"ACCEPT", 0, WORDS_MAX, take_obsolete},
    {"REJECT", 0, WORDS_MAX, take_obsolete},
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static void
unknown(const struct conf_line *line)
{
	const char *known[WORDS + 1];

	for (size_t i = 0; i < WORDS; i++)
		known[i] = words[i].name;
	known[WORDS] = NULL;
	conf_unknown(line, 0, known);
}

static void
take_line(void *arg, const struct conf_line *line)
{
	struct upsd_conf *c = arg;
	size_t i = 0;
	int at, n;

	if (line->words == NULL) {
		conf_no_head(line);
		return;
	}
	while (i < WORDS && strcmp(words[i].name, line->words->argv[0]) != 0)
		i++;
	if (i == WORDS) {
		unknown(line);
		return;
	}
	at = conf_args(line);
	n = line->words->argc - at;
	if (n < words[i].args_min) {
		conf_fault(line, "%s needs a value: the line is ignored", words[i].name);
		return;
	}
	if (n > words[i].args_max)
		conf_fault(line, "%s takes no \"%.40s\": that part is ignored",
		    words[i].name, line->words->argv[at + words[i].args_max]);
	if (words[i].take != NULL)
		words[i].take(c, line, at);
}

void
upsd_conf_read(struct upsd_conf *c, const char *file, const char *text, size_t len,
    struct problems *p)
{
	*c = (struct upsd_conf){.maxage = MAXAGE_DEFAULT};
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
	*c = (struct upsd_conf){0};
}
