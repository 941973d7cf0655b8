/* SPDX-License-Identifier: ISC */
#ifndef SIM_BODY_H
#define SIM_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/recording.h"
#include "sim/ups.h"

/*
 * A recording with a model inside: the fields whose quantity the model knows show live
 * values, all others the recorded bytes. Pure.
 *
 * A field shows its recorded raw value for as long as the model has not moved from where
 * it was at the start; from there on gauges move in proportion. So makers' wrong units and
 * idle values of timers come out as the device has them.
 *
 * Reports begin with the id byte where the device has report ids, and have none elsewhere.
 */
struct body;

/* The recording must outlive the body. The model starts on mains with the recording's
 * load, charge and limits, and a battery that gives the recorded runtime. A descriptor
 * that cannot be parsed gives a body without live fields. */
struct body *body_new(const struct recording *r);
void body_free(struct body *b);

/* The model, to be steered; let its time pass with ups_step(). */
struct ups *body_ups(struct body *b);

/* False when the descriptor did not parse or has no field that the model knows. */
bool body_is_live(const struct body *b);

/* True when reports begin with an id byte. */
bool body_is_numbered(const struct body *b);

/* The feature report as it is now, valid until the next call; NULL when the device has no
 * such report, or refused to give it when it was recorded. */
const uint8_t *body_feature(struct body *b, uint8_t id, size_t *len);

/* A host's write, id byte first (0 without ids): known fields act, others are kept.
 * Returns 0, or -1 when there is no such report. */
int body_set(struct body *b, const uint8_t *bytes, size_t len);

/* Calls `send` for each input report that is not what was sent last: those with a new
 * status, test result or alarm always, those with only gauges when `gauges` is set. The
 * report with most status flags comes first. */
void body_inputs(struct body *b, bool gauges,
    void (*send)(void *arg, const uint8_t *bytes, size_t len), void *arg);

/* USB string by index, or NULL. */
const char *body_string(const struct body *b, uint8_t index);

#endif
