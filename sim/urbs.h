/* SPDX-License-Identifier: ISC */
#ifndef SIM_URBS_H
#define SIM_URBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

/*
 * What waits on a USB device whose host may take back what it has asked (USB/IP): control
 * transfers that the device is slow at, transfers of the interrupt endpoint that no report
 * has come for, and reports that no transfer has come for. Of these the newest of each
 * report id waits, so a host that opens the device late learns nothing stale. Pure.
 */
#define URBS_CONTROLS_MAX 64
#define URBS_POLLS_MAX 32

struct urbs_poll {
	uint32_t seqnum, length;
};

struct urbs_report {
	STAILQ_ENTRY(urbs_report) entry;
	size_t len, at; /* what is left begins there */
	uint8_t bytes[];
};

struct urbs {
	uint32_t controls[URBS_CONTROLS_MAX];
	size_t ncontrols;
	struct urbs_poll polls[URBS_POLLS_MAX];
	size_t npolls;
	STAILQ_HEAD(, urbs_report) reports;
	struct urbs_report *given; /* by the last urbs_next() */
};

void urbs_init(struct urbs *u);

/* Forgets everything: the host is gone. */
void urbs_clear(struct urbs *u);

/* Remembers a control transfer; false: too many wait. */
bool urbs_control(struct urbs *u, uint32_t seqnum);

/* Forgets it when it is to be answered; false: the host has taken it back. */
bool urbs_answer(struct urbs *u, uint32_t seqnum);

/* Remembers a transfer of the interrupt endpoint with room for so many bytes; false: too
 * many wait. */
bool urbs_poll(struct urbs *u, uint32_t seqnum, uint32_t length);

/* Takes any of them back; false: it does not wait. */
bool urbs_unlink(struct urbs *u, uint32_t seqnum);

/* An input report, which begins with its id if `numbered`. */
void urbs_report(struct urbs *u, const uint8_t *bytes, size_t len, bool numbered);

/* The next transfer that can be answered and with what, which is valid until the next
 * call; a report too long for a transfer goes on in the one behind it. */
bool urbs_next(struct urbs *u, uint32_t *seqnum, const uint8_t **bytes, size_t *len);

#endif
