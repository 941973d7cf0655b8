/* SPDX-License-Identifier: ISC */
#ifndef LIB_RECORDING_H
#define LIB_RECORDING_H

#include <stddef.h>
#include <stdint.h>

#include "hid/desc.h"
#include "hid/hidups.h"

/*
 * A recording of a real device: JSON of the form that shared/hid/README.md describes
 * (vendor_id, product_id, manufacturer, product, serial, bcd_device, descriptor, reports
 * of {type, id, hex}, and "strings" {"4": "PbAc"} as ours adds). Links jansson.
 */
struct recording_report {
	enum hid_type type;
	uint8_t id;
	uint8_t *bytes; /* id byte first, as read (devices without ids: no id byte) */
	size_t len;
};

struct recording {
	struct hidups_ident ident;
	uint8_t *descriptor;
	size_t descriptor_len;
	struct recording_report *reports;
	size_t nreports;
	char *strings[256]; /* by index, NULL when unknown */
};

/* Reads JSON text; NULL with the reason (and the place) in `cause`. */
struct recording *recording_read(const char *text, size_t len, char *cause, size_t size);

/* Writes JSON, one report a line; the caller frees. */
char *recording_write(const struct recording *r);
void recording_free(struct recording *r);

#endif
