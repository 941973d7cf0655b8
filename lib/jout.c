/* SPDX-License-Identifier: ISC */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/jout.h"
#include "lib/utf8.h"

#define NUMBER_MAX 1e15 /* beyond it, three decimals are no more than noise */
#define WHOLE_MAX 15    /* digits before the point that a double has in any case */
#define PART_MAX 6      /* ... and behind it */

static void
quoted(struct buf *out, const char *text)
{
	const char *at = text, *plain = at;

	buf_add(out, "\"", 1);
	while (*at != '\0') {
		size_t len = utf8_len(at);

		if (len > 0 && (unsigned char)*at >= ' ' && *at != '"' && *at != '\\' &&
		    *at != '<') {
			at += len;
			continue;
		}
		buf_add(out, plain, (size_t)(at - plain));
		if (len == 0)
			buf_puts(out, UTF8_REPLACEMENT);
		else if (*at == '"' || *at == '\\')
			buf_printf(out, "\\%c", *at);
		else
			buf_printf(out, "\\u%04x", (unsigned)*at);
		plain = ++at;
	}
	buf_add(out, plain, (size_t)(at - plain));
	buf_add(out, "\"", 1);
}

/* What stands before a value: a comma, its key. */
static void
begin(struct jout *j, const char *key)
{
	if (j->comma)
		buf_add(j->out, ",", 1);
	j->comma = true;
	if (key == NULL)
		return;
	quoted(j->out, key);
	buf_add(j->out, ":", 1);
}

void
jout_open(struct jout *j, const char *key, char bracket)
{
	begin(j, key);
	buf_add(j->out, &bracket, 1);
	j->comma = false;
}

void
jout_close(struct jout *j, char bracket)
{
	buf_add(j->out, &bracket, 1);
	j->comma = true;
}

void
jout_text(struct jout *j, const char *key, const char *text)
{
	begin(j, key);
	if (text == NULL)
		buf_puts(j->out, "null");
	else
		quoted(j->out, text);
}

void
jout_number(struct jout *j, const char *key, double number)
{
	char text[40];
	size_t len;

	if (!isfinite(number) || fabs(number) > NUMBER_MAX) {
		jout_null(j, key);
		return;
	}
	begin(j, key);
	len = (size_t)snprintf(text, sizeof(text), "%.3f", number);
	while (text[len - 1] == '0')
		len--;
	if (text[len - 1] == '.')
		len--;
	text[len] = '\0';
	buf_puts(j->out, strcmp(text, "-0") == 0 ? "0" : text);
}

void
jout_whole(struct jout *j, const char *key, int64_t number)
{
	begin(j, key);
	buf_printf(j->out, "%" PRId64, number);
}

void
jout_bool(struct jout *j, const char *key, bool yes)
{
	begin(j, key);
	buf_puts(j->out, yes ? "true" : "false");
}

void
jout_null(struct jout *j, const char *key)
{
	begin(j, key);
	buf_puts(j->out, "null");
}

bool
jout_is_number(const char *text)
{
	size_t whole, part = 0;

	text += *text == '-';
	whole = strspn(text, "0123456789");
	if (whole == 0 || whole > WHOLE_MAX || (whole > 1 && *text == '0'))
		return false;
	text += whole;
	if (*text == '.' && (part = strspn(text + 1, "0123456789")) > 0)
		text += 1 + part;
	return *text == '\0' && part <= PART_MAX;
}
