/* SPDX-License-Identifier: ISC */
#include <stddef.h>

#include "net/failures.h"
#include "net/hash.h"

static uint64_t
hash_of(const char *address, const char *account)
{
	uint64_t hash = hash_text(HASH_BEGIN, address);

	return account == NULL ? hash : hash_text(hash, account);
}

/* The row of an address (account NULL), or of an account there; NULL: none. */
static const struct failure *
find(const struct failures *f, const char *address, const char *account)
{
	uint64_t hash = hash_of(address, account);

	for (size_t i = 0; i < FAILURES_MAX; i++)
		if (f->list[i].used != 0 && f->list[i].hash == hash)
			return &f->list[i];
	return NULL;
}

/* The same, made when it is not there. */
static struct failure *
touch(struct failures *f, const char *address, const char *account, uint64_t now)
{
	const struct failure *found = find(f, address, account);
	struct failure *row = &f->list[0];

	for (size_t i = 1; i < FAILURES_MAX && found == NULL; i++)
		if (f->list[i].used < row->used)
			row = &f->list[i];
	if (found != NULL)
		row = &f->list[found - f->list];
	else
		*row = (struct failure){.hash = hash_of(address, account)};
	row->used = now > 0 ? now : 1;
	return row;
}

/* The row that a claim is measured by. */
static const struct failure *
row_for(const struct failures *f, const char *address, const char *account)
{
	const struct failure *known = find(f, address, account);

	return known != NULL ? known : find(f, address, NULL);
}

uint64_t
failures_hold(
    const struct failures *f, const char *address, const char *account, uint64_t now)
{
	const struct failure *row = row_for(f, address, account);
	uint64_t hold = FAILURES_HOLD;

	if (row == NULL || row->count < FAILURES_FREE || now - row->last >= FAILURES_MS)
		return 0;
	for (uint32_t i = FAILURES_FREE; i < row->count && hold < FAILURES_LONG; i++)
		hold *= 2;
	return hold < FAILURES_LONG ? hold : FAILURES_LONG;
}

static void
count(struct failure *row, uint64_t now)
{
	if (now - row->last >= FAILURES_MS)
		row->count = 0;
	row->last = now;
	if (row->count < UINT32_MAX)
		row->count++;
	if (row->all < UINT32_MAX)
		row->all++;
}

void
failures_bad(struct failures *f, const char *address, const char *account, uint64_t now)
{
	struct failure *there = touch(f, address, NULL, now);

	/* One that is guessed at leaves the others of its address alone. */
	if (find(f, address, account) == NULL)
		count(there, now);
	else {
		count(touch(f, address, account, now), now);
		there->all++;
	}
}

void
failures_good(struct failures *f, const char *address, const char *account, uint64_t now)
{
	touch(f, address, account, now)->count = 0;
}

unsigned
failures_count(const struct failures *f, const char *address)
{
	const struct failure *row = find(f, address, NULL);

	return row == NULL ? 0 : row->all;
}
