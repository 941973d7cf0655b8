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

/* A secondary that asks for TLS first. */
static struct client *
asks_for_tls(enum client_tls tls)
{
	const struct client_options o = {.ups = "u",
	    .user = "a",
	    .password = "b",
	    .login = CLIENT_SECONDARY,
	    .tls = tls,
	    .poll_ms = CLIENT_POLL_MS,
	    .alert_ms = CLIENT_POLL_MS};
	struct client *c = client_new(&o);

	client_up(c, 1000);
	assert_asks(c, "STARTTLS\n");
	assert_false(client_wants_tls(c));
	return c;
}

/* Nothing is said between STARTTLS and the end of the handshake, commands neither. */
static void
test_starttls(void **data)
{
	struct client *c = asks_for_tls(CLIENT_TLS_FORCE);

	assert_int_equal(client_set(c, "ups.id", "x", 1, 1000), DSERVER_PENDING);
	assert_int_equal(says(c, 1100, "OK STARTTLS"), 0);
	assert_true(client_wants_tls(c));
	client_fsd(c, 1100);
	assert_int_equal(client_tick(c, 1200), 0);
	assert_asks(c, "");
	assert_false(client_is_secure(c));
	client_secured(c, 1300);
	assert_true(client_is_secure(c));
	assert_false(client_wants_tls(c));
	assert_asks(c, "USERNAME \"a\"\n");
	client_down(c, 1400);
	client_up(c, 1500);
	assert_false(client_is_secure(c));
	assert_asks(c, "STARTTLS\n");
	client_free(c);
}

/* A server that never ends its handshake is left alone. */
static void
test_starttls_hangs(void **data)
{
	struct client *c = asks_for_tls(CLIENT_TLS_FORCE);

	says(c, 1100, "OK STARTTLS");
	assert_int_equal(client_next(c), 1100 + CLIENT_SILENCE_MS);
	assert_int_equal(client_tick(c, 1099 + CLIENT_SILENCE_MS), 0);
	assert_int_equal(client_tick(c, 1100 + CLIENT_SILENCE_MS), -1);
	client_free(c);
}

/* Without TLS there is no login where TLS is a must, whatever the server says instead. */
static void
test_starttls_must(void **data)
{
	static const char *const answers[] = {"ERR FEATURE-NOT-CONFIGURED",
	    "ERR UNKNOWN-COMMAND", "HTTP/1.1 400 Bad", "VAR"};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct client *c = asks_for_tls(CLIENT_TLS_FORCE);

		assert_int_equal(says(c, 1000, answers[i]), -1);
		assert_non_null(strstr(client_cause(c), "it has no TLS"));
		assert_asks(c, "");
		client_free(c);
	}
}

/* Where it is not, it is done in the clear, after a failed handshake too, once. */
static void
test_starttls_try(void **data)
{
	struct client *c = asks_for_tls(CLIENT_TLS_TRY);

	assert_int_equal(says(c, 1000, "ERR FEATURE-NOT-CONFIGURED"), 0);
	assert_asks(c, "USERNAME \"a\"\n");
	assert_false(client_is_secure(c));
	client_down(c, 1100);
	client_up(c, 1200);
	assert_asks(c, "STARTTLS\n");
	says(c, 1200, "OK STARTTLS");
	client_down(c, 1300);
	client_up(c, 1400);
	assert_asks(c, "USERNAME \"a\"\n");
	client_down(c, 1500);
	client_up(c, 1600);
	assert_asks(c, "STARTTLS\n");
	client_free(c);
}

/* A server that agrees to TLS and then fails again and again shows no UPS: the grace goes
 * by as if it said nothing. */
static void
test_starttls_grace(void **data)
{
	struct client *c = asks_for_tls(CLIENT_TLS_FORCE);

	says(c, 1000, "OK STARTTLS");
	client_secured(c, 1000);
	says(c, 1000, "OK\nOK\nOK\nOK SUBSCRIBE\n" VARS);
	assert_true(client_fresh(c));
	client_down(c, 2000);
	for (uint64_t now = 2200; now < 2000 + CLIENT_GRACE_MS; now += 500) {
		client_up(c, now);
		says(c, now, "OK STARTTLS");
		client_down(c, now);
		client_tick(c, now);
		assert_true(client_fresh(c));
	}
	client_tick(c, 2000 + CLIENT_GRACE_MS);
	assert_false(client_fresh(c));
	client_free(c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_starttls),
	    cmocka_unit_test(test_starttls_hangs),
	    cmocka_unit_test(test_starttls_must),
	    cmocka_unit_test(test_starttls_try),
	    cmocka_unit_test(test_starttls_grace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
