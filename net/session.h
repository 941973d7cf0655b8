/* SPDX-License-Identifier: ISC */
#ifndef NET_SESSION_H
#define NET_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/conf_holdup.h"
#include "lib/conf_users.h"
#include "lib/feed.h"
#include "lib/request.h"
#include "net/account.h"
#include "net/answers.h"
#include "net/failures.h"
#include "net/listcache.h"
#include "net/misses.h"
#include "net/profile.h"
#include "net/readers.h"

/*
 * One client's conversation in the NUT protocol (RFC 9271): bytes in, answers and
 * requests to core out. Pure: no descriptor, no clock, no log. What all sessions share,
 * and the way out to the shell, is the host.
 */
#define SESSION_LINE_MAX 1024         /* bytes in a line; a longer one is refused */
#define SESSION_LINE_HARD (64 * 1024) /* of one line: then the connection ends */
#define SESSION_IN_MAX (64 * 1024)    /* bytes kept while answers are outstanding */
#define SESSION_OUT_MAX (256 * 1024)  /* answers in one go; the rest waits */

struct session;

struct session_host {
	const struct feed *feed; /* as shown; not `whole` before core's first snapshot */
	bool tls;                /* a certificate is there: STARTTLS is offered */
	bool stale; /* core is away for longer than MAXAGE: nothing is fresh */
	const struct users_conf *users;
	const struct holdup_conf *own; /* aliases, profiles; NULL: none are written */
	const struct allow_nets *nets; /* what "lan" means at the moment */
	uint64_t now;   /* monotonic milliseconds, set by the shell before each call */
	unsigned epoch; /* of the configuration: another number after each reload */
	struct failures failures;
	struct misses misses;
	struct listcache cache;
	struct answers answers;
	const struct feed_ups *answered; /* session_answered(); NULL before each line */
	struct readers readers;
	struct tracking *tracking;

	/* Sends a request (id 0: the shell numbers it, and notes a tracked one by
	 * tracking_asked()); returns -1 when core is away.
	 * LOGIN, FSD, INSTCMD and SET are answered through session_answer(). */
	int (*request)(void *arg, struct session *s, const struct request *r);
	/* Has the claim of `s` judged: by `hash` (NULL: there is none, but) `hold` ms from
	 * now. Returns the verdict, or ACCOUNT_OPEN: session_judged() will tell it. */
	enum account_verdict (*judge)(
	    void *arg, struct session *s, const char *hash, uint64_t hold);
	/* `verb` was refused for what the account lacks (account_lacks()). */
	void (*denied)(void *arg, const struct session *s, const char *verb,
	    enum account_lack lack, int line);
	void *arg;
};

/* What the shell does next with this connection. */
enum session_next {
	SESSION_READ,  /* go on reading */
	SESSION_WAIT,  /* core or judge is asked: what is read is held back until
		       * session_answer() or session_judged() */
	SESSION_FULL,  /* read no more until the answers are written, then call again */
	SESSION_CLOSE, /* write what there is and close at once */
	SESSION_TLS,   /* write what there is, shake hands, then session_secured() */
};

/* What a session waits for: from core, but for SESSION_JUDGE, where the line that needs the
 * account stands in `in` and is run again with the verdict. */
enum session_wait {
	SESSION_IDLE,
	SESSION_LOGIN,
	SESSION_FSD,
	SESSION_INSTCMD,
	SESSION_SET,
	SESSION_JUDGE
};

/* A UPS that a session subscribed to. */
struct session_sub {
	char *asked; /* as its client spelt it, maybe an alias */
	char *ups;   /* its real name */
};

/* Zero when idle but for its name and address: kept small, there may be thousands. */
struct session {
	struct session_host *host;
	unsigned long id;
	const char *address; /* of the peer, as text; the shell's */
	struct buf in;  /* an unfinished line, or lines held back; released when empty */
	size_t skipped; /* bytes of an over-long line thrown away so far */
	char *username, *password;
	char *login; /* real name of the UPS it has logged in to */
	struct session_sub *subs;
	unsigned nsubs;  /* of them */
	bool subs_all;   /* subscribed to every UPS, by its real name */
	bool secure;     /* STARTTLS was answered OK */
	bool shaking;    /* and the handshake is not over yet */
	bool closing;    /* nothing that comes is looked at any more */
	bool tracking;   /* SET TRACKING ON */
	bool primary;    /* PRIMARY was granted for the UPS it has logged in to */
	bool proven;     /* its password was right once, so it is no guess */
	uint8_t waiting; /* enum session_wait */
	uint8_t verdict; /* enum account_verdict, on the line that is run */
	unsigned reads;  /* epoch in which it was found that it may read; 0: none */
	int8_t told;     /* enum conf_profile, by holdup.conf; CONF_UNKNOWN: by `talk` */
	unsigned tuned;  /* epoch in which that was looked up */
	int16_t
	    machine; /* row of holdup.conf's machines that it is; -1: everybody else */
	bool kept;   /* it was logged in while FSD was shown, so goes on seeing it */
	struct reader_talk talk;
};

/* Begins a session (the text stays the shell's) / releases what it holds. session_end() tells
 * core that a client is gone without having said LOGOUT (BROKEN). */
void session_begin(
    struct session *s, struct session_host *host, unsigned long id, const char *address);
void session_end(struct session *s);

/*
 * Takes bytes as they came, in any pieces, and appends the answers to `out`. Lines end in
 * LF; CRs before it do not count. Answers keep the order of the questions: while core is
 * asked, later lines of this session wait. len 0 goes on with lines that were held back.
 */
enum session_next session_input(
    struct session *s, const char *bytes, size_t len, struct buf *out);

/* Core's answer to the request outstanding: NULL for OK, "" when it is away, else a word
 * of RFC 9271 (an unknown one is replaced). A login stands while core is away.
 * Call session_input() with len 0 afterwards. */
void session_answer(struct session *s, const char *word, struct buf *out);

/* The verdict on the session's claim, which it waits for. Call session_input() with len 0
 * afterwards. */
void session_judged(struct session *s, enum account_verdict verdict);

/* The handshake that STARTTLS asked for is over: what comes now comes by TLS. */
void session_secured(struct session *s);

/* After a reload: false when it is told of changes that it may not read any more without
 * having said who it is (`read` of holdup.conf). */
bool session_may_stay(const struct session *s);

/* Core has forgotten who is logged in (it is a new process): says LOGIN again, and
 * PRIMARY. No answer is expected. */
void session_relogin(struct session *s);

/* For the verbs. The UPS asked for, or NULL when the ERR line is already in `out`. The
 * second also refuses one without fresh data, and counts as reading it (SEEN). */
const struct feed_ups *session_ups(struct session *s, const char *name, struct buf *out);
const struct feed_ups *session_fresh_ups(
    struct session *s, const char *name, struct buf *out);

/* For the verbs. The variable asked for, by lookup_var(); `*ups`, unless NULL, is the UPS
 * it belongs to. NULL when the ERR line is already in `out`. */
const struct state_var *session_fresh_var(struct session *s, const char *name,
    const char *var, const struct feed_ups **ups, struct buf *out);

/* For the verbs. The answer in `out` tells of this fresh UPS and follows from the model, the
 * configuration and the look alone: whoever says the same line may be told the same. */
void session_answered(struct session *s, const struct feed_ups *u);

/* For the verbs. The UPS of this name, or NULL: the one place where names are looked up
 * (net/alias.h). */
struct feed_ups *session_find(const struct session *s, const char *name);

/* For the verbs. How fresh the data of the UPS are to clients: under FSD the last values
 * are served, whatever became of the driver. */
enum feed_source session_source(const struct session *s, const struct feed_ups *u);

/* For the verbs. The account of this session into *account, or NULL for a wrong name or
 * password, or one that may not be used from its address. Returns false when that must be
 * judged first: then the verb returns at once, having done nothing, and is called again. */
bool session_account(struct session *s, const struct conf_user **account);

/* For the verbs. True when the session may read. False when `verb` is to return at once:
 * it was refused, or is called again as with session_account(). */
bool session_may_read(struct session *s, const char *verb, struct buf *out);

/* What the client can bear: by holdup.conf, else by what it has said so far. The look of
 * its answers about a UPS is that of net/profile.h and, above it, the view (docs/plan.md,
 * 2). */
const struct profile *session_profile(const struct session *s);
uint64_t session_look(const struct session *s, const struct feed_ups *u);

/* For the verbs. Refuses `verb`: ERR ACCESS-DENIED, and the shell hears of it. */
void session_deny(struct session *s, const char *verb, struct buf *out);

/* For the verbs and the shell. Which machine of holdup.conf it is, by its address and what
 * it has said / how that is to see the UPS / all that an answer depends on besides the
 * model / a view of the UPS that it has logged in to may have changed / true when views of
 * this machine are its own. */
void session_know_machine(struct session *s);
bool session_is_viewed(const struct session *s, const char *machine);
enum feed_view session_view(const struct session *s, const struct feed_ups *u);
uint64_t session_kind(const struct session *s);
void session_viewed(struct session *s);

/* For the verbs. Tells core what has no answer. Fills in session and address. */
void session_tell(struct session *s, struct request *r);

/* For the verbs. Ends the login, if there is one: LOGOUT was said. */
void session_logout(struct session *s);

/* For the verbs. STARTTLS: forgets what was said in the clear, where others may have
 * said it, and lets the shell begin TLS. Lines that stand behind it end the session. */
void session_secure(struct session *s);

/* For the verbs. Asks core and waits for the answer; when core is away, the session
 * answers by itself. Fills in session, account and address. */
void session_ask(
    struct session *s, enum session_wait wait, struct request *r, struct buf *out);

#endif
