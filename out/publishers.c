/* SPDX-License-Identifier: ISC */
#include <string.h>

#include "out/publishers.h"

const struct publisher *const publishers[] = {
    &publisher_domoticz,
    NULL,
};

const struct publisher *
publisher_find(const char *name)
{
	const struct publisher *const *p = publishers;

	while (*p != NULL && strcmp((*p)->name, name) != 0)
		p++;
	return *p;
}
