/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "lib/boottime.h"
#include "lib/jout.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "net/account.h"
#include "net/judge.h"
#include "net/nets.h"
#include "web/api.h"
#include "web/body.h"
#include "web/http.h"

/* A login that waits for its verdict, as judge wants it. */
struct attempt {
	struct web *web;
	struct call *call;
	char *user, *password;
	api_handler *then; /* of one who only reads; NULL: a session begins */
};

static struct account_files
files_of(const struct web *w)
{
	/* The logins that boxes have hard-coded are theirs, not people's: no `own`. */
	return (struct account_files){&w->conf->users, NULL, nets_list(w->nets)};
}

const struct conf_user *
api_user(const struct web *w, const struct call *c)
{
	const struct conf_user *u =
	    c->login == NULL ? NULL : users_conf_find(&w->conf->users, c->login->user);

	return u != NULL && conf_user_from(u, c->address, nets_list(w->nets)) ? u : NULL;
}

/* What the account may, for a page that offers nothing else. */
static void
write_may(struct jout *j, const struct conf_user *u)
{
	bool all = false;

	jout_open(j, "may", '{');
	for (size_t i = 0; u != NULL && i < u->ninstcmds; i++)
		all |= strcasecmp(u->instcmds[i], "ALL") == 0;
	if (all)
		jout_text(j, "commands", "all");
	else {
		jout_open(j, "commands", '[');
		for (size_t i = 0; u != NULL && i < u->ninstcmds; i++)
			jout_text(j, NULL, u->instcmds[i]);
		jout_close(j, ']');
	}
	jout_bool(j, "set", u != NULL && u->action_set);
	jout_bool(j, "forget", u != NULL && account_may_fsd(u));
	jout_bool(j, "drill", u != NULL && account_may_fsd(u));
	jout_close(j, '}');
}

void
api_session(struct web *w, struct call *c)
{
	const struct conf_user *u = api_user(w, c);
	struct jout j = {.out = &c->reply.body};

	jout_open(&j, NULL, '{');
	jout_text(&j, "user", u == NULL ? NULL : c->login->user);
	jout_text(&j, "csrf", u == NULL ? NULL : c->login->token);
	write_may(&j, u);
	jout_close(&j, '}');
	c->reply.status = 200;
}

/* Said as net says it; names that are guessed are not repeated. */
static void
log_refusal(const struct account_files *f, const struct account_claim *claim,
    enum account_verdict verdict)
{
	int line;
	enum account_lack lack = account_lacks(f, claim, verdict, &line);

	if (lack == ACCOUNT_NO_ADDRESS)
		log_warn(
		    "login refused to user %s from %s: upsd.users:%d: allowfrom does not "
		    "hold this address",
		    claim->name, claim->address, line);
	else if (lack == ACCOUNT_NO_VERDICT)
		log_warn(
		    "login refused to user %s from %s: the password could not be judged "
		    "in time",
		    claim->name, claim->address);
	else
		log_debug(
		    "login refused from %s: no such user and password", claim->address);
}

/* A session for `u`; an older one of this browser ends. */
static void
begin(struct web *w, struct call *c, const struct conf_user *u)
{
	uint8_t random[2 * LOGIN_KEY_BYTES];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		log_fatal_errno("no random numbers");
	if (c->login != NULL)
		login_end(c->login);
	c->login = login_begin(&w->logins, u->name, random, boottime_ms());
	login_cookie(&c->reply.cookie, c->login, w->conf->base, c->secure);
	log_info("%s has logged in from %s", u->name, c->address);
	api_session(w, c);
}

/* Lets somebody in, or not. */
static void
conclude(struct web *w, struct call *c, const struct account_claim *claim,
    api_handler *then, enum account_verdict verdict)
{
	const struct account_files files = files_of(w);
	const struct conf_user *u = account_allowed(&files, claim, verdict);

	if (u == NULL) {
		if (verdict == ACCOUNT_WRONG)
			failures_bad(
			    &w->failures, claim->address, claim->name, boottime_ms());
		log_refusal(&files, claim, verdict);
		call_error(c,
		    verdict == ACCOUNT_UNJUDGED ? 503
		    : then != NULL              ? 401
						: 403,
		    "ACCESS-DENIED",
		    verdict == ACCOUNT_UNJUDGED
			? "The password could not be judged in time"
			: "There is no such user and password here");
		return;
	}
	failures_good(&w->failures, claim->address, claim->name, boottime_ms());
	if (then != NULL)
		then(w, c);
	else
		begin(w, c, u);
}

static void
attempt_free(struct attempt *a)
{
	explicit_bzero(a->password, strlen(a->password));
	free(a->password);
	free(a->user);
	free(a);
}

void
api_judged(void *arg, void *who, enum account_verdict verdict)
{
	struct attempt *a = who;
	const struct account_files files = files_of(a->web);
	const struct account_claim claim = {a->user, a->password, a->call->address};

	if (verdict == ACCOUNT_HELD)
		verdict = account_compare(&files, &claim);
	/* He may have been logged in when he asked, and not any more. */
	a->call->login =
	    login_find(&a->web->logins, a->call->fields[CALL_COOKIE], boottime_ms());
	conclude(a->web, a->call, &claim, a->then, verdict);
	http_answer(a->call);
	attempt_free(a);
}

/* Judges at once where that can be, else later: who fails again and again waits, whether he
 * is right this time or not. */
static void
judge(struct web *w, struct call *c, const char *user, const char *password,
    api_handler *then)
{
	const struct account_files files = files_of(w);
	const struct account_claim claim = {user, password, c->address};
	struct judge_claim question = {.address = c->address,
	    .account = user,
	    .password = password,
	    .hash = account_hash(&files, &claim),
	    .hold = failures_hold(&w->failures, c->address, user, boottime_ms())};
	enum account_verdict verdict;
	struct attempt *a;

	if (question.hash == NULL && question.hold == 0) {
		conclude(w, c, &claim, then, account_compare(&files, &claim));
		return;
	}
	a = xmalloc(sizeof(*a));
	*a = (struct attempt){w, c, xstrdup(user), xstrdup(password), then};
	if (judge_ask(w->judge, a, &question, &verdict) != NULL)
		return;
	conclude(w, c, &claim, then, verdict);
	attempt_free(a);
}

void
api_prove(struct web *w, struct call *c, api_handler *then)
{
	if (strlen(c->user) >= LOGIN_USER_MAX)
		call_error(
		    c, 401, "ACCESS-DENIED", "There is no such user and password here");
	else
		judge(w, c, c->user, c->password, then);
}

void
api_login(struct web *w, struct call *c)
{
	const char *why, *user, *password;
	struct body *b = body_read(buf_head(&c->body), c->body.len, &why);

	if (b == NULL) {
		call_error(c, 400, "INVALID-ARGUMENT", "%s", why);
		return;
	}
	user = body_text(b, "user");
	password = body_text(b, "password");
	if (user == NULL || password == NULL || strlen(user) >= LOGIN_USER_MAX)
		call_error(c, 400, "INVALID-ARGUMENT",
		    "It takes \"user\" and \"password\", both texts");
	else
		judge(w, c, user, password, NULL);
	body_free(b);
}

void
api_logout(struct web *w, struct call *c)
{
	login_end(c->login);
	c->login = NULL;
	login_cookie(&c->reply.cookie, NULL, w->conf->base, c->secure);
	api_session(w, c);
}
