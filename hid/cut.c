/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/cut.h"
#include "lib/xmem.h"

/* What becomes of the output after a command. */
static const struct {
	const char *command, *after;
} afters[] = {
    {"shutdown.return", "comes back with the mains"},
    {"shutdown.reboot", "comes back by itself"},
    {"shutdown.reboot.graceful", "comes back by itself"},
    {"shutdown.stayoff", "stays off"},
};

#define AFTERS (sizeof(afters) / sizeof(afters[0]))
#define LOOK_MS 250
#define LOOKS (CUT_PROOF_MS / LOOK_MS)

enum stage { BEFORE, WATCH, WRITE, AFTER, END };

struct cut {
	struct hidups *ups;
	struct state *vars;
	enum stage stage;
	const char *ways[OPTIONS_WAYS_MAX + 1]; /* the last one NULL */
	size_t way;                             /* of them, in use */
	struct hidups_write writes[HIDUPS_WRITES_MAX];
	size_t nwrites, at;
	bool again;      /* the request in flight is the second of its kind */
	bool taken;      /* by the device: the way in use */
	unsigned looks;  /* at its timer, since */
	bool idle;       /* at the last look */
	long counted;    /* seconds that it counted before any order, or -1 */
	bool alone;      /* it goes on counting so */
	char cause[160]; /* why the last way was none */
	char text[320];
};

/* What the way in use writes, from what is known by now. */
static bool
compose(struct cut *c)
{
	return hidups_command(c->ups, c->ways[c->way], NULL, c->writes, &c->nwrites,
		   c->cause, sizeof(c->cause)) == HIDUPS_OK &&
	       c->nwrites > 0;
}

/* Takes the first way from `way` on that the device's table has. */
static void
choose(struct cut *c, size_t way)
{
	c->at = 0;
	for (c->way = way; c->ways[c->way] != NULL; c->way++) {
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
	c->counted = -1;
	hidups_delays(c->ups, o->offdelay, o->ondelay);
	for (size_t i = 0; i < OPTIONS_WAYS_MAX && options_way(o, i) != NULL; i++)
		c->ways[i] = options_way(o, i);
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

/* What the timer says that the way in use has set, or NULL. */
static const char *
timer(struct cut *c)
{
	const char *text;

	hidups_vars(c->ups, c->vars);
	text = state_get(c->vars, "ups.timer.shutdown");
	if (text == NULL)
		text = state_get(c->vars, "ups.timer.reboot");
	return text;
}

/* Whether the timer counts. A field where the delay is the device's own is a switch
 * rather than a timer: its zero says nothing. */
static enum hidups_count
count(struct cut *c)
{
	const char *text = timer(c);
	long left = text == NULL ? 0 : strtol(text, NULL, 10);
	const char *way = c->ways[c->way];
	long asked = way != NULL ? hidups_asked(c->ups, way, NULL) : 0;

	if (left > 0 ||
	    (text != NULL && left == 0 && asked >= 0 && asked <= HIDUPS_LAG_S))
		return HIDUPS_COUNTS;
	return text == NULL || (left == 0 && asked < 0) ? HIDUPS_UNREAD : HIDUPS_IDLE;
}

/* What the timers said before is the past. */
static void
forget(struct cut *c)
{
	for (size_t i = 0; i < c->nwrites; i++)
		hidups_report_failed(c->ups, c->writes[i].id);
}

/* The reports are read, as far as that went: now they are written, unless the timer seems
 * to count longer than it is to be told. Some stand at a number for ever: it is read again. */
static void
begin_write(struct cut *c)
{
	long asked = hidups_asked(c->ups, c->ways[c->way], NULL);

	if (c->counted < 0 && count(c) == HIDUPS_COUNTS) {
		c->counted = strtol(timer(c), NULL, 10);
		if (c->counted > asked && asked >= 0) {
			c->stage = WATCH;
			c->at = 0;
			forget(c);
			return;
		}
	}
	c->stage = WRITE;
	c->at = 0;
	if (!compose(c))
		choose(c, c->way + 1);
}

/* The timer was read twice. */
static void
watched(struct cut *c)
{
	const char *text = timer(c);
	long left = text == NULL ? 0 : strtol(text, NULL, 10);

	c->alone = left > 0 && left < c->counted;
	if (c->alone) {
		c->counted = left;
		c->stage = END;
	} else
		begin_write(c);
}

/* A report was written, or was not: the next one, or the next way. */
static void
wrote(struct cut *c, int error)
{
	if (error != 0) {
		snprintf(c->cause, sizeof(c->cause), "%s failed: %s", c->ways[c->way],
		    strerror(error));
		forget(c);
		choose(c, c->way + 1);
	} else if (++c->at == c->nwrites) {
		c->taken = true;
		c->stage = AFTER;
		c->at = 0;
		forget(c);
	}
}

/* The timer has been read, as far as that went: again, until it counts. */
static void
look(struct cut *c)
{
	c->idle = count(c) == HIDUPS_IDLE;
	c->at = 0;
	if (!c->idle || ++c->looks == LOOKS)
		c->stage = END;
	else
		forget(c);
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
	else if (c->stage == WATCH)
		watched(c);
	else
		look(c);
}

unsigned
cut_pause(const struct cut *c)
{
	if (c->stage == WATCH && c->at == 0 && !c->again)
		return CUT_WATCH_MS;
	if (c->stage == WRITE && c->at > 0 && !c->again)
		return HIDUPS_GAP_MS;
	return c->stage == AFTER && c->looks > 0 && c->at == 0 ? LOOK_MS : 0;
}

enum cut_outcome
cut_outcome(const struct cut *c)
{
	if (c->alone)
		return CUT_COUNTS;
	if (!c->taken)
		return c->counted >= 0 ? CUT_OFF : CUT_REFUSED;
	return c->idle ? CUT_IGNORED : CUT_OFF;
}

static const char *
what_after(const char *command)
{
	for (size_t i = 0; i < AFTERS; i++)
		if (strcmp(afters[i].command, command) == 0)
			return afters[i].after;
	return "may stay off until somebody switches it on";
}

const char *
cut_text(struct cut *c)
{
	const char *command = c->ways[c->way] != NULL ? c->ways[c->way] : "";
	const char *after = what_after(command);
	const char *left = timer(c);

	if (c->alone)
		snprintf(c->text, sizeof(c->text),
		    "output goes off in %ld s, as was ordered before: left alone",
		    c->counted);
	else if (!c->taken && c->counted >= 0)
		snprintf(c->text, sizeof(c->text),
		    "output goes off in %ld s already, and takes no further order (%s)",
		    c->counted, c->cause);
	else if (!c->taken)
		snprintf(
		    c->text, sizeof(c->text), "cannot be switched off: %s", c->cause);
	else if (c->idle)
		snprintf(c->text, sizeof(c->text),
		    "ignores the order to cut its output: %s was taken, but its timer "
		    "stands at %.16s",
		    command, left);
	else if (count(c) == HIDUPS_UNREAD)
		snprintf(c->text, sizeof(c->text),
		    "output goes off in a moment and %s (%s taken, no timer to be read)",
		    after, command);
	else
		snprintf(c->text, sizeof(c->text), "output goes off in %.16s s and %s",
		    left, after);
	return c->text;
}
