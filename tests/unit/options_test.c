/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
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

/* A section with one line more. */
static void
read_line(struct options *o, struct problems *p, const char *line)
{
	char text[256];

	snprintf(text, sizeof(text), "[ups]\ndriver = usbhid-ups\n%s\n", line);
	read_section(o, p, text);
}

/* Each flag does what its row says and nothing else. */
static void
flags(void **state)
{
	static const struct {
		const char *word;
		size_t at;
	} rows[] = {
	    {"pollonly", offsetof(struct options, pollonly)},
	    {"ignorelb", offsetof(struct options, ignorelb)},
	    {"explore", offsetof(struct options, explore)},
	    {"allow_killpower", offsetof(struct options, allow_killpower)},
	    {"interruptonly", offsetof(struct options, ups.interruptonly)},
	    {"onlinedischarge", offsetof(struct options, ups.onlinedischarge_battery)},
	    {"onlinedischarge_battery",
		offsetof(struct options, ups.onlinedischarge_battery)},
	    {"onlinedischarge_onbattery",
		offsetof(struct options, ups.onlinedischarge_battery)},
	    {"onlinedischarge_calibration",
		offsetof(struct options, ups.onlinedischarge_calibration)},
	    {"lbrb_log_delay_without_calibrating",
		offsetof(struct options, ups.lbrb_log_delay_without_calibrating)},
	    {"powercom_sdcmd_byte_order_fallback",
		offsetof(struct options, ups.powercom_sdcmd_byte_order_fallback)},
	    {"powercom_sdcmd_discrete_delay",
		offsetof(struct options, ups.powercom_sdcmd_discrete_delay)},
	};
	const size_t n = sizeof(rows) / sizeof(rows[0]);
	struct problems p;
	struct options o;
	char name[64];

	for (size_t i = 0; i < n; i++) {
		read_line(&o, &p, rows[i].word);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(
			    *(bool *)((char *)&o + rows[k].at), rows[k].at == rows[i].at);
		snprintf(name, sizeof(name), "driver.flag.%s", rows[i].word);
		assert_non_null(state_get(o.driver, name));
		assert_int_equal(o.notes.count, 1); /* of `driver` */
		problems_free(&p);
		options_free(&o);
	}
}

/* Each number: what it is without its line, with it, and with one that is out of range. */
static void
numbers(void **state)
{
	static const struct {
		const char *word;
		size_t at;
		long otherwise, given;
		const char *wrong;
	} rows[] = {
	    {"lowbatt", offsetof(struct options, ups.lowbatt), 0, 35, "101"},
	    {"waitbeforereconnect", offsetof(struct options, waitbeforereconnect), 0, 30,
		"-1"},
	    {"interruptsize", offsetof(struct options, interruptsize), 0, 8, "0"},
	    {"interrupt_pipe_no_events_tolerance", offsetof(struct options, quiet_polls),
		-1, 5, "-2"},
	    {"onlinedischarge_log_throttle_sec",
		offsetof(struct options, ups.onlinedischarge_log_throttle_sec),
		HIDUPS_UNSAID, -1, "often"},
	    {"onlinedischarge_log_throttle_hovercharge",
		offsetof(struct options, ups.onlinedischarge_log_throttle_hovercharge),
		100, 90, "0"},
	    {"lbrb_log_delay_sec", offsetof(struct options, ups.lbrb_log_delay_sec),
		HIDUPS_UNSAID, 5, "-3"},
	    {"debug_min", offsetof(struct options, debug_min), 0, 2, "10"},
	};
	struct problems p;
	struct options o;
	char line[128];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		read_line(&o, &p, "");
		assert_int_equal(*(long *)((char *)&o + rows[i].at), rows[i].otherwise);
		options_free(&o);
		snprintf(line, sizeof(line), "%s = %ld", rows[i].word, rows[i].given);
		read_line(&o, &p, line);
		assert_int_equal(p.count, 0);
		assert_int_equal(*(long *)((char *)&o + rows[i].at), rows[i].given);
		options_free(&o);
		snprintf(line, sizeof(line), "%s = %s", rows[i].word, rows[i].wrong);
		read_line(&o, &p, line);
		assert_int_equal(p.count, 1);
		assert_int_equal(p.list[0].line, 3);
		assert_int_equal(*(long *)((char *)&o + rows[i].at), rows[i].otherwise);
		problems_free(&p);
		options_free(&o);
	}
}

/* Words of NUT's that have no meaning over hidraw are known, with the reason. */
static void
without_effect(void **state)
{
	static const char *const words[] = {"usb_set_altinterface = 0",
	    "usb_config_index = 1", "usb_hid_rep_index = 1", "usb_hid_desc_index = 1",
	    "usb_hid_ep_in = 81", "usb_hid_ep_out = 1", "subdriver = \"APC HID\"",
	    "langid_fix = 0x409", "noscanlangid", "maxreport", "disable_fix_report_desc",
	    "allow_duplicates", "LIBUSB_DEBUG = 4", "winhid", "nolock",
	    "synchronous = yes", "sdorder = 1", "maxstartdelay = 5", "user = nut",
	    "group = nut"};
	struct problems p;
	struct options o;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		read_line(&o, &p, words[i]);
		assert_int_equal(p.count, 0);
		assert_int_equal(o.notes.count, 2); /* `driver` has one, too */
		assert_int_equal(o.notes.list[1].line, 3);
		assert_non_null(strstr(o.notes.list[1].text, ": no effect: "));
		options_free(&o);
	}
}

/* lowbatt takes the place of the device's limit, but not of one that is written out. */
static void
low_battery(void **state)
{
	struct problems p;
	struct options o;

	read_line(&o, &p, "lowbatt = 40");
	assert_string_equal(state_get(o.overrides, "battery.charge.low"), "40");
	options_free(&o);
	read_line(&o, &p, "lowbatt = 40\noverride.battery.charge.low = 25");
	assert_string_equal(state_get(o.overrides, "battery.charge.low"), "25");
	options_free(&o);
}

/* Written as a variable, for NUT's driver reads the file as well. */
static void
holding(void **state)
{
	struct problems p;
	struct options o;

	read_line(&o, &p, "");
	assert_int_equal(o.hold_ms, 15000);
	assert_string_equal(state_get(o.driver, "driver.link.hold"), "15");
	options_free(&o);
	read_line(&o, &p, "default.driver.link.hold = 4");
	assert_int_equal(o.hold_ms, 4000);
	options_free(&o);
	read_line(&o, &p, "default.driver.link.hold = 4\noverride.driver.link.hold = 0");
	assert_int_equal(p.count, 0);
	assert_int_equal(o.hold_ms, 0);
	assert_string_equal(state_get(o.driver, "driver.link.hold"), "0");
	assert_null(state_get(o.overrides, "driver.link.hold"));
	options_free(&o);
	read_line(&o, &p, "override.driver.link.hold = long");
	assert_int_equal(p.count, 1);
	assert_int_equal(o.hold_ms, 15000);
	problems_free(&p);
	options_free(&o);
}

static void
ways_to_cut(void **state)
{
	static const char *const wanted[] = {"load.off", "shutdown.return",
	    "shutdown.reboot", "load.off.delay", "shutdown.stayoff", NULL};
	struct problems p;
	struct options o;

	read_line(&o, &p, "");
	assert_string_equal(options_way(&o, 0), "shutdown.return");
	assert_string_equal(options_way(&o, 1), "shutdown.reboot");
	assert_string_equal(options_way(&o, 2), "load.off.delay");
	assert_null(options_way(&o, 3));
	options_free(&o);
	read_line(&o, &p, "sdcommands = \"load.off, shutdown.default,shutdown.stayoff\"");
	assert_int_equal(p.count, 0);
	for (size_t i = 0; wanted[i] != NULL; i++)
		assert_string_equal(options_way(&o, i), wanted[i]);
	assert_null(options_way(&o, 5));
	options_free(&o);
}

static void
exploring(void **state)
{
	struct problems p;
	struct options o;

	read_line(&o, &p, "explore\nvendorid = 1234");
	assert_int_equal(p.count, 0);
	assert_true(o.any_device);
	options_free(&o);
	read_line(&o, &p, "explore");
	assert_int_equal(p.count, 1);
	assert_false(o.any_device);
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
	    cmocka_unit_test(flags),
	    cmocka_unit_test(numbers),
	    cmocka_unit_test(without_effect),
	    cmocka_unit_test(low_battery),
	    cmocka_unit_test(holding),
	    cmocka_unit_test(ways_to_cut),
	    cmocka_unit_test(exploring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
