/* SPDX-License-Identifier: ISC */
#include "out/wire.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/state.h"
#include "out/event.h"

void
wire_say(struct buf *out, const struct wire_said *s)
{
	if (s->verb == WIRE_TAKEN) {
		buf_printf(out, "TAKEN %" PRIu64 "\n", s->id);
		return;
	}
	if (s->verb == WIRE_KEEP)
		buf_puts(out, "KEEP");
	else
		buf_printf(out, "ASK %lu %s", s->number,
		    s->verb == WIRE_ORDER ? "INSTCMD" : "SET");
	if (s->ups != NULL)
		event_word(out, s->ups);
	event_word(out, s->name);
	if (s->value != NULL)
		event_word(out, s->value);
	buf_puts(out, "\n");
}

/* Reads a whole decimal number without a sign. */
static bool
number(const char *text, uint64_t *n)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*n = strtoull(text, &end, 10);
	return *end == '\0' && errno == 0;
}

/* `KEEP key value` */
static int
read_keep(struct wire_said *s, const struct words *w)
{
	if (w->argc != 3 || *w->argv[1] == '\0' || strlen(w->argv[1]) > WIRE_KEY_MAX ||
	    strlen(w->argv[2]) > WIRE_VALUE_MAX)
		return -1;
	s->verb = WIRE_KEEP;
	s->name = w->argv[1];
	s->value = w->argv[2];
	return 0;
}

/* `ASK number INSTCMD ups command [value]`, `ASK number SET ups variable value` */
static int
read_ask(struct wire_said *s, const struct words *w)
{
	uint64_t n;

	if (w->argc < 5 || w->argc > 6 || !number(w->argv[1], &n))
		return -1;
	s->number = (unsigned long)n;
	s->ups = w->argv[3];
	s->name = w->argv[4];
	s->value = w->argv[5];
	s->verb = WIRE_SET;
	if (strcmp(w->argv[2], "INSTCMD") == 0)
		s->verb = WIRE_ORDER;
	else if (strcmp(w->argv[2], "SET") != 0 || s->value == NULL)
		return -1;
	if (!state_name_ok(s->ups) || !state_name_ok(s->name))
		return -1;
	return s->value != NULL && strlen(s->value) > STATE_VALUE_MAX ? -1 : 0;
}

int
wire_read(struct wire_said *s, struct words *store, const char *line, size_t len)
{
	const char *why;

	*s = (struct wire_said){0};
	if (words_split(store, WORDS_PROTOCOL, line, len, &why) < 0 || store->argc < 2)
		return -1;
	if (strcmp(store->argv[0], "KEEP") == 0)
		return read_keep(s, store);
	if (strcmp(store->argv[0], "ASK") == 0)
		return read_ask(s, store);
	s->verb = WIRE_TAKEN;
	return strcmp(store->argv[0], "TAKEN") == 0 && store->argc == 2 &&
		       number(store->argv[1], &s->id)
		   ? 0
		   : -1;
}

void
wire_kept(struct buf *out, const char *key, const char *value)
{
	buf_puts(out, "KEPT");
	event_word(out, key);
	event_word(out, value);
	buf_puts(out, "\n");
}

void
wire_energy(struct buf *out, const char *ups, uint64_t wh)
{
	buf_puts(out, "ENERGY");
	event_word(out, ups);
	buf_printf(out, " %" PRIu64 "\n", wh);
}

void
wire_asked(struct buf *out, unsigned long number, const char *answer)
{
	buf_printf(out, "ASKED %lu %s\n", number, answer);
}
