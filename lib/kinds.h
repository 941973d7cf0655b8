/* SPDX-License-Identifier: ISC */
#ifndef LIB_KINDS_H
#define LIB_KINDS_H

#include <stdbool.h>

/* The kinds of events (docs/history.md, 2). A file keeps their words, never their numbers. */
enum kind {
	KIND_ONBATT,
	KIND_ONLINE,
	KIND_LOWBATT,
	KIND_FSD,
	KIND_NOTFSD,
	KIND_LOST,
	KIND_STALE,
	KIND_BACK,
	KIND_OVERLOAD,
	KIND_NOTOVERLOAD,
	KIND_REPLACE,
	KIND_BYPASS,
	KIND_NOTBYPASS,
	KIND_BOOST,
	KIND_TRIM,
	KIND_STRAIGHT, /* neither any more */
	KIND_SAG,
	KIND_SWELL,
	KIND_ALARM,
	KIND_NOALARM,
	KIND_TEST,
	KIND_TESTED,
	KIND_UNTESTED, /* a test of the calendar is due for a week, and why it does not begin */
	KIND_CALIBRATION,
	KIND_OFF,
	KIND_NOTOFF,
	KIND_LOGIN,
	KIND_LOGOUT,
	KIND_MACHINE,
	KIND_DEED,
	KIND_LEARNED,
	KIND_CLOCK,
	KIND_START,
	KIND_STOP,
	KINDS
};

/* The word of a kind / the kind of a word, or -1. */
const char *kind_word(enum kind kind);
int kind_named(const char *word);

/* True for one of weight: full-rate values around it are kept for ever. */
bool kind_weighs(enum kind kind);

#endif
