/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "net/questions.h"

void
questions_init(struct questions *q)
{
	*q = (struct questions){0};
	for (size_t i = 0; i < QUESTIONS_LENGTHS; i++)
		TAILQ_INIT(&q->held[i]);
	TAILQ_INIT(&q->waiting);
}

void
questions_list_clear(struct question_list *list)
{
	struct question *this;

	while ((this = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, this, next);
		question_free(this);
	}
}

void
questions_clear(struct questions *q)
{
	for (size_t i = 0; i < QUESTIONS_LENGTHS; i++)
		questions_list_clear(&q->held[i]);
	questions_list_clear(&q->waiting);
	q->nheld = q->nwaiting = 0;
}

struct question *
question_new(void *who, const char *address, const char *account, const char *password,
    const char *hash)
{
	struct question *this = xcalloc(1, sizeof(*this));

	this->who = who;
	this->address = xstrdup(address);
	this->account = xstrdup(account);
	this->password = xstrdup(password);
	this->hash = hash == NULL ? NULL : xstrdup(hash);
	return this;
}

void
question_free(struct question *this)
{
	if (this == NULL)
		return;
	explicit_bzero(this->password, strlen(this->password));
	free(this->password);
	free(this->address);
	free(this->account);
	free(this->hash);
	free(this);
}

/* Takes one off the list that has it. */
static struct question *
take(struct questions *q, struct question *this)
{
	TAILQ_REMOVE(this->on, this, next);
	if (this->on == &q->waiting)
		q->nwaiting--;
	else
		q->nheld--;
	this->on = NULL;
	return this;
}

void
questions_hold(struct questions *q, struct question *this, uint64_t hold, uint64_t now)
{
	struct question *before;
	size_t i = 0;

	/* Holds of one length come in the order in which they end. */
	while (i < QUESTIONS_LENGTHS - 1 && hold > 1000u << i)
		i++;
	this->due = now + hold;
	this->on = &q->held[i];
	q->nheld++;
	before = TAILQ_LAST(this->on, question_list);
	while (before != NULL && before->due > this->due)
		before = TAILQ_PREV(before, question_list, next);
	if (before == NULL)
		TAILQ_INSERT_HEAD(this->on, this, next);
	else
		TAILQ_INSERT_AFTER(this->on, before, this, next);
}

struct question *
questions_released(struct questions *q, uint64_t now)
{
	for (size_t i = 0; i < QUESTIONS_LENGTHS; i++) {
		struct question *this = TAILQ_FIRST(&q->held[i]);

		if (this != NULL && this->due <= now)
			return take(q, this);
	}
	return NULL;
}

struct question *
questions_add(struct questions *q, struct question *this, uint64_t now)
{
	struct question *other, *last = this;
	size_t there = 0;

	this->due = now + QUESTIONS_MS;
	this->turn = q->turn + 1;
	TAILQ_FOREACH (other, &q->waiting, next)
		if (strcmp(other->address, this->address) == 0) {
			this->turn = other->turn + 1;
			there++;
		}
	if (there >= QUESTIONS_PER_ADDRESS)
		return this;
	this->on = &q->waiting;
	TAILQ_INSERT_TAIL(&q->waiting, this, next);
	if (++q->nwaiting <= QUESTIONS_MAX)
		return NULL;
	TAILQ_FOREACH (other, &q->waiting, next)
		if (other->turn > last->turn)
			last = other;
	return take(q, last);
}

struct question *
questions_take(struct questions *q)
{
	struct question *this = TAILQ_FIRST(&q->waiting), *other;

	if (this == NULL)
		return NULL;
	TAILQ_FOREACH (other, &q->waiting, next)
		if (other->turn < this->turn)
			this = other;
	q->turn = this->turn;
	return take(q, this);
}

struct question *
questions_overdue(struct questions *q, uint64_t now)
{
	struct question *this = TAILQ_FIRST(&q->waiting);

	return this == NULL || this->due > now ? NULL : take(q, this);
}

bool
questions_forget(struct questions *q, struct question *this)
{
	if (this->on == NULL)
		return false;
	question_free(take(q, this));
	return true;
}
