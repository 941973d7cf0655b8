/* SPDX-License-Identifier: ISC */
#ifndef REMOTE_CLIENT_IN_H
#define REMOTE_CLIENT_IN_H

#include "lib/words.h"
#include "remote/ask.h"
#include "remote/client.h"

/*
 * What client.c (the connection), client_answer.c (what the server says) and
 * client_login.c (being one of its machines) share; nobody else's business.
 */

struct result {
	STAILQ_ENTRY(result) entry;
	unsigned long ticket;
	enum dserver_status status;
};

struct client {
	char *ups, *user, *password;
	enum client_login login;
	enum client_tls tls;
	uint64_t poll_every_ms, alert_every_ms;
	struct state *state; /* what we show */
	struct state *list;  /* the list that is coming in */
	struct buf out;
	struct asks asks;
	STAILQ_HEAD(results, result) results;
	bool up, waiting;   /* connected; the first of asks is on its way */
	bool push, polling; /* one of them once SUBSCRIBE is answered */
	bool securing;      /* TLS was agreed upon and does not stand yet */
	bool secured;       /* it stands */
	bool plain_next;    /* it has failed: the next connection goes without */
	bool introduced;    /* USERNAME and PASSWORD were put on this connection */
	bool inside;        /* between BEGIN LIST and END LIST */
	bool far_ok, have;  /* far data fresh; LIST VAR has come once */
	bool listed;        /* LIST VAR was answered on this connection */
	bool heard, away;   /* a line came since up; the grace is over */
	bool refused;       /* the login was, to be tried again at login_ms */
	bool granted;       /* we are the primary on this connection */
	bool fsd;           /* a forced shutdown is demanded */
	uint64_t asked_ms, heard_ms, lost_ms, polled_ms, list_ms, login_ms, logins_ms;
	char cause[256];
	char login_text[384];
};

/* Notes why the connection is of no use. Returns -1. */
int client_broken(struct client *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Asks for everything there is to know about the UPS. */
void client_ask_all(struct client *c);

/* Keeps the result of a command for client_result(). */
void client_result_add(
    struct client *c, unsigned long ticket, enum dserver_status status);

/* Says what every connection begins with. */
void client_begin(struct client *c);

/* A line that answers the question on its way. Returns 1 when the answer is complete, 0
 * when more of it is to come, -1 when the connection is of no use. */
int client_answer(struct client *c, const struct words *w, uint64_t now_ms);

/* `NOTIFY VAR|DELVAR|DRIVER ups …` */
void client_notify(struct client *c, const struct words *w);

/* Puts user and password on the connection unless they are. */
void client_introduce(struct client *c);

/* Asks for the login that the section wants, if any; again after a refusal. */
void client_login_begin(struct client *c);
void client_login_again(struct client *c);

/* Asks what is due once a forced shutdown is demanded. */
void client_fsd_tick(struct client *c, uint64_t now_ms);

/* `NUMLOGINS ups 3`. */
void client_logins_answer(struct client *c, const struct words *w);

/* The answers to LOGIN, PRIMARY, MASTER and FSD; `word` is that of ERR, or NULL for OK. */
void client_login_answer(
    struct client *c, const struct ask *a, const char *word, uint64_t now_ms);

#endif
