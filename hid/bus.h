/* SPDX-License-Identifier: ISC */
#ifndef HID_BUS_H
#define HID_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hid/desc.h"
#include "hid/hidups.h"

struct event_base;

/*
 * Which HID devices are there. Two buses: the machine's (libudev over /sys, with or
 * without a running udevd), and the virtual one: when the folder STATEPATH/sim exists,
 * the sockets in it are the devices and the machine's are not looked at.
 */

struct bus_device {
	char path[256]; /* node or socket: "/dev/hidraw3" */
	char usb[64];   /* USB node "/dev/bus/usb/003/007", "" when there is none */
	char bus[8], number[8],
	    port[8];     /* "003", "007", "002" as NUT writes them, or "" */
	char place[64];  /* where it hangs, whatever its numbers are: "3-1.2", or "" */
	char hiddev[32]; /* its node of the kernel's older interface, or "" */
	struct hidups_ident ident;
	uint8_t *descriptor; /* NULL when it could not be had */
	size_t descriptor_len;
	bool power; /* the descriptor is a UPS's */
	bool
	    claimed; /* no hidraw node: a program holds it through usbfs; `path` is `usb` */
	bool taken; /* of the search: by another driver of ours */
	char fault
	    [128]; /* why the descriptor could not be had or read; "" when it could */
};

struct bus_list {
	struct bus_device *devices; /* in the order of their numbers */
	size_t count;
};

/* Looks once at every device of the bus in use. Does not open hidraw nodes; a silent
 * virtual device costs half a second. Release with bus_list_free(). */
void bus_scan(struct bus_list *list);
void bus_list_free(struct bus_list *list);

/* "051d:0002 Back-UPS CS 500", for messages. Returns `out`. */
char *bus_device_name(const struct bus_device *d, char *out, size_t size);

/* Calls `changed` from the loop whenever a device may have come or gone: scan again, for
 * some seconds, as nodes get their access rights late. */
struct bus_watch;
struct bus_watch *bus_watch_new(
    struct event_base *base, void (*changed)(void *arg), void *arg);
void bus_watch_free(struct bus_watch *w);

/*
 * The parts, for bus.c alone.
 */

/* Adds a zeroed device. Valid until the next call. */
struct bus_device *bus_list_add(struct bus_list *list);

/* Gives a device its descriptor (copied): sets `power`, or `fault`. */
void bus_device_describe(struct bus_device *d, const uint8_t *bytes, size_t len);

void bus_udev_scan(struct bus_list *list);
void bus_sim_scan(struct bus_list *list, const char *folder);

/* A descriptor that becomes readable when something changes, or -1 with errno set; the
 * _clear call takes what is to be read there. */
struct udev_monitor;
struct udev_monitor *bus_udev_monitor(int *fd);
void bus_udev_monitor_clear(struct udev_monitor *m);
void bus_udev_monitor_free(struct udev_monitor *m);
int bus_sim_monitor(void);
void bus_sim_monitor_clear(int fd);

#endif
