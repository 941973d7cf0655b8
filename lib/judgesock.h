/* SPDX-License-Identifier: ISC */
#ifndef LIB_JUDGESOCK_H
#define LIB_JUDGESOCK_H

#include <stdint.h>

/*
 * What net and judge say to each other over STATEPATH/holdup.judge (Unix stream): a
 * question, its answer, the next question. Judge knows nothing but what it is asked: it
 * has no file, no account and no memory, so that an answer is worth nothing to anybody who
 * does not have password and hash already.
 */
#define JUDGE_SOCKET "holdup.judge"
#define JUDGE_SECONDS 10 /* that a question may take; then judge is beyond help */

/* As crypt(3) has them: CRYPT_OUTPUT_SIZE, CRYPT_MAX_PASSPHRASE_SIZE. */
#define JUDGE_HASH_MAX 384
#define JUDGE_PASSWORD_MAX 512

/* Both texts end in a NUL, and what follows that is NUL too. */
struct judge_question {
	char hash[JUDGE_HASH_MAX];
	char password[JUDGE_PASSWORD_MAX];
};

enum judge_answer {
	JUDGE_WRONG,
	JUDGE_RIGHT,
	JUDGE_NO_HASH, /* it is none that crypt(3) of this machine knows */
};

/* The answer is this one byte. */
struct judge_verdict {
	uint8_t answer;
};

#endif
