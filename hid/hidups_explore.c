/* SPDX-License-Identifier: ISC */
#include <stdio.h>

#include "hid/hidups.h"
#include "hid/hidups_in.h"
#include "hid/report.h"
#include "hid/usages.h"

#define PATH_BYTES 1024

/* The raw number of a field, mapped or not; false when it was not read. */
static bool
raw_of(const struct hidups *u, const struct hid_field *f, int64_t *raw)
{
	const struct slot *slot = hidups_slot(u, f);

	if (f->type == HID_FEATURE)
		return u->features[f->report_id] != NULL &&
		       hid_report_get(f, u->features[f->report_id],
			   u->feature_len[f->report_id], raw);
	*raw = slot->raw;
	return slot->known;
}

char *
hidups_field_text(const struct hidups *u, size_t field, char *out, size_t size)
{
	static const char *const types[] = {
	    [HID_INPUT] = "input", [HID_OUTPUT] = "output", [HID_FEATURE] = "feature"};
	const struct hid_field *f = &u->desc->fields[field];
	char path[PATH_BYTES], value[64] = "unknown";
	int64_t raw;

	if (raw_of(u, f, &raw))
		snprintf(value, sizeof(value), "%.10g (raw %lld)",
		    hid_report_scale(f, raw), (long long)raw);
	snprintf(out, size, "%s report %u, offset %u, size %u: %s = %s", types[f->type],
	    f->report_id, f->offset, f->size,
	    hid_usage_path(path, sizeof(path), f->usages, f->depth), value);
	return out;
}
