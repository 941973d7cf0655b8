/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_DOMOAPI_H
#define PUBLISH_DOMOAPI_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/conf_holdup.h"
#include "publish/domosensors.h"
#include "publish/http.h"
#include "publish/schedule.h"

/*
 * Domoticz's JSON API (`/json.htm?type=command&param=…`, since 2023.2): its questions, and
 * what its answers mean. It answers HTTP 200 to nearly everything, so what counts is "status"
 * in the body, which is null where a device or a right is missing (with HTTP 403 for a right
 * since 2025.2). Pure.
 */

#define DOMOAPI_NAME_MAX 127
#define DOMOAPI_LIST_MAX (8 * 1024 * 1024) /* bytes of a list of devices that are read */

/* A row of the hardware, or of the devices. */
struct domo_row {
	int idx;
	char name[DOMOAPI_NAME_MAX + 1];
	int type;     /* of hardware; of a device: that of its hardware */
	int hardware; /* of a device: the number of its hardware */
	char owner[DOMOAPI_NAME_MAX + 1]; /* of a device: the name of its hardware */
	char subtype[64];                 /* of a device, in words */
};

#define DOMO_DUMMY 15 /* type of the hardware whose devices are virtual */

/* An answer. */
struct domo_answer {
	enum verdict verdict;
	char version[32]; /* of getversion; "": it does not say */
	int idx;          /* of what was made; 0: none */
	struct domo_row *rows;
	size_t nrows;
};

/* Questions: each appends to `url`, which may hold nothing. `d` has the server. */
void domoapi_version(struct buf *url, const struct conf_domoticz *d);
void domoapi_hardware(struct buf *url, const struct conf_domoticz *d);
void domoapi_add_hardware(
    struct buf *url, const struct conf_domoticz *d, const char *name);
/* `hardware` 0: of all. */
void domoapi_devices(struct buf *url, const struct conf_domoticz *d, int hardware);
void domoapi_create(struct buf *url, const struct conf_domoticz *d, int hardware,
    const char *name, const struct domosensor *s);
/* `battery` -1: not said. */
void domoapi_update(struct buf *url, const struct conf_domoticz *d, int idx,
    const struct domo_value *v, int battery);

/* Reads an answer, whatever was asked. With a verdict for the whole server the remedy is in
 * `cause`. */
void domoapi_read(struct domo_answer *a, const struct conf_domoticz *d,
    const struct http_reply *reply, char *cause, size_t size);
void domoapi_free(struct domo_answer *a);

/* True when a version as Domoticz writes it ("2023.2 (build 15410)") is 2023.2 or newer, or
 * is none. */
bool domoapi_new_enough(const char *version);

#endif
