/* SPDX-License-Identifier: ISC */
#ifndef HID_HOLDERS_H
#define HID_HOLDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "hid/bus.h"

/*
 * Who else uses a device. What a process has open is known of those that we may look at
 * (all, for root); others are known by their names alone, where these are of programs that
 * speak to UPSes.
 */
#define HOLDERS_MAX 8

struct holder {
	long pid;
	char name[32];
	bool open; /* it was seen to have a node of the device open */
};

struct holders {
	struct holder list[HOLDERS_MAX];
	size_t count;
};

/* Looks below `proc` ("/proc") for who has one of the device's nodes open; where nobody is
 * seen to, for programs that may. The process `self` and all askers are left out. */
void holders_find(
    struct holders *h, const char *proc, const struct bus_device *d, long self);

/* "PID 812 (usbhid-ups, a driver of NUT: systemctl disable --now nut-driver@UPS)"; "" for
 * nobody. `sure`: only of those that were seen. Returns `out`. */
char *holders_text(const struct holders *h, bool sure, char *out, size_t size);

/* The command that stops the program of this name for good; NULL: it is none of those that
 * are known to speak to UPSes. */
const char *holders_remedy(const char *name);

#endif
