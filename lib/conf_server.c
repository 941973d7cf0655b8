/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/xmem.h"

#define WORDS_READ 64 /* addresses and blocks in one line */

static void
readers_clear(struct conf_server *s)
{
	free(s->readers);
	s->readers = NULL;
	s->nreaders = 0;
}

/* `read = lan 10.1.2.3`: who is named reads as ever, the others log in. A word that says
 * nothing lets nobody in: that fails towards the login, not away from it. */
static void
take_named(struct conf_server *s, const struct conf_line *line, int at)
{
	struct allow rule;

	for (; at < line->words->argc; at++) {
		if (allow_read(&rule, line->words->argv[at]) < 0) {
			conf_fault(line,
			    "read knows no \"%.40s\": write open or login alone, or "
			    "localhost, lan, addresses, blocks such as 192.168.0.0/24. "
			    "The word is ignored, and who is not named needs a login",
			    line->words->argv[at]);
			continue;
		}
		s->readers =
		    xreallocarray(s->readers, s->nreaders + 1, sizeof(*s->readers));
		s->readers[s->nreaders++] = rule;
	}
}

/* The last line counts. */
static void
take_read(void *conf, const struct conf_line *line, int at)
{
	struct conf_server *s = conf;
	const char *word = line->words->argv[at];
	bool alone = line->words->argc == at + 1;

	readers_clear(s);
	s->closed = !(alone && strcasecmp(word, "open") == 0);
	if (s->closed && !(alone && strcasecmp(word, "login") == 0))
		take_named(s, line, at);
}

static const struct conf_row settings[] = {
    {"read", 1, WORDS_READ, CONF_TAKE(take_read)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	if (c->server.line > 0)
		conf_fault(head,
		    "a second section [server]: its lines are added to that of line %d",
		    c->server.line);
	else
		c->server.line = head->line;
	return &c->server;
}

static void
release(struct holdup_conf *c)
{
	readers_clear(&c->server);
}

bool
conf_server_reads(
    const struct conf_server *s, const char *address, const struct allow_nets *nets)
{
	for (size_t i = 0; i < s->nreaders; i++)
		if (allow_matches(&s->readers[i], address, nets))
			return true;
	return !s->closed;
}

const struct conf_kind conf_kind_server = {
    .word = "server",
    .named = false,
    .begin = begin,
    .settings = settings,
    .free = release,
};
