/* SPDX-License-Identifier: ISC */
#ifndef PUBLISH_PUBLISHER_H
#define PUBLISH_PUBLISHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/conf_holdup.h"
#include "out/link.h"

/*
 * What one process of `publish` does (docs/publishing.md, 1): it hears what `out` says
 * (out/link.h) and does one thing after the other. It may wait for its server as long as it
 * likes, for nobody waits for it.
 */
struct publisher {
	/* As -P has it: all of it, or up to and with the "." behind which the name of a
	 * section stands ("notify."). */
	const char *name;

	/* Begins; `section` is what stands behind the dot, or "". NULL, with `cause`, when
	 * holdup.conf does not ask for it. The file stays until the end. */
	void *(*begin)(
	    const struct holdup_conf *c, const char *section, char *cause, size_t size);

	/* What `out` says, with what begin() returned as `arg`. Nobody waits here. */
	struct link_ops heard;

	/* Does what is due; waits for the network once at most, so that `out` is heard between
	 * two questions. Returns in how many ms it wants to be called though nothing is
	 * heard: 0 for at once. */
	uint64_t (*work)(void *self, struct link *l, uint64_t now_ms);

	void (*end)(void *self);

	/* Tries it out once, without `out` (-t): says on standard output what came of it.
	 * NULL: there is nothing to try. */
	bool (*test)(void *self);
};

#define PUBLISHER_NEVER UINT64_MAX

extern const struct publisher publisher_domoticz, publisher_notify;

#endif
