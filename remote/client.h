/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_CLIENT_H
#define REMOTE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/dserver.h"
#include "lib/state.h"

/*
 * A client of another NUT server (RFC 9271), for one UPS. Pure: lines and times in;
 * a state, lines to send and results of commands out. The shell (main.c) has the socket.
 *
 * It asks the server to push (SUBSCRIBE, docs/architecture.md, 4) and polls one that
 * cannot. One question is on its way at a time, so that any server can follow. Variables
 * pass through under their names; driver.* of the far side stays there, and what says who
 * the UPS is (ups.serial and the like) never changes once it was known.
 */
struct client;

#define CLIENT_POLL_MS 2000     /* GET VAR ups.status, for one that only reads */
#define CLIENT_LIST_MS 10000    /* LIST VAR */
#define CLIENT_LOGIN_MS 30000   /* before a refused login is tried again */
#define CLIENT_LOGINS_MS 1000   /* GET NUMLOGINS, once a forced shutdown is demanded */
#define CLIENT_SILENCE_MS 15000 /* without a line: the connection is dead */
#define CLIENT_GRACE_MS 3000    /* data stay fresh through a gap as short as that */

/*
 * Who this machine is to the server. A secondary logs in (USERNAME, PASSWORD, LOGIN), so
 * that the server counts it and waits for its LOGOUT; a primary also asks to be that
 * (PRIMARY, MASTER where that is unknown).
 */
enum client_login { CLIENT_READER, CLIENT_SECONDARY, CLIENT_PRIMARY };

/*
 * TLS, before anything else is said (RFC 9271: STARTTLS). CLIENT_TLS_TRY goes on in the
 * clear with a server that has none, and so does the connection after a handshake that
 * has failed.
 */
enum client_tls { CLIENT_TLS_NONE, CLIENT_TLS_TRY, CLIENT_TLS_FORCE };

struct client_options {
	const char *ups, *user,
	    *password; /* user or password NULL: no login, no commands */
	enum client_login login;
	enum client_tls tls;
	uint64_t poll_ms, alert_ms; /* between two polls of the status; on battery */
};

/* Follows a UPS; the texts are copied. */
struct client *client_new(const struct client_options *o);
void client_free(struct client *c);

/* What is known; the shell may add its own driver.* variables. Owned by the client. */
struct state *client_state(struct client *c);

/* False when the far data are stale, or the server was away longer than the grace. */
bool client_fresh(const struct client *c);

/* Bytes to send; the shell consumes them. */
struct buf *client_out(struct client *c);

/* A connection stands / is lost: commands on their way fail. */
void client_up(struct client *c, uint64_t now_ms);
void client_down(struct client *c, uint64_t now_ms);

/* True when the server has agreed to TLS: the shell begins it now, with nothing else sent
 * before, and says client_secured() when it stands; where it fails, client_down(). */
bool client_wants_tls(const struct client *c);
void client_secured(struct client *c, uint64_t now_ms);

/* True when TLS stands on this connection. */
bool client_is_secure(const struct client *c);

/* One line of the server, without its LF. Returns 0, or -1 when this connection is of no
 * use: close it and connect anew later; client_cause() says why. */
int client_line(struct client *c, const char *line, size_t len, uint64_t now_ms);

/* Does what is due. Returns as client_line() does. Call it at least at client_next(). */
int client_tick(struct client *c, uint64_t now_ms);
uint64_t client_next(const struct client *c);

/* Why the connection is of no use, naming the remedy where there is one. */
const char *client_cause(const struct client *c);

/* True once this connection has told of the UPS / once its server agreed to push. */
bool client_talks(const struct client *c);
bool client_pushed(const struct client *c);

/* What the server said to our login, as the end of a sentence that begins with its name
 * and tells the remedy of a refusal; "" until it has said something. A refused login is
 * tried again by itself. */
const char *client_login_text(const struct client *c);
bool client_refused(const struct client *c);

/*
 * Demands a forced shutdown of what hangs on the UPS, as its primary: FSD is said now, or
 * as soon as the server has granted that, and on each connection anew. From then on the
 * state has driver.numlogins, what the server says to GET NUMLOGINS.
 */
void client_fsd(struct client *c, uint64_t now_ms);

/* Says LOGOUT: this machine is leaving. The server closes the connection; on later ones we
 * only read. */
void client_logout(struct client *c);

/* Asks for a command / a new value; `ticket` returns through client_result(). Returns
 * DSERVER_PENDING, or DSERVER_FAILED when there is no account or no connection. */
enum dserver_status client_instcmd(struct client *c, const char *cmd, const char *value,
    unsigned long ticket, uint64_t now_ms);
enum dserver_status client_set(struct client *c, const char *var, const char *value,
    unsigned long ticket, uint64_t now_ms);

/* Takes the oldest result that has come. Returns false when there is none. */
bool client_result(struct client *c, unsigned long *ticket, enum dserver_status *status);

#endif
