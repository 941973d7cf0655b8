/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dummy/outlet.h"

#define CLONE                                                               \
	"[c]\ndriver = clone\nport = usbhid-ups-r\n"                        \
	"load.on = outlet.1.load.on\nload.off = outlet.1.load.off\n"        \
	"load.status = outlet.1.status\nmincharge = 50\nminruntime = 300\n" \
	"offdelay = 40\nondelay = 30\n"

/* An outlet, the real UPS, and the time in seconds. */
static struct fixture {
	struct ups_conf conf;
	struct entry entry;
	struct outlet *outlet;
	struct state *real;
	uint64_t now;
} f;

static void
begin(const char *text)
{
	struct problems problems = {0};
	char cause[256];

	f = (struct fixture){.real = state_new(), .now = 1000};
	ups_conf_read(&f.conf, "ups.conf", text, strlen(text), &problems);
	assert_int_equal(entry_read(&f.entry, &f.conf, &f.conf.upses[0], "", "ups.conf",
			     &problems, cause, sizeof(cause)),
	    0);
	problems_free(&problems);
	f.outlet = outlet_new(&f.entry);
}

static void
end(void)
{
	outlet_free(f.outlet);
	entry_free(&f.entry);
	ups_conf_free(&f.conf);
	state_free(f.real);
}

static void
real_is(const char *name, const char *value)
{
	state_set(f.real, name, value);
	outlet_follow(f.outlet, f.real, f.now * 1000);
}

static void
wait(unsigned seconds)
{
	f.now += seconds;
	outlet_tick(f.outlet, f.now * 1000);
}

static void
assert_shows(const char *name, const char *wanted)
{
	const char *got = state_get(outlet_state(f.outlet), name);

	assert_non_null(got);
	assert_string_equal(got, wanted);
}

static void
assert_command(const char *wanted)
{
	const char *got = outlet_command(f.outlet);

	if (wanted == NULL)
		assert_null(got);
	else {
		assert_non_null(got);
		assert_string_equal(got, wanted);
	}
}

static void
real_begin(void)
{
	real_is("ups.status", "OL");
	real_is("battery.charge", "87");
	real_is("battery.charge.low", "10");
	real_is("ups.delay.shutdown", "20");
	real_is("driver.name", "usbhid-ups");
	real_is("outlet.1.status", "on");
}

static void
test_shows_the_real_ups(void **data)
{
	begin(CLONE);
	real_begin();
	assert_shows("ups.status", "OL");
	assert_shows("battery.charge", "87");
	assert_shows("battery.charge.low", "50");
	assert_shows("battery.runtime.low", "300");
	assert_shows("ups.delay.shutdown", "40");
	assert_shows("ups.timer.shutdown", "-1");
	assert_shows("driver.name", "clone");
	assert_true(state_cmd_has(outlet_state(f.outlet), "shutdown.return"));
	state_del(f.real, "battery.charge");
	outlet_follow(f.outlet, f.real, 0);
	assert_null(state_get(outlet_state(f.outlet), "battery.charge"));
	end();
}

static void
test_goes_down_early_and_comes_back(void **data)
{
	begin(CLONE);
	real_begin();
	real_is("battery.charge", "40");
	assert_shows("ups.status", "OL");
	real_is("ups.status", "OB");
	assert_shows("ups.status", "FSD OB");
	assert_shows("ups.timer.shutdown", "40");
	assert_shows("ups.timer.start", "30");
	wait(39);
	assert_shows("ups.timer.shutdown", "1");
	assert_command(NULL);
	/* The mains may be back: what has begun is carried through. */
	real_is("ups.status", "OL");
	assert_shows("ups.status", "FSD OL");
	wait(1);
	assert_command("outlet.1.load.off");
	assert_command(NULL);
	real_is("outlet.1.status", "off");
	assert_shows("ups.status", "FSD OL OFF");
	wait(29);
	assert_command(NULL);
	/* Gone again: the time begins anew. */
	real_is("ups.status", "OB");
	assert_shows("ups.timer.start", "30");
	wait(100);
	real_is("ups.status", "OL");
	wait(30);
	assert_command("outlet.1.load.on");
	real_is("outlet.1.status", "on");
	assert_shows("ups.status", "OL");
	assert_true(outlet_next(f.outlet) == UINT64_MAX);
	end();
}

static void
test_bounds(void **data)
{
	begin(CLONE);
	real_begin();
	assert_int_equal(outlet_set(f.outlet, "battery.charge.low", "90"), DSERVER_DONE);
	assert_int_equal(
	    outlet_set(f.outlet, "battery.charge.low", "x"), DSERVER_INVALID);
	assert_int_equal(
	    outlet_set(f.outlet, "battery.charge.low", "101"), DSERVER_INVALID);
	assert_int_equal(outlet_set(f.outlet, "battery.charge", "1"), DSERVER_UNKNOWN);
	assert_shows("battery.charge.low", "90");
	real_is("ups.status", "OB");
	assert_shows("ups.status", "FSD OB");
	end();

	begin(CLONE);
	real_begin();
	real_is("ups.status", "OB");
	assert_shows("ups.status", "OB");
	real_is("battery.runtime", "299");
	assert_shows("ups.status", "FSD OB");
	end();

	begin("[c]\ndriver = clone\nport = a-b\n");
	real_begin();
	assert_shows("battery.charge.low", "10");
	real_is("ups.status", "OB LB");
	assert_shows("ups.status", "FSD OB LB");
	wait(120);
	assert_command(NULL);
	end();
}

static void
test_commands(void **data)
{
	begin(CLONE);
	real_begin();
	assert_int_equal(outlet_instcmd(f.outlet, "load.off", 0), DSERVER_UNKNOWN);
	assert_int_equal(
	    outlet_instcmd(f.outlet, "shutdown.stayoff", f.now * 1000), DSERVER_DONE);
	assert_shows("ups.status", "FSD OL");
	assert_shows("ups.timer.start", "-1");
	wait(40);
	assert_command("outlet.1.load.off");
	real_is("outlet.1.status", "off");
	wait(1000);
	assert_command(NULL);
	assert_shows("ups.status", "FSD OL OFF");
	/* Somebody else switches it on. */
	real_is("outlet.1.status", "on");
	assert_shows("ups.status", "OL");
	end();
}

static void
test_outlet_that_only_watches(void **data)
{
	begin("[o]\ndriver = clone-outlet\nport = a-b\nprefix = outlet.1\n");
	real_begin();
	assert_shows("ups.status", "OL");
	assert_shows("ups.delay.shutdown", "20");
	real_is("outlet.1.delay.shutdown", "20");
	real_is("outlet.1.timer.shutdown", "-1");
	assert_shows("ups.status", "OL");
	real_is("outlet.1.timer.shutdown", "20");
	assert_shows("ups.status", "FSD OL");
	real_is("outlet.1.timer.shutdown", "0");
	real_is("outlet.1.status", "off");
	assert_shows("ups.status", "FSD OL OFF");
	assert_int_equal(outlet_instcmd(f.outlet, "shutdown.return", 0), DSERVER_UNKNOWN);
	end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_shows_the_real_ups),
	    cmocka_unit_test(test_goes_down_early_and_comes_back),
	    cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_outlet_that_only_watches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
