/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <event2/event.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/lineio.h"
#include "lib/xmem.h"

#define READ_SIZE 16384 /* bytes taken at once, so that one peer cannot hog the loop */

struct lineio {
	int fd;
	size_t line_max, queue_max;
	const struct lineio_ops *ops;
	void *arg;
	struct event *readable, *writable;
	struct event *closing; /* activated by hand: closed() is due */
	struct buf in, out;
	const struct lineio_coat *coat; /* NULL: none */
	void *coat_arg;
	void (*coated)(void *arg); /* NULL: hands are shaken */
	const char *why;           /* not NULL: broken, closed() is due or was called */
	bool inside;               /* a callback runs */
	bool freed;                /* by a callback; released when that returns */
};

/* Releases what lineio_free() had to leave while a callback ran. */
static void
release(struct lineio *io)
{
	buf_free(&io->in);
	buf_free(&io->out);
	free(io);
}

void
lineio_free(struct lineio *io)
{
	if (io == NULL || io->freed)
		return;
	io->freed = true;
	event_free(io->readable);
	event_free(io->writable);
	event_free(io->closing);
	if (io->coat != NULL)
		io->coat->free(io->coat_arg);
	close(io->fd);
	if (!io->inside)
		release(io);
}

/* Ends the traffic; closed() follows from the loop. `why` must live on. */
static void
broken(struct lineio *io, const char *why)
{
	if (io->why != NULL)
		return;
	io->why = why;
	event_del(io->readable);
	event_del(io->writable);
	event_active(io->closing, EV_TIMEOUT, 1);
}

static void
on_closing(evutil_socket_t fd, short what, void *arg)
{
	struct lineio *io = arg;

	io->inside = true;
	io->ops->closed(io->arg, io->why);
	io->inside = false;
	if (io->freed)
		release(io);
}

/* Hands over one line that ends at `lf`. */
static void
deliver(struct lineio *io, char *line, char *lf)
{
	while (lf > line && lf[-1] == '\r')
		lf--;
	*lf = '\0';
	io->ops->line(io->arg, line, (size_t)(lf - line));
}

/* Delivers all whole lines of the input, as long as we live. */
static void
deliver_all(struct lineio *io)
{
	char *line = buf_head(&io->in), *end = line + io->in.len, *lf;

	io->inside = true;
	while (!io->freed && io->why == NULL && io->coated == NULL &&
	       (lf = memchr(line, '\n', (size_t)(end - line))) != NULL) {
		if ((size_t)(lf - line) > io->line_max)
			broken(io, "line too long");
		else
			deliver(io, line, lf);
		line = lf + 1;
	}
	io->inside = false;
	if (io->freed) {
		release(io);
		return;
	}
	if (io->coated != NULL && line < end)
		broken(io, "says something in the clear where TLS was to begin");
	buf_consume(&io->in, (size_t)(line - buf_head(&io->in)));
	if (io->in.len == 0)
		buf_free(&io->in); /* of many peers few talk at a time */
	if (io->in.len > io->line_max)
		broken(io, "line too long");
}

static ssize_t
io_recv(struct lineio *io, void *bytes, size_t len)
{
	ssize_t n;

	if (io->coat == NULL)
		return recv(io->fd, bytes, len, 0);
	n = io->coat->recv(io->coat_arg, bytes, len);
	if (n > 0 && io->coat->pending(io->coat_arg))
		event_active(io->readable, EV_READ, 0);
	return n;
}

static ssize_t
io_send(struct lineio *io, const void *bytes, size_t len)
{
	if (io->coat == NULL)
		return send(io->fd, bytes, len, MSG_NOSIGNAL);
	return io->coat->send(io->coat_arg, bytes, len);
}

/* Why io_recv() or io_send() has failed. */
static const char *
fault(const struct lineio *io)
{
	return io->coat != NULL && errno == EPROTO ? io->coat->why(io->coat_arg)
						   : strerror(errno);
}

/* Writes what the socket takes; waits for more room if something is left. */
static void
flush(struct lineio *io)
{
	while (io->out.len > 0) {
		ssize_t n = io_send(io, buf_head(&io->out), io->out.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0) {
			broken(io, fault(io));
			return;
		}
		buf_consume(&io->out, (size_t)n);
	}
	if (io->out.len == 0) {
		event_del(io->writable);
		buf_free(&io->out);
	} else if (io->out.len > io->queue_max) {
		broken(io, "does not read what it is sent");
	} else {
		event_add(io->writable, NULL);
	}
}

/* Waits for what the coat waits for, besides what there is to read. */
static void
await_coat(struct lineio *io)
{
	if (io->coat->wants_write(io->coat_arg))
		event_add(io->writable, NULL);
	else
		event_del(io->writable);
}

/* Goes on with the handshake. */
static void
shake(struct lineio *io)
{
	void (*coated)(void *arg) = io->coated;
	int done = io->coat->shake(io->coat_arg);

	if (done < 0) {
		broken(io, io->coat->why(io->coat_arg));
		return;
	}
	await_coat(io);
	if (done == 0)
		return;
	io->coated = NULL;
	event_active(io->readable, EV_READ, 0); /* lines may have come with its end */
	io->inside = true;
	coated(io->arg);
	io->inside = false;
	if (io->freed)
		release(io);
	else if (io->why == NULL)
		flush(io);
}

static void
on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct lineio *io = arg;
	ssize_t n;

	if (io->coated != NULL) {
		shake(io);
		return;
	}
	n = io_recv(io, buf_room(&io->in, READ_SIZE), READ_SIZE);
	if (n > 0) {
		buf_grew(&io->in, (size_t)n);
		deliver_all(io);
	} else if (n == 0)
		broken(io, "closed by the other end");
	else if (errno != EAGAIN && errno != EINTR)
		broken(io, fault(io));
}

static void
on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct lineio *io = arg;

	if (io->coated != NULL)
		shake(io);
	else
		flush(io);
}

struct lineio *
lineio_new(struct event_base *base, int fd, size_t line_max, size_t queue_max,
    const struct lineio_ops *ops, void *arg)
{
	struct lineio *io = xcalloc(1, sizeof(*io));

	io->fd = fd;
	io->line_max = line_max;
	io->queue_max = queue_max;
	io->ops = ops;
	io->arg = arg;
	io->readable = event_new(base, fd, EV_READ | EV_PERSIST, on_readable, io);
	io->writable = event_new(base, fd, EV_WRITE | EV_PERSIST, on_writable, io);
	io->closing = event_new(base, -1, 0, on_closing, io);
	event_add(io->readable, NULL);
	return io;
}

void
lineio_put_on(struct lineio *io, const struct lineio_coat *ops, void *coat,
    void (*coated)(void *arg))
{
	io->coat = ops;
	io->coat_arg = coat;
	io->coated = coated;
	event_active(io->readable, EV_READ, 0); /* it is the client who begins */
}

void
lineio_first(struct lineio *io)
{
	event_priority_set(io->readable, 0);
}

void
lineio_send(struct lineio *io, const void *bytes, size_t len)
{
	if (io->why != NULL || io->freed)
		return;
	buf_add(&io->out, bytes, len);
	if (io->coated == NULL)
		flush(io);
}

void
lineio_printf(struct lineio *io, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = xvasprintf(format, args);
	va_end(args);
	lineio_send(io, text, strlen(text));
	free(text);
}
