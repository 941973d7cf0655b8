/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/judgesock.h"
#include "lib/log.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "net/judge.h"
#include "net/questions.h"
#include "net/remember.h"
#include "net/seldom.h"

/* How often waits are looked at, and judge is called again that was not there. */
static const struct timeval tick_time = {.tv_usec = 100 * 1000};

struct judge {
	struct event_base *base;
	char *path;
	judge_told *told;
	void *arg;
	struct questions questions;
	struct question *asked; /* judge has it, or is to get it as soon as it is there */
	bool sent;              /* it has */
	struct question_list settled; /* their verdicts are to be told */
	struct remember right;
	struct event *answer; /* on the connection; NULL: there is none */
	struct event *tick;   /* pending while anything waits */
	struct event *tell;
	bool complained; /* its absence is in the log */
	struct seldom damaged;
};

static void
hang_up(struct judge *j)
{
	if (j->answer == NULL)
		return;
	close(event_get_fd(j->answer));
	event_free(j->answer);
	j->answer = NULL;
	j->sent = false;
}

/* Ends a question with its verdict. That is told from the loop, for the one who asks at
 * this moment may be another. */
static void
settle(struct judge *j, struct question *this, enum account_verdict verdict)
{
	this->verdict = verdict;
	TAILQ_INSERT_TAIL(&j->settled, this, next);
	event_active(j->tell, EV_TIMEOUT, 1);
}

static void
on_tell(evutil_socket_t fd, short what, void *arg)
{
	struct judge *j = arg;
	struct question *this;

	while ((this = TAILQ_FIRST(&j->settled)) != NULL) {
		void *who = this->who;
		enum account_verdict verdict = (enum account_verdict)this->verdict;

		TAILQ_REMOVE(&j->settled, this, next);
		question_free(this);
		if (who != NULL)
			j->told(j->arg, who, verdict);
	}
}

/* What judge said about the question that it has. */
static enum account_verdict
verdict_of(struct judge *j, const struct question *asked, uint8_t answer)
{
	switch (answer) {
	case JUDGE_RIGHT:
		remember_add(&j->right, asked->account, asked->hash, asked->password);
		return ACCOUNT_RIGHT;
	case JUDGE_WRONG:
		return ACCOUNT_WRONG;
	default:
		if (seldom_due(&j->damaged, asked->hash, boottime_ms()))
			log_warn("upsd.users: the password of %s is no hash that this "
				 "machine's crypt(5) knows; 'holdup passwd %s' makes one",
			    asked->account, asked->account);
		return ACCOUNT_UNJUDGED;
	}
}

static void ask_next(struct judge *j);

static void
on_answer(evutil_socket_t fd, short what, void *arg)
{
	struct judge *j = arg;
	struct question *asked = j->asked;
	struct judge_verdict v;
	ssize_t n = recv(fd, &v, sizeof(v), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n != sizeof(v) || asked == NULL) {
		/* What was asked is asked again when another judge is there. */
		hang_up(j);
		return;
	}
	j->asked = NULL;
	j->sent = false;
	settle(j, asked, verdict_of(j, asked, v.answer));
	ask_next(j);
}

/* Connects where there is no connection; false when judge is not there. */
static bool
call(struct judge *j)
{
	char cause[256];
	int fd;

	if (j->answer != NULL)
		return true;
	fd = sock_connect_unix(j->path, SOCK_STREAM, cause, sizeof(cause));
	if (fd < 0) {
		if (!j->complained)
			log_warn("%s: logins with a hashed password wait", cause);
		j->complained = true;
		return false;
	}
	if (j->complained)
		log_info("judge is there");
	j->complained = false;
	j->answer = event_new(j->base, fd, EV_READ | EV_PERSIST, on_answer, j);
	event_add(j->answer, NULL);
	return true;
}

/* Puts the question that is asked to judge; the tick tries again where that fails. */
static void
put(struct judge *j)
{
	struct judge_question q = {0};

	if (j->sent || !call(j))
		return;
	/* judge_ask() has looked at their lengths. */
	memcpy(q.hash, j->asked->hash, strlen(j->asked->hash));
	memcpy(q.password, j->asked->password, strlen(j->asked->password));
	j->sent = send(event_get_fd(j->answer), &q, sizeof(q), MSG_NOSIGNAL) == sizeof(q);
	if (!j->sent)
		hang_up(j);
	explicit_bzero(&q, sizeof(q));
}

/* Takes the next question, once judge is free. What was found right meanwhile needs no
 * asking: many may come with one password at the same moment. */
static void
ask_next(struct judge *j)
{
	struct question *this;

	while (j->asked == NULL && (this = questions_take(&j->questions)) != NULL) {
		if (remember_has(&j->right, this->account, this->hash, this->password)) {
			settle(j, this, ACCOUNT_RIGHT);
			continue;
		}
		this->due = boottime_ms() + JUDGE_SECONDS * 1000;
		j->asked = this;
		put(j);
	}
}

/* Lets a claim go on that has been held for as long as it must. */
static void
release(struct judge *j, struct question *this, uint64_t now)
{
	struct question *refused;

	if (this->hash == NULL) {
		settle(j, this, ACCOUNT_HELD);
		return;
	}
	refused = questions_add(&j->questions, this, now);
	if (refused != NULL)
		settle(j, refused, ACCOUNT_UNJUDGED);
}

/* True when anything waits for the tick. */
static bool
busy(const struct judge *j)
{
	return j->asked != NULL || j->questions.nwaiting > 0 || j->questions.nheld > 0;
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct judge *j = arg;
	uint64_t now = boottime_ms();
	struct question *this;

	while ((this = questions_released(&j->questions, now)) != NULL)
		release(j, this, now);
	while ((this = questions_overdue(&j->questions, now)) != NULL)
		settle(j, this, ACCOUNT_UNJUDGED);
	if ((this = j->asked) != NULL && this->due <= now) {
		log_warn("judge owes an answer about %s for %d s; given up",
		    this->account, JUDGE_SECONDS);
		hang_up(j);
		j->asked = NULL;
		settle(j, this, ACCOUNT_UNJUDGED);
	}
	if (j->asked != NULL)
		put(j);
	ask_next(j);
	if (!busy(j))
		event_del(j->tick);
}

struct question *
judge_ask(struct judge *j, void *who, const struct judge_claim *claim,
    enum account_verdict *verdict)
{
	struct question *this, *refused;
	uint64_t now = boottime_ms();

	if (claim->hash != NULL && (strlen(claim->hash) >= JUDGE_HASH_MAX ||
				       strlen(claim->password) >= JUDGE_PASSWORD_MAX)) {
		*verdict = ACCOUNT_WRONG;
		return NULL;
	}
	if (claim->hold == 0 && claim->hash != NULL &&
	    remember_has(&j->right, claim->account, claim->hash, claim->password)) {
		*verdict = ACCOUNT_RIGHT;
		return NULL;
	}
	this = question_new(
	    who, claim->address, claim->account, claim->password, claim->hash);
	if (claim->hold > 0 || claim->hash == NULL)
		questions_hold(&j->questions, this, claim->hold, now);
	else if ((refused = questions_add(&j->questions, this, now)) == this) {
		question_free(this);
		*verdict = ACCOUNT_UNJUDGED;
		return NULL;
	} else if (refused != NULL)
		settle(j, refused, ACCOUNT_UNJUDGED);
	if (!event_pending(j->tick, EV_TIMEOUT, NULL))
		event_add(j->tick, &tick_time);
	ask_next(j);
	*verdict = ACCOUNT_OPEN;
	return this;
}

void
judge_forget(struct judge *j, struct question *asked)
{
	/* What judge has, or has answered, is let go on its way. */
	if (asked != NULL && !questions_forget(&j->questions, asked))
		asked->who = NULL;
}

struct judge *
judge_new(struct event_base *base, const char *path, judge_told *told, void *arg)
{
	struct judge *j = xcalloc(1, sizeof(*j));

	j->base = base;
	j->path = xstrdup(path);
	j->told = told;
	j->arg = arg;
	questions_init(&j->questions);
	TAILQ_INIT(&j->settled);
	if (getrandom(j->right.key, sizeof(j->right.key), 0) != sizeof(j->right.key))
		log_fatal_errno("no random numbers");
	j->tick = event_new(base, -1, EV_PERSIST, on_tick, j);
	j->tell = event_new(base, -1, 0, on_tell, j);
	return j;
}

void
judge_free(struct judge *j)
{
	hang_up(j);
	question_free(j->asked);
	questions_clear(&j->questions);
	questions_list_clear(&j->settled);
	event_free(j->tick);
	event_free(j->tell);
	explicit_bzero(&j->right, sizeof(j->right));
	free(j->path);
	free(j);
}
