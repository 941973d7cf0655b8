/* SPDX-License-Identifier: ISC */
#ifndef LIB_NETCTL_H
#define LIB_NETCTL_H

#include <stddef.h>
#include <stdint.h>

/*
 * holdupd → net (`-K`): the configuration anew, without a restart (docs/serving.md, 1).
 * One struct per packet of a SOCK_SEQPACKET pair; with it come descriptors (SCM_RIGHTS):
 * one for each text that there is, in this order, then the listening sockets. net answers
 * one byte, NETCTL_TAKEN or NETCTL_REFUSED; until then nothing more is sent.
 */
enum netctl_text {
	NETCTL_UPSD_CONF,
	NETCTL_UPSD_USERS,
	NETCTL_HOLDUP_CONF,
	NETCTL_CERTIFICATE, /* PEM: chain and key */
	NETCTL_AUTHORITIES, /* PEM: who may sign a client's certificate */
	NETCTL_TEXTS,       /* their number */
};

#define NETCTL_LISTENS_MAX 56
#define NETCTL_TAKEN '+'
#define NETCTL_REFUSED '-'
#define NETCTL_ANSWER_MS 5000 /* net is restarted when it has not answered by then */

/* What net is to serve with; texts[i] is -1 where there is none. Descriptors are the
 * caller's to close, the received ones too. */
struct netctl {
	int texts[NETCTL_TEXTS];
	int listens[NETCTL_LISTENS_MAX];
	size_t nlistens;
};

/* Sends; returns 0, or -1 with errno (EAGAIN: the packet before was not read yet). */
int netctl_send(int fd, const struct netctl *n);

/* Receives one packet. Returns 1; 0 when there is none now; -1 at the end, or for a packet
 * that is none of these, whose descriptors are closed. */
int netctl_recv(int fd, struct netctl *n);

/* Closes the texts / all descriptors. */
void netctl_close_texts(struct netctl *n);
void netctl_close(struct netctl *n);

#endif
