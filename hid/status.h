/* SPDX-License-Identifier: ISC */
#ifndef HID_STATUS_H
#define HID_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * From the single flags of a UPS to NUT's status words and alarms. Pure.
 */
enum status_flag {
	STATUS_ONLINE,
	STATUS_DISCHARGING,
	STATUS_CHARGING,
	STATUS_FULL,
	STATUS_EMPTY,
	STATUS_LOW,
	STATUS_TIME_EXPIRED,
	STATUS_SHUTDOWN_IMMINENT,
	STATUS_OVERLOAD,
	STATUS_REPLACE,
	STATUS_NO_BATTERY,
	STATUS_TRIM,
	STATUS_BOOST,
	STATUS_BYPASS,
	STATUS_OFF,
	STATUS_CALIBRATION,
	STATUS_TOO_HOT,
	STATUS_INTERNAL_FAILURE,
	STATUS_COMMUNICATION_LOST,
	STATUS_AWAITING_POWER,
	STATUS_VOLTAGE_RANGE,
	STATUS_FREQUENCY_RANGE,
	STATUS_ON_BATTERY_HINT, /* a second opinion, where ONLINE is not known */
	STATUS_FAN_FAILURE,
	STATUS_BATTERY_VOLTAGE_LOW,
	STATUS_BATTERY_VOLTAGE_HIGH,
	STATUS_CHARGER_FAILURE,
	STATUS_EMERGENCY_STOP,
	STATUS_WIRING_FAULT,
	STATUS_CONFIGURATION_FAILURE,
	STATUS_INVERTER_FAILURE,
	STATUS_SHORT_CIRCUIT,
	STATUS_FLAGS /* 32: one more, and struct status needs wider words */
};

/* One bit per flag: `known`, and of the known ones `set`. */
struct status {
	uint32_t known, set;
};

static inline void
status_put(struct status *st, enum status_flag flag, bool value)
{
	st->known |= 1u << flag;
	st->set = (st->set & ~(1u << flag)) | (uint32_t)value << flag;
}

static inline bool
status_known(const struct status *st, enum status_flag flag)
{
	return st->known >> flag & 1;
}

static inline bool
status_is(const struct status *st, enum status_flag flag)
{
	return st->known >> flag & st->set >> flag & 1;
}

/* True on battery: mains reported absent or, where nothing is said of mains, the battery
 * reported discharging. False while nothing is known. */
bool status_on_battery(const struct status *st);

/*
 * ups.status: "WAIT" while neither mains nor battery is known, else exactly one of OL and
 * OB, then DISCHRG CHRG LB OVER RB TRIM BOOST BYPASS OFF CAL as they apply (the words of
 * RFC 9271, section 5.1); ALARM stands first when there is an alarm. Returns `out`.
 */
char *status_words(const struct status *st, char *out, size_t size);

/* ups.alarm: sentences, parted by blanks; "" when all is well. Returns `out`. */
char *status_alarms(const struct status *st, char *out, size_t size);

#endif
