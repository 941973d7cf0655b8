/* SPDX-License-Identifier: ISC */
#ifndef NET_READERS_H
#define NET_READERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"

/*
 * Who is there, by the conversation (shared/research/clients.md, 3.3), and the table of
 * everybody who reads, logged in or not. Pure. A client is what the first lines of its
 * connection show; the table of signs in readers.c says which. Three are known by more:
 *
 *   qnap      `GET VAR qnapups ups.test.result`, and ups.status or LIST VAR beside it,
 *             each as the only command of a connection, hence without credentials
 *   synology  STARTTLS, USERNAME monuser, LOGIN ups
 *   winnut    lines that end in CR CR LF
 *
 * These shut down by themselves: when they do not log in, core is told of each reading, so
 * that an outage can wait for them. To core everybody else is "other".
 */
#define READERS_MAX 256        /* pairs of an address and a UPS remembered */
#define READERS_OTHER_MS 10000 /* core hears of one of the others at most this often */
#define READERS_KNOWN_MS 1000  /* and of the three at each reading, so far apart */
#define READERS_STAY_MS 600000 /* the three keep their rows for this long */
#define READERS_LINES 12       /* of a connection, that are listened to */
#define READER_ADDRESS_MAX 64  /* bytes, as text with its zone */
#define READER_ACCOUNT_MAX 64  /* bytes of an account's name; a longer one is cut */
#define READER_ASKS_MAX 128    /* bytes of all the questions there are */

/* What a connection has said, as far as it tells who is there. Zero: nothing yet. */
struct reader_talk {
	uint64_t address; /* hash of it; 0: it has read nothing yet */
	uint16_t marks;
	uint16_t row;     /* of what it read last */
	uint16_t asks;    /* its questions, one bit for each sort */
	uint8_t commands; /* but LOGOUT; stays at READERS_LINES */
	uint8_t kind;     /* enum conf_profile; CONF_STRANGER: may be anybody */
	uint8_t said[3];  /* the first different questions */
};

/* Takes note of one line; `crcr`: it ended in two CRs. */
void reader_hear(struct reader_talk *t, int argc, char **argv, bool crcr);

/* True when lines tell no more, but for those that end in two CRs. */
bool reader_known(const struct reader_talk *t);

/* The kind as SEEN names it to core: "qnap", "synology", "winnut" or "other". */
const char *reader_word(enum conf_profile kind);

struct reader {
	uint64_t used; /* when it was last there; 0: an unused row */
	uint64_t sent; /* when core was last told; 0: never */
	uint64_t ups;  /* hash of its real name */
	unsigned long requests;
	uint16_t asks; /* questions of its connections up to their last reading */
	uint8_t kind;  /* enum conf_profile */
	uint8_t asked; /* marks of connections with one command */
	char address[READER_ADDRESS_MAX];
	char account[READER_ACCOUNT_MAX]; /* that it is logged in with; "": none */
};

/* The table by address and UPS. A machine may use a new connection for each command, so
 * what one connection showed holds for the next ones from there. Zero: empty. */
struct readers {
	uint64_t hash[READERS_MAX]; /* of address and UPS */
	struct reader list[READERS_MAX];
};

/* Somebody at `address`, who has said `t` so far, reads the UPS; `account` is what he is
 * logged in to it with, or NULL; `now` in monotonic ms. Returns true when core may be told
 * now (it is not of machines that have logged in), and as what. The row that was not used
 * for longest gives way to a new one, that of one of the three last of all. */
bool readers_read(struct readers *r, struct reader_talk *t, const char *address,
    const char *ups, const char *account, uint64_t now, enum conf_profile *kind);

/* Its login to the UPS has ended / the connection has. */
void readers_logged_out(struct readers *r, struct reader_talk *t, const char *address,
    const char *ups, uint64_t now);
void readers_ended(struct readers *r, const struct reader_talk *t, const char *address);

/* What it asks, as the protocol has it: "LIST UPS, LIST VAR"; where several questions share
 * a beginning, that and "..." ("GET ..." is neither GET VAR nor anything of its own). */
const char *reader_asks(const struct reader *r, char out[static READER_ASKS_MAX]);

/* The next one that reads the UPS, from row *i on, which is moved behind it; NULL when
 * there are no more. */
const struct reader *readers_next(const struct readers *r, const char *ups, size_t *i);

#endif
