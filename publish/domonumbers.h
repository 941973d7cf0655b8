/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_DOMONUMBERS_H
#define PUBLISH_DOMONUMBERS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf_holdup.h"
#include "lib/feed.h"

/* [domoticz] with numbers: the rows of conf_sensors[] of one UPS, by HTTP or MQTT. Pure. */

#define DOMONUMBERS_TEXT_MAX 63

/* Writes what row i is now (DOMONUMBERS_TEXT_MAX + 1 bytes); false: it is not known, or not
 * to be told. */
bool domonumbers_value(
    const struct conf_domoticz *d, const struct feed *f, size_t i, char *text);

/* True when the file names a UPS that a whole model lacks. */
bool domonumbers_missing(const struct conf_domoticz *d, const struct feed *f);

#endif
