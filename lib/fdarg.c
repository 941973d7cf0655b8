/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "lib/fdarg.h"
#include "lib/log.h"

#define FD_MAX 65535

int
fdarg(const char *text, const char **rest)
{
	char *end;
	long fd = strtol(text, &end, 10);

	if (end == text || (rest == NULL && *end != '\0') || fd < 0 || fd > FD_MAX)
		log_fatal("%s is no descriptor number; holdupd starts this program and "
			  "opens the descriptors for it",
		    text);
	if (rest != NULL)
		*rest = end;
	return (int)fd;
}
