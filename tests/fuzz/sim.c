/* SPDX-License-Identifier: ISC */
/*
 * The virtual UPS: whatever body it is given, whatever a host writes and a human says,
 * its numbers stay within bounds. Input: a byte with the length of the descriptor in
 * words of 8 bytes, the descriptor, then parts of one byte length and content, each a
 * write, and a command when it begins with a letter.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/body.h"
#include "sim/command.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
ignore(void *arg, const uint8_t *bytes, size_t len)
{
	(void)arg;
	(void)bytes;
	(void)len;
}

static void
say(const uint8_t *text, size_t len)
{
	char line[256], cause[64];
	struct command c;

	memcpy(line, text, len);
	line[len] = '\0';
	command_parse(&c, line, cause, sizeof(cause));
}

static void
check(struct body *b)
{
	const struct ups *u = body_ups(b);
	size_t len;
	int id;

	if (!(u->battery.charge >= 0.0 && u->battery.charge <= 1.0) ||
	    !isfinite(battery_volts(&u->battery)) || !isfinite(ups_runtime(u)))
		abort();
	for (id = 0; id < 256; id += 51)
		body_feature(b, (uint8_t)id, &len);
	body_inputs(b, true, ignore, NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct recording r = {0};
	uint8_t descriptor[256 * 8];
	size_t len, at = 1;
	struct body *b;

	if (size < 1 || size < 1 + data[0] * (size_t)8)
		return 0;
	r.descriptor_len = data[0] * (size_t)8;
	memcpy(descriptor, data + 1, r.descriptor_len);
	r.descriptor = descriptor;
	b = body_new(&r);
	check(b);
	ups_unplug(body_ups(b));
	for (at += r.descriptor_len; at < size; at += len) {
		len = data[at++];
		if (len > size - at)
			len = size - at;
		body_set(b, data + at, len);
		if (len > 0 && data[at] >= 'a')
			say(data + at, len);
		ups_step(body_ups(b), 20.0);
		check(b);
	}
	body_free(b);
	return 0;
}
