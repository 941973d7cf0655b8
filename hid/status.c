/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "hid/status.h"

#define FLAG(f) (1u << (f))

/* A word stands when one of `any` is set and none of `none`. */
static const struct word {
	const char *text;
	uint32_t any, none;
} words[] = {
    {"DISCHRG", FLAG(STATUS_DISCHARGING), FLAG(STATUS_EMPTY)},
    {"CHRG", FLAG(STATUS_CHARGING), FLAG(STATUS_FULL)},
    {"LB", FLAG(STATUS_LOW) | FLAG(STATUS_TIME_EXPIRED) | FLAG(STATUS_SHUTDOWN_IMMINENT),
	0},
    {"LB", FLAG(STATUS_EMPTY),
	FLAG(STATUS_ONLINE) | FLAG(STATUS_LOW) | FLAG(STATUS_TIME_EXPIRED) |
	    FLAG(STATUS_SHUTDOWN_IMMINENT)},
    {"OVER", FLAG(STATUS_OVERLOAD), 0},
    {"RB", FLAG(STATUS_REPLACE) | FLAG(STATUS_NO_BATTERY), 0},
    {"TRIM", FLAG(STATUS_TRIM), 0},
    {"BOOST", FLAG(STATUS_BOOST), 0},
    {"BYPASS", FLAG(STATUS_BYPASS), 0},
    {"OFF", FLAG(STATUS_OFF), 0},
    {"CAL", FLAG(STATUS_CALIBRATION), 0},
};

static const struct alarm {
	enum status_flag flag;
	const char *text;
} alarms[] = {
    {STATUS_REPLACE, "Replace battery!"},
    {STATUS_SHUTDOWN_IMMINENT, "Shutdown imminent!"},
    {STATUS_FAN_FAILURE, "Fan failure!"},
    {STATUS_NO_BATTERY, "No battery installed!"},
    {STATUS_BATTERY_VOLTAGE_LOW, "Battery voltage too low!"},
    {STATUS_BATTERY_VOLTAGE_HIGH, "Battery voltage too high!"},
    {STATUS_CHARGER_FAILURE, "Battery charger fail!"},
    {STATUS_TOO_HOT, "Temperature too high!"},
    {STATUS_INTERNAL_FAILURE, "Internal UPS fault!"},
    {STATUS_COMMUNICATION_LOST, "UPS lost contact with its battery!"},
    {STATUS_AWAITING_POWER, "Awaiting power!"},
    {STATUS_EMERGENCY_STOP, "Emergency stop!"},
    {STATUS_WIRING_FAULT, "Wiring fault!"},
    {STATUS_CONFIGURATION_FAILURE, "Configuration lost!"},
    {STATUS_INVERTER_FAILURE, "Inverter voltage out of range!"},
    {STATUS_SHORT_CIRCUIT, "Output short circuit!"},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Appends a word, parted by a blank. */
static void
append(char *out, size_t size, const char *text)
{
	size_t used = strlen(out);

	snprintf(out + used, size - used, "%s%s", used == 0 ? "" : " ", text);
}

enum mains { MAINS_UNKNOWN, MAINS_PRESENT, MAINS_ABSENT };

static enum mains
mains(const struct status *st)
{
	if (status_known(st, STATUS_ONLINE))
		return status_is(st, STATUS_ONLINE) ? MAINS_PRESENT : MAINS_ABSENT;
	if (status_known(st, STATUS_ON_BATTERY_HINT))
		return status_is(st, STATUS_ON_BATTERY_HINT) ? MAINS_ABSENT
							     : MAINS_PRESENT;
	if (status_known(st, STATUS_DISCHARGING))
		return status_is(st, STATUS_DISCHARGING) ? MAINS_ABSENT : MAINS_PRESENT;
	return MAINS_UNKNOWN;
}

bool
status_on_battery(const struct status *st)
{
	return mains(st) == MAINS_ABSENT;
}

char *
status_alarms(const struct status *st, char *out, size_t size)
{
	size_t i;

	out[0] = '\0';
	for (i = 0; i < COUNT(alarms); i++)
		if (status_is(st, alarms[i].flag))
			append(out, size, alarms[i].text);
	return out;
}

char *
status_words(const struct status *st, char *out, size_t size)
{
	uint32_t set = st->set & st->known;
	size_t i;

	out[0] = '\0';
	for (i = 0; i < COUNT(alarms) && out[0] == '\0'; i++)
		if (status_is(st, alarms[i].flag))
			append(out, size, "ALARM");
	switch (mains(st)) {
	case MAINS_UNKNOWN:
		append(out, size, "WAIT");
		return out;
	case MAINS_PRESENT:
		append(out, size, "OL");
		set |= FLAG(STATUS_ONLINE);
		break;
	case MAINS_ABSENT:
		append(out, size, "OB");
		break;
	}
	for (i = 0; i < COUNT(words); i++)
		if ((set & words[i].any) != 0 && (set & words[i].none) == 0)
			append(out, size, words[i].text);
	return out;
}
