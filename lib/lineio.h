/* SPDX-License-Identifier: ISC */
#ifndef LIB_LINEIO_H
#define LIB_LINEIO_H

#include <stddef.h>

struct event_base;

/*
 * A connection that carries lines, on an event loop. Owns its descriptor.
 */
struct lineio;

struct lineio_ops {
	/* A whole line without its LF (and CRs before it); NUL-terminated, may be changed. */
	void (*line)(void *arg, char *line, size_t len);
	/* The other end is gone or broke a limit; `why` is text for a log. The callee calls
	 * lineio_free(), now or later; nothing more arrives. */
	void (*closed)(void *arg, const char *why);
};

/*
 * Serves the connected non-blocking stream `fd`. A line beyond `line_max` bytes, or more
 * than `queue_max` bytes waiting to be written, ends the connection (closed is called
 * from the loop, never from inside lineio_send). It is safe to call lineio_free() inside
 * either callback.
 */
struct lineio *lineio_new(struct event_base *base, int fd, size_t line_max,
    size_t queue_max, const struct lineio_ops *ops, void *arg);

/* Closes the descriptor and releases all. NULL is fine. */
void lineio_free(struct lineio *io);

/* From now on its lines come before anything else that is ready at the same moment. The
 * base has had event_base_priority_init(base, 2). */
void lineio_first(struct lineio *io);

/* Queues bytes and writes at once what the socket takes. */
void lineio_send(struct lineio *io, const void *bytes, size_t len);
void lineio_printf(struct lineio *io, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
