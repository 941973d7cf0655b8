/* SPDX-License-Identifier: ISC */
#ifndef HID_MAINS_H
#define HID_MAINS_H

#include "hid/driver.h"
#include "hid/hidups.h"

/*
 * `hid -m`: is the mains there? Pure: the caller sends what mains_ask() wants, one request
 * at a time, and brings the answers. Only the reports that move are read.
 */
struct mains;

/* `desc` stays the caller's and must outlive it. */
struct mains *mains_new(const struct hid_desc *desc, const struct hidups_ident *ident);
void mains_free(struct mains *m);

/* The next request, or false when all has been asked. */
bool mains_ask(struct mains *m, struct driver_ask *ask);

/* Its answer: `error` is 0 or an errno value, ETIMEDOUT when none came. */
void mains_answer(struct mains *m, int error, const uint8_t *data, size_t len);

/* What the device says by now. */
enum mains_is { MAINS_THERE, MAINS_AWAY, MAINS_UNKNOWN };
enum mains_is mains_is(const struct mains *m);

#endif
