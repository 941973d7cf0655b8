/* SPDX-License-Identifier: ISC */
/*
 * Makers' tables by devices made of the fields in question: Powercom, Ever, openUPS,
 * iDowell, Powervar, Arduino. Each row fails without the quirk that it is of.
 */
#include "tests/unit/hidups_made.h"

#define SUMMARY "UPS.PowerSummary"
#define PRESENT SUMMARY ".PresentStatus"
#define OWN "UPS.00000000"

static const struct made powercom[] = {
    {SUMMARY ".DelayBeforeShutdown", 15, 16, .unit = 0},
    {SUMMARY ".DelayBeforeStartup", 16, 32, .unit = 0},
    {SUMMARY ".ConfigVoltage", 17, 16, .unit = 0},
    {SUMMARY ".Voltage", 18, 16, .unit = 0},
    {SUMMARY ".AudibleAlarmControl", 19, 8, .unit = 0},
    {SUMMARY ".ManufacturerDate", 13, 16, .unit = 0},
    {"UPS.Output.PercentLoad", 31, 8, .unit = 0},
    {"UPS.Output.ConfigVoltage", 32, 16, .unit = 0},
    {"UPS.Flow.iName", 0xa3, 8, .unit = 0, .count = 7},
    {"UPS.Flow.iName", 0xa4, 8, .unit = 0, .count = 7},
    {0},
};

static void
test_powercom(void **state)
{
	static const struct reading readings[] = {
	    {"a3 30372035302e30", "battery.voltage", NULL},
	    {"a4 2032362e362033", "battery.voltage", "26.6"},
	    {"a4 2031332e372032", "battery.voltage", "13.7"},
	    {"a4 20202020202020", "battery.voltage", NULL},
	    {"a4 2032", "battery.voltage", NULL}, /* it may end early */
	    {"12 e400", "battery.voltage", NULL}, /* the output's */
	    {"11 dc00", "battery.voltage.nominal", NULL},
	    {"20 dc00", "output.voltage.nominal", "220"},
	    {"1f 06", "ups.load", "6"},
	    {"13 01", "ups.beeper.status", "enabled"},
	    {"13 02", "ups.beeper.status", "disabled"},
	    {"0d 2f44", "ups.date", "2014/01/15"},
	    {"0f 0000", "ups.timer.shutdown", "0"},
	    {"0f 1e02", "ups.timer.shutdown", "150"},
	    {"0f 5e02", "ups.timer.shutdown", "150"}, /* to restart */
	    {"10 00050000", "ups.timer.start", "300"},
	    {"10 3234333f", "ups.timer.start", NULL}, /* text */
	    {"10 30340100", "ups.timer.start", NULL},
	};
	struct device *dev = open_made(powercom, 0x0d9f, 0x0004);

	READINGS(dev, readings);
	assert_var(dev, "ups.delay.start", "60");
	close_device(dev);
}

/* The coded orders, and what the options make of them. */
static void
test_powercom_orders(void **state)
{
	static const struct {
		bool fallback, discrete;
		const char *command, *value, *writes; /* NULL: it cannot */
	} rows[] = {
	    {false, false, "shutdown.return", NULL, "0f 54 00"},
	    {false, false, "shutdown.return", "0", "0f 41 00"},
	    {false, false, "shutdown.return", "150", "0f 5e 02"},
	    {false, false, "shutdown.return", "6000", NULL},
	    {false, false, "shutdown.stayoff", "150", "0f 9e 02"},
	    {false, false, "load.on.delay", NULL, "10 00 01 00 00"},
	    {false, false, "load.on.delay", "61", "10 00 02 00 00"},
	    {true, false, "shutdown.return", "150", "0f 02 5e"},
	    {true, false, "shutdown.stayoff", "150", "0f 02 9e"},
	    {false, true, "shutdown.return", "12", "0f 01 00"},
	    {false, true, "shutdown.return", "20", "0f 03 00"},
	    {false, true, "shutdown.return", "54", "0f 08 00"},
	    {false, true, "shutdown.return", "55", "0f 09 00"},
	    {false, true, "shutdown.return", "61", "0f 0a 00"},
	    {false, true, "shutdown.return", "600", "0f 12 00"},
	    {false, true, "shutdown.return", "601", NULL},
	    {false, true, "load.on.delay", "120", "10 02 00 00 00"},
	    {false, false, "beeper.disable", NULL, "13 00"},
	    {false, false, "beeper.enable", NULL, "13 01"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct device *dev = open_made(powercom, 0x0d9f, 0x00a6);
		struct hidups_options options = HIDUPS_OPTIONS_NONE;
		enum hidups_answer answer;

		options.powercom_sdcmd_byte_order_fallback = rows[i].fallback;
		options.powercom_sdcmd_discrete_delay = rows[i].discrete;
		hidups_options(dev->ups, &options);
		answer = command(dev, rows[i].command, rows[i].value);
		if (rows[i].writes == NULL) {
			assert_int_equal(answer, HIDUPS_INVALID);
		} else {
			assert_int_equal(answer, HIDUPS_OK);
			assert_writes(dev, rows[i].writes);
		}
		close_device(dev);
	}
}

/* What a coded timer counts is judged as what a plain one does. */
static void
test_powercom_count(void **state)
{
	static const struct {
		const char *report;
		long asked, left;
		enum hidups_count count;
	} rows[] = {
	    {NULL, 20, -1, HIDUPS_UNREAD},
	    {"0f 0000", 20, -1, HIDUPS_IDLE},
	    {"0f 5e02", 150, 150, HIDUPS_COUNTS},
	    {"0f 5e01", 150, 90, HIDUPS_SHORT},
	};
	struct device *dev = open_made(powercom, 0x0d9f, 0x0004);
	struct hidups_options options = HIDUPS_OPTIONS_NONE;
	const struct state_var *v;
	long left;

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (rows[i].report != NULL)
			report(dev, HID_FEATURE, rows[i].report);
		assert_int_equal(
		    hidups_count(dev->ups, rows[i].asked, &left), rows[i].count);
		assert_int_equal(left, rows[i].left);
	}
	assert_int_equal(hidups_asked(dev->ups, "shutdown.return", "150"), 150);
	assert_int_equal(hidups_asked(dev->ups, "shutdown.stayoff", NULL), 20);
	v = state_var(dev->state, "ups.delay.shutdown");
	assert_int_equal(v->ranges[0].max, 5999);
	assert_int_equal(set(dev, "ups.delay.shutdown", "45"), HIDUPS_OK);
	assert_int_equal(command(dev, "shutdown.return", NULL), HIDUPS_OK);
	assert_writes(dev, "0f 6d 00");
	options.powercom_sdcmd_discrete_delay = true;
	hidups_options(dev->ups, &options);
	report(dev, HID_FEATURE, "0f 0300");
	assert_var(dev, "ups.timer.shutdown", NULL);
	assert_int_equal(hidups_count(dev->ups, 20, &left), HIDUPS_UNREAD);
	v = state_var(dev->state, "ups.delay.shutdown");
	assert_int_equal(v->ranges[0].max, 600);
	close_device(dev);
}

/* Where there are timers of the maker's own page instead. */
static void
test_powercom_own_page(void **state)
{
	static const struct made fields[] = {
	    {SUMMARY ".[86]", 15, 16, .unit = 0},
	    {SUMMARY ".[87]", 16, 16, .unit = 0},
	    {SUMMARY ".AudibleAlarmControl", 19, 8, .unit = 0},
	    {"UPS.Battery.Test", 21, 8, .unit = 0},
	    {0},
	};
	static const struct order orders[] = {
	    {"load.on", "0f 00 00"},
	    {"load.off", "10 81 00"},
	    {"shutdown.return", "10 54 00"},
	    {"shutdown.stayoff", "10 94 00"},
	    {"beeper.toggle", "13 01"},
	    {"test.battery.start.quick", "15 01"},
	};
	struct device *dev = open_made(fields, 0x0d9f, 0x0004);

	ORDERS(dev, orders);
	report(dev, HID_FEATURE, "10 1e02");
	assert_var(dev, "ups.timer.shutdown", "150");
	close_device(dev);
}

#define OLD "00020004.00020016"
#define OLD_OUT OLD ".0002001c"

/* The oldest has everything on page 2, and is never asked. */
static void
test_powercom_old(void **state)
{
	static const struct made fields[] = {
	    {"00020004.00020010.00020030", 1, 8, .unit = 0, .input = true},
	    {OLD ".0002001a.00020030", 2, 8, .unit = 0, .input = true},
	    {OLD_OUT ".00020030", 3, 8, .unit = 0, .input = true},
	    {OLD ".00020057", 6, 8, .unit = 0},
	    {OLD_OUT ".00020081", 4, 8, .unit = 0, .input = true},
	    {OLD_OUT ".00020082", 5, 8, .unit = 0, .input = true},
	    {0},
	};
	static const struct reading readings[] = {
	    {"01 64", "battery.charge", "100"},
	    {"02 37", "input.voltage", "220"},
	    {"03 38", "output.voltage", "224"},
	    {"05 00", "ups.status", "OL"},
	    {"05 08", "ups.status", "OL TRIM"},
	    {"05 18", "ups.status", "OL BOOST"},
	    {"05 20", "ups.status", "OL OVER"},
	    {"05 03", "ups.status", "OB LB"},
	    {"04 01", "ups.alarm", "Fan failure!"},
	    {"04 02", "ups.alarm", "Replace battery!"},
	    {"04 04", "ups.status", "OB LB CAL"},
	    {"04 10", "ups.alarm", "Shutdown imminent!"},
	};
	struct device *dev = open_made(fields, 0x0d9f, 0x0001);
	uint8_t ids[256];

	for (size_t i = 0; i < COUNT(readings); i++) {
		report(dev, HID_INPUT, readings[i].report);
		assert_var(dev, readings[i].name, readings[i].value);
	}
	assert_int_equal(hidups_polls(dev->ups, true, ids), 0);
	assert_false(hidups_may_ask(dev->ups, 6));
	assert_int_equal(command(dev, "load.off", NULL), HIDUPS_OK);
	assert_writes(dev, "06 00");
	close_device(dev);
}

static void
test_openups(void **state)
{
	static const struct made fields[] = {
	    {SUMMARY ".Voltage", 1, 16, .unit = HID_VOLT, .exponent = 5},
	    {SUMMARY ".Current", 2, 16, .unit = HID_AMPERE, .exponent = -2},
	    {SUMMARY ".Temperature", 3, 16, .unit = 0, .exponent = -2},
	    {SUMMARY ".Input.Voltage", 4, 16, .unit = HID_VOLT, .exponent = 5},
	    {SUMMARY ".Output.Current", 5, 16, .unit = HID_AMPERE, .exponent = -2},
	    {SUMMARY ".Input.Current", 9, 16, .unit = HID_AMPERE, .exponent = -2},
	    {SUMMARY ".Output.Voltage", 10, 16, .unit = HID_VOLT, .exponent = 5},
	    {SUMMARY ".RunTimeToEmpty", 6, 16, .unit = 0},
	    {PRESENT ".Good", 7, 8, .unit = 0},
	    {PRESENT ".ACPresent", 8, 8, .unit = 0},
	    {0},
	};
	static const struct reading first[] = {
	    {"01 0b03", "battery.voltage", "7.79"},
	    {"02 3a00", "battery.current", "0.580"},
	    {"03 3100", "battery.temperature", "-40"},
	    {"03 0000", "battery.temperature", "-40"},
	    {"03 0002", "battery.temperature", "25"},
	    {"03 1502", "battery.temperature", "27.23"},
	    {"03 cc03", "battery.temperature", "125"},
	    {"03 ffff", "battery.temperature", "125"},
	    {NULL, "ups.temperature", NULL},
	    {"04 8501", "input.voltage", "13.79"},
	    {"05 0700", "output.current", "0.113"},
	    {"09 c102", "input.current", "0.583"},
	    {"0a d101", "output.voltage", "11.96"},
	    {"06 ffff", "battery.runtime", NULL},
	    {"06 3c00", "battery.runtime", "60"},
	    {"08 01", "ups.status", "OL"},
	    {"07 00", "ups.status", "OL OFF"},
	    {"07 01", "ups.status", "OL"},
	};
	static const struct reading second[] = {
	    {"02 f9ff", "battery.current", "-0.070"}, /* 655.29 A without a sign */
	    {"04 bc2e", "input.voltage", "11.96"},
	    {"05 e803", "output.current", "1.000"},
	    {"09 d007", "input.current", "2.000"},
	    {"0a bc2e", "output.voltage", "11.96"},
	};
	struct device *dev = open_made(fields, 0x04d8, 0xd004);

	READINGS(dev, first);
	close_device(dev);
	dev = open_made(fields, 0x04d8, 0xd005);
	READINGS(dev, second);
	close_device(dev);
}

#define MODE OWN ".ff000090"

static void
test_ever(void **state)
{
	static const struct made fields[] = {
	    {OWN ".ff000011", 10, 16, .unit = 0},
	    {OWN ".ff000013", 11, 16, .unit = 0},
	    {OWN ".ff000040", 12, 16, .unit = 0},
	    {OWN ".ff000060", 13, 16, .unit = 0},
	    {OWN ".ff000069", 14, 16, .unit = 0},
	    {OWN ".ff000073", 210, 8, .unit = 0, .count = 6},
	    {OWN ".ff000088", 230, 8, .unit = 0, .count = 4},
	    {OWN ".ff000078", 215, 8, .unit = 0, .count = 4},
	    {"UPS.PowerConverter.Output.Voltage", 15, 16, .unit = HID_VOLT,
		.exponent = 7},
	    {"UPS.OutletSystem.Outlet.PresentStatus.Switchable", 16, 8, .unit = 0},
	    {SUMMARY ".DelayBeforeShutdown", 17, 16, .unit = 0},
	    {PRESENT ".ACPresent", 18, 8, .unit = 0},
	    {OWN ".ff000042", 19, 8, .unit = 0},
	    {MODE ".ff000091", 74, 1, .unit = 0},
	    {OWN ".ff000016.ff000020", 75, 1, .unit = 0},
	    {OWN ".ff000030.ff000031", 76, 1, .unit = 0},
	    {OWN ".ff000030.ff000038", 77, 1, .unit = 0},
	    {MODE ".ff000096", 78, 1, .unit = 0},
	    {0},
	};
	static const struct reading readings[] = {
	    {"0a 0312", "experimental.id.firmware_version_inverter", "v1.2b03"},
	    {"0b 0302", "experimental.id.hardware_version", "rev.Bv03"},
	    {"0c 2a01", "ups.temperature", "24.9"},
	    {"0f e500", "output.voltage", "229"},
	    {"0d e600", "output.voltage.nominal", "230"},
	    {"0e 1a00", "experimental.statistics.mains_loss_counter", "26"},
	    {"d2 001122aabbff", "experimental.networkcard.mac_address",
		"00:11:22:aa:bb:ff"},
	    {"e6 c0a80001", "experimental.networkcard.ip_address", "192.168.0.1"},
	    {"d7 00010000", "experimental.networkcard.send_packets", "256"},
	    {"10 00", "outlet.1.switchable", "no"},
	    {"13 54", "output.powerfactor", "0.84"},
	    {"12 01", "ups.status", "OL"},
	    {"4a 04", "experimental.status.workmode", "ONLINE"},
	    {"4a 0c", "experimental.status.workmode", "UNKNOWN"},
	    {"4b 8400", "experimental.status.messages", "BOOST FAN_ON"},
	    {"4b 0300", "experimental.status.messages", ""},
	    {"4b 0000", "ups.status", "OL"},
	    {"4c 0600", "experimental.status.alarms", "SHORT-CIRCUIT OVERHEAT"},
	    {"4c 0100", "ups.status", "OL OVER"},
	    {"4c 0000", "ups.status", "OL"},
	    {"4d 01", "ups.alarm", "Internal UPS fault!"},
	    {"4d 00", "ups.alarm", NULL},
	    {"4e 01", "ups.status", "OL OFF"},
	};
	struct device *dev = open_made(fields, 0x2e51, 0x0000);

	READINGS(dev, readings);
	assert_int_equal(command(dev, "shutdown.return", NULL), HIDUPS_OK);
	assert_writes(dev, "11 14 00");
	assert_int_equal(set(dev, "output.voltage.nominal", "220"), HIDUPS_OK);
	assert_writes(dev, "0d dc 00");
	close_device(dev);
}

/* Messages and alarms, a bit each, all in one report here. */
static void
test_ever_bits(void **state)
{
#define BIT(path)                     \
	{                             \
		path, 9, 1, .unit = 0 \
	}
	static const struct {
		struct made field[2];
		const char *status, *alarm;
	} rows[] = {
	    {{BIT(OWN ".ff000016.ff000017")}, "OL OVER", NULL},
	    {{BIT(OWN ".ff000016.ff000018")}, "OL LB", NULL},
	    {{BIT(OWN ".ff000016.ff000019")}, "OL BOOST", NULL},
	    {{BIT(OWN ".ff000016.ff00001a")}, "OL TRIM", NULL},
	    {{BIT(OWN ".ff000016.ff00001d")}, "OL CHRG", NULL},
	    {{BIT(OWN ".ff000016.ff000020")}, "ALARM OL RB", "Replace battery!"},
	    {{BIT(OWN ".ff000030.ff000031")}, "OL OVER", NULL},
	    {{BIT(OWN ".ff000030.ff000032")}, "ALARM OL", "Output short circuit!"},
	    {{BIT(OWN ".ff000030.ff000033")}, "ALARM OL", "Temperature too high!"},
	    {{BIT(OWN ".ff000030.ff000034")}, "ALARM OL", "Temperature too high!"},
	    {{BIT(OWN ".ff000030.ff000035")}, "ALARM OL", "Emergency stop!"},
	    {{BIT(OWN ".ff000030.ff000036")}, "ALARM OL", "Internal UPS fault!"},
	    {{BIT(OWN ".ff000030.ff000038")}, "ALARM OL", "Internal UPS fault!"},
	    {{BIT(MODE ".ff000092")}, "OL OFF", NULL},
	    {{BIT(MODE ".ff000093")}, "OL", NULL},
	    {{BIT(MODE ".ff000095")}, "OL OFF", NULL},
	    {{BIT(MODE ".ff000096")}, "OL OFF", NULL},
	    {{BIT(MODE ".ff000097")}, "OL OFF", NULL},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct made fields[] = {
		    rows[i].field[0], {PRESENT ".ACPresent", 18, 8, .unit = 0}, {0}};
		struct device *dev = open_made(fields, 0x0483, 0xa113);

		report(dev, HID_FEATURE, "12 01");
		report(dev, HID_FEATURE, "09 01");
		assert_var(dev, "ups.status", rows[i].status);
		assert_var(dev, "ups.alarm", rows[i].alarm);
		report(dev, HID_FEATURE, "09 00");
		assert_var(dev, "ups.status", "OL");
		close_device(dev);
	}
}

static void
test_small(void **state)
{
	static const struct made fields[] = {
	    {SUMMARY ".Voltage", 1, 16, .unit = HID_VOLT, .exponent = 5},
	    {SUMMARY ".DesignCapacity", 2, 8, .unit = 0},
	    {SUMMARY ".FullChargeCapacity", 3, 8, .unit = 0},
	    {SUMMARY ".WarningCapacityLimit", 4, 8, .unit = 0},
	    {PRESENT ".ACPresent", 5, 8, .unit = 0},
	    {PRESENT ".Good", 6, 8, .unit = 0},
	    {0},
	};
	static const struct {
		uint16_t vendor, product;
		const char *mfr, *name, *value;
	} rows[] = {
	    {0x2341, 0x8036, "Arduino", "battery.voltage", "13.25"},
	    {0x2a03, 0x1234, "Arduino", "battery.voltage", "13.25"},
	    {0x1b4f, 0x9206, "unknown", "battery.voltage", "13.2"},
	    {0x4234, 0x0002, "Powervar", "battery.capacity", "90"},
	    {0x075d, 0x0300, "iDowell", "battery.capacity.design", "100"},
	    {0x075d, 0x0300, "iDowell", "battery.capacity.full", "90"},
	    {0x075d, 0x0300, "iDowell", "battery.charge.low", "15"},
	    {0x075d, 0x0300, "iDowell", "ups.status", "OL OFF"},
	    {0x4234, 0x0002, "Powervar", "ups.status", "OL"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct device *dev = open_made(fields, rows[i].vendor, rows[i].product);

		report(dev, HID_FEATURE, "01 2d05");
		report(dev, HID_FEATURE, "02 64");
		report(dev, HID_FEATURE, "03 5a");
		report(dev, HID_FEATURE, "04 0f");
		report(dev, HID_FEATURE, "05 01");
		report(dev, HID_FEATURE, "06 00");
		assert_var(dev, "ups.mfr", rows[i].mfr);
		assert_var(dev, rows[i].name, rows[i].value);
		close_device(dev);
	}
}

/* A GoldenMate's own descriptor, and what it answered (NUT issue 3015). */
static void
test_goldenmate(void **state)
{
	static const char *const descriptor =
	    "05840904a1010924a100058485010925091f750495021500250fb10309fd7901"
	    "75089501150026ff00b10309fe7902b12309ff7902b12305850989b122058509"
	    "d1098b250175019502b1a29506b1830585092c750825ff9501b18309832564b1"
	    "820967b182098cb1830966b183096875205500150027ffffff756601109501b1"
	    "83058409406721d1f00055057510950127ffff0000b18309309501b183058409"
	    "02a102058509d0094409450942096109d1096965005500250175019507b18395"
	    "01b1a3c0058409578509752015ff27ffffff7f660110b1820956850ab1828502"
	    "7508950181a305850966150025647508950181a3096866011055007520950115"
	    "0027fffffffe8183058409306721d1f000550575109501818285067508952081"
	    "83c0c0";
	static const struct hidups_ident ident = {.vendor = 0x075d, .product = 0x0300};
	struct device *dev = open_device(descriptor, &ident);

	report(dev, HID_FEATURE,
	    "01 21 01 02 03 04 03 02 64 64 05 64 70e80100 7201 2805 31");
	assert_var(dev, "battery.charge", "100");
	assert_var(dev, "battery.charge.low", "5");
	assert_var(dev, "battery.capacity.design", "100");
	assert_var(dev, "battery.runtime", "125040");
	assert_var(dev, "battery.voltage", "13.2");
	assert_var(dev, "ups.status", "OL");
	report(dev, HID_INPUT, "02 83 63 60e70100 2705");
	assert_var(dev, "battery.charge", "99");
	assert_var(dev, "battery.runtime", "124768");
	close_device(dev);
}

/* One id, two makers: the string tells. */
static void
test_shared_id(void **state)
{
	static const char *const descriptor =
	    "058409 04a101 0924a102 0585 0983 7508 9501 1500 2564 b102 c0c0";
	struct hidups_ident ident = {
	    .vendor = 0x06da, .product = 0xffff, .manufacturer = "-BMS-"};
	struct device *dev = open_device(descriptor, &ident);

	assert_string_equal(hidups_map_name(dev->ups), "iDowell HID");
	close_device(dev);
	snprintf(ident.manufacturer, sizeof(ident.manufacturer), "PPC");
	dev = open_device(descriptor, &ident);
	assert_string_not_equal(hidups_map_name(dev->ups), "iDowell HID");
	close_device(dev);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_powercom),
	    cmocka_unit_test(test_powercom_orders),
	    cmocka_unit_test(test_powercom_count),
	    cmocka_unit_test(test_powercom_own_page),
	    cmocka_unit_test(test_powercom_old),
	    cmocka_unit_test(test_openups),
	    cmocka_unit_test(test_ever),
	    cmocka_unit_test(test_ever_bits),
	    cmocka_unit_test(test_small),
	    cmocka_unit_test(test_goldenmate),
	    cmocka_unit_test(test_shared_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
