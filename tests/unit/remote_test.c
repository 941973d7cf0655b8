/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/remote_talk.h"

#define VARS                             \
	"BEGIN LIST VAR u\n"             \
	"VAR u battery.charge \"90\"\n"  \
	"VAR u driver.name \"dummy\"\n"  \
	"VAR u ups.delay.start \"30\"\n" \
	"VAR u ups.serial \"S1\"\n"      \
	"VAR u ups.status \"OL CHRG\"\n" \
	"END LIST VAR u\n"

/* A client without an account. */
static struct client *
reader(void)
{
	const struct client_options o = {
	    .ups = "u", .poll_ms = CLIENT_POLL_MS, .alert_ms = CLIENT_POLL_MS};

	return client_new(&o);
}

/* A client that has everything from a server that pushes, or that is polled. */
static struct client *
ready(bool push)
{
	const struct client_options o = {.ups = "u",
	    .user = "admin",
	    .password = "pass\"word",
	    .poll_ms = CLIENT_POLL_MS,
	    .alert_ms = CLIENT_POLL_MS};
	struct client *c = client_new(&o);

	client_up(c, 1000);
	assert_asks(c, "SUBSCRIBE u\n");
	says(c, 1000, push ? "OK SUBSCRIBE u" : "ERR UNKNOWN-COMMAND");
	assert_asks(c, "LIST VAR u\n");
	assert_false(client_fresh(c));
	assert_false(client_talks(c));
	says(c, 1000, VARS);
	assert_true(client_fresh(c));
	assert_true(client_talks(c));
	assert_asks(c, "LIST RW u\n");
	says(c, 1000, "BEGIN LIST RW u\nRW u ups.delay.start \"30\"\nEND LIST RW u\n");
	assert_asks(c, "LIST CMD u\n");
	says(c, 1000, "BEGIN LIST CMD u\nCMD u load.off\nEND LIST CMD u\n");
	assert_asks(c, "GET TYPE u ups.delay.start\n");
	says(c, 1000, "TYPE u ups.delay.start RW RANGE NUMBER");
	assert_asks(c, "LIST RANGE u ups.delay.start\n");
	says(c, 1000,
	    "BEGIN LIST RANGE u ups.delay.start\n"
	    "RANGE u ups.delay.start \"0\" \"300\"\nEND LIST RANGE u ups.delay.start");
	assert_asks(c, "");
	return c;
}

static void
test_passes_through(void **data)
{
	struct client *c = ready(true);
	const struct state_var *v = state_var(client_state(c), "ups.delay.start");

	assert_true(client_pushed(c));
	assert_is(c, "battery.charge", "90");
	assert_is(c, "driver.name", NULL);
	assert_true(state_cmd_has(client_state(c), "load.off"));
	assert_int_equal(v->flags, STATE_RW | STATE_NUMBER);
	assert_int_equal(v->nranges, 1);
	assert_int_equal(v->ranges[0].max, 300);
	client_free(c);
}

static void
test_push(void **data)
{
	struct client *c = ready(true);

	says(c, 2000, "NOTIFY VAR u ups.status \"OB DISCHRG\"");
	assert_is(c, "ups.status", "OB DISCHRG");
	says(c, 2000, "NOTIFY VAR other ups.status \"OL\"");
	assert_is(c, "ups.status", "OB DISCHRG");
	says(c, 2000, "NOTIFY VAR u ups.status \"FSD OB DISCHRG LB\"");
	assert_is(c, "ups.status", "FSD OB DISCHRG LB");
	says(c, 2000, "NOTIFY DELVAR u battery.charge");
	assert_is(c, "battery.charge", NULL);
	assert_asks(c, "");
	says(c, 2000, "NOTIFY DRIVER u STALE");
	assert_false(client_fresh(c));
	says(c, 2000, "NOTIFY DRIVER u OK");
	assert_true(client_fresh(c));
	assert_asks(c, "LIST VAR u\n");
	client_free(c);
}

/* A NOTIFY may stand between the lines of an answer. */
static void
test_push_inside_a_list(void **data)
{
	struct client *c = reader();

	client_up(c, 0);
	says(c, 0,
	    "OK SUBSCRIBE u\nBEGIN LIST VAR u\nNOTIFY BEAT\n"
	    "VAR u ups.status \"OL\"\nEND LIST VAR u\n");
	assert_is(c, "ups.status", "OL");
	assert_true(client_fresh(c));
	client_free(c);
}

static void
test_silence(void **data)
{
	struct client *c = ready(true);

	says(c, 6000, "NOTIFY BEAT");
	assert_int_equal(client_next(c), 21000);
	assert_int_equal(client_tick(c, 20999), 0);
	assert_int_equal(client_tick(c, 21000), -1);
	assert_string_equal(client_cause(c), "it was silent for 15 s");
	client_free(c);
}

static void
test_poll(void **data)
{
	struct client *c = ready(false);

	assert_false(client_pushed(c));
	assert_int_equal(client_next(c), 3000);
	client_tick(c, 3000);
	assert_asks(c, "GET VAR u ups.status\n");
	says(c, 3000, "VAR u ups.status \"OL CHRG\"");
	assert_asks(c, "");
	client_tick(c, 5000);
	assert_asks(c, "GET VAR u ups.status\n");
	says(c, 5000, "VAR u ups.status \"OB\"");
	assert_is(c, "ups.status", "OB");
	assert_asks(c, "LIST VAR u\n");
	says(c, 5000, VARS);
	assert_int_equal(client_next(c), 7000);
	client_tick(c, 7000);
	assert_asks(c, "GET VAR u ups.status\n");
	assert_int_equal(client_tick(c, 21999), 0);
	assert_int_equal(client_tick(c, 22000), -1);
	client_free(c);
}

/* A driver that starts shows ups.status alone; what can be set comes with the rest. */
static void
test_variables_come_later(void **data)
{
	struct client *c = reader();

	client_up(c, 1000);
	assert_asks(c, "SUBSCRIBE u\n");
	says(c, 1000, "ERR UNKNOWN-COMMAND");
	assert_asks(c, "LIST VAR u\n");
	says(c, 1000, "BEGIN LIST VAR u\nVAR u ups.status \"WAIT\"\nEND LIST VAR u\n");
	assert_asks(c, "LIST RW u\n");
	says(c, 1000, "BEGIN LIST RW u\nEND LIST RW u\n");
	assert_asks(c, "LIST CMD u\n");
	says(c, 1000, "BEGIN LIST CMD u\nEND LIST CMD u\n");
	client_tick(c, 3000);
	assert_asks(c, "GET VAR u ups.status\n");
	says(c, 3000, "VAR u ups.status \"OL CHRG\"");
	assert_asks(c, "LIST VAR u\n");
	says(c, 3000, VARS);
	assert_asks(c, "LIST RW u\n");
	client_free(c);
}

static void
test_stale(void **data)
{
	struct client *c = ready(false);

	client_tick(c, 3000);
	assert_asks(c, "GET VAR u ups.status\n");
	says(c, 3000, "ERR DATA-STALE");
	assert_false(client_fresh(c));
	assert_is(c, "battery.charge", "90");
	client_tick(c, 5000);
	says(c, 5000, "ERR DRIVER-NOT-CONNECTED");
	assert_false(client_fresh(c));
	client_tick(c, 7000);
	buf_clear(client_out(c));
	says(c, 7000, "VAR u ups.status \"OL CHRG\"");
	assert_true(client_fresh(c));
	assert_asks(c, "LIST VAR u\n");
	client_free(c);
}

/* Stale from the beginning: everything is asked for once there is something. */
static void
test_stale_at_first(void **data)
{
	struct client *c = reader();

	client_up(c, 0);
	assert_int_equal(says(c, 0,
			     "OK SUBSCRIBE u\nERR DATA-STALE\nERR DATA-STALE\n"
			     "ERR DATA-STALE"),
	    0);
	assert_true(client_talks(c));
	assert_false(client_fresh(c));
	buf_clear(client_out(c));
	says(c, 0, "NOTIFY DRIVER u OK");
	assert_false(client_fresh(c));
	assert_asks(c, "LIST VAR u\n");
	says(c, 0, VARS);
	assert_true(client_fresh(c));
	assert_asks(c, "LIST RW u\n");
	client_free(c);
}

static void
test_reconnect(void **data)
{
	struct client *c = ready(true);

	client_down(c, 5000);
	assert_true(client_fresh(c));
	assert_int_equal(client_next(c), 8000);
	client_tick(c, 7999);
	assert_true(client_fresh(c));
	client_tick(c, 8000);
	assert_false(client_fresh(c));
	assert_is(c, "ups.status", "OL CHRG");
	client_up(c, 9000);
	assert_asks(c, "SUBSCRIBE u\n");
	says(c, 9000, "OK SUBSCRIBE u");
	assert_false(client_fresh(c));
	says(c, 9000,
	    "BEGIN LIST VAR u\nVAR u ups.status \"OB\"\n"
	    "VAR u ups.serial \"S2\"\nEND LIST VAR u\n");
	assert_true(client_fresh(c));
	assert_is(c, "ups.status", "OB");
	assert_is(c, "battery.charge", NULL);
	assert_is(c, "ups.serial", "S1"); /* latched */
	client_free(c);
}

/* A server that accepts and says nothing does not keep the data fresh. */
static void
test_dead_server(void **data)
{
	struct client *c = ready(true);

	client_down(c, 5000);
	client_up(c, 6000);
	client_down(c, 7900);
	client_tick(c, 8000);
	assert_false(client_fresh(c));
	client_free(c);
}

static void
test_unknown_ups(void **data)
{
	struct client *c = reader();

	client_up(c, 0);
	assert_int_equal(says(c, 0, "ERR UNKNOWN-COMMAND\nERR UNKNOWN-UPS"), -1);
	assert_non_null(strstr(client_cause(c), "has no UPS \"u\""));
	client_free(c);
}

static void
assert_result(struct client *c, unsigned long wanted, enum dserver_status status)
{
	unsigned long ticket;
	enum dserver_status got;

	assert_true(client_result(c, &ticket, &got));
	assert_int_equal(ticket, wanted);
	assert_int_equal(got, status);
}

static void
test_commands(void **data)
{
	struct client *c = ready(true);
	unsigned long ticket;
	enum dserver_status status;

	assert_int_equal(client_instcmd(c, "load.off", NULL, 7, 2000), DSERVER_PENDING);
	assert_int_equal(client_set(c, "ups.id", "a \"b\"", 8, 2000), DSERVER_PENDING);
	assert_asks(c, "USERNAME \"admin\"\n");
	says(c, 2000, "OK");
	assert_asks(c, "PASSWORD \"pass\\\"word\"\n");
	says(c, 2000, "OK");
	assert_asks(c, "INSTCMD u load.off\n");
	assert_false(client_result(c, &ticket, &status));
	says(c, 2000, "OK");
	assert_result(c, 7, DSERVER_DONE);
	assert_asks(c, "SET VAR u ups.id \"a \\\"b\\\"\"\n");
	says(c, 2000, "ERR READONLY");
	assert_result(c, 8, DSERVER_INVALID);
	assert_int_equal(client_instcmd(c, "x", "5", 9, 2000), DSERVER_PENDING);
	assert_asks(c, "INSTCMD u x \"5\"\n");
	says(c, 2000, "ERR CMD-NOT-SUPPORTED");
	assert_result(c, 9, DSERVER_UNKNOWN);
	client_instcmd(c, "x", NULL, 10, 2000);
	says(c, 2000, "ERR ACCESS-DENIED");
	assert_result(c, 10, DSERVER_FAILED);
	client_instcmd(c, "x", NULL, 11, 2000);
	client_instcmd(c, "x", NULL, 12, 2000);
	client_down(c, 2000);
	assert_result(c, 11, DSERVER_FAILED);
	assert_result(c, 12, DSERVER_FAILED);
	assert_false(client_result(c, &ticket, &status));
	assert_int_equal(client_instcmd(c, "x", NULL, 13, 2000), DSERVER_FAILED);
	client_free(c);
}

static void
test_no_account(void **data)
{
	struct client *c = reader();

	client_up(c, 0);
	assert_int_equal(client_instcmd(c, "x", NULL, 1, 0), DSERVER_FAILED);
	client_free(c);
}

static void
test_errors_are_tolerated(void **data)
{
	struct client *c = reader();

	client_up(c, 0);
	says(c, 0, "ERR UNKNOWN-COMMAND\n" VARS);
	assert_int_equal(says(c, 0, "ERR UNKNOWN-COMMAND\nERR UNKNOWN-COMMAND"), 0);
	assert_true(client_fresh(c));
	assert_int_equal(says(c, 0, "unasked\n\"unbalanced\nNOTIFY\nNOTIFY VAR u\n"), 0);
	client_free(c);
}

/* A client that is to log in, connected to a server that can be polled. */
static struct client *
member(enum client_login login)
{
	const struct client_options o = {.ups = "u",
	    .user = "monuser",
	    .password = "1 2",
	    .login = login,
	    .poll_ms = 5000,
	    .alert_ms = 1000};
	struct client *c = client_new(&o);

	client_up(c, 1000);
	assert_asks(c, "USERNAME \"monuser\"\n");
	says(c, 1000, "OK");
	assert_asks(c, "PASSWORD \"1 2\"\n");
	says(c, 1000, "OK");
	assert_asks(c, "LOGIN u\n");
	return c;
}

/* … and goes on to what it wants to know. */
static void
read_all(struct client *c)
{
	assert_asks(c, "SUBSCRIBE u\n");
	says(c, 1000, "ERR UNKNOWN-COMMAND");
	assert_asks(c, "LIST VAR u\n");
	says(c, 1000, VARS);
	assert_asks(c, "LIST RW u\n");
	says(c, 1000, "BEGIN LIST RW u\nEND LIST RW u\n");
	assert_asks(c, "LIST CMD u\n");
	says(c, 1000, "BEGIN LIST CMD u\nEND LIST CMD u\n");
	assert_true(client_fresh(c));
}

static void
test_secondary(void **data)
{
	struct client *c = member(CLIENT_SECONDARY);

	assert_string_equal(client_login_text(c), "");
	says(c, 1000, "OK");
	assert_string_equal(
	    client_login_text(c), "has logged us in and waits for this machine");
	assert_false(client_refused(c));
	read_all(c);
	assert_asks(c, "");
	/* A command needs no second USERNAME. */
	client_instcmd(c, "load.off", NULL, 1, 1000);
	assert_asks(c, "INSTCMD u load.off\n");
	says(c, 1000, "ERR ACCESS-DENIED");
	/* A new connection is a new login. */
	client_down(c, 2000);
	client_up(c, 2500);
	assert_asks(c, "USERNAME \"monuser\"\n");
	says(c, 2500, "OK\nOK\n");
	buf_clear(client_out(c));
	says(c, 2500, "ERR ALREADY-LOGGED-IN");
	assert_false(client_refused(c));
	buf_clear(client_out(c));
	client_logout(c);
	assert_asks(c, "LOGOUT\n");
	client_free(c);
}

/* Who has said LOGOUT reads on, and is counted no more. */
static void
test_leaving(void **data)
{
	struct client *c = member(CLIENT_SECONDARY);

	says(c, 1000, "OK");
	read_all(c);
	client_logout(c);
	assert_asks(c, "LOGOUT\n");
	says(c, 2000, "OK Goodbye");
	client_down(c, 2000);
	client_up(c, 2500);
	read_all(c);
	client_tick(c, 60000);
	assert_asks(c, "GET VAR u ups.status\n");
	client_free(c);

	/* ... also when the server was away as it left. */
	c = member(CLIENT_PRIMARY);
	client_down(c, 2000);
	client_logout(c);
	assert_asks(c, "");
	client_up(c, 2500);
	read_all(c);
	client_free(c);
}

static void
test_primary(void **data)
{
	struct client *c = member(CLIENT_PRIMARY);

	says(c, 1000, "OK");
	read_all(c);
	assert_asks(c, "PRIMARY u\n");
	says(c, 1000, "ERR UNKNOWN-COMMAND");
	assert_asks(c, "MASTER u\n");
	says(c, 1000, "OK MASTER-GRANTED");
	assert_string_equal(client_login_text(c), "has logged us in as the primary");
	client_free(c);

	c = member(CLIENT_PRIMARY);
	says(c, 1000, "OK");
	read_all(c);
	says(c, 1000, "ERR ACCESS-DENIED");
	assert_non_null(strstr(client_login_text(c), "needs upsmon primary"));
	assert_asks(c, "PRIMARY u\n");
	client_free(c);
}

/* A forced shutdown is said once we are the primary, and once per connection; then it is
 * asked who is still there, every second. */
static void
test_forced_shutdown(void **data)
{
	struct client *c = member(CLIENT_PRIMARY);

	client_fsd(c, 1000);
	says(c, 1000, "OK");
	read_all(c);
	assert_asks(c, "GET NUMLOGINS u\n");
	says(c, 1000, "NUMLOGINS u 3");
	assert_string_equal(state_get(client_state(c), "driver.numlogins"), "3");
	assert_asks(c, "PRIMARY u\n");
	says(c, 1000, "OK PRIMARY-GRANTED");
	assert_asks(c, "FSD u\n");
	client_fsd(c, 1000);
	says(c, 1000, "OK FSD-SET");
	assert_asks(c, "");
	assert_string_equal(
	    client_login_text(c), "takes the others down: forced shutdown is set");
	assert_int_equal(client_next(c), 2000);
	client_tick(c, 2000);
	assert_asks(c, "GET NUMLOGINS u\n");
	says(c, 2000, "NUMLOGINS u 1");
	assert_string_equal(state_get(client_state(c), "driver.numlogins"), "1");
	client_free(c);
}

/* Refused: the reading goes on, and 30 s later it asks again. */
static void
test_refused_login(void **data)
{
	struct client *c = member(CLIENT_SECONDARY);

	says(c, 1000, "ERR ACCESS-DENIED");
	assert_true(client_refused(c));
	assert_non_null(strstr(client_login_text(c), "\"monuser\" (ERR ACCESS-DENIED)"));
	assert_non_null(strstr(client_login_text(c), "upsd.users"));
	assert_non_null(strstr(client_login_text(c), "allowfrom"));
	read_all(c);
	for (uint64_t now = 6000; now < 31000; now += 5000) {
		client_tick(c, now);
		assert_asks(c, "GET VAR u ups.status\n");
		says(c, now, "VAR u ups.status \"OL CHRG\"");
		buf_clear(client_out(c));
		if (now % 10000 == 1000)
			says(c, now, VARS);
	}
	assert_int_equal(client_next(c), 31000);
	client_tick(c, 31000);
	assert_non_null(strstr(buf_str(client_out(c)), "LOGIN u\n"));
	buf_clear(client_out(c));
	says(c, 31000, "OK");
	assert_false(client_refused(c));
	client_free(c);
}

/* Who logs in polls at upsmon's intervals. */
static void
test_intervals(void **data)
{
	struct client *c = member(CLIENT_SECONDARY);

	says(c, 1000, "OK");
	read_all(c);
	assert_int_equal(client_next(c), 6000);
	client_tick(c, 6000);
	says(c, 6000, "VAR u ups.status \"OB\"");
	assert_int_equal(client_next(c), 7000);
	says(c, 6000,
	    "BEGIN LIST VAR u\nVAR u ups.status \"OB LB FSD\"\nEND LIST VAR u\n");
	assert_is(c, "ups.status", "OB LB FSD");
	client_free(c);
}

/* The states for which upsmon has POLLFREQALERT. */
static void
test_alerts(void **data)
{
	static const struct {
		const char *status;
		bool alert;
	} states[] = {{"OL", false}, {"OL ECO RB TRIM", false}, {"OB", true},
	    {"ALARM OL", true}, {"OL BYPASS", true}, {"OL OVER", true}, {"OFF", true}};

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		struct client *c = member(CLIENT_SECONDARY);
		char line[64];

		says(c, 1000, "OK");
		read_all(c);
		client_tick(c, 6000);
		snprintf(line, sizeof(line), "VAR u ups.status \"%s\"", states[i].status);
		says(c, 6000, line);
		assert_int_equal(client_next(c), states[i].alert ? 7000 : 11000);
		client_free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_passes_through),
	    cmocka_unit_test(test_push),
	    cmocka_unit_test(test_push_inside_a_list),
	    cmocka_unit_test(test_silence),
	    cmocka_unit_test(test_poll),
	    cmocka_unit_test(test_variables_come_later),
	    cmocka_unit_test(test_stale),
	    cmocka_unit_test(test_stale_at_first),
	    cmocka_unit_test(test_reconnect),
	    cmocka_unit_test(test_dead_server),
	    cmocka_unit_test(test_unknown_ups),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_no_account),
	    cmocka_unit_test(test_errors_are_tolerated),
	    cmocka_unit_test(test_secondary),
	    cmocka_unit_test(test_leaving),
	    cmocka_unit_test(test_alerts),
	    cmocka_unit_test(test_primary),
	    cmocka_unit_test(test_forced_shutdown),
	    cmocka_unit_test(test_refused_login),
	    cmocka_unit_test(test_intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
