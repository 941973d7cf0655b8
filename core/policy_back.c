/* SPDX-License-Identifier: ISC */
#include "core/policy_in.h"

void
policy_back_lease(struct policy *p, size_t row)
{
}

void
policy_back_event(struct policy *p, const struct policy_event *event)
{
}

void
policy_back_step(struct policy *p)
{
}
