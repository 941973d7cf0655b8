/* SPDX-License-Identifier: ISC */
#ifndef HID_SEARCH_H
#define HID_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "hid/bus.h"
#include "hid/desc.h"
#include "hid/io.h"
#include "hid/options.h"

/*
 * Finds the device of a section, the first time and after each loss, opens it so that no
 * other driver of ours takes it, and says in the log what stands in the way: each finding
 * once. Who else has the device open is named.
 */
#define SEARCH_PATIENT_MS 60000 /* a nameless device is awaited where it was so long */

struct search;

/* `o` must outlive it. */
struct search *search_new(const struct options *o);
void search_free(struct search *s);

/* A device to use: `io` and `desc` are the caller's. */
struct search_found {
	struct io *io;
	struct hid_desc *desc;
	struct hidups_ident ident;
	char path[sizeof(((struct bus_device *)0)->path)];
	char usb[sizeof(((struct bus_device *)0)->usb)];
};

/* Looks once. `settled`: nothing has changed on the bus lately, so that what is wrong now
 * will not pass by itself and is said. */
bool search_look(struct search *s, bool settled, struct search_found *found);

/* The device that was found last is lost. */
void search_lost(struct search *s);

/* Says who else has a node of the device that was found last open, as far as that can be
 * seen, or who may. */
void search_accuse(const struct search *s);

#endif
