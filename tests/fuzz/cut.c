/* SPDX-License-Identifier: ISC */
/*
 * The late cut of a whole device: a byte for the vendor, two bytes of length, a
 * descriptor, then the answers as [error][length][bytes…]. Whatever the device says, the
 * conversation ends, and what is written fits.
 */
#include <stdlib.h>
#include <string.h>

#include "hid/cut.h"

#define REQUESTS_MAX 256 /* more than three ways, each asked twice, and looks come to */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Answers until the cut is through. */
static void
converse(struct cut *c, const uint8_t *data, size_t size)
{
	struct driver_ask a;
	size_t len;
	int error;

	for (int n = 0; cut_ask(c, &a); n++) {
		if (n == REQUESTS_MAX ||
		    a.len > sizeof(((struct hidups_write *)0)->bytes))
			abort();
		if (size < 2) {
			cut_answer(c, 0, NULL, 0);
			continue;
		}
		error = data[0] < 0xc0 ? 0 : data[0] - 0xbf;
		len = data[1] < size - 2 ? data[1] : size - 2;
		cut_answer(c, error, data + 2, error == 0 ? len : 0);
		data += 2 + len;
		size -= 2 + len;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hidups_ident ident = {.product = 2, .name = "UPS"};
	char offdelay[] = "120", cause[80];
	const struct options options = {.offdelay = offdelay};
	struct hid_desc *d;
	struct cut *c;
	size_t len;

	if (size < 3)
		return 0;
	ident.vendor = data[0] % 2 == 0 ? 0x051d : 0x0764;
	len = (size_t)data[1] | (size_t)data[2] << 8;
	if (len > size - 3)
		return 0;
	d = hid_desc_parse(data + 3, len, cause, sizeof(cause));
	if (d == NULL)
		return 0;
	c = cut_new(d, &ident, &options);
	converse(c, data + 3 + len, size - 3 - len);
	if (*cut_text(c) == '\0')
		abort();
	cut_free(c);
	hid_desc_free(d);
	return 0;
}
