/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "setup/undo.h"
#include "setup/units.h"

/* Debian 12 with NUT, as systemctl prints it. */
static const char nut_files[] = "nut-driver-enumerator.path    enabled  enabled\n"
				"nut-client.service            alias    -\n"
				"nut-driver-enumerator.service enabled  enabled\n"
				"nut-driver@.service           disabled enabled\n"
				"nut-monitor.service           enabled  enabled\n"
				"nut-server.service            enabled  enabled\n"
				"nut-driver.target             enabled  enabled\n"
				"nut.target                    enabled  enabled\n"
				"nutrition.service             enabled  enabled\n"
				"holdup.service                disabled enabled\n";
static const char nut_running[] =
    "nut-driver-enumerator.service loaded inactive dead    Network UPS Tools - "
    "enumeration\n"
    "nut-driver@pi.service         loaded active   running Network UPS Tools - device "
    "driver\n"
    "nut-server.service            loaded activating start Network UPS Tools - power\n"
    "nut-monitor.service           loaded failed   failed  Network UPS Tools - monitor\n"
    "nut.target                    loaded active   active  Network UPS Tools - target\n";

static const char apc_files[] = "apcupsd.service enabled enabled\n"
				"holdup.service  enabled enabled\n";
static const char apc_running[] =
    "apcupsd.service loaded active running UPS power management daemon\n"
    "holdup.service  loaded active running UPS\n";

static void
sum_up(const struct unit_steps *steps, struct buf *out)
{
	for (size_t i = 0; i < steps->count; i++)
		buf_printf(out, "%s %s\n", unit_act_word(steps->list[i].act),
		    steps->list[i].name);
}

static void
assert_steps(void (*plan)(const struct units *units, struct unit_steps *steps),
    const struct units *units, const char *wanted)
{
	struct unit_steps steps = {0};
	struct buf got = {0};

	plan(units, &steps);
	sum_up(&steps, &got);
	assert_string_equal(buf_str(&got), wanted);
	unit_steps_free(&steps);
	buf_free(&got);
}

/* What starts others is stopped before them, and started last; instances of drivers are
 * masked by their template. */
static void
test_nut(void **state)
{
	struct units u;

	units_read(&u, nut_files, nut_running);
	assert_true(units_live(&u, UNIT_NUT));
	assert_false(units_live(&u, UNIT_APCUPSD));
	assert_false(units_live(&u, UNIT_OURS));
	assert_null(units_find(&u, "nut-client.service"));
	assert_null(units_find(&u, "nutrition.service"));
	assert_steps(units_take, &u,
	    "stop nut.target\nstop nut-server.service\nstop nut-driver@pi.service\n"
	    "mask nut-driver-enumerator.path\nmask nut-driver-enumerator.service\n"
	    "mask nut.target\nmask nut-monitor.service\nmask nut-server.service\n"
	    "mask nut-driver.target\nmask nut-driver@.service\n");
	assert_steps(units_back, &u,
	    "stop holdup.service\ndisable holdup.service\n"
	    "unmask nut-driver-enumerator.path\nenable nut-driver-enumerator.path\n"
	    "unmask nut-driver-enumerator.service\nenable nut-driver-enumerator.service\n"
	    "unmask nut.target\nenable nut.target\n"
	    "unmask nut-monitor.service\nenable nut-monitor.service\n"
	    "unmask nut-server.service\nenable nut-server.service\n"
	    "unmask nut-driver.target\nenable nut-driver.target\n"
	    "unmask nut-driver@.service\n"
	    "start nut-driver@pi.service\nstart nut-server.service\nstart nut.target\n");
	units_free(&u);
}

/* Where holdup ran before, it goes on. */
static void
test_apcupsd(void **state)
{
	struct units u;

	units_read(&u, apc_files, apc_running);
	assert_true(units_live(&u, UNIT_APCUPSD));
	assert_false(units_live(&u, UNIT_NUT));
	assert_steps(units_take, &u, "stop apcupsd.service\ndisable apcupsd.service\n");
	assert_steps(units_back, &u, "enable apcupsd.service\nstart apcupsd.service\n");
	units_free(&u);
}

/* What was masked before stays so; our own aliases by NUT's names are none of NUT's. */
static void
test_nothing(void **state)
{
	struct units u;

	units_read(&u, "nut-server.service masked enabled\nnut-monitor.service alias -\n",
	    "garbage\n\nnut-server.service loaded\nholdup.service loaded active running "
	    "x");
	assert_false(units_live(&u, UNIT_NUT));
	assert_true(units_live(&u, UNIT_OURS));
	assert_steps(units_take, &u, "");
	assert_steps(units_back, &u, "disable holdup.service\n");
	units_free(&u);
	units_read(&u, "", "");
	assert_int_equal(u.count, 0);
	units_free(&u);
}

/* What was written is read again; of two lines for a thing the first counts. */
static void
test_record(void **state)
{
	struct units u, later;
	struct undo undo;
	struct buf text = {0};

	units_read(&u, nut_files, nut_running);
	units_read(&later, nut_files, "");
	undo_add_file(&text, "/etc/nut/a \"b\".conf", "/etc/nut/a \"b\".conf.before");
	undo_add_file(&text, "/etc/nut/holdup.conf", NULL);
	for (size_t i = 0; i < u.count; i++)
		undo_add_unit(&text, &u.list[i]);
	undo_add_file(&text, "/etc/nut/holdup.conf", "/etc/nut/holdup.conf.before");
	for (size_t i = 0; i < later.count; i++)
		undo_add_unit(&text, &later.list[i]);
	undo_read(&undo, buf_str(&text), text.len);
	assert_int_equal(undo.nfiles, 2);
	assert_string_equal(undo.files[0].path, "/etc/nut/a \"b\".conf");
	assert_string_equal(undo.files[0].copy, "/etc/nut/a \"b\".conf.before");
	assert_null(undo.files[1].copy);
	assert_int_equal(undo.units.count, u.count);
	for (size_t i = 0; i < u.count; i++) {
		assert_string_equal(undo.units.list[i].name, u.list[i].name);
		assert_string_equal(undo.units.list[i].state, u.list[i].state);
		assert_int_equal(undo.units.list[i].active, u.list[i].active);
		assert_int_equal(undo.units.list[i].side, u.list[i].side);
	}
	undo_free(&undo);
	units_free(&later);
	units_free(&u);
	buf_free(&text);
}

/* What setup writes after files were given back has copies of its own; how units were at first
 * is as true as before. */
static void
test_record_back(void **state)
{
	struct undo undo;
	struct buf text = {0};

	buf_puts(&text, "unit \"nut.target\" \"enabled\" active\n");
	undo_add_file(&text, "/etc/nut/ups.conf", "/etc/nut/ups.conf.first");
	undo_add_file(&text, "/etc/nut/holdup.conf", NULL);
	undo_add_back(&text);
	undo_read(&undo, buf_str(&text), text.len);
	assert_int_equal(undo.nfiles, 0);
	undo_free(&undo);
	undo_add_file(&text, "/etc/nut/ups.conf", "/etc/nut/ups.conf.second");
	undo_read(&undo, buf_str(&text), text.len);
	assert_int_equal(undo.nfiles, 1);
	assert_string_equal(undo.files[0].copy, "/etc/nut/ups.conf.second");
	assert_int_equal(undo.units.count, 1);
	undo_free(&undo);
	buf_free(&text);
}

/* What follows a line that was cut off is read; the rest of that line never means "there was
 * none", for which a file would be taken away. */
static void
test_record_continued(void **state)
{
	static const char cut[] = "file \"/b\" \"/c\"", more[] = "\nfile \"/d\" \"\"\n";
	char text[sizeof(cut) + sizeof(more)];
	struct undo undo;

	for (int len = 0; len < (int)sizeof(cut) - 1; len++) {
		snprintf(text, sizeof(text), "%.*s%s", len, cut, more);
		undo_read(&undo, text, strlen(text));
		assert_int_equal(undo.nfiles, 1);
		assert_string_equal(undo.files[0].path, "/d");
		undo_free(&undo);
	}
}

/* Cut off at any byte it is a beginning of itself; strange lines are nothing. */
static void
test_record_damaged(void **state)
{
	static const char text[] =
	    "file \"/a\" \"\"\nunit \"nut.target\" \"enabled\" active\n"
	    "file \"/b\" \"/c\"\n";
	static const char strange[] = "file a b\nfile \"/a\" b\nunit sshd.service "
				      "enabled active\n[x]\n\"\nfile\nx y z\n";
	struct undo undo;

	for (size_t len = 0; len < sizeof(text); len++) {
		undo_read(&undo, text, len);
		assert_int_equal(undo.nfiles, (len > 12) + (len == sizeof(text) - 1));
		assert_int_equal(undo.units.count, len > 47);
		undo_free(&undo);
	}
	undo_read(&undo, strange, sizeof(strange) - 1);
	assert_int_equal(undo.nfiles + undo.units.count, 0);
	undo_free(&undo);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nut),
	    cmocka_unit_test(test_apcupsd),
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_record),
	    cmocka_unit_test(test_record_back),
	    cmocka_unit_test(test_record_continued),
	    cmocka_unit_test(test_record_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
