/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_TALE_H
#define PUBLISH_TALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "out/event.h"

/* An event that waits to be told to people, in as little memory as it takes. */
struct tale {
	uint64_t id;
	int64_t at; /* Unix ms */
	enum kind kind;
	char *ups, *who, *text; /* "": of the house, nobody */
	char **facts;           /* "battery.charge=97" */
	size_t nfacts;
	bool done; /* told, or folded away */
};

/* A copy / releases it. */
struct tale *tale_new(const struct event *e);
void tale_free(struct tale *t);

/* The value of a fact, or NULL. */
const char *tale_fact(const struct tale *t, const char *name);

/* True for an onbatt or online that is not about the mains, but a test or a calibration. */
bool tale_is_test(const struct tale *t);

#define TALE_NAME 64

/* How a machine stands by now, of an event of KIND_MACHINE. False: it does not say. */
struct tale_machine {
	char name[TALE_NAME], stand[TALE_NAME];
};
bool tale_machine(const struct tale *t, struct tale_machine *m);

#endif
