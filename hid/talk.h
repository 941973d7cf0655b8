/* SPDX-License-Identifier: ISC */
#ifndef HID_TALK_H
#define HID_TALK_H

#include "hid/bus.h"
#include "hid/driver.h"

/*
 * One conversation with one device, from first request to last, in a program that does
 * nothing else meanwhile. What is asked is the caller's: pure code, one request at a time.
 */
struct talk {
	/* The next request, whose data are valid until its answer. False: no more. */
	bool (*ask)(void *arg, struct driver_ask *ask);
	/* Its answer: `error` is 0 or an errno value, ETIMEDOUT when none came. */
	void (*answer)(void *arg, int error, const uint8_t *data, size_t len);
	/* Milliseconds to wait before the next request; NULL: never. */
	unsigned (*pause)(void *arg);
};

#define TALK_REPORT_MS 6000 /* one report; the kernel itself gives up after 5 s */

/* Talks until there is no more to ask, or until `deadline` (boottime_ms()). False: the
 * time was up. */
bool talk_run(
    const struct bus_device *d, const struct talk *talk, void *arg, uint64_t deadline);

#endif
