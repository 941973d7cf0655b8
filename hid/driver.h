/* SPDX-License-Identifier: ISC */
#ifndef HID_DRIVER_H
#define HID_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hid/hidups.h"
#include "hid/options.h"
#include "lib/dserver.h"
#include "lib/hidsock.h"

/*
 * What to ask a UPS and when, and what its answers amount to. Pure: `now` is
 * milliseconds of any clock that never steps. After each call the caller sends what
 * driver_ask() wants, publishes when driver_publish() says so, and comes back at
 * driver_deadline().
 */
#define DRIVER_STUCK_MS 7000       /* an answer that takes longer will not come */
#define DRIVER_FAILED_POLLS 3      /* in which nothing could be read: open it anew */
#define DRIVER_LATE_MS 2000        /* an answer may be overdue before values are held */
#define DRIVER_HOLD_ON_BATTERY 3   /* there they are held for that part of the time */
#define DRIVER_SKIP_MS 10000       /* a report that failed is left out, each time twice */
#define DRIVER_SKIP_MAX_MS 3600000 /* as long */
#define DRIVER_JOBS_MAX 16         /* commands that wait */
#define DRIVER_PROOF_MS 2000       /* until which a timer must do what was ordered */
#define DRIVER_LOOK_MS 250         /* between two looks at it */
#define DRIVER_COUNT_MS 2000       /* between two polls at most while it counts */

struct driver;

/* Variables go to `s`; both stay the caller's and must outlive it. */
struct driver *driver_new(const struct options *o, struct state *s);
void driver_free(struct driver *d);

/* A device is there (`desc` is owned from now on) / is gone: values stay, waiting
 * commands fail. A loss of the mains that it had said only once is believed now: many go
 * just then. */
void driver_attach(struct driver *d, struct hid_desc *desc,
    const struct hidups_ident *ident, uint64_t now);
void driver_detach(struct driver *d, uint64_t now);

/* How long to leave a device alone after DRIVER_REOPEN, in milliseconds; `reset`: and to
 * reset it first. Longer each time that it did not help. */
uint64_t driver_pause(struct driver *d, bool *reset);

/* An input report came. It counts at once. */
void driver_input(struct driver *d, const uint8_t *bytes, size_t len, uint64_t now);

/* The next request to send, if any; it counts as sent. `data` is valid until the answer. */
struct driver_ask {
	enum hidsock_op op;
	uint8_t id;
	const uint8_t *data;
	size_t len;
};
bool driver_ask(struct driver *d, uint64_t now, struct driver_ask *ask);

/* Its answer: `error` is 0 or an errno value; ETIMEDOUT when none will come. */
void driver_answer(
    struct driver *d, int error, const uint8_t *data, size_t len, uint64_t now);

enum driver_need {
	DRIVER_NOTHING,
	DRIVER_REASK,  /* the request in flight is stuck: replace the asker, answer it */
	DRIVER_GONE,   /* the device is no more: detach, search */
	DRIVER_REOPEN, /* it answers nothing of use: detach, open it anew */
};
enum driver_need driver_check(const struct driver *d, uint64_t now);

/* What is wrong with it, where driver_check() says REOPEN: "answers nothing". */
const char *driver_fault(const struct driver *d);

/* When to look again if nothing happens until then. */
uint64_t driver_deadline(const struct driver *d, uint64_t now);

/* True once for each set of changes that clients should see now: at the end of a poll,
 * and after an input report or a command at once. A polled report by which the mains
 * fails is read a second time before. */
bool driver_publish(struct driver *d, uint64_t now);

/*
 * True while the variables count: from the first whole reading on, until there was no good
 * answer for `hold_ms` of the options after one was due, on battery for a part of it. What
 * they are worth is driver.link.state: "ok"; "held" while there is no answer and they still
 * count, with their age in driver.link.age; "stale".
 */
bool driver_fresh(const struct driver *d, uint64_t now);

/* Something for people to see in the log; false: nothing. */
bool driver_remark(struct driver *d, char *out, size_t size);

/* Calls `say` for each field of the device with a line that describes it and its value, as
 * the option `explore` wants, once when everything has been read. */
void driver_explore(
    struct driver *d, void (*say)(void *arg, const char *line), void *arg);

/* A command (value may be NULL) or a setting. PENDING: driver_result() follows. What was
 * written is read back; an order to cut the output, or to stop that, is done once the
 * timer shows it, and one that counts less than was ordered is cancelled
 * (docs/outage.md, 6.1). */
enum dserver_status driver_command(struct driver *d, const char *cmd, const char *value,
    unsigned long ticket, char *cause, size_t size);
enum dserver_status driver_set(struct driver *d, const char *var, const char *value,
    unsigned long ticket, char *cause, size_t size);

/* Takes the next finished command; false when there is none. */
struct driver_result {
	unsigned long ticket;
	char name[STATE_NAME_MAX + 1];
	enum dserver_status status;
	int error;       /* errno value of the write that failed, or 0 */
	char reason[96]; /* or: what came of it instead; "" for nothing to be said */
};
bool driver_result(struct driver *d, struct driver_result *r);

#endif
