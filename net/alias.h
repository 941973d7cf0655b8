/* SPDX-License-Identifier: ISC */
#ifndef NET_ALIAS_H
#define NET_ALIAS_H

#include "lib/conf_holdup.h"
#include "lib/feed.h"

/*
 * Names of a UPS (docs/serving.md, 3). Pure. In any case: its own, as in ups.conf; else an
 * alias of an [ups] section of holdup.conf; else one of those that some clients cannot be
 * told another of, which mean the first UPS of ups.conf.
 */

/* The UPS that a name means, or NULL. An alias of a UPS that is not there means none,
 * though another one might have had it. `own` may be NULL. */
struct feed_ups *alias_find(
    const struct feed *f, const struct holdup_conf *own, const char *name);

#endif
