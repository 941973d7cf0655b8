/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/cut.h"
#include "lib/xmem.h"

static const struct {
	const char *command, *after;
} ways[] = {
    {"shutdown.return", "comes back with the mains"},
    {"shutdown.reboot", "comes back by itself"},
    {"load.off.delay", "may stay off until somebody switches it on"},
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

enum stage { BEFORE, WRITE, AFTER, END };

struct cut {
	struct hidups *ups;
	struct state *vars;
	enum stage stage;
	size_t way; /* WAYS when none is left */
	struct hidups_write writes[HIDUPS_WRITES_MAX];
	size_t nwrites, at;
	bool again; /* the request in flight is the second of its kind */
	bool taken;
	char cause[160]; /* why the last way was none */
	char text[320];
};

/* What the way in use writes, from what is known by now. */
static bool
compose(struct cut *c)
{
	return hidups_command(c->ups, ways[c->way].command, NULL, c->writes, &c->nwrites,
		   c->cause, sizeof(c->cause)) == HIDUPS_OK &&
	       c->nwrites > 0;
}

/* Takes the first way from `way` on that the device's table has. */
static void
choose(struct cut *c, size_t way)
{
	c->at = 0;
	for (c->way = way; c->way < WAYS; c->way++) {
		c->stage = BEFORE;
		if (compose(c))
			return;
	}
	c->stage = END;
}

struct cut *
cut_new(const struct hid_desc *desc, const struct hidups_ident *ident,
    const struct options *o)
{
	struct cut *c = xcalloc(1, sizeof(*c));

	c->ups = hidups_new(desc, ident);
	c->vars = state_new();
	hidups_delays(c->ups, o->offdelay, o->ondelay);
	choose(c, 0);
	if (c->cause[0] == '\0')
		snprintf(c->cause, sizeof(c->cause), "its table has no command for it");
	return c;
}

void
cut_free(struct cut *c)
{
	if (c == NULL)
		return;
	hidups_free(c->ups);
	state_free(c->vars);
	free(c);
}

bool
cut_ask(struct cut *c, struct driver_ask *ask)
{
	const struct hidups_write *w = &c->writes[c->at];

	if (c->stage == END)
		return false;
	*ask = (struct driver_ask){.op = HIDSOCK_GET, .id = w->id};
	if (c->stage == WRITE) {
		ask->op = HIDSOCK_SET;
		ask->data = w->bytes;
		ask->len = w->len;
	}
	return true;
}

/* The reports are read, as far as that went: now they are written. */
static void
begin_write(struct cut *c)
{
	c->stage = WRITE;
	c->at = 0;
	if (!compose(c))
		choose(c, c->way + 1);
}

/* What the timers said before is the past. */
static void
forget(struct cut *c)
{
	for (size_t i = 0; i < c->nwrites; i++)
		hidups_report_failed(c->ups, c->writes[i].id);
}

/* A report was written, or was not: the next one, or the next way. */
static void
wrote(struct cut *c, int error)
{
	if (error != 0) {
		snprintf(c->cause, sizeof(c->cause), "%s failed: %s",
		    ways[c->way].command, strerror(error));
		forget(c);
		choose(c, c->way + 1);
	} else if (++c->at == c->nwrites) {
		c->taken = true;
		c->stage = AFTER;
		c->at = 0;
		forget(c);
	}
}

void
cut_answer(struct cut *c, int error, const uint8_t *data, size_t len)
{
	/* What fails at once may have been a hiccup; who hangs has had its time. */
	if (error != 0 && error != ENODEV && error != ETIMEDOUT && !c->again) {
		c->again = true;
		return;
	}
	c->again = false;
	if (c->stage == WRITE) {
		wrote(c, error);
		return;
	}
	if (error == 0)
		hidups_report(c->ups, HID_FEATURE, data, len);
	else
		hidups_report_failed(c->ups, c->writes[c->at].id);
	if (++c->at < c->nwrites)
		return;
	if (c->stage == BEFORE)
		begin_write(c);
	else
		c->stage = END;
}

bool
cut_taken(const struct cut *c)
{
	return c->taken;
}

const char *
cut_text(struct cut *c)
{
	const char *timer;

	if (!c->taken) {
		snprintf(
		    c->text, sizeof(c->text), "cannot be switched off: %s", c->cause);
		return c->text;
	}
	hidups_vars(c->ups, c->vars);
	timer = state_get(c->vars, "ups.timer.shutdown");
	if (timer == NULL)
		timer = state_get(c->vars, "ups.timer.reboot");
	if (timer == NULL)
		snprintf(c->text, sizeof(c->text),
		    "output goes off in a moment and %s (%s taken, no timer to be read)",
		    ways[c->way].after, ways[c->way].command);
	else if (timer[0] == '-')
		snprintf(c->text, sizeof(c->text),
		    "%s was taken, but its timer stands at %.16s: look whether the "
		    "output "
		    "goes off",
		    ways[c->way].command, timer);
	else
		snprintf(c->text, sizeof(c->text), "output goes off in %.16s s and %s",
		    timer, ways[c->way].after);
	return c->text;
}
