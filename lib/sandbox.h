/* SPDX-License-Identifier: ISC */
#ifndef LIB_SANDBOX_H
#define LIB_SANDBOX_H

/* Who confines itself: one row of limits each. */
enum sandbox_role { SANDBOX_CORE, SANDBOX_HID, SANDBOX_REMOTE, SANDBOX_NET, SANDBOX_OUT };

/*
 * The first act of a child, before it reads a foreign byte: no new privileges by exec, no
 * core dumps, a bounded number of descriptors, and, outside a private installation, no
 * process of the same user may trace it. What the kernel refuses is logged and the child
 * goes on: a UPS that is served unconfined is better than one that is not served.
 */
void sandbox_enter(enum sandbox_role role);

#endif
