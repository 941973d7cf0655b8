/* SPDX-License-Identifier: ISC */
/*
 * Recordings as bodies: our own against the variables of the nut_dumps entry that it
 * stands for, and every recording of a real device.
 */
#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hid/hidups.h"
#include "hid/report.h"
#include "hid/usages.h"
#include "lib/recording.h"
#include "lib/xmem.h"
#include "sim/body.h"

#define RECORDINGS_MIN 30

static struct recording *cs500;
static struct hid_desc *desc;
static struct body *body;

static struct recording *
load(const char *path)
{
	char text[262144], cause[256];
	struct recording *r;
	FILE *f = fopen(path, "r");
	size_t len;

	if (f == NULL)
		fail_msg("%s: cannot be opened", path);
	len = fread(text, 1, sizeof(text), f);
	fclose(f);
	if ((r = recording_read(text, len, cause, sizeof(cause))) == NULL)
		fail_msg("%s: %s", path, cause);
	return r;
}

static int
setup(void **state)
{
	char cause[256];

	(void)state;
	cs500 = load(SOURCE_ROOT "/sim/bodies/apc-back-ups-cs-500.json");
	desc = hid_desc_parse(
	    cs500->descriptor, cs500->descriptor_len, cause, sizeof(cause));
	assert_non_null(desc);
	body = body_new(cs500);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	body_free(body);
	hid_desc_free(desc);
	recording_free(cs500);
	return 0;
}

/* The first feature field with this path; the path must be there. */
static const struct hid_field *
field(const char *path)
{
	char name[256];
	size_t i;

	for (i = 0; i < desc->nfields; i++) {
		const struct hid_field *f = &desc->fields[i];

		hid_usage_path(name, sizeof(name), f->usages, f->depth);
		if (f->type == HID_FEATURE && strcmp(name, path) == 0)
			return f;
	}
	fail_msg("no field %s", path);
	return NULL;
}

static int64_t
raw(const char *path)
{
	const struct hid_field *f = field(path);
	const uint8_t *bytes;
	int64_t value = 0;
	size_t len;

	bytes = body_feature(body, f->report_id, &len);
	assert_non_null(bytes);
	assert_int_equal(bytes[0], f->report_id);
	assert_int_equal(len, hid_desc_report_len(desc, HID_FEATURE, f->report_id));
	assert_true(hid_report_get(f, bytes + 1, len - 1, &value));
	return value;
}

static double
value(const char *path)
{
	return hid_report_scale(field(path), raw(path));
}

static void
put(const char *path, int64_t to)
{
	const struct hid_field *f = field(path);
	const uint8_t *bytes;
	uint8_t copy[64];
	size_t len;

	bytes = body_feature(body, f->report_id, &len);
	assert_true(bytes != NULL && len <= sizeof(copy));
	memcpy(copy, bytes, len);
	assert_true(hid_report_put(f, copy + 1, len - 1, to));
	assert_int_equal(body_set(body, copy, len), 0);
}

/* NUT's names, the path NUT reads, the value in the dump of NUT 2.6.0. */
static void
test_the_dump(void **state)
{
	static const struct {
		const char *path, *text;
		int decimals;
		double minus;
	} rows[] = {
	    {"UPS.PowerSummary.RemainingCapacity", "100", 0, 0},
	    {"UPS.PowerSummary.RemainingCapacityLimit", "10", 0, 0},
	    {"UPS.PowerSummary.WarningCapacityLimit", "50", 0, 0},
	    {"UPS.PowerSummary.RunTimeToEmpty", "3877", 0, 0},
	    {"UPS.PowerSummary.RemainingTimeLimit", "120", 0, 0},
	    {"UPS.Battery.Temperature", "29.2", 1, 273.15},
	    {"UPS.PowerSummary.Voltage", "13.6", 1, 0},
	    {"UPS.PowerSummary.ConfigVoltage", "12.0", 1, 0},
	    {"UPS.Input.Voltage", "224.0", 1, 0},
	    {"UPS.Input.ConfigVoltage", "230", 0, 0},
	    {"UPS.Output.Voltage", "230.0", 1, 0},
	    {"UPS.Output.ConfigVoltage", "230.0", 1, 0},
	    {"UPS.Output.PercentLoad", "0.0", 1, 0},
	    {"UPS.PowerConverter.PercentLoad", "0", 0, 0},
	    {"UPS.PowerSummary.DelayBeforeShutdown", "-1", 0, 0},
	    {"UPS.PowerSummary.DelayBeforeStartup", "0", 0, 0},
	    {"UPS.PowerSummary.DelayBeforeReboot", "0", 0, 0},
	    {"UPS.PowerSummary.AudibleAlarmControl", "2", 0, 0},
	    {"UPS.Battery.Test", "6", 0, 0},
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "%.*f", rows[i].decimals,
		    value(rows[i].path) - rows[i].minus);
		if (strcmp(text, rows[i].text) != 0)
			fail_msg("%s is %s", rows[i].path, text);
	}
	/* MMDDYY as hex digits, and the packed date of HID. */
	assert_int_equal(raw("UPS.Battery.ff860016"), 0x091910);
	assert_int_equal(raw("UPS.PowerSummary.ff860016"), 0x091910);
	assert_int_equal(raw("UPS.Battery.ManufacturerDate"), 30 << 9 | 9 << 5 | 19);
	assert_int_equal(raw("UPS.PowerSummary.ManufacturerDate"), 30 << 9 | 9 << 5 | 19);
	assert_int_equal(raw("UPS.Input.ff860061"), 1);
	assert_string_equal(
	    body_string(body, (uint8_t)raw("UPS.PowerSummary.iDeviceChemistry")), "PbAc");
	assert_string_equal(
	    body_string(body, (uint8_t)raw("UPS.PowerSummary.iSerialNumber")),
	    "4B1038P51197");
	assert_null(body_string(body, 200));
}

/* Every report of the recording comes out as it went in. */
static void
test_starts_as_recorded(void **state)
{
	const uint8_t *bytes;
	size_t i, len;

	(void)state;
	for (i = 0; i < cs500->nreports; i++) {
		bytes = body_feature(body, cs500->reports[i].id, &len);
		assert_non_null(bytes);
		assert_int_equal(len, cs500->reports[i].len);
		assert_memory_equal(bytes, cs500->reports[i].bytes, len);
	}
	assert_null(body_feature(body, 0xfe, &len));
}

struct sent {
	size_t count;
	uint8_t ids[32];
};

static void
collect(void *arg, const uint8_t *bytes, size_t len)
{
	struct sent *s = arg;

	assert_true(len > 1 && s->count < sizeof(s->ids));
	s->ids[s->count++] = bytes[0];
}

static struct sent
inputs(bool gauges)
{
	struct sent s = {0};

	body_inputs(body, gauges, collect, &s);
	return s;
}

static bool
has(const struct sent *s, uint8_t id)
{
	return memchr(s->ids, id, s->count) != NULL;
}

static void
test_outage_is_told_at_once(void **state)
{
	struct sent s;

	(void)state;
	assert_int_equal(inputs(true).count, 0);
	ups_unplug(body_ups(body));
	s = inputs(false);
	/* All flags in one report first; gauges not yet. */
	assert_int_equal(s.count, 3);
	assert_int_equal(s.ids[0], 0x16);
	assert_true(has(&s, 0x06) && has(&s, 0x13));
	assert_int_equal(inputs(false).count, 0);
	assert_int_equal(raw("UPS.PowerSummary.ACPresent"), 0);
	assert_int_equal(raw("UPS.PowerSummary.Discharging"), 1);
	assert_int_equal(raw("UPS.PowerSummary.ff860060"), 16);
	assert_int_equal(raw("UPS.PowerSummary.PresentStatus.ACPresent"), 0);
	assert_int_equal(raw("UPS.PowerSummary.PresentStatus.BatteryPresent"), 1);
	assert_true(value("UPS.Input.Voltage") == 0.0);
	assert_true(value("UPS.Output.Voltage") == 230.0);

	ups_step(body_ups(body), 60.0);
	assert_int_equal(inputs(false).count, 0);
	s = inputs(true);
	assert_true(s.count == 1 && s.ids[0] == 0x0c);
	assert_true(value("UPS.PowerSummary.RunTimeToEmpty") < 3877.0);
	assert_true(value("UPS.PowerSummary.Voltage") < 13.0);

	ups_plug(body_ups(body));
	assert_int_equal(inputs(false).count, 3);
	assert_true(value("UPS.Input.Voltage") == 224.0);
	assert_int_equal(raw("UPS.PowerSummary.Charging"), 1);
}

static void
test_low_battery_and_end(void **state)
{
	struct sent s;

	(void)state;
	ups_unplug(body_ups(body));
	inputs(true);
	while (raw("UPS.PowerSummary.BelowRemainingCapacityLimit") == 0)
		ups_step(body_ups(body), 1.0);
	s = inputs(false);
	assert_true(has(&s, 0x14) && has(&s, 0x16));
	assert_true(value("UPS.PowerSummary.RemainingCapacity") <= 10.0);
	ups_step(body_ups(body), 3600.0);
	assert_true(value("UPS.Output.Voltage") == 0.0);
	assert_int_equal(raw("UPS.PowerSummary.ff860060"), 0);
	assert_int_equal(raw("UPS.PowerSummary.RunTimeToEmpty"), 0);
}

static void
test_writes_act(void **state)
{
	(void)state;
	put("UPS.Battery.Test", 1);
	assert_int_equal(raw("UPS.Battery.Test"), 5);
	assert_int_equal(inputs(false).ids[0], 0x16);
	ups_step(body_ups(body), 10.0);
	assert_int_equal(raw("UPS.Battery.Test"), 1);
	put("UPS.Battery.Test", 1);
	assert_int_equal(raw("UPS.Battery.Test"), 5);
	put("UPS.Battery.Test", 3);
	assert_int_equal(raw("UPS.Battery.Test"), 4);

	put("UPS.PowerSummary.AudibleAlarmControl", 1);
	assert_int_equal(body_ups(body)->beeper, UPS_BEEPER_DISABLED);
	put("UPS.PowerSummary.RemainingCapacityLimit", 35);
	assert_true(body_ups(body)->charge_low == 35.0);
	put("UPS.PowerSummary.RemainingTimeLimit", 600);
	assert_true(body_ups(body)->runtime_low == 600.0);
	put("UPS.Input.LowVoltageTransfer", 226);
	assert_int_equal(raw("UPS.PowerSummary.ACPresent"), 0);
	put("UPS.Input.LowVoltageTransfer", 180);
	assert_int_equal(raw("UPS.PowerSummary.ACPresent"), 1);
	/* No quantity of the model: kept. */
	put("UPS.Input.ff860061", 2);
	assert_int_equal(raw("UPS.Input.ff860061"), 2);
	/* Measured, not set. */
	put("UPS.PowerSummary.RunTimeToEmpty", 5);
	assert_true(raw("UPS.PowerSummary.RunTimeToEmpty") > 3800);
	assert_int_equal(body_set(body, (const uint8_t *)"\xfe\x01", 2), -1);
	assert_int_equal(body_set(body, (const uint8_t *)"", 0), -1);
}

static void
test_written_timers(void **state)
{
	struct ups *u = body_ups(body);

	(void)state;
	put("UPS.PowerSummary.DelayBeforeStartup", 30);
	put("UPS.PowerSummary.DelayBeforeShutdown", 20);
	assert_int_equal(raw("UPS.PowerSummary.DelayBeforeShutdown"), 20);
	assert_int_equal(raw("UPS.ff860005.ff86007d"), 20);
	assert_int_equal(raw("UPS.PowerSummary.ShutdownImminent"), 1);
	ups_step(u, 20.0);
	assert_false(u->output);
	assert_int_equal(raw("UPS.PowerSummary.DelayBeforeShutdown"), -1);
	ups_step(u, 10.5);
	assert_int_equal(raw("UPS.PowerSummary.DelayBeforeStartup"), 20);
	ups_step(u, 20.0);
	assert_true(u->output);
	assert_int_equal(raw("UPS.PowerSummary.DelayBeforeStartup"), 0);

	put("UPS.PowerSummary.DelayBeforeShutdown", 20);
	put("UPS.PowerSummary.DelayBeforeShutdown", -1);
	assert_true(u->shutdown == UPS_IDLE);
	put("UPS.ff860005.ff86007c", 1);
	ups_step(u, 1.0);
	assert_false(u->output);
	ups_step(u, 6.0);
	assert_true(u->output);
}

/* Writes what NUT's command `name` comes to. */
static void
command(const char *name)
{
	struct hidups *h = hidups_new(desc, &cs500->ident);
	struct hidups_write writes[HIDUPS_WRITES_MAX];
	const uint8_t *bytes;
	uint8_t ids[256];
	char cause[128];
	size_t i, n, len;

	n = hidups_polls(h, true, ids);
	for (i = 0; i < n; i++) {
		bytes = body_feature(body, ids[i], &len);
		assert_non_null(bytes);
		hidups_report(h, HID_FEATURE, bytes, len);
	}
	if (hidups_command(h, name, NULL, writes, &n, cause, sizeof(cause)) != HIDUPS_OK)
		fail_msg("%s: %s", name, cause);
	for (i = 0; i < n; i++)
		assert_int_equal(body_set(body, writes[i].bytes, writes[i].len), 0);
	hidups_free(h);
}

static void
test_commands(void **state)
{
	struct ups *u = body_ups(body);

	(void)state;
	command("load.off");
	assert_false(u->output);
	command("load.on");
	assert_true(u->output);

	ups_unplug(u);
	command("shutdown.return");
	ups_step(u, 60.0);
	assert_false(u->output);
	ups_plug(u);
	ups_step(u, 60.0);
	assert_true(u->output);

	ups_unplug(u);
	command("shutdown.stayoff");
	ups_step(u, 60.0);
	assert_false(u->output);
	ups_plug(u);
	ups_step(u, 600.0);
	assert_false(u->output);
	command("load.on");
	assert_true(u->output);

	command("shutdown.reboot");
	command("shutdown.stop");
	ups_step(u, 60.0);
	assert_true(u->output);
	command("shutdown.reboot");
	ups_step(u, 10.0);
	assert_false(u->output);
	ups_step(u, 10.0);
	assert_true(u->output);

	command("test.battery.start.quick");
	assert_int_equal(u->test, UPS_TEST_RUNNING);
	command("test.battery.stop");
	assert_int_equal(u->test, UPS_TEST_ABORTED);
	command("beeper.disable");
	assert_int_equal(u->beeper, UPS_BEEPER_DISABLED);
}

/* A recording as body gives back all its feature reports, lives through an outage and
 * any write without a step outside of its reports. */
static void
try_body(const struct recording *r, const char *name)
{
	struct body *b = body_new(r);
	struct sent ignored;
	const uint8_t *bytes;
	uint8_t write[64];
	size_t i, len;

	for (i = 0; i < r->nreports; i++) {
		if (r->reports[i].type != HID_FEATURE || r->reports[i].len == 0)
			continue;
		bytes = body_feature(b, r->reports[i].id, &len);
		if (bytes == NULL || len != r->reports[i].len ||
		    bytes[0] != r->reports[i].bytes[0])
			fail_msg("%s: report %u is not there", name, r->reports[i].id);
	}
	ups_unplug(body_ups(b));
	ups_step(body_ups(b), 120.0);
	for (i = 0; i < 256; i++) {
		memset(write, 0xff, sizeof(write));
		write[0] = (uint8_t)i;
		body_set(b, write, i % 2 == 0 ? sizeof(write) : 1);
	}
	ups_plug(body_ups(b));
	ups_step(body_ups(b), 120.0);
	memset(&ignored, 0, sizeof(ignored));
	body_inputs(b, true, collect, &ignored);
	body_free(b);
}

static void
test_every_recording(void **state)
{
	const char *shared = getenv("HOLDUP_SHARED");
	char folder[PATH_MAX], path[PATH_MAX + 256];
	struct dirent *entry;
	struct recording *r;
	int count = 0;
	DIR *dir;

	(void)state;
	snprintf(folder, sizeof(folder), "%s/hid",
	    shared != NULL ? shared : SOURCE_ROOT "/../shared");
	if ((dir = opendir(folder)) == NULL) {
		print_message("no recordings in %s\n", folder);
		skip();
	}
	while ((entry = readdir(dir)) != NULL) {
		if (strstr(entry->d_name, ".json") == NULL)
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		r = load(path);
		try_body(r, entry->d_name);
		recording_free(r);
		count++;
	}
	closedir(dir);
	assert_true(count >= RECORDINGS_MIN);
}

/* A descriptor that cannot be parsed: the bytes are served as they are. */
static void
test_broken_descriptor(void **state)
{
	struct recording *r = load(SOURCE_ROOT "/sim/bodies/apc-back-ups-cs-500.json");
	const uint8_t *bytes;
	struct body *b;
	size_t len;

	(void)state;
	r->descriptor_len = 100;
	b = body_new(r);
	assert_false(body_is_live(b));
	bytes = body_feature(b, 0x0c, &len);
	assert_true(bytes != NULL && len == 6);
	assert_int_equal(body_set(b, (const uint8_t *)"\x18\x01", 2), 0);
	bytes = body_feature(b, 0x18, &len);
	assert_int_equal(bytes[1], 1);
	body_free(b);
	recording_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_the_dump, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_starts_as_recorded, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_outage_is_told_at_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_low_battery_and_end, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_writes_act, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_written_timers, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_commands, setup, teardown),
	    cmocka_unit_test(test_every_recording),
	    cmocka_unit_test(test_broken_descriptor),
	};

	cmocka_set_message_output(CM_OUTPUT_STDOUT);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
