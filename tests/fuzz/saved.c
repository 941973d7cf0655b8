/* SPDX-License-Identifier: ISC */
/*
 * Blocks of policy_saved.c and policy_memory.c that one of us has written wrongly: first a
 * byte (bit 0: which block, bit 1: its sum is made to fit), then overlays on a good one as
 * [offset, 3 bytes][length][bytes…]. Whatever a block says, it is left aside, or policy
 * goes on with it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/policy.h"
#include "core/policy_pack.h"
#include "lib/monitors.h"
#include "lib/xmem.h"

#define BOOT "boot"
#define START_MS 86400000
#define STEPS 50

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char upses[] = "[one]\ndriver=x\nport=y\n[two]\ndriver=x\nport=y\n";
static const char monitors[] = "MONITOR one@localhost 1 a b primary\n"
			       "MONITOR two@localhost 1 a b primary\nMINSUPPLIES 1\n";
static const char own[] =
    "[machine nas]\nlogin = nas\nafter = 10\nwake = 00:11:22:33:44:55\n"
    "[machine esx]\naddress = 10.0.0.2\nhook = /stop\nfeeds = two\n"
    "runtime = 300\nwake-hook = /start\n";

static void
step(struct policy *p, const struct policy_event *event, uint64_t now_ms)
{
	const struct policy_actions *actions = policy_step(p, event, now_ms);

	if (actions->next_ms <= now_ms)
		abort();
}

/* A house in the middle of an outage, with a machine of each kind. */
static void
live(struct policy *p)
{
	const struct policy_event events[] = {
	    {.kind = POLICY_STATUS, .status = "OL"},
	    {.kind = POLICY_VALUE, .value = POLICY_CHARGE, .number = 80},
	    {.kind = POLICY_SOURCE, .source = FEED_OK},
	    {.kind = POLICY_READ},
	    {.kind = POLICY_LOGIN, .session = 1, .address = "10.0.0.1", .account = "nas"},
	    {.kind = POLICY_LOGIN, .session = 2, .address = "10.0.0.9", .account = "pc"},
	    {.kind = POLICY_SEEN, .machine = MACHINE_QNAP, .address = "10.0.0.3"},
	    {.kind = POLICY_STATUS, .status = "OB"},
	    {.kind = POLICY_FSD, .row = 1},
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		step(p, &events[i], START_MS + i * 4000);
}

static void
overlay(unsigned char *block, size_t len, const uint8_t *data, size_t size)
{
	while (size >= 4) {
		size_t at =
		    ((size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2]) % len;
		size_t n = data[3];

		data += 4;
		size -= 4;
		if (n > size)
			n = size;
		if (n > len - at)
			n = len - at;
		memcpy(block + at, data, n);
		data += n;
		size -= n;
	}
}

/* The second word is the sum of all behind it. */
static void
mend(uint64_t *block, size_t len)
{
	block[1] = policy_pack_sum(&block[2], block + len / sizeof(*block));
}

static void
go_on(struct policy *p)
{
	const struct policy_event time = {.kind = POLICY_TIME},
				  status = {.kind = POLICY_STATUS, .status = "OL"},
				  source = {.kind = POLICY_SOURCE, .source = FEED_OK},
				  read = {.kind = POLICY_READ};
	uint64_t now_ms = START_MS + 60000;

	step(p, &time, now_ms);
	step(p, &status, now_ms + 1);
	step(p, &source, now_ms + 2);
	step(p, &read, now_ms + 3);
	for (int i = 1; i < STEPS; i++)
		step(p, &time, now_ms + (uint64_t)i * 3000);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const bool memory = size > 0 && (data[0] & 1) != 0;
	const size_t len = memory ? policy_memory_size() : policy_saved_size();
	uint64_t *block = xcalloc(1, len);
	struct problems problems = {0};
	struct ups_conf u = {0};
	struct upsmon_conf m = {0};
	struct holdup_conf h = {0};
	struct policy_conf conf;
	struct policy *p;
	const char *cause = "";

	ups_conf_read(&u, "ups.conf", upses, strlen(upses), &problems);
	upsmon_conf_read(&m, "upsmon.conf", monitors, strlen(monitors), &problems);
	holdup_conf_read(&h, "holdup.conf", own, strlen(own), &problems);
	policy_conf_make(&conf, &m, &u, &h);
	p = policy_new(&conf, START_MS);
	live(p);
	if (memory)
		policy_remember(p, BOOT, block);
	else
		policy_save(p, BOOT, block);
	policy_free(p);
	if (size > 0)
		overlay((unsigned char *)block, len, data + 1, size - 1);
	if (size > 0 && (data[0] & 2) != 0)
		mend(block, len);
	p = policy_new(&conf, START_MS + 60000);
	if (memory)
		policy_recall(p, BOOT, block, START_MS + 60000, &cause);
	else
		policy_load(p, BOOT, block, START_MS + 60000, &cause);
	go_on(p);
	policy_free(p);
	policy_conf_free(&conf);
	holdup_conf_free(&h);
	upsmon_conf_free(&m);
	ups_conf_free(&u);
	problems_free(&problems);
	free(block);
	return 0;
}
