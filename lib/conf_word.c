/* SPDX-License-Identifier: ISC */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/conf.h"
#include "lib/xmem.h"

#define NEAREST_MAX 32 /* bytes in a word that is compared */
#define ROWS_MAX 64    /* of a table */

/* Where a word belongs that somebody wrote into the wrong file. */
static const struct home {
	const char *word, *file;
} homes[] = {
    {"ACCEPT", "upsd.conf"},
    {"ACL", "upsd.conf"},
    {"ALARMCRITICAL", "upsmon.conf"},
    {"ALLOW_NOT_ALL_LISTENERS", "upsd.conf"},
    {"ALLOW_NO_DEVICE", "upsd.conf"},
    {"AT", "upssched.conf"},
    {"CERTFILE", "upsd.conf"},
    {"CERTHOST", "upsmon.conf"},
    {"CERTIDENT", "upsd.conf or upsmon.conf"},
    {"CERTPATH", "upsd.conf or upsmon.conf"},
    {"CERTREQUEST", "upsd.conf"},
    {"CERTVERIFY", "upsmon.conf"},
    {"CMDSCRIPT", "upssched.conf"},
    {"DEADTIME", "upsmon.conf"},
    {"DEBUG_MIN", "upsd.conf or upsmon.conf"},
    {"DISABLE_WEAK_SSL", "upsd.conf"},
    {"FINALDELAY", "upsmon.conf"},
    {"FORCESSL", "upsmon.conf"},
    {"HOSTSYNC", "upsmon.conf"},
    {"LISTEN", "upsd.conf"},
    {"LOCKFN", "upssched.conf"},
    {"MAXAGE", "upsd.conf"},
    {"MAXCONN", "upsd.conf"},
    {"MINSUPPLIES", "upsmon.conf"},
    {"MODE", "nut.conf"},
    {"MONITOR", "upsmon.conf"},
    {"NOCOMMWARNTIME", "upsmon.conf"},
    {"NOTIFYCMD", "upsmon.conf"},
    {"NOTIFYFLAG", "upsmon.conf"},
    {"NOTIFYMSG", "upsmon.conf"},
    {"OBLBDURATION", "upsmon.conf"},
    {"OFFDURATION", "upsmon.conf"},
    {"OVERDURATION", "upsmon.conf"},
    {"PIPEFN", "upssched.conf"},
    {"POLLFAIL_LOG_THROTTLE_MAX", "upsmon.conf"},
    {"POLLFREQ", "upsmon.conf"},
    {"POLLFREQALERT", "upsmon.conf"},
    {"POWERDOWNFLAG", "upsmon.conf"},
    {"RBWARNTIME", "upsmon.conf"},
    {"REJECT", "upsd.conf"},
    {"RUN_AS_USER", "upsmon.conf"},
    {"SHUTDOWNCMD", "upsmon.conf"},
    {"SHUTDOWNEXIT", "upsmon.conf"},
    {"STATEPATH", "upsd.conf"},
    {"TRACKINGDELAY", "upsd.conf"},
    {"UPSD_OPTIONS", "nut.conf"},
    {"UPSMON_OPTIONS", "nut.conf"},
    {"actions", "upsd.users"},
    {"allowfrom", "upsd.users"},
    {"desc", "ups.conf"},
    {"driver", "ups.conf"},
    {"driverpath", "ups.conf"},
    {"ignorelb", "ups.conf"},
    {"instcmds", "upsd.users"},
    {"maxretry", "ups.conf"},
    {"maxstartdelay", "ups.conf"},
    {"offdelay", "ups.conf"},
    {"ondelay", "ups.conf"},
    {"password", "upsd.users"},
    {"pollfreq", "ups.conf"},
    {"pollinterval", "ups.conf"},
    {"port", "ups.conf"},
    {"productid", "ups.conf"},
    {"retrydelay", "ups.conf"},
    {"sdorder", "ups.conf"},
    {"upsmon", "upsd.users"},
    {"vendorid", "ups.conf"},
};

const char *
conf_home(const char *word)
{
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
		if (strcmp(homes[i].word, word) == 0)
			return homes[i].file;
	return NULL;
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Letters to be put in, left out, changed or swapped to get from one word to the other
 * (restricted Damerau-Levenshtein), without regard to case. */
static size_t
distance(const char *a, const char *b)
{
	size_t rows[3][NEAREST_MAX + 1], la = strlen(a), lb = strlen(b);

	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3];

		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			int ca = tolower((unsigned char)a[i - 1]);
			int cb = tolower((unsigned char)b[j - 1]);

			row[j] = least(above[j] + 1, row[j - 1] + 1,
			    above[j - 1] + (ca == cb ? 0 : 1));
			if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
			    cb == tolower((unsigned char)a[i - 2]))
				row[j] =
				    least(row[j], rows[(i + 1) % 3][j - 2] + 1, row[j]);
		}
	}
	return rows[la % 3][lb];
}

const char *
conf_nearest(const char *word, const char *const *known)
{
	size_t len = strlen(word), best;
	const char *found = NULL;

	if (len > NEAREST_MAX)
		return NULL;
	/* One slip in three letters, three in a long word: beyond that it is a guess. */
	best = len / 3 > 3 ? 4 : len / 3 + 1;
	for (; *known != NULL; known++) {
		size_t d, n = strlen(*known);

		/* Each letter more or less is a slip by itself. */
		if (n > NEAREST_MAX || n >= len + best || len >= n + best)
			continue;
		d = distance(word, *known);
		if (d < best) {
			best = d;
			found = *known;
		}
	}
	return found;
}

void
conf_unknown(const struct conf_line *line, int i, const char *const *known)
{
	const char *word = line->words->argv[i], *hint;

	if ((hint = conf_home(word)) != NULL)
		conf_fault(
		    line, "\"%s\" belongs into %s: the line is ignored", word, hint);
	else if ((hint = conf_nearest(word, known)) != NULL)
		conf_fault(line,
		    "unknown word \"%s\", did you mean \"%s\"? The line is ignored", word,
		    hint);
	else
		conf_fault(line, "unknown word \"%.40s\": the line is ignored", word);
}

void
conf_no_head(const struct conf_line *line)
{
	conf_fault(line,
	    "this file has no sections: [%.40s] belongs into ups.conf (a UPS) or "
	    "upsd.users (a user)",
	    line->section);
}

bool
conf_number(const struct conf_line *line, int i, int min, int max, int *n)
{
	const struct words *w = line->words;
	const char *text = i < w->argc ? w->argv[i] : "";
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || value < min || value > max) {
		conf_fault(line,
		    "%s takes a number from %d to %d, not \"%.40s\": the line is ignored",
		    w->argv[0], min, max, text);
		return false;
	}
	*n = (int)value;
	return true;
}

/* Index of the first argument, behind a stray `=`. */
static int
arguments(const struct conf_line *line)
{
	const struct words *w = line->words;

	if (w->argc < 2 || w->quoted[1] || strcmp(w->argv[1], "=") != 0)
		return 1;
	conf_fault(line, "\"=\" is too much, read as: %.40s %.40s", w->argv[0],
	    w->argc > 2 ? w->argv[2] : "");
	return 2;
}

void
conf_no_row(const struct conf_row *table, const struct conf_line *line)
{
	const char *known[ROWS_MAX + 1] = {NULL};

	for (size_t i = 0; i < ROWS_MAX && table[i].name != NULL; i++)
		known[i] = table[i].name;
	conf_unknown(line, 0, known);
}

void
conf_switch(const struct conf_line *line, int i, bool *field)
{
	static const char *const yes[] = {"yes", "true", "on", "1"};
	static const char *const no[] = {"no", "false", "off", "0"};
	const char *word = line->words->argv[i];

	for (size_t k = 0; k < sizeof(yes) / sizeof(yes[0]); k++) {
		if (strcasecmp(word, yes[k]) == 0 || strcasecmp(word, no[k]) == 0) {
			*field = strcasecmp(word, yes[k]) == 0;
			return;
		}
	}
	conf_fault(line, "%s takes yes or no, not \"%.40s\": the line is ignored",
	    line->words->argv[0], word);
}

/* Fills the field of a row that has one. */
static void
fill(void *conf, const struct conf_row *row, const struct conf_line *line, int at)
{
	char *field = (char *)conf + row->field, *text;

	if (row->max != 0) {
		conf_number(line, at, row->min, row->max, (int *)(void *)field);
		return;
	}
	if (row->min != 0) {
		conf_switch(line, at, (bool *)(void *)field);
		return;
	}
	memcpy(&text, field, sizeof(text));
	free(text);
	text = xstrdup(line->words->argv[at]);
	memcpy(field, &text, sizeof(text));
}

void
conf_take(const struct conf_row *row, void *conf, const struct conf_line *line, int at)
{
	if (row->take != NULL)
		row->take(conf, line, at);
	else if (row->field != 0)
		fill(conf, row, line, at);
}

void
conf_by_table(const struct conf_row *table, void *conf, const struct conf_line *line)
{
	const struct conf_row *row = table;
	int at, n;

	if (line->words == NULL) {
		conf_no_head(line);
		return;
	}
	while (row->name != NULL && strcmp(row->name, line->words->argv[0]) != 0)
		row++;
	if (row->name == NULL) {
		conf_no_row(table, line);
		return;
	}
	at = arguments(line);
	n = line->words->argc - at;
	if (n < row->args_min) {
		conf_fault(line, "%s needs %s: the line is ignored", row->name,
		    row->args_min == 1 ? "a value" : "a type and a value");
		return;
	}
	if (n > row->args_max)
		conf_fault(line, "%s takes no \"%.40s\": that part is ignored", row->name,
		    line->words->argv[at + row->args_max]);
	conf_take(row, conf, line, at);
}
