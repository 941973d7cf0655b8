/* SPDX-License-Identifier: ISC */
#include <string.h>
#include <strings.h>

#include "core/policy_in.h"
#include "lib/notify.h"
#include "lib/state.h"

#define NOTHING (-1) /* people are not told, or not at the edge alone */

/*
 * The words of ups.status (NUT: docs/new-drivers.txt), and what people are told when one
 * comes and when it goes. OL, OB, FSD and RB are told by policy_ups.c, and so is ALARM when
 * it comes. NUT's upsmon calls TEST unclassified, and so it is told; but it means something
 * here.
 */
static const struct {
	const char *word;
	unsigned flag;
	int comes, goes; /* enum notify_type */
} words[] = {
    {"OL", WORD_OL, NOTHING, NOTHING},
    {"OB", WORD_OB, NOTHING, NOTHING},
    {"LB", WORD_LB, NOTIFY_LOWBATT, NOTHING},
    {"RB", WORD_RB, NOTHING, NOTHING},
    {"CAL", WORD_CAL, NOTIFY_CAL, NOTIFY_NOTCAL},
    {"FSD", WORD_FSD, NOTHING, NOTHING},
    {"OFF", WORD_OFF, NOTIFY_OFF, NOTIFY_NOTOFF},
    {"BYPASS", WORD_BYPASS, NOTIFY_BYPASS, NOTIFY_NOTBYPASS},
    {"ECO", WORD_ECO, NOTIFY_ECO, NOTIFY_NOTECO},
    {"ALARM", WORD_ALARM, NOTHING, NOTIFY_NOTALARM},
    {"OVER", WORD_OVER, NOTIFY_OVER, NOTIFY_NOTOVER},
    {"TRIM", WORD_TRIM, NOTIFY_TRIM, NOTIFY_NOTTRIM},
    {"BOOST", WORD_BOOST, NOTIFY_BOOST, NOTIFY_NOTBOOST},
    {"TEST", WORD_TEST | WORD_OTHER, NOTHING, NOTHING},
    {"HB", 0, NOTHING, NOTHING},
    {"CHRG", 0, NOTHING, NOTHING},
    {"DISCHRG", 0, NOTHING, NOTHING},
    {"WAIT", 0, NOTHING, NOTHING},
};

#define WORDS (sizeof(words) / sizeof(words[0]))

/* The flags of one word. */
static unsigned
flag_of(const char *word, size_t len)
{
	for (size_t i = 0; i < WORDS; i++)
		if (strlen(words[i].word) == len &&
		    strncasecmp(words[i].word, word, len) == 0)
			return words[i].flag;
	return WORD_OTHER;
}

unsigned
policy_words_read(const char *status, char *others)
{
	size_t used = 0;
	unsigned all = 0;

	others[0] = '\0';
	for (status += strspn(status, " "); *status != '\0';
	     status += strspn(status, " ")) {
		size_t len = strcspn(status, " ");
		unsigned flag = flag_of(status, len);

		all |= flag;
		if ((flag & WORD_OTHER) && used + len + 2 <= NOTIFY_EXTRA_MAX) {
			if (used > 0)
				others[used++] = ' ';
			memcpy(&others[used], status, len);
			used += len;
			others[used] = '\0';
		}
		status += len;
	}
	return all;
}

bool
policy_words_eco(const char *modes)
{
	static const char *const names[] = {"ECO", "ESS", "HE", "SMART"};

	for (modes = strchr(modes, ':'); modes != NULL; modes = strchr(modes, ':')) {
		size_t len = strcspn(++modes, ": ");

		if (modes[len] == ':')
			continue; /* a vendor */
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strncasecmp(modes, names[i], strlen(names[i])) == 0)
				return true;
	}
	return false;
}

/* True when each word of `a` is one of `b`. */
static bool
is_within(const char *a, const char *b)
{
	char word[NOTIFY_EXTRA_MAX];

	for (; *a != '\0'; a += strspn(a, " ")) {
		size_t len = strcspn(a, " ");

		memcpy(word, a, len);
		word[len] = '\0';
		if (!state_status_has(b, word))
			return false;
		a += len;
	}
	return true;
}

bool
policy_words_same(const char *a, const char *b)
{
	return is_within(a, b) && is_within(b, a);
}

size_t
policy_words_edges(unsigned before, unsigned now, enum notify_type *types)
{
	size_t n = 0;

	for (size_t i = 0; i < WORDS; i++)
		if (words[i].goes != NOTHING && (words[i].flag & before & ~now))
			types[n++] = (enum notify_type)words[i].goes;
	if (before & ~now & WORD_OTHER)
		types[n++] = NOTIFY_NOTOTHER;
	for (size_t i = 0; i < WORDS; i++)
		if (words[i].comes != NOTHING && (words[i].flag & now & ~before))
			types[n++] = (enum notify_type)words[i].comes;
	return n;
}
