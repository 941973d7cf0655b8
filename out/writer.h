/* SPDX-License-Identifier: ISC */
#ifndef OUT_WRITER_H
#define OUT_WRITER_H

#include <sys/types.h>

/*
 * The child that touches the disk, which may be slow, or hang, where `out` must not (as
 * core/scribe.h). One task at a time: an order by a packet of a SOCK_SEQPACKET pair, with
 * the bytes in a memfd behind it (SCM_RIGHTS), then an answer, an int: an errno value, 0 when it
 * is done.
 */

#define WRITER_FILE "outbox"
#define WRITER_LOAD_MAX (16 * 1024 * 1024) /* bytes that are read */

enum writer_task {
	WRITER_LOAD,    /* the file's text into the memfd; none is no error */
	WRITER_APPEND,  /* ... and wait for the disk */
	WRITER_REPLACE, /* by a new one, with rename(2) */
	WRITER_ASIDE,   /* into outbox.damaged, for a human */
};

/* Starts it: our end of the pair, non-blocking, or -1 with errno. It ends when that is closed,
 * but not before its task is done, and lets no other have the folder so long. */
int writer_start(const char *folder, pid_t *pid);

/* Orders a task; `memfd` stays the caller's. 0, or -1 with errno: EPIPE, the child is gone. */
int writer_order(int fd, enum writer_task task, int memfd);

/* The answer: 1, 0 when there is none yet, -1 when the child is gone. */
int writer_answer(int fd, int *error);

#endif
