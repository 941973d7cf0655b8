/* SPDX-License-Identifier: ISC */
#ifndef MQTT_ORDERS_H
#define MQTT_ORDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/conf_holdup.h"
#include "lib/feed.h"
#include "mqtt/topics.h"

/*
 * Orders that come by MQTT (docs/publishing.md, 3.4): BASE/UPS/command/NAME and
 * BASE/UPS/set/VARIABLE, and what is told of them on BASE/UPS/result. `out` judges again
 * whether [mqtt] allows them; what is refused here never gets there. Pure.
 */
struct orders;

#define ORDERS_AT_ONCE 16     /* so many may come together … */
#define ORDERS_EACH_MS 1000   /* … and then one in this time */
#define ORDERS_WAITING_MAX 64 /* without an answer */
#define ORDERS_RESULTS_MAX 64 /* that wait to be sent */
#define ORDERS_VALUE_MAX 511  /* bytes of a payload */

struct orders *orders_new(const struct conf_mqtt *conf, const struct topics *topics);
void orders_free(struct orders *o);

/* What link_ask() is to be given; good until the next call. */
struct orders_ask {
	bool set;
	const char *ups, *name;
	const char *value; /* NULL: without */
};

/* A message at BASE/`word`/`tail`. True: it is an order, and the number that link_ask()
 * returns for it goes to orders_asked(). False: it is none (`tail` is neither command/… nor
 * set/…, or it is retained), or it is refused, which is a result. */
bool orders_take(struct orders *o, const struct feed *f, const char *word,
    const char *tail, const char *payload, size_t len, bool retained, uint64_t now_ms,
    struct orders_ask *ask);
void orders_asked(struct orders *o, unsigned long number);

/* What came of it (link_ops.asked). */
void orders_answer(struct orders *o, unsigned long number, const char *answer);

/* The next result, as topic and JSON object, not to be retained; false: there is none. */
bool orders_next(struct orders *o, char topic[TOPIC_MAX], struct buf *json);

#endif
