/* SPDX-License-Identifier: ISC */
#ifndef HOLDUPD_FOREIGN_H
#define HOLDUPD_FOREIGN_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A driver of NUT may be somebody else's: nut-driver@ of NUT's own packages, or somebody
 * at a terminal. Then it is used as it is, and ours is started when nobody has answered
 * on its socket for a while. Pure; all zero is the beginning.
 */
struct foreign {
	bool used;                     /* somebody else's was there at the last look */
	uint64_t gone_ms;              /* since when it is not; 0: it is */
	uint64_t silent_ms, silent_at; /* of ours: since when, and when last reported */
};

#define FOREIGN_LOOK_MS 5000  /* between two looks at somebody else's */
#define FOREIGN_GONE_MS 30000 /* it may be restarting */

enum foreign_act {
	FOREIGN_START, /* ours is to start */
	FOREIGN_USE,   /* somebody answers, as before; look again */
	FOREIGN_FOUND, /* somebody answers, which is news; look again */
	FOREIGN_WAIT,  /* it has gone; look again */
	FOREIGN_AFTER, /* it has gone for good: ours is to start, which is news */
};

/* What to do, now that somebody answers on the socket or not. */
enum foreign_act foreign_look(struct foreign *f, bool answers, uint64_t now_ms);

/* Core has heard nothing of ours for `report_ms`, once more. True when that has lasted
 * for `patience_ms`: NUT's drivers may be busy with a device for longer than ours. */
bool foreign_hangs(
    struct foreign *f, uint64_t report_ms, uint64_t patience_ms, uint64_t now_ms);

#endif
