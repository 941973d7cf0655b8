/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/boottime.h"
#include "lib/conf_ups.h"
#include "lib/dserver.h"
#include "lib/fdarg.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/paths.h"
#include "lib/sandbox.h"
#include "lib/sock.h"
#include "lib/xmem.h"
#include "remote/client.h"
#include "remote/dial.h"
#include "remote/section.h"

#define LINE_MAX_BYTES 4096
#define QUEUE_MAX (64 * 1024)
#define RETRY_FIRST_MS 200
#define RETRY_LONGEST_MS 5000
#define GOODBYE_S 1 /* for the server to take our LOGOUT */

struct options {
	const char *ups;
	int conf_fd, socket_fd, debug; /* -1: open it ourselves */
};

struct remote {
	const char *ups;
	struct event_base *base;
	struct section section;
	struct client *client;
	struct dserver *server;
	struct dial *dial; /* at most one of these two */
	struct lineio *io;
	struct event *timer, *retry;
	long retry_ms;
	bool complained;      /* the loss is in the log */
	bool talks;           /* so is the return */
	bool leaving;         /* LOGOUT is said: the end of the connection ends all */
	char login_said[384]; /* what is in the log of our login */
};

static void __attribute__((noreturn)) usage(void)
{
	fputs("usage: remote -a UPS [-C FD] [-S FD] [-D]\n"
	      "  -a  a section of ups.conf with driver = remote\n"
	      "  -C  an open ups.conf; without it that of NUT_CONFPATH\n"
	      "  -S  the listening driver socket; without it one in NUT_STATEPATH\n"
	      "  -D  log more\n",
	    stderr);
	exit(1);
}

static struct options
options_read(int argc, char **argv)
{
	struct options o = {.conf_fd = -1, .socket_fd = -1};
	int option;

	while ((option = getopt(argc, argv, "a:C:S:D")) != -1) {
		switch (option) {
		case 'a':
			o.ups = optarg;
			break;
		case 'C':
			o.conf_fd = fdarg(optarg, NULL);
			break;
		case 'S':
			o.socket_fd = fdarg(optarg, NULL);
			break;
		case 'D':
			o.debug++;
			break;
		default:
			usage();
		}
	}
	if (o.ups == NULL || optind != argc)
		usage();
	return o;
}

static void
timer_start(struct event *timer, uint64_t ms)
{
	const struct timeval time = {
	    .tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};

	event_add(timer, &time);
}

static void dial_start(evutil_socket_t fd, short what, void *arg);

/* Logs what the server said to our login, each answer once. */
static void
tell_login(struct remote *r)
{
	const char *text = client_login_text(r->client);

	if (strcmp(text, r->login_said) == 0)
		return;
	snprintf(r->login_said, sizeof(r->login_said), "%s", text);
	if (client_refused(r->client))
		log_warn("ups %s: server %s %s", r->ups, r->section.target.host, text);
	else
		log_info("ups %s: server %s %s", r->ups, r->section.target.host, text);
}

/* Carries out what the client has come to after an event. */
static void
settle(struct remote *r)
{
	struct buf *out = client_out(r->client);
	uint64_t now = boottime_ms(), next = client_next(r->client);
	enum dserver_status status;
	unsigned long ticket;

	if (r->io != NULL && out->len > 0)
		lineio_send(r->io, buf_head(out), out->len);
	buf_clear(out);
	state_set(client_state(r->client), "driver.state",
	    client_talks(r->client) ? "quiet" : "reconnect.trying");
	dserver_publish(r->server);
	dserver_fresh(r->server, client_fresh(r->client));
	while (client_result(r->client, &ticket, &status))
		dserver_result(r->server, ticket, status);
	if (client_talks(r->client) && !r->talks) {
		log_info("ups %s: connected to %s at %s port %s, which %s", r->ups,
		    r->section.target.ups, r->section.target.host, r->section.target.port,
		    client_pushed(r->client) ? "pushes" : "is polled");
		r->complained = false;
	}
	r->talks = client_talks(r->client);
	tell_login(r);
	if (next != UINT64_MAX)
		timer_start(r->timer, next > now ? next - now : 1);
}

/* Ends what there is of a connection and plans the next. */
static void
lost(struct remote *r, const char *cause)
{
	if (r->leaving) {
		event_base_loopbreak(r->base);
		return;
	}
	if (!r->complained)
		log_warn("ups %s: server %s: %s", r->ups, r->section.target.host, cause);
	r->complained = true;
	dial_free(r->dial);
	lineio_free(r->io);
	r->dial = NULL;
	r->io = NULL;
	client_down(r->client, boottime_ms());
	/* A connection that was of use begins anew with short waits. */
	r->retry_ms = r->talks ? RETRY_FIRST_MS : r->retry_ms * 2;
	if (r->retry_ms > RETRY_LONGEST_MS)
		r->retry_ms = RETRY_LONGEST_MS;
	timer_start(r->retry, (uint64_t)r->retry_ms);
	settle(r);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct remote *r = arg;

	if (client_line(r->client, line, len, boottime_ms()) < 0)
		lost(r, client_cause(r->client));
	else
		settle(r);
}

static void
on_closed(void *arg, const char *why)
{
	lost(arg, why);
}

static const struct lineio_ops remote_io = {.line = on_line, .closed = on_closed};

static void
on_dialled(void *arg, int fd, const char *cause)
{
	struct remote *r = arg;

	if (fd < 0) {
		lost(r, cause);
		return;
	}
	dial_free(r->dial);
	r->dial = NULL;
	r->io = lineio_new(r->base, fd, LINE_MAX_BYTES, QUEUE_MAX, &remote_io, r);
	client_up(r->client, boottime_ms());
	settle(r);
}

static void
dial_start(evutil_socket_t fd, short what, void *arg)
{
	struct remote *r = arg;

	r->dial = dial_new(r->base, &r->section.target, on_dialled, r);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct remote *r = arg;

	if (client_tick(r->client, boottime_ms()) < 0)
		lost(r, client_cause(r->client));
	else
		settle(r);
}

/* A command without an account is an error that only the log can explain. */
static enum dserver_status
explain(const struct remote *r, enum dserver_status status)
{
	if (status == DSERVER_FAILED)
		log_warn("ups %s: cannot pass a command on: the server is away, or the "
			 "section in ups.conf has no user and password",
		    r->ups);
	return status;
}

static enum dserver_status
on_instcmd(void *arg, const char *cmd, const char *value, unsigned long ticket)
{
	struct remote *r = arg;
	enum dserver_status status =
	    client_instcmd(r->client, cmd, value, ticket, boottime_ms());

	settle(r);
	return explain(r, status);
}

static enum dserver_status
on_set(void *arg, const char *var, const char *value, unsigned long ticket)
{
	struct remote *r = arg;
	enum dserver_status status =
	    client_set(r->client, var, value, ticket, boottime_ms());

	settle(r);
	return explain(r, status);
}

static const struct dserver_ops driver_ops = {.instcmd = on_instcmd, .set = on_set};

/* Our section's text of ups.conf; faults of the file are logged when we opened it. */
static void
conf_read(struct ups_conf *conf, int fd)
{
	struct problems problems = {0};
	char *path = paths_conf("ups.conf"), *text;
	size_t len;

	text = fd >= 0 ? conf_slurp_fd(fd, &len) : conf_slurp(path, &len);
	if (text == NULL)
		log_fatal_errno("cannot read %s", path);
	ups_conf_read(conf, path, text, len, &problems);
	if (fd < 0)
		problems_each(&problems, log_warn);
	problems_free(&problems);
	free(text);
	free(path);
}

static int
socket_open(const char *ups)
{
	char *name = xasprintf("remote-%s", ups), *path = paths_state(name);
	char cause[256];
	int fd = sock_listen_unix(path, SOCK_STREAM, 0660, cause, sizeof(cause));

	if (fd < 0)
		log_fatal("%s", cause);
	free(path);
	free(name);
	return fd;
}

/* Makes the client and its own variables out of the section. */
static void
remote_init(struct remote *r, const struct ups_conf *conf)
{
	const struct conf_ups *ups = ups_conf_find(conf, r->ups);
	struct problems problems = {0};
	struct state *state;
	char *path = paths_conf("ups.conf"), cause[512];

	if (ups == NULL)
		log_fatal("ups.conf has no section [%s] with a port = UPS@HOST", r->ups);
	if (section_read(&r->section, ups, path, &problems, cause, sizeof(cause)) < 0)
		log_fatal("ups %s: %s", r->ups, cause);
	problems_each(&problems, log_warn);
	problems_free(&problems);
	free(path);
	r->client = client_new(&r->section.client);
	state = client_state(r->client);
	state_set(state, "driver.name", "remote");
	state_set(state, "driver.version", HOLDUP_VERSION);
	state_set(state, "driver.parameter.port", conf_ups_get(ups, "port"));
}

/* A server that counts this machine hears that it leaves; then, or soon, we end. */
static void
on_sigterm(evutil_socket_t number, short what, void *arg)
{
	const struct timeval patience = {.tv_sec = GOODBYE_S};
	struct remote *r = arg;

	if (r->io == NULL || r->leaving) {
		event_base_loopbreak(r->base);
		return;
	}
	r->leaving = true;
	client_logout(r->client);
	settle(r);
	event_base_loopexit(r->base, &patience);
}

int
main(int argc, char **argv)
{
	struct options o = options_read(argc, argv);
	struct remote r = {.ups = o.ups, .retry_ms = RETRY_FIRST_MS};
	struct ups_conf conf = {0};
	struct event *sigterm, *sigint;

	log_init("remote", o.debug);
	sandbox_enter(SANDBOX_REMOTE);
	signal(SIGPIPE, SIG_IGN);
	conf_read(&conf, o.conf_fd);
	remote_init(&r, &conf);
	if ((r.base = event_base_new()) == NULL)
		log_fatal("cannot make an event loop");
	sigterm = evsignal_new(r.base, SIGTERM, on_sigterm, &r);
	sigint = evsignal_new(r.base, SIGINT, on_sigterm, &r);
	event_add(sigterm, NULL);
	event_add(sigint, NULL);
	r.timer = evtimer_new(r.base, on_timer, &r);
	r.retry = evtimer_new(r.base, dial_start, &r);
	r.server =
	    dserver_new(r.base, o.socket_fd >= 0 ? o.socket_fd : socket_open(o.ups),
		client_state(r.client), &driver_ops, &r);
	dial_start(-1, 0, &r);
	settle(&r);

	event_base_dispatch(r.base);

	dial_free(r.dial);
	lineio_free(r.io);
	dserver_free(r.server);
	event_free(r.retry);
	event_free(r.timer);
	event_free(sigint);
	event_free(sigterm);
	event_base_free(r.base);
	client_free(r.client);
	ups_conf_free(&conf);
	return 0;
}
