/* SPDX-License-Identifier: ISC */
#ifndef TESTS_SCENARIO_MUST_H
#define TESTS_SCENARIO_MUST_H

#include "tests/scenario/house.h"

/*
 * What the files of the checks share:
 *   watch.c      who is to go down by what core was told: rules that cannot be argued about
 *   must.c       nobody goes down without need; no action key is executed twice
 *   must_down.c  the way down of a machine with our core
 *   must_cut.c   nobody is running when his output goes off
 *   must_back.c  everyone comes back in time
 */

#define MUST_LAG_MS 20000 /* from what is so to what is known: drivers, evidence */
#define MUST_REACH_MS \
	20000 /* until a client has read its view, and its own FINALDELAY is over */

/* What the primary's core is configured with / how long a machine takes to stop as its
 * section says, or by default. */
const struct policy_conf *must_conf(const struct house *h);
uint64_t must_declared(const struct machine *m);

/* must.c: no forced shutdown lasts longer than its lease; in every turn. */
void must_end(struct house *h);

#endif
