/* SPDX-License-Identifier: ISC */
#ifndef MQTT_CLIENT_ID_H
#define MQTT_CLIENT_ID_H

#include <stddef.h>

/* The id of a client of this machine, the same at each start: "holdup-NAME-" and six letters
 * that follow from machine-id(5). Returns `out`. */
char *client_id(char *out, size_t size, const char *name);

#endif
