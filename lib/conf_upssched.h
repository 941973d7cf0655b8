/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_UPSSCHED_H
#define LIB_CONF_UPSSCHED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf.h"

/* upssched.conf (NUT: upssched.conf(5)). */

enum conf_at_verb {
	AT_START_TIMER,
	AT_START_TIMER_SHARED,
	AT_CANCEL_TIMER,
	AT_CANCEL_TIMER_MATCHED,
	AT_EXECUTE,
};

struct conf_at {
	int line;
	char *type; /* "ONBATT", in any case */
	char *ups;  /* "qnapups@localhost" as in upsmon.conf; "*": each */
	enum conf_at_verb verb;
	char *name;  /* of the timer; EXECUTE: what CMDSCRIPT is told */
	int seconds; /* of a timer that starts */
	char
	    *instead; /* what CMDSCRIPT is told where no such timer runs; NULL: nothing */
};

struct upssched_conf {
	struct conf_at *ats; /* in the order of the file */
	size_t nats;
	char *cmdscript;       /* for sh(1); NULL: none, and nothing can be done */
	char *pipefn, *lockfn; /* NULL: not given, and there are no timers */
	int debug_min;
};

/* Reads text; never fails as a whole: a line with a fault is left out, and so is said. */
void upssched_conf_read(struct upssched_conf *c, const char *file, const char *text,
    size_t len, struct problems *p);
void upssched_conf_free(struct upssched_conf *c);

/* True when the line is meant by what upsmon tells of this UPS. */
bool conf_at_matches(const struct conf_at *at, const char *type, const char *ups);

#endif
