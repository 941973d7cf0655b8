/* SPDX-License-Identifier: ISC */
#ifndef HID_HIDUPS_OPTIONS_H
#define HID_HIDUPS_OPTIONS_H

#include <stdbool.h>

/*
 * What ups.conf says of how a device is to be understood, in NUT's words (usbhid-ups(8)).
 * All zero is what NUT does without any of them, but for the numbers below.
 */
struct hidups_options {
	/* Percent of charge at which it is low, too; 0: as the device says. */
	long lowbatt;

	/* On mains and discharging at once: on battery; calibration; else as it is, and a
	 * remark every `throttle_sec` (0: each time, negative: once, HIDUPS_UNSAID: when the charge
	 * changes, else 30), none for a charge of `hovercharge` percent and more. */
	bool onlinedischarge_battery, onlinedischarge_calibration;
	long onlinedischarge_log_throttle_sec, onlinedischarge_log_throttle_hovercharge;

	/* LB and RB on mains count when they last so many seconds (HIDUPS_UNSAID: 3 for models
	 * that are known to say them for a moment, else 0): of a device that calibrates, or of
	 * any. */
	long lbrb_log_delay_sec;
	bool lbrb_log_delay_without_calibrating;

	bool interruptonly; /* it is never asked: input reports alone count */
	bool powercom_sdcmd_byte_order_fallback, powercom_sdcmd_discrete_delay;
};

#define HIDUPS_UNSAID (-1000000) /* no number that the file may have */
#define HIDUPS_OPTIONS_NONE                                        \
	{                                                          \
		.onlinedischarge_log_throttle_sec = HIDUPS_UNSAID, \
		.onlinedischarge_log_throttle_hovercharge = 100,   \
		.lbrb_log_delay_sec = HIDUPS_UNSAID                \
	}

#endif
