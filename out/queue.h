/* SPDX-License-Identifier: ISC */
#ifndef OUT_QUEUE_H
#define OUT_QUEUE_H

#include <stdint.h>

#include "out/publishers.h"

/*
 * From `out` to the process of a publisher: one struct per packet of a SOCK_SEQPACKET
 * pair, one direction only. The kernel holds a few dozen and no more; what does not fit
 * waits on the board (out/board.h).
 */

struct queue_msg {
	uint32_t row; /* of the publisher's values */
	char text[PUBLISHER_TEXT_MAX + 1];
};

/* Makes the pair, non-blocking and close-on-exec: [0] to send, [1] to receive. 0 or -1. */
int queue_pair(int fds[2]);

/* Sends; 0, or -1 with errno set: EAGAIN when it is full. */
int queue_send(int fd, uint32_t row, const char *text);

/* Receives one packet; 1, 0 when there is none now, -1 at the end or for no packet of
 * ours. */
int queue_recv(int fd, struct queue_msg *msg);

#endif
