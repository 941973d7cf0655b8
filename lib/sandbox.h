/* SPDX-License-Identifier: ISC */
#ifndef LIB_SANDBOX_H
#define LIB_SANDBOX_H

/* Who confines itself: one row of what it may in sandbox.c each. */
enum sandbox_role {
	SANDBOX_CORE,
	SANDBOX_HID,
	SANDBOX_REMOTE,
	SANDBOX_DUMMY,    /* without repeaters */
	SANDBOX_REPEATER, /* dummy with repeaters */
	SANDBOX_NET,
	SANDBOX_JUDGE,
	SANDBOX_RESOLVER, /* of holdupd, for LISTEN */
	SANDBOX_OUT,
	SANDBOX_PUBLISHER,
	SANDBOX_ISUPS,
	SANDBOX_WEB,     /* reads the folder of `history` */
	SANDBOX_HISTORY, /* changes what is in its folder */
	SANDBOX_ROLES,
};

/*
 * The first act of a child, before it reads a foreign byte. From then on it has
 *  - no new privileges by exec, no core dumps, a bounded number of descriptors, and,
 *    outside a private installation, no process of the same user that traces it;
 *  - no system call that it never needs: starting programs (but for
 *    out, which starts its publishers), mounting, loading modules,
 *    rebooting, setting clocks, tracing others (seccomp; such a call fails with EPERM
 *    and is in the audit log; in a private installation it kills, so that tests see it);
 *  - no files beyond those of its role (Landlock, where the kernel has it).
 * What the kernel refuses is logged and the child goes on: a UPS that is served unconfined
 * is better than one that is not served. Under a sanitizer, which must trace and write
 * reports, only the first point holds.
 */
void sandbox_enter(enum sandbox_role role);

/* The same for a role that may read what is in folders (NULL-terminated), or change it
 * (SANDBOX_HISTORY, SANDBOX_OUT). Who needs the time zone calls tzset(3) before: its file is
 * out of reach then. */
void sandbox_enter_folders(enum sandbox_role role, const char *const *folders);

#endif
