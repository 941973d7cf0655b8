/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf.h"
#include "web/peer.h"
#include "web/route.h"

static struct query
good(const char *target, const char *base)
{
	struct query q;

	assert_int_equal(query_read(&q, target, base), 0);
	return q;
}

static void
test_parts(void **state)
{
	struct query q;

	assert_int_equal(query_read(&q, "/api/v1/ups/a%20b%2fc/set?x=1", ""), 0);
	assert_int_equal(q.nparts, 5);
	assert_string_equal(q.parts[3], "a b/c");
	assert_string_equal(q.parts[4], "set");
	assert_string_equal(q.search, "x=1");
	assert_int_equal(query_read(&q, "/", ""), 0);
	assert_int_equal(q.nparts, 1);
	assert_string_equal(q.parts[0], "");
	assert_int_equal(good("/ups/metrics", "/ups").nparts, 1);
	assert_int_equal(good("/ups/", "/ups").nparts, 1);
	assert_int_equal(good("/ups", "/ups").nparts, 0);
	assert_int_equal(good("/ups?a", "/ups").nparts, 0);
	/* Of a proxy that has taken it away; and a name that only begins like it. */
	assert_int_equal(good("/metrics", "/ups").nparts, 1);
	assert_int_equal(good("/upsx", "/ups").nparts, 1);
}

static void
test_bad_targets(void **state)
{
	static const char *const bad[] = {"", "x", "*", "http://host/", "/%", "/%1",
	    "/%zz", "/%00", "/%0a", "/\x01", "/1/2/3/4/5/6/7/8/9"};
	char longest[QUERY_PATH_MAX + 2] = "/";
	struct query q;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(query_read(&q, bad[i], ""), -1);
	memset(longest + 1, 'x', QUERY_PATH_MAX);
	assert_int_equal(query_read(&q, longest, ""), -1);
	longest[QUERY_PATH_MAX - 1] = '\0';
	assert_int_equal(query_read(&q, longest, ""), 0);
}

static void
test_values(void **state)
{
	struct query q;
	char value[QUERY_VALUE_MAX];
	double number = 7;
	int64_t whole = 7;

	assert_int_equal(
	    query_read(&q, "/?a=1%2C2+3&b=&a=9&n=-1.5&w=12&z=%g&nan=nan", ""), 0);
	assert_int_equal(query_text(&q, "a", value), 1);
	assert_string_equal(value, "1,2 3");
	assert_int_equal(query_text(&q, "none", value), 0);
	assert_int_equal(query_text(&q, "z", value), -1);
	assert_int_equal(query_number(&q, "n", -2, 2, &number), 1);
	assert_true(number == -1.5);
	assert_int_equal(query_number(&q, "n", 0, 2, &number), -1);
	assert_int_equal(query_number(&q, "nan", 0, 2, &number), -1);
	assert_int_equal(query_number(&q, "none", 0, 2, &number), 0);
	assert_int_equal(query_whole(&q, "w", 0, 12, &whole), 1);
	assert_int_equal(whole, 12);
	assert_int_equal(query_whole(&q, "w", 0, 11, &whole), -1);
	assert_int_equal(query_whole(&q, "n", -9, 9, &whole), -1);
}

static const struct route *
routed(const char *method, const char *target, const char **name, unsigned *status)
{
	static struct query q;

	assert_int_equal(query_read(&q, target, "/ups"), 0);
	return route_find(&q, method, name, status);
}

static void
test_routes(void **state)
{
	const char *name;
	unsigned status;

	assert_ptr_equal(routed("GET", "/", &name, &status), &routes[ROUTE_PAGE]);
	assert_ptr_equal(routed("GET", "/ups", &name, &status), &routes[ROUTE_BASE]);
	assert_ptr_equal(
	    routed("HEAD", "/metrics", &name, &status), &routes[ROUTE_METRICS]);
	assert_ptr_equal(
	    routed("GET", "/api/v1/ups/my%20ups", &name, &status), &routes[ROUTE_UPS]);
	assert_string_equal(name, "my ups");
	assert_ptr_equal(
	    routed("POST", "/api/v1/ups/a/set", &name, &status), &routes[ROUTE_SET]);
	assert_string_equal(name, "a");
	assert_null(routed("POST", "/api/v1/state", &name, &status));
	assert_int_equal(status, 405);
	assert_null(routed("PUT", "/", &name, &status));
	assert_int_equal(status, 405);
	assert_null(routed("GET", "/api/v1/ups/", &name, &status));
	assert_int_equal(status, 404);
	assert_null(routed("GET", "/api/v1/state/", &name, &status));
	assert_int_equal(status, 404);
	assert_null(routed("GET", "/api/v1/stat", &name, &status));
}

/* Each row has its line in the documentation; tests/blackbox/web_api.py asks the other way
 * round. */
static void
test_documented(void **state)
{
	size_t len;
	char *page = conf_slurp(SOURCE_ROOT "/docs/page.md", &len), row[128];

	assert_non_null(page);
	for (size_t i = 0; i < ROUTES; i++) {
		if (i == ROUTE_BASE)
			continue;
		snprintf(row, sizeof(row), "| `%s %s", routes[i].method, routes[i].path);
		if (strstr(page, row) == NULL)
			fail_msg("docs/page.md has no row %s", row);
	}
	free(page);
}

/* What a page of another name, resolved to this machine, would be let in by. */
static void
test_astray(void **state)
{
	static const char *const ours[] = {"localhost:8493", "127.0.0.1:8493",
	    "[::1]:8493", "nas", "nas.local", "ups.Home.arpa.", "a.b.lan:80"};
	static const char *const theirs[] = {"evil.com:8493", "127.0.0.1.evil.com",
	    "local.evil.com", "evillocal.io", "a.localhost.com", "xn--e.org."};
	struct call c = {0};

	assert_false(peer_is_astray(&c, "127.0.0.1"));
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		c.fields[CALL_HOST] = ours[i];
		assert_false(peer_is_astray(&c, "127.0.0.1"));
	}
	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
		c.fields[CALL_HOST] = theirs[i];
		assert_true(peer_is_astray(&c, "127.0.0.1"));
		assert_true(peer_is_astray(&c, "::1"));
		assert_false(peer_is_astray(&c, "192.168.0.20"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_bad_targets),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_routes),
	    cmocka_unit_test(test_documented),
	    cmocka_unit_test(test_astray),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
