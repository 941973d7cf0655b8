/* SPDX-License-Identifier: ISC */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "setup/mdns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mdns_servers *s = calloc(1, sizeof(*s));

	/* Twice: what is known already is looked for. */
	mdns_take(s, data, size, "192.168.0.77");
	mdns_take(s, data, size, "fe80::1%eth0");
	for (size_t i = 0; i < s->count; i++)
		if (strlen(s->list[i].name) == 0 ||
		    strlen(s->list[i].host) >= MDNS_NAME_MAX ||
		    strlen(s->list[i].address) == 0)
			abort();
	free(s);
	return 0;
}
