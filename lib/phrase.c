/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/phrase.h"
#include "lib/state.h"

/* In the order in which they are said; the status words of RFC 9271. */
static const struct {
	const char *word, *phrase;
	enum phrase_tone tone;
	const char *silent_with; /* said by this other word already */
} phrases[] = {
    {"FSD", "SHUTDOWN ORDERED", PHRASE_BAD, NULL},
    {"OB", "ON BATTERY", PHRASE_BAD, NULL},
    {"OL", "on mains", PHRASE_GOOD, NULL},
    {"OFF", "output OFF", PHRASE_BAD, NULL},
    {"BYPASS", "on bypass, not protected", PHRASE_WARN, NULL},
    {"LB", "battery LOW", PHRASE_BAD, NULL},
    {"HB", "battery overcharged", PHRASE_WARN, NULL},
    {"CHRG", "battery charging", PHRASE_PLAIN, NULL},
    {"DISCHRG", "battery discharging", PHRASE_PLAIN, "OB"},
    {"OVER", "OVERLOADED", PHRASE_BAD, NULL},
    {"RB", "replace the battery", PHRASE_WARN, NULL},
    {"TRIM", "lowering the voltage", PHRASE_PLAIN, NULL},
    {"BOOST", "raising the voltage", PHRASE_PLAIN, NULL},
    {"CAL", "calibrating", PHRASE_PLAIN, NULL},
    {"TEST", "self-test", PHRASE_PLAIN, NULL},
    {"ECO", "economy mode", PHRASE_PLAIN, NULL},
    {"ALARM", "alarm", PHRASE_WARN, NULL},
};

#define PHRASES (sizeof(phrases) / sizeof(phrases[0]))

static void
append(char *out, size_t size, const char *text, size_t len)
{
	size_t used = strlen(out);

	snprintf(out + used, size - used, "%s%.*s", used > 0 ? ", " : "", (int)len, text);
}

/* Words of the status that the table does not have, as they are. */
static void
append_unknown(char *out, size_t size, const char *status)
{
	size_t len, i;

	for (; *status != '\0'; status += len) {
		status += strspn(status, " ");
		len = strcspn(status, " ");
		for (i = 0; i < PHRASES; i++)
			if (strlen(phrases[i].word) == len &&
			    strncmp(phrases[i].word, status, len) == 0)
				break;
		if (i == PHRASES && len > 0)
			append(out, size, status, len);
	}
}

char *
phrase_status(char *out, size_t size, const char *status)
{
	const char *silent;

	out[0] = '\0';
	for (size_t i = 0; i < PHRASES; i++) {
		if (!state_status_has(status, phrases[i].word))
			continue;
		silent = phrases[i].silent_with;
		if (silent == NULL || !state_status_has(status, silent))
			append(out, size, phrases[i].phrase, strlen(phrases[i].phrase));
	}
	append_unknown(out, size, status);
	if (out[0] == '\0')
		snprintf(out, size, "state unknown");
	out[0] = (char)toupper((unsigned char)out[0]);
	return out;
}

enum phrase_tone
phrase_status_tone(const char *status)
{
	enum phrase_tone tone = PHRASE_PLAIN;

	for (size_t i = 0; i < PHRASES; i++)
		if (state_status_has(status, phrases[i].word) && phrases[i].tone > tone)
			tone = phrases[i].tone;
	return tone;
}

char *
phrase_duration(char *out, size_t size, long seconds)
{
	if (seconds < 0)
		snprintf(out, size, "unknown");
	else if (seconds >= 86400)
		snprintf(
		    out, size, "%ld d %ld h", seconds / 86400, seconds % 86400 / 3600);
	else if (seconds >= 3600)
		snprintf(
		    out, size, "%ld h %02ld min", seconds / 3600, seconds % 3600 / 60);
	else if (seconds >= 60)
		snprintf(out, size, "%ld min %02ld s", seconds / 60, seconds % 60);
	else
		snprintf(out, size, "%ld s", seconds);
	return out;
}
