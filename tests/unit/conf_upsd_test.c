/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_upsd.h"
#include "tests/unit/conf_read.h"

static void
test_article(void **state)
{
	struct problems p = {0};
	struct upsd_conf c;
	size_t len;
	char *text = conf_slurp(ARTICLE "server/etc/nut/upsd.conf", &len);

	assert_non_null(text);
	upsd_conf_read(&c, "f", text, len, &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.nlistens, 2);
	assert_string_equal(c.listens[0].address, "127.0.0.1");
	assert_string_equal(c.listens[1].address, "192.168.0.9");
	assert_string_equal(c.listens[1].port, "3493");
	assert_int_equal(c.listens[1].line, 2);
	assert_int_equal(c.maxage, 15);
	assert_int_equal(c.maxconn, 0);
	assert_null(c.statepath);
	upsd_conf_free(&c);
	free(text);
}

/* All words of NUT 2.8.5 are known. */
static void
test_whole(void **state)
{
	static const char text[] = "LISTEN * nut\nLISTEN ::1\nLISTEN [fe80::1] 3493\n"
				   "MAXAGE 25\nMAXCONN 1024\nSTATEPATH /run/nut\n"
				   "STATEPATH /run/nut2\nTRACKINGDELAY 60\n"
				   "CERTFILE /etc/nut/server.pem\nCERTPATH /etc/nut/ca\n"
				   "CERTIDENT \"the server\" secret\n"
				   "CERTREQUEST REQUIRE\nDISABLE_WEAK_SSL true\n"
				   "ALLOW_NO_DEVICE On\n"
				   "ALLOW_NOT_ALL_LISTENERS 0\nDEBUG_MIN 2\n";
	struct problems p = {0};
	struct upsd_conf c;

	upsd_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.nlistens, 3);
	assert_string_equal(c.listens[0].port, "nut");
	assert_string_equal(c.listens[1].address, "::1");
	assert_string_equal(c.listens[2].address, "fe80::1");
	assert_int_equal(c.maxage, 25);
	assert_int_equal(c.maxconn, 1024);
	assert_string_equal(c.statepath, "/run/nut2");
	assert_int_equal(c.trackingdelay, 60);
	assert_int_equal(c.debug_min, 2);
	assert_true(c.allow_no_device);
	assert_false(c.allow_not_all_listeners);
	assert_string_equal(c.certfile, "/etc/nut/server.pem");
	assert_string_equal(c.certpath, "/etc/nut/ca");
	assert_string_equal(c.certident, "the server");
	assert_string_equal(c.certident_pass, "secret");
	assert_int_equal(c.certrequest, UPSD_CERT_REQUIRE);
	assert_true(c.disable_weak_ssl);
	upsd_conf_free(&c);

	upsd_conf_read(&c, "f", "CERTREQUEST 1\nCERTIDENT a\n", 26, &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.certrequest, UPSD_CERT_ASK);
	assert_null(c.certident_pass);
	assert_null(c.certfile);
	assert_int_equal(c.trackingdelay, 3600);
	upsd_conf_free(&c);
}

static const struct {
	const char *text, *problem;
} faults[] = {
    {"LISTN 1.2.3.4\n", "unknown word \"LISTN\", did you mean \"LISTEN\"?"},
    {"listen 1.2.3.4\n", "did you mean \"LISTEN\"?"},
    {"FOOBARBAZ\n", "unknown word \"FOOBARBAZ\""},
    {"LISTEN\n", "needs a value"},
    {"LISTEN 1.2.3.4 99999\n", "from 1 to 65535, not \"99999\""},
    {"LISTEN 1.2.3.4 3x\n", "not \"3x\""},
    {"LISTEN 1.2.3.4 \"n t\"\n", "not \"n t\""},
    {"LISTEN 1.2.3.4:3493\n", "write: LISTEN 1.2.3.4 3493"},
    {"LISTEN 1.2.3.4:\n", "write: LISTEN 1.2.3.4 3493"},
    {"MAXAGE x\n", "from 1 to 86400"},
    {"MAXAGE 0\n", "from 1 to 86400"},
    {"MAXAGE 99999999999999999999\n", "from 1 to 86400"},
    {"TRACKINGDELAY -1\n", "from 0 to 2592000"},
    {"ALLOW_NO_DEVICE maybe\n", "takes yes or no, not \"maybe\""},
    {"CERTREQUEST 3\n", "0 (no), 1 (request) or 2 (require), not \"3\""},
    {"CERTFILE\n", "needs a value"},
    {"MAXAGE = 20\n", "\"=\" is too much"},
    {"MAXAGE 20 30\n", "takes no \"30\""},
    {"ACL all 0.0.0.0/0\n", "obsolete"},
    {"ACCEPT a\n", "obsolete"},
    {"REJECT all\n", "obsolete"},
    {"MONITOR a\n", "belongs into upsmon.conf"},
    {"driver = x\n", "belongs into ups.conf"},
    {"[a]\n", "[a] belongs into ups.conf"},
};

static void
test_faults(void **state)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct problems p = {0};
		struct upsd_conf c;

		upsd_conf_read(&c, "f", faults[i].text, strlen(faults[i].text), &p);
		assert_problem(&p, 1, 0, 1, faults[i].problem);
		assert_int_equal(c.nlistens, 0);
		assert_in_range(c.maxage, 15, 20);
		upsd_conf_free(&c);
		problems_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_article),
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
