/* SPDX-License-Identifier: ISC */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "net/failures.h"
#include "web/house.h"
#include "web/login.h"
#include "web/stream.h"
#include "web/webconf.h"

struct event_base;

/* What belongs to the process: main.c makes it, those who answer requests (api.h) use it. */
struct web {
	struct event_base *base;
	struct webconf *conf;
	struct house house;
	struct streams *streams;
	struct logins logins;
	struct failures failures;
	struct nets *nets;
	struct judge *judge;
	struct upstream *upstream;
	struct push *push;
	struct past *past;
	struct drills *drills;
	struct http *http;
};

/* Unix seconds, for what people see. Decisions use lib/boottime.h. */
double web_time(void);

#endif
