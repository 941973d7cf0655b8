/* SPDX-License-Identifier: ISC */
#ifndef MQTT_READBACK_H
#define MQTT_READBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/feed.h"
#include "mqtt/broker.h"
#include "mqtt/topics.h"
#include "out/link.h"

/*
 * Of which UPSes the broker may have something, and once after each start of ours what that
 * is, so that what is gone meanwhile can be deleted. They are known by their words
 * (topic_word()), which `out` keeps: "ups.WORD".
 */

#define READBACK_MS 5000   /* that a broker has for what it kept of ours */
#define READBACK_WORDS 100 /* more UPSes are not known */

struct readback {
	char words[READBACK_WORDS][TOPIC_WORD_MAX];
	size_t nwords;
	uint64_t until_ms; /* 0: it has not begun */
	bool over;
};

/* What was kept; the word, or NULL when the key is not one of these. */
const char *readback_kept(struct readback *r, const char *key);

/* Those of the feed are known from now on, and kept. */
void readback_feed(struct readback *r, const struct feed *f, struct link *l);

bool readback_knows(const struct readback *r, const char *word);

/* Asks for all that there is, unless that is over. */
void readback_begin(
    struct readback *r, const struct topics *t, struct broker *b, uint64_t now_ms);

/* In how many ms it is over (UINT64_MAX: it is not under way) / it is. A UPS that the feed
 * has not is not kept any more. */
uint64_t readback_due(const struct readback *r, uint64_t now_ms);
void readback_end(struct readback *r, const struct topics *t, struct broker *b,
    const struct feed *f, struct link *l);

#endif
