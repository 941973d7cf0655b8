/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/xmem.h"

const char *const conf_profiles[CONF_PROFILES + 1] = {
    [CONF_STRANGER] = "stranger",
    [CONF_FULL] = "full",
    [CONF_HOLDUP] = "holdup",
    [CONF_UPSMON] = "upsmon",
    [CONF_UPSC] = "upsc",
    [CONF_QNAP] = "qnap",
    [CONF_SYNOLOGY] = "synology",
    [CONF_TRUENAS] = "truenas",
    [CONF_WINNUT] = "winnut",
    [CONF_HOMEASSISTANT] = "homeassistant",
    [CONF_NETDATA] = "netdata",
    [CONF_PEANUT] = "peanut",
    [CONF_NODENUT] = "nodenut",
    [CONF_GONUT] = "gonut",
    [CONF_HON95] = "hon95",
    [CONF_RUPS] = "rups",
    [CONF_PYNUT] = "pynut",
    [CONF_CHECKUPS] = "checkups",
    [CONF_COLLECTD] = "collectd",
};

/* Known to everybody who has such a box: the reason why they must be switched on. */
const struct conf_fixed conf_fixed[CONF_FIXED] = {
    {"qnap", "admin", "123456"},
    {"synology", "monuser", "secret"},
    {"truenas", "upsmon", "fixmepass"},
};

static void
take_profile(void *conf, const struct conf_line *line, int at)
{
	struct conf_client *c = conf;
	const char *word = line->words->argv[at], *near;

	for (int i = 0; i < CONF_PROFILES; i++)
		if (strcasecmp(conf_profiles[i], word) == 0) {
			c->profile = (enum conf_profile)i;
			return;
		}
	if ((near = conf_nearest(word, conf_profiles)) != NULL)
		conf_fault(line,
		    "no profile is called \"%.40s\", did you mean \"%s\"? The line is "
		    "ignored",
		    word, near);
	else
		conf_fault(line,
		    "no profile is called \"%.40s\": holdup.conf(5) lists them. The line "
		    "is ignored",
		    word);
}

static void
take_account(void *conf, const struct conf_line *line, int at)
{
	struct conf_client *c = conf;
	const char *word = line->words->argv[at];

	for (size_t i = 0; i < CONF_FIXED; i++)
		if (strcasecmp(conf_fixed[i].box, word) == 0) {
			c->account = &conf_fixed[i];
			return;
		}
	conf_fault(line,
	    "account takes qnap, synology or truenas, not \"%.40s\": the line is "
	    "ignored; "
	    "other accounts belong into upsd.users",
	    word);
}

static const struct conf_row settings[] = {
    {"profile", 1, 1, CONF_TAKE(take_profile)},
    {"account", 1, 1, CONF_TAKE(take_account)},
    {NULL, 0, 0, CONF_NOTHING},
};

static void *
begin(struct holdup_conf *c, const struct conf_line *head)
{
	struct allow_block block;
	struct conf_client *client;

	if (allow_block_read(&block, head->name) < 0) {
		conf_fault(head,
		    "[client %.40s] is neither an address nor a block, write for example "
		    "[client 192.168.0.20] or [client 192.168.0.0/24]: its lines are "
		    "ignored",
		    head->name);
		return NULL;
	}
	c->clients = xreallocarray(c->clients, c->nclients + 1, sizeof(*c->clients));
	client = &c->clients[c->nclients++];
	*client = (struct conf_client){
	    .block = block, .line = head->line, .profile = CONF_UNKNOWN};
	return client;
}

static void
check(struct holdup_conf *c, const char *file, struct problems *p)
{
	for (size_t i = 0; i < c->nclients; i++)
		if (c->clients[i].profile == CONF_UNKNOWN &&
		    c->clients[i].account == NULL)
			problems_add(p, file, c->clients[i].line,
			    "this [client] section says nothing: write profile = or "
			    "account =");
}

static void
release(struct holdup_conf *c)
{
	free(c->clients);
}

const struct conf_client *
conf_client_at(const struct holdup_conf *c, const char *address, bool account)
{
	for (size_t i = 0; i < c->nclients; i++) {
		const struct conf_client *client = &c->clients[i];
		const struct allow rule = {ALLOW_BLOCK, client->block};

		if ((account ? client->account != NULL
			     : client->profile != CONF_UNKNOWN) &&
		    allow_matches(&rule, address, NULL))
			return client;
	}
	return NULL;
}

const struct conf_kind conf_kind_client = {
    .word = "client",
    .named = true,
    .begin = begin,
    .settings = settings,
    .check = check,
    .free = release,
};
