/* SPDX-License-Identifier: ISC */
#ifndef DRILL_DRILL_JSON_H
#define DRILL_DRILL_JSON_H

#include <jansson.h>

#include "drill/drill_known.h"

/* A machine that was told for real. */
struct drill_real {
	int plan;       /* its row */
	double took;    /* s until it was off; NAN: it was not */
	char stand[16]; /* at last */
};

/* The report of a drill, as `holdup drill --json` and web give it. */
json_t *drill_json(const struct drill_known *k, const struct drill_story *story,
    const struct drill_faults *faults, const struct drill_real *real, size_t nreal);

#endif
