/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/feed.h"

#define SENT "sent"

static const char *const verbs[] = {
    "INSTCMD", "SET", "FSD", "FORGET", "DRILL", FEED_NEWS};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))
#define ARGS 6 /* who, from, verb, name, value, result */

/* Copies what fits, and no part of a letter (UTF-8). */
static void
take_text(char *out, size_t size, const char *text)
{
	size_t len = strlen(text);

	if (len >= size)
		for (len = size - 1;
		     len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	memcpy(out, text, len);
	out[len] = '\0';
}

void
feed_deed_make(struct feed_deed *d, const char *who, const char *from, const char *verb,
    const char *name, const char *value)
{
	take_text(d->who, sizeof(d->who), who == NULL ? "-" : who);
	take_text(d->from, sizeof(d->from), from == NULL ? "-" : from);
	take_text(d->verb, sizeof(d->verb), verb);
	take_text(d->name, sizeof(d->name), name == NULL ? "-" : name);
	take_text(d->value, sizeof(d->value), value == NULL ? "" : value);
	d->result = 0;
}

void
feed_deed_line(struct buf *out, const struct feed_deed *d)
{
	buf_puts(out, "DEED");
	feed_word(out, d->who);
	feed_word(out, d->from);
	buf_printf(out, " %s", d->verb);
	feed_word(out, d->name);
	buf_puts(out, " ");
	buf_quoted(out, d->value);
	if (d->result == FEED_DEED_SENT)
		buf_puts(out, " " SENT);
	else
		buf_printf(out, " %d", d->result);
}

/* Reads a status of one or two digits, or `sent`. */
static bool
result_read(int *result, const char *text)
{
	size_t len = strspn(text, "0123456789");

	*result = FEED_DEED_SENT;
	if (strcmp(text, SENT) == 0)
		return true;
	*result = atoi(text);
	return len > 0 && len < 3 && text[len] == '\0';
}

bool
feed_deed_read(struct feed_deed *d, char *const *args, int nargs)
{
	size_t verb = 0;
	int result;

	if (nargs != ARGS || !result_read(&result, args[5]))
		return false;
	while (verb < VERBS && strcmp(verbs[verb], args[2]) != 0)
		verb++;
	if (verb == VERBS)
		return false;
	feed_deed_make(d, args[0], args[1], args[2], args[3], args[4]);
	d->result = result;
	return true;
}
