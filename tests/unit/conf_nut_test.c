/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/conf_nut.h"
#include "tests/unit/conf_read.h"

static enum nut_mode
read_file(const char *path)
{
	struct problems p = {0};
	size_t len;
	char *text = conf_slurp(path, &len);
	enum nut_mode mode;

	assert_non_null(text);
	mode = nut_conf_read("f", text, len, &p);
	assert_int_equal(p.count, 0);
	free(text);
	return mode;
}

static void
test_article(void **state)
{
	assert_int_equal(
	    read_file(ARTICLE "server/etc/nut/nut.conf"), NUT_MODE_NETSERVER);
	assert_int_equal(
	    read_file(ARTICLE "client/etc/nut/nut.conf"), NUT_MODE_NETCLIENT);
}

static const struct {
	const char *text;
	enum nut_mode mode;
	const char *problem;
} cases[] = {
    {"", NUT_MODE_UNSET, NULL},
    {"MODE=\n", NUT_MODE_UNSET, NULL},
    {"MODE=none\n", NUT_MODE_NONE, NULL},
    {"MODE=\"standalone\" # x\n", NUT_MODE_STANDALONE, NULL},
    {"MODE='manual'\n", NUT_MODE_MANUAL, NULL},
    {"MODE=none\nexport MODE=netclient\n", NUT_MODE_NETCLIENT, NULL},
    {"UPSD_OPTIONS=\"-4\"\nFOO=bar\nPOWEROFF_WAIT=15m\n", NUT_MODE_UNSET, NULL},
    {"MODE=netsever\n", NUT_MODE_UNSET, "did you mean \"netserver\"?"},
    {"MODE=on\n", NUT_MODE_UNSET, "is no MODE"},
    {"MODE netserver\n", NUT_MODE_UNSET, "NAME=value"},
    {"mode=netserver\n", NUT_MODE_UNSET, "did you mean \"MODE\"?"},
    {"export MODES=none\n", NUT_MODE_UNSET, "unknown word \"MODES\""},
    {"[qnapups]\n", NUT_MODE_UNSET, "[qnapups] belongs into ups.conf"},
    {"driver = usbhid-ups\n", NUT_MODE_UNSET, "belongs into ups.conf"},
    {"port = auto\n", NUT_MODE_UNSET, "belongs into ups.conf"},
    {"MONITOR a@b 1 c d master\n", NUT_MODE_UNSET, "belongs into upsmon.conf"},
};

static void
test_cases(void **state)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct problems p = {0};

		assert_int_equal(
		    nut_conf_read("f", cases[i].text, strlen(cases[i].text), &p),
		    cases[i].mode);
		if (cases[i].problem != NULL)
			assert_problem(&p, 1, 0, 1, cases[i].problem);
		else
			assert_int_equal(p.count, 0);
		problems_free(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_article),
	    cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
