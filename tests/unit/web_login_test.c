/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "web/conns.h"
#include "web/login.h"
#include "web/peer.h"

#define MINUTE_MS 60000

static struct login *
begin(struct logins *l, unsigned char first, uint64_t now)
{
	uint8_t random[2 * LOGIN_KEY_BYTES] = {first, 1, 2};

	return login_begin(l, "admin", random, now);
}

static const char *
cookie_of(const struct login *l)
{
	static char text[128];

	snprintf(text, sizeof(text), "a=b; holdup=%s; c=d", l->key);
	return text;
}

static void
test_cookies(void **state)
{
	struct logins l = {0};
	struct login *a = begin(&l, 1, 1000), *b = begin(&l, 2, 1000);
	char text[256];

	assert_ptr_equal(login_find(&l, cookie_of(a), 1000), a);
	assert_ptr_equal(login_find(&l, cookie_of(b), 1000), b);
	assert_true(login_token_is(a, a->token));
	assert_false(login_token_is(a, b->key));
	assert_false(login_token_is(a, ""));
	assert_false(login_token_is(a, NULL));
	assert_null(login_find(&l, NULL, 1000));
	assert_null(login_find(&l, "", 1000));
	assert_null(login_find(&l, "holdup=", 1000));
	assert_null(login_find(&l, "holdup", 1000));
	assert_null(login_find(&l, ";;; ;", 1000));
	snprintf(text, sizeof(text), "xholdup=%s", a->key);
	assert_null(login_find(&l, text, 1000));
	snprintf(text, sizeof(text), "holdup=%s0", a->key);
	assert_null(login_find(&l, text, 1000));
	snprintf(text, sizeof(text), "holdup=forged; holdup=%s", a->key);
	assert_ptr_equal(login_find(&l, text, 1000), a);
	snprintf(text, sizeof(text), "%s", cookie_of(a));
	login_end(a);
	assert_null(login_find(&l, text, 1000));
	assert_null(login_find(&l, "holdup=", 1000));
}

static void
test_times(void **state)
{
	struct logins l = {0};
	struct login *a = begin(&l, 1, 1000);
	uint64_t now = 1000;
	char text[128];

	snprintf(text, sizeof(text), "%s", cookie_of(a));
	while (now + 50 * MINUTE_MS <= 1000 + LOGIN_LONGEST_MS)
		assert_ptr_equal(login_find(&l, text, now += 50 * MINUTE_MS), a);
	assert_null(login_find(&l, text, now + 50 * MINUTE_MS));
	a = begin(&l, 2, now);
	snprintf(text, sizeof(text), "%s", cookie_of(a));
	assert_ptr_equal(login_find(&l, text, now + LOGIN_IDLE_MS), a);
	assert_null(login_find(&l, text, now + 2 * LOGIN_IDLE_MS + 1));
}

static void
test_room(void **state)
{
	struct logins l = {0};
	char first[128], second[128];

	snprintf(first, sizeof(first), "%s", cookie_of(begin(&l, 1, 1)));
	snprintf(second, sizeof(second), "%s", cookie_of(begin(&l, 2, 2)));
	for (unsigned i = 2; i < LOGINS_MAX; i++)
		begin(&l, (unsigned char)(i + 1), 10);
	assert_non_null(login_find(&l, first, 20));
	begin(&l, 200, 30);
	assert_non_null(login_find(&l, first, 30));
	assert_null(login_find(&l, second, 30));
}

static void
test_set_cookie(void **state)
{
	struct logins l = {0};
	struct buf out = {0};
	char wanted[256];

	login_cookie(&out, begin(&l, 1, 1), "/ups", true);
	snprintf(wanted, sizeof(wanted),
	    "holdup=%s; Path=/ups; HttpOnly; SameSite=Strict; Secure", l.list[0].key);
	assert_string_equal(buf_str(&out), wanted);
	buf_clear(&out);
	login_cookie(&out, NULL, "", false);
	assert_string_equal(
	    buf_str(&out), "holdup=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
	buf_free(&out);
}

static struct call
came(const char *address, const char *forwarded, const char *proto)
{
	struct allow proxies[2];
	const struct conf_web conf = {.proxies = proxies, .nproxies = 2};
	struct call c = {0};

	assert_int_equal(allow_read(&proxies[0], "127.0.0.1"), 0);
	assert_int_equal(allow_read(&proxies[1], "10.0.0.0/8"), 0);
	c.fields[CALL_FORWARDED_FOR] = forwarded;
	c.fields[CALL_FORWARDED_PROTO] = proto;
	peer_read(&c, &conf, address, false);
	return c;
}

static void
test_proxies(void **state)
{
	static const struct {
		const char *address, *forwarded, *wanted;
	} rows[] = {
	    {"192.0.2.1", "198.51.100.1", "192.0.2.1"}, /* nobody that is believed */
	    {"127.0.0.1", NULL, "127.0.0.1"},
	    {"127.0.0.1", "", "127.0.0.1"},
	    {"127.0.0.1", "198.51.100.1", "198.51.100.1"},
	    {"127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"},
	    {"127.0.0.1", "1.2.3.4,198.51.100.1, 10.9.9.9", "198.51.100.1"},
	    {"127.0.0.1", "10.1.1.1, 10.9.9.9", "10.1.1.1"},
	    {"127.0.0.1", "1.2.3.4, nonsense", "127.0.0.1"},
	    {"127.0.0.1", "192.0.2.7:4711", "192.0.2.7"},
	    {"127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"},
	    {"127.0.0.1", "\"[2001:db8::7]\"", "2001:db8::7"},
	    {"127.0.0.1", "2001:db8::7", "2001:db8::7"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(
		    came(rows[i].address, rows[i].forwarded, NULL).address,
		    rows[i].wanted);
	assert_true(came("127.0.0.1", NULL, "https").secure);
	assert_false(came("127.0.0.1", NULL, "http").secure);
	assert_false(came("192.0.2.1", NULL, "https").secure);
}

static void
test_origins(void **state)
{
	struct allow proxy = {.kind = ALLOW_LOCALHOST};
	const struct conf_web conf = {.proxies = &proxy, .nproxies = 1};
	struct call c = {0};

	c.fields[CALL_HOST] = "ups.example:8493";
	peer_read(&c, &conf, "192.0.2.1", true);
	assert_false(c.foreign);
	c.fields[CALL_ORIGIN] = "https://ups.example:8493";
	peer_read(&c, &conf, "192.0.2.1", true);
	assert_false(c.foreign);
	c.fields[CALL_ORIGIN] = "https://ups.example";
	c.fields[CALL_FORWARDED_HOST] = "ups.example";
	peer_read(&c, &conf, "192.0.2.1", true);
	assert_true(c.foreign);
	peer_read(&c, &conf, "127.0.0.1", true);
	assert_false(c.foreign);
	c.fields[CALL_ORIGIN] = "null";
	peer_read(&c, &conf, "127.0.0.1", true);
	assert_true(c.foreign);
}

static void
test_conns(void **state)
{
	struct conns cs;
	struct conn *c = NULL;
	char address[32];

	conns_init(&cs);
	for (int i = 0; i < CONNS_PER_ADDRESS; i++)
		assert_non_null(c = conns_add(&cs, i, "192.0.2.1", false, 1000));
	assert_null(conns_add(&cs, 99, "192.0.2.1", false, 1000));
	assert_null(conns_overdue(&cs, NULL, 1000 + CONNS_REQUEST_MS - 1));
	assert_non_null(conns_overdue(&cs, NULL, 1000 + CONNS_REQUEST_MS));
	conn_asks(c);
	assert_null(conns_overdue(&cs, c, UINT64_MAX));
	conn_rests(c, 5000);
	conn_begins(c, 6000);
	assert_int_equal(c->due, 6000 + CONNS_REQUEST_MS);
	conn_begins(c, 7000);
	assert_int_equal(c->due, 6000 + CONNS_REQUEST_MS);
	conns_del(&cs, c);
	assert_non_null(conns_add(&cs, 99, "192.0.2.1", false, 1000));
	for (int i = 0; cs.count < CONNS_MAX; i++) {
		snprintf(address, sizeof(address), "198.51.%d.%d", i / 50, i % 50);
		assert_non_null(conns_add(&cs, i, address, false, 1000));
	}
	assert_null(conns_add(&cs, 1, "203.0.113.1", false, 1000));
	while ((c = TAILQ_FIRST(&cs.list)) != NULL)
		conns_del(&cs, c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cookies),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_room),
	    cmocka_unit_test(test_set_cookie),
	    cmocka_unit_test(test_proxies),
	    cmocka_unit_test(test_origins),
	    cmocka_unit_test(test_conns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
