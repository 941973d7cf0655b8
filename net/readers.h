/* SPDX-License-Identifier: ISC */
#ifndef NET_READERS_H
#define NET_READERS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Who reads without logging in, by its conversation, so that an outage can wait for those
 * that shut down by themselves. Pure. Fingerprints (shared/research/clients.md, 3.3):
 *
 *   qnap      `GET VAR qnapups ups.test.result`, and ups.status or LIST VAR beside it,
 *             each as the only command of a connection, hence without credentials
 *   synology  STARTTLS, USERNAME monuser, LOGIN ups, and not logged in by that
 *   winnut    lines that end in CR CR LF
 *   other     everybody else: upsc, Home Assistant, exporters, check_ups
 */
#define READERS_MAX 256        /* addresses remembered, each with the UPS that it reads */
#define READERS_OTHER_MS 10000 /* core hears of one of the others at most this often */
#define READERS_KNOWN_MS 1000  /* and of the three at each reading, so far apart */

enum reader_kind { READER_OTHER, READER_QNAP, READER_SYNOLOGY, READER_WINNUT };

/* The kind as SEEN names it: "qnap". */
const char *reader_word(enum reader_kind kind);

/* What one connection has said, as far as it tells who is there. Zero: nothing yet. */
struct reader_talk {
	uint8_t marks;
	uint8_t commands; /* but LOGOUT; stays at its greatest */
};

/* Takes note of one line; `crcr`: it ended in two CRs. */
void reader_hear(struct reader_talk *t, int argc, char **argv, bool crcr);

/* The table by address. A machine may use a new connection for each command, so what one
 * connection showed holds for the next ones from there. Zero: empty. */
struct readers {
	struct reader {
		uint64_t hash; /* of address and UPS */
		uint64_t used; /* when it was last there; 0: an unused row */
		uint64_t sent; /* when core was last told; 0: never */
		uint8_t kind;  /* enum reader_kind */
		uint8_t asked; /* marks of connections with one command */
	} list[READERS_MAX];
};

/* Somebody at `address`, who has said `t` so far (NULL: who has logged in), reads the
 * UPS; `now` in monotonic ms. Returns true when core is to be told now, and as what. The
 * row that was not used for longest gives way to a new one. */
bool readers_read(struct readers *r, const char *address, const char *ups,
    const struct reader_talk *t, uint64_t now, enum reader_kind *kind);

/* A connection from there ended after having said `t`. */
void readers_ended(
    struct readers *r, const char *address, const struct reader_talk *t, uint64_t now);

#endif
