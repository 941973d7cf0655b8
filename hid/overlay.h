/* SPDX-License-Identifier: ISC */
#ifndef HID_OVERLAY_H
#define HID_OVERLAY_H

#include "hid/options.h"
#include "lib/state.h"

/*
 * What is laid over the variables of a device: ups.conf's words, and an identity that
 * never changes once it was known. Pure.
 */
struct overlay;

/* `o` must outlive it. */
struct overlay *overlay_new(const struct options *o);
void overlay_free(struct overlay *l);

/* From now on the identity (ups.mfr, ups.model, ups.serial, ids, device.*) is what `s`
 * says; a second call changes nothing. */
void overlay_latch(struct overlay *l, const struct state *s);

/* Lays it over variables that come fresh from the device. */
void overlay_apply(const struct overlay *l, struct state *s);

#endif
