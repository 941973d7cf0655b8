/* SPDX-License-Identifier: ISC */
#ifndef WEB_API_H
#define WEB_API_H

#include "net/account.h"
#include "web/call.h"
#include "web/web.h"

struct conf_user;

/* Answers a request, now or later (docs/page.md, 2). */
typedef void api_handler(struct web *w, struct call *c);
api_handler api_asked;

/* The handlers, one for each row of routes[]; by files. */
void api_page(struct web *w, struct call *c); /* api_state.c */
void api_base(struct web *w, struct call *c);
void api_state(struct web *w, struct call *c);
void api_stream(struct web *w, struct call *c);
void api_ups(struct web *w, struct call *c);
void api_health(struct web *w, struct call *c);

void api_session(struct web *w, struct call *c); /* api_session.c */
void api_login(struct web *w, struct call *c);
void api_logout(struct web *w, struct call *c);
/* Judges what Authorization says, and lets `then` answer who may come in. */
void api_prove(struct web *w, struct call *c, api_handler *then);

void api_series(struct web *w, struct call *c); /* api_history.c */
void api_quality(struct web *w, struct call *c);
void api_energy(struct web *w, struct call *c);
void api_battery(struct web *w, struct call *c);
void api_outages(struct web *w, struct call *c);
void api_outage(struct web *w, struct call *c);
void api_events(struct web *w, struct call *c);

void api_metrics(struct web *w, struct call *c); /* api_metrics.c */

void api_command(struct web *w, struct call *c); /* api_act.c */
void api_set(struct web *w, struct call *c);
void api_forget(struct web *w, struct call *c);
void api_drill(struct web *w, struct call *c);

/* What comes of orders, as of struct upstream_ops. */
void api_answered(void *arg, void *who, const char *word);
void api_done(void *arg, unsigned long number, unsigned long status);
void api_undone(void *arg);

/* The UPS that the path names; NULL, and an error answered, where there is none. */
struct feed_ups *api_ups_named(struct web *w, struct call *c);

/* The account that is logged in, as far as it may be used from there; NULL: nobody. */
const struct conf_user *api_user(const struct web *w, const struct call *c);

/* The claim of a login has been judged: a judge_told. */
void api_judged(void *arg, void *who, enum account_verdict verdict);

#endif
