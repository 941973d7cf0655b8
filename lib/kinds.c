/* SPDX-License-Identifier: ISC */
#include "lib/kinds.h"

#include <string.h>

static const struct {
	const char *word;
	bool weighs;
} rows[KINDS] = {
    [KIND_ONBATT] = {"onbatt", true},
    [KIND_ONLINE] = {"online", true},
    [KIND_LOWBATT] = {"lowbatt", true},
    [KIND_FSD] = {"fsd", true},
    [KIND_NOTFSD] = {"notfsd", false},
    [KIND_LOST] = {"lost", false},
    [KIND_STALE] = {"stale", false},
    [KIND_BACK] = {"back", false},
    [KIND_OVERLOAD] = {"overload", true},
    [KIND_NOTOVERLOAD] = {"notoverload", false},
    [KIND_REPLACE] = {"replace", true},
    [KIND_BYPASS] = {"bypass", false},
    [KIND_NOTBYPASS] = {"notbypass", false},
    [KIND_BOOST] = {"boost", false},
    [KIND_TRIM] = {"trim", false},
    [KIND_STRAIGHT] = {"straight", false},
    [KIND_SAG] = {"sag", true},
    [KIND_SWELL] = {"swell", true},
    [KIND_ALARM] = {"alarm", true},
    [KIND_NOALARM] = {"noalarm", false},
    [KIND_TEST] = {"test", false},
    [KIND_TESTED] = {"tested", false},
    [KIND_UNTESTED] = {"untested", false},
    [KIND_CALIBRATION] = {"calibration", false},
    [KIND_OFF] = {"off", true},
    [KIND_NOTOFF] = {"notoff", false},
    [KIND_LOGIN] = {"login", false},
    [KIND_LOGOUT] = {"logout", false},
    [KIND_MACHINE] = {"machine", false},
    [KIND_DEED] = {"deed", false},
    [KIND_LEARNED] = {"learned", false},
    [KIND_CLOCK] = {"clock", false},
    [KIND_START] = {"start", false},
    [KIND_STOP] = {"stop", false},
};

const char *
kind_word(enum kind kind)
{
	return rows[kind].word;
}

int
kind_named(const char *word)
{
	for (int i = 0; i < KINDS; i++)
		if (strcmp(rows[i].word, word) == 0)
			return i;
	return -1;
}

bool
kind_weighs(enum kind kind)
{
	return rows[kind].weighs;
}
