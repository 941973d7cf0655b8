/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/words.h"
#include "lib/xmem.h"
#include "net/account.h"
#include "net/alias.h"
#include "net/lookup.h"
#include "net/reply.h"
#include "net/session.h"
#include "net/subs.h"
#include "net/tracking.h"
#include "net/verbs.h"

/* What a session says when core has answered, by what it waited for. */
static const struct {
	const char *ok, *err; /* err: when core is away or says something unheard of */
} answers[] = {
    [SESSION_IDLE] = {"", ""},
    [SESSION_LOGIN] = {"OK\n", "DRIVER-NOT-CONNECTED"},
    [SESSION_FSD] = {"OK FSD-SET\n", "DRIVER-NOT-CONNECTED"},
    [SESSION_INSTCMD] = {"OK\n", "INSTCMD-FAILED"},
    [SESSION_SET] = {"OK\n", "SET-FAILED"},
    [SESSION_JUDGE] = {"", ""},
};

/* Looks up what holdup.conf says of this client. */
static void
tune(struct session *s)
{
	const struct session_host *h = s->host;
	const struct conf_client *c =
	    h->own == NULL ? NULL : conf_client_at(h->own, s->address, false);

	s->told = (int8_t)(c == NULL ? CONF_UNKNOWN : c->profile);
	s->tuned = h->epoch;
	session_know_machine(s);
}

const struct profile *
session_profile(const struct session *s)
{
	return profile_of(s->told >= 0 ? (enum conf_profile)s->told : s->talk.kind);
}

void
session_begin(
    struct session *s, struct session_host *host, unsigned long id, const char *address)
{
	memset(s, 0, sizeof(*s));
	s->host = host;
	s->id = id;
	s->address = address;
	tune(s);
}

/* Fills in where the request comes from and sends it; -1 when core is away. */
static int
send_request(struct session *s, struct request *r)
{
	r->session = s->id;
	r->address = s->address;
	return s->host->request(s->host->arg, s, r);
}

void
session_tell(struct session *s, struct request *r)
{
	send_request(s, r);
}

/* Forgets who the client says to be. */
static void
forget_claim(struct session *s)
{
	free(s->username);
	free(s->password);
	s->username = s->password = NULL;
}

/* Tells core how the login ended, and forgets it. */
static void
login_end(struct session *s, enum request_verb how)
{
	struct request r = {.verb = how, .account = s->username, .ups = s->login};

	if (s->login != NULL) {
		send_request(s, &r);
		readers_logged_out(
		    &s->host->readers, &s->talk, s->address, s->login, s->host->now);
	}
	free(s->login);
	s->login = NULL;
	s->primary = false;
}

void
session_logout(struct session *s)
{
	login_end(s, REQUEST_LOGOUT);
}

void
session_end(struct session *s)
{
	/* Also when the answer to LOGIN is still on its way: core may have said yes. */
	s->waiting = SESSION_IDLE;
	login_end(s, REQUEST_BROKEN);
	readers_ended(&s->host->readers, &s->talk, s->address);
	subs_clear(s);
	buf_free(&s->in);
	forget_claim(s);
	memset(s, 0, sizeof(*s));
}

void
session_secure(struct session *s)
{
	login_end(s, REQUEST_LOGOUT);
	forget_claim(s);
	subs_clear(s);
	s->proven = s->tracking = false;
	s->reads = 0;
	s->secure = s->shaking = true;
}

void
session_secured(struct session *s)
{
	s->shaking = false;
}

enum feed_source
session_source(const struct session *s, const struct feed_ups *u)
{
	/* A forced shutdown must reach everybody, the more so when the driver is gone. */
	if (session_view(s, u) == FEED_VIEW_FSD &&
	    state_get(u->state, "ups.status") != NULL)
		return FEED_OK;
	return s->host->stale && u->source == FEED_OK ? FEED_STALE : u->source;
}

/* Tells core, where it is time for that, who at this address reads the UPS. */
static void
tell_seen(struct session *s, const struct feed_ups *u)
{
	struct request r = {.verb = REQUEST_SEEN, .ups = u->name};
	bool in = s->login != NULL && strcmp(s->login, u->name) == 0;
	enum conf_profile kind;

	if (!readers_read(&s->host->readers, &s->talk, s->address, u->name,
		in ? s->username : NULL, s->host->now, &kind))
		return;
	r.name = reader_word(kind);
	send_request(s, &r);
}

static bool
ends_crcr(const char *line, size_t len)
{
	return len >= 2 && line[len - 1] == '\r' && line[len - 2] == '\r';
}

void
session_answered(struct session *s, const struct feed_ups *u)
{
	s->host->answered = u;
}

static struct answers_time
time_of(const struct session *s)
{
	return (struct answers_time){.number = s->host->feed->number,
	    .epoch = s->host->epoch,
	    .look = session_kind(s)};
}

/* Answers a line as it was answered before, when that still holds for this session and the
 * line does not tell who is there; else false: it is to be read. */
static bool
repeat_answer(struct session *s, const char *line, size_t len, struct buf *out)
{
	const struct session_host *h = s->host;
	struct answers_time time = time_of(s);
	const struct answer *a;

	if (!reader_known(&s->talk) || ends_crcr(line, len) || s->reads != h->epoch)
		return false;
	a = answers_find(&h->answers, &time, line, len);
	if (a == NULL || session_source(s, a->ups) != FEED_OK)
		return false;
	tell_seen(s, a->ups);
	buf_add(out, a->text, a->len);
	return true;
}

/* Runs the verb of a line and remembers what others may be told too. */
static void
answer_line(
    struct session *s, struct words *w, const char *line, size_t len, struct buf *out)
{
	struct session_host *h = s->host;
	size_t before = out->len;
	struct answers_time time;

	h->answered = NULL;
	verbs_run(s, w->argc, w->argv, out);
	if (h->answered == NULL)
		return;
	time = time_of(s);
	answers_keep(&h->answers, &time, h->answered, line, len, buf_head(out) + before,
	    out->len - before);
}

/* Answers one line, without its LF. */
static void
take_line(struct session *s, const char *line, size_t len, struct buf *out)
{
	struct words w;
	const char *why;

	if (s->skipped > 0 || len > SESSION_LINE_MAX) {
		s->skipped = 0;
		reply_err(out, "TOO-LONG");
		return;
	}
	if (repeat_answer(s, line, len, out))
		return;
	if (words_split(&w, WORDS_PROTOCOL, line, len, &why) < 0) {
		reply_err(out, "INVALID-ARGUMENT");
		return;
	}
	if (s->verdict == ACCOUNT_OPEN) /* else it is run again */
		reader_hear(&s->talk, w.argc, w.argv, ends_crcr(line, len));
	answer_line(s, &w, line, len, out);
	if (s->waiting != SESSION_JUDGE)
		s->verdict = ACCOUNT_OPEN;
}

/* True when the session may look at its next line. */
static bool
ready(const struct session *s, const struct buf *out)
{
	return !s->closing && !s->shaking && s->waiting == SESSION_IDLE &&
	       out->len < SESSION_OUT_MAX;
}

/* Takes whole lines as long as it may; returns how many bytes are done with. */
static size_t
take_lines(struct session *s, const char *bytes, size_t len, struct buf *out)
{
	const char *at = bytes, *end = bytes + len, *lf;

	while (at < end && ready(s, out)) {
		lf = memchr(at, '\n', (size_t)(end - at));
		if (lf == NULL) {
			if (s->skipped == 0 && end - at <= SESSION_LINE_MAX)
				break;
			s->skipped += (size_t)(end - at);
			return len;
		}
		take_line(s, at, (size_t)(lf - at), out);
		if (s->waiting == SESSION_JUDGE) /* the line is kept */
			break;
		at = lf + 1;
	}
	return (size_t)(at - bytes);
}

/* What the shell is to do, from how the session stands now. */
static enum session_next
next_step(const struct session *s, const struct buf *out)
{
	if (s->closing)
		return SESSION_CLOSE;
	if (s->shaking)
		return SESSION_TLS;
	if (s->waiting != SESSION_IDLE)
		return SESSION_WAIT;
	if (s->in.len > 0 && out->len >= SESSION_OUT_MAX)
		return SESSION_FULL;
	return SESSION_READ;
}

enum session_next
session_input(struct session *s, const char *bytes, size_t len, struct buf *out)
{
	size_t done;

	if (s->tuned != s->host->epoch)
		tune(s);
	if (s->in.len == 0 && len == 0)
		return next_step(s, out);
	if (s->in.len == 0) {
		done = take_lines(s, bytes, len, out);
		buf_add(&s->in, bytes + done, len - done);
	} else {
		buf_add(&s->in, bytes, len);
		done = take_lines(s, buf_head(&s->in), s->in.len, out);
		buf_consume(&s->in, done);
	}
	if (s->skipped > SESSION_LINE_HARD || s->in.len > SESSION_IN_MAX) {
		reply_err(out, "TOO-LONG");
		s->closing = true;
	}
	if (s->shaking && s->in.len > 0) /* would be taken for said by TLS */
		s->closing = true;
	else if (s->shaking)
		buf_puts(out, "OK STARTTLS\n");
	if (s->in.len == 0 || s->closing)
		buf_free(&s->in);
	return next_step(s, out);
}

/* TRACKING is on, and does not change while core is asked. */
static bool
is_tracked(const struct session *s, enum session_wait wait)
{
	return s->tracking && (wait == SESSION_INSTCMD || wait == SESSION_SET);
}

void
session_answer(struct session *s, const char *word, struct buf *out)
{
	enum session_wait wait = s->waiting;

	if (wait == SESSION_IDLE || wait == SESSION_JUDGE)
		return;
	s->waiting = SESSION_IDLE;
	if (is_tracked(s, wait) && word == NULL) {
		buf_printf(
		    out, "OK TRACKING %s\n", tracking_taken(s->host->tracking, s->id));
		return;
	}
	if (is_tracked(s, wait))
		tracking_refused(s->host->tracking, s->id);
	/* Core away: it hears of the login when it is back (session_relogin()). Refused, an
	 * upsmon would read on and not ask again, and nobody would wait for its machine. */
	if (word == NULL || (wait == SESSION_LOGIN && *word == '\0')) {
		buf_puts(out, answers[wait].ok);
		return;
	}
	if (wait == SESSION_LOGIN) {
		free(s->login);
		s->login = NULL;
	}
	word = profile_error(session_profile(s), word);
	reply_err(out, word != NULL ? word : answers[wait].err);
}

void
session_relogin(struct session *s)
{
	struct request r = {.ups = s->login, .account = s->username};

	if (s->login == NULL || s->waiting == SESSION_LOGIN)
		return;
	r.verb = REQUEST_LOGIN;
	send_request(s, &r);
	r.verb = REQUEST_PRIMARY;
	if (s->primary)
		send_request(s, &r);
}

struct feed_ups *
session_find(const struct session *s, const char *name)
{
	return alias_find(s->host->feed, s->host->own, name);
}

const struct feed_ups *
session_ups(struct session *s, const char *name, struct buf *out)
{
	const struct feed_ups *u = session_find(s, name);
	struct session_host *h = s->host;

	if (u != NULL)
		return u;
	/* Before core's first snapshot nobody can say which UPSes there are. */
	if (h->feed->whole)
		misses_add(&h->misses, s->address, MISS_UPS, name, h->now);
	reply_err(out, h->feed->whole ? "UNKNOWN-UPS" : "DRIVER-NOT-CONNECTED");
	return NULL;
}

const struct feed_ups *
session_fresh_ups(struct session *s, const char *name, struct buf *out)
{
	const struct feed_ups *u = session_ups(s, name, out);

	if (u == NULL)
		return NULL;
	tell_seen(s, u);
	switch (session_source(s, u)) {
	case FEED_OK:
		return u;
	case FEED_STALE:
		reply_err(out, "DATA-STALE");
		return NULL;
	case FEED_LOST:
		break;
	}
	reply_err(out, "DRIVER-NOT-CONNECTED");
	return NULL;
}

const struct state_var *
session_fresh_var(struct session *s, const char *name, const char *var,
    const struct feed_ups **ups, struct buf *out)
{
	const struct feed_ups *u = session_fresh_ups(s, name, out);
	const struct state_var *v;

	if (u == NULL)
		return NULL;
	v = lookup_var(u->state, var);
	if (v == NULL)
		reply_err(out, "VAR-NOT-SUPPORTED");
	if (ups != NULL)
		*ups = u;
	return v;
}

void
session_ask(struct session *s, enum session_wait wait, struct request *r, struct buf *out)
{
	s->waiting = wait;
	r->account = s->username;
	if (send_request(s, r) < 0)
		session_answer(s, "", out);
}
