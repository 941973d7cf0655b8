/* SPDX-License-Identifier: ISC */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/policy_pack.h"
#include "tests/unit/policy_house.h"

/* A core that is killed goes on where it was (docs/outage.md, 4). */

#define PI2 "192.168.0.20"

static struct house *
server(void)
{
	struct house *h = house_new(SERVER_UPS, SERVER_MON);

	house_dump(h, 0, "OL");
	house_login(h, 0, 1, PI2, "admin");
	buf_clear(&h->did);
	return h;
}

/* Same FSD, same end of HOSTSYNC, same machines. */
static void
test_kill_in_hostsync(void **data)
{
	struct house *h = server();

	house_status(h, 0, "OB LB");
	buf_clear(&h->did);
	house_pass(h, 5000);
	house_restart(h);
	assert_did(h, "VIEW qnapups fsd\nSELF qnapups on\n");
	assert_logged(h, "a shutdown is under way since before the restart");
	house_dump(h, 0, "OB LB");
	assert_int_equal(h->deadline, h->now - 5000 + 30000);
	house_pass(h, 9999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	assert_logged(h, "still there after HOSTSYNC (15 s): " PI2 " (admin)");
	house_pass(h, 2500);
	house_restart(h);
	house_pass(h, 2499);
	assert_did(h, "VIEW qnapups fsd\nSELF qnapups on\n");
	house_pass(h, 1);
	assert_did(h, "SHUTDOWN cut\n");
	house_restart(h);
	assert_did(h, "SHUTDOWN cut\nVIEW qnapups fsd\nSELF qnapups on\n");
	house_end(h);
}

/* Who came back and then left is off. */
static void
test_kill_and_leave(void **data)
{
	struct house *h = server();

	house_status(h, 0, "OB LB");
	house_restart(h);
	house_login(h, 0, 1, PI2, "admin");
	buf_clear(&h->did);
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Who left while there was no core is not waited for; said twice, it is said once. */
static void
test_kill_and_left(void **data)
{
	struct house *h = server();

	house_login(h, 0, 2, PI2, "other");
	house_status(h, 0, "OB LB");
	house_restart(h);
	house_login(h, 0, 1, PI2, "other");
	buf_clear(&h->did);
	house_left(h, 0, PI2, "other", 800); /* that one is back */
	house_left(h, 0, "192.168.0.21", "admin", 800);
	house_left(h, 0, PI2, "nobody", 800);
	house_pass(h, 1000);
	assert_did(h, "");
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_did(h, "");
	house_left(h, 0, PI2, "admin", 800);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_restart(h);
	buf_clear(&h->did);
	house_left(h, 0, PI2, "admin", 2000);
	assert_did(h, "");
	house_end(h);
}

/* ... and a planned one is off `takes` after it left, not after core heard of that; one that
 * came back meanwhile is there. */
static void
test_kill_and_left_planned(void **data)
{
	for (int back = 0; back < 2; back++) {
		struct house *h = house_new_own(SERVER_UPS, SERVER_MON,
		    "[machine nas]\nlogin = admin\nafter = 60\ntakes = 20\n");

		house_dump(h, 0, "OL");
		house_login(h, 0, 1, PI2, "admin");
		house_status(h, 0, "OB");
		house_pass(h, 60000);
		assert_logged(h, "nas: told to go down");
		house_pass(h, 5000);
		house_restart(h);
		house_dump(h, 0, "OB");
		buf_clear(&h->did);
		house_left(h, 0, PI2, "admin", 3000);
		assert_did(h, "STAND nas leaving\n");
		if (back) {
			house_login(h, 0, 2, PI2, "admin");
			assert_did(h, "STAND nas told\n");
		}
		house_pass(h, 16999);
		assert_did(h, "");
		house_pass(h, 1);
		assert_did(h, back ? "" : "STAND nas off\n");
		house_end(h);
	}
}

/* People are not told twice; nothing is decided before the driver was read. */
static void
test_kill_on_battery(void **data)
{
	struct house *h = server();

	house_status(h, 0, "OB");
	buf_clear(&h->did);
	house_restart(h);
	house_pass(h, 1000);
	house_dump(h, 0, "OB");
	house_pass(h, 60000);
	assert_did(h, "SELF qnapups on\n");
	house_restart(h);
	house_dump(h, 0, "OL");
	assert_did(h, "SELF qnapups on\nNOTIFY ONLINE qnapups@localhost\n");
	house_end(h);
}

/* DEADTIME goes on over a kill, but never ends before the driver could be found. */
static void
test_kill_in_deadtime(void **data)
{
	struct house *h = server();

	house_status(h, 0, "OB");
	house_source(h, 0, FEED_LOST);
	house_pass(h, 14000);
	buf_clear(&h->did);
	house_restart(h);
	house_pass(h, 4999);
	assert_did(h, "SELF qnapups on\n");
	house_pass(h, 1);
	assert_did(h,
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	house_end(h);

	h = server();
	house_status(h, 0, "OB");
	house_source(h, 0, FEED_LOST);
	house_restart(h);
	buf_clear(&h->did);
	house_pass(h, 14999);
	assert_did(h, "NOTIFY COMMBAD qnapups@localhost\n");
	house_pass(h, 1);
	assert_did(h,
	    "VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	house_end(h);
}

/* A crash loop on mains with a lost source: still nothing. */
static void
test_kills_on_mains(void **data)
{
	struct house *h = server();

	house_source(h, 0, FEED_LOST);
	for (int i = 0; i < 100; i++) {
		house_pass(h, 3000);
		house_restart(h);
	}
	assert_not_logged(h, "forced shutdown");
	house_end(h);
}

static void
test_bad_block(void **data)
{
	struct house *h = server();
	struct policy *p = policy_new(&h->conf, h->now);
	unsigned char *block = h->saved;
	const char *cause;
	uint64_t number;

	house_status(h, 0, "OB LB");
	number = policy_saved_number(block);
	assert_true(number > 1);
	assert_int_equal(policy_load(p, "boot-2", block, h->now, &cause), -1);
	assert_string_equal(cause, "it is of another boot");
	for (size_t i = 0; i < policy_saved_size(); i += 97) {
		block[i] ^= 0x40;
		assert_int_equal(policy_saved_number(block), 0);
		assert_int_equal(policy_load(p, BOOT, block, h->now, &cause), -1);
		assert_string_equal(cause, "it is damaged");
		block[i] ^= 0x40;
	}
	assert_int_equal(policy_load(p, BOOT, block, h->now, &cause), 0);
	policy_save(p, BOOT, block);
	assert_int_equal(policy_saved_number(block), number + 1);
	memset(block, 0, policy_saved_size());
	assert_int_equal(policy_saved_number(block), 0);
	policy_free(p);
	house_end(h);
}

/* ups.conf and its rows may have changed in between. */
static void
test_other_rows(void **data)
{
	struct house *h = server();
	struct house *other =
	    house_new("[new]\ndriver = x\nport = y\n" SERVER_UPS, SERVER_MON);
	const char *cause;

	house_status(h, 0, "OB LB");
	assert_int_equal(policy_load(other->policy, BOOT, h->saved, h->now, &cause), 0);
	other->now = h->now;
	house_step(other, (struct policy_event){.kind = POLICY_TIME});
	assert_did(other, "VIEW qnapups fsd\nSELF qnapups on\n");
	house_end(other);
	other = house_new("[new]\ndriver = x\nport = y\n", SERVER_MON);
	assert_int_equal(policy_load(other->policy, BOOT, h->saved, h->now, &cause), 0);
	house_end(other);
	house_end(h);
}

/* One outage with all that there is: told, woken, FSD, the cut, and what came of it, by the
 * second. */
struct scene {
	unsigned second;
	const char *status; /* NULL: as it was */
	double charge;      /* 0: as it was */
	unsigned long login, logout;
};

static const struct scene race[] = {
    {.second = 5, .login = 1},
    {.second = 20, .status = "OB", .charge = 90},
    {.second = 82, .logout = 1},
    {.second = 110, .status = "OL", .charge = 60},
    {.second = 190, .login = 2},
};

static const struct scene down[] = {
    {.second = 5, .login = 1},
    {.second = 20, .status = "OB", .charge = 90},
    {.second = 82, .logout = 1},
    {.second = 110, .status = "OB LB", .charge = 9},
};

/* Adds what was done in that second, but for what is shown anew after a restart. */
static void
note(struct house *h, struct buf *story, unsigned second, bool *shutdown)
{
	char *text = xstrdup(buf_str(&h->did)), *rest = text, *line;

	while ((line = strsep(&rest, "\n")) != NULL) {
		bool again = strncmp(line, "SHUTDOWN", 8) == 0 && *shutdown;

		if ((strncmp(line, "NOTIFY", 6) == 0 || strncmp(line, "TASK", 4) == 0 ||
			strncmp(line, "ORDER", 5) == 0 ||
			strncmp(line, "SHUTDOWN", 8) == 0) &&
		    !again)
			buf_printf(story, "%u %s\n", second, line);
		*shutdown |= strncmp(line, "SHUTDOWN", 8) == 0;
	}
	free(text);
	buf_clear(&h->did);
}

/* The session that is logged in at that second; 0: nobody is. */
static unsigned long
there(const struct scene *scenes, size_t nscenes, unsigned second)
{
	unsigned long session = 0;

	for (size_t i = 0; i < nscenes && scenes[i].second <= second; i++)
		if (scenes[i].login > 0 || scenes[i].logout > 0)
			session = scenes[i].login;
	return session;
}

/* Lives through it, with a kill after that second; story: what was done. */
static void
live(struct buf *story, const struct scene *scenes, size_t nscenes, unsigned kill)
{
	struct house *h = house_new_own(SERVER_UPS, SERVER_MON,
	    "[plan]\ncalm = 60\n[machine nas]\nlogin = admin\nafter = 60\ntakes = 20\n"
	    "wake = 00:11:22:33:44:55\nboots = 60\n");
	const char *status = "OL";
	bool shutdown = false;
	double charge = 100;

	for (unsigned second = 0; second < 220; second++) {
		for (size_t i = 0; i < nscenes; i++) {
			const struct scene *s = &scenes[i];

			if (s->second != second)
				continue;
			if (s->login > 0)
				house_login(h, 0, s->login, PI2, "admin");
			if (s->logout > 0)
				house_session(h, POLICY_LOGOUT, 0, s->logout);
			status = s->status != NULL ? s->status : status;
			charge = s->charge > 0 ? s->charge : charge;
		}
		if (second == kill)
			house_restart(h);
		house_value(h, 0, POLICY_CHARGE, charge);
		house_value(h, 0, POLICY_DELAY_SHUTDOWN, 300);
		house_dump(h, 0, status);
		/* net logs in anew whoever is there. */
		if (second == kill && there(scenes, nscenes, second) > 0)
			house_login(h, 0, there(scenes, nscenes, second), PI2, "admin");
		house_pass(h, 1000);
		note(h, story, second, &shutdown);
	}
	house_end(h);
}

/* Killed at any second, it does the same at the same second. */
static void
test_kill_at_any_second(void **data)
{
	static const struct {
		const struct scene *scenes;
		size_t nscenes;
	} outages[] = {{race, sizeof(race) / sizeof(race[0])},
	    {down, sizeof(down) / sizeof(down[0])}};

	for (size_t i = 0; i < sizeof(outages) / sizeof(outages[0]); i++) {
		struct buf whole = {0};

		live(&whole, outages[i].scenes, outages[i].nscenes, UINT_MAX);
		for (unsigned kill = 1; kill < 220; kill++) {
			struct buf story = {0};

			live(&story, outages[i].scenes, outages[i].nscenes, kill);
			if (strcmp(buf_str(&whole), buf_str(&story)) != 0)
				fail_msg("killed at %u:\n%s\nwithout:\n%s", kill,
				    buf_str(&story), buf_str(&whole));
			buf_free(&story);
		}
		buf_free(&whole);
	}
}

/* Each word tells in the sum, wherever it stands, and so does how many of them are 0. */
static void
test_sum(void **data)
{
	uint64_t words[64] = {0};

	for (size_t n = 0; n <= 64; n++)
		for (size_t at = 0; at <= n; at++) {
			uint64_t sum = 0xcbf29ce484222325ULL;

			if (at < n)
				words[at] = at + 1;
			for (size_t i = 0; i < n; i++)
				sum = (sum ^ words[i]) * 0x100000001b3ULL;
			assert_true(policy_pack_sum(words, words + n) == sum);
			if (at < n)
				words[at] = 0;
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kill_in_hostsync),
	    cmocka_unit_test(test_kill_and_leave),
	    cmocka_unit_test(test_kill_and_left),
	    cmocka_unit_test(test_kill_and_left_planned),
	    cmocka_unit_test(test_kill_on_battery),
	    cmocka_unit_test(test_kill_in_deadtime),
	    cmocka_unit_test(test_kills_on_mains),
	    cmocka_unit_test(test_bad_block),
	    cmocka_unit_test(test_sum),
	    cmocka_unit_test(test_other_rows),
	    cmocka_unit_test(test_kill_at_any_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
