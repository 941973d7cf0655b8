/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_DOMOSETUP_H
#define PUBLISH_DOMOSETUP_H

#include <stdbool.h>
#include <stdint.h>

#include "publish/domoapi.h"

/*
 * Finds or makes what Domoticz shows (docs/publishing.md, 4): the Dummy hardware, and a
 * sensor for each value that a UPS tells. Pure: answers go in, the next question comes out.
 *
 * A sensor is known by its number, as long as that is a device of our hardware: somebody may
 * have given it another name. By hardware and name when the number is lost. A number that
 * has become another device, by an old backup say, is never written to: a list of devices is
 * believed for two seconds, and what is told later asks for another one.
 */

#define DOMOSETUP_TRUST_MS 2000
#define DOMOSETUP_RETRY_MS 60000      /* until what was refused is tried again */
#define DOMOSETUP_GIVEN_UP_MS 3600000 /* … until what came to nothing three times is */
#define DOMOSETUP_TRIES 3
#define DOMOSETUP_UPSES_MAX 200 /* out keeps 256 words for a publisher */

struct domosetup;

/* What is to be logged of an answer. */
struct domo_note {
	bool warn;
	char text[512]; /* empty: nothing */
};

/* `d` outlives it. */
struct domosetup *domosetup_new(const struct conf_domoticz *d);
void domosetup_free(struct domosetup *s);

/* The row of a UPS, made when it is new; -1: there are too many. Sensor k of it has slot
 * row * DOMOSENSORS + k. */
int domosetup_ups(struct domosetup *s, const char *name);

/* This sensor is to be there. */
void domosetup_want(struct domosetup *s, size_t slot);

/*
 * What is to be asked next: true, with the question in `q`. False when nothing is to be found out: with `tell`, a value may be told now by
 * domosetup_idx() (0: there is no such sensor, and none could be made).
 */
bool domosetup_asks(struct domosetup *s, bool tell, uint64_t now, struct http_request *q);
int domosetup_idx(const struct domosetup *s, size_t slot);

/* The answer to it.
 * Returns what it means for the server as a whole, VERDICT_NONE for nothing; `note` may
 * already hold the remedy. */
enum verdict domosetup_answer(struct domosetup *s, const struct domo_answer *a,
    uint64_t now, struct domo_note *note);

/* The server failed: it may be another one afterwards / a sensor was not there. */
void domosetup_lost(struct domosetup *s);
void domosetup_doubt(struct domosetup *s);

/* What was kept, and what is to be kept: true with the next key and value. */
void domosetup_kept(struct domosetup *s, const char *key, const char *value);
bool domosetup_keep(struct domosetup *s, struct buf *key, struct buf *value);

#endif
