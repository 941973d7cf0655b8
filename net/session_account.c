/* SPDX-License-Identifier: ISC */
#include "net/reply.h"
#include "net/session.h"

static struct account_files
files_of(const struct session *s)
{
	const struct session_host *h = s->host;

	return (struct account_files){h->users, h->own, h->nets};
}

static struct account_claim
claim_of(const struct session *s)
{
	return (struct account_claim){s->username, s->password, s->address};
}

/* The verdict on the claim: at once where that can be, else ACCOUNT_OPEN. Who fails again
 * and again waits before he is judged, by whatever kind of password, and whether it is
 * right this time or not: otherwise a quick answer would tell. */
static enum account_verdict
judge(struct session *s, const struct account_files *files,
    const struct account_claim *claim)
{
	struct session_host *h = s->host;
	const char *hash = account_hash(files, claim);
	uint64_t hold = 0;

	if (!s->proven && s->verdict != ACCOUNT_HELD)
		hold = failures_hold(&h->failures, s->address, s->username, h->now);
	if (hash == NULL && hold == 0)
		return account_compare(files, claim);
	return h->judge(h->arg, s, hash, hold);
}

bool
session_account(struct session *s, const struct conf_user **account)
{
	const struct account_files files = files_of(s);
	const struct account_claim claim = claim_of(s);

	*account = NULL;
	if (claim.name == NULL || claim.password == NULL)
		return true;
	if (s->verdict == ACCOUNT_OPEN || s->verdict == ACCOUNT_HELD)
		s->verdict = judge(s, &files, &claim);
	if (s->verdict == ACCOUNT_OPEN) {
		s->waiting = SESSION_JUDGE;
		return false;
	}
	*account = account_allowed(&files, &claim, s->verdict);
	if (*account != NULL && !s->proven) {
		s->proven = true;
		failures_good(&s->host->failures, s->address, s->username, s->host->now);
		misses_over(&s->host->misses, s->address, MISS_ACCOUNT, s->username);
	}
	return true;
}

void
session_judged(struct session *s, enum account_verdict verdict)
{
	if (s->waiting != SESSION_JUDGE)
		return;
	s->waiting = SESSION_IDLE;
	s->verdict = verdict;
}

bool
session_may_read(struct session *s, const char *verb, struct buf *out)
{
	const struct session_host *h = s->host;
	const struct conf_user *account;

	if (s->reads == h->epoch)
		return true;
	if (h->own != NULL && h->own->server.closed &&
	    !conf_server_reads(&h->own->server, s->address, h->nets)) {
		if (!session_account(s, &account))
			return false;
		if (account == NULL) {
			session_deny(s, verb, out);
			return false;
		}
	}
	s->reads = h->epoch;
	return true;
}

bool
session_may_stay(const struct session *s)
{
	const struct session_host *h = s->host;

	return s->proven || h->own == NULL ||
	       conf_server_reads(&h->own->server, s->address, h->nets);
}

void
session_deny(struct session *s, const char *verb, struct buf *out)
{
	const struct account_files files = files_of(s);
	const struct account_claim claim = claim_of(s);
	struct session_host *h = s->host;
	int line;
	enum account_lack lack = account_lacks(&files, &claim, s->verdict, &line);

	if (lack == ACCOUNT_NO_USER || lack == ACCOUNT_NO_PASSWORD) {
		failures_bad(&h->failures, s->address, s->username, h->now);
		misses_add(&h->misses, s->address, MISS_ACCOUNT, s->username, h->now);
	}
	h->denied(h->arg, s, verb, lack, line);
	reply_err(out, "ACCESS-DENIED");
}
