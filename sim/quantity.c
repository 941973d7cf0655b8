/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "sim/quantity.h"

/* Collections of the Power Device page. */
#define BATTERY 0x00840012
#define INPUT 0x0084001a
#define OUTPUT 0x0084001c
#define OUTLET 0x00840020
#define POWER_SUMMARY 0x00840024

/* The first row that fits counts. */
static const struct row {
	uint32_t usage, within; /* a collection around it; 0: any */
	enum quantity quantity;
} rows[] = {
    {0x00840030, INPUT, Q_INPUT_VOLTS},
    {0x00840030, OUTPUT, Q_OUTPUT_VOLTS},
    {0x00840030, BATTERY, Q_BATTERY_VOLTS},
    {0x00840030, POWER_SUMMARY, Q_BATTERY_VOLTS},
    {0x00840035, 0, Q_LOAD},
    {0x00840036, 0, Q_TEMPERATURE},
    {0x00840053, 0, Q_TRANSFER_LOW},
    {0x00840054, 0, Q_TRANSFER_HIGH},
    {0x00840055, 0, Q_REBOOT},
    {0x00840056, 0, Q_STARTUP},
    {0x00840057, 0, Q_SHUTDOWN},
    {0x00840058, 0, Q_TEST},
    {0x0084005a, 0, Q_BEEPER},
    {0x00840065, 0, Q_OVERLOAD},
    {0x00840069, 0, Q_IMMINENT},
    {0x00850029, 0, Q_CHARGE_LOW},
    {0x0085002a, 0, Q_RUNTIME_LOW},
    {0x00850042, 0, Q_LOW_CHARGE},
    {0x00850043, 0, Q_LOW_RUNTIME},
    {0x00850044, 0, Q_CHARGING},
    {0x00850045, 0, Q_DISCHARGING},
    {0x00850046, 0, Q_FULLY_CHARGED},
    {0x00850047, 0, Q_FULLY_DISCHARGED},
    {0x0085004b, 0, Q_REPLACE},
    {0x00850066, 0, Q_CHARGE},
    {0x00850068, 0, Q_RUNTIME},
    {0x008500d0, 0, Q_AC_PRESENT},
    /* APC's own page */
    {0xff860060, 0, Q_APC_STATUS},
    {0xff86007c, 0, Q_APC_REBOOT},
    {0xff86007d, 0, Q_SHUTDOWN},
};

static bool
is_within(const struct hid_field *f, uint32_t collection)
{
	size_t i;

	for (i = 0; i + 1 < f->depth; i++) {
		if (f->usages[i] == collection)
			return true;
	}
	return collection == 0;
}

/* Outlet groups beyond the first switch on their own; this UPS has one relay. */
static bool
is_outlet_group(const struct hid_field *f)
{
	size_t i;

	for (i = 0; i + 2 < f->depth; i++) {
		if (f->usages[i] == OUTLET && f->usages[i + 1] > (HID_NUMBERED | 1) &&
		    f->usages[i + 1] <= (HID_NUMBERED | 0xffff))
			return true;
	}
	return false;
}

enum quantity
quantity_of(const struct hid_field *f)
{
	size_t i;

	if (f->depth == 0 || is_outlet_group(f))
		return Q_NONE;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].usage == f->usages[f->depth - 1] &&
		    is_within(f, rows[i].within))
			return rows[i].quantity;
	}
	return Q_NONE;
}

bool
quantity_is_flag(enum quantity q)
{
	return q >= Q_AC_PRESENT && q <= Q_REPLACE;
}

bool
quantity_is_code(enum quantity q)
{
	return q >= Q_TEST && q <= Q_APC_STATUS;
}

bool
quantity_is_timer(enum quantity q)
{
	return q >= Q_SHUTDOWN && q <= Q_APC_REBOOT;
}

bool
quantity_is_settable(enum quantity q)
{
	return q >= Q_CHARGE_LOW && q <= Q_BEEPER;
}

static double
apc_status(const struct ups *u)
{
	if (!u->output)
		return 0;
	return ups_discharging(u) ? 16 : 8;
}

/* A code as a host may write it; what is none becomes 0, which does nothing. */
static int
code(double value)
{
	return value >= 0.0 && value <= 255.0 ? (int)value : 0;
}

/* Gauges, settings and timers. */
static double
measure(const struct ups *u, enum quantity q)
{
	switch (q) {
	case Q_CHARGE:
		return u->battery.charge * 100.0;
	case Q_RUNTIME:
		return ups_runtime(u);
	case Q_LOAD:
		return ups_load(u);
	case Q_TEMPERATURE:
		return u->battery.temperature;
	case Q_BATTERY_VOLTS:
		return battery_volts(&u->battery);
	case Q_INPUT_VOLTS:
		return u->mains;
	case Q_OUTPUT_VOLTS:
		return u->output ? u->mains_nominal : 0.0;
	case Q_CHARGE_LOW:
		return u->charge_low;
	case Q_RUNTIME_LOW:
		return u->runtime_low;
	case Q_TRANSFER_LOW:
		return u->transfer_low;
	case Q_TRANSFER_HIGH:
		return u->transfer_high;
	case Q_SHUTDOWN:
		return ceil(u->shutdown);
	case Q_STARTUP:
		return ceil(u->startup);
	case Q_REBOOT:
	case Q_APC_REBOOT:
		return ceil(u->reboot);
	default:
		return 0.0;
	}
}

double
quantity_get(const struct ups *u, enum quantity q)
{
	switch (q) {
	case Q_TEST:
		return u->test;
	case Q_BEEPER:
		return u->beeper;
	case Q_APC_STATUS:
		return apc_status(u);
	case Q_AC_PRESENT:
		return ups_fed(u);
	case Q_CHARGING:
		return ups_charging(u);
	case Q_DISCHARGING:
		return ups_discharging(u);
	case Q_LOW_CHARGE:
		return ups_low_charge(u) || ups_low_runtime(u);
	case Q_LOW_RUNTIME:
		return ups_low_runtime(u);
	case Q_FULLY_CHARGED:
		return u->battery.charge >= 1.0;
	case Q_FULLY_DISCHARGED:
		return u->battery.charge <= 0.0;
	case Q_IMMINENT:
		return ups_imminent(u);
	case Q_OVERLOAD:
		return ups_overload(u);
	case Q_REPLACE:
		return u->replace;
	default:
		return measure(u, q);
	}
}

void
quantity_put(struct ups *u, enum quantity q, double value)
{
	switch (q) {
	case Q_CHARGE_LOW:
		u->charge_low = value;
		break;
	case Q_RUNTIME_LOW:
		u->runtime_low = value;
		break;
	case Q_TRANSFER_LOW:
		u->transfer_low = value;
		break;
	case Q_TRANSFER_HIGH:
		u->transfer_high = value;
		break;
	case Q_SHUTDOWN:
		ups_shutdown(u, value);
		break;
	case Q_STARTUP:
		ups_startup(u, value);
		break;
	case Q_REBOOT:
		ups_reboot(u, value);
		break;
	case Q_APC_REBOOT:
		ups_reboot(u, value > 0.0 ? value : UPS_IDLE);
		break;
	case Q_TEST:
		ups_test(u, code(value));
		break;
	case Q_BEEPER:
		ups_beeper(u, code(value));
		break;
	default:
		break;
	}
	ups_settle(u);
}
