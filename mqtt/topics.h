/* SPDX-License-Identifier: ISC */
#ifndef MQTT_TOPICS_H
#define MQTT_TOPICS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Names of topics (docs/publishing.md, 3.1). No broker minds them: letters other than
 * A-Z a-z 0-9 _ - are _, so there is no dot (NATS refuses it), no wildcard and no empty
 * level. Pure.
 */

#define TOPIC_MAX 440      /* bytes of a topic with NUL: the longest that is made */
#define TOPIC_BASE_MAX 200 /* of what stands before a UPS, with NUL */
#define TOPIC_WORD_MAX 64  /* of one level that is somebody's name, with NUL */
#define TOPIC_PATH_MAX 160 /* of a name of NUT as levels, with NUL */

/* A name as one level, cut where it is too long; "_" for an empty one. Returns `out`. */
char *topic_word(char out[TOPIC_WORD_MAX], const char *name);

/* A name of NUT as levels: "battery.charge.low" is battery/charge/low. Returns `out`. */
char *topic_path(char out[TOPIC_PATH_MAX], const char *name);

/* What everything of one house stands below: "holdup/home". A prefix may have levels of its
 * own ("company/ups"); what no topic may hold is _ there too. */
struct topics {
	char base[TOPIC_BASE_MAX];
	char site[TOPIC_WORD_MAX]; /* the last level of it */
};

void topics_init(struct topics *t, const char *prefix, const char *site);

/* What the house itself is called where a UPS has its name: BASE/_house/event. */
#define TOPIC_HOUSE "_house"
#define TOPIC_MARK "_mark" /* … and where events.h sends its marks: BASE/_mark/event */

/* BASE/tail: "status" / BASE/UPS/tail: "link", "battery/charge". Return `out`. */
char *topics_house(const struct topics *t, char out[TOPIC_MAX], const char *tail);
char *topics_ups(
    const struct topics *t, char out[TOPIC_MAX], const char *ups, const char *tail);

/* True for the topic of a variable of NUT that may be told: not driver.parameter.*, which
 * may be a password, and nothing whose first level has another meaning here. */
bool topics_tells(const char *variable);

/* A topic BASE/UPS/tail, or BASE/tail, taken apart. False: it is none of this house. */
struct topics_parts {
	char ups[TOPIC_WORD_MAX]; /* as topic_word() has it; "": of the house */
	const char *tail; /* inside the topic given: "command/test/battery/stop" */
};
bool topics_split(const struct topics *t, const char *topic, struct topics_parts *parts);

#endif
