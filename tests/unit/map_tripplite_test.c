/* SPDX-License-Identifier: ISC */
/*
 * Makers' tables by devices made of the fields in question: Tripp Lite, HP, Minuteman,
 * Delta, Liebert, Belkin. Each row fails without the quirk that it is of.
 */
#include "tests/unit/hidups_made.h"

#define SUMMARY "UPS.PowerSummary"
#define STATUS SUMMARY ".PresentStatus"
#define BATTERY "UPS.BatterySystem.Battery"
#define OUTPUT "UPS.PowerConverter.Output"
#define OUTLET "UPS.OutletSystem.Outlet"
#define CUSTOM "UPS.ffff0010.[1]"

static void
test_tripplite(void **state)
{
	static const struct made fields[] = {
	    {BATTERY ".ConfigVoltage", 4, 16, .unit = HID_VOLT, .exponent = 7},
	    {BATTERY ".Voltage", 32, 16, .unit = HID_VOLT, .exponent = 7},
	    {"UPS.Flow.ConfigVoltage", 1, 8, .unit = HID_VOLT, .exponent = 7},
	    {SUMMARY ".Voltage", 18, 16, .unit = HID_VOLT, .exponent = 7},
	    {SUMMARY ".ConfigVoltage", 19, 16, .unit = HID_VOLT, .exponent = 7},
	    {SUMMARY ".Input.ConfigVoltage", 48, 8, .unit = HID_VOLT, .exponent = 7},
	    {OUTPUT ".Voltage", 27, 16, .unit = HID_VOLT, .exponent = 7},
	    {"UPS.PowerConverter.Input.Voltage", 24, 16, .unit = HID_VOLT,
		.exponent = -1},
	    {OUTPUT ".Current", 70, 16, .unit = HID_AMPERE, .exponent = 1},
	    {OUTPUT ".Frequency", 28, 16, .unit = HID_HERTZ, .exponent = 1},
	    {OUTPUT ".LowVoltageTransfer", 6, 16, .unit = HID_VOLT, .exponent = 7},
	    {OUTPUT ".ffff0057", 7, 16, .unit = HID_VOLT, .exponent = 7},
	    {OUTLET ".ActivePower", 84, 16, .unit = HID_WATT, .exponent = 7},
	    {OUTLET ".PercentLoad", 30, 8, .unit = 0},
	    {OUTLET ".ffff0056", 22, 16, .unit = 0},
	    {OUTLET ".ffff0092", 82, 8, .unit = 0},
	    {OUTLET ".DelayBeforeShutdown", 21, 16, .unit = 0},
	    {"UPS.BatterySystem.Test", 16, 8, .unit = 0},
	    {CUSTOM ".ffff007c", 15, 8, .unit = 0},
	    {0},
	};
	static const struct reading readings[] = {
	    {"04 0c00", "battery.voltage.nominal", "12.0"},
	    {"20 8700", "battery.voltage", "13.5"}, /* 135 V of a battery of 12 V */
	    {"20 0d00", "battery.voltage", "13.0"}, /* a device that counts volts */
	    {"13 7800", "battery.voltage.nominal", "12.0"},
	    {"01 78", "output.voltage.nominal", "120"},
	    {"12 c604", "output.voltage", "122.2"},
	    {"12 7a00", "output.voltage", "122.0"},
	    {"1b 8a04", "output.voltage", "116.2"},
	    {"1b 7400", "output.voltage", "116.0"},
	    {"18 6204", "input.voltage", "112.2"}, /* 1.122e-05 */
	    {NULL, "battery.voltage", "13.0"},     /* PowerSummary's is the output's */
	    {"30 78", "input.voltage.nominal", "120"},
	    {"46 1600", "output.current", "2.2"},
	    {"1c 5702", "output.frequency", "59.9"},
	    {"06 4100", "input.transfer.low", "65.0"},
	    {"07 4600", "input.transfer.low.max", "70"},
	    {"54 ed01", "ups.realpower", "493"},
	    {NULL, "ups.power", "493.0"},
	    {"1e 17", "ups.load", "23"},
	    {"1e ff", "ups.load", NULL},
	    {"16 ffff", "ups.timer.start", "-1"},
	    {"52 00", "ups.watchdog.status", "0"},
	    {"10 01", "ups.test.result", "Done and passed"},
	    {"0f d0", "ups.firmware", "208"},
	};
	struct device *dev = open_made(fields, 0x09ae, 0x2010);

	READINGS(dev, readings);
	assert_int_equal(command(dev, "reset.watchdog", NULL), HIDUPS_OK);
	assert_writes(dev, "52 3c");
	assert_int_equal(command(dev, "shutdown.reboot", NULL), HIDUPS_OK);
	assert_writes(dev, "52 0a");
	assert_int_equal(command(dev, "test.battery.start.deep", NULL), HIDUPS_OK);
	assert_writes(dev, "10 02");
	assert_true(state_cmd_has(dev->state, "shutdown.return"));
	close_device(dev);
}

/* The standard timers come before the maker's own, which come before none. */
static void
test_tripplite_orders(void **state)
{
	static const struct made both[] = {
	    {OUTLET ".ffff0056", 22, 16, .unit = 0},
	    {OUTLET ".ffff0092", 82, 8, .unit = 0},
	    {OUTLET ".DelayBeforeStartup", 97, 16, .unit = 0},
	    {OUTLET ".DelayBeforeReboot", 23, 16, .unit = 0},
	    {0},
	};
	static const struct made own[] = {
	    {OUTLET ".ffff0056", 22, 16, .unit = 0},
	    {0},
	};
	static const struct order with_both[] = {
	    {"load.on", "61 00 00"},
	    {"load.on.delay", "61 1e 00"},
	    {"shutdown.reboot", "17 0a 00"},
	};
	static const struct order with_own[] = {
	    {"load.on", "16 00 00"},
	    {"load.on.delay", "16 1e 00"},
	};
	struct device *dev = open_made(both, 0x09ae, 0x4003);

	ORDERS(dev, with_both);
	close_device(dev);
	dev = open_made(own, 0x09ae, 0x4003);
	ORDERS(dev, with_own);
	close_device(dev);
}

/* Four flags on the wrong page (OMNI1000LCD). */
static void
test_tripplite_flags(void **state)
{
	static const struct made fields[] = {
	    {STATUS ".008400d0", 50, 8, .unit = 0},
	    {STATUS ".00840044", 51, 8, .unit = 0},
	    {STATUS ".00840045", 52, 8, .unit = 0},
	    {STATUS ".0084004b", 53, 8, .unit = 0},
	    {0},
	};
	struct device *dev = open_made(fields, 0x09ae, 0x2005);

	report(dev, HID_FEATURE, "32 00");
	assert_var(dev, "ups.status", "OB");
	report(dev, HID_FEATURE, "34 01");
	assert_var(dev, "ups.status", "OB DISCHRG");
	report(dev, HID_FEATURE, "34 00");
	report(dev, HID_FEATURE, "33 01");
	report(dev, HID_FEATURE, "32 01");
	report(dev, HID_FEATURE, "35 01");
	assert_var(dev, "ups.status", "ALARM OL CHRG RB");
	close_device(dev);
}

/* Two protocols must not be asked for a string, one not for report 54. */
static void
test_tripplite_fragile(void **state)
{
	static const struct made fields[] = {
	    {SUMMARY ".iDeviceChemistry", 42, 8, .unit = 0},
	    {SUMMARY ".RemainingCapacity", 0x54, 8, .unit = 0},
	    {0},
	};
	static const struct {
		uint16_t product;
		size_t strings, polls;
		const char *type;
	} rows[] = {
	    {0x1003, 0, 2, "unknown"},
	    {0x2005, 0, 2, "unknown"},
	    {0x2010, 1, 2, NULL},
	    {0x1330, 1, 1, NULL},
	};
	uint8_t ids[256], indexes[16];

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct device *dev = open_made(fields, 0x09ae, rows[i].product);

		report(dev, HID_FEATURE, "2a 0a");
		assert_int_equal(hidups_strings(dev->ups, indexes), rows[i].strings);
		assert_int_equal(hidups_polls(dev->ups, true, ids), rows[i].polls);
		assert_var(dev, "battery.type", rows[i].type);
		close_device(dev);
	}
}

static void
test_tripplite_family(void **state)
{
	static const struct made fields[] = {
	    {"UPS.PowerConverter.Input.Voltage", 24, 16, .unit = HID_VOLT, .exponent = 1},
	    {0},
	};
	static const struct {
		uint16_t vendor, product;
		const char *mfr;
	} rows[] = {
	    {0x09ae, 0x3016, "Tripp Lite"},
	    {0x09ae, 0x3024, "Tripp Lite"},
	    {0x03f0, 0x0001, "Hewlett Packard"},
	    {0x03f0, 0x1f06, "Hewlett Packard"},
	    {0x03f0, 0x1f08, "Hewlett Packard"},
	    {0x03f0, 0x1f09, "Hewlett Packard"},
	    {0x03f0, 0x1f0a, "Hewlett Packard"},
	    {0x03f0, 0x1fe0, "Hewlett Packard"},
	    {0x03f0, 0x1fe1, "Hewlett Packard"},
	    {0x03f0, 0x1fe2, "Hewlett Packard"},
	    {0x03f0, 0x1fe3, "Hewlett Packard"},
	    {0x05dd, 0xa011, "Minuteman"},
	    {0x05dd, 0xa0a0, "Minuteman"},
	    {0x05dd, 0x041b, "Delta"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct device *dev = open_made(fields, rows[i].vendor, rows[i].product);

		report(dev, HID_FEATURE, "18 be04");
		assert_var(dev, "input.voltage", "121.4");
		assert_var(dev, "ups.mfr", rows[i].mfr);
		close_device(dev);
	}
}

static void
test_delta(void **state)
{
	static const struct made fields[] = {
	    {CUSTOM ".ffff009b", 66, 8, .unit = 0},
	    {CUSTOM ".ffff009c", 67, 8, .unit = 0},
	    {CUSTOM ".ffff007c", 15, 8, .unit = 0},
	    {CUSTOM ".ffff0075", 13, 8, .unit = 0},
	    {OUTLET ".ffff0091", 81, 8, .unit = 0},
	    {OUTLET ".PercentLoad", 30, 8, .unit = 0},
	    {OUTLET ".ActivePower", 84, 16, .unit = HID_WATT, .exponent = 7},
	    {SUMMARY ".DesignCapacity", 54, 8, .unit = 0},
	    {SUMMARY ".Input.ConfigVoltage", 48, 8, .unit = HID_VOLT, .exponent = 7},
	    {STATUS ".Good", 50, 8, .unit = 0},
	    {STATUS ".ACPresent", 51, 8, .unit = 0},
	    {"UPS.PowerConverter.PresentStatus.Used", 34, 8, .unit = 0},
	    {0},
	};
	static const struct reading readings[] = {
	    {"42 01", "input.sensitivity", "reduced"},
	    {"43 01", "ups.start.auto", "yes"},
	    {"0f d0", "ups.type", "online"},
	    {"0f 24", "ups.type", "line-interactive"},
	    {"0f 26", "ups.type", "split-phase"},
	    {"0f 29", "ups.type", NULL},
	    {"51 05", "input.source", "manual bypass"},
	    {"1e 08", "ups.load", "8.0"},
	    {"54 f200", "ups.realpower", "242.0"},
	    {NULL, "ups.power", NULL},
	    {"36 64", "battery.capacity", "100"},
	    {"30 dc", "input.voltage.nominal", "220.0"},
	    {"33 01", "ups.status", "OL"},
	    {"32 00", "ups.status", "OL OFF"},
	    {"32 01", "ups.status", "OL"},
	    {"22 00", "ups.alarm", "No battery installed!"},
	    {"22 01", "ups.alarm", NULL},
	};
	struct device *dev = open_made(fields, 0x05dd, 0x041b);
	uint8_t indexes[16];

	READINGS(dev, readings);
	report(dev, HID_FEATURE, "0d 08");
	assert_int_equal(hidups_strings(dev->ups, indexes), 1);
	hidups_string(dev->ups, indexes[0], "UPS302R2000B0BA ");
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "ups.model", "UPS302R2000B0BA");
	assert_int_equal(set(dev, "input.sensitivity", "low"), HIDUPS_OK);
	assert_writes(dev, "42 02");
	close_device(dev);
}

/* Volts, tenths, and whole volts under three wrong exponents. */
static void
test_liebert(void **state)
{
	static const struct made fields[] = {
	    {"UPS.Input.Voltage", 1, 16, .unit = HID_VOLT, .exponent = -1},
	    {"UPS.Output.Voltage", 2, 16, .unit = HID_VOLT, .exponent = 0},
	    {SUMMARY ".Voltage", 3, 16, .unit = HID_VOLT, .exponent = 1},
	    {SUMMARY ".ConfigVoltage", 4, 16, .unit = HID_VOLT, .exponent = -1},
	    {"UPS.Input.Frequency", 5, 16, .unit = 0},
	    {SUMMARY ".Input.ConfigVoltage", 6, 8, .unit = HID_VOLT, .exponent = 7},
	    {"UPS.Flow.ConfigVoltage", 7, 8, .unit = HID_VOLT, .exponent = 7},
	    {"UPS.Flow.ConfigApparentPower", 8, 16, .unit = HID_WATT, .exponent = 7},
	    {SUMMARY ".BelowRemainingCapacityLimit", 9, 8, .unit = 0},
	    {SUMMARY ".ACPresent", 10, 8, .unit = 0},
	    {SUMMARY ".iSerialNumber", 11, 8, .unit = 0},
	    {"UPS.0086002a.0086001c.00860032", 12, 16, .unit = 0},
	    {"UPS.00860026.00860040", 13, 16, .unit = 0},
	    {0},
	};
	static const struct reading readings[] = {
	    {"0c 5702", "output.frequency", "59.9"}, /* Belkin's page */
	    {"01 9908", "input.voltage", "220.1"},   /* 2.201e-05 */
	    {"02 e600", "output.voltage", "230.0"},
	    {"03 1201", "battery.voltage", "27.4"},         /* 0.000274 */
	    {"04 0c00", "battery.voltage.nominal", "12.0"}, /* 1.2e-07 */
	    {"05 f301", "input.frequency", "49.9"},
	    {"05 3200", "input.frequency", "50.0"},
	    {"06 18", "input.voltage.nominal", NULL}, /* the battery's */
	    {"0d e600", "input.voltage.nominal", "230"},
	    {"07 78", "input.voltage.nominal", "120"},
	    {"08 dc05", "ups.power.nominal", "1500"}, {NULL, "battery.capacity", NULL},
	    {"0a 00", "ups.status", "OB"},
	    {"09 01", "ups.status", "OB"}, /* it says nothing that is true */
	};
	struct device *dev = open_made(fields, 0x10af, 0x0001);
	uint8_t indexes[16];

	READINGS(dev, readings);
	report(dev, HID_FEATURE, "0b 03");
	assert_int_equal(hidups_strings(dev->ups, indexes), 1);
	hidups_string(dev->ups, 3, " 1106000077AF453 ");
	hidups_vars(dev->ups, dev->state);
	assert_var(dev, "ups.serial", "1106000077AF453");
	close_device(dev);
}

/* Input, battery and output by the report alone; all ones are nothing. */
static void
test_gxt5(void **state)
{
	static const struct made fields[] = {
	    {SUMMARY ".ConfigVoltage", 1, 16, .unit = HID_VOLT, .exponent = 7,
		.count = 3},
	    {SUMMARY ".ConfigFrequency", 3, 8, .unit = 0, .count = 3},
	    {SUMMARY ".RemainingTimeLimit", 5, 24, .unit = HID_SECOND, .exponent = 0},
	    {SUMMARY ".RunTimeToEmpty", 7, 16, .unit = HID_SECOND, .exponent = 0},
	    {SUMMARY ".Temperature", 8, 16, .unit = 0},
	    {SUMMARY ".Voltage", 9, 16, .unit = HID_VOLT, .exponent = 5, .count = 2},
	    {SUMMARY ".ConfigVoltage", 11, 16, .unit = HID_VOLT, .exponent = 5,
		.count = 2},
	    {SUMMARY ".ConfigApparentPower", 14, 16, .unit = 0},
	    {SUMMARY ".ConfigActivePower", 15, 16, .unit = 0},
	    {0},
	};
	static const struct reading readings[] = {
	    {"01 ee00 0000 0000", "input.voltage", "238.0"},
	    {"0b ef00 0000", "output.voltage", "239.0"},
	    {NULL, "battery.voltage.nominal", NULL},
	    {"09 2800 0000", "battery.voltage", "40.0"},
	    {"07 2400", "battery.runtime", "2160"},
	    {"05 ffffff", "battery.runtime.low", NULL},
	    {"08 ffff", "ups.temperature", NULL},
	    {"0e 5a00", "ups.power", "90"},
	    {"0f 3200", "ups.realpower", "50"},
	};
	struct device *dev = open_made(fields, 0x10af, 0x1000);

	READINGS(dev, readings);
	close_device(dev);
}

#define CONFIG "UPS.00860026"
#define CONTROLS "UPS.00860027"
#define POWER "UPS.0086002a"

static void
test_belkin(void **state)
{
	static const struct made fields[] = {
	    {"UPS.00860010.00860039", 1, 8, .unit = 0},
	    {"UPS.00860010.00860030", 2, 16, .unit = 0},
	    {POWER ".0086001a.00860030", 3, 16, .unit = HID_VOLT, .exponent = 7},
	    {POWER ".0086001c.00860032", 4, 16, .unit = 0},
	    {CONFIG ".00860043", 5, 16, .unit = 0},
	    {CONFIG ".0086005d", 6, 16, .unit = 0},
	    {"UPS.00860029.0086007c", 7, 8, .unit = 0},
	    {"UPS.00860029.00860074", 8, 8, .unit = 0},
	    {CONTROLS ".00860058", 9, 8, .unit = 0},
	    {CONTROLS ".00860056", 10, 16, .unit = 0},
	    {CONTROLS ".00860057", 11, 16, .unit = 0},
	    {"UPS.00860028.00860021", 12, 16, .unit = 0},
	    {"UPS.00860028.00860022", 13, 8, .unit = 0},
	    {SUMMARY ".BelowRemainingCapacityLimit", 14, 8, .unit = 0},
	    {CONTROLS ".00860055", 15, 8, .unit = 0},
	    {CONTROLS ".0086005a", 16, 8, .unit = 0},
	    {0},
	};
	static const struct order orders[] = {
	    {"test.battery.start.quick", "09 01"},
	    {"test.battery.start.deep", "09 02"},
	    {"test.battery.stop", "09 03"},
	    {"beeper.disable", "10 01"},
	    {"beeper.off", "10 01"},
	    {"beeper.enable", "10 02"},
	    {"beeper.on", "10 02"},
	    {"beeper.mute", "10 03"},
	    {"load.off", "0b 01 00"},
	    {"load.off.delay", "0b 14 00"},
	    {"load.on", "0a 01 00"},
	    {"shutdown.stop", "0b ff ff"},
	    {"shutdown.reboot", "0f 0a"},
	};
	static const struct reading readings[] = {
	    {"01 64", "battery.charge", "100"},
	    {"02 8b00", "battery.voltage", "13.9"},
	    {"03 b004", "input.voltage", "120.0"},
	    {"04 5702", "output.frequency", "59.9"},
	    {"05 f401", "ups.power.nominal", "500"},
	    {"06 9600", "input.transfer.high.max", "150"},
	    {"07 11", "ups.firmware", "1"},
	    {NULL, "ups.type", "offline"},
	    {"07 2f", "ups.type", "online"},
	    {"08 00", "input.sensitivity", "normal"},
	    {"09 00", "ups.test.result", "No test initiated"},
	    {"0a 0200", "ups.timer.start", "120"},
	    {"0e 01", "ups.status", "WAIT"},
	    {"0c 0000", "ups.status", "OL"},
	    {"0c 0100", "ups.status", "OB"},
	    {"0d 04", "ups.status", "OB LB"},
	    {"0d 40", "ups.status", "OB LB"}, /* empty */
	    {"0d 00", "ups.status", "OB"},
	    {"0c 1000", "ups.status", "OL OVER"},
	    {"0c 4000", "ups.alarm", "Temperature too high!"},
	    {"0c 8000", "ups.alarm", "Internal UPS fault!"},
	    {"0c 0020", "ups.alarm", "Awaiting power!"},
	    {"0c 0000", "ups.alarm", NULL},
	    {"0d 80", "ups.status", "ALARM OL RB"},
	};
	struct device *dev = open_made(fields, 0x050d, 0x0f51);

	ORDERS(dev, orders);
	READINGS(dev, readings);
	assert_int_equal(command(dev, "load.on.delay", "90"), HIDUPS_OK);
	assert_writes(dev, "0a 02 00");
	close_device(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tripplite),
	    cmocka_unit_test(test_tripplite_orders),
	    cmocka_unit_test(test_tripplite_flags),
	    cmocka_unit_test(test_tripplite_fragile),
	    cmocka_unit_test(test_tripplite_family),
	    cmocka_unit_test(test_delta),
	    cmocka_unit_test(test_liebert),
	    cmocka_unit_test(test_gxt5),
	    cmocka_unit_test(test_belkin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
