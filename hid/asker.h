/* SPDX-License-Identifier: ISC */
#ifndef HID_ASKER_H
#define HID_ASKER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/hidsock.h"

struct event_base;

/*
 * A child process that asks the device: it owns an open node of its own, takes one
 * request at a time and may be stuck in the kernel for seconds meanwhile, which delays
 * nobody here. It ends by itself when its socket closes. Requests and answers are those
 * of lib/hidsock.h, HIDSOCK_GET, HIDSOCK_SET and HIDSOCK_STRING.
 */
struct asker;

struct asker_ops {
	void (*answer)(void *arg, const struct hidsock_packet *p);
	/* The child is gone, or never could open the device (errno value, or 0). The callee
	 * calls asker_free(), now or later. */
	void (*lost)(void *arg, int error);
	/* After asker_kill() and asker_reset(): it has ended. The callee calls asker_free(), now or later. */
	void (*ended)(void *arg, struct asker *a);
};

/* Forks. NULL with errno set. The caller ignores SIGCHLD: nobody waits for the child. */
struct asker *asker_new(struct event_base *base, const char *path, const char *usb,
    const struct asker_ops *ops, void *arg);

/* Sends a request; at most one may be unanswered. 0, or -1 with errno set. */
int asker_send(
    struct asker *a, enum hidsock_op op, uint8_t id, const uint8_t *data, size_t len);

/* Resets a device on its bus, by a child that logs what came of it in the name of `ups`;
 * ops->ended follows. Until then, which may be half a minute, the kernel lets nobody read
 * what sysfs tells of the device. NULL with errno set. */
struct asker *asker_reset(struct event_base *base, const char *ups, const char *path,
    const char *usb, const struct asker_ops *ops, void *arg);

/* Kills the child; ops->ended follows. Until then it may be in a request that cannot be
 * interrupted, and hold a lock for which open(2) and close(2) of any hidraw node wait. */
void asker_kill(struct asker *a);

/* Kills the child, without waiting for it. NULL is fine. */
void asker_free(struct asker *a);

#endif
