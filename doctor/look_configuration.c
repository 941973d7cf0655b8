/* SPDX-License-Identifier: ISC */
#include "doctor/look.h"

void
look_configuration(struct doctor *d, struct doctor_report *r)
{
	const struct facts_configuration f = {d->conf, &d->found, d->root};

	judge_configuration(&f, r);
}
