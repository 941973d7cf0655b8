/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/hidups.h"
#include "hid/hidups_in.h"
#include "hid/report.h"

/* The commands that begin a countdown to the cut, by the timer of load.off.delay. */
static const char *const countdowns[] = {
    "shutdown.return", "shutdown.stayoff", "load.off.delay"};

#define COUNTDOWNS (sizeof(countdowns) / sizeof(countdowns[0]))

bool
hidups_seconds(const char *text, long *seconds)
{
	char *end;

	errno = 0;
	*seconds = strtol(text, &end, 10);
	return errno == 0 && end != text && *end == '\0' && *seconds >= 0;
}

/* The command that writes the seconds until the cut: the device's own shutdown.return or
 * the delay that it is made of; NULL without one. */
static const struct bound_cmd *
cut_of(const struct hidups *u)
{
	const struct bound_cmd *own = hidups_cmd(u, "shutdown.return");

	return own != NULL && own->cmd->arg == MAP_OFFDELAY
		   ? own
		   : hidups_cmd(u, "load.off.delay");
}

/* The longest delay that a field coded by `order` takes. */
static long
longest(const struct hidups *u, const struct bound_cmd *c)
{
	const struct map_in in = {.ups = u, .field = c->field};
	long low = 0, high = DELAY_MAX;
	int64_t raw;

	while (low < high) {
		long middle = (low + high + 1) / 2;

		if (c->cmd->order(&in, middle, &raw))
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}

long
hidups_offdelay_max(const struct hidups *u)
{
	const struct bound_cmd *c = cut_of(u), *own = hidups_cmd(u, "shutdown.return");
	const struct hid_field *f;
	int64_t raw;
	double max;

	if (c == NULL || (own != NULL && own != c) ||
	    (own == NULL && !hidups_has_delays(u)))
		return -1;
	f = c->field;
	if (c->cmd->order != NULL)
		return longest(u, c);
	/* All ones are how an unsigned timer says that it is idle. */
	raw = ((int64_t)1 << (f->size - (f->logical_min < 0 ? 1 : 0))) - 1;
	if (f->logical_min >= 0)
		raw--;
	if (f->logical_max > f->logical_min && f->logical_max < raw)
		raw = f->logical_max;
	max = hidups_scale(u, f, raw, NULL);
	if (max > DELAY_MAX)
		max = DELAY_MAX;
	if (u->cap >= 0 && max > (double)u->cap)
		max = (double)u->cap;
	return max < 0 ? -1 : (long)max;
}

/* A value for ups.delay.*. */
static enum hidups_answer
set_delay(
    long *delay, long max, const char *var, const char *value, char *cause, size_t size)
{
	long seconds;

	if (!hidups_seconds(value, &seconds) || seconds > max) {
		snprintf(cause, size, "%s: \"%s\" is not within 0 to %ld seconds", var,
		    value, max);
		return HIDUPS_INVALID;
	}
	*delay = seconds;
	return HIDUPS_OK;
}

enum hidups_answer
hidups_set_delay(
    struct hidups *u, const char *var, const char *value, char *cause, size_t size)
{
	long max = hidups_offdelay_max(u);

	if (strcmp(var, "ups.delay.shutdown") == 0 && max >= 0)
		return set_delay(&u->offdelay, max, var, value, cause, size);
	if (strcmp(var, "ups.delay.start") == 0 && hidups_cmd(u, "load.on.delay") != NULL)
		return set_delay(&u->ondelay, DELAY_MAX, var, value, cause, size);
	return HIDUPS_UNKNOWN;
}

void
hidups_delays(struct hidups *u, const char *offdelay, const char *ondelay)
{
	if (offdelay != NULL)
		set_delay(&u->offdelay, DELAY_MAX, "offdelay", offdelay, NULL, 0);
	if (ondelay != NULL)
		set_delay(&u->ondelay, DELAY_MAX, "ondelay", ondelay, NULL, 0);
}

long
hidups_asked(const struct hidups *u, const char *cmd, const char *value)
{
	long seconds;

	if (cut_of(u) == NULL)
		return -1;
	for (size_t i = 0; i < COUNTDOWNS; i++) {
		if (strcmp(cmd, countdowns[i]) != 0)
			continue;
		/* One that writes a number of its own leaves the delay to the device. */
		if (hidups_cmd(u, cmd) != NULL &&
		    hidups_cmd(u, cmd)->cmd->arg != MAP_OFFDELAY)
			return -1;
		return value != NULL && hidups_seconds(value, &seconds) ? seconds
									: u->offdelay;
	}
	return -1;
}

enum hidups_count
hidups_count(const struct hidups *u, long asked, long *left)
{
	const struct bound_cmd *c = cut_of(u);
	const struct slot *slot;
	char text[STATE_VALUE_MAX + 1];
	long seconds;

	*left = -1;
	if (c == NULL)
		return HIDUPS_UNREAD;
	slot = hidups_slot(u, c->field);
	if (!slot->known)
		return HIDUPS_UNREAD;
	if (c->cmd->order != NULL) {
		if (!map_variable(u, "ups.timer.shutdown", text, sizeof(text)) ||
		    !hidups_seconds(text, &seconds))
			return HIDUPS_UNREAD;
	} else {
		if (map_idle(c->field, slot->raw))
			return HIDUPS_IDLE;
		seconds = (long)hidups_scale(u, c->field, slot->raw, NULL);
	}
	if (seconds == 0 && asked > HIDUPS_LAG_S)
		return HIDUPS_IDLE;
	*left = seconds;
	return seconds < asked - HIDUPS_LAG_S ? HIDUPS_SHORT : HIDUPS_COUNTS;
}

void
hidups_cap(struct hidups *u, long seconds)
{
	u->cap = seconds;
	if (u->offdelay > seconds)
		u->offdelay = seconds;
}
