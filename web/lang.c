/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/state.h"
#include "web/lang.h"
#include "web/lang_table.h"

#define WEIGHT_MOST 1000 /* of q=1 */

static const char *const codes[LANGS] = {[LANG_EN] = "en", [LANG_FR] = "fr"};

/* Words of ups.status, most important first, and the key of each. */
static const struct {
	const char *word, *key;
	const char *without; /* it goes without saying beside this one; NULL: never */
} statuses[] = {
    {"FSD", "fsd", NULL},
    {"LB", "low", NULL},
    {"OB", "battery", NULL},
    {"OFF", "off", NULL},
    {"OVER", "overload", NULL},
    {"BYPASS", "bypass", NULL},
    {"OL", "mains", NULL},
    {"RB", "replace", NULL},
    {"ALARM", "alarm", NULL},
    {"HB", "overcharged", NULL},
    {"TEST", "test", NULL},
    {"CAL", "calibrating", NULL},
    {"BOOST", "boost", NULL},
    {"TRIM", "trim", NULL},
    {"CHRG", "charging", NULL},
    {"DISCHRG", "discharging", "OB"},
    {"ECO", "eco", NULL},
};

/* The language of a tag ("fr", "fr-CH"; len bytes), or -1. */
static int
tag_lang(const char *tag, size_t len)
{
	size_t primary = 0;

	while (primary < len && tag[primary] != '-')
		primary++;
	for (int i = 0; i < LANGS; i++)
		if (primary == strlen(codes[i]) &&
		    strncasecmp(tag, codes[i], primary) == 0)
			return i;
	return -1;
}

/* The weight behind a tag ("; q=0.8", len bytes) in thousandths: WEIGHT_MOST where none is
 * said, 0 (not wanted) where it is not one. */
static int
weight(const char *text, size_t len)
{
	const char *end = text + len;
	int value, unit = WEIGHT_MOST / 10;

	while (text < end && (*text == ' ' || *text == '\t' || *text == ';'))
		text++;
	if (text == end)
		return WEIGHT_MOST;
	if (end - text < 3 || (text[0] | 0x20) != 'q' || text[1] != '=' ||
	    (text[2] != '0' && text[2] != '1'))
		return 0;
	value = text[2] == '1' ? WEIGHT_MOST : 0;
	text += 3;
	if (text < end && *text == '.')
		for (text++; text < end && *text >= '0' && *text <= '9';
		     text++, unit /= 10)
			value += (*text - '0') * unit;
	return value < WEIGHT_MOST ? value : WEIGHT_MOST;
}

enum lang
lang_accept(const char *header)
{
	enum lang best = LANG_EN;
	int most = 0;
	size_t left;

	if (header == NULL)
		return best;
	for (left = strnlen(header, LANG_ACCEPT_MAX); left > 0;) {
		const char *comma = memchr(header, ',', left);
		size_t len = comma != NULL ? (size_t)(comma - header) : left, tag = 0,
		       blank = 0;
		int lang, q;

		while (blank < len && (header[blank] == ' ' || header[blank] == '\t'))
			blank++;
		while (blank + tag < len && strchr("; \t", header[blank + tag]) == NULL)
			tag++;
		lang = tag_lang(header + blank, tag);
		q = weight(header + blank + tag, len - blank - tag);
		if (lang >= 0 && q > most) {
			best = (enum lang)lang;
			most = q;
		}
		left -= len;
		header += len;
		if (left > 0) {
			left--;
			header++;
		}
	}
	return best;
}

const char *
lang_code(enum lang lang)
{
	return codes[lang];
}

static int
row_cmp(const void *key, const void *row)
{
	return strcmp(key, ((const struct lang_row *)row)->key);
}

const char *
lang_text(enum lang lang, const char *key)
{
	const struct lang_row *row =
	    bsearch(key, lang_rows, lang_nrows, sizeof(lang_rows[0]), row_cmp);

	return row != NULL ? row->text[lang] : NULL;
}

/* A JSON string. `<` is written by its number, or a text could end the script element. */
static void
put_string(struct buf *out, const char *text)
{
	buf_puts(out, "\"");
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < ' ' || c == '<')
			buf_printf(out, "\\u%04x", c);
		else
			buf_add(out, text, 1);
	}
	buf_puts(out, "\"");
}

void
lang_json(struct buf *out, enum lang lang)
{
	for (size_t i = 0; i < lang_nrows; i++) {
		buf_puts(out, i == 0 ? "{" : ",");
		put_string(out, lang_rows[i].key);
		buf_puts(out, ":");
		put_string(out, lang_rows[i].text[lang]);
	}
	buf_puts(out, "}");
}

size_t
lang_status(const char *status, enum feed_source source, const char **keys)
{
	size_t count = 0;

	if (source != FEED_OK)
		keys[count++] = source == FEED_LOST ? "lost" : "stale";
	if (status != NULL)
		for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
			if (count < LANG_STATUS_MAX &&
			    state_status_has(status, statuses[i].word) &&
			    (statuses[i].without == NULL ||
				!state_status_has(status, statuses[i].without)))
				keys[count++] = statuses[i].key;
	if (count == 0)
		keys[count++] = "waiting";
	return count;
}
