/* SPDX-License-Identifier: ISC */
#ifndef LIB_CTL_H
#define LIB_CTL_H

#include <stdint.h>

/*
 * Interface 4 (docs/architecture.md, 3.4): core and holdupd, one struct per packet of a
 * SOCK_SEQPACKET pair. A closed table; lengths are fixed per type.
 */

enum ctl_type {
	CTL_HEARTBEAT = 1, /* core says */
	CTL_RESTART,
	CTL_SHUTDOWN,
	CTL_RUN,
	CTL_DONE, /* holdupd says */
	CTL_FSD,
	CTL_TELL,  /* core says */
	CTL_SLEEP, /* holdupd says */
};

#define CTL_TEXT_MAX 256 /* bytes of a text, with NUL; as NOTIFY_EXTRA_MAX */

struct ctl_msg {
	uint32_t type; /* enum ctl_type */
	uint32_t reserved;
	union {
		struct {
			uint64_t seq;
			/* CLOCK_BOOTTIME; 0: restart me if silent; else: if I am silent
			 * then, take the machine down, with `cut` as of SHUTDOWN */
			uint64_t deadline_ms;
			uint32_t cut, pad;
		} heartbeat;
		struct {
			uint32_t row; /* of ups.conf, counted from 0: its driver hangs */
			uint32_t pad;
		} restart;
		struct {
			uint32_t cut; /* 1: the UPS output is to be cut afterwards */
			uint32_t pad;
		} shutdown;
		struct {
			uint32_t row; /* of the notify table, lib/notify.h */
			uint32_t id;
		} run;
		struct {
			uint32_t row, id; /* as of run, where the message has room for */
			char text[CTL_TEXT_MAX]; /* what the UPS says; NUL-terminated */
		} tell;
		struct {
			uint32_t id;
			int32_t status; /* as of waitpid(2) */
		} done;
		struct {
			uint32_t pad
			    [2]; /* upsmon -c fsd: of all UPSes that feed this machine */
		} fsd;
		struct {
			uint32_t pad[2]; /* this machine is about to sleep */
		} sleep;
	};
};

/* Sends; returns 0 or -1 (errno set; EAGAIN when the peer does not read). */
int ctl_send(int fd, const struct ctl_msg *msg);

/* Receives one packet into *msg. Returns 1, 0 when there is none now, -1 at the end or
 * for a packet that is not of the table. */
int ctl_recv(int fd, struct ctl_msg *msg);

#endif
