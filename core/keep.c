/* SPDX-License-Identifier: ISC */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/keep.h"
#include "core/policy.h"
#include "lib/boottime.h"
#include "lib/conf.h"
#include "lib/log.h"
#include "lib/xmem.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

struct keep {
	int fd;
	char *boot_id;
	void *block;   /* all zero but during a call */
	unsigned turn; /* the block that is written next: 0 or 1 */
	bool failed;   /* the log knows it */
};

struct keep *
keep_new(int fd)
{
	const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
	struct keep *k = xcalloc(1, sizeof(*k));
	size_t len, size = policy_saved_size();

	k->fd = fd;
	/* cppcheck-suppress invalidFunctionArg; it does not know anonymous memory */
	k->block = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
	if (k->block == MAP_FAILED)
		log_fatal_errno("no memory to keep the state for a restart");
	k->boot_id = fd < 0 ? NULL : conf_slurp(BOOT_ID, &len);
	if (fd >= 0 && k->boot_id == NULL) {
		log_warn_errno("nothing is kept for a restart: cannot read " BOOT_ID);
		k->fd = -1;
	}
	return k;
}

void
keep_free(struct keep *k)
{
	free(k->boot_id);
	munmap(k->block, policy_saved_size());
	free(k);
}

/* Gives the block's pages back: it is large, and seldom needed. */
static void
forget_block(struct keep *k)
{
	madvise(k->block, policy_saved_size(), MADV_DONTNEED);
}

static off_t
offset_of(unsigned turn)
{
	return (off_t)(turn * policy_saved_size());
}

/* Reads a block; returns its number, or 0 when it is not there or damaged. */
static uint64_t
block_read(struct keep *k, unsigned turn)
{
	size_t size = policy_saved_size();

	memset(k->block, 0, size);
	if (pread(k->fd, k->block, size, offset_of(turn)) != (ssize_t)size)
		return 0;
	return policy_saved_number(k->block);
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
	if (policy_load(p, k->boot_id, k->block, boottime_ms(), &cause) < 0)
		log_warn("what an older core knew is left aside: %s", cause);
	forget_block(k);
}

void
keep_save(struct keep *k, struct policy *p)
{
	size_t size = policy_saved_size();

	if (k->fd < 0)
		return;
	policy_save(p, k->boot_id, k->block);
	if (pwrite(k->fd, k->block, size, offset_of(k->turn)) == (ssize_t)size) {
		k->turn = 1 - k->turn;
		k->failed = false;
	} else {
		if (!k->failed)
			log_warn_errno("cannot keep the state for a restart");
		k->failed = true;
	}
	forget_block(k);
}
