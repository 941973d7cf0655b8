/* SPDX-License-Identifier: ISC */
#ifndef MQTT_BROKER_H
#define MQTT_BROKER_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "mqtt/publisher.h"
#include "mqtt/tls.h"

/*
 * The connection to a broker, or to the first of several that answers: libmosquitto without
 * its threads, in somebody's poll(2) loop. A new client for each connection, so that nothing
 * is sent that the publisher does not want sent now. Looking up a name may block; connecting
 * and all the rest do not.
 */
struct broker;

/* `tls`: NULL where no broker wants any; stays the caller's, as `p` with its `arg`. */
struct broker *broker_new(const struct publisher *p, void *arg, struct tls *tls);
/* Says farewell, if it is connected, and waits 2 s at most for the broker to have it. */
void broker_free(struct broker *b);

/* True while something may be lost by ending abruptly. */
bool broker_connected(const struct broker *b);

/* Subscribes; subscribed() is told the answer by the number returned here. 0: it is not
 * connected. */
int broker_subscribe(struct broker *b, const char *filter, int qos);
void broker_unsubscribe(struct broker *b, const char *filter);

/* Connects when it is time to, and sends what is to be sent. Returns in how many ms it is to
 * be called again, and in `fd` what is to be waited for (fd -1: nothing). */
uint64_t broker_step(struct broker *b, uint64_t now_ms, struct pollfd *fd);

/* `fd` is ready, as poll(2) says. */
void broker_ready(struct broker *b, const struct pollfd *fd);

#endif
