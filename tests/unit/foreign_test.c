/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "holdupd/foreign.h"
#include "lib/drivers.h"

static void
test_nobody_runs_it(void **data)
{
	struct foreign f = {0};

	assert_int_equal(foreign_look(&f, false, 1000), FOREIGN_START);
	assert_int_equal(foreign_look(&f, false, 2000), FOREIGN_START);
}

static void
test_somebody_runs_it(void **data)
{
	struct foreign f = {0};

	assert_int_equal(foreign_look(&f, true, 1000), FOREIGN_FOUND);
	assert_int_equal(foreign_look(&f, true, 6000), FOREIGN_USE);
	assert_int_equal(foreign_look(&f, false, 11000), FOREIGN_WAIT);
	assert_int_equal(foreign_look(&f, false, 40999), FOREIGN_WAIT);
	assert_int_equal(foreign_look(&f, true, 41000), FOREIGN_FOUND);
	assert_int_equal(foreign_look(&f, false, 50000), FOREIGN_WAIT);
	assert_int_equal(foreign_look(&f, false, 80000), FOREIGN_AFTER);
	assert_int_equal(foreign_look(&f, false, 80001), FOREIGN_START);
}

static void
test_patience(void **data)
{
	struct foreign f = {0};

	for (uint64_t now = 100000; now < 135000; now += 11000)
		assert_false(foreign_hangs(&f, 10000, 45000, now));
	/* It has answered in between. */
	assert_false(foreign_hangs(&f, 10000, 45000, 170000));
	assert_false(foreign_hangs(&f, 10000, 45000, 181000));
	assert_false(foreign_hangs(&f, 10000, 45000, 192000));
	assert_false(foreign_hangs(&f, 10000, 45000, 203000));
	assert_true(foreign_hangs(&f, 10000, 45000, 214000));
	assert_false(foreign_hangs(&f, 10000, 45000, 225000));
}

static void
test_drivers(void **data)
{
	char cause[512], *path;

	assert_string_equal(drivers_own("usbhid-ups"), "hid");
	assert_string_equal(drivers_own("clone-outlet"), "dummy");
	assert_null(drivers_own("blazer_usb"));
	assert_non_null(path = drivers_find("sh", "/bin", cause, sizeof(cause)));
	assert_string_equal(path, "/bin/sh");
	free(path);
	assert_null(drivers_find("snmp-ups.", "/nowhere", cause, sizeof(cause)));
	assert_non_null(strstr(cause, "/nowhere, /lib/nut, "));
	assert_non_null(strstr(cause, "apt install nut-server"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nobody_runs_it),
	    cmocka_unit_test(test_somebody_runs_it),
	    cmocka_unit_test(test_patience),
	    cmocka_unit_test(test_drivers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
