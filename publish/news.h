/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_NEWS_H
#define PUBLISH_NEWS_H

#include <stdbool.h>

#include "lib/kinds.h"

/* What people are told of each kind of event: a table. Pure. */

/* Kinds that come and go together, and so are folded together. */
enum news_group {
	NEWS_POWER,
	NEWS_LOW,
	NEWS_FSD,
	NEWS_LINK,
	NEWS_OVERLOAD,
	NEWS_REPLACE,
	NEWS_BYPASS,
	NEWS_VOLTAGE,
	NEWS_SAG,
	NEWS_SWELL,
	NEWS_ALARM,
	NEWS_TEST,
	NEWS_OFF,
	NEWS_LOGIN,
	NEWS_MACHINE,
	NEWS_DEED,
	NEWS_LEARNED,
	NEWS_RUNNING,
	NEWS_GROUPS
};

enum news_priority {
	NEWS_LEAST = 1,
	NEWS_QUIET, /* makes no sound where the service can do without */
	NEWS_USUAL,
	NEWS_HIGH,
	NEWS_EMERGENCY,
};

struct news {
	const char *title; /* "Power failure"; the UPS is named behind it */
	enum news_group group;
	enum news_priority priority;
	bool urgent;     /* told in quiet hours, too */
	const char *tag; /* the name of an emoji, as ntfy has them */
};

const struct news *news_of(enum kind kind);

#endif
