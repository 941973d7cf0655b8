/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "mqtt/entities.h"

#define D ENTITY_DETAIL
#define H ENTITY_HIDDEN
#define S ENTITY_STAYS
#define F ENTITY_FIXED
#define ANY ENTITY_NO_DIGITS

const char *const entity_words[ENTITY_COMPONENTS] = {
    [ENTITY_SENSOR] = "sensor",
    [ENTITY_BINARY] = "binary_sensor",
    [ENTITY_EVENT] = "event",
    [ENTITY_BUTTON] = "button",
    [ENTITY_SWITCH] = "switch",
    [ENTITY_NUMBER] = "number",
    [ENTITY_SELECT] = "select",
    [ENTITY_TEXT] = "text",
};

/*
 * Sorted as one reads them. Domoticz joins the first sensor in W whose unique id has most
 * letters in common with that of the sensor in kWh: hence load_watts beside load_energy, and
 * "Watt" for what a UPS could give at most, which is to be no meter at all.
 */
const struct entity_variable entity_variables[] = {
    {"battery_charge", "Battery charge", "battery.charge", "battery", "%", 0, 0, NULL},
    {"battery_charge_low", "Battery low threshold", "battery.charge.low", NULL, "%", 0,
	D | H | S | F, "mdi:battery-alert-variant-outline"},
    {"battery_charge_restart", "Charge to restart at", "battery.charge.restart", NULL,
	"%", 0, D | H | S | F, "mdi:battery-arrow-up-outline"},
    {"battery_charge_warning", "Battery warning threshold", "battery.charge.warning",
	NULL, "%", 0, D | H | S | F, "mdi:battery-alert-variant-outline"},
    {"battery_runtime", "Runtime", "battery.runtime", "duration", "s", 0, 0, NULL},
    {"battery_runtime_learned", "Learned runtime", "battery.runtime.learned", "duration",
	"s", 0, D, NULL},
    {"battery_runtime_low", "Low runtime threshold", "battery.runtime.low", "duration",
	"s", 0, D | H | S | F, NULL},
    {"battery_runtime_restart", "Runtime to restart at", "battery.runtime.restart",
	"duration", "s", 0, D | H | S | F, NULL},
    {"battery_voltage", "Battery voltage", "battery.voltage", "voltage", "V", 1, D, NULL},
    {"battery_voltage_nominal", "Nominal battery voltage", "battery.voltage.nominal",
	"voltage", "V", 0, D | H | S | F, NULL},
    {"battery_voltage_low", "Voltage of an empty battery", "battery.voltage.low",
	"voltage", "V", 1, D | H | S | F, NULL},
    {"battery_voltage_high", "Voltage of a full battery", "battery.voltage.high",
	"voltage", "V", 1, D | H | S | F, NULL},
    {"battery_current", "Battery current", "battery.current", "current", "A", 2, D, NULL},
    {"battery_current_total", "Total battery current", "battery.current.total", "current",
	"A", 2, D | H, NULL},
    {"battery_temperature", "Battery temperature", "battery.temperature", "temperature",
	"°C", 1, D, NULL},
    {"battery_capacity", "Battery capacity", "battery.capacity", NULL, "Ah", 1, D | H,
	"mdi:battery-high"},
    {"battery_capacity_nominal", "Nominal battery capacity", "battery.capacity.nominal",
	NULL, "Ah", 1, D | H | S | F, "mdi:battery-high"},
    {"battery_health", "Battery health", "battery.health", NULL, "%", 0, D | S,
	"mdi:battery-heart-variant"},
    {"battery_health_confidence", "Confidence in the battery's health",
	"battery.health.confidence", NULL, "%", 0, D | H | S, "mdi:battery-unknown"},
    {"battery_date_replace", "Battery to be replaced by", "battery.date.replace", "date",
	NULL, ANY, D | S, NULL},
    {"battery_date", "Battery installed", "battery.date", "date", NULL, ANY, D | H | S,
	NULL},
    {"battery_date_maintenance", "Battery maintenance due", "battery.date.maintenance",
	"date", NULL, ANY, D | H | S, NULL},
    {"battery_mfr_date", "Battery made", "battery.mfr.date", "date", NULL, ANY, D | H | S,
	NULL},
    {"battery_type", "Battery type", "battery.type", NULL, NULL, ANY, D | H | S,
	"mdi:battery"},
    {"battery_charger", "Charger", "battery.charger.status", NULL, NULL, ANY, D | H,
	"mdi:battery-charging"},
    {"battery_state", "State of the battery", "battery.status", NULL, NULL, ANY, D | H,
	"mdi:battery"},
    {"battery_packs", "Battery packs", "battery.packs", NULL, "packs", 0, D | H | S | F,
	"mdi:battery-plus"},
    {"battery_packs_bad", "Bad battery packs", "battery.packs.bad", NULL, "packs", 0,
	D | H, "mdi:battery-remove"},
    {"battery_cycles", "Battery cycles", "battery.cycle.count", NULL, "cycles", 0,
	D | H | S, "mdi:battery-sync"},

    {"input_voltage", "Input voltage", "input.voltage", "voltage", "V", 1, 0, NULL},
    {"input_*_voltage", "Input voltage *", "input.*.voltage", "voltage", "V", 1, 0, NULL},
    {"input_voltage_nominal", "Nominal input voltage", "input.voltage.nominal", "voltage",
	"V", 0, D | H | S | F, NULL},
    {"input_voltage_lowest", "Lowest input voltage", "input.voltage.minimum", "voltage",
	"V", 1, D | H, NULL},
    {"input_voltage_highest", "Highest input voltage", "input.voltage.maximum", "voltage",
	"V", 1, D | H, NULL},
    {"input_voltage_fault", "Input voltage at the last fault", "input.voltage.fault",
	"voltage", "V", 1, D | H, NULL},
    {"input_current", "Input current", "input.current", "current", "A", 2, D, NULL},
    {"input_*_current", "Input current *", "input.*.current", "current", "A", 2, D, NULL},
    {"input_current_nominal", "Nominal input current", "input.current.nominal", "current",
	"A", 1, D | H | S | F, NULL},
    {"input_frequency", "Input frequency", "input.frequency", "frequency", "Hz", 1, D,
	NULL},
    {"input_*_frequency", "Input frequency *", "input.*.frequency", "frequency", "Hz", 1,
	D | H, NULL},
    {"input_frequency_nominal", "Nominal input frequency", "input.frequency.nominal",
	"frequency", "Hz", 0, D | H | S | F, NULL},
    {"input_load", "Input load", "input.load", NULL, "%", 0, D | H, "mdi:gauge"},
    {"input_*_load", "Input load *", "input.*.load", NULL, "%", 0, D | H, "mdi:gauge"},
    {"input_watts", "Input power", "input.realpower", "power", "W", 0, D, NULL},
    {"input_*_watts", "Input power *", "input.*.realpower", "power", "W", 0, D, NULL},
    {"input_va", "Input apparent power", "input.power", "apparent_power", "VA", 0, D,
	NULL},
    {"input_*_va", "Input apparent power *", "input.*.power", "apparent_power", "VA", 0,
	D, NULL},
    {"input_factor", "Input power factor", "input.powerfactor", NULL, "PF", 2, D | H,
	"mdi:angle-acute"},
    {"input_sens", "Sensitivity to the input", "input.sensitivity", NULL, NULL, ANY,
	D | H | S, "mdi:tune"},
    {"input_source", "Input source", "input.source", NULL, NULL, ANY, D | H,
	"mdi:transmission-tower"},
    {"transfer_low", "Goes to battery below", "input.transfer.low", "voltage", "V", 0,
	D | H | S | F, NULL},
    {"transfer_high", "Goes to battery above", "input.transfer.high", "voltage", "V", 0,
	D | H | S | F, NULL},
    {"transfer_boost_low", "Boosts down to", "input.transfer.boost.low", "voltage", "V",
	0, D | H | S | F, NULL},
    {"transfer_boost_high", "Boosts up to", "input.transfer.boost.high", "voltage", "V",
	0, D | H | S | F, NULL},
    {"transfer_trim_low", "Trims down to", "input.transfer.trim.low", "voltage", "V", 0,
	D | H | S | F, NULL},
    {"transfer_trim_high", "Trims up to", "input.transfer.trim.high", "voltage", "V", 0,
	D | H | S | F, NULL},
    {"transfer_reason", "Reason of the last transfer", "input.transfer.reason", NULL,
	NULL, ANY, D, "mdi:help-rhombus-outline"},
    {"bypass_voltage", "Bypass voltage", "input.bypass.voltage", "voltage", "V", 1, D,
	NULL},
    {"bypass_*_voltage", "Bypass voltage *", "input.bypass.*.voltage", "voltage", "V", 1,
	D, NULL},
    {"bypass_frequency", "Bypass frequency", "input.bypass.frequency", "frequency", "Hz",
	1, D | H, NULL},

    {"output_voltage", "Output voltage", "output.voltage", "voltage", "V", 1, 0, NULL},
    {"output_*_voltage", "Output voltage *", "output.*.voltage", "voltage", "V", 1, 0,
	NULL},
    {"output_voltage_nominal", "Nominal output voltage", "output.voltage.nominal",
	"voltage", "V", 0, D | H | S | F, NULL},
    {"output_current", "Output current", "output.current", "current", "A", 2, D, NULL},
    {"output_*_current", "Output current *", "output.*.current", "current", "A", 2, D,
	NULL},
    {"output_current_nominal", "Nominal output current", "output.current.nominal",
	"current", "A", 1, D | H | S | F, NULL},
    {"output_frequency", "Output frequency", "output.frequency", "frequency", "Hz", 1, D,
	NULL},
    {"output_frequency_nominal", "Nominal output frequency", "output.frequency.nominal",
	"frequency", "Hz", 0, D | H | S | F, NULL},
    {"output_watts", "Output power", "output.realpower", "power", "W", 0, D, NULL},
    {"output_*_watts", "Output power *", "output.*.realpower", "power", "W", 0, D, NULL},
    {"output_va", "Output apparent power", "output.power", "apparent_power", "VA", 0, D,
	NULL},
    {"output_*_va", "Output apparent power *", "output.*.power", "apparent_power", "VA",
	0, D, NULL},
    {"output_*_load", "Load *", "output.*.power.percent", NULL, "%", 0, D, "mdi:gauge"},
    {"output_factor", "Output power factor", "output.powerfactor", NULL, "PF", 2, D | H,
	"mdi:angle-acute"},

    {"load", "Load", "ups.load", NULL, "%", 0, 0, "mdi:gauge"},
    {"load_watts", "Power", "ups.realpower", "power", "W", 0, 0, NULL},
    {"load_va", "Apparent power", "ups.power", "apparent_power", "VA", 0, D, NULL},
    {"load_high", "Overload threshold", "ups.load.high", NULL, "%", 0, D | H | S | F,
	"mdi:gauge-full"},
    {"nominal_watts", "Nominal power", "ups.realpower.nominal", NULL, "Watt", 0,
	D | H | S | F, "mdi:lightning-bolt-outline"},
    {"nominal_va", "Nominal apparent power", "ups.power.nominal", "apparent_power", "VA",
	0, D | H | S | F, NULL},
    {"efficiency", "Efficiency", "ups.efficiency", NULL, "%", 0, D, "mdi:leaf"},
    {"temperature", "Temperature", "ups.temperature", "temperature", "°C", 1, D, NULL},
    {"nut_words", "Words of ups.status", "ups.status", NULL, NULL, ANY, D | H,
	"mdi:state-machine"},
    {"warning", "Alarm", "ups.alarm", NULL, NULL, ANY, D, "mdi:alert"},
    {"mode", "Mode", "ups.mode", NULL, NULL, ANY, D | H, "mdi:state-machine"},
    {"beeper", "Beeper", "ups.beeper.status", NULL, NULL, ANY, D | H, "mdi:bell"},
    {"test_result", "Result of the last test", "ups.test.result", NULL, NULL, ANY, D | S,
	"mdi:clipboard-check-outline"},
    {"test_date", "Last test", "ups.test.date", "date", NULL, ANY, D | H | S, NULL},
    {"test_interval", "Tests itself every", "ups.test.interval", "duration", "s", 0,
	D | H | S | F, NULL},
    {"delay_shutdown", "Delay before the output is cut", "ups.delay.shutdown", "duration",
	"s", 0, D | H | S | F, NULL},
    {"delay_start", "Delay before the output is back", "ups.delay.start", "duration", "s",
	0, D | H | S | F, NULL},
    {"delay_reboot", "Length of a reboot", "ups.delay.reboot", "duration", "s", 0,
	D | H | S | F, NULL},
    {"timer_shutdown", "Until the output is cut", "ups.timer.shutdown", "duration", "s",
	0, D | H, NULL},
    {"timer_start", "Until the output is back", "ups.timer.start", "duration", "s", 0,
	D | H, NULL},
    {"timer_reboot", "Until the reboot", "ups.timer.reboot", "duration", "s", 0, D | H,
	NULL},
    {"ups_made", "Made", "ups.mfr.date", "date", NULL, ANY, D | H | S, NULL},
    {"ups_type", "Type", "ups.type", NULL, NULL, ANY, D | H | S,
	"mdi:power-plug-battery"},
    {"uptime", "Uptime", "device.uptime", "duration", "s", 0, D | H, NULL},

    {"outlet_*_voltage", "Outlet * voltage", "outlet.*.voltage", "voltage", "V", 1, D | H,
	NULL},
    {"outlet_*_current", "Outlet * current", "outlet.*.current", "current", "A", 2, D,
	NULL},
    {"outlet_*_watts", "Outlet * power", "outlet.*.realpower", "power", "W", 0, 0, NULL},
    {"outlet_*_va", "Outlet * apparent power", "outlet.*.power", "apparent_power", "VA",
	0, D, NULL},
    {"outlet_*_load", "Outlet * load", "outlet.*.load", NULL, "%", 0, D, "mdi:gauge"},
    {"outlet_*_factor", "Outlet * power factor", "outlet.*.powerfactor", NULL, "PF", 2,
	D | H, "mdi:angle-acute"},
    {"outlet_*_delay_shutdown", "Outlet * delay before it is cut",
	"outlet.*.delay.shutdown", "duration", "s", 0, D | H | S | F, NULL},
    {"outlet_*_delay_start", "Outlet * delay before it is back", "outlet.*.delay.start",
	"duration", "s", 0, D | H | S | F, NULL},
    {"outlet_*_timer_shutdown", "Outlet * until it is cut", "outlet.*.timer.shutdown",
	"duration", "s", 0, D | H, NULL},
    {"outlet_*_timer_start", "Outlet * until it is back", "outlet.*.timer.start",
	"duration", "s", 0, D | H, NULL},

    {"ambient_temperature", "Ambient temperature", "ambient.temperature", "temperature",
	"°C", 1, 0, NULL},
    {"ambient_*_temperature", "Ambient temperature *", "ambient.*.temperature",
	"temperature", "°C", 1, 0, NULL},
    {"ambient_humidity", "Ambient humidity", "ambient.humidity", "humidity", "%", 0, 0,
	NULL},
    {"ambient_*_humidity", "Ambient humidity *", "ambient.*.humidity", "humidity", "%", 0,
	0, NULL},
    {NULL, NULL, NULL, NULL, NULL, ANY, 0, NULL},
};

/* Ids without "battery" and "_status": Domoticz would hide what turns on or off with them. */
const struct entity_own entity_owns[] = {
    {ENTITY_SENSOR, "condition", "Condition", "condition", "enum", NULL, ANY, 0, false,
	"mdi:power-plug-battery-outline"},
    {ENTITY_BINARY, "mains", "Mains", "mains", "power", NULL, ANY, 0, false, NULL},
    {ENTITY_BINARY, "on_batt", "On battery", "on_battery", NULL, NULL, ANY, 0, false,
	"mdi:battery-arrow-down"},
    {ENTITY_BINARY, "low_batt", "Battery low", "low_battery", "battery", NULL, ANY, 0,
	false, NULL},
    {ENTITY_BINARY, "replace_batt", "Replace battery", "replace_battery", "problem", NULL,
	ANY, D, false, NULL},
    {ENTITY_BINARY, "overload", "Overload", "overload", "problem", NULL, ANY, D, false,
	NULL},
    {ENTITY_BINARY, "warned", "Alarm raised", "alarm", "problem", NULL, ANY, D, false,
	NULL},
    {ENTITY_BINARY, "charging", "Charging", "charging", "battery_charging", NULL, ANY, D,
	false, NULL},
    {ENTITY_BINARY, "discharging", "Discharging", "discharging", NULL, NULL, ANY, D | H,
	false, "mdi:battery-arrow-down"},
    {ENTITY_BINARY, "bypass", "Bypass", "bypass", NULL, NULL, ANY, D | H, false,
	"mdi:debug-step-over"},
    {ENTITY_BINARY, "boost", "Boosting the voltage", "boost", "running", NULL, ANY, D | H,
	false, NULL},
    {ENTITY_BINARY, "trim", "Trimming the voltage", "trim", "running", NULL, ANY, D | H,
	false, NULL},
    {ENTITY_BINARY, "testing", "Battery test", "testing", "running", NULL, ANY, D | H,
	false, NULL},
    {ENTITY_BINARY, "calibrating", "Calibration", "calibrating", "running", NULL, ANY,
	D | H, false, NULL},
    {ENTITY_BINARY, "output_off", "Output off", "off", "problem", NULL, ANY, D | H, false,
	NULL},
    {ENTITY_BINARY, "shutdown", "Forced shutdown", "forced_shutdown", "problem", NULL,
	ANY, D, false, NULL},
    {ENTITY_BINARY, "link", "Connection to the UPS", "link", "connectivity", NULL, ANY,
	D | S, false, NULL},
    {ENTITY_SENSOR, "load_energy", "Energy", "energy", "energy", "kWh", 2,
	S | ENTITY_TOTAL, true, NULL},
    {ENTITY_SENSOR, "outage_began", "Last outage", "outage/began", "timestamp", NULL, ANY,
	D | S, true, NULL},
    {ENTITY_SENSOR, "outage_seconds", "Length of the last outage", "outage/seconds",
	"duration", "s", 0, D | S | F, true, NULL},
    {ENTITY_EVENT, "event", "Event", "event", NULL, NULL, ANY, S, false,
	"mdi:message-flash-outline"},
    {ENTITY_SENSOR, NULL, NULL, NULL, NULL, NULL, ANY, 0, false, NULL},
};

const struct entity_own entity_house[] = {
    {ENTITY_BINARY, "connection", "Connection", "status", "connectivity", NULL, ANY,
	D | S, false, NULL},
    {ENTITY_EVENT, "event", "Event", "_house/event", NULL, NULL, ANY, S, false,
	"mdi:message-flash-outline"},
    {ENTITY_SENSOR, NULL, NULL, NULL, NULL, NULL, ANY, 0, false, NULL},
};

const struct entity_pair entity_pairs[] = {
    {"beeper_switch", "Beeper", NULL, "beeper", "beeper.enable", "beeper.disable",
	"ups.beeper.status", "enabled", "disabled", "mdi:bell"},
    {"outlet_*_switch", "Outlet *", "outlet_*", "outlet.*.load", "outlet.*.load.on",
	"outlet.*.load.off", "outlet.*.status", "on", "off", "mdi:power-socket"},
    {"load_switch", "Output", "outlet", "load", "load.on", "load.off", "outlet.status",
	"on", "off", "mdi:power-socket"},
    {NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
};

int
entity_named(const char *word)
{
	for (int i = 0; i < ENTITY_COMPONENTS; i++)
		if (strcmp(entity_words[i], word) == 0)
			return i;
	return -1;
}

/* How many letters at `at` are a phase or a number: L1, L3-N, L2-L3, N, 12. */
static size_t
part_length(const char *at)
{
	size_t len = strspn(at, "0123456789");

	if (len == 0 && strchr("LN", at[0]) != NULL)
		len = strspn(at, "LN-0123456789");
	return len < ENTITY_PART_MAX ? len : 0;
}

bool
entity_match(const char *pattern, const char *name, char part[ENTITY_PART_MAX])
{
	const char *star = strchr(pattern, '*');
	size_t before = star == NULL ? 0 : (size_t)(star - pattern), len;

	part[0] = '\0';
	if (star == NULL)
		return strcmp(pattern, name) == 0;
	if (strncmp(pattern, name, before) != 0)
		return false;
	len = part_length(name + before);
	if (len == 0 || strcmp(star + 1, name + before + len) != 0)
		return false;
	memcpy(part, name + before, len);
	part[len] = '\0';
	return true;
}

const struct entity_variable *
entity_find(const char *variable, char part[ENTITY_PART_MAX])
{
	for (const struct entity_variable *e = entity_variables; e->id != NULL; e++)
		if (entity_match(e->variable, variable, part))
			return e;
	return NULL;
}

char *
entity_fill(char *out, size_t size, const char *text, const char *part, bool id)
{
	const char *star = strchr(text, '*');
	int before = star == NULL ? (int)strlen(text) : (int)(star - text);

	snprintf(out, size, "%.*s%s%s", before, text, star == NULL ? "" : part,
	    star == NULL ? "" : star + 1);
	for (char *c = out; id && *c != '\0'; c++)
		*c = isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '_';
	return out;
}
