/* SPDX-License-Identifier: ISC */
#ifndef MQTT_OPTIONS_H
#define MQTT_OPTIONS_H

#include <stdbool.h>

#include "mqtt/publisher.h"

/* The command line of `mqtt`. */
struct options {
	const struct publisher *publisher; /* -P */
	int conf_fd, queue_fd;             /* -C, -q */
	int authorities_fd, own_fd;        /* -A, -T; -1: none */
};

/* Reads it, of `publishers` (NULL-terminated). What cannot be ends the process. */
void options_read(
    struct options *o, const struct publisher *const *publishers, int argc, char **argv);

#endif
