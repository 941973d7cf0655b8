/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_DOMOSETUP_IN_H
#define PUBLISH_DOMOSETUP_IN_H

#include "publish/domosetup.h"

/* The inside of domosetup.c (what is asked) and domofind.c (what is ours). */

enum domo_step {
	STEP_VERSION,
	STEP_HARDWARE,
	STEP_ADD_HARDWARE,
	STEP_DEVICES,
	STEP_CREATE,
	STEP_READY,
};

struct domo_slot {
	bool wanted;
	int idx;     /* 0: there is none */
	bool proven; /* the last list has it by its number and by the name that we gave */
	unsigned made;          /* how often it was, without being there afterwards */
	uint64_t not_before_ms; /* it cannot be made */
};

struct domo_house {
	char *ups;
	bool changed; /* what is kept of it is */
};

struct domosetup {
	const struct conf_domoticz *conf;
	enum domo_step step;
	char version[32]; /* that was logged */
	int hardware;     /* 0: not known */
	char owner[DOMOAPI_NAME_MAX +
		   1]; /* its name when it was looked up; "": it was not */
	bool hardware_changed;
	bool sure;     /* it has been looked up since we were ready last */
	bool doubtful; /* it has another name: is a sensor in it that is proven? */
	bool blind;    /* we may not see the hardware: it is that of the devices */
	bool all;      /* … so devices of all hardware are listed */
	int added;     /* the hardware that was made just now; 0: none */
	unsigned adds; /* how often it was made */
	struct domo_house *houses;
	size_t nhouses;
	struct domo_slot *slots; /* DOMOSENSORS for each house */
	size_t making;           /* the slot of STEP_CREATE */
	uint64_t looked_ms;      /* the last list of devices */
	bool looked;             /* … is believed, but for its age */
};

/* The name that its hardware has / a sensor is given. */
const char *domofind_hardware_name(const struct domosetup *s);
void domofind_name(const struct domosetup *s, size_t slot, char *name, size_t size);

/* Which of this hardware is ours, or NULL. *doubtful: only by a number of old. */
const struct domo_row *domofind_hardware(
    const struct domosetup *s, const struct domo_answer *a, bool *doubtful);

/* True when a list of our hardware is not as it was: its name is another one, or a sensor has
 * gone. Then it may not be our hardware any more. */
bool domofind_strange(const struct domosetup *s, const struct domo_answer *a);

/* Takes the numbers of all wanted sensors from a list of devices. */
void domofind_devices(struct domosetup *s, const struct domo_answer *a);

#endif
