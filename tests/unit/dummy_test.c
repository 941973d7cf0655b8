/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dummy/entry.h"
#include "dummy/player.h"
#include "dummy/script.h"
#include "lib/buf.h"

/* A section [u] of a file, and what is wrong with it. */
static struct fixture {
	struct ups_conf conf;
	struct problems problems;
	struct entry entry;
	char cause[512];
	int status;
} f;

static void
read_entry(const char *text)
{
	struct problems reading = {0};

	f = (struct fixture){0};
	ups_conf_read(&f.conf, "ups.conf", text, strlen(text), &reading);
	problems_free(&reading);
	f.status = entry_read(&f.entry, &f.conf, ups_conf_find(&f.conf, "u"), "/etc/nut",
	    "ups.conf", &f.problems, f.cause, sizeof(f.cause));
}

static void
forget_entry(void)
{
	entry_free(&f.entry);
	problems_free(&f.problems);
	ups_conf_free(&f.conf);
}

static void
assert_entry(const char *lines, enum entry_mode mode, const char *path)
{
	char text[512];

	snprintf(text, sizeof(text), "[u]\ndriver = dummy-ups\n%s", lines);
	read_entry(text);
	assert_int_equal(f.status, 0);
	assert_int_equal(f.problems.count, 0);
	assert_int_equal(f.entry.mode, mode);
	if (path == NULL)
		assert_null(f.entry.path);
	else
		assert_string_equal(f.entry.path, path);
	forget_entry();
}

static void
test_modes(void **data)
{
	assert_entry("port = a.dev\n", ENTRY_ONCE, "/etc/nut/a.dev");
	assert_entry("port = a.seq\n", ENTRY_LOOP, "/etc/nut/a.seq");
	assert_entry("port = /x/a.txt\n", ENTRY_LOOP, "/x/a.txt");
	assert_entry("port = a@b\n", ENTRY_REPEATER, NULL);
	assert_entry("port = a.seq\nmode = dummy-once\n", ENTRY_ONCE, "/etc/nut/a.seq");
	assert_entry("port = a.dev\nmode = dummy-loop\n", ENTRY_LOOP, "/etc/nut/a.dev");
	assert_entry("port = a.dev\nmode = dummy\n", ENTRY_LOOP, "/etc/nut/a.dev");
	assert_entry(
	    "port = a@b.dev\nmode = dummy-once\n", ENTRY_ONCE, "/etc/nut/a@b.dev");
	read_entry("[u]\ndriver = dummy-ups\nport = a.dev\nmode = meta\n");
	assert_int_equal(f.entry.mode, ENTRY_ONCE);
	assert_int_equal(f.problems.count, 1);
	assert_string_equal(
	    state_get(f.entry.shown, "driver.parameter.mode"), "dummy-once");
	forget_entry();
}

static void
assert_real(const char *port, int status, const char *ups, const char *driver)
{
	char text[512];

	snprintf(text, sizeof(text),
	    "[my-ups]\ndriver = usbhid-ups\nport = auto\n[u]\ndriver = clone\nport = "
	    "%s\n",
	    port);
	read_entry(text);
	assert_int_equal(f.status, status);
	if (status == 0) {
		assert_string_equal(f.entry.real_ups, ups);
		assert_string_equal(f.entry.real_driver, driver);
	} else {
		assert_non_null(strstr(f.cause, "is no other UPS of ups.conf"));
	}
	forget_entry();
}

static void
test_clones_find_the_real_ups(void **data)
{
	assert_real("my-ups", 0, "my-ups", "usbhid-ups");
	assert_real("usbhid-ups-my-ups", 0, "my-ups", "usbhid-ups");
	assert_real("snmp-ups-far", 0, "far", "snmp-ups");
	assert_real("u", -1, NULL, NULL);
	assert_real("/run/nut/usbhid-ups-x", -1, NULL, NULL);
	read_entry("[u]\ndriver = clone-outlet\nport = a-b\n");
	assert_int_equal(f.status, -1);
	assert_non_null(strstr(f.cause, "prefix = outlet.1"));
	forget_entry();
}

/* "a=b; TIMER 3; ALARM text" */
static void
assert_script(const char *text, const char *wanted, size_t nproblems)
{
	struct problems problems = {0};
	struct script s;
	struct buf got = {0};

	script_read(&s, "x.dev", text, strlen(text), &problems);
	for (size_t i = 0; i < s.count; i++) {
		const struct script_step *step = &s.steps[i];

		buf_puts(&got, i > 0 ? "; " : "");
		if (step->kind == SCRIPT_SET)
			buf_printf(&got, "%s=%s", step->name, step->value);
		else if (step->kind == SCRIPT_WAIT)
			buf_printf(&got, "TIMER %u", step->seconds);
		else
			buf_printf(&got, "ALARM %s", step->value);
	}
	assert_string_equal(buf_str(&got), wanted);
	assert_int_equal(problems.count, nproblems);
	buf_free(&got);
	problems_free(&problems);
	script_free(&s);
}

static void
test_scripts(void **data)
{
	assert_script("", "", 0);
	assert_script("ups.status: OL CHRG\r\n", "ups.status=OL CHRG", 0);
	assert_script("a:1\nb : 2\nc = 3\nd 4\n", "a=1; b=2; c=3; d=4", 0);
	assert_script("a: \"q  x\"  y # z\n", "a=q  x y", 0);
	assert_script("a:\nb\n", "a=; b=", 0);
	assert_script(
	    "TIMER 3\nALARM\nALARM on fire\n", "TIMER 3; ALARM ; ALARM on fire", 0);
	assert_script("TIMER\nTIMER x\n", "", 2);
	assert_script("[a]\n\\\n=: 1\na: 1", "a=1", 2);
	assert_script("Init SSL without certificate database\na: 1\n",
	    "Init=SSL without certificate database; a=1", 0);
}

static struct player *
play(const char *text, uint64_t now)
{
	struct player *p = player_new(&f.entry);
	struct problems problems = {0};
	struct script s;

	script_read(&s, "x", text, strlen(text), &problems);
	player_load(p, &s, now);
	problems_free(&problems);
	return p;
}

static void
reload(struct player *p, const char *text, uint64_t now)
{
	struct problems problems = {0};
	struct script s;

	script_read(&s, "x", text, strlen(text), &problems);
	player_load(p, &s, now);
	problems_free(&problems);
}

static void
assert_is(struct player *p, const char *name, const char *wanted)
{
	const char *got = state_get(player_state(p), name);

	if (wanted == NULL)
		assert_null(got);
	else {
		assert_non_null(got);
		assert_string_equal(got, wanted);
	}
}

static void
test_once(void **data)
{
	struct player *p;

	read_entry("[u]\ndriver = dummy-ups\nport = a.dev\n"
		   "default.ups.id = D\noverride.battery.charge = 9\n");
	p = play(
	    "ups.serial: S\nbattery.charge: 87\nups.test.result:\ndriver.name: x\n", 0);
	assert_is(p, "ups.mfr", "Dummy Manufacturer");
	assert_is(p, "ups.status", "OL");
	assert_is(p, "device.serial", "S");
	assert_is(p, "device.type", "ups");
	assert_is(p, "ups.id", "D");
	assert_is(p, "battery.charge", "9");
	assert_is(p, "ups.test.result", NULL);
	assert_is(p, "driver.name", "dummy-ups");
	assert_true(player_next(p) == UINT64_MAX);

	/* What is set stays through a new file that does not speak of it. */
	assert_int_equal(player_set(p, "ups.serial", "T"), DSERVER_DONE);
	assert_int_equal(player_set(p, "ups.nosuch", "T"), DSERVER_UNKNOWN);
	assert_int_equal(player_set(p, "driver.name", "T"), DSERVER_UNKNOWN);
	reload(p, "ups.status: OB\n", 1000);
	assert_is(p, "ups.serial", "T");
	assert_is(p, "ups.status", "OB");
	assert_int_equal(player_set(p, "ups.serial", ""), DSERVER_DONE);
	assert_is(p, "ups.serial", NULL);
	player_free(p);
	forget_entry();
}

static void
test_loop(void **data)
{
	struct player *p;

	read_entry("[u]\ndriver = dummy-ups\nport = a.seq\n");
	p = play("ups.status: OL\nTIMER 5\nups.status: OB\nTIMER 5\n", 100);
	assert_is(p, "ups.status", "OL");
	assert_int_equal(player_next(p), 5100);
	player_tick(p, 5099);
	assert_is(p, "ups.status", "OL");
	player_tick(p, 5100);
	assert_is(p, "ups.status", "OB");
	player_tick(p, 10100);
	assert_is(p, "ups.status", "OB");
	assert_int_equal(player_next(p), 10100 + PLAYER_PAUSE_MS);

	/* Another file waits for the end of the round. */
	player_tick(p, 11100);
	assert_is(p, "ups.status", "OL");
	reload(p, "ups.status: OFF\n", 12000);
	player_tick(p, 16100);
	assert_is(p, "ups.status", "OB");
	player_tick(p, 21100);
	player_tick(p, 22100);
	assert_is(p, "ups.status", "OFF");
	player_free(p);
	forget_entry();
}

static void
test_alarm(void **data)
{
	struct player *p;

	read_entry("[u]\ndriver = dummy-ups\nport = a.seq\n");
	p = play(
	    "ups.status: OL\nALARM hot\nTIMER 1\nups.status: OB\nTIMER 1\nALARM\n", 0);
	assert_is(p, "ups.alarm", "hot");
	assert_is(p, "ups.status", "ALARM OL");
	player_tick(p, 1000);
	assert_is(p, "ups.status", "ALARM OB");
	player_tick(p, 2000);
	assert_is(p, "ups.alarm", NULL);
	assert_is(p, "ups.status", "OB");
	player_free(p);
	forget_entry();
}

static void
test_kinds(void **data)
{
	const struct state_var *v;
	struct player *p;

	read_entry("[u]\ndriver = dummy-ups\nport = a.dev\n");
	p = play("battery.charge: 1\nups.id: x\nmy.own: y\ninput.quality: z\n", 0);
	v = state_var(player_state(p), "battery.charge");
	assert_int_equal(v->flags, STATE_RW);
	v = state_var(player_state(p), "ups.id");
	assert_int_equal(v->flags, STATE_RW | STATE_STRING);
	assert_int_equal(v->aux, 16);
	v = state_var(player_state(p), "my.own");
	assert_int_equal(v->aux, 32);
	v = state_var(player_state(p), "input.quality");
	assert_int_equal(v->aux, 6);
	player_free(p);
	forget_entry();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_modes),
	    cmocka_unit_test(test_clones_find_the_real_ups),
	    cmocka_unit_test(test_scripts),
	    cmocka_unit_test(test_once),
	    cmocka_unit_test(test_loop),
	    cmocka_unit_test(test_alarm),
	    cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
