/* SPDX-License-Identifier: ISC */
/*
 * EcoFlow (3746:ffff), power stations with a small UPS inside (River 3+, Delta 3+). It
 * has the usual usages only. At the limit of discharge that the application sets it
 * says no battery and replace. Its commands do nothing, and it takes no setting but
 * that limit. Source: NUT (ecoflow-hid).
 */
#include "hid/hidups.h"
#include "hid/map.h"

static const struct map_fix fixes[] = {
    {"UPS.PowerSummary.RunTimeToEmpty", 60, "it counts minutes (NUT, ecoflow-hid)",
	.product = 0},
    {0},
};

#define SUMMARY "UPS.PowerSummary."
#define EXPERIMENTAL "experimental.ups.powersummary." /* NUT's names */

/* Capacities are in percent, whatever NUT's name says; the rating is in watts. */
static const struct map_row rows[] = {
    {"battery.capacity", "UPS.PowerSummary.FullChargeCapacity", .decimals = 0},
    {"battery.capacity.nominal", "UPS.PowerSummary.DesignCapacity", .decimals = 0},
    {"ups.power.nominal", "UPS.Flow.[4].ConfigActivePower", .flags = MAP_ONLY},
    {"ups.realpower.nominal", "UPS.Flow.[4].ConfigActivePower", .decimals = 0},
    {"battery.runtime.low", "UPS.PowerSummary.RemainingTimeLimit", .flags = MAP_ONLY},
    {EXPERIMENTAL "ioeminformation", SUMMARY "iOEMInformation", .flags = MAP_STRING},
    {EXPERIMENTAL "rechargeable", SUMMARY "Rechargeable", .decimals = 0},
    {EXPERIMENTAL "presentstatus.shutdownrequested",
	SUMMARY "PresentStatus.ShutdownRequested", .flags = MAP_MOVES},
    {EXPERIMENTAL "presentstatus.voltagenotregulated",
	SUMMARY "PresentStatus.VoltageNotRegulated", .flags = MAP_MOVES},
    {0},
};

const struct map map_ecoflow = {
    .name = "EcoFlow HID",
    .vendor = "EcoFlow",
    .rows = rows,
    .fixes = fixes,
    .own_cmds = true,
};
