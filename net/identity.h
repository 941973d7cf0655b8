/* SPDX-License-Identifier: ISC */
#ifndef NET_IDENTITY_H
#define NET_IDENTITY_H

#include "lib/feed.h"

/*
 * Who a UPS is, told by every answer from the first one on (shared/research/clients.md, 3.4,
 * rule 9). Pure. Home Assistant makes its names of it and takes another serial number for
 * another UPS, Synology shows no UPS without maker and model, a QNAP asks for the result of
 * the last test.
 *
 * Our own drivers tell all of it; others may not. What they leave out is taken from its twin
 * (ups.mfr and device.mfr) or said to be unknown. Never made up: anything measured, and
 * anything that can be set.
 */

/* What was told first, by UPS. Zero: nothing yet. */
struct identity {
	struct identity_ups *list;
	size_t count;
};

/* Completes the model after a change of it: maker, model and serial number stay what they
 * were when data first came, whatever a driver says later. Adapts the change to that. */
void identity_apply(struct identity *id, struct feed *f, struct feed_change *change);

void identity_free(struct identity *id);

#endif
