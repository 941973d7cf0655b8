/* SPDX-License-Identifier: ISC */
#include <stdio.h>
#include <string.h>

#include "lib/words.h"
#include "net/profile.h"
#include "net/reply.h"

#define STATUS_MAX (STATE_VALUE_MAX + 16) /* room for the view's word in front */

static const char *const known_errors[] = {
    "ACCESS-DENIED",
    "ALREADY-LOGGED-IN",
    "ALREADY-SET-PASSWORD",
    "ALREADY-SET-USERNAME",
    "ALREADY-SSL-MODE",
    "CMD-NOT-SUPPORTED",
    "DATA-STALE",
    "DRIVER-NOT-CONNECTED",
    "FEATURE-NOT-CONFIGURED",
    "FEATURE-NOT-SUPPORTED",
    "INSTCMD-FAILED",
    "INVALID-ARGUMENT",
    "INVALID-PASSWORD",
    "INVALID-USERNAME",
    "INVALID-VALUE",
    "PASSWORD-REQUIRED",
    "READONLY",
    "SET-FAILED",
    "TOO-LONG",
    "UNKNOWN-COMMAND",
    "UNKNOWN-UPS",
    "USERNAME-REQUIRED",
    "VAR-NOT-SUPPORTED",
};

/* Appends a blank and the word, when there is one. */
static void
put_word(struct buf *out, const char *word)
{
	if (word == NULL)
		return;
	buf_add(out, " ", 1);
	buf_puts(out, word);
}

void
reply_err(struct buf *out, const char *word)
{
	buf_puts(out, "ERR");
	put_word(out, word);
	buf_add(out, "\n", 1);
}

bool
reply_err_known(const char *word)
{
	for (size_t i = 0; i < sizeof(known_errors) / sizeof(known_errors[0]); i++)
		if (strcmp(known_errors[i], word) == 0)
			return true;
	return false;
}

/* Writes text in quotes, which takes at most twice its length and 2; returns the end. */
static char *
write_quoted(char *to, const char *text)
{
	*to++ = '"';
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			*to++ = '\\';
		*to++ = (unsigned char)*text >= ' ' ? *text : '?';
	}
	*to++ = '"';
	return to;
}

void
reply_quoted(struct buf *out, const char *text)
{
	char *begin = buf_room(out, 2 * strlen(text) + 2);

	buf_grew(out, (size_t)(write_quoted(begin, text) - begin));
}

void
reply_var(struct buf *out, const char *kind, const char *ups, const char *name,
    const char *value)
{
	const char *behind = name == NULL ? "" : " ";
	size_t most;
	char *begin, *to;

	if (name == NULL)
		name = "";
	/* In one piece: it is the answer to nearly every question. */
	most = strlen(kind) + strlen(ups) + strlen(name) + 2 * strlen(value) +
	       sizeof("   \"\"\n");
	begin = to = buf_room(out, most);
	to = stpcpy(stpcpy(stpcpy(stpcpy(to, kind), " "), ups), behind);
	to = write_quoted(stpcpy(stpcpy(to, name), " "), value);
	*to++ = '\n';
	buf_grew(out, (size_t)(to - begin));
}

void
reply_list(struct buf *out, const char *which, const char *kind, const char *ups,
    const char *name)
{
	buf_puts(out, which);
	put_word(out, "LIST");
	put_word(out, kind);
	put_word(out, ups);
	put_word(out, name);
	buf_add(out, "\n", 1);
}

/* ups.status for a look, and the view in it. Most ask for one UPS after another's change, so that the last
 * answer often holds. */
static const char *
status_value(uint64_t look, const struct feed_ups *u, const char *text)
{
	enum feed_view view = (enum feed_view)(look >> REPLY_VIEW_SHIFT);
	static char full[STATUS_MAX], before[STATUS_MAX], shown[STATUS_MAX];
	static uint64_t for_look;

	if (view != FEED_VIEW_NONE && feed_status(u, view, full, sizeof(full)) != NULL)
		text = full;
	if (look == for_look && strcmp(text, before) == 0)
		return shown;
	for_look = look;
	snprintf(before, sizeof(before), "%s", text);
	return profile_status((uint32_t)look, text, shown, sizeof(shown));
}

const char *
reply_value(uint64_t look, const struct feed_ups *u, const struct state_var *v)
{
	if (strcmp(v->name, "ups.status") == 0)
		return status_value(look, u, v->text);
	return profile_text((uint32_t)look, v->text);
}
