/* SPDX-License-Identifier: ISC */
#ifndef SIM_COMMAND_H
#define SIM_COMMAND_H

#include <stddef.h>

/*
 * What can be said to the virtual UPS (docs/architecture.md, 6), on its control socket and
 * in a scenario. Pure.
 */
enum command_verb {
	COMMAND_UNPLUG,
	COMMAND_PLUG,
	COMMAND_LOAD,
	COMMAND_CHARGE,
	COMMAND_AGE,
	COMMAND_TEMPERATURE,
	COMMAND_USB_DROP, /* value -1: for good */
	COMMAND_USB_BACK,
	COMMAND_STALL,
	COMMAND_SPEED,
	COMMAND_STATUS,
	COMMAND_QUIT,
};

struct command {
	enum command_verb verb;
	double value; /* in the unit of the command: percent, deg C, seconds */
};

/* Reads one line. Returns 0, or -1 with what was meant in `cause`. */
int command_parse(struct command *c, const char *line, char *cause, size_t size);

/* A scenario: what happens when, in seconds of the virtual UPS since its start. */
struct scenario_line {
	double at;
	struct command command;
};

struct scenario {
	struct scenario_line *lines; /* sorted by time */
	size_t count;
};

/* Reads "SECONDS command..." lines; empty ones and those that begin with `#` are skipped.
 * NULL with line number and reason in `cause`. */
struct scenario *scenario_read(const char *text, char *cause, size_t size);
void scenario_free(struct scenario *s);

#endif
