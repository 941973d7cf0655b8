/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xmem.h"
#include "setup/lockout.h"

#define NONE ""

/* upsd.users; upsd.conf and holdup.conf, or NULL; who is logged in now; and what is said, with
 * "|" between. */
static const struct {
	const char *users, *upsd, *own, *now, *said;
} rows[] = {
    /* Nothing that NUT and we read in two ways. */
    {"[m]\npassword=p\nupsmon primary\n[s]\npassword=q\nupsmon slave\n", NULL, NULL,
	"192.168.0.20 192.168.0.21", NONE},
    /* Logged in from where no account lets them in any more. */
    {"[m]\npassword=p\nallowfrom = localhost\nupsmon master\n", NULL, NULL,
	"192.168.0.20",
	"error upsd.users:3: 192.168.0.20 is logged in to NUT now and would be refused|"
	"warning upsd.users:3: allowfrom lets [m] in from localhost only, which NUT "
	"ignores "
	"and holdup does not. Logged in to NUT now, from elsewhere: 192.168.0.20."},
    /* ... from where one lets them in, if that is the one that they use. */
    {"[m]\npassword=p\nallowfrom = localhost\nupsmon master\n"
     "[s]\npassword=p\nallowfrom = lan 10.0.0.0/8\nupsmon slave\n",
	NULL, NULL, "192.168.0.20 10.1.1.1",
	"warning upsd.users:3: allowfrom lets [m] in from localhost only, which NUT "
	"ignores "
	"and holdup does not. Logged in to NUT now, from elsewhere: 192.168.0.20, "
	"10.1.1.1. "
	"Who of these uses this account would be refused: add its address|"
	"note upsd.users:7: allowfrom lets [s] in from lan, 10.0.0.0/8 only, which NUT "
	"ignores and holdup does not. Nobody who is logged in"},
    /* The machine itself is no stranger; accounts of people are told of, too. */
    {"[admin]\npassword=p\nallowfrom = localhost\nactions = SET\n", NULL, NULL,
	"127.0.0.1 ::1", "note upsd.users:3: allowfrom lets [admin]"},
    /* A box with a login of its own is let in by [client]. */
    {"[m]\npassword=p\nallowfrom = localhost\nupsmon master\n", NULL,
	"[client 192.168.0.20]\naccount = qnap\n", "192.168.0.20",
	"warning upsd.users:3: allowfrom lets [m]"},
    /* ACL, which has meant nothing since 2.4. */
    {"[s]\npassword=p\nallowfrom = house\nupsmon slave\n",
	"ACL house 192.168.0.0/24\nACL all 0.0.0.0/0\n", NULL, "192.168.0.20",
	"note upsd.users:3: allowfrom lets [s] in from house only|"
	"note upsd.users:3: \"house\" means what ACL house in upsd.conf says"},
    {"[s]\npassword=p\nallowfrom = localhost hosue\nupsmon slave\n",
	"ACL house 192.168.0.0/24\n", NULL, "",
	"note upsd.users:3: allowfrom lets [s] in from localhost only|"
	"warning upsd.users:3: allowfrom of [s] has the word \"hosue\", which means no "
	"address"},
    /* Only words that mean nothing: everybody, as with NUT. */
    {"[s]\npassword=p\nallowfrom = hosue\nupsmon slave\n", NULL, NULL, "192.168.0.20",
	NONE},
    /* What looks like a hash. */
    {"[s]\npassword = $6$salt$hash\nupsmon slave\n", NULL, NULL, "",
	"error upsd.users:1: the password of [s] is a hash."},
    {"[s]\npassword = $ecret\nupsmon slave\n", NULL, NULL, "", NONE},
    /* An account that nobody can use is nobody's loss. */
    {"[s]\nallowfrom = localhost\nupsmon slave\n", NULL, NULL, "192.168.0.20", NONE},
    /* holdup.conf, of which NUT knows nothing. */
    {"", NULL, "[ups gone]\nalias = ups, other\n", "",
	"warning holdup.conf:1: who asks for \"ups\" gets no UPS: it is an alias of [ups "
	"gone], and ups.conf has no [gone].|"
	"warning holdup.conf:1: who asks for \"other\" gets no UPS"},
    {"", NULL, "[ups A]\nalias = qnapups\n", "", NONE},
    {"", NULL, "[server]\nread = localhost\n", "",
	"warning holdup.conf:1: `read` in [server] lets only some read"},
    /* A certificate that only a NUT with NSS can read. */
    {"", "CERTPATH /etc/nut/cert_db\nCERTIDENT pi secret\n", NULL, "",
	"warning upsd.conf:0: the certificate is in a database of NSS"},
    {"", "CERTFILE /etc/nut/pi.pem\nCERTPATH /etc/nut/ca\n", NULL, "", NONE},
};

static void
set(struct check_conf *c, enum check_name name, const char *text)
{
	if (text == NULL)
		return;
	c->files[name].text = xstrdup(text);
	c->files[name].len = strlen(text);
}

/* A machine at 192.168.0.9/24. */
static void
find(size_t row, const char *nut, struct check_list *found)
{
	struct check_conf c = {.folder = xstrdup("")};
	struct allow_net net = {.interface = "eth0"};
	const struct allow_nets nets = {&net, 1};
	struct lockout_now now = {0};
	struct check_list faults = {0};
	char *all = xstrdup(rows[row].now), *rest = all, *one;

	assert_int_equal(allow_block_read(&net.block, "192.168.0.0/24"), 0);
	for (size_t i = 0; i < CHECK_FILES; i++)
		c.files[i].path = xstrdup(check_names[i]);
	set(&c, CHECK_NUT, nut);
	set(&c, CHECK_UPS, "[a]\ndriver = usbhid-ups\nport = auto\n");
	set(&c, CHECK_USERS, rows[row].users);
	set(&c, CHECK_UPSD, rows[row].upsd);
	set(&c, CHECK_HOLDUP, rows[row].own);
	check_read(&c, &faults);
	while ((one = strsep(&rest, " ")) != NULL)
		if (*one != '\0') {
			lockout_add(&now, one);
			lockout_add(&now, one);
		}
	lockout_find(&c, &now, &nets, found);
	free(all);
	lockout_now_free(&now);
	check_list_free(&faults);
	check_free(&c);
}

static void
test_rows(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct check_list found = {0};
		char *copy = xstrdup(rows[i].said), *rest = copy, *part;
		size_t n = 0;

		find(i, "MODE=netserver\n", &found);
		for (; *rows[i].said != '\0' && (part = strsep(&rest, "|")) != NULL;
		     n++) {
			const struct check_finding *f = &found.list[n];
			char *line;

			if (n == found.count)
				fail_msg("row %zu: \"%s\" is not said", i, part);
			line = xasprintf("%s %s:%d: %s", check_word(f->weight), f->file,
			    f->line, f->text);
			if (strncmp(line, part, strlen(part)) != 0)
				fail_msg("row %zu: \"%s\", not \"%s\"", i, line, part);
			free(line);
		}
		if (n != found.count)
			fail_msg("row %zu: \"%s\" is said, too", i, found.list[n].text);
		free(copy);
		check_list_free(&found);
	}
}

/* A machine that serves nobody locks nobody out. */
static void
test_serves_not(void **state)
{
	struct check_list found = {0};

	find(1, "MODE=netclient\n", &found);
	assert_int_equal(found.count, 0);
	check_list_free(&found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_serves_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
