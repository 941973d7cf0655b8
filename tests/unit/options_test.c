/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "hid/options.h"

static void
read_section(struct options *o, struct problems *p, const char *text)
{
	struct ups_conf c;

	memset(p, 0, sizeof(*p));
	ups_conf_read(&c, "ups.conf", text, strlen(text), p);
	problems_free(p);
	memset(p, 0, sizeof(*p));
	assert_int_equal(c.nupses, 1);
	options_read(o, &c, &c.upses[0], "ups.conf", p);
	ups_conf_free(&c);
}

static void
defaults(void **state)
{
	struct problems p;
	struct options o;

	read_section(&o, &p, "[ups]\ndriver = usbhid-ups\n");
	assert_int_equal(p.count, 0);
	assert_string_equal(o.port, "auto");
	assert_int_equal(o.interval_ms, 2000);
	assert_int_equal(o.full_ms, 30000);
	assert_false(o.pollonly || o.ignorelb);
	assert_null(o.ondelay);
	assert_string_equal(state_get(o.driver, "driver.parameter.port"), "auto");
	options_free(&o);
}

static void
settings(void **state)
{
	struct problems p;
	struct options o;

	read_section(&o, &p,
	    "pollinterval = 7\n[ups]\ndriver = usbhid-ups\nport = /dev/hidraw0\n"
	    "PollFreq = 60\npollonly\nignorelb\nondelay = 40\noffdelay = 25\n"
	    "serial = \"A.*\"\noverride.battery.charge.low = 30\ndefault.ups.load = 9\n"
	    "desc = \"Server\"\n");
	assert_int_equal(p.count, 0);
	assert_string_equal(o.port, "/dev/hidraw0");
	assert_int_equal(o.interval_ms, 7000);
	assert_int_equal(o.full_ms, 60000);
	assert_true(o.pollonly && o.ignorelb);
	assert_string_equal(o.ondelay, "40");
	assert_string_equal(o.offdelay, "25");
	assert_string_equal(state_get(o.overrides, "battery.charge.low"), "30");
	assert_string_equal(state_get(o.defaults, "ups.load"), "9");
	assert_string_equal(state_get(o.driver, "driver.flag.pollonly"), "enabled");
	assert_string_equal(state_get(o.driver, "driver.parameter.serial"), "A.*");
	assert_null(state_get(o.driver, "driver.parameter.desc"));
	options_free(&o);
}

/* Each fault is named with its line, and the rest goes on. */
static void
faults(void **state)
{
	struct problems p;
	struct options o;

	read_section(&o, &p,
	    "[ups]\npollinterval = soon\npollfreq = 0\nserial = ((\nnonsense = 1\n"
	    "override.\"a b\" = 1\npollonly\n");
	assert_int_equal(p.count, 5);
	for (int i = 0; i < 5; i++)
		assert_int_equal(p.list[i].line, i + 2);
	assert_int_equal(o.interval_ms, 2000);
	assert_int_equal(o.full_ms, 30000);
	assert_true(o.pollonly);
	problems_free(&p);
	options_free(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(defaults),
	    cmocka_unit_test(settings),
	    cmocka_unit_test(faults),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
