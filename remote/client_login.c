/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "remote/client_in.h"

void
client_introduce(struct client *c)
{
	if (c->introduced)
		return;
	ask_add(&c->asks, ASK_USERNAME, NULL, c->user, 0);
	ask_add(&c->asks, ASK_PASSWORD, NULL, c->password, 0);
	c->introduced = true;
}

void
client_login_begin(struct client *c)
{
	if (c->login == CLIENT_READER)
		return;
	client_introduce(c);
	ask_add(&c->asks, ASK_LOGIN, NULL, NULL, 0);
}

void
client_login_again(struct client *c)
{
	c->refused = false;
	ask_add(&c->asks, ASK_LOGIN, NULL, NULL, 0);
}

/* A login that the server refused is wanted again; the reading goes on meanwhile. */
static void
refused(struct client *c, const char *word, uint64_t now_ms)
{
	c->refused = true;
	c->login_ms = now_ms + CLIENT_LOGIN_MS;
	snprintf(c->login_text, sizeof(c->login_text),
	    "refuses our login as \"%.64s\" (ERR %.64s) and will not wait for this "
	    "machine: in upsd.users there, that user needs this password, upsmon %s, and "
	    "this address in its allowfrom; trying again every %d s",
	    c->user, word, c->login == CLIENT_PRIMARY ? "primary" : "secondary",
	    CLIENT_LOGIN_MS / 1000);
}

/* The server counts this machine among those that the UPS feeds. */
static void
logged_in(struct client *c)
{
	snprintf(c->login_text, sizeof(c->login_text),
	    "has logged us in and waits for this machine");
	if (c->login == CLIENT_PRIMARY)
		ask_add(&c->asks, ASK_PRIMARY, NULL, NULL, 0);
}

/* We are the primary: what was demanded meanwhile is said. */
static void
granted(struct client *c)
{
	snprintf(c->login_text, sizeof(c->login_text), "has logged us in as the primary");
	c->granted = true;
	if (c->fsd)
		ask_once(&c->asks, ASK_FSD, NULL);
}

void
client_fsd_tick(struct client *c, uint64_t now_ms)
{
	if (!c->fsd || now_ms < c->logins_ms)
		return;
	c->logins_ms = now_ms + CLIENT_LOGINS_MS;
	ask_once(&c->asks, ASK_LOGINS, NULL);
}

void
client_logins_answer(struct client *c, const struct words *w)
{
	if (w->argc >= 3)
		state_set(c->state, "driver.numlogins", w->argv[2]);
}

static void
fsd_answer(struct client *c, const char *word)
{
	if (word == NULL)
		snprintf(c->login_text, sizeof(c->login_text),
		    "takes the others down: forced shutdown is set");
	else
		snprintf(c->login_text, sizeof(c->login_text),
		    "refuses the forced shutdown (ERR %.64s): in upsd.users there, "
		    "\"%.64s\" needs upsmon primary",
		    word, c->user);
}

void
client_login_answer(
    struct client *c, const struct ask *a, const char *word, uint64_t now_ms)
{
	if (a->kind == ASK_LOGIN) {
		if (word == NULL || strcmp(word, "ALREADY-LOGGED-IN") == 0)
			logged_in(c);
		else
			refused(c, word, now_ms);
	} else if (a->kind == ASK_FSD) {
		fsd_answer(c, word);
	} else if (word == NULL) {
		granted(c);
	} else if (a->kind == ASK_PRIMARY && strcmp(word, "UNKNOWN-COMMAND") == 0) {
		ask_add(&c->asks, ASK_MASTER, NULL, NULL, 0); /* before NUT 2.8 */
	} else {
		snprintf(c->login_text, sizeof(c->login_text),
		    "has logged us in, but not as the primary (ERR %.64s): in upsd.users "
		    "there, \"%.64s\" needs upsmon primary",
		    word, c->user);
	}
}

bool
client_refused(const struct client *c)
{
	return c->refused;
}

const char *
client_login_text(const struct client *c)
{
	return c->login_text;
}

void
client_logout(struct client *c)
{
	c->login = CLIENT_READER;
	c->refused = false;
	if (c->up)
		buf_puts(&c->out, "LOGOUT\n");
}
