/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_holdup.h"
#include "tests/unit/conf_read.h"

/* Without a section: what its readers take that to mean. */
static void
test_defaults(void **state)
{
	struct problems p = {0};
	struct holdup_conf c;

	holdup_conf_read(&c, "f", "", 0, &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.web.line + c.history.line + c.tests.line, 0);
	assert_false(c.web.off || c.web.lan || c.web.login || c.history.off);
	assert_int_equal(c.web.nlistens, 0);
	assert_null(c.web.base);
	assert_int_equal(c.tests.quick, 30);
	assert_int_equal(c.tests.deep, 0);
	assert_int_equal(c.tests.from, 10);
	assert_int_equal(c.tests.to, 16);
	holdup_conf_free(&c);
}

static void
assert_listen(const struct conf_web *w, size_t i, const char *address, const char *port)
{
	assert_true(i < w->nlistens);
	assert_string_equal(w->listens[i].address, address);
	assert_string_equal(w->listens[i].port, port);
	assert_null(w->listens[i].path);
}

static void
test_whole(void **state)
{
	static const char text[] =
	    "[web]\nlisten = localhost 192.168.0.9:80 [fd00::9]:81\n"
	    "listen = unix:/run/holdup/web.sock fd00::7 10.0.0.1\n"
	    "certificate = /etc/holdup/web.pem\nkey = /etc/holdup/web.key\n"
	    "base = /ups/\nproxy = 127.0.0.1 192.168.0.0/24\nread = Login\n"
	    "price = 0.25 eur\n"
	    "[history]\nkeep = no\n[tests]\nquick = 0\ndeep = 365\nhours = 0-24\n";
	const struct allow_nets nets = {0};
	struct problems p = {0};
	struct holdup_conf c;

	holdup_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.web.line, 1);
	assert_int_equal(c.web.nlistens, 7);
	assert_listen(&c.web, 0, "127.0.0.1", "8493");
	assert_listen(&c.web, 1, "::1", "8493");
	assert_listen(&c.web, 2, "192.168.0.9", "80");
	assert_listen(&c.web, 3, "fd00::9", "81");
	assert_null(c.web.listens[4].address);
	assert_string_equal(c.web.listens[4].path, "/run/holdup/web.sock");
	assert_listen(&c.web, 5, "fd00::7", "8493");
	assert_listen(&c.web, 6, "10.0.0.1", "8493");
	assert_false(c.web.off || c.web.lan);
	assert_string_equal(c.web.certificate, "/etc/holdup/web.pem");
	assert_string_equal(c.web.key, "/etc/holdup/web.key");
	assert_string_equal(c.web.base, "/ups");
	assert_int_equal(c.web.nproxies, 2);
	assert_true(allow_matches(&c.web.proxies[1], "192.168.0.3", &nets));
	assert_true(c.web.login);
	assert_true(c.web.price > 0.24 && c.web.price < 0.26);
	assert_string_equal(c.web.currency, "EUR");
	assert_true(c.history.off);
	assert_int_equal(c.history.line, 10);
	assert_int_equal(c.tests.quick, 0);
	assert_int_equal(c.tests.deep, 365);
	assert_int_equal(c.tests.from, 0);
	assert_int_equal(c.tests.to, 24);
	holdup_conf_free(&c);
}

/* Words for all addresses; who they are for; none at all. */
static const struct {
	const char *text;
	size_t n;
	const char *first, *port;
	bool lan, off;
} listening[] = {
    {"[web]\n", 0, NULL, NULL, false, false},
    {"[web]\nlisten = *\n", 2, "0.0.0.0", "8493", false, false},
    {"[web]\nlisten = *:80\n", 2, "0.0.0.0", "80", false, false},
    {"[web]\nlisten = LAN\n", 2, "0.0.0.0", "8493", true, false},
    {"[web]\nlisten = lan:08080\n", 2, "0.0.0.0", "8080", true, false},
    {"[web]\nlisten = [::1]\n", 1, "::1", "8493", false, false},
    {"[web]\nlisten = OFF\n", 0, NULL, NULL, false, true},
};

static void
test_listening(void **state)
{
	for (size_t i = 0; i < sizeof(listening) / sizeof(listening[0]); i++) {
		struct problems p = {0};
		struct holdup_conf c;

		holdup_conf_read(
		    &c, "f", listening[i].text, strlen(listening[i].text), &p);
		assert_int_equal(p.count, 0);
		assert_int_equal(c.web.nlistens, listening[i].n);
		if (listening[i].n > 0)
			assert_listen(&c.web, 0, listening[i].first, listening[i].port);
		assert_int_equal(c.web.lan, listening[i].lan);
		assert_int_equal(c.web.off, listening[i].off);
		holdup_conf_free(&c);
	}
}

/* One fault each, and what the page is then. */
#define PATH_50 "/2345678901234567890123456789012345678901234567890"
static const struct {
	const char *text;
	int line;
	const char *problem;
} faults[] = {
    {"[web]\nlisten = pi2\n", 2, "listen knows no \"pi2\""},
    {"[web]\nlisten = 0\n", 2, "listen knows no \"0\""},
    {"[web]\nlisten = 8493\n", 2, "listen knows no \"8493\""},
    {"[web]\nlisten = 127.0.0.1:\n", 2, "an address as"},
    {"[web]\nlisten = 127.0.0.1:0\n", 2, "an address as"},
    {"[web]\nlisten = 127.0.0.1:65536\n", 2, "an address as"},
    {"[web]\nlisten = 127.0.0.1:http\n", 2, "an address as"},
    {"[web]\nlisten = [::1\n", 2, "an address as"},
    {"[web]\nlisten = [::1]80\n", 2, "an address as"},
    {"[web]\nlisten = []\n", 2, "an address as"},
    {"[web]\nlisten = http://localhost:8493\n", 2, "an address as"},
    {"[web]\nlisten = 1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa\n", 2,
	"knows no"},
    {"[web]\nlisten = unix:web.sock\n", 2, "its path begins with /"},
    {"[web]\nlisten = unix:" PATH_50 PATH_50 PATH_50 "\n", 2, "at most 107 letters"},
    {"[web]\nlisten = off ::1\n", 1, "listen = off and addresses too"},
    {"[web]\nlisten =\n", 2, "listen has no value"},
    {"[web]\nlisten 127.0.0.1\n", 2, "read as: listen = 127.0.0.1"},
    {"[web]\ncertificate = web.pem\n", 2, "the whole path of a file"},
    {"[web]\nkey = /k\n", 1, "a key and no certificate"},
    {"[web]\nbase = ups\n", 2, "base takes the path"},
    {"[web]\nbase = \"/u ps\"\n", 2, "base takes the path"},
    {"[web]\nbase = /a//b\n", 2, "base takes the path"},
    {"[web]\nbase = /../b\n", 2, "base takes the path"},
    {"[web]\nbase = /a\\\"b\n", 2, "base takes the path"},
    {"[web]\nbase = http://x/ups\n", 2, "base takes the path"},
    {"[web]\nbase = " PATH_50 PATH_50 PATH_50 "\n", 2, "base takes the path"},
    {"[web]\nproxy = nginx\n", 2, "proxy knows no \"nginx\""},
    {"[web]\nread = all\n", 2, "taken for login"},
    {"[web]\nprice = 0.25\n", 2, "not \"0.25\""},
    {"[web]\nprice = 0,25 EUR\n", 2, "not \"0,25 EUR\""},
    {"[web]\nprice = 0 EUR\n", 2, "for example 0.25 EUR"},
    {"[web]\nprice = nan EUR\n", 2, "for example 0.25 EUR"},
    {"[web]\nprice = 1001 EUR\n", 2, "for example 0.25 EUR"},
    {"[web]\nprice = 0.25 euro\n", 2, "not \"0.25 euro\""},
    {"[web]\nprice = 0.25 €\n", 2, "for example 0.25 EUR"},
    {"[web]\nprice = EUR 0.25\n", 2, "for example 0.25 EUR"},
    {"[web]\nport = 80\n", 2, "belongs into ups.conf"},
    {"[web]\nlisen = ::1\n", 2, "did you mean \"listen\""},
    {"[web x]\nlisten = ::1\n", 1, "[web] takes no name"},
    {"[web]\nlisten = ::1\n[web]\nread = open\n", 3, "a second section [web]"},
    {"[history]\nkeep = maybe\n", 2, "keep takes yes or no"},
    {"[history]\nkeap = no\n", 2, "did you mean \"keep\""},
    {"[hsitory]\nkeep = no\n", 1, "did you mean [history]?"},
    {"[tests]\nquick = -1\n", 2, "takes a number from 0 to 3650"},
    {"[tests]\nquick = monthly\n", 2, "takes a number from 0 to 3650"},
    {"[tests]\ndeep = 3651\n", 2, "takes a number from 0 to 3650"},
    {"[tests]\nhours = 10\n", 2, "for example 10-16"},
    {"[tests]\nhours = 22-6\n", 2, "two of one day"},
    {"[tests]\nhours = 10-25\n", 2, "two of one day"},
    {"[tests]\nhours = -1-5\n", 2, "two of one day"},
    {"[tests]\nhours = 10-16h\n", 2, "two of one day"},
    {"[tests]\nhours = 9-9\n", 2, "two of one day"},
};

static void
test_faults(void **state)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct problems p = {0};
		struct holdup_conf c;

		holdup_conf_read(&c, "f", faults[i].text, strlen(faults[i].text), &p);
		assert_problem(&p, 1, 0, faults[i].line, faults[i].problem);
		assert_int_equal(c.tests.from, 10);
		assert_int_equal(c.tests.to, 16);
		assert_false(c.history.off);
		assert_true(c.web.price == 0);
		holdup_conf_free(&c);
		problems_free(&p);
	}
}

/* A word that says nothing leaves the others; a read that says nothing shows less. */
static void
test_remains(void **state)
{
	static const char text[] = "[web]\nlisten = pi2 ::1\nread = everybody\n"
				   "proxy = x 10.0.0.1\n";
	struct problems p = {0};
	struct holdup_conf c;

	holdup_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 3);
	assert_int_equal(c.web.nlistens, 1);
	assert_int_equal(c.web.nproxies, 1);
	assert_true(c.web.login);
	holdup_conf_free(&c);
	problems_free(&p);
}

/* More addresses than anybody can mean. */
static void
test_many(void **state)
{
	char text[1024] = "[web]\nlisten =";
	struct problems p = {0};
	struct holdup_conf c;

	for (int i = 0; i < 40; i++)
		strcat(text, " ::1");
	holdup_conf_read(&c, "f", text, strlen(text), &p);
	assert_problem(&p, 1, 0, 2, "more than 32 addresses");
	assert_true(c.web.nlistens <= CONF_WEB_LISTENS_MAX);
	holdup_conf_free(&c);
	problems_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_whole),
	    cmocka_unit_test(test_listening),
	    cmocka_unit_test(test_faults),
	    cmocka_unit_test(test_remains),
	    cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
