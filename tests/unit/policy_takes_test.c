/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/unit/policy_house.h"

/* Machines that say how long they take (holdup.conf, [machine]): off is who has left, and
 * whose time has then passed. And those of whom only another server knows. */

#define PI2 "192.168.0.20"
#define NAS "192.168.0.30"
#define PC "192.168.0.40"

static struct house *
server(const char *holdup_conf)
{
	struct house *h = house_new_own(SERVER_UPS, SERVER_MON, holdup_conf);

	house_dump(h, 0, "OL");
	house_login(h, 0, 1, PI2, "admin");
	assert_did(h, "SELF qnapups on\n");
	return h;
}

#define RUN_LOW                                                               \
	"NOTIFY ONBATT qnapups@localhost\nNOTIFY LOWBATT qnapups@localhost\n" \
	"VIEW qnapups fsd\nNOTIFY FSD qnapups@localhost\n"

static void
run_low(struct house *h)
{
	house_status(h, 0, "OB DISCHRG");
	house_status(h, 0, "OB DISCHRG LB");
	assert_did(h, RUN_LOW "NOTIFY SHUTDOWN_HOSTSYNC\n");
}

/* LOGOUT, and then the time; HOSTSYNC (15 s) bounds only what is not known. */
static void
test_declared_time_passes(void **data)
{
	struct house *h = server("[machine pi2]\nlogin = admin\ntakes = 40\n");

	run_low(h);
	house_pass(h, 4000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	assert_logged(h, "leaving: " PI2 " (admin), off in 40 s");
	house_pass(h, 39999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_logged(h, "gone: " PI2 " (admin)");
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_pass(h, 5000);
	assert_did(h, "SHUTDOWN cut\n");
	house_end(h);
}

/* Also of one that left before the forced shutdown; a day later it is forgotten. */
static void
test_left_before(void **data)
{
	struct house *h = server("[machine pi2]\naddress = " PI2 "\ntakes = 40\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 30000);
	house_status(h, 0, "OB DISCHRG LB");
	assert_did(h, RUN_LOW);
	house_pass(h, 9999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);

	h = server("[machine pi2]\naddress = " PI2 "\ntakes = 40\n");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_pass(h, 86400000);
	house_status(h, 0, "OB DISCHRG LB");
	assert_did(h, RUN_LOW "NOTIFY SHUTDOWN\n");
	assert_not_logged(h, "gone: " PI2);
	house_end(h);
}

/* One that comes back is on again; one whose account is another has no time. */
static void
test_back_again(void **data)
{
	struct house *h =
	    server("[machine pi2]\nlogin = admin\ntakes = 40\n"
		   "[machine x]\nlogin = admin\naddress = ::1\ntakes = 99\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_login(h, 0, 2, PI2, "admin");
	house_login(h, 0, 3, NAS, "other");
	run_low(h);
	house_session(h, POLICY_LOGOUT, 0, 3);
	assert_logged(h, "gone: " NAS " (other)");
	house_pass(h, 14999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_logged(h, "still there after HOSTSYNC (15 s): " PI2 " (admin)");
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* A connection that broke before FSD is nobody's leaving: HOSTSYNC, whatever time it takes;
 * so is one of a machine that says nothing. */
static void
test_broken_has_no_time(void **data)
{
	struct house *h = server("[machine pi2]\nlogin = admin\ntakes = 40\n");

	house_session(h, POLICY_BROKEN, 0, 1);
	run_low(h);
	house_pass(h, 14999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);

	h = server("");
	run_low(h);
	house_session(h, POLICY_BROKEN, 0, 1);
	house_pass(h, 14999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* One that breaks while it sees FSD leaves, for all that is known: upsmon 2.8.0 of Debian
 * says no LOGOUT. */
static void
test_broken_leaves(void **data)
{
	struct house *h = server("[machine pi2]\nlogin = admin\ntakes = 40\n");

	run_low(h);
	house_pass(h, 6000);
	house_session(h, POLICY_BROKEN, 0, 1);
	assert_logged(h, "leaving: " PI2 " (admin), off in 40 s");
	house_pass(h, 39999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);

	/* It was the network: it is on again, and has HOSTSYNC. */
	h = server("[machine pi2]\nlogin = admin\ntakes = 40\n");
	run_low(h);
	house_session(h, POLICY_BROKEN, 0, 1);
	house_pass(h, 5000);
	house_login(h, 0, 2, PI2, "admin");
	house_pass(h, 9999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_logged(h, "still there after HOSTSYNC (15 s): " PI2 " (admin)");
	house_end(h);
}

/* Whoever reads on this machine is no other one, whatever its section says. */
static void
test_self_is_no_reader(void **data)
{
	struct house *h = server("[machine pi]\naddress = localhost\ntakes = 60\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_OTHER, h->conf.plans[0].address);
	house_login(h, 0, 2, h->conf.plans[0].address, "admin");
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_status(h, 0, "OB DISCHRG LB");
	assert_did(h, RUN_LOW "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* A sleep of this machine teaches nothing about how often others read. */
static void
test_sleep_teaches_nothing(void **data)
{
	struct house *h = server("[machine nas]\naddress = " NAS "\ntakes = 20\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_QNAP, NAS);
	h->now += 50000;
	house_seen(h, 0, MACHINE_QNAP, NAS);
	house_dump(h, 0, "OL");
	house_pass(h, POLICY_READ_MS);
	house_seen(h, 0, MACHINE_QNAP, NAS);
	buf_clear(&h->did);
	run_low(h);
	house_pass(h, 15000);
	assert_logged(h, "leaving: QNAP at " NAS ", off in 20 s");
	house_end(h);
}

/* A reader is proven off by its silence (10 s), and then takes its time. */
static void
test_reader(void **data)
{
	struct house *h = server("[machine nas]\naddress = " NAS "\ntakes = 20\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_QNAP, NAS);
	run_low(h);
	house_pass(h, 10000);
	assert_logged(h, "leaving: QNAP at " NAS ", off in 20 s");
	house_pass(h, 19999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Whoever reads is waited for, where it is named by its address. */
static void
test_named_reader(void **data)
{
	struct house *h =
	    server("[machine pc]\naddress = " NAS "\ntakes = 20\n"
		   "[machine no]\nlogin = x\naddress = " PC "\ntakes = 99\n");

	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_OTHER, NAS);
	house_seen(h, 0, MACHINE_OTHER, PC);
	house_seen(h, 0, MACHINE_OTHER, PI2);
	run_low(h);
	house_pass(h, 10000);
	assert_logged(h, "leaving: a reader at " NAS ", off in 20 s");
	house_pass(h, 19999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	assert_not_logged(h, PC);
	house_end(h);

	/* Once it is known better it is still one. */
	h = server("[machine pc]\naddress = " NAS "\ntakes = 20\n");
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_seen(h, 0, MACHINE_OTHER, NAS);
	house_seen(h, 0, MACHINE_QNAP, NAS);
	run_low(h);
	house_pass(h, 10000);
	assert_logged(h, "leaving: QNAP at " NAS ", off in 20 s");
	assert_not_logged(h, "a reader");
	house_end(h);
}

/* The one stays, the other has left: HOSTSYNC ends the wait for the first only, who is
 * named at the end. */
static void
test_one_stays(void **data)
{
	struct house *h = server("[machine nas]\nlogin = nas\ntakes = 30\n");

	house_login(h, 0, 2, NAS, "nas");
	run_low(h);
	house_pass(h, 10000);
	house_session(h, POLICY_LOGOUT, 0, 2);
	house_pass(h, 29999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_logged(h, "still there after HOSTSYNC (15 s): " PI2 " (admin); shut");
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* A core that dies meanwhile: neither it nor holdupd's deadline is earlier for that. */
static void
test_restart(void **data)
{
	struct house *h = server("[machine pi2]\nlogin = admin\ntakes = 40\n");
	uint64_t fsd;

	run_low(h);
	fsd = h->now;
	/* HOSTSYNC, the longest time anybody takes, FINALDELAY, POLICY_GRACE_MS. */
	assert_int_equal(h->deadline, fsd + 15000 + 40000 + 5000 + POLICY_GRACE_MS);
	house_pass(h, 4000);
	house_session(h, POLICY_LOGOUT, 0, 1);
	house_restart(h);
	assert_int_equal(h->deadline, fsd + 15000 + 40000 + 5000 + POLICY_GRACE_MS);
	assert_did(h, "VIEW qnapups fsd\nSELF qnapups on\n");
	house_dump(h, 0, "OB DISCHRG LB");
	house_pass(h, 39999);
	assert_did(h, "");
	house_pass(h, 1);
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);
}

/* Primary of a UPS that another machine serves: that one counts, here it is only known
 * how many there are. */
static void
test_far_primary(void **data)
{
	struct house *h =
	    house_new("", "MONITOR qnapups@192.168.0.9 1 admin 123456 master\n");

	house_dump(h, 0, "OL");
	house_status(h, 0, "OB LB");
	assert_did(h, "NOTIFY ONBATT qnapups@192.168.0.9\n"
		      "NOTIFY LOWBATT qnapups@192.168.0.9\nVIEW qnapups fsd\n"
		      "NOTIFY FSD qnapups@192.168.0.9\nNOTIFY SHUTDOWN_HOSTSYNC\n");
	house_step(h, (struct policy_event){.kind = POLICY_LOGINS, .logins = 3});
	house_pass(h, 4000);
	assert_did(h, "");
	house_step(h, (struct policy_event){.kind = POLICY_LOGINS, .logins = 1});
	assert_did(h, "NOTIFY SHUTDOWN\n");
	house_end(h);

	h = house_new("", "MONITOR qnapups@192.168.0.9 1 admin 123456 master\n");
	house_dump(h, 0, "OL");
	house_status(h, 0, "OB LB");
	house_step(h, (struct policy_event){.kind = POLICY_LOGINS, .logins = 2});
	house_pass(h, 14999);
	assert_not_logged(h, "still there");
	house_pass(h, 1);
	assert_logged(h, "still there after HOSTSYNC (15 s): others on ups qnapups");
	house_end(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_declared_time_passes),
	    cmocka_unit_test(test_left_before),
	    cmocka_unit_test(test_back_again),
	    cmocka_unit_test(test_broken_has_no_time),
	    cmocka_unit_test(test_broken_leaves),
	    cmocka_unit_test(test_self_is_no_reader),
	    cmocka_unit_test(test_sleep_teaches_nothing),
	    cmocka_unit_test(test_reader),
	    cmocka_unit_test(test_named_reader),
	    cmocka_unit_test(test_one_stays),
	    cmocka_unit_test(test_restart),
	    cmocka_unit_test(test_far_primary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
