/* SPDX-License-Identifier: ISC */
#ifndef TESTS_SESSION_WORLD_H
#define TESTS_SESSION_WORLD_H

#include <stdio.h>
#include <string.h>

#include "lib/conf_users.h"
#include "lib/feed.h"
#include "net/session.h"
#include "net/subs.h"
#include "net/tracking.h"

/*
 * What a session stands in for tests and the fuzzer: three UPSes (fresh, stale, without
 * a driver), three accounts, and a core that notes requests and answers when told to.
 */
static const char world_feed[] = "BEGIN 7\n"
				 "UPS Fake \"\"\n"
				 "Fake SETINFO ups.status \"OL\"\n"
				 "Fake SETINFO ups.mfr \"A \\\"q\\\" \\\\ b\"\n"
				 "Fake SETINFO uni.v \"gr\xc3\xbcn\"\n"
				 "Fake SETINFO battery.charge \"100\"\n"
				 "Fake SETINFO ups.id \"me\"\n"
				 "Fake SETFLAGS ups.id RW STRING\n"
				 "Fake SETAUX ups.id 4\n"
				 "Fake SETINFO ups.en \"a\"\n"
				 "Fake SETFLAGS ups.en RW\n"
				 "Fake ADDENUM ups.en \"a\"\n"
				 "Fake ADDENUM ups.en \"b c\"\n"
				 "Fake SETINFO ups.rg \"5\"\n"
				 "Fake SETFLAGS ups.rg RW NUMBER\n"
				 "Fake ADDRANGE ups.rg 1 10\n"
				 "Fake ADDRANGE ups.rg 20 30\n"
				 "Fake SETINFO ups.num \"5\"\n"
				 "Fake SETFLAGS ups.num RW NUMBER\n"
				 "Fake SETINFO ups.ros \"5\"\n"
				 "Fake SETFLAGS ups.ros STRING\n"
				 "Fake SETAUX ups.ros 32\n"
				 "Fake ADDCMD test.battery.start\n"
				 "Fake ADDCMD load.off\n"
				 "Fake LOGIN 12 192.168.0.20 admin\n"
				 "Fake DATAOK\n"
				 "UPS stale \"Say \\\"hi\\\"\"\n"
				 "stale SETINFO ups.status \"OL\"\n"
				 "stale SETINFO ups.id \"me\"\n"
				 "stale DATASTALE\n"
				 "UPS lost \"\"\n"
				 "lost LOST\n"
				 "END 7\n";

static const char world_users[] = "[admin]\n"
				  "password = 123456\n"
				  "actions = SET FSD\n"
				  "instcmds = ALL\n"
				  "upsmon primary\n"
				  "[mon]\n"
				  "password = secret\n"
				  "upsmon secondary\n"
				  "[one]\n"
				  "password = one\n"
				  "instcmds = test.battery.start\n"
				  "[fsd]\n"
				  "password = fsd\n"
				  "actions = FSD\n"
				  "[near]\n"
				  "password = near\n"
				  "upsmon primary\n"
				  "allowfrom = lan\n"
				  "allowfrom = 10.1.2.3\n"
				  "[hashed]\n"
				  "password = $y$j9T$abc$def\n"
				  "actions = SET\n"
				  "upsmon secondary\n";

struct world {
	struct feed feed;
	struct users_conf users;
	struct session_host host;
	struct session session;
	struct buf out, requests;
	unsigned denied, judging;
	const char *hash; /* that judge is asked about */
	uint64_t hold;
	enum account_verdict verdict; /* what judge says, when world_answer() lets it */
	enum account_lack lack;       /* of the last one denied */
	int line;
	struct allow_nets nets;
	unsigned long number; /* of the last tracked request */
	bool away;            /* core is: requests fail */
};

static void
world_random(void *bytes, size_t len)
{
	memset(bytes, 0x11, len);
}

static int
world_request(void *arg, struct session *s, const struct request *r)
{
	struct world *w = arg;

	if (w->away)
		return -1;
	request_format(&w->requests, r);
	if (r->verb == REQUEST_INSTCMD_TRACKED || r->verb == REQUEST_SET_TRACKED)
		tracking_asked(w->host.tracking, s->id, ++w->number, w->host.now);
	return 0;
}

static void
world_denied(void *arg, const struct session *s, const char *verb, enum account_lack lack,
    int line)
{
	struct world *w = arg;

	w->denied++;
	w->lack = lack;
	w->line = line;
}

static enum account_verdict
world_judge(void *arg, struct session *s, const char *hash, uint64_t hold)
{
	struct world *w = arg;

	w->judging++;
	w->hash = hash;
	w->hold = hold;
	return ACCOUNT_OPEN;
}

/* Whoever the session waits for says something: core `word`, judge its verdict. */
static void
world_answer(struct world *w, const char *word, struct buf *out)
{
	if (w->session.waiting == SESSION_JUDGE)
		session_judged(&w->session, w->hash == NULL ? ACCOUNT_HELD : w->verdict);
	else
		session_answer(&w->session, word, out);
}

/* Applies lines of the feed; returns the last change. */
static struct feed_change
world_apply(struct feed *f, const char *text)
{
	struct feed_change change = {0};

	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		change = feed_apply(f, text, len);
		text += text[len] == '\n' ? len + 1 : len;
	}
	return change;
}

static void
world_begin(struct world *w)
{
	struct problems problems = {0};

	memset(w, 0, sizeof(*w));
	world_apply(&w->feed, world_feed);
	users_conf_read(
	    &w->users, "upsd.users", world_users, strlen(world_users), &problems);
	problems_free(&problems);
	w->host.feed = &w->feed;
	w->host.users = &w->users;
	w->host.nets = &w->nets;
	w->host.now = 1000;
	w->host.request = world_request;
	w->host.denied = world_denied;
	w->host.judge = world_judge;
	w->host.epoch = 1;
	w->verdict = ACCOUNT_WRONG;
	w->host.tracking = tracking_new(world_random);
	w->host.arg = w;
	session_begin(&w->session, &w->host, 12, "10.0.0.7");
}

static void
world_end(struct world *w)
{
	if (w->session.host != NULL)
		session_end(&w->session);
	listcache_clear(&w->host.cache);
	tracking_free(w->host.tracking);
	feed_clear(&w->feed);
	users_conf_free(&w->users);
	buf_free(&w->out);
	buf_free(&w->requests);
}

#endif
