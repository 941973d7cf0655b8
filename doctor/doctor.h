/* SPDX-License-Identifier: ISC */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What is wrong with this machine, in plain words, and what to type (docs/doctor.md). What
 * a look finds goes into a report; the judges (doctor/facts.h) write it, pure, from what
 * the shell has gathered (doctor/look.h).
 */

enum doctor_weight {
	DOCTOR_FINE,    /* looked at, and well */
	DOCTOR_NOTE,    /* to know; or it could not be looked at */
	DOCTOR_WARNING, /* it works, but not as somebody expects, or not for long */
	DOCTOR_ERROR,   /* it does not work */
};

/* "ok", "note", "warning", "error" */
const char *doctor_word(enum doctor_weight weight);

struct doctor_finding {
	const char *look; /* "device" */
	enum doctor_weight weight;
	char *text;   /* one sentence */
	char *remedy; /* a command that can be typed; NULL: none */
};

struct doctor_report {
	const char *look; /* the one that is being taken */
	struct doctor_finding *list;
	size_t count;
};

/* Adds a finding / what to type against the one that was added last. */
void doctor_say(struct doctor_report *r, enum doctor_weight weight, const char *format,
    ...) __attribute__((format(printf, 3, 4)));
void doctor_remedy(struct doctor_report *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void doctor_report_free(struct doctor_report *r);

/* How many of that weight there are. */
size_t doctor_count(const struct doctor_report *r, enum doctor_weight weight);

/* True when the look that is being taken has found nothing that is worse than fine. */
bool doctor_well(const struct doctor_report *r);

/* "3 d", "2 h", "5 min", "12 s": for people. Returns `out`. */
#define DOCTOR_LENGTH_MAX 32
char *doctor_length(char out[static DOCTOR_LENGTH_MAX], double s);

#endif
