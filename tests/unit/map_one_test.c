/* SPDX-License-Identifier: ISC */
#include "made_device.h"

/* A quirk of APC, CyberPower, Eaton and their kin a row, each wrong without its row. */
struct quirk {
	uint16_t vendor, product;
	const char *mfr, *name, *serial;
	struct made_field fields[MADE_FIELDS];
	const char *reports;  /* parted by semicolons */
	const char *want[14]; /* variable, value ("-": none), … */
};

#define AC "UPS.PowerSummary.PresentStatus.ACPresent"
#define CHARGING "UPS.PowerSummary.PresentStatus.Charging"
#define SUMMARY "UPS.PowerSummary."
#define CHARGER "UPS.BatterySystem.Charger."
#define VOLTS HID_VOLT, 7
#define TENTHS HID_VOLT, 6

static const struct quirk apc[] = {
    {0x051d, 3, "APC", "Smart-UPS X 750 COM 03.8 / UPS 03.8", "",
	{{AC, 1, 8, 0, 0, false}}, "0101",
	{"ups.model", "Smart-UPS X 750", "ups.firmware", "COM 03.8 / UPS 03.8",
	    "ups.status", "OL"}},
    {0x051d, 2, "APC", "Back-UPS ES 700 FW:829.D2 .I USB FW:D2", "",
	{{"UPS.Battery.ff860016", 1, 24, 0, 0, false}}, "01000000",
	{"battery.date", "not set", "ups.firmware", "829.D2 .I", "ups.firmware.aux",
	    "D2"}},
    {0x051d, 2, "APC", "Back-UPS", "",
	{{SUMMARY "ff860060", 1, 8, 0, 0, false}, {AC, 2, 8, 0, 0, false}}, "0100; 0201",
	{"ups.status", "OL OFF"}},
    {0x051d, 2, "APC", "Back-UPS", "",
	{{SUMMARY "ff860060", 1, 8, 0, 0, false}, {AC, 2, 8, 0, 0, false}}, "0108; 0201",
	{"ups.status", "OL"}},
    {0x051d, 2, "APC", "Smart-UPS", "",
	{{"UPS.ff860006.ff860007.Temperature", 1, 16, HID_KELVIN, 0, false},
	    {"UPS.ff860006.ff860007.Humidity", 2, 8, 0, 0, false},
	    {"UPS.Battery.ff860019", 3, 8, 0, 0, false}},
	"012901; 022d; 030f",
	{"ambient.temperature", "23.9", "ambient.humidity", "45.0",
	    "battery.charge.restart", "15"}},
};

static const struct quirk cyberpower[] = {
    {0x0764, 0x0501, "CPS", "UPS", "",
	{{SUMMARY "Voltage", 1, 16, TENTHS, false},
	    {SUMMARY "ConfigVoltage", 2, 8, VOLTS, false}},
	"02 0c; 01 cd00", {"battery.voltage", "13.7", "battery.voltage.nominal", "12"}},
    {0x0764, 0x0601, "CPS", "UPS", "",
	{{SUMMARY "Voltage", 1, 16, TENTHS, false},
	    {SUMMARY "ConfigVoltage", 2, 8, VOLTS, false}},
	"02 0c; 01 cd00", {"battery.voltage", "20.5"}},
    {0x0764, 0x0501, "CPS", "OL1000EXL", "",
	{{SUMMARY "Voltage", 1, 16, VOLTS, false},
	    {SUMMARY "ConfigVoltage", 2, 8, VOLTS, false}},
	"02 24; 01 9a01", {"battery.voltage", "41.0"}},
    {0x0764, 0x0501, "CPS", "UPS", "",
	{{"UPS.Input.Frequency", 1, 16, HID_HERTZ, 0, false},
	    {"UPS.Output.Frequency", 2, 16, HID_HERTZ, 0, false}},
	"01 f301; 02 3c00", {"input.frequency", "49.9", "output.frequency", "60.0"}},
    {0x0764, 0x0501, "CPS", "CP 1500C", "",
	{{SUMMARY "RemainingCapacity", 1, 8, 0, 0, false},
	    {SUMMARY "FullChargeCapacity", 2, 8, 0, 0, false},
	    {"UPS.Output.ff010043", 3, 8, 0, 0, false}},
	"0178; 0264; 0301",
	{"battery.charge", "100", "battery.status", "100%", "input.sensitivity",
	    "normal"}},
    {0x0764, 0x0501, "CP1500PFCLCD", "CRCA102*AF1", "CPS", {{AC, 1, 8, 0, 0, false}},
	"0101",
	{"ups.mfr", "CPS", "ups.model", "CP1500PFCLCD", "ups.firmware", "CRCA102*AF1",
	    "ups.serial", "-", "ups.delay.shutdown", "60", "ups.delay.start", "120"}},
    /* A self-test of EC850LCD. */
    {0x0764, 0x0501, "CPS", "EC850LCD", "",
	{{AC, 1, 1, 0, 0, false}, {CHARGING, 1, 1, 0, 0, false},
	    {SUMMARY "PresentStatus.Discharging", 1, 1, 0, 0, false}},
	"0105", {"ups.status", "OL DISCHRG"}},
};

static const struct quirk eaton[] = {
    /* In ABM's rest the usual flag still says that it charges. */
    {0x0463, 0xffff, "EATON", "Eaton 5SC", "",
	{{AC, 1, 8, 0, 0, false}, {CHARGING, 1, 8, 0, 0, false},
	    {CHARGER "ffff0087", 2, 8, 0, 0, false},
	    {CHARGER "ffff0094", 3, 8, 0, 0, false}},
	"010101; 0201; 0304", {"ups.status", "OL", "battery.charger.status", "resting"}},
    {0x0463, 0xffff, "EATON", "Eaton 5SC", "",
	{{AC, 1, 8, 0, 0, false}, {CHARGING, 1, 8, 0, 0, false},
	    {CHARGER "ffff0087", 2, 8, 0, 0, false},
	    {CHARGER "ffff0094", 3, 8, 0, 0, false}},
	"010101; 0200; 0306", {"ups.status", "OL CHRG", "battery.charger.status", "-"}},
    {0x0463, 0xffff, "EATON", "Eaton 9SX", "",
	{{AC, 1, 8, 0, 0, false}, {CHARGER "ffff0087", 2, 8, 0, 0, false},
	    {CHARGER "ffff00e9", 3, 8, 0, 0, false}},
	"0100; 0201; 0304",
	{"ups.status", "OB DISCHRG", "battery.charger.status", "discharging"}},
    {0x0463, 0xffff, "EATON", "Eaton 9PX", "",
	{{AC, 1, 8, 0, 0, false},
	    {"UPS.PowerConverter.Input.[2].PresentStatus.Used", 2, 8, 0, 0, false},
	    {"UPS.PowerConverter.Input.[4].PresentStatus.Used", 3, 8, 0, 0, false}},
	"0101; 0201; 0300", {"ups.status", "OL BYPASS"}},
    {0x0463, 0xffff, "EATON", "Ellipse", "",
	{{AC, 1, 8, 0, 0, false}, {SUMMARY "PresentStatus.Good", 2, 8, 0, 0, false},
	    {SUMMARY "PresentStatus.ffff0077", 3, 8, 0, 0, false},
	    {"UPS.PowerConverter.Output.Overload.[1].PresentStatus.ffff007e", 4, 8, 0, 0,
		false},
	    {SUMMARY "PresentStatus.Overload", 5, 8, 0, 0, false}},
	"0101; 0200; 0301; 0401; 0500",
	{"ups.status", "ALARM OL OVER OFF", "ups.alarm", "Fan failure!"}},
    /* What the converter takes its power from, where nothing else tells. */
    {0x0463, 0xffff, "EATON", "EX", "",
	{{"UPS.PowerConverter.Input.[3].PresentStatus.Used", 1, 8, 0, 0, false}}, "0101",
	{"ups.status", "OB"}},
    /* No voltage of the battery for the 3S, but for the 5P; amperes for an hour. */
    {0x0463, 0xffff, "EATON", "Eaton 3S", "",
	{{SUMMARY "Voltage", 1, 16, TENTHS, false},
	    {"UPS.Flow.[4].ConfigApparentPower", 2, 16, HID_WATT, 7, false}},
	"01 8800; 02 bc02", {"battery.voltage", "-", "ups.model", "Eaton 3S 700"}},
    {0x0463, 0xffff, "EATON", "Eaton 5P", "",
	{{SUMMARY "Voltage", 1, 16, TENTHS, false},
	    {"UPS.Flow.[4].ConfigApparentPower", 2, 16, HID_WATT, 7, false},
	    {SUMMARY "PercentLoad", 3, 8, 0, 0, false},
	    {"UPS.BatterySystem.Battery.DesignCapacity", 4, 32, 0, 0, false},
	    {"UPS.PowerConverter.Output.ffff0069", 5, 8, 0, 0, false}},
	"01 9701; 02 5203; 03 32; 04 907e0000; 05 5a",
	{"battery.voltage", "40.7", "ups.model", "5P 850", "ups.realpower", "383",
	    "battery.capacity", "9.00", "output.powerfactor", "0.90"}},
    {0x0463, 0xffff, "EATON", "Protection Station", "",
	{{"UPS.OutletSystem.Outlet.[1].OutletID", 1, 8, 0, 0, false},
	    {"UPS.OutletSystem.Outlet.[2].OutletID", 1, 8, 0, 0, false},
	    {AC, 2, 8, 0, 0, false},
	    {"UPS.OutletSystem.Outlet.[1].ConfigApparentPower", 3, 8, HID_WATT, 7,
		false}},
	"010102; 0201; 0319",
	{"outlet.desc", "Main Outlet", "outlet.1.desc", "PowerShare Outlet 1",
	    "outlet.1.status", "on", "outlet.power", "25"}},
    /* Its low charge is for reading where there is one for setting. */
    {0x0463, 0xffff, "EATON", "Ellipse", "",
	{{SUMMARY "RemainingCapacityLimit", 1, 8, 0, 0, false},
	    {SUMMARY "ffff004d", 2, 8, 0, 0, false}},
	"0114; 021e", {"battery.charge.low", "30"}},
    {0x0463, 0xffff, "EATON", "Evolution", "", {{SUMMARY "ffff0097", 1, 32, 0, 0, false}},
	"01 809a9e67", {"ups.date", "2025/02/01", "ups.time", "22:04:48"}},
    {0x047c, 0xffff, "DELL", "UPS Rack 1920W", "",
	{{"UPS.Flow.[4].ConfigApparentPower", 1, 16, HID_WATT, 7, false}}, "018007",
	{"ups.model", "UPS Rack 1920W"}},
    {0x06da, 0xffff, "AEG", "Protect NAS", "",
	{{AC, 1, 8, 0, 0, false}, {SUMMARY "Voltage", 2, 16, TENTHS, false}},
	"0101; 028800", {"ups.status", "OL", "battery.voltage", "-"}},
    {0x09d6, 1, "KSTAR", "MF-UPS650VA", "",
	{{"UPS.Flow.[4].ConfigApparentPower", 1, 16, HID_WATT, 7, false}}, "018a02",
	{"ups.model", "MF-UPS650VA 650"}},
};

static const struct quirk others[] = {
    {0x06da, 0xffff, "PPC", "Offline UPS", "",
	{{SUMMARY "Voltage", 1, 16, TENTHS, false},
	    {"UPS.Flow.[4].ConfigApparentPower", 2, 16, HID_WATT, 7, false},
	    {"UPS.PowerConverter.Output.ffff0057", 3, 16, VOLTS, false}},
	"01 1001; 02 0500; 03 a000",
	{"battery.voltage", "27.20", "ups.power.nominal", "-", "input.transfer.low",
	    "160"}},
    {0x1cb0, 0x0032, "Legrand", "Legrand UPS", "",
	{{"UPS.PowerConverter.Output.Voltage", 1, 16, HID_VOLT, 1, false},
	    {"UPS.Flow.ConfigVoltage", 2, 8, VOLTS, false}},
	"01 6809; 02 e6", {"output.voltage", "240.8", "input.voltage.nominal", "230"}},
    /* The PDU of the same maker says its exponents rightly (NUT issue 3540). */
    {0x1cb0, 0x0038, "Legrand", "Keor PDU", "",
	{{"UPS.Input.Voltage", 1, 16, TENTHS, false}}, "01 1709",
	{"input.voltage", "233"}},
    {0x0665, 0x5161, "", "", "",
	{{"UPS.OutletSystem.Voltage", 24, 16, HID_VOLT, -1, false},
	    {"UPS.OutletSystem.Voltage", 49, 16, HID_VOLT, -1, false},
	    {"UPS.OutletSystem.ConfigVoltage", 1, 8, HID_VOLT, 0, false},
	    {"UPS.OutletSystem.ConfigVoltage", 48, 8, HID_VOLT, 0, false},
	    {"UPS.BatterySystem.Voltage", 27, 16, HID_VOLT, -1, false},
	    {"UPS.BatterySystem.Battery.RemainingCapacity", 52, 8, HID_VOLT, -1, false}},
	"18 6009; 31 0100; 01 dc; 30 e6; 1b 5809; 34 62",
	{"input.voltage", "240.0", "output.voltage", "239.2", "battery.charge", "98",
	    "battery.voltage", "-", "output.voltage.nominal", "220", "ups.status", "OL"}},
    {0x0665, 0x5161, "", "", "",
	{{"UPS.OutletSystem.Voltage", 24, 16, HID_VOLT, -1, false}}, "18 1900",
	{"input.voltage", "2.5", "ups.status", "OB", "ups.mfr", "Legrand"}},
    {0x2e66, 0x0201, "Salicru", "SLC TWIN PRO2", "",
	{{SUMMARY "Voltage", 1, 16, TENTHS, false},
	    {"UPS.PowerConverter.Input.[2].PresentStatus.Used", 2, 8, 0, 0, false},
	    {AC, 3, 8, 0, 0, false}},
	"01 1001; 0201; 0301",
	{"battery.voltage", "27.20", "ups.status", "OL BYPASS", "ups.model",
	    "SLC TWIN PRO2"}},
    {0x3746, 0xffff, "EcoFlow", "RIVER 3 Plus", "",
	{{SUMMARY "RunTimeToEmpty", 1, 16, HID_SECOND, 0, false},
	    {SUMMARY "RemainingTimeLimit", 2, 16, HID_SECOND, 0, false},
	    {"UPS.Flow.[4].ConfigActivePower", 3, 16, HID_WATT, 7, false}},
	"01 6009; 02 5802; 03 1e01",
	{"battery.runtime", "144000", "battery.runtime.low", "600", "ups.power.nominal",
	    "286"}},
};

static void
check(const struct quirk *q)
{
	struct hidups_ident ident = {.vendor = q->vendor, .product = q->product};
	struct device *dev;

	snprintf(ident.manufacturer, sizeof(ident.manufacturer), "%s", q->mfr);
	snprintf(ident.name, sizeof(ident.name), "%s", q->name);
	snprintf(ident.serial, sizeof(ident.serial), "%s", q->serial);
	dev = made_device(q->fields, &ident);
	for (const char *at = q->reports; at != NULL; at = strchr(at, ';')) {
		at += *at == ';';
		report(dev, HID_FEATURE, at);
	}
	for (size_t i = 0; q->want[i] != NULL; i += 2)
		assert_var(dev, q->want[i],
		    strcmp(q->want[i + 1], "-") == 0 ? NULL : q->want[i + 1]);
	close_device(dev);
}

#define CHECK_ALL(quirks) check_all(quirks, COUNT(quirks))

static void
check_all(const struct quirk *quirks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check(&quirks[i]);
}

static void
test_apc(void **state)
{
	CHECK_ALL(apc);
}

static void
test_cyberpower(void **state)
{
	CHECK_ALL(cyberpower);
}

static void
test_eaton(void **state)
{
	CHECK_ALL(eaton);
}

static void
test_others(void **state)
{
	CHECK_ALL(others);
}

/* How they may be asked. */
static void
test_asking(void **state)
{
	static const struct {
		uint16_t vendor, product;
		bool polled, bridge;
	} rows[] = {
	    {0x051d, 2, false, true},
	    {0x051d, 3, true, true},
	    {0x051d, 4, true, true},
	    {0x0463, 1, false, false},
	    {0x047c, 0xffff, false, false},
	    {0x1cb0, 0x0032, true, true},
	    {0x0764, 0x0501, false, true},
	};
	static const struct made_field fields[] = {
	    {AC, 1, 8, 0, 0, false}, {SUMMARY "PercentLoad", 254, 8, 0, 0, false}, {0}};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hidups_ident ident = {
		    .vendor = rows[i].vendor, .product = rows[i].product};
		struct device *dev = made_device(fields, &ident);
		uint8_t ids[256];

		assert_int_equal(hidups_polled(dev->ups), rows[i].polled);
		assert_int_equal(hidups_may_ask(dev->ups, 254), rows[i].bridge);
		assert_int_equal(
		    hidups_polls(dev->ups, true, ids), rows[i].bridge ? 2 : 1);
		assert_int_equal(hidups_gap_ms(dev->ups), 0);
		close_device(dev);
	}
}

/* Eaton's model is a string of its own; firmware and chemistry are strings, too. */
static void
test_strings(void **state)
{
	static const struct made_field fields[] = {
	    {SUMMARY "ffff00f0", 1, 8, 0, 0, false},
	    {SUMMARY "ffff00f1", 2, 8, 0, 0, false},
	    {SUMMARY "iDeviceChemistry", 3, 8, 0, 0, false}, {0}};
	static const struct {
		const char *product, *model, *want;
	} rows[] = {
	    {"ELLIPSE", "600", "Ellipse 600"},
	    {"ELLIPSE", "1200", "ellipse 1200"},
	    {"ellipse", "PR800", "ellipse premium 800"},
	    {"Ellipse ECO", "1600", "Ellipse ECO 1600"},
	    {"Ellipse PRO", "1200 ", "Eaton 5S1200"},
	    {"Ellipse PRO", "1200", "Ellipse PRO 1200"},
	    {"Eaton 5P", "1150", "5P 1150"},
	    {"Eaton 5PX", "2200", "Eaton 5PX 2200"},
	    {"Eaton 9SX", "1000i", "9SX1000i"},
	    {"Eaton 9SX", "5000i", "Eaton 9SX 5000i"},
	    {"", "2000", "9E2000i (presumed)"},
	    {"EX", "700RT", "Pulsar EX 700 RT"},
	    {"EX", "11RT31", "EX 11 RT 3:1"},
	    {"GALAXY", "3000_20", "Galaxy 3000 20 kVA"},
	    {"Evolution", "3000XL", "Pulsar Evolution 3000 XL"},
	    {"NOVA AVR", "600", "Nova 600 AVR"},
	    {"TG-BOX 850", "850", "TG-BOX 850"},
	    {"Eaton 5E", "", "Eaton 5E"},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct hidups_ident ident = {.vendor = 0x0463, .product = 0xffff};
		struct device *dev;
		uint8_t indexes[16];

		snprintf(ident.name, sizeof(ident.name), "%s", rows[i].product);
		dev = made_device(fields, &ident);
		report(dev, HID_FEATURE, "01 0a");
		report(dev, HID_FEATURE, "02 06");
		report(dev, HID_FEATURE, "03 05");
		assert_int_equal(hidups_strings(dev->ups, indexes), 3);
		hidups_string(dev->ups, 10, rows[i].model);
		hidups_string(dev->ups, 6, "02.08.0016");
		hidups_vars(dev->ups, dev->state);
		assert_var(dev, "ups.model", rows[i].want);
		assert_var(dev, "ups.firmware", "02.08.0016");
		assert_var(dev, "battery.type", "PbAc");
		close_device(dev);
	}
}

/* EcoFlow takes no command; Legrand's beeper is silent in another way. */
static void
test_commands(void **state)
{
	static const struct made_field fields[] = {
	    {SUMMARY "AudibleAlarmControl", 1, 8, 0, 0, false},
	    {SUMMARY "DelayBeforeShutdown", 2, 16, HID_SECOND, 0, true}, {0}};
	static const struct hidups_ident ecoflow = {.vendor = 0x3746, .product = 0xffff};
	static const struct hidups_ident legrand = {.vendor = 0x1cb0, .product = 0x0038};
	static const struct hidups_ident apc_ups = {.vendor = 0x051d, .product = 2};
	struct device *dev = made_device(fields, &ecoflow);

	assert_int_equal(command(dev, "beeper.disable", NULL), HIDUPS_UNKNOWN);
	assert_int_equal(command(dev, "load.off", NULL), HIDUPS_UNKNOWN);
	close_device(dev);
	dev = made_device(fields, &legrand);
	assert_int_equal(command(dev, "beeper.disable", NULL), HIDUPS_OK);
	assert_writes(dev, "01 03");
	close_device(dev);
	dev = made_device(fields, &apc_ups);
	assert_int_equal(command(dev, "beeper.disable", NULL), HIDUPS_OK);
	assert_writes(dev, "01 01");
	close_device(dev);
}

/* Eaton's setting for whether it starts again says the same as the command. */
static void
test_start_auto(void **state)
{
	static const struct made_field fields[] = {
	    {"UPS.PowerConverter.Input.[1].ffff0043", 1, 8, 0, 0, false},
	    {SUMMARY "DelayBeforeShutdown", 2, 16, HID_SECOND, 0, true},
	    {SUMMARY "DelayBeforeStartup", 3, 16, HID_SECOND, 0, true}, {0}};
	static const struct hidups_ident ident = {.vendor = 0x0463, .product = 0xffff};
	struct device *dev = made_device(fields, &ident);

	report(dev, HID_FEATURE, "0101");
	assert_var(dev, "ups.start.auto", "yes");
	assert_int_equal(command(dev, "shutdown.return", NULL), HIDUPS_OK);
	assert_writes(dev, "03 1e 00; 02 14 00");
	assert_int_equal(command(dev, "shutdown.stayoff", NULL), HIDUPS_OK);
	assert_writes(dev, "01 00; 03 ff ff; 02 14 00");
	report(dev, HID_FEATURE, "0100");
	assert_int_equal(command(dev, "shutdown.return", NULL), HIDUPS_OK);
	assert_writes(dev, "01 01; 03 1e 00; 02 14 00");
	close_device(dev);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_apc),
	    cmocka_unit_test(test_cyberpower),
	    cmocka_unit_test(test_eaton),
	    cmocka_unit_test(test_others),
	    cmocka_unit_test(test_asking),
	    cmocka_unit_test(test_strings),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_start_auto),
	};

	setenv("TZ", "UTC0", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
