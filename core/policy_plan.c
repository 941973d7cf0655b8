/* SPDX-License-Identifier: ISC */
#include "core/policy_in.h"

void
policy_plan_event(struct policy *p, const struct policy_event *event)
{
}

void
policy_plan_step(struct policy *p)
{
}
