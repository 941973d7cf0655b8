/* SPDX-License-Identifier: ISC */
#include <stdlib.h>
#include <string.h>

#include "dummy/kinds.h"

#define TEXT_BYTES 32 /* of a text that is not in the table */

/* What is not a text of TEXT_BYTES; 0 bytes: a number. Sorted. */
static const struct kind {
	const char *name;
	long bytes;
} kinds[] = {
    {"ambient.humidity", 0},
    {"ambient.humidity.alarm", 0},
    {"ambient.humidity.high", 0},
    {"ambient.humidity.low", 0},
    {"ambient.temperature", 0},
    {"ambient.temperature.alarm", 0},
    {"ambient.temperature.high", 0},
    {"ambient.temperature.low", 0},
    {"battery.charge", 0},
    {"battery.charge.low", 0},
    {"battery.charge.restart", 0},
    {"battery.current", 0},
    {"battery.runtime", 0},
    {"battery.runtime.low", 0},
    {"battery.temperature", 0},
    {"battery.voltage", 0},
    {"battery.voltage.nominal", 0},
    {"input.frequency", 0},
    {"input.quality", 6},
    {"input.sensitivity", 1},
    {"input.transfer.boost.high", 0},
    {"input.transfer.boost.low", 0},
    {"input.transfer.high", 0},
    {"input.transfer.low", 0},
    {"input.transfer.reason", 1},
    {"input.transfer.trim.high", 0},
    {"input.transfer.trim.low", 0},
    {"input.voltage", 0},
    {"input.voltage.maximum", 0},
    {"input.voltage.minimum", 0},
    {"input.voltage.nominal", 0},
    {"output.current", 0},
    {"output.frequency", 0},
    {"output.voltage", 0},
    {"ups.date", 16},
    {"ups.delay.reboot", 0},
    {"ups.delay.shutdown", 0},
    {"ups.delay.start", 0},
    {"ups.firmware", 16},
    {"ups.firmware.aux", 16},
    {"ups.id", 16},
    {"ups.load", 0},
    {"ups.mfr.date", 16},
    {"ups.temperature", 0},
    {"ups.test.interval", 0},
    {"ups.test.result", 16},
    {"ups.time", 16},
};

static int
by_name(const void *name, const void *kind)
{
	return strcmp(name, ((const struct kind *)kind)->name);
}

void
kinds_apply(struct state *s, const char *name)
{
	const struct kind *k = bsearch(
	    name, kinds, sizeof(kinds) / sizeof(kinds[0]), sizeof(kinds[0]), by_name);
	long bytes = k == NULL ? TEXT_BYTES : k->bytes;

	state_flags(s, name, bytes == 0 ? STATE_RW : STATE_RW | STATE_STRING);
	if (bytes > 0)
		state_aux(s, name, bytes);
}
