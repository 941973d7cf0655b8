/* SPDX-License-Identifier: ISC */
/*
 * Ever (2e51, and 0483:a113 of its chip's maker), a Polish maker whose own usages are on
 * page ff00, below a collection without a usage:
 *   11 to 15 versions       30 alarms, a bit each: 31 to 39      60 to 68 configuration
 *   16 messages, a bit      40, 41 temperatures, 42 power factor 69 to 72 counters
 *      each: 17 to 24       43 to 54 controls                    73 to 8b its network
 *   90 mode, a bit each: 91 unknown, 92 stopped, 93 on line, 94 on battery, 95 watching,
 *      96 waiting, 97 emergency
 * The names that begin with "experimental." are NUT's, for what it has no name for.
 * Sources: NUT for the meanings; dumps of its device library (ECO PRO AVR CDS).
 */
#include <stdio.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/map.h"

#define OWN "UPS.00000000"
#define CONVERTER "UPS.PowerConverter"
#define SUMMARY "UPS.PowerSummary"
#define BATTERY "UPS.BatterySystem"
#define OUTLET "UPS.OutletSystem.Outlet"
#define MESSAGES OWN ".ff000016"
#define ALARMS OWN ".ff000030"
#define NETWORK OWN ".ff000080"
#define MODE OWN ".ff000090"
#define X "experimental."

static const struct map_word yes_no[] = {
    {0, "no"},
    {1, "yes"},
    {0, NULL},
};

static const struct map_word on_off[] = {
    {0, "off"},
    {1, "on"},
    {0, NULL},
};

/* 0x1203 as v1.2b03: a digit, a digit, a number. */
static bool
version(char *out, size_t size, const struct map_in *in)
{
	unsigned word = (unsigned)in->raw;

	snprintf(out, size, "v%X.%Xb%02u", word >> 12 & 15, word >> 8 & 15, word & 255);
	return true;
}

/* 0x0203 as rev.Bv03. */
static bool
revision(char *out, size_t size, const struct map_in *in)
{
	unsigned letter = (unsigned)in->raw >> 8 & 255;

	if (letter > 26)
		return false;
	snprintf(out, size, "rev.%cv%02u", letter == 0 ? '0' : 'A' + (int)letter - 1,
	    (unsigned)in->raw & 255);
	return true;
}

/* As such, or in percent; NUT cuts it to a whole number. */
static bool
power_factor(char *out, size_t size, const struct map_in *in)
{
	map_number(out, size, 2, in->value > 1 ? in->value / 100 : in->value);
	return true;
}

/* The report of a field as its bytes, parted by `dot`. */
static bool
bytes(char *out, size_t size, const struct map_in *in, char dot)
{
	size_t len, used = 0;
	const uint8_t *report = map_report(in->ups, in->field->report_id, &len);

	for (size_t i = 0; report != NULL && i < len && used + 4 < size; i++) {
		if (i > 0)
			out[used++] = dot;
		used += (size_t)snprintf(
		    out + used, size - used, dot == ':' ? "%02x" : "%u", report[i]);
	}
	return used > 0;
}

static bool
mac_address(char *out, size_t size, const struct map_in *in)
{
	return bytes(out, size, in, ':');
}

static bool
ip_address(char *out, size_t size, const struct map_in *in)
{
	return bytes(out, size, in, '.');
}

/* The whole report as one number; false when it was not read. */
static bool
number(const struct map_in *in, unsigned long *n)
{
	size_t len;
	const uint8_t *report = map_report(in->ups, in->field->report_id, &len);

	*n = 0;
	for (size_t i = 0; report != NULL && i < len && i < 4; i++)
		*n |= (unsigned long)report[i] << 8 * i;
	return report != NULL && len > 0;
}

static bool
counter(char *out, size_t size, const struct map_in *in)
{
	unsigned long n;

	if (!number(in, &n))
		return false;
	snprintf(out, size, "%lu", n);
	return true;
}

/* The words for the bits of a report, parted by blanks. */
static bool
words(char *out, size_t size, const struct map_in *in, const char *const *names)
{
	unsigned long n;
	size_t used = 0;

	if (!number(in, &n))
		return false;
	out[0] = '\0';
	for (; *names != NULL; names++, n >>= 1)
		if ((n & 1) != 0 && **names != '\0' && used < size)
			used += (size_t)snprintf(out + used, size - used, "%s%s",
			    used == 0 ? "" : " ", *names);
	return true;
}

/* The first two stand in ups.status. */
static bool
messages(char *out, size_t size, const struct map_in *in)
{
	static const char *const names[] = {"", "", "BOOST", "BUCK", "BOOST_BLOCKED",
	    "BUCK_BLOCKED", "CHARGING", "FAN_ON", "EPO_BLOCKED", "NEED_REPLACEMENT",
	    "OVERHEAT", "OVERHEAT", "WAITING_FOR_MIN_CHARGE", "MAINS_OUT_OF_RANGE", NULL};

	return words(out, size, in, names);
}

static bool
alarms(char *out, size_t size, const struct map_in *in)
{
	static const char *const names[] = {"OVERLOAD", "SHORT-CIRCUIT", "OVERHEAT",
	    "OVERHEAT", "EPO", "INTERNAL_ERROR", "REVERSE_POWER_SUPPLY",
	    "NO_INTERNAL_COMM", "CRITICAL_BATT_VOLTAGE", NULL};

	return words(out, size, in, names);
}

static bool
work_mode(char *out, size_t size, const struct map_in *in)
{
	static const char *const names[] = {"UNKNOWN", "STOP", "ONLINE", "ONBATTERY",
	    "WATCH", "WAITING", "EMERGENCY", NULL};
	unsigned long n;

	if (!number(in, &n))
		return false;
	if ((n & 0x7f) == 0 || (n & 0x7f & ((n & 0x7f) - 1)) != 0)
		snprintf(out, size, "UNKNOWN");
	else
		words(out, size, in, names);
	return true;
}

static const struct map_row rows[] = {
    /* In percent, as NUT has it. */
    {"battery.capacity", SUMMARY ".DesignCapacity", .decimals = 0},
    {"battery.capacity", SUMMARY ".FullChargeCapacity", .decimals = 0},
    {"battery.voltage", SUMMARY ".Voltage", .flags = MAP_MOVES},
    {"battery.temperature", OWN ".ff000041", .flags = MAP_MOVES, .text = map_temperature},
    {"battery.packs.external", OWN ".ff000068", .flags = MAP_RW},

    {"input.voltage", CONVERTER ".Input.Voltage", .flags = MAP_MOVES},
    {"input.frequency", CONVERTER ".Input.Frequency", .flags = MAP_MOVES},
    {"output.voltage", CONVERTER ".Output.Voltage", .flags = MAP_MOVES},
    /* What is wanted at the output; NUT calls it output.voltage. */
    {"output.voltage.nominal", OWN ".ff000060", .flags = MAP_RW},
    {"output.voltage.nominal", "UPS.Flow.ConfigVoltage", .decimals = 0},
    {"output.frequency", CONVERTER ".Output.Frequency", .flags = MAP_MOVES},
    {"output.current", CONVERTER ".Output.Current", .flags = MAP_MOVES},
    {"output.powerfactor", OWN ".ff000042", .flags = MAP_MOVES, .text = power_factor},
    {"outlet.1.id", OUTLET ".OutletID", .decimals = 0},
    {"outlet.1.switchable", OUTLET ".PresentStatus.Switchable", .words = yes_no},
    {"outlet.1.status", OUTLET ".PresentStatus.SwitchOnOff", .flags = MAP_MOVES,
	.words = on_off},

    {"ups.load", CONVERTER ".Output.PercentLoad", .flags = MAP_MOVES},
    {"ups.power", CONVERTER ".Output.ApparentPower", .flags = MAP_MOVES},
    {"ups.power.nominal", "UPS.Flow.ConfigApparentPower", .decimals = 0},
    {"ups.realpower", CONVERTER ".Output.ActivePower", .flags = MAP_MOVES},
    {"ups.realpower.nominal", "UPS.Flow.ConfigActivePower", .decimals = 0},
    {"ups.temperature", OWN ".ff000040", .flags = MAP_MOVES, .text = map_temperature},

    {X "id.firmware_version_inverter", OWN ".ff000011", .text = version},
    {X "id.firmware_version_interfaces", OWN ".ff000012", .text = version},
    {X "id.hardware_version", OWN ".ff000013", .text = revision},
    {X "id.protocol_version_inverter", OWN ".ff000014", .text = version},
    {X "id.protocol_version_interfaces", OWN ".ff000015", .text = version},

    {X "battery.batteryid", BATTERY ".Battery.BatteryID", .decimals = 0},
    {X "battery.systemid", BATTERY ".BatterySystemID", .decimals = 0},
    {X "battery.chargerid", BATTERY ".Charger.ChargerID", .decimals = 0},
    {X "battery.input_flowid", BATTERY ".Input.FlowID", .decimals = 0},
    {X "battery.input_id", BATTERY ".Input.InputID", .decimals = 0},
    {X "battery.output_flowid", BATTERY ".Output.FlowID", .decimals = 0},
    {X "battery.output_id", BATTERY ".Output.OutputID", .decimals = 0},

    {X "control.ups_on", OWN ".ff000043.ff000044", .flags = MAP_RW | MAP_ACTS},
    {X "control.clear_fault", OWN ".ff000043.ff000045", .flags = MAP_RW | MAP_ACTS},
    {X "control.clear_battery_fault", OWN ".ff000043.ff000046",
	.flags = MAP_RW | MAP_ACTS},
    {X "control.epo_blocked", OWN ".ff000050.ff000051", .flags = MAP_RW},
    {X "control.green_mode", OWN ".ff000050.ff000052", .flags = MAP_RW},
    {X "control.button_sound", OWN ".ff000050.ff000053", .flags = MAP_RW},
    {X "control.audible_alarm", OWN ".ff000050.ff000054", .flags = MAP_RW},
    {X "config.overload_clearance_threshold", OWN ".ff000066", .flags = MAP_RW},
    {X "config.stb_charge", OWN ".ff000067", .flags = MAP_RW},

    {X "statistics.mains_loss_counter", OWN ".ff000069", .decimals = 0},
    {X "statistics.lowering_AVR_trigger_counter", OWN ".ff00006a", .decimals = 0},
    {X "statistics.rising_AVR_trigger_counter", OWN ".ff00006b", .decimals = 0},
    {X "statistics.overload_counter", OWN ".ff00006c", .decimals = 0},
    {X "statistics.short_circuit_counter", OWN ".ff00006d", .decimals = 0},
    {X "statistics.discharge_counter", OWN ".ff00006e", .decimals = 0},
    {X "statistics.overheat_counter", OWN ".ff00006f", .decimals = 0},
    {X "statistics.mains_operation_time", OWN ".ff000070", .decimals = 0},
    {X "statistics.autonomous_operation_time", OWN ".ff000071", .decimals = 0},
    {X "statistics.overload_operation_time", OWN ".ff000072", .decimals = 0},

    {X "networkcard.mac_address", OWN ".ff000073", .text = mac_address},
    {X "networkcard.notification_destination_ip", OWN ".ff000074", .text = ip_address},
    {X "networkcard.send_packets", OWN ".ff000078", .text = counter},
    {X "networkcard.received_packets", OWN ".ff000079", .text = counter},
    {X "networkcard.send_packets_err", OWN ".ff00007a", .text = counter},
    {X "networkcard.received_packets_err", OWN ".ff00007b", .text = counter},
    {X "networkcard.config_dhcp_enabled", NETWORK ".ff000081", .decimals = 0},
    {X "networkcard.config_ethernet_enabled", NETWORK ".ff000082", .decimals = 0},
    {X "networkcard.config_http_enabled", NETWORK ".ff000083", .decimals = 0},
    {X "networkcard.config_snmp_enabled", NETWORK ".ff000084", .decimals = 0},
    {X "networkcard.config_snmp_trap_enabled", NETWORK ".ff000085", .decimals = 0},
    {X "networkcard.config_readonly", NETWORK ".ff000086", .decimals = 0},
    {X "networkcard.config_restart_eth", NETWORK ".ff00008b", .decimals = 0},
    {X "networkcard.ip_address", OWN ".ff000088", .text = ip_address},
    {X "networkcard.network_mask", OWN ".ff000089", .text = ip_address},
    {X "networkcard.default_gateway", OWN ".ff00008a", .text = ip_address},

    {X "outlet.1.present", OUTLET ".PresentStatus.Present", .words = yes_no},
    {X "outlet.1.system_id", "UPS.OutletSystem.OutletSystemID", .decimals = 0},
    {X "outlet.1.switch_off_control", OUTLET ".SwitchOffControl",
	.flags = MAP_RW | MAP_ACTS},
    {X "outlet.1.switch_on_control", OUTLET ".SwitchOnControl",
	.flags = MAP_RW | MAP_ACTS},
    {X "powerconverter.input_flow_id", CONVERTER ".Input.FlowID", .decimals = 0},
    {X "powerconverter.input_id", CONVERTER ".Input.InputID", .decimals = 0},
    {X "powerconverter.output_flowid", CONVERTER ".Output.FlowID", .decimals = 0},
    {X "powerconverter.output_id", CONVERTER ".Output.OutputID", .decimals = 0},
    {X "powerconverter.powerconverterid", CONVERTER ".PowerConverterID", .decimals = 0},
    {X "powersummary.capacity_granularity_1", SUMMARY ".CapacityGranularity1",
	.decimals = 0},
    {X "powersummary.capacity_granularity_2", SUMMARY ".CapacityGranularity2",
	.decimals = 0},
    {X "powersummary.capacity_mode", SUMMARY ".CapacityMode", .decimals = 0},
    {X "powersummary.flow_id", SUMMARY ".FlowID", .decimals = 0},
    {X "powersummary.rechargeable", SUMMARY ".Rechargeable", .decimals = 0},
    {X "ups.flow_id", "UPS.Flow.FlowID", .decimals = 0},

    {X "status.workmode", MODE ".ff000091", .flags = MAP_MOVES, .text = work_mode},
    {X "status.messages", MESSAGES ".ff000020", .flags = MAP_MOVES, .text = messages},
    {X "status.alarms", ALARMS ".ff000031", .flags = MAP_MOVES, .text = alarms},
    {0},
};

#define RAISES .mask = UINT32_MAX, .raises = true

/* Several bits for one thing add up. Neither on line nor on battery is off. */
static const struct map_status status[] = {
    {MESSAGES ".ff000017", STATUS_OVERLOAD, RAISES},
    {MESSAGES ".ff000018", STATUS_LOW, .mask = UINT32_MAX},
    {MESSAGES ".ff000019", STATUS_BOOST, .mask = UINT32_MAX},
    {MESSAGES ".ff00001a", STATUS_TRIM, .mask = UINT32_MAX},
    {MESSAGES ".ff00001d", STATUS_CHARGING, .mask = UINT32_MAX},
    {MESSAGES ".ff000020", STATUS_REPLACE, RAISES},
    {ALARMS ".ff000031", STATUS_OVERLOAD, RAISES},
    {ALARMS ".ff000032", STATUS_SHORT_CIRCUIT, .mask = UINT32_MAX},
    {ALARMS ".ff000033", STATUS_TOO_HOT, RAISES},
    {ALARMS ".ff000034", STATUS_TOO_HOT, RAISES},
    {ALARMS ".ff000035", STATUS_EMERGENCY_STOP, .mask = UINT32_MAX},
    {ALARMS ".ff000036", STATUS_INTERNAL_FAILURE, RAISES},
    {ALARMS ".ff000038", STATUS_INTERNAL_FAILURE, RAISES},
    {MODE ".ff000092", STATUS_OFF, RAISES},
    {MODE ".ff000095", STATUS_OFF, RAISES},
    {MODE ".ff000096", STATUS_OFF, RAISES},
    {MODE ".ff000097", STATUS_OFF, RAISES},
    {0},
};

/* There is no delay before it starts: it comes back with the mains. */
static const struct map_cmd cmds[] = {
    {"shutdown.return", SUMMARY ".DelayBeforeShutdown", MAP_OFFDELAY, .value = 0},
    {0},
};

const struct map map_ever = {
    .name = "Ever HID",
    .vendor = "Ever",
    .rows = rows,
    .status = status,
    .cmds = cmds,
};
