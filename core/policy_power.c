/* SPDX-License-Identifier: ISC */
#include <math.h>

#include "core/policy_in.h"

void
policy_power_event(struct policy *p, const struct policy_event *event)
{
	if (event->kind == POLICY_VALUE && event->value < POLICY_VALUES)
		p->upses[event->row].power.values[event->value] = event->number;
}

void
policy_power_step(struct policy *p)
{
}

void
policy_power_slept(struct policy *p)
{
}

uint64_t
policy_on_battery(const struct policy *p, size_t row)
{
	return p->upses[row].line == LINE_BATTERY ? 1 : 0;
}

double
policy_charge(const struct policy *p, size_t row)
{
	return p->upses[row].power.values[POLICY_CHARGE];
}

double
policy_runtime(const struct policy *p, size_t row)
{
	return p->upses[row].power.values[POLICY_RUNTIME];
}

const char *
policy_low(struct policy *p, size_t row)
{
	return p->upses[row].low_ms != 0 ? "on battery and low" : NULL;
}

const char *
policy_reached(struct policy *p, size_t row, const struct policy_moment *moment)
{
	return NULL;
}
