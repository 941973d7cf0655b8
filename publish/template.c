/* SPDX-License-Identifier: ISC */
#include "publish/template.h"

#include <stdio.h>
#include <string.h>

#include "lib/jout.h"
#include "lib/utf8.h"

#define NAME_MAX_BYTES 127
#define DEFAULT_MAX 255

void
template_json(struct buf *out, const char *text)
{
	while (*text != '\0') {
		const size_t len = utf8_len(text);

		if (len == 0)
			buf_puts(out, "?");
		else if (*text == '"' || *text == '\\')
			buf_printf(out, "\\%c", *text);
		else if (*text == '\n')
			buf_puts(out, "\\n");
		else if ((unsigned char)*text < ' ' || *text == 0x7f)
			buf_printf(out, "\\u%04x", (unsigned)(unsigned char)*text);
		else
			buf_add(out, text, len);
		text += len == 0 ? 1 : len;
	}
}

/* A value where JSON wants a whole one. */
static void
add_value(struct buf *out, const char *value)
{
	if (value == NULL || *value == '\0') {
		buf_puts(out, "null");
	} else if (jout_is_number(value)) {
		buf_puts(out, value);
	} else {
		buf_puts(out, "\"");
		template_json(out, value);
		buf_puts(out, "\"");
	}
}

struct filling {
	struct buf *out;
	bool json, string; /* it is JSON / and in one of its strings */
	const struct template_values *values;
};

/* Fills in the name behind a brace; returns how many bytes it took, 0: it is none. */
static size_t
fill_name(struct filling *f, const char *text)
{
	char name[NAME_MAX_BYTES + 1], other[DEFAULT_MAX + 1] = "";
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-"), end = len;
	const char *value;

	if (*text < 'a' || *text > 'z' || len > NAME_MAX_BYTES)
		return 0;
	if (text[len] == '|')
		end += strcspn(&text[len], "}");
	if (text[end] != '}')
		return 0;
	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	if (text[len] == '|')
		snprintf(
		    other, sizeof(other), "%.*s", (int)(end - len - 1), &text[len + 1]);
	value = f->values->look(f->values->arg, name);
	if (value == NULL || *value == '\0')
		value = other;
	if (!f->json)
		buf_puts(f->out, value);
	else if (f->string)
		template_json(f->out, value);
	else
		add_value(f->out, value);
	return end + 1;
}

/* A byte that stands for itself; those of JSON say where its strings are. */
static size_t
pass(struct filling *f, const char *text)
{
	size_t len = f->json && f->string && text[0] == '\\' && text[1] != '\0' ? 2 : 1;

	if (f->json && len == 1 && *text == '"')
		f->string = !f->string;
	buf_add(f->out, text, len);
	return len;
}

void
template_fill(
    struct buf *out, const char *text, bool json, const struct template_values *values)
{
	struct filling f = {out, json, false, values};

	while (*text != '\0') {
		size_t len = 0;

		if (text[0] == '{' && text[1] == '{') {
			buf_puts(out, "{");
			text += 2;
			continue;
		}
		if (*text == '{' && (len = fill_name(&f, text + 1)) > 0)
			len++;
		text += len > 0 ? len : pass(&f, text);
	}
}
