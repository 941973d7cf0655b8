/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/boottime.h"
#include "lib/dserver.h"
#include "lib/lineio.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "remote/client.h"
#include "remote/dial.h"
#include "remote/follow.h"
#include "remote/starttls.h"

#define LINE_MAX_BYTES 4096
#define QUEUE_MAX (64 * 1024)
#define RETRY_FIRST_MS 200
#define RETRY_LONGEST_MS 5000
#define FAR_FSD "driver.fsd" /* commands of core alone: they are offered to nobody */
#define FAR_LEAVE "driver.logout"

struct follow {
	const char *ups;
	struct event_base *base;
	const struct section *section;
	struct starttls *tls; /* NULL: there is none */
	struct client *client;
	struct dserver *server;
	struct dial *dial; /* at most one of these two */
	struct lineio *io;
	int fd; /* that `io` owns */
	struct event *timer, *retry;
	long retry_ms;
	bool complained; /* the loss is in the log */
	bool talks;      /* so is the return */
	bool told_plain; /* so is that a connection is in the clear */
	bool shaking;    /* TLS is being put on */
	bool leaving;    /* LOGOUT is said: the end of the connection ends all */
	void (*left)(void *arg);
	void *arg;
	char login_said[384]; /* what is in the log of our login */
};

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
tell_login(struct follow *f)
{
	const char *text = client_login_text(f->client);

	if (strcmp(text, f->login_said) == 0)
		return;
	snprintf(f->login_said, sizeof(f->login_said), "%s", text);
	if (client_refused(f->client))
		log_warn("ups %s: server %s %s", f->ups, f->section->target.host, text);
	else
		log_info("ups %s: server %s %s", f->ups, f->section->target.host, text);
}

/* Logs that the server can be reached. */
static void
tell_talks(struct follow *f)
{
	const bool secure = client_is_secure(f->client);
	const bool plain = f->section->client.tls != CLIENT_TLS_NONE && !secure;

	log_info("ups %s: connected to %s at %s port %s%s%s, which %s", f->ups,
	    f->section->target.ups, f->section->target.host, f->section->target.port,
	    secure ? " by TLS" : "",
	    secure && f->section->verify ? ", its certificate verified" : "",
	    client_pushed(f->client) ? "pushes" : "is polled");
	if (plain && !f->told_plain)
		log_warn(
		    "ups %s: server %s: the connection is in the clear, password and "
		    "all, for there is no TLS; FORCESSL 1 in upsmon.conf makes it a "
		    "must",
		    f->ups, f->section->target.host);
	f->told_plain = plain;
	f->complained = false;
}

/* Carries out what the client has come to after an event. */
static void
settle(struct follow *f)
{
	struct buf *out = client_out(f->client);
	uint64_t now = boottime_ms(), next = client_next(f->client);
	enum dserver_status status;
	unsigned long ticket;

	if (f->io != NULL && out->len > 0)
		lineio_send(f->io, buf_head(out), out->len);
	buf_clear(out);
	state_set(client_state(f->client), "driver.state",
	    client_talks(f->client) ? "quiet" : "reconnect.trying");
	dserver_publish(f->server);
	dserver_fresh(f->server, client_fresh(f->client));
	while (client_result(f->client, &ticket, &status))
		dserver_result(f->server, ticket, status);
	if (client_talks(f->client) && !f->talks)
		tell_talks(f);
	f->talks = client_talks(f->client);
	tell_login(f);
	if (next != UINT64_MAX)
		timer_start(f->timer, next > now ? next - now : 1);
}

/* Ends what there is of a connection and plans the next. */
static void
lost(struct follow *f, const char *cause)
{
	if (f->leaving) {
		f->left(f->arg);
		return;
	}
	if (!f->complained)
		log_warn("ups %s: server %s: %s", f->ups, f->section->target.host, cause);
	f->complained = true;
	dial_free(f->dial);
	lineio_free(f->io);
	f->dial = NULL;
	f->io = NULL;
	client_down(f->client, boottime_ms());
	/* A connection that was of use begins anew with short waits. */
	f->retry_ms = f->talks ? RETRY_FIRST_MS : f->retry_ms * 2;
	if (f->retry_ms > RETRY_LONGEST_MS)
		f->retry_ms = RETRY_LONGEST_MS;
	timer_start(f->retry, (uint64_t)f->retry_ms);
	settle(f);
}

/* TLS stands. */
static void
on_coated(void *arg)
{
	struct follow *f = arg;

	f->shaking = false;
	client_secured(f->client, boottime_ms());
	settle(f);
}

static void
on_line(void *arg, char *line, size_t len)
{
	struct follow *f = arg;

	if (client_line(f->client, line, len, boottime_ms()) < 0) {
		lost(f, client_cause(f->client));
		return;
	}
	if (client_wants_tls(f->client) && !f->shaking) {
		f->shaking = true;
		starttls_put_on(f->tls, f->io, f->fd, f->section->tls_name,
		    f->section->verify, on_coated);
	}
	settle(f);
}

static void
on_closed(void *arg, const char *why)
{
	lost(arg, why);
}

static const struct lineio_ops follow_io = {.line = on_line, .closed = on_closed};

static void
on_dialled(void *arg, int fd, const char *cause)
{
	struct follow *f = arg;

	if (fd < 0) {
		lost(f, cause);
		return;
	}
	dial_free(f->dial);
	f->dial = NULL;
	f->fd = fd;
	f->shaking = false;
	f->io = lineio_new(f->base, fd, LINE_MAX_BYTES, QUEUE_MAX, &follow_io, f);
	client_up(f->client, boottime_ms());
	settle(f);
}

static void
dial_start(evutil_socket_t fd, short what, void *arg)
{
	struct follow *f = arg;

	f->dial = dial_new(f->base, &f->section->target, on_dialled, f);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct follow *f = arg;

	if (client_tick(f->client, boottime_ms()) < 0)
		lost(f, client_cause(f->client));
	else
		settle(f);
}

/* A command without an account is an error that only the log can explain. */
static enum dserver_status
explain(const struct follow *f, enum dserver_status status)
{
	if (status == DSERVER_FAILED)
		log_warn("ups %s: cannot pass a command on: the server is away, or the "
			 "section in ups.conf has no user and password",
		    f->ups);
	return status;
}

static enum dserver_status
on_instcmd(void *arg, const char *cmd, const char *value, unsigned long ticket)
{
	struct follow *f = arg;
	enum dserver_status status;

	if (strcmp(cmd, FAR_FSD) == 0) {
		client_fsd(f->client, boottime_ms());
		settle(f);
		return DSERVER_DONE;
	}
	if (strcmp(cmd, FAR_LEAVE) == 0) {
		log_info("ups %s: server %s no longer waits for this machine", f->ups,
		    f->section->target.host);
		f->complained = true; /* the end of the connection is no news */
		client_logout(f->client);
		settle(f);
		return DSERVER_DONE;
	}
	status = client_instcmd(f->client, cmd, value, ticket, boottime_ms());

	settle(f);
	return explain(f, status);
}

static enum dserver_status
on_set(void *arg, const char *var, const char *value, unsigned long ticket)
{
	struct follow *f = arg;
	enum dserver_status status =
	    client_set(f->client, var, value, ticket, boottime_ms());

	settle(f);
	return explain(f, status);
}

static const struct dserver_ops driver_ops = {.instcmd = on_instcmd, .set = on_set};

struct follow *
follow_new(struct event_base *base, const char *ups, const struct section *section,
    struct starttls *tls, const struct state *shown, int fd, void (*left)(void *arg),
    void *arg)
{
	struct client_options options = section->client;
	struct follow *f = xcalloc(1, sizeof(*f));

	f->ups = ups;
	f->base = base;
	f->section = section;
	f->tls = tls;
	f->retry_ms = RETRY_FIRST_MS;
	f->left = left;
	f->arg = arg;
	if (tls == NULL)
		options.tls = CLIENT_TLS_NONE;
	f->client = client_new(&options);
	for (size_t i = 0; i < shown->nvars; i++)
		state_set(
		    client_state(f->client), shown->vars[i]->name, shown->vars[i]->text);
	f->timer = evtimer_new(base, on_timer, f);
	f->retry = evtimer_new(base, dial_start, f);
	f->server = dserver_new(base, fd, client_state(f->client), &driver_ops, f);
	if (tls == NULL && section->client.tls == CLIENT_TLS_FORCE)
		log_warn("ups %s: server %s is not connected to: TLS is demanded, and "
			 "there is none here",
		    ups, section->target.host);
	else
		dial_start(-1, 0, f);
	settle(f);
	return f;
}

void
follow_free(struct follow *f)
{
	if (f == NULL)
		return;
	dial_free(f->dial);
	lineio_free(f->io);
	dserver_free(f->server);
	event_free(f->retry);
	event_free(f->timer);
	client_free(f->client);
	free(f);
}

bool
follow_leave(struct follow *f)
{
	if (f->io == NULL || f->leaving)
		return false;
	f->leaving = true;
	client_logout(f->client);
	settle(f);
	return true;
}
