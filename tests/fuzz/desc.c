/* SPDX-License-Identifier: ISC */
/* Any bytes as a report descriptor; what comes out is walked. */
#include <stdlib.h>
#include <string.h>

#include "hid/desc.h"
#include "hid/usages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hid_desc *d;
	char cause[80], path[200];
	size_t i;

	d = hid_desc_parse(data, size, cause, sizeof(cause));
	if (d == NULL)
		return 0;
	hid_desc_is_power(d);
	for (i = 0; i < d->nfields && i < 256; i++) {
		const struct hid_field *f = &d->fields[i];
		uint32_t usages[HID_DEPTH_MAX + 1];

		if (f->size < 1 || f->size > 32 ||
		    f->offset + f->size > d->bits[f->type][f->report_id])
			abort();
		if (hid_desc_find(d, f->type, f->usages, f->depth) == NULL)
			abort();
		hid_usage_path(path, sizeof(path), f->usages, f->depth);
		hid_usage_parse(path, usages, HID_DEPTH_MAX + 1);
		if (hid_desc_report_len(d, f->type, f->report_id) == 0)
			abort();
	}
	hid_desc_free(d);
	return 0;
}
