/* SPDX-License-Identifier: ISC */
#ifndef CLI_RECORD_H
#define CLI_RECORD_H

#include <stddef.h>

#include "hid/bus.h"

/*
 * Reads everything that a device tells: each feature report that is safe to ask for, the
 * input reports of two seconds, the strings that a UPS needs. Returns the recording as
 * JSON text that the caller frees, or NULL with the reason in `cause`. Blocks.
 */
char *record_device(const struct bus_device *device, char *cause, size_t size);

#endif
