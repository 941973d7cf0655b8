/* SPDX-License-Identifier: ISC */
#ifndef SIM_QUANTITY_H
#define SIM_QUANTITY_H

#include <stdbool.h>

#include "hid/desc.h"
#include "sim/ups.h"

/*
 * What of the model a HID field shows or sets. Pure.
 */
enum quantity {
	Q_NONE,
	/* gauges */
	Q_CHARGE,      /* percent */
	Q_RUNTIME,     /* s */
	Q_LOAD,        /* percent */
	Q_TEMPERATURE, /* deg C */
	Q_BATTERY_VOLTS,
	Q_INPUT_VOLTS,
	Q_OUTPUT_VOLTS,
	/* settings that are gauges too */
	Q_CHARGE_LOW,
	Q_RUNTIME_LOW,
	Q_TRANSFER_LOW,
	Q_TRANSFER_HIGH,
	/* timers: s, UPS_IDLE */
	Q_SHUTDOWN,
	Q_STARTUP,
	Q_REBOOT,
	Q_APC_REBOOT, /* as Q_REBOOT, but 0 is idle */
	/* codes */
	Q_TEST,
	Q_BEEPER,
	Q_APC_STATUS, /* 8 on mains, 16 on battery, 0 off */
	/* flags: 0 or 1 */
	Q_AC_PRESENT,
	Q_CHARGING,
	Q_DISCHARGING,
	Q_LOW_CHARGE,
	Q_LOW_RUNTIME,
	Q_FULLY_CHARGED,
	Q_FULLY_DISCHARGED,
	Q_IMMINENT,
	Q_OVERLOAD,
	Q_REPLACE,
};

/* By the field's own usage, and the collections around it where it needs them. */
enum quantity quantity_of(const struct hid_field *f);

bool quantity_is_flag(enum quantity q);
bool quantity_is_code(enum quantity q);
bool quantity_is_timer(enum quantity q);
bool quantity_is_settable(enum quantity q);

double quantity_get(const struct ups *u, enum quantity q);

/* Does what writing the value means; nothing for one that cannot be set. */
void quantity_put(struct ups *u, enum quantity q, double value);

#endif
