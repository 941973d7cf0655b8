/* SPDX-License-Identifier: ISC */
#ifndef HID_DRIVER_IN_H
#define HID_DRIVER_IN_H

#include <sys/queue.h>

#include "hid/driver.h"
#include "hid/overlay.h"

/*
 * What driver.c (reading) and driver_jobs.c (commands and settings) share; nobody else's
 * business.
 */

/* What the request in flight is for. */
enum work { IDLE, POLL, CONFIRM, WRITE, REREAD, STRING };

/* A command or setting: reports to write, then to read back, until the countdown to the
 * cut is as it should be or its time is up. */
struct job {
	TAILQ_ENTRY(job) link;
	struct driver_result result;
	struct hidups_write writes[HIDUPS_WRITES_MAX];
	size_t nwrites, written, reread;
	long asked;           /* seconds that it is to count, or -1 */
	bool stops;           /* it is to count no longer */
	bool counted;         /* before: what it shows at first may be that */
	bool undoes;          /* ... because it counted too few */
	long most;            /* seconds that it was seen to count */
	uint64_t look, until; /* when it is read again; the last time */
};

/* How often in a row a feature report could not be read, and until when it rests. */
struct health {
	unsigned failures;
	uint64_t rests_until;
	bool unknown; /* its values are no longer shown */
};

struct driver {
	const struct options *options;
	struct state *vars;  /* what the device and ups.conf say */
	struct state *state; /* what clients were told of it */
	struct overlay *overlay;

	/* The device, NULL without one, and what is known of its answers. */
	struct hid_desc *desc;
	struct hidups *ups;
	struct health health[256];
	uint64_t last_good;
	unsigned failed_polls;
	bool whole; /* everything has been read once since it came */
	bool hangs; /* no good answer since one did not come at all */
	bool doubt; /* it hung, and has not been read wholly since */
	bool gone;

	/* One round of reading. */
	uint8_t ids[256];
	size_t nids, at;
	bool full, any, clean; /* of everything; something was read; nothing hung */
	uint64_t next_poll, next_full;
	uint8_t strings[16];
	size_t nstrings, string_at;

	/* The request in flight. */
	enum work work;
	uint8_t id;
	bool again;
	uint64_t asked;

	bool confirm; /* `confirm_id` said that the mains are gone: ask it once more */
	uint8_t confirm_id;
	bool dirty, urgent; /* `vars` has news; that do not wait for the round's end */
	bool announce;      /* `state` has news: of the driver itself */

	TAILQ_HEAD(jobs, job) jobs, done;
	size_t njobs;
};

/* Takes the device's values over into the variables. */
void driver_refresh(struct driver *d);

/* Each command that waits fails with this errno value. */
void driver_jobs_fail(struct driver *d, int error);

/* The first command: its report was written, or not; what it wrote was read back, or
 * refused that: not all can be read. */
void driver_jobs_wrote(struct driver *d, int error);
void driver_jobs_reread(struct driver *d, int error, uint64_t now);

/* True when there is a first command that is not waiting for its next look. */
bool driver_jobs_due(const struct driver *d, uint64_t now);

#endif
