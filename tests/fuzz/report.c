/* SPDX-License-Identifier: ISC */
/* Two bytes of length, a descriptor, and the rest as a report of every field. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "hid/desc.h"
#include "hid/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read must be written back as the same bits. */
static void
check_field(const struct hid_field *f, uint8_t *bytes, size_t len)
{
	int64_t raw, again;

	if (!hid_report_get(f, bytes, len, &raw))
		return;
	if (!hid_report_put(f, bytes, len, raw) ||
	    !hid_report_get(f, bytes, len, &again) || again != raw)
		abort();
	if (!isfinite(hid_report_scale(f, raw)))
		abort();
	hid_report_unscale(f, hid_report_scale(f, raw));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t bytes[65536];
	struct hid_desc *d;
	char cause[80];
	size_t len, i;

	if (size < 2)
		return 0;
	len = (size_t)data[0] | (size_t)data[1] << 8;
	data += 2;
	size -= 2;
	if (len > size || size - len > sizeof(bytes))
		return 0;
	d = hid_desc_parse(data, len, cause, sizeof(cause));
	if (d == NULL)
		return 0;
	memcpy(bytes, data + len, size - len);
	for (i = 0; i < d->nfields; i++)
		check_field(&d->fields[i], bytes, size - len);
	hid_desc_free(d);
	return 0;
}
