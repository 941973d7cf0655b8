/* SPDX-License-Identifier: ISC */
#include <stddef.h>
#include <string.h>

#include "lib/state.h"
#include "mqtt/condition.h"

const struct condition_row condition_rows[] = {
    {"mains", "OL", "OB"},
    {"on_battery", "OB", NULL},
    {"low_battery", "LB", NULL},
    {"replace_battery", "RB", NULL},
    {"overload", "OVER", NULL},
    {"charging", "CHRG", NULL},
    {"discharging", "DISCHRG", NULL},
    {"bypass", "BYPASS", NULL},
    {"boost", "BOOST", NULL},
    {"trim", "TRIM", NULL},
    {"off", "OFF", NULL},
    {"testing", "TEST", NULL},
    {"calibrating", "CAL", NULL},
    {"alarm", "ALARM", NULL},
    {"forced_shutdown", "FSD", NULL},
    {NULL, NULL, NULL},
};

/* Of which the first whose word is in the status is what matters most; the last one is for
 * a status of which no word is here. */
static const struct {
	const char *word, *says;
} ranks[] = {
    {"FSD", "Shutdown"},
    {"LB", "Low battery"},
    {"CAL", "Calibration"},
    {"TEST", "Battery test"},
    {"OB", "On battery"},
    {"OFF", "Output off"},
    {"OVER", "Overload"},
    {"BYPASS", "Bypass"},
    {"RB", "Replace battery"},
    {"BOOST", "Boosting"},
    {"TRIM", "Trimming"},
    {"CHRG", "Charging"},
    {"OL", "On mains"},
};

#define RANKS (sizeof(ranks) / sizeof(ranks[0]))

const char *const condition_words[] = {"Shutdown", "Low battery", "Calibration",
    "Battery test", "On battery", "Output off", "Overload", "Bypass", "Replace battery",
    "Boosting", "Trimming", "Charging", "On mains", "Unknown", NULL};

/* A status that says nothing of the power. */
static bool
silent(const char *status)
{
	return status == NULL || status[0] == '\0' || state_status_has(status, "WAIT");
}

int
condition_is(const struct condition_row *row, const char *status)
{
	bool is;

	if (silent(status))
		return -1;
	is = state_status_has(status, row->word);
	if (row->unlike == NULL || is)
		return is;
	/* Neither OL nor OB: a bypass, or an output that is off; who knows of the mains? */
	return state_status_has(status, row->unlike) ? 0 : -1;
}

const char *
condition_word(const char *status)
{
	if (!silent(status))
		for (size_t i = 0; i < RANKS; i++)
			if (state_status_has(status, ranks[i].word))
				return ranks[i].says;
	return condition_words[RANKS];
}

const char *
condition_status(const struct feed_ups *u, char out[CONDITION_STATUS_MAX])
{
	return feed_status(u, feed_view_of(u, NULL), out, CONDITION_STATUS_MAX);
}
