/* SPDX-License-Identifier: ISC */
/*
 * Whole devices: the APC of sim/bodies against the variables NUT 2.6.0 published for a
 * Back-UPS CS 500, and small descriptors made by hand.
 */
#include "hid/status.h"
#include "tests/unit/hidups_device.h"

/* The NUT 2.6.0 entry of nut_dumps in 051d_0002_back-ups-500-cs500.json, but driver.*. */
static void
test_article(void **state)
{
	static const char *const want[][2] = {
	    {"battery.charge", "100"},
	    {"battery.charge.low", "10"},
	    {"battery.charge.warning", "50"},
	    {"battery.date", "2010/09/19"},
	    {"battery.mfr.date", "2010/09/19"},
	    {"battery.runtime", "3877"},
	    {"battery.runtime.low", "120"},
	    {"battery.temperature", "29.2"},
	    {"battery.type", "PbAc"},
	    {"battery.voltage", "13.6"},
	    {"battery.voltage.nominal", "12.0"},
	    {"device.mfr", "American Power Conversion"},
	    {"device.model", "Back-UPS CS 500"},
	    {"device.serial", "4B1038P51197"},
	    {"device.type", "ups"},
	    {"input.sensitivity", "medium"},
	    {"input.voltage", "224.0"},
	    {"input.voltage.nominal", "230"},
	    {"output.voltage", "230.0"},
	    {"output.voltage.nominal", "230.0"},
	    {"ups.alarm", NULL},
	    {"ups.beeper.status", "enabled"},
	    {"ups.delay.shutdown", "20"},
	    {"ups.delay.start", "30"},
	    {"ups.firmware", "808.q10 .I"},
	    {"ups.firmware.aux", "q10"},
	    {"ups.load", "0.0"},
	    {"ups.mfr", "American Power Conversion"},
	    {"ups.mfr.date", "2010/09/19"},
	    {"ups.model", "Back-UPS CS 500"},
	    {"ups.productid", "0002"},
	    {"ups.serial", "4B1038P51197"},
	    {"ups.status", "OL"},
	    {"ups.test.result", "No test initiated"},
	    {"ups.timer.reboot", "0"},
	    {"ups.timer.shutdown", "-1"},
	    {"ups.timer.start", "0"},
	    {"ups.vendorid", "051d"},
	};
	struct device *dev = open_body();
	unsigned long changes;
	size_t i;

	for (i = 0; i < COUNT(want); i++)
		assert_var(dev, want[i][0], want[i][1]);
	assert_string_equal(hidups_map_name(dev->ups), "APC HID");
	changes = dev->state->changes;
	hidups_vars(dev->ups, dev->state);
	assert_int_equal(dev->state->changes, changes);
	close_device(dev);
}

/* Input reports and polls change the status as they come; the newest counts. */
static void
test_status_newest(void **state)
{
	struct device *dev = open_body();

	report(dev, HID_INPUT, "1300");
	assert_var(dev, "ups.status", "OB");
	report(dev, HID_INPUT, "060001 10");
	assert_var(dev, "ups.status", "OB DISCHRG");
	report(dev, HID_FEATURE, "160a00");
	assert_var(dev, "ups.status", "OB DISCHRG");
	report(dev, HID_INPUT, "161a00");
	assert_var(dev, "ups.status", "OB DISCHRG LB");
	report(dev, HID_FEATURE, "160d00");
	assert_var(dev, "ups.status", "OL"); /* charging, of a battery that is full */
	report(dev, HID_FEATURE, "0c5a0000 8403");
	assert_var(dev, "ups.status", "OL CHRG");
	report(dev, HID_FEATURE, "0c640000 8403");
	report(dev, HID_FEATURE, "160c01");
	assert_var(dev, "ups.status", "ALARM OL RB");
	assert_var(dev, "ups.alarm", "Replace battery!");
	report(dev, HID_FEATURE, "160c00");
	assert_var(dev, "ups.status", "OL");
	assert_var(dev, "ups.alarm", NULL);
	close_device(dev);
}

/* What a short report does not hold stays as it was. */
static void
test_short_report(void **state)
{
	struct device *dev = open_body();

	report(dev, HID_FEATURE, "160c01");
	report(dev, HID_FEATURE, "160c");
	assert_var(dev, "ups.status", "ALARM OL RB");
	report(dev, HID_FEATURE, "0c5000");
	assert_var(dev, "battery.charge", "100");
	report(dev, HID_FEATURE, "0c500000");
	assert_var(dev, "battery.charge", "80");
	assert_var(dev, "battery.runtime", "3877");
	assert_false(hidups_report(dev->ups, HID_FEATURE, NULL, 0));
	close_device(dev);
}

/* A failed report takes its variables away, and its flags where no other field knows. */
static void
test_failed_report(void **state)
{
	struct device *dev = open_body();

	hidups_report_failed(dev->ups, 0x31);
	hidups_report_failed(dev->ups, 0x16);
	hidups_report_failed(dev->ups, 0x21);
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "input.voltage", NULL);
	assert_var(dev, "ups.status", "OL");
	assert_var(dev, "ups.test.result", "No test initiated");
	hidups_report_failed(dev->ups, 0x13);
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "ups.status", "OL");
	hidups_report_failed(dev->ups, 0x06);
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "ups.status", "WAIT");
	report(dev, HID_FEATURE, "31e600");
	assert_var(dev, "input.voltage", "230.0");
	close_device(dev);
}

/* Without ACPresent: APC's status byte, then Discharging, speak for the mains. */
static void
test_second_opinions(void **state)
{
	struct device *dev = open_body();

	hidups_report_failed(dev->ups, 0x13);
	hidups_report_failed(dev->ups, 0x16);
	report(dev, HID_FEATURE, "06000110");
	assert_var(dev, "ups.status", "OB DISCHRG");
	report(dev, HID_FEATURE, "06000009");
	assert_var(dev, "ups.status", "OL CAL");
	report(dev, HID_FEATURE, "06000000");
	assert_var(dev, "ups.status", "OL OFF");
	close_device(dev);
}

static void
test_apc_conversions(void **state)
{
	struct device *dev = open_body();

	report(dev, HID_FEATURE, "1d000000");
	assert_var(dev, "battery.date", "2010/09/19");
	report(dev, HID_FEATURE, "1c000000");
	report(dev, HID_FEATURE, "1d022210");
	assert_var(dev, "battery.date", "2002/10/22");
	report(dev, HID_FEATURE, "1d991231");
	assert_var(dev, "battery.date", "not set");
	report(dev, HID_FEATURE, "1d992312");
	assert_var(dev, "battery.date", "1999/12/23");
	report(dev, HID_FEATURE, "1d000000");
	assert_var(dev, "battery.date", "not set");
	report(dev, HID_FEATURE, "07e330");
	assert_var(dev, "ups.mfr.date", "2004/07/03");
	report(dev, HID_FEATURE, "3700");
	assert_var(dev, "input.sensitivity", "low");
	report(dev, HID_FEATURE, "3601");
	assert_var(dev, "input.transfer.reason", "input voltage out of range");
	report(dev, HID_FEATURE, "3600");
	assert_var(dev, "input.transfer.reason", NULL);
	report(dev, HID_FEATURE, "2101");
	assert_var(dev, "ups.test.result", "Done and passed");
	report(dev, HID_FEATURE, "2105");
	assert_var(dev, "ups.test.result", "In progress");
	report(dev, HID_FEATURE, "1803");
	assert_var(dev, "ups.beeper.status", "muted");
	close_device(dev);
}

static void
test_commands(void **state)
{
	static const char *const rows[][3] = {
	    {"test.battery.start.quick", NULL, "21 01"},
	    {"test.battery.start.deep", NULL, "21 02"},
	    {"test.battery.stop", NULL, "21 03"},
	    {"test.panel.start", NULL, "35 01"},
	    {"test.panel.stop", NULL, "35 00"},
	    {"beeper.disable", NULL, "18 01"},
	    {"beeper.enable", NULL, "18 02"},
	    {"beeper.mute", NULL, "18 03"},
	    {"load.off", NULL, "15 00 00"},
	    {"load.on", NULL, "19 00 00"},
	    {"load.off.delay", NULL, "15 14 00"},
	    {"load.off.delay", "300", "15 2c 01"},
	    {"load.on.delay", NULL, "19 1e 00"},
	    {"shutdown.return", NULL, "2e 01"},
	    {"shutdown.stayoff", NULL, "19 ff ff; 15 14 00"},
	    {"shutdown.stayoff", "60", "19 ff ff; 15 3c 00"},
	    {"shutdown.stop", NULL, "15 ff ff"},
	    {"shutdown.reboot", NULL, "1a 0a 00"},
	};
	struct device *dev = open_body();
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		assert_true(state_cmd_has(dev->state, rows[i][0]));
		assert_int_equal(command(dev, rows[i][0], rows[i][1]), HIDUPS_OK);
		assert_writes(dev, rows[i][2]);
	}
	assert_int_equal(command(dev, "load.off.delay", "soon"), HIDUPS_INVALID);
	assert_int_equal(command(dev, "load.off.delay", "-1"), HIDUPS_INVALID);
	assert_int_equal(command(dev, "load.off.delay", "40000"), HIDUPS_INVALID);
	assert_int_equal(command(dev, "beeper.mute", "1"), HIDUPS_INVALID);
	assert_int_equal(command(dev, "bypass.start", NULL), HIDUPS_UNKNOWN);
	assert_int_equal(dev->nwrites, 0);
	close_device(dev);
}

/* A device whose strings cannot be read has the chemistry that its maker uses. */
static void
test_chemistry(void **state)
{
	static const char one[] = "058409 04a101 0924a102 0585 0989 7508 9501 b102 c0c0";
	static const struct hidups_ident apc = {.vendor = 0x051d, .product = 2};
	static const struct hidups_ident other = {.vendor = 0x1234};
	struct device *dev = open_device(one, &apc);

	report(dev, HID_FEATURE, "04");
	hidups_string(dev->ups, 4, "");
	assert_var(dev, "battery.type", "PbAc");
	hidups_string(dev->ups, 4, "LiIon");
	report(dev, HID_FEATURE, "04");
	assert_var(dev, "battery.type", "LiIon");
	report(dev, HID_FEATURE, "00");
	assert_var(dev, "battery.type", NULL);
	close_device(dev);
	dev = open_device(one, &other);
	report(dev, HID_FEATURE, "04");
	hidups_string(dev->ups, 4, "");
	assert_var(dev, "battery.type", NULL);
	close_device(dev);
}

static void
test_settings(void **state)
{
	static const char *const rows[][3] = {
	    {"battery.charge.low", "20", "11 14 00 00"},
	    {"battery.runtime.low", "300", "17 2c 01"},
	    {"battery.date", "2026/11/23", "1d 26 23 11"},
	    {"input.transfer.low", "170", "32 aa 00"},
	    {"input.transfer.high", "270", "33 0e 01"},
	    {"input.sensitivity", "high", "37 02"},
	    {"ups.delay.start", "0", ""},
	};
	static const char *const wrong[][2] = {
	    {"battery.charge.low", "101"},
	    {"battery.charge.low", "ten"},
	    {"battery.charge.low", ""},
	    {"battery.charge.low", "nan"},
	    {"battery.date", "2026-11-23"},
	    {"battery.date", "2026/13/01"},
	    {"input.transfer.low", "100"},
	    {"input.sensitivity", "auto"},
	    {"input.sensitivity", "1"},
	    {"ups.delay.start", "-5"},
	    {"ups.delay.start", "1e3"},
	};
	struct device *dev = open_body();
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		assert_int_equal(set(dev, rows[i][0], rows[i][1]), HIDUPS_OK);
		assert_writes(dev, rows[i][2]);
	}
	for (i = 0; i < COUNT(wrong); i++) {
		dev->cause[0] = '\0';
		assert_int_equal(set(dev, wrong[i][0], wrong[i][1]), HIDUPS_INVALID);
		assert_non_null(strstr(dev->cause, wrong[i][0]));
	}
	assert_int_equal(set(dev, "battery.charge", "50"), HIDUPS_UNKNOWN);
	assert_int_equal(set(dev, "ups.id", "x"), HIDUPS_UNKNOWN);
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "ups.delay.start", "0");
	assert_int_equal(command(dev, "load.on.delay", NULL), HIDUPS_OK);
	assert_writes(dev, "19 00 00");
	close_device(dev);
}

static void
test_kinds(void **state)
{
	struct device *dev = open_body();
	const struct state_var *v = state_var(dev->state, "input.transfer.low");

	assert_int_equal(v->flags, STATE_RW | STATE_NUMBER);
	assert_int_equal(v->nranges, 1);
	assert_int_equal(v->ranges[0].min, 160);
	assert_int_equal(v->ranges[0].max, 196);
	v = state_var(dev->state, "input.sensitivity");
	assert_int_equal(v->nenums, 3);
	assert_int_equal(state_var(dev->state, "battery.charge")->flags, 0);
	v = state_var(dev->state, "battery.charge.low");
	assert_int_equal(v->ranges[0].max, 100);
	v = state_var(dev->state, "battery.date");
	assert_int_equal(v->flags, STATE_RW | STATE_STRING);
	assert_int_equal(v->aux, 10);
	close_device(dev);
}

static void
test_polls(void **state)
{
	struct device *dev = open_body();
	uint8_t ids[256];
	size_t quick = hidups_polls(dev->ups, false, ids), all;

	assert_non_null(memchr(ids, 0x0c, quick));
	assert_non_null(memchr(ids, 0x13, quick));
	assert_non_null(memchr(ids, 0x31, quick));
	assert_null(memchr(ids, 0x11, quick));
	all = hidups_polls(dev->ups, true, ids);
	assert_non_null(memchr(ids, 0x11, all));
	assert_true(all > quick);
	close_device(dev);
}

/* Capacity in PowerSummary (report 1) and Battery (2), mains in PowerSummary (3) and
 * Input (4). */
#define TWICE                                                                          \
	"0584 0904 a101 0924 a102 8501 0585 0966 7508 9501 1500 2564 b102 8503 09d0 "  \
	"b102"                                                                         \
	"c0 0584 0912 a102 8502 0585 0966 b102 c0 0584 091a a102 8504 0585 09d0 b102 " \
	"c0 c0"

static void
assert_quick(struct device *dev, const char *wanted)
{
	uint8_t ids[256];
	char got[64] = "";
	size_t n = hidups_polls(dev->ups, false, ids);

	for (size_t i = 0; i < n; i++)
		sprintf(got + strlen(got), "%u ", ids[i]);
	assert_string_equal(got, wanted);
}

/* What is said twice is read in each round only where it counts; where that fails, all of
 * it, until something is known again. */
static void
test_polls_once(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x1234, .product = 0xabcd};
	struct device *dev = open_device(TWICE, &ident);
	uint8_t ids[256];

	assert_quick(dev, "1 2 3 4 ");
	report(dev, HID_FEATURE, "02 50");
	report(dev, HID_FEATURE, "04 01");
	assert_quick(dev, "1 2 3 4 ");
	report(dev, HID_FEATURE, "01 64");
	report(dev, HID_FEATURE, "03 00");
	assert_var(dev, "battery.charge", "100");
	assert_var(dev, "ups.status", "OB");
	assert_quick(dev, "1 3 ");
	assert_int_equal(hidups_polls(dev->ups, true, ids), 4);
	hidups_report_failed(dev->ups, 1);
	hidups_report_failed(dev->ups, 3);
	assert_quick(dev, "1 2 3 4 ");
	close_device(dev);
}

/* UPS.PowerSummary without report ids: capacity, time limit (two bytes), delay. */
#define NO_IDS                                                      \
	"058409 04a101 0924a102 0585 0966 7508 9501 1500 2564 b102" \
	"092a 7510 26ff7f b102 0584 0957 15ff b102 c0c0"

static void
test_without_ids(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x1234, .product = 0xabcd};
	struct device *dev = open_device(NO_IDS, &ident);

	report(dev, HID_FEATURE, "5a 2c01 ffff");
	assert_var(dev, "battery.charge", "90");
	assert_var(dev, "battery.runtime.low", "300");
	assert_var(dev, "ups.timer.shutdown", "-1");
	assert_var(dev, "ups.status", "WAIT");
	assert_var(dev, "ups.mfr", "unknown");
	assert_var(dev, "ups.model", "unknown");
	assert_var(dev, "ups.test.result", "No test initiated");
	assert_var(dev, "ups.vendorid", "1234");
	assert_int_equal(command(dev, "load.off.delay", NULL), HIDUPS_OK);
	assert_writes(dev, "00 5a 2c 01 14 00");
	assert_int_equal(set(dev, "battery.runtime.low", "60"), HIDUPS_OK);
	assert_writes(dev, "00 5a 3c 00 ff ff");
	assert_false(state_cmd_has(dev->state, "shutdown.return"));
	close_device(dev);
}

/* ACPresent, capacity and its limit, but no flag for "low": numbers raise LB. */
static void
test_low_by_numbers(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x1234};
	struct device *dev = open_device("058409 04a101 0924a102 0585 7508 9501 1500 2564"
					 "09d0b102 0966b102 0929b102 c0c0",
	    &ident);

	report(dev, HID_FEATURE, "00 15 14");
	assert_var(dev, "ups.status", "OB");
	report(dev, HID_FEATURE, "00 14 14");
	assert_var(dev, "ups.status", "OB LB");
	report(dev, HID_FEATURE, "01 14 14");
	assert_var(dev, "ups.status", "OL");
	close_device(dev);
}

/* A device that declares 24 bytes and sends 2 gets 2 written. */
static void
test_short_write(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x051d};
	struct device *dev = open_device(
	    "058409 04a101 0912a102 8521 0958 7508 9517 1500 2506 b102 c0c0", &ident);

	assert_int_equal(command(dev, "test.battery.stop", NULL), HIDUPS_OK);
	assert_int_equal(dev->writes[0].len, 24);
	report(dev, HID_FEATURE, "2106");
	assert_int_equal(command(dev, "test.battery.stop", NULL), HIDUPS_OK);
	assert_writes(dev, "21 03");
	assert_var(dev, "ups.mfr", "American Power Conversion");
	close_device(dev);
}

/* Timers of whole minutes round up; their idle value is -1 in the report. */
static void
test_minutes(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x0764};
	struct device *dev = open_device(
	    "058409 04a101 091ca102 7510 9501 15ff 26ff7f 35c4 47c4ff1d00 660110"
	    "8515 0957b102 8516 0956b102 c0c0",
	    &ident);

	report(dev, HID_FEATURE, "15ffff");
	assert_var(dev, "ups.timer.shutdown", "-60");
	assert_int_equal(command(dev, "load.off.delay", "20"), HIDUPS_OK);
	assert_writes(dev, "15 01 00");
	assert_int_equal(command(dev, "load.off.delay", "120"), HIDUPS_OK);
	assert_writes(dev, "15 02 00");
	assert_int_equal(command(dev, "load.off", NULL), HIDUPS_OK);
	assert_writes(dev, "15 00 00");
	assert_int_equal(command(dev, "shutdown.stop", NULL), HIDUPS_OK);
	assert_writes(dev, "15 ff ff");
	assert_int_equal(command(dev, "shutdown.return", NULL), HIDUPS_OK);
	assert_writes(dev, "16 02 00; 15 01 00");
	close_device(dev);
}

/* Liebert: volts with exponent 1 are tenths; the same bytes of another maker are not. */
static void
test_tenths(void **state)
{
	static const struct hidups_ident liebert = {.vendor = 0x10af, .product = 2};
	static const struct hidups_ident other = {.vendor = 0x1234};
	static const char *const descriptor =
	    "058409 04a101 091aa102 7510 9501 27ffff0000 5501"
	    "6721d1f000 0930b102 6601f0 0932b102 c0c0";
	struct device *dev = open_device(descriptor, &liebert);
	struct hidups_quirk q;
	size_t at = 0;

	assert_false(hidups_quirk(dev->ups, &at, &q)); /* nothing was read yet */
	at = 0;
	report(dev, HID_FEATURE, "bd04 5d02");
	assert_var(dev, "input.voltage", "121.3");
	assert_var(dev, "input.frequency", "60.5");
	assert_true(hidups_quirk(dev->ups, &at, &q));
	assert_string_equal(q.path, "UPS.Input.Voltage");
	assert_true(q.factor == 1e5);
	assert_non_null(strstr(q.why, "NUT"));
	assert_true(hidups_quirk(dev->ups, &at, &q));
	assert_string_equal(q.path, "UPS.Input.Frequency");
	assert_false(hidups_quirk(dev->ups, &at, &q));
	close_device(dev);
	dev = open_device(descriptor, &other);
	report(dev, HID_FEATURE, "bd04 5d02");
	assert_var(dev, "input.voltage", "0.0");
	at = 0;
	assert_false(hidups_quirk(dev->ups, &at, &q));
	close_device(dev);
}

/* Constant fields are for reading; a word outside the range is not offered. */
static void
test_not_offered(void **state)
{
	static const struct hidups_ident ident = {.vendor = 0x1234};
	struct device *dev = open_device("058409 04a101 0924a102 7508 9501 1501 2502"
					 "095ab102 0957b103 0585 0929b103 c0c0",
	    &ident);

	report(dev, HID_FEATURE, "02 05 0a");
	assert_true(state_cmd_has(dev->state, "beeper.enable"));
	assert_false(state_cmd_has(dev->state, "beeper.mute"));
	assert_false(state_cmd_has(dev->state, "load.off"));
	assert_var(dev, "battery.charge.low", "10");
	assert_int_equal(set(dev, "battery.charge.low", "20"), HIDUPS_UNKNOWN);
	close_device(dev);
}

static void
test_identity(void **state)
{
	static const struct {
		const char *name, *model, *firmware, *aux;
	} rows[] = {
	    {"Back-UPS 500 FW: 6.5.I USB FW: c1 ", "Back-UPS 500", "6.5.I", "c1"},
	    {"Back-UPS ES 850M2 FW:931.a7 .D", "Back-UPS ES 850M2", "931.a7 .D", NULL},
	    {"BK650M2-CH", "BK650M2-CH", NULL, NULL},
	    {" USB FW:x", "unknown", NULL, "x"},
	};
	size_t i;

	for (i = 0; i < COUNT(rows); i++) {
		struct hidups_ident ident = {.vendor = 0x051d};
		struct device *dev;

		snprintf(ident.name, sizeof(ident.name), "%s", rows[i].name);
		dev = open_device(NO_IDS, &ident);
		hidups_vars(dev->ups, dev->state);
		assert_var(dev, "ups.model", rows[i].model);
		assert_var(dev, "device.model", rows[i].model);
		assert_var(dev, "ups.firmware", rows[i].firmware);
		assert_var(dev, "ups.firmware.aux", rows[i].aux);
		close_device(dev);
	}
}

/* Flags of others in the same state are left alone. */
static void
test_others(void **state)
{
	struct device *dev = open_body();

	state_set(dev->state, "driver.name", "usbhid-ups");
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "driver.name", "usbhid-ups");
	close_device(dev);
}

static void
test_status_words(void **state)
{
	static const struct {
		enum status_flag flags[4]; /* ends with STATUS_FLAGS */
		const char *words;
	} rows[] = {
	    {{STATUS_FLAGS}, "OB"},
	    {{STATUS_ONLINE, STATUS_FLAGS}, "OL"},
	    {{STATUS_ONLINE, STATUS_CHARGING, STATUS_FLAGS}, "OL CHRG"},
	    {{STATUS_ONLINE, STATUS_CHARGING, STATUS_FULL, STATUS_FLAGS}, "OL"},
	    {{STATUS_DISCHARGING, STATUS_LOW, STATUS_FLAGS}, "OB DISCHRG LB"},
	    {{STATUS_DISCHARGING, STATUS_TIME_EXPIRED, STATUS_FLAGS}, "OB DISCHRG LB"},
	    {{STATUS_DISCHARGING, STATUS_EMPTY, STATUS_FLAGS}, "OB LB"},
	    {{STATUS_ONLINE, STATUS_EMPTY, STATUS_FLAGS}, "OL"},
	    {{STATUS_ONLINE, STATUS_OVERLOAD, STATUS_BOOST, STATUS_FLAGS},
		"OL OVER BOOST"},
	    {{STATUS_ONLINE, STATUS_TRIM, STATUS_BYPASS, STATUS_FLAGS}, "OL TRIM BYPASS"},
	    {{STATUS_ONLINE, STATUS_OFF, STATUS_CALIBRATION, STATUS_FLAGS}, "OL OFF CAL"},
	    {{STATUS_SHUTDOWN_IMMINENT, STATUS_FLAGS}, "ALARM OB LB"},
	    {{STATUS_ONLINE, STATUS_NO_BATTERY, STATUS_FLAGS}, "ALARM OL RB"},
	};
	char text[200];
	size_t i, j;

	for (i = 0; i < COUNT(rows); i++) {
		struct status st = {0, 0};

		status_put(&st, STATUS_ONLINE, false);
		for (j = 0; rows[i].flags[j] != STATUS_FLAGS; j++)
			status_put(&st, rows[i].flags[j], true);
		assert_string_equal(status_words(&st, text, sizeof(text)), rows[i].words);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_article),
	    cmocka_unit_test(test_status_newest),
	    cmocka_unit_test(test_short_report),
	    cmocka_unit_test(test_failed_report),
	    cmocka_unit_test(test_second_opinions),
	    cmocka_unit_test(test_apc_conversions),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_chemistry),
	    cmocka_unit_test(test_settings),
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_polls),
	    cmocka_unit_test(test_polls_once),
	    cmocka_unit_test(test_without_ids),
	    cmocka_unit_test(test_low_by_numbers),
	    cmocka_unit_test(test_short_write),
	    cmocka_unit_test(test_minutes),
	    cmocka_unit_test(test_tenths),
	    cmocka_unit_test(test_not_offered),
	    cmocka_unit_test(test_identity),
	    cmocka_unit_test(test_others),
	    cmocka_unit_test(test_status_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
