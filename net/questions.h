/* SPDX-License-Identifier: ISC */
#ifndef NET_QUESTIONS_H
#define NET_QUESTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/*
 * Claims that wait to be judged: first for as long as their address must wait, then for
 * their turn. Pure; times in monotonic ms.
 *
 * Addresses take turns, so that who asks once is not behind somebody's hundred guesses;
 * what is too much is refused, from the address that asks most.
 */
#define QUESTIONS_MAX 64        /* waiting for their turn */
#define QUESTIONS_PER_ADDRESS 8 /* of them */
#define QUESTIONS_MS 10000      /* longest wait for a turn */
#define QUESTIONS_LENGTHS \
	8 /* of holding: up to 1, 2, 4 … s; the last is for all longer */

TAILQ_HEAD(question_list, question);

struct question {
	TAILQ_ENTRY(question) next;
	struct question_list *on; /* the list of struct questions that has it, or NULL */
	void *who;                /* NULL: nobody any more */
	char *address, *account, *hash; /* hash NULL: it only waits for `due` */
	char *password;
	uint64_t due;  /* when it may be judged; then: when it is given up */
	uint64_t turn; /* the lowest is first */
	int verdict;   /* the caller's */
};

struct questions {
	struct question_list held[QUESTIONS_LENGTHS]; /* each by due: nobody searches */
	size_t nheld;
	struct question_list waiting; /* in the order of their coming */
	size_t nwaiting;
	uint64_t turn; /* of the one that was taken last */
};

void questions_init(struct questions *q);
void questions_clear(struct questions *q);
void questions_list_clear(struct question_list *list);

/* A copy of a claim / releases one, without a trace of its password. */
struct question *question_new(void *who, const char *address, const char *account,
    const char *password, const char *hash);
void question_free(struct question *this);

/* Puts a claim away for `hold` ms. */
void questions_hold(
    struct questions *q, struct question *this, uint64_t hold, uint64_t now);

/* Takes the next claim that has been held long enough; NULL: none. */
struct question *questions_released(struct questions *q, uint64_t now);

/* Lets a claim wait for its turn. Returns the one for which there is no room because of
 * that, itself or another, and which the caller refuses; or NULL. */
struct question *questions_add(struct questions *q, struct question *this, uint64_t now);

/* Takes the one whose turn it is; NULL: none. */
struct question *questions_take(struct questions *q);

/* Takes one that has waited for too long; NULL: none. */
struct question *questions_overdue(struct questions *q, uint64_t now);

/* Drops one that is held or waits; returns false for another one. */
bool questions_forget(struct questions *q, struct question *this);

#endif
