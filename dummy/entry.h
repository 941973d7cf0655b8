/* SPDX-License-Identifier: ISC */
#ifndef DUMMY_ENTRY_H
#define DUMMY_ENTRY_H

#include <stdbool.h>

#include "lib/conf_ups.h"
#include "lib/state.h"

/*
 * A section of ups.conf whose driver is this program: `dummy-ups`, `clone` or
 * `clone-outlet` (NUT: the manual pages of these names). Pure.
 *
 *	dummy-ups     port = FILE, of NUT_CONFPATH where it is no absolute path
 *	              port = UPS@HOST[:PORT], a repeater: remote/section.h reads the rest
 *	              mode = dummy-once|dummy-loop|dummy|repeater
 *	clone         port = DRIVER-UPS or UPS, another section of this machine;
 *	              load.off, load.on, load.status, offdelay, ondelay, mincharge, minruntime
 *	clone-outlet  port likewise; prefix = outlet.N
 *	all           default.VARIABLE, override.VARIABLE
 */

enum entry_mode { ENTRY_ONCE, ENTRY_LOOP, ENTRY_REPEATER, ENTRY_CLONE, ENTRY_OUTLET };

#define ENTRY_OFFDELAY_S 120
#define ENTRY_ONDELAY_S 30

struct entry {
	char *name, *driver;
	enum entry_mode mode;
	char *path;                      /* of the file; NULL in other modes */
	char *real_ups, *real_driver;    /* whom a clone follows */
	char *load_on, *load_off;        /* commands of the real UPS, or NULL */
	char *load_status, *prefix;      /* variables of it, or NULL */
	long offdelay, ondelay;          /* seconds */
	long mincharge, minruntime;      /* %, seconds; -1: as the real UPS has it */
	struct state *shown, *overrides; /* driver.* and default.*; override.* */
};

/* True when `driver` is one that this program answers to. */
bool entry_is_ours(const char *driver);

/* Reads a section of `conf`, with `folder` in front of a relative FILE. Returns 0, or -1
 * with what is wrong and what was meant in `cause`; lesser faults become problems of
 * `file`. Release with entry_free() in either case. */
int entry_read(struct entry *e, const struct ups_conf *conf, const struct conf_ups *ups,
    const char *folder, const char *file, struct problems *p, char *cause, size_t size);
void entry_free(struct entry *e);

#endif
