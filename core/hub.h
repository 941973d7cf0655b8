/* SPDX-License-Identifier: ISC */
#ifndef CORE_HUB_H
#define CORE_HUB_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/conf_holdup.h"
#include "lib/conf_ups.h"
#include "lib/conf_upsmon.h"

struct event_base;
struct feed_deed;
struct feed_ups;
struct scribe;

/*
 * Where core's parts meet: the model of every UPS, its sources, the feed and the policy.
 * Whatever happens goes in here; what it means comes from policy, and what follows is
 * done here and nowhere else.
 */
struct hub;

/* What hub_new() is given; descriptors stay the caller's. */
struct hub_options {
	const struct ups_conf *upses;       /* with the sections of lib/monitors.h */
	const struct upsmon_conf *monitors; /* empty: this machine is not protected */
	const struct holdup_conf *own;
	const char *drivers; /* folder of driver sockets besides ours; or NULL */
	long maxage_ms; /* a driver of NUT may be silent for so long; SOURCE_SILENCE_MS is
	                 * the least, and what ours have */
	int feed_fd;    /* listens for readers */
	int ctl_fd;     /* leads to holdupd, or -1 */
	int state_fd;   /* keeps what outlives us, or -1 */
	int memory_fd;  /* ... and the power, or -1 */
	struct scribe *scribe; /* writes to that; NULL: we do */
	bool harmless;         /* holdupd only logs a shutdown */
	bool serves_only;      /* upsmon.conf is somebody else's: nothing is said of it */
};

/* Starts a source for each section of ups.conf that names a driver. */
struct hub *hub_new(struct event_base *base, const struct hub_options *o);
void hub_free(struct hub *h);

/* The UPS of that name, without regard to case, or NULL. */
struct feed_ups *hub_find(const struct hub *h, const char *name);

/* Counts somebody in, and returns the number by which the feed knows him (0: there are
 * FEED_LOGINS_MAX) / out: he said so, or his connection `broke`. */
unsigned long hub_login(
    struct hub *h, struct feed_ups *u, const char *account, const char *address);
void hub_logout(struct hub *h, struct feed_ups *u, unsigned long session, bool broke);

/* One who had logged in to a core before this one has left: he said so, `ago_ms` ago. */
void hub_left(struct hub *h, struct feed_ups *u, const char *account, const char *address,
    uint64_t ago_ms);

/* He is another upsmon: on this machine, when he comes from a loopback address. */
void hub_primary(
    struct hub *h, struct feed_ups *u, unsigned long session, const char *address);

/* A machine that does not log in reads this UPS: "qnap", "synology", "winnut", "other";
 * other words do not matter. */
void hub_seen(struct hub *h, struct feed_ups *u, const char *kind, const char *address);

/* The machine of holdup.conf of this name is to be told now (docs/plan.md, 9); false when
 * there is none / the forced shutdown of this UPS is given up; false when this machine
 * goes down, and it stays. */
bool hub_drill(struct hub *h, const char *machine);
bool hub_forget(struct hub *h, struct feed_ups *u);

/* What was learned of its battery (core/learned.h). */
void hub_learned(struct hub *h, struct feed_ups *u, const char *name, const char *value);

/* Somebody entitled demands a forced shutdown of all that hang on this UPS / holdupd, of
 * all that feeds this machine / says how a run of the notify table ended (waitpid(2)). */
void hub_fsd(struct hub *h, struct feed_ups *u);
void hub_fsd_all(struct hub *h);
void hub_sleep(struct hub *h); /* ... that this machine is about to sleep */
void hub_done(struct hub *h, uint32_t id, int status);

/* Hands a command or a setting to the driver, if what it told allows that. Returns NULL
 * when that was done, else a word of RFC 9271, section 5: that of core/check.h, or
 * DRIVER-NOT-CONNECTED, DATA-STALE. `value` of a command may be NULL. The number: see
 * hub_tracked_to(). */
const char *hub_instcmd(struct hub *h, struct feed_ups *u, const char *cmd,
    const char *value, unsigned long number);
const char *hub_set(struct hub *h, struct feed_ups *u, const char *var, const char *value,
    unsigned long number);

/* True when the driver is known to say what came of a command (TRACKING): one of ours, or
 * of NUT from 2.8 on. An older one would read the number as a value. */
bool hub_tells(const struct feed_ups *u);

/* Says in the feed what somebody has asked for and what came of it; u NULL: not of a UPS. */
void hub_deed(struct hub *h, const struct feed_ups *u, const struct feed_deed *d);

/* Who is told what came of those that had a number other than 0: the driver's status, as
 * of lib/dserver.h. When a driver is lost, whatever it still owes has failed: number 0. */
void hub_tracked_to(struct hub *h,
    void (*tracked)(
	void *arg, const struct feed_ups *u, unsigned long number, unsigned long status),
    void *arg);

#endif
