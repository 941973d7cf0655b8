/* SPDX-License-Identifier: ISC */
#include <assert.h>
#include <string.h>
#include <strings.h>

#include "lib/conf_holdup.h"
#include "lib/conf_value.h"

#define BIT(kind) CONF_EVENTS_BIT(KIND_##kind)
#define POWER                                                                           \
	(BIT(ONBATT) | BIT(ONLINE) | BIT(LOWBATT) | BIT(FSD) | BIT(NOTFSD) | BIT(OFF) | \
	    BIT(NOTOFF))
#define TROUBLE                                                                       \
	(BIT(LOST) | BIT(STALE) | BIT(BACK) | BIT(OVERLOAD) | BIT(NOTOVERLOAD) |      \
	    BIT(REPLACE) | BIT(BYPASS) | BIT(NOTBYPASS) | BIT(ALARM) | BIT(NOALARM) | \
	    BIT(SAG) | BIT(SWELL) | BIT(UNTESTED))
#define MACHINES BIT(MACHINE)
#define LOGINS (BIT(LOGIN) | BIT(LOGOUT))
#define ALL (CONF_EVENTS_BIT(KINDS) - 1)

static_assert(KINDS < 64, "kinds are bits");

static const struct {
	const char *word;
	uint64_t bits;
} sets[] = {
    {"power", POWER},
    {"trouble", TROUBLE},
    {"machines", MACHINES},
    {"tests", BIT(TEST) | BIT(TESTED) | BIT(CALIBRATION) | BIT(LEARNED)},
    {"deeds", BIT(DEED)},
    {"logins", LOGINS},
    {"running", BIT(START) | BIT(STOP) | BIT(CLOCK)},
    {"voltage", BIT(BOOST) | BIT(TRIM) | BIT(STRAIGHT)},
    {"all", ALL},
};

#define SETS (sizeof(sets) / sizeof(sets[0]))

const uint64_t conf_events_notify = POWER | TROUBLE | MACHINES;
const uint64_t conf_events_mqtt = ALL & ~LOGINS;

/* What a word means; 0: nothing. */
static uint64_t
bits_of(const char *word)
{
	for (size_t i = 0; i < SETS; i++)
		if (strcasecmp(sets[i].word, word) == 0)
			return sets[i].bits;
	for (int i = 0; i < KINDS; i++)
		if (strcasecmp(kind_word((enum kind)i), word) == 0)
			return CONF_EVENTS_BIT(i);
	return 0;
}

static void
unknown(const struct conf_line *line, const char *word)
{
	const char *known[SETS + KINDS + 1] = {NULL}, *near;

	for (size_t i = 0; i < SETS; i++)
		known[i] = sets[i].word;
	for (size_t i = 0; i < KINDS; i++)
		known[SETS + i] = kind_word((enum kind)i);
	if ((near = conf_nearest(word, known)) != NULL)
		conf_fault(line,
		    "no kind of event is called \"%.40s\", did you mean \"%s\"? It is "
		    "left out",
		    word, near);
	else
		conf_fault(line,
		    "no kind of event is called \"%.40s\": write sets of them (power "
		    "trouble machines tests deeds logins running voltage all), or single "
		    "ones of holdup.conf(5). It is left out",
		    word);
}

static void
take_word(void *arg, const struct conf_line *line, const char *word)
{
	uint64_t *events = arg, bits;
	const bool minus = *word == '-';

	if ((bits = bits_of(word + (minus ? 1 : 0))) == 0)
		unknown(line, word + (minus ? 1 : 0));
	else if (minus)
		*events &= ~bits;
	else
		*events |= bits;
}

void
conf_events_take(uint64_t *events, const struct conf_line *line, int at)
{
	/* What begins with a minus is taken from those that were there. */
	uint64_t bits = *line->words->argv[at] == '-' ? *events : 0;

	conf_list_each(line, at, take_word, &bits);
	if (bits == 0)
		conf_fault(line, "events leaves no kind of event: the line is ignored");
	else
		*events = bits;
}
