/* SPDX-License-Identifier: ISC */
#include "core/policy_in.h"

void
policy_cut_step(struct policy *p)
{
}
