/* SPDX-License-Identifier: ISC */
/* Any bytes as a value of a driver, and as its ups.status: what clients get is clean, and
 * what decides over a shutdown is neither lost nor made. The first byte is the client. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/state.h"
#include "net/clean.h"
#include "net/profile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const sacred[] = {"OL", "OB", "LB", "FSD"};
	char text[STATE_VALUE_MAX + 1], out[STATE_VALUE_MAX + 16], tight[8];
	uint32_t look;

	if (size < 1 || size > STATE_VALUE_MAX)
		return 0;
	look = profile_of((enum conf_profile)(data[0] % CONF_PROFILES))->look;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';

	check(clean_is(clean_text(text, out, sizeof(out))));
	check(clean_is(text) == (strcmp(text, profile_text(0, text)) == 0));
	check((look & PROFILE_RAW) || clean_is(profile_text(look, text)));
	check(clean_is(clean_text(text, tight, sizeof(tight))));

	profile_status(look, text, out, sizeof(out));
	for (size_t i = 0; i < sizeof(sacred) / sizeof(sacred[0]); i++)
		check(state_status_has(text, sacred[i]) ==
		      state_status_has(out, sacred[i]));
	check((look & PROFILE_RAW) || clean_is(out));
	return 0;
}
