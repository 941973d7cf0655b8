/* SPDX-License-Identifier: ISC */
#ifndef CORE_SCRIBE_H
#define CORE_SCRIBE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Writes to a disk that may be slow, or hang: a child does (as the asker of hid), and we
 * wait for it only so long. An SD card takes 100 ms for what a restart may not forget; one
 * that hangs takes a second of the way down, once.
 */
struct scribe;

#define SCRIBE_PATIENCE_MS 1000
#define SCRIBE_BYTES_MAX (64 * 1024) /* of one writing */

/* Starts the child, which confines itself as core does: before sandbox_enter(), which
 * allows no more children, and before anything is in memory. `fd` stays the caller's. NULL
 * with errno. */
struct scribe *scribe_new(int fd);
void scribe_free(struct scribe *s);

/* Writes this at an offset; 0 when it is on the disk. -1 with errno: ETIMEDOUT, it will be
 * written when the disk answers, and until then nobody waits again; any other, it is not
 * written. Where the child has gone, we write, and do not wait for the disk. */
int scribe_write(struct scribe *s, void *data, size_t len, off_t at);

#endif
