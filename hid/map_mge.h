/* SPDX-License-Identifier: ISC */
#ifndef HID_MAP_MGE_H
#define HID_MAP_MGE_H

#include <stdbool.h>
#include <stddef.h>

#include "hid/map.h"

/* What the files of Eaton's tables share. */

extern const struct map map_mge_lines; /* inputs, bypass, output, phases, outlets */

extern const struct map_word map_mge_yes_no[];
extern const struct map_word map_mge_enabled[];

/* A name as Eaton sells it, of the product's and the model's string; true for a series
 * whose PowerSummary has the battery's true voltage. */
bool mge_model(char *out, size_t size, const char *product, const char *model);

#endif
