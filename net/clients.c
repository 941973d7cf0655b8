/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/judgesock.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/xmem.h"
#include "net/client.h"
#include "net/subs.h"
#include "net/tracking.h"

#define FULL_LINE "ERR ACCESS-DENIED\n" /* said to whom there is no room for */
#define SILENT_MS 30000 /* who said nothing for so long gives way in need */
#define SERVED_IN_TURN 64
#define SHAKEN_IN_TURN 4 /* each takes half a millisecond and more */
#define CAUSE_MAX 512

static const struct feed nothing_yet;

static int
host_request(void *arg, struct session *s, const struct request *r)
{
	struct clients *cs = arg;
	/* Who waits for judge waits for no answer of core's: its login is said again. */
	bool waits = s->waiting != SESSION_IDLE && s->waiting != SESSION_JUDGE;
	long number = cs->ops->request(cs->arg, waits ? client_of(s) : NULL, r);

	if (number < 0)
		return -1;
	if (r->verb == REQUEST_INSTCMD_TRACKED || r->verb == REQUEST_SET_TRACKED)
		tracking_asked(
		    cs->host.tracking, s->id, (unsigned long)number, cs->host.now);
	return 0;
}

static enum account_verdict
host_judge(void *arg, struct session *s, const char *hash, uint64_t hold)
{
	struct clients *cs = arg;
	struct client *c = client_of(s);
	enum account_verdict verdict;
	const struct judge_claim claim = {
	    .address = s->address,
	    .account = s->username,
	    .password = s->password,
	    .hash = hash,
	    .hold = hold,
	};

	c->asked = judge_ask(cs->judge, c, &claim, &verdict);
	return verdict;
}

/* Said once a minute for each address and reason; who knows a password has a line of his
 * own, and names that are guessed share one. */
static void
host_denied(void *arg, const struct session *s, const char *verb, enum account_lack lack,
    int line)
{
	static const char *const reasons[] = {
	    [ACCOUNT_NO_CLAIM] = "[server] read wants a login from there",
	    [ACCOUNT_NO_USER] = "there is no such user",
	    [ACCOUNT_NO_PASSWORD] = "the password is another one",
	    [ACCOUNT_NO_VERDICT] = "the password could not be judged in time",
	    [ACCOUNT_NO_ADDRESS] = "allowfrom does not hold this address",
	    [ACCOUNT_NO_RIGHT] = "this user has no such right",
	};
	struct clients *cs = arg;
	const char *name = s->username == NULL ? "(none)" : s->username;
	char key[256], place[32] = "upsd.users";
	/* These names have an account; others are made up as fast as one can write. */
	bool known = lack == ACCOUNT_NO_ADDRESS || lack == ACCOUNT_NO_RIGHT;
	enum account_lack reason = lack == ACCOUNT_NO_USER ? ACCOUNT_NO_PASSWORD : lack;

	snprintf(key, sizeof(key), "%d %s %s", reason, s->address, known ? name : "");
	if (!seldom_due(&cs->denials, key, cs->host.now))
		return;
	if (line > 0)
		snprintf(place, sizeof(place), "upsd.users:%d", line);
	else if (lack == ACCOUNT_NO_CLAIM)
		snprintf(place, sizeof(place), "holdup.conf");
	log_warn("%s refused to user %s from %s: %s: %s (said once a minute)", verb, name,
	    s->address, place, reasons[lack]);
}

/* One that there is no room for hears why, as far as the protocol has words for it. */
static void
turn_away(struct clients *cs, int fd, const char *address, bool crowded)
{
	if (crowded && seldom_due(&cs->others, address, boottime_ms()))
		log_warn(
		    "%s has more than a quarter of all connections: more of them are "
		    "turned away (said once a minute)",
		    address);
	else if (!crowded && seldom_due(&cs->others, "full", boottime_ms()))
		log_warn("%zu clients are connected, which is the limit: %s is turned "
			 "away (raise MAXCONN in upsd.conf or the descriptor limit)",
		    cs->room.count, address);
	(void)!send(fd, FULL_LINE, strlen(FULL_LINE), MSG_NOSIGNAL);
	close(fd);
}

/* True for one that may have to give way: it has not logged in, and does not wait to be
 * told of changes. */
static bool
is_dispensable(const struct client *c)
{
	return c->session.login == NULL && !c->subscriber &&
	       c->session.waiting == SESSION_IDLE;
}

/* Ends the connection that has said nothing for longest, if that is long; true when there
 * was one. The whole list is only gone through when somebody may have been silent for so
 * long. */
static bool
give_way(struct clients *cs)
{
	uint64_t now = boottime_ms(), silent;
	struct client *c, *victim = NULL;

	if (now < cs->need)
		return false;
	LIST_FOREACH (c, &cs->list, next)
		if (is_dispensable(c) && (victim == NULL || c->heard < victim->heard))
			victim = c;
	silent = victim == NULL ? 0 : now - (uint64_t)victim->heard * 1000;
	if (silent < SILENT_MS) {
		cs->need = now + SILENT_MS - silent;
		return false;
	}
	if (seldom_due(&cs->others, "silent", now))
		log_warn(
		    "%zu clients are connected, which is the limit: %s, silent for "
		    "%d s, gave way (said once a minute; raise MAXCONN in upsd.conf)",
		    cs->room.count, victim->session.address, (int)(silent / 1000));
	client_free(victim);
	return true;
}

void
clients_accept(void *arg, int fd, const char *address)
{
	struct clients *cs = arg;
	enum room_place place = room_ask(&cs->room, cs->max, address);

	if (place == ROOM_CROWDED || (place == ROOM_FULL && !give_way(cs)))
		turn_away(cs, fd, address, place == ROOM_CROWDED);
	else
		client_new(cs, fd, address);
}

void
clients_answered(struct clients *cs, void *who, const char *word)
{
	struct client *c = who;

	session_answer(&c->session, word, &cs->scratch);
	client_resume(c);
}

void
clients_done(struct clients *cs, unsigned long number, unsigned long status)
{
	tracking_done(cs->host.tracking, number, status);
}

void
clients_undone(struct clients *cs)
{
	tracking_lost(cs->host.tracking);
}

/* There is a verdict on what a client claims. */
static void
on_judged(void *arg, void *who, enum account_verdict verdict)
{
	struct client *c = who;

	c->asked = NULL;
	session_judged(&c->session, verdict);
	client_resume(c);
}

void
clients_relogin(struct clients *cs)
{
	struct client *c;

	LIST_FOREACH (c, &cs->list, next)
		session_relogin(&c->session);
}

/* Sends each subscriber what `say` appends for it. */
static void
tell_subscribers(struct clients *cs,
    void (*say)(const struct session *s, const void *what, struct buf *out),
    const void *what)
{
	struct client *c = LIST_FIRST(&cs->subscribers), *next;

	for (; c != NULL; c = next) {
		next = LIST_NEXT(c, next_subscriber);
		if (c->step == SESSION_CLOSE)
			continue;
		say(&c->session, what, &cs->scratch);
		if (cs->scratch.len > 0)
			client_settle(c);
	}
}

static void
say_change(const struct session *s, const void *what, struct buf *out)
{
	subs_change(s, what, out);
}

static void
say_replaced(const struct session *s, const void *what, struct buf *out)
{
	subs_replaced(s, what, out);
}

static void
say_sources(const struct session *s, const void *what, struct buf *out)
{
	subs_sources(s, out);
}

static void
say_beat(const struct session *s, const void *what, struct buf *out)
{
	subs_beat(s, out);
}

static void
sessions_viewed(struct clients *cs)
{
	struct client *c;

	LIST_FOREACH (c, &cs->list, next)
		session_viewed(&c->session);
}

void
clients_changed(struct clients *cs, const struct feed_change *change)
{
	if (change->kind == FEED_UPS)
		listcache_clear(&cs->host.cache);
	if (change->kind == FEED_VIEW)
		sessions_viewed(cs);
	tell_subscribers(cs, say_change, change);
}

void
clients_replaced(struct clients *cs, const struct feed *now, const struct feed *old)
{
	cs->host.feed = now;
	cs->host.stale = false;
	listcache_clear(&cs->host.cache);
	answers_clear(&cs->host.answers);
	sessions_viewed(cs);
	tell_subscribers(cs, say_replaced, old);
}

void
clients_stale(struct clients *cs)
{
	cs->host.stale = true;
	tell_subscribers(cs, say_sources, NULL);
}

static void
on_beat(evutil_socket_t fd, short what, void *arg)
{
	struct clients *cs = arg;

	if (LIST_EMPTY(&cs->subscribers))
		event_del(cs->beat);
	tell_subscribers(cs, say_beat, NULL);
}

/* Without them ids could be guessed, and another's results read. */
static void
random_bytes(void *bytes, size_t len)
{
	if (getrandom(bytes, len, 0) != (ssize_t)len)
		log_fatal_errno("cannot get random bytes");
}

static void
on_patience(evutil_socket_t fd, short what, void *arg)
{
	client_shakes_end(arg);
}

/* TLS as configured; without it, or when it cannot be used, STARTTLS is refused. */
static void
configure_tls(struct clients *cs, const struct netconf *conf)
{
	const struct tls_settings settings = {
	    .certificate = conf->certificate,
	    .certificate_len = conf->certificate == NULL ? 0 : strlen(conf->certificate),
	    .authorities = conf->authorities,
	    .authorities_len = conf->authorities == NULL ? 0 : strlen(conf->authorities),
	    .name = conf->upsd.certident,
	    .passphrase = conf->upsd.certident_pass,
	    .request = (int)conf->upsd.certrequest,
	    .strong = conf->upsd.disable_weak_ssl,
	};
	char cause[CAUSE_MAX];

	tls_free(cs->tls);
	cs->tls = NULL;
	if (conf->certificate != NULL)
		cs->tls = tls_new(&settings, cause, sizeof(cause));
	if (conf->certificate != NULL && cs->tls == NULL)
		log_warn("%s: %s. Clients are served without TLS",
		    conf->upsd.certfile == NULL ? "CERTFILE" : conf->upsd.certfile,
		    cause);
	cs->host.tls = cs->tls != NULL;
}

/* Who is told of changes asks for nothing more, so nothing else would keep them from it. */
static void
end_uninvited(struct clients *cs)
{
	struct client *c = LIST_FIRST(&cs->subscribers), *next;

	for (; c != NULL; c = next) {
		next = LIST_NEXT(c, next_subscriber);
		if (!session_may_stay(&c->session))
			client_free(c);
	}
}

struct clients *
clients_new(struct event_base *base, const struct netconf *conf,
    const struct allow_nets *nets, size_t max, const struct clients_ops *ops, void *arg)
{
	struct clients *cs = xcalloc(1, sizeof(*cs));
	char *judge_path = paths_state(JUDGE_SOCKET);

	cs->base = base;
	cs->poller = poller_new(base, SERVED_IN_TURN, client_ready);
	cs->shakers = poller_new(base, SHAKEN_IN_TURN, client_ready);
	cs->ops = ops;
	cs->arg = arg;
	cs->host.feed = &nothing_yet;
	cs->host.nets = nets;
	cs->host.request = host_request;
	cs->host.judge = host_judge;
	cs->host.denied = host_denied;
	cs->host.arg = cs;
	cs->host.tracking = tracking_new(random_bytes);
	LIST_INIT(&cs->list);
	LIST_INIT(&cs->subscribers);
	TAILQ_INIT(&cs->shaking);
	cs->beat = event_new(base, -1, EV_PERSIST, on_beat, cs);
	cs->patience = event_new(base, -1, 0, on_patience, cs);
	cs->judge = judge_new(base, judge_path, on_judged, cs);
	clients_reconfigure(cs, conf, max);
	free(judge_path);
	return cs;
}

/* Which machine of the configuration it is, by name; "" for none. */
static const char *
machine_name(const struct client *c, const struct holdup_conf *own)
{
	return c->session.machine < 0 ? "" : own->machines[c->session.machine].name;
}

/* Machines have other places in the new file; who is another one now sees another UPS. */
static void
machines_follow(struct clients *cs, const struct holdup_conf *old)
{
	struct client *c = LIST_FIRST(&cs->list), *next;

	for (; c != NULL; c = next) {
		const char *was = machine_name(c, old);

		next = LIST_NEXT(c, next);
		session_know_machine(&c->session);
		if (strcmp(was, machine_name(c, cs->host.own)) == 0)
			continue;
		session_viewed(&c->session);
		if (!c->subscriber || c->step == SESSION_CLOSE)
			continue;
		subs_status(&c->session, &cs->scratch);
		client_settle(c);
	}
}

void
clients_reconfigure(struct clients *cs, const struct netconf *conf, size_t max)
{
	const struct holdup_conf *old = cs->host.own;

	cs->max = max;
	cs->need = 0;
	configure_tls(cs, conf);
	cs->host.users = &conf->users;
	cs->host.own = &conf->holdup;
	cs->host.epoch++;
	tracking_keep(cs->host.tracking, (uint64_t)conf->upsd.trackingdelay * 1000);
	end_uninvited(cs);
	machines_follow(cs, old);
}

void
clients_free(struct clients *cs)
{
	struct client *c = LIST_FIRST(&cs->list), *next;

	for (; c != NULL; c = next) {
		next = LIST_NEXT(c, next);
		client_free(c);
	}
	event_free(cs->beat);
	event_free(cs->patience);
	poller_free(cs->poller);
	poller_free(cs->shakers);
	judge_free(cs->judge);
	tls_free(cs->tls);
	listcache_clear(&cs->host.cache);
	tracking_free(cs->host.tracking);
	buf_free(&cs->scratch);
	free(cs);
}
