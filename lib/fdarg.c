/* SPDX-License-Identifier: ISC */
#include <stdlib.h>

#include "lib/conf_holdup.h"
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

void
fdarg_conf(struct holdup_conf *conf, int fd)
{
	struct problems problems = {0};
	size_t len;
	char *text = conf_slurp_fd(fd, &len);

	if (text == NULL)
		log_fatal_errno("cannot read holdup.conf from descriptor %d", fd);
	holdup_conf_read(conf, "holdup.conf", text, len, &problems);
	problems_free(&problems);
	free(text);
}
