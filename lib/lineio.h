/* SPDX-License-Identifier: ISC */
#ifndef LIB_LINEIO_H
#define LIB_LINEIO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

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

/*
 * What lies between the lines and the socket from some moment on: TLS. recv and send are
 * as recv(2) and send(2) on a non-blocking socket, and shake is the handshake: 1 when it
 * is done, 0 when it waits, -1 when it has failed; why() says so then, and when recv or
 * send have failed with EPROTO, for as long as the coat lives. What waits, waits for the socket to be written if wants_write(), else to be
 * read; pending() tells of bytes of which the socket shows nothing any more.
 */
struct lineio_coat {
	int (*shake)(void *coat);
	const char *(*why)(void *coat);
	ssize_t (*recv)(void *coat, void *bytes, size_t len);
	ssize_t (*send)(void *coat, const void *bytes, size_t len);
	bool (*wants_write)(void *coat);
	bool (*pending)(void *coat);
	void (*free)(void *coat);
};

/* Puts `coat` on, which is owned from now on, and shakes hands; `coated` is called from
 * the loop when that is done, and closed() when it has failed. To be called inside line(),
 * with nothing queued: a byte that follows the line in the clear ends the connection. */
void lineio_put_on(struct lineio *io, const struct lineio_coat *ops, void *coat,
    void (*coated)(void *arg));

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
