/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "web/conns.h"
#include "web/http.h"
#include "web/stream.h"

/* What libmicrohttpd has for one connection: request line and headers of 16 kB, what it notes
 * of each header, and the head of an answer. */
#define CONNECTION_MEMORY (28 * 1024)
#define STALLED_S 30 /* no byte goes either way */

/* What the kernel keeps of an answer for who does not read: by itself it would be megabytes
 * for each. */
#define KERNEL_MEMORY (64 * 1024)
#define STREAM_BLOCK 2048

static const struct timeval sweep_time = {.tv_sec = 1};

/* One libmicrohttpd: it can have TLS or not, but not both. */
struct door {
	struct http *http;
	struct MHD_Daemon *mhd;
	struct event *ready, *timer;
	bool resumed; /* some connection, since MHD_run() was called */
};

struct http {
	struct event_base *base;
	const struct http_ops *ops;
	void *arg;
	char *base_path;
	struct door plain, tls;
	bool has_tls;
	struct conns conns;
	struct conn *arriving; /* MHD_add_connection() is told of it */
	TAILQ_HEAD(, exchange) exchanges;
	bool ending; /* nothing is suspended any more */
	struct event *sweep;
};

/* A request and its answer, from the first line to the last byte. */
struct exchange {
	struct call call;
	TAILQ_ENTRY(exchange) next;
	struct door *door;
	struct MHD_Connection *mhd;
	struct conn *conn;
	enum { HEAD, BODY, ASKED } stage;
	bool bad_target, too_long, suspended;
	char target[];
};

/* libmicrohttpd does what is to be done, and says when it wants to again. It does not count
 * what was resumed meanwhile. */
static void
door_run(struct door *d)
{
	MHD_UNSIGNED_LONG_LONG ms;
	struct timeval wait;

	d->resumed = false;
	MHD_run(d->mhd);
	event_del(d->timer);
	if (d->resumed)
		ms = 0;
	else if (MHD_get_timeout(d->mhd, &ms) != MHD_YES)
		return;
	wait.tv_sec = (time_t)(ms / 1000);
	wait.tv_usec = (suseconds_t)(ms % 1000 * 1000);
	event_add(d->timer, &wait);
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	door_run(arg);
}

static void
suspend(struct exchange *x)
{
	x->suspended = true;
	MHD_suspend_connection(x->mhd);
}

static void
resume(struct exchange *x)
{
	if (!x->suspended)
		return;
	x->suspended = false;
	MHD_resume_connection(x->mhd);
	x->door->resumed = true;
	event_active(x->door->timer, EV_TIMEOUT, 1);
}

void
http_resume(void *who)
{
	resume(who);
}

void
http_answer(struct call *c)
{
	resume((struct exchange *)c);
}

/* MHD_ContentReaderCallback. */
static ssize_t
read_stream(void *arg, uint64_t at, char *to, size_t max)
{
	struct exchange *x = arg;
	long n = x->door->http->ending ? -1 : stream_take(x->call.reply.stream, to, max);

	if (n < 0)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (n == 0)
		suspend(x);
	return n;
}

static void
add_headers(struct MHD_Response *to, struct reply *r)
{
	static const char *const always[][2] = {
	    {"X-Content-Type-Options", "nosniff"},
	    {"Referrer-Policy", "no-referrer"},
	    {"Cache-Control", "no-store"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	};
	char seconds[16];

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		MHD_add_response_header(to, always[i][0], always[i][1]);
	MHD_add_response_header(
	    to, "Content-Type", r->type == NULL ? "application/json" : r->type);
	MHD_add_response_header(to, "Content-Security-Policy",
	    r->policy == NULL ? "default-src 'none'; frame-ancestors 'none'" : r->policy);
	if (r->cookie.len > 0)
		MHD_add_response_header(to, "Set-Cookie", buf_str(&r->cookie));
	if (r->location.len > 0)
		MHD_add_response_header(to, "Location", buf_str(&r->location));
	if (r->allow != NULL)
		MHD_add_response_header(to, "Allow", r->allow);
	if (r->stream != NULL)
		MHD_add_response_header(to, "X-Accel-Buffering", "no");
	if (r->retry_s > 0) {
		snprintf(seconds, sizeof(seconds), "%u", r->retry_s);
		MHD_add_response_header(to, "Retry-After", seconds);
	}
}

/* The body stays the call's, which lives until all of it is sent. */
static enum MHD_Result
send_reply(struct exchange *x)
{
	struct reply *r = &x->call.reply;
	struct MHD_Response *response;
	enum MHD_Result result;

	if (r->stream != NULL)
		response = MHD_create_response_from_callback(
		    MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, x, NULL);
	else
		response = MHD_create_response_from_buffer(
		    r->body.len, buf_head(&r->body), MHD_RESPMEM_PERSISTENT);
	if (response == NULL)
		return MHD_NO;
	add_headers(response, r);
	result = MHD_queue_response(x->mhd, r->status, response);
	MHD_destroy_response(response);
	return result;
}

/* MHD_KeyValueIterator: of several of one name the last counts. */
static enum MHD_Result
take_field(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct call *c = arg;

	for (size_t i = 0; i < CALL_FIELDS; i++)
		if (strcasecmp(name, call_fields[i]) == 0)
			c->fields[i] = value;
	return MHD_YES;
}

static void
take_claim(struct exchange *x)
{
	char *password = NULL, *user;

	user = MHD_basic_auth_get_username_password(x->mhd, &password);
	if (user != NULL && password != NULL)
		call_claim(&x->call, user, password);
	if (password != NULL)
		explicit_bzero(password, strlen(password));
	MHD_free(user);
	MHD_free(password);
}

static void
ask(struct exchange *x)
{
	struct http *h = x->door->http;

	conn_asks(x->conn);
	x->stage = ASKED;
	MHD_get_connection_values(x->mhd, MHD_HEADER_KIND, take_field, &x->call);
	take_claim(x);
	h->ops->came(h->arg, &x->call, x->conn->address, x->conn->tls, x->conn->many);
	if (x->bad_target)
		call_error(
		    &x->call, 400, "INVALID-ARGUMENT", "This address cannot be read");
	else if (x->too_long)
		call_error(&x->call, 413, "TOO-LONG", "A body has at most %d bytes",
		    CALL_BODY_MAX);
	else
		h->ops->asked(h->arg, &x->call);
}

static void
take_body(struct exchange *x, const char *data, size_t len)
{
	if (x->call.body.len + len > CALL_BODY_MAX)
		x->too_long = true;
	else
		buf_add(&x->call.body, data, len);
}

/* MHD_AccessHandlerCallback: the head has come, a piece of the body, nothing more comes; or
 * the answer is there that the connection was suspended for. */
static enum MHD_Result
on_request(void *arg, struct MHD_Connection *mhd, const char *url, const char *method,
    const char *version, const char *data, size_t *len, void **context)
{
	struct exchange *x = *context;

	if (x == NULL || x->door->http->ending)
		return MHD_NO;
	if (x->stage == HEAD) {
		x->stage = BODY;
		x->call.method = method;
		return MHD_YES;
	}
	if (*len > 0) {
		take_body(x, data, *len);
		*len = 0;
		return MHD_YES;
	}
	if (x->stage == BODY)
		ask(x);
	if (x->call.reply.status != 0)
		return send_reply(x);
	suspend(x);
	return MHD_YES;
}

/* The request line is there: an exchange begins, which libmicrohttpd hands on. */
static void *
on_target(void *arg, const char *target, struct MHD_Connection *mhd)
{
	struct door *d = arg;
	size_t len = strlen(target);
	struct exchange *x = xcalloc(1, sizeof(*x) + len + 1);

	x->door = d;
	TAILQ_INSERT_TAIL(&d->http->exchanges, x, next);
	x->mhd = mhd;
	x->conn = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)
		      ->socket_context;
	conn_begins(x->conn, boottime_ms());
	memcpy(x->target, target, len + 1);
	x->bad_target = query_read(&x->call.query, x->target, d->http->base_path) < 0;
	return x;
}

static void
on_completed(void *arg, struct MHD_Connection *mhd, void **context,
    enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *context;

	if (x == NULL)
		return;
	*context = NULL;
	conn_rests(x->conn, boottime_ms());
	if (x->call.reply.stream != NULL)
		stream_close(x->call.reply.stream);
	TAILQ_REMOVE(&x->door->http->exchanges, x, next);
	call_clear(&x->call);
	free(x);
}

static void
on_connection(void *arg, struct MHD_Connection *mhd, void **context,
    enum MHD_ConnectionNotificationCode what)
{
	struct http *h = ((struct door *)arg)->http;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*context = h->arriving;
		h->arriving = NULL;
	} else
		conns_del(&h->conns, *context);
}

/* There is no room. Who speaks HTTP hears it, as far as the socket takes it at once. */
static void
turn_away(int fd, bool tls)
{
	static const char full[] =
	    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 10\r\n"
	    "Connection: close\r\nContent-Length: 0\r\n\r\n";

	if (!tls)
		(void)!send(fd, full, sizeof(full) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
	close(fd);
}

bool
http_is_local(int fd)
{
	struct sockaddr_storage own = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof(own);

	return getsockname(fd, (struct sockaddr *)&own, &len) == 0 &&
	       own.ss_family == AF_UNIX;
}

void
http_accept(void *arg, int fd, const char *address)
{
	struct http *h = arg;
	struct sockaddr_storage peer = {.ss_family = AF_UNSPEC};
	socklen_t len = sizeof(peer);
	bool local = http_is_local(fd), tls = h->has_tls && !local;
	struct door *d = tls ? &h->tls : &h->plain;

	/* A unix socket is reached by this machine alone. */
	address = local ? "127.0.0.1" : address;
	h->arriving = conns_add(&h->conns, fd, address,
	    local || h->ops->many(h->arg, address), boottime_ms());
	if (h->arriving == NULL) {
		turn_away(fd, tls);
		return;
	}
	h->arriving->tls = tls;
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &(int){KERNEL_MEMORY}, sizeof(int));
	if (getpeername(fd, (struct sockaddr *)&peer, &len) < 0 || local)
		len = sizeof(peer.ss_family);
	if (MHD_add_connection(d->mhd, fd, (struct sockaddr *)&peer, len) != MHD_YES)
		log_debug("a connection of %s was not taken", address);
	if (h->arriving != NULL)
		conns_del(&h->conns, h->arriving);
	h->arriving = NULL;
	door_run(d);
}

/* Ends those who take too long for a request: libmicrohttpd sees the end of the socket. */
static void
on_sweep(evutil_socket_t fd, short what, void *arg)
{
	struct http *h = arg;
	uint64_t now = boottime_ms();
	struct conn *c = NULL;

	while ((c = conns_overdue(&h->conns, c, now)) != NULL)
		shutdown(c->fd, SHUT_RDWR);
}

__attribute__((format(printf, 2, 0))) static void
on_log(void *arg, const char *format, va_list args)
{
	char text[256];

	vsnprintf(text, sizeof(text), format, args);
	text[strcspn(text, "\n")] = '\0';
	log_debug("http: %s", text);
}

/* Starts one libmicrohttpd; `pem` NULL: without TLS. */
static void
door_open(struct http *h, struct door *d, const char *pem)
{
	unsigned flags = MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG |
			 MHD_ALLOW_SUSPEND_RESUME | (pem != NULL ? MHD_USE_TLS : 0);
	/* One text has both: libmicrohttpd takes of it what it looks for. */
	union {
		const char *text;
		void *pointer;
	} both = {.text = pem};
	struct MHD_OptionItem tls[] = {
	    {MHD_OPTION_HTTPS_MEM_CERT, 0, both.pointer},
	    {MHD_OPTION_HTTPS_MEM_KEY, 0, both.pointer},
	    {MHD_OPTION_END, 0, NULL},
	};

	d->http = h;
	d->mhd = MHD_start_daemon(flags, 0, NULL, NULL, on_request, d,
	    MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)CONNS_MAX, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
	    (size_t)CONNECTION_MEMORY, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)STALLED_S,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_URI_LOG_CALLBACK, on_target, d, MHD_OPTION_NOTIFY_COMPLETED,
	    on_completed, d, MHD_OPTION_NOTIFY_CONNECTION, on_connection, d,
	    MHD_OPTION_ARRAY, pem != NULL ? tls : tls + 2, MHD_OPTION_END);
	if (d->mhd == NULL)
		log_fatal("HTTP%s cannot be served%s", pem != NULL ? "S" : "",
		    pem != NULL ? ": [web] certificate and key are none that fit together"
				: "");
	d->ready = event_new(h->base,
	    MHD_get_daemon_info(d->mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
	    EV_READ | EV_PERSIST, on_ready, d);
	d->timer = event_new(h->base, -1, 0, on_ready, d);
	event_add(d->ready, NULL);
}

static void
door_close(struct door *d)
{
	MHD_run(d->mhd);
	event_free(d->ready);
	event_free(d->timer);
	MHD_stop_daemon(d->mhd);
}

struct http *
http_new(struct event_base *base, const char *pem, const char *base_path,
    const struct http_ops *ops, void *arg)
{
	struct http *h = xcalloc(1, sizeof(*h));

	h->base = base;
	h->ops = ops;
	h->arg = arg;
	h->base_path = xstrdup(base_path);
	h->has_tls = pem != NULL;
	conns_init(&h->conns);
	TAILQ_INIT(&h->exchanges);
	door_open(h, &h->plain, NULL);
	if (h->has_tls)
		door_open(h, &h->tls, pem);
	h->sweep = event_new(base, -1, EV_PERSIST, on_sweep, h);
	event_add(h->sweep, &sweep_time);
	return h;
}

void
http_free(struct http *h)
{
	struct exchange *x;

	h->ending = true;
	TAILQ_FOREACH (x, &h->exchanges, next)
		resume(x);
	door_close(&h->plain);
	if (h->has_tls)
		door_close(&h->tls);
	event_free(h->sweep);
	free(h->base_path);
	free(h);
}
