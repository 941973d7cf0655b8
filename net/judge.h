/* SPDX-License-Identifier: ISC */
#ifndef NET_JUDGE_H
#define NET_JUDGE_H

#include <stdint.h>

#include "net/account.h"

struct event_base;
struct question;

/*
 * Verdicts that take time: passwords that are stored as hashes, which the process `judge`
 * tries (lib/judgesock.h) so that nobody else waits meanwhile, and claims from where there
 * were many wrong ones. judge is started by holdupd where a password is hashed and is
 * connected to when it is needed; without it such logins are refused.
 */
struct judge;

/* A claim, copied; hash NULL: only the wait counts, and ACCOUNT_HELD is the verdict. */
struct judge_claim {
	const char *address, *account, *password, *hash;
	uint64_t hold; /* ms until it may be judged */
};

/* Tells the verdict on what `who` asked; from the loop, never from judge_ask(). */
typedef void judge_told(void *arg, void *who, enum account_verdict verdict);

/* `path` is of judge's socket. */
struct judge *judge_new(
    struct event_base *base, const char *path, judge_told *told, void *arg);
void judge_free(struct judge *j);

/* Returns NULL where the verdict is known, and has it in *verdict. Else that is
 * ACCOUNT_OPEN and follows, within hold and twice 10 s, as ACCOUNT_UNJUDGED where judge
 * cannot keep up or does not answer; what is returned is good until then. */
struct question *judge_ask(struct judge *j, void *who, const struct judge_claim *claim,
    enum account_verdict *verdict);

/* Who asked this (NULL: nothing) is gone: it is not told. */
void judge_forget(struct judge *j, struct question *asked);

#endif
