/* SPDX-License-Identifier: ISC */
#ifndef HID_DRIVER_IN_H
#define HID_DRIVER_IN_H

#include <sys/queue.h>

#include "hid/driver.h"
#include "hid/link.h"
#include "hid/overlay.h"

/*
 * What driver.c (requests and answers), driver_round.c (a round of reading), driver_link.c
 * (losses, and what the values are worth) and driver_jobs.c (commands and settings) share;
 * nobody else's business.
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
	long asked; /* seconds that it is to count, or -1 */
	bool stops; /* it is to count no longer */
	bool sets;  /* it is a setting, to `value` */
	char value[STATE_VALUE_MAX + 1];
	bool counted; /* before: what it shows at first may be that */
	bool undoes;  /* ... because it counted too few */
	size_t way;   /* of driver_ways[] that it is; the next one follows if refused */
	long most;    /* seconds that it was seen to count */
	uint64_t look, until; /* when it is read again; the last time */
};

/* How often in a row a feature report could not be read, and until when it rests. */
struct health {
	unsigned failures;
	uint64_t rests_until;
	bool hung;    /* with the whole device */
	bool unknown; /* its values are no longer shown */
	bool solid;   /* it was no blank when it was read last */
	bool blank;   /* it is one, of this round: `fill`, `len` times */
	uint8_t fill;
	size_t len;
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
	unsigned failed_polls;
	unsigned quiet_polls; /* without an input report before them */
	bool strange; /* the last answer was another report than the one asked for */
	bool rubbish; /* the last round was of no use, though there were answers */
	uint64_t rests_until; /* it must not be asked before */
	bool whole;           /* everything has been read once since it came */
	bool hangs;           /* no good answer since one did not come at all */
	bool doubt;           /* it hung, and has not been read wholly since */
	bool gone, explored;

	/* One round of reading. */
	uint8_t ids[256];
	size_t nids, at;
	bool full, any, clean; /* of everything; something was read; nothing hung */
	unsigned solids, blanks,
	    wiped; /* reports; blanks that were none the time before */
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
	/* How it is reached, over all of its lives; `shown`: it has been read wholly once. */
	struct link link;
	bool shown;
	uint64_t last_good; /* answer */
	uint64_t age_s;     /* as it was told last */

	bool dirty, urgent; /* `vars` has news; that do not wait for the round's end */
	bool announce;      /* `state` has news: of the driver itself */

	TAILQ_HEAD(jobs, job) jobs, done;
	size_t njobs;
};

/* Takes the device's values over into the variables. */
void driver_refresh(struct driver *d);

/* A feature report came. A loss of the mains by it must be said twice. */
void driver_take(
    struct driver *d, uint8_t id, const uint8_t *bytes, size_t len, bool confirmed);

/* A variable of the driver itself: known at once, with or without a device. */
void driver_announce(struct driver *d, const char *name, const char *text);

/* driver_round.c: moves on to the next report of the round that does not rest, and begins
 * a round when that is due; false when there is nothing to read now. */
bool driver_round_next(struct driver *d, uint64_t now);

/* Whether a report that was read in the round is to be taken now: one of nothing but zeros
 * or ones waits for the round's end. */
bool driver_round_takes(struct driver *d, const uint8_t *bytes, size_t len);

/* A string, the last thing of a first reading, was answered: "" when it cannot be had. */
void driver_round_string(struct driver *d, const char *text, uint64_t now);

/* driver_link.c: brings driver.link.* up to date. */
void driver_link_step(struct driver *d, uint64_t now);

/* When that has to be done anew if nothing happens. */
uint64_t driver_link_deadline(const struct driver *d, uint64_t now);

/* True on battery, as clients were told. */
bool driver_on_battery(const struct state *s);

/* Each command that waits fails with this errno value. */
void driver_jobs_fail(struct driver *d, int error);

/* The first command: its report was written, or not; what it wrote was read back, or
 * refused that: not all can be read. */
void driver_jobs_wrote(struct driver *d, int error);
void driver_jobs_reread(struct driver *d, int error, uint64_t now);

/* True when the first command has written something, and has more to write. */
bool driver_jobs_goes_on(const struct driver *d);

/* True when there is a first command that is not waiting for its next look. */
bool driver_jobs_due(const struct driver *d, uint64_t now);

#endif
