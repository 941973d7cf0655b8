/* SPDX-License-Identifier: ISC */
#ifndef LIB_CONF_UPSMON_H
#define LIB_CONF_UPSMON_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf.h"

/* upsmon.conf (NUT: upsmon.conf(5)): today its MONITOR lines; all words are known. */

struct conf_monitor {
	char *ups, *host, *port; /* "qnapups", "localhost", "3493" */
	int power;               /* power value */
	char *user, *password;
	bool primary;
	int line;
};

struct upsmon_conf {
	struct conf_monitor *monitors;
	size_t nmonitors;
};

void upsmon_conf_read(struct upsmon_conf *c, const char *file, const char *text,
    size_t len, struct problems *p);
void upsmon_conf_free(struct upsmon_conf *c);

#endif
