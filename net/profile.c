/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/state.h"
#include "net/clean.h"
#include "net/profile.h"
#include "net/reply.h"

/* The words of ups.status that NUT has names for; the place is the bit. */
static const char *const words[] = {"OL", "OB", "LB", "FSD", "CHRG", "DISCHRG", "CAL",
    "BYPASS", "OFF", "OVER", "TRIM", "BOOST", "ALARM", "HB", "RB", "TEST", "ECO", "WAIT"};

#define WORDS (sizeof(words) / sizeof(words[0]))
#define SACRED 0x0f /* OL, OB, LB, FSD */

#define CORE 0x1fffu /* up to ALARM: what every client ever seen takes */
#define HB (1u << 13)
#define RB (1u << 14)
#define ALL ((1u << WORDS) - 1)

/* Who each is: clients.md, 3.2. */
static const struct profile profiles[CONF_PROFILES] = {
    [CONF_STRANGER] = {CORE, false, true},
    [CONF_FULL] = {ALL | PROFILE_OTHER | PROFILE_RAW, true, true},
    [CONF_HOLDUP] = {ALL | PROFILE_OTHER | PROFILE_RAW, true, true},
    [CONF_UPSMON] = {ALL | PROFILE_OTHER, true, true},
    [CONF_UPSC] = {ALL, true, true},
    [CONF_QNAP] = {CORE, false, true},
    /* An old OpenSSL, which does not get along with ours. */
    [CONF_SYNOLOGY] = {ALL, true, false},
    /* Does not shut down when a word beside OB holds the letters "ol". */
    [CONF_TRUENAS] = {ALL, true, true},
    /* Loses the whole update, hence the power failure, at a word it does not know; and the
     * connection at such an error. */
    [CONF_WINNUT] = {CORE | HB, false, true},
    /* "Unknown" for the whole status at a word it does not know. */
    [CONF_HOMEASSISTANT] = {CORE | HB | RB, true, true},
    [CONF_NETDATA] = {CORE | HB | RB, true, true},
    [CONF_PEANUT] = {ALL, true, true},
    [CONF_NODENUT] = {CORE | HB | RB, true, true},
    [CONF_GONUT] = {CORE | HB | RB, true, true},
    [CONF_HON95] = {CORE | HB | RB, true, true},
    [CONF_RUPS] = {ALL, true, true},
    [CONF_PYNUT] = {ALL, true, true},
    [CONF_CHECKUPS] = {CORE | RB, true, true},
    [CONF_COLLECTD] = {ALL, true, true},
};

/* The four that came later, by what comes nearest among the others. */
static const struct {
	const char *word, *older;
} errors[] = {
    {"VAR-UNKNOWN", "VAR-NOT-SUPPORTED"},
    {"UNKNOWN-TYPE", "INVALID-ARGUMENT"},
    {"UNKNOWN-INSTCMD", "CMD-NOT-SUPPORTED"},
    {"MISSING-ARGUMENT", "INVALID-ARGUMENT"},
};

const struct profile *
profile_of(enum conf_profile kind)
{
	return &profiles[kind < 0 || kind >= CONF_PROFILES ? CONF_STRANGER : kind];
}

/* True when a client of this look reads the word. */
static bool
passes(uint32_t look, const char *word)
{
	for (size_t i = 0; i < WORDS; i++)
		if (strcmp(words[i], word) == 0)
			return (look | SACRED) >> i & 1;
	return look & PROFILE_OTHER;
}

char *
profile_status(uint32_t look, const char *status, char *out, size_t size)
{
	char word[STATE_VALUE_MAX + 1];
	size_t n = 0;

	out[0] = '\0';
	for (; *(status += strspn(status, " ")) != '\0'; status += strcspn(status, " ")) {
		snprintf(word, sizeof(word), "%.*s", (int)strcspn(status, " "), status);
		if (!(look & PROFILE_RAW) && !clean_is(word))
			continue;
		if (!passes(look, word) || state_status_has(out, word) ||
		    n + strlen(word) + 2 > size)
			continue;
		n += (size_t)snprintf(out + n, size - n, n > 0 ? " %s" : "%s", word);
	}
	return out;
}

const char *
profile_text(uint32_t look, const char *text)
{
	static char clean[2 * STATE_VALUE_MAX];

	if (look & PROFILE_RAW || clean_is(text))
		return text;
	return clean_text(text, clean, sizeof(clean));
}

const char *
profile_error(const struct profile *p, const char *word)
{
	if (reply_err_known(word))
		return word;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].word, word) == 0)
			return p->errors ? word : errors[i].older;
	return NULL;
}
