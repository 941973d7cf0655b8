/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_ups.h"
#include "tests/unit/conf_read.h"

static void
test_article(void **state)
{
	struct problems p = {0};
	struct ups_conf c;
	size_t len;
	char *text = conf_slurp(ARTICLE "server/etc/nut/ups.conf", &len);

	assert_non_null(text);
	ups_conf_read(&c, "f", text, len, &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.nupses, 1);
	assert_string_equal(c.upses[0].name, "qnapups");
	assert_string_equal(conf_ups_get(&c.upses[0], "driver"), "usbhid-ups");
	assert_string_equal(conf_ups_get(&c.upses[0], "PORT"), "/dev/hidraw0");
	assert_string_equal(conf_ups_get(&c.upses[0], "desc"), "Server");
	assert_null(conf_ups_get(&c.upses[0], "vendorid"));
	ups_conf_free(&c);
	free(text);
}

static void
test_whole(void **state)
{
	static const char text[] =
	    "maxretry = 3\n"
	    "[a]\n"
	    "driver = usbhid-ups\nport = auto\nignorelb\n"
	    "override.battery.charge.low = 30\n"
	    "port = /dev/x\n"
	    "[b]\n"
	    "driver = remote\nport = ups@nas\npassword = \"x y\"\n";
	struct problems p = {0};
	struct ups_conf c;

	ups_conf_read(&c, "f", text, strlen(text), &p);
	assert_int_equal(p.count, 0);
	assert_int_equal(c.nglobals, 1);
	assert_string_equal(c.globals[0].value, "3");
	assert_int_equal(c.nupses, 2);
	assert_string_equal(conf_ups_get(&c.upses[0], "ignorelb"), "");
	assert_string_equal(conf_ups_get(&c.upses[0], "port"), "/dev/x");
	assert_string_equal(conf_ups_get(&c.upses[1], "password"), "x y");
	assert_ptr_equal(ups_conf_find(&c, "b"), &c.upses[1]);
	assert_null(ups_conf_find(&c, "B"));
	assert_int_equal(c.upses[1].line, 8);
	assert_int_equal(c.upses[1].pairs[1].line, 10);
	ups_conf_free(&c);
}

/* Each text has one fault; what is read in spite of it is the section's port. */
static const struct {
	const char *text;
	int line;
	const char *problem, *port;
} faults[] = {
    {"[a]\ndriver = x\nport /dev/x\n", 3, "read as: port = /dev/x", "/dev/x"},
    {"[a]\ndriver = x\nport = /dev/x y\n", 3, "quotes", "/dev/x"},
    {"[a]\ndriver = x\nport =\nport = y\n", 3, "no value", "y"},
    {"[a]\ndriver = x\n= z\nport = y\n", 3, "nothing stands before", "y"},
    {"[a]\nport = y\n", 1, "has no driver", "y"},
    {"[a]\ndriver = x\n", 1, "has no port, write for example: port = auto", NULL},
    {"[a]\ndriver = remote\n", 1, "port = ups@192.168.0.9", NULL},
    {"[a]\ndriver = x\nport\n", 1, "port has no value", ""},
    {"[a]\ndrvier = x\nport = y\n", 2, "did you mean \"driver\"?", "y"},
    {"driver = z\n[a]\ndriver = x\nport = y\n", 1, "before the first", "y"},
    {"[a]\ndriver = x\nport = y\nLISTEN 1.2.3.4\n", 4, "belongs into upsd.conf", "y"},
    {"[a]\ndriver = x\nport = y\nMONITOR a\n", 4, "belongs into upsmon.conf", "y"},
    {"[a]\ndriver = usbhid-ups\nport = y\npassword = z\n", 4, "into upsd.users", "y"},
    {"[a]\ndriver = x\nport = y\nupsmon master\n", 4, "into upsd.users", "y"},
    {"[a]\ndriver = x\n[a]\nport = y\n", 3, "second section [a]", "y"},
    {"[b/c]\nfoo = x\n[a]\ndriver = x\nport = y\n", 1, "cannot name a UPS", "y"},
    {"[b@c]\nfoo = x\n[a]\ndriver = x\nport = y\n", 1, "cannot name a UPS", "y"},
    {"[b c]\nfoo = x\n[a]\ndriver = x\nport = y\n", 1, "no blanks", "y"},
    {"[a]\ndriver = x\n\"\nport = y\n", 3, "unbalanced quote", "y"},
};

static void
test_faults(void **state)
{
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct problems p = {0};
		struct ups_conf c;
		const char *port;

		ups_conf_read(&c, "f", faults[i].text, strlen(faults[i].text), &p);
		assert_problem(&p, 1, 0, faults[i].line, faults[i].problem);
		assert_int_equal(c.nupses, 1);
		port = conf_ups_get(&c.upses[0], "port");
		if (faults[i].port == NULL)
			assert_null(port);
		else
			assert_string_equal(port, faults[i].port);
		ups_conf_free(&c);
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
