/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/keep.h"
#include "core/policy.h"
#include "core/scribe.h"
#include "lib/boottime.h"
#include "lib/conf.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

struct keep {
	const struct keep_kind *kind;
	int fd;
	struct scribe *scribe;
	char *boot_id;
	void *block;   /* all zero but during a call */
	unsigned turn; /* the block that is written next: 0 or 1 */
	bool failed;   /* the log knows it */
};

const struct keep_kind keep_state = {
    .what = "state",
    .old = "what an older core knew",
    .size = policy_saved_size,
    .number = policy_saved_number,
    .make = policy_save,
    .take = policy_load,
};

const struct keep_kind keep_memory = {
    .what = "memory",
    .old = "what was known of earlier outages",
    .size = policy_memory_size,
    .number = policy_memory_number,
    .make = policy_remember,
    .take = policy_recall,
};

struct keep *
keep_new(const struct keep_kind *kind, int fd, struct scribe *scribe)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	struct keep *k = xcalloc(1, sizeof(*k));
	size_t len;

	k->kind = kind;
	k->fd = fd;
	k->scribe = scribe;
	/* cppcheck-suppress invalidFunctionArg; it does not know anonymous memory */
	k->block = mmap(NULL, kind->size(), PROT_READ | PROT_WRITE, flags, -1, 0);
	if (k->block == MAP_FAILED)
		log_fatal_errno("no memory to keep the %s", kind->what);
	k->boot_id = fd < 0 ? NULL : conf_slurp(BOOT_ID, &len);
	if (fd >= 0 && k->boot_id == NULL) {
		log_warn_errno("the %s is not kept: cannot read " BOOT_ID, kind->what);
		k->fd = -1;
	}
	return k;
}

void
keep_free(struct keep *k)
{
	free(k->boot_id);
	munmap(k->block, k->kind->size());
	free(k);
}

/* Gives the block's pages back: it is large, and seldom needed. */
static void
forget_block(struct keep *k)
{
	madvise(k->block, k->kind->size(), MADV_DONTNEED);
}

static off_t
offset_of(const struct keep *k, unsigned turn)
{
	return (off_t)(turn * k->kind->size());
}

/* Reads a block; returns its number, or 0 when it is not there or damaged. */
static uint64_t
block_read(struct keep *k, unsigned turn)
{
	size_t size = k->kind->size();

	memset(k->block, 0, size);
	if (pread(k->fd, k->block, size, offset_of(k, turn)) != (ssize_t)size)
		return 0;
	return k->kind->number(k->block);
}

void
keep_load(struct keep *k, struct policy *p)
{
	uint64_t numbers[2];
	const char *cause;

	if (k->fd < 0 || lseek(k->fd, 0, SEEK_END) == 0)
		return;
	numbers[0] = block_read(k, 0);
	numbers[1] = block_read(k, 1);
	k->turn = numbers[0] > numbers[1] ? 1 : 0;
	block_read(k, 1 - k->turn);
	if (k->kind->take(p, k->boot_id, k->block, boottime_ms(), &cause) < 0)
		log_warn("%s is left aside: %s", k->kind->old, cause);
	forget_block(k);
}

static int
block_write(struct keep *k)
{
	size_t size = k->kind->size();
	ssize_t n;

	if (k->scribe != NULL)
		return scribe_write(k->scribe, k->block, size, offset_of(k, k->turn));
	n = pwrite(k->fd, k->block, size, offset_of(k, k->turn));
	if (n >= 0 && n < (ssize_t)size)
		errno = ENOSPC;
	return n == (ssize_t)size ? 0 : -1;
}

/* A block that is written late is written. */
void
keep_save(struct keep *k, struct policy *p)
{
	int error;

	if (k->fd < 0)
		return;
	k->kind->make(p, k->boot_id, k->block);
	error = block_write(k) < 0 ? errno : 0;
	if (error == ETIMEDOUT && !k->failed)
		log_warn("the disk does not answer: the %s is written when it does",
		    k->kind->what);
	else if (error != 0 && !k->failed)
		log_warn_errno("the %s is not kept: cannot write it", k->kind->what);
	k->failed = error != 0;
	if (error == 0 || error == ETIMEDOUT)
		k->turn = 1 - k->turn;
	forget_block(k);
}
