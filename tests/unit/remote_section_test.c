/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "remote/section.h"

#define SECTION "[far]\ndriver = remote\nport = u@pi\n"

static void
section(struct section *s, struct ups_conf *conf, const char *text, size_t nproblems)
{
	struct problems p = {0};
	char cause[512];

	ups_conf_read(conf, "ups.conf", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(
	    section_read(s, &conf->upses[0], "ups.conf", &p, cause, sizeof(cause)), 0);
	assert_int_equal(p.count, nproblems);
	problems_free(&p);
}

static void
test_section(void **data)
{
	struct section s;
	struct ups_conf conf;

	section(&s, &conf, SECTION, 0);
	assert_string_equal(s.client.ups, "u");
	assert_string_equal(s.target.host, "pi");
	assert_int_equal(s.client.login, CLIENT_READER);
	assert_int_equal(s.client.poll_ms, CLIENT_POLL_MS);
	ups_conf_free(&conf);
	section(&s, &conf,
	    SECTION "user = a\npassword = b\nlogin = slave\npollfreqalert = 2\n", 0);
	assert_int_equal(s.client.login, CLIENT_SECONDARY);
	assert_string_equal(s.client.password, "b");
	assert_int_equal(s.client.poll_ms, 5000);
	assert_int_equal(s.client.alert_ms, 2000);
	ups_conf_free(&conf);
	section(&s, &conf, SECTION "login = primary\n", 1);
	assert_int_equal(s.client.login, CLIENT_PRIMARY);
	ups_conf_free(&conf);
	section(&s, &conf, SECTION "login = yes\npollfreq = 0\n", 2);
	assert_int_equal(s.client.login, CLIENT_READER);
	assert_int_equal(s.client.poll_ms, CLIENT_POLL_MS);
	ups_conf_free(&conf);
}

/* What tls says; a word that is unknown is read as the safest. */
static const struct {
	const char *lines;
	enum client_tls tls;
	bool verify;
	size_t problems;
} tls_words[] = {
    {"", CLIENT_TLS_NONE, false, 0},
    {"tls = no\n", CLIENT_TLS_NONE, false, 0},
    {"tls = try\n", CLIENT_TLS_TRY, false, 0},
    {"tls = Force\n", CLIENT_TLS_FORCE, false, 0},
    {"tls = verify\n", CLIENT_TLS_FORCE, true, 0},
    {"tls = yes\n", CLIENT_TLS_FORCE, true, 1},
};

static void
test_section_tls(void **data)
{
	struct section s;
	struct ups_conf conf;

	for (size_t i = 0; i < sizeof(tls_words) / sizeof(tls_words[0]); i++) {
		char text[256];

		snprintf(text, sizeof(text), SECTION "%s", tls_words[i].lines);
		section(&s, &conf, text, tls_words[i].problems);
		assert_int_equal(s.client.tls, tls_words[i].tls);
		assert_int_equal(s.verify, tls_words[i].verify);
		assert_string_equal(s.tls_name, "pi");
		assert_null(s.tls_passphrase);
		ups_conf_free(&conf);
	}
	section(&s, &conf,
	    SECTION "tls = verify\ntlsname = \"My Pi\"\ntlspassphrase = x\n", 0);
	assert_string_equal(s.tls_name, "My Pi");
	assert_string_equal(s.tls_passphrase, "x");
	ups_conf_free(&conf);
}

static void
assert_target(const char *text, const char *ups, const char *host, const char *port)
{
	struct target t;
	char cause[512];

	assert_int_equal(target_parse(&t, text, cause, sizeof(cause)), 0);
	assert_string_equal(t.ups, ups);
	assert_string_equal(t.host, host);
	assert_string_equal(t.port, port);
}

static void
test_target(void **data)
{
	static const char *const bad[] = {"", "ups", "@host", "ups@",
	    "ups@host:", "ups@host:0", "ups@host:65536", "ups@host:nut", "ups@[::1",
	    "ups@[::1]x", "ups@[]:1", "u ps@host", "ups@ho\"st", "auto", "/dev/hidraw0"};
	struct target t;
	char cause[512];

	assert_target("ups@host", "ups", "host", "3493");
	assert_target("qnapups@192.168.0.9:3494", "qnapups", "192.168.0.9", "3494");
	assert_target("u@[::1]:1", "u", "::1", "1");
	assert_target("u@[fe80::1%eth0]", "u", "fe80::1%eth0", "3493");
	assert_target("u@fe80::1", "u", "fe80::1", "3493");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(target_parse(&t, bad[i], cause, sizeof(cause)), -1);
		assert_non_null(strstr(cause, "UPS@HOST"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_section_tls),
	    cmocka_unit_test(test_section),
	    cmocka_unit_test(test_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
