/* SPDX-License-Identifier: ISC */
#include <event2/event.h>
#include <math.h>
#include <stdlib.h>

#include "lib/boottime.h"
#include "lib/buf.h"
#include "lib/log.h"
#include "lib/xmem.h"
#include "sim/body.h"
#include "sim/sim.h"

#define TICK_MAX 1.0 /* real s between looks at the model, at speed 1 */
#define TICK_MIN 0.1 /* and at any speed; timers are met exactly nevertheless */
#define GAUGES_MS 1000

struct sim {
	struct event_base *base;
	struct body *body;
	struct link_device device;
	struct link *link;
	struct event *tick, *back;
	double speed, stall;
	double now;    /* virtual s since the start */
	uint64_t then; /* real ms of `now` */
	uint64_t told; /* real ms of the last gauges */
	bool attached;
	const struct scenario *scenario;
	size_t next; /* line of the scenario */
};

static void
arm(struct event *timer, double seconds)
{
	struct timeval tv = {.tv_sec = (time_t)seconds};

	tv.tv_usec = (suseconds_t)((seconds - floor(seconds)) * 1e6);
	evtimer_add(timer, &tv);
}

static void
attach(struct sim *s)
{
	char cause[256];

	evtimer_del(s->back);
	if (s->attached)
		return;
	if (s->link->ops->appear(s->link, cause, sizeof(cause)) == 0)
		s->attached = true;
	else {
		log_warn("the device cannot come back: %s; trying again", cause);
		arm(s->back, TICK_MAX);
	}
}

static void
detach(struct sim *s, double seconds)
{
	s->link->ops->vanish(s->link);
	s->attached = false;
	evtimer_del(s->back);
	if (seconds >= 0.0)
		arm(s->back, seconds);
}

/* Does what a command says, but for those that only look. */
static void
act(struct sim *s, const struct command *c)
{
	struct ups *u = body_ups(s->body);

	switch (c->verb) {
	case COMMAND_UNPLUG:
		ups_unplug(u);
		break;
	case COMMAND_PLUG:
		ups_plug(u);
		break;
	case COMMAND_LOAD:
		u->load = c->value;
		break;
	case COMMAND_CHARGE:
		u->battery.charge = c->value / 100.0;
		break;
	case COMMAND_AGE:
		u->battery.age = c->value / 100.0;
		break;
	case COMMAND_TEMPERATURE:
		u->battery.ambient = u->battery.temperature = c->value;
		break;
	case COMMAND_USB_DROP:
		detach(s, c->value);
		break;
	case COMMAND_USB_BACK:
		attach(s);
		break;
	case COMMAND_STALL:
		s->stall = c->value;
		s->link->ops->retime(s->link);
		break;
	case COMMAND_SPEED:
		s->speed = c->value;
		break;
	case COMMAND_QUIT:
		event_base_loopexit(s->base, NULL);
		break;
	case COMMAND_STATUS:
		break;
	}
	ups_settle(u);
}

/* Lets the time pass that has passed, with the scenario's lines where they belong. */
static void
advance(struct sim *s)
{
	const struct scenario *scenario = s->scenario;
	uint64_t ms = boottime_ms();
	double until = s->now + (double)(ms - s->then) / 1000.0 * s->speed;

	s->then = ms;
	while (scenario != NULL && s->next < scenario->count &&
	       scenario->lines[s->next].at <= until) {
		const struct scenario_line *line = &scenario->lines[s->next++];

		ups_step(body_ups(s->body), line->at - s->now);
		s->now = line->at;
		act(s, &line->command);
	}
	ups_step(body_ups(s->body), until - s->now);
	s->now = until;
}

static void
send_input(void *arg, const uint8_t *bytes, size_t len)
{
	struct sim *s = arg;

	if (s->attached)
		s->link->ops->input(s->link, bytes, len);
}

/* Tells what has changed, and wakes up for what changes next. */
static void
settle(struct sim *s)
{
	double wait = fmin(fmax(1.0 / s->speed, TICK_MIN), TICK_MAX);
	bool gauges = s->then - s->told >= GAUGES_MS;

	if (gauges)
		s->told = s->then;
	body_inputs(s->body, gauges, send_input, s);
	wait = fmin(wait, ups_due(body_ups(s->body)) / s->speed);
	if (s->scenario != NULL && s->next < s->scenario->count)
		wait = fmin(wait, (s->scenario->lines[s->next].at - s->now) / s->speed);
	arm(s->tick, fmax(wait, 0.001));
}

static void
on_tick(evutil_socket_t fd, short events, void *arg)
{
	struct sim *s = arg;

	(void)fd;
	(void)events;
	advance(s);
	settle(s);
}

static void
on_back(evutil_socket_t fd, short events, void *arg)
{
	(void)fd;
	(void)events;
	attach(arg);
}

static const uint8_t *
device_get(void *arg, uint8_t id, size_t *len)
{
	struct sim *s = arg;

	advance(s);
	return body_feature(s->body, id, len);
}

static int
device_set(void *arg, const uint8_t *bytes, size_t len)
{
	struct sim *s = arg;
	int rc;

	advance(s);
	rc = body_set(s->body, bytes, len);
	settle(s);
	return rc;
}

static const char *
device_string(void *arg, uint8_t index)
{
	const struct sim *s = arg;

	return body_string(s->body, index);
}

struct sim *
sim_new(struct event_base *base, const struct recording *r,
    const struct scenario *scenario, double speed, const struct ups_quirks *quirks)
{
	struct sim *s = xcalloc(1, sizeof(*s));

	s->base = base;
	s->body = body_new(r);
	body_ups(s->body)->quirks = *quirks;
	s->scenario = scenario;
	s->speed = speed;
	s->tick = evtimer_new(base, on_tick, s);
	s->back = evtimer_new(base, on_back, s);
	s->device = (struct link_device){.recording = r,
	    .numbered = body_is_numbered(s->body),
	    .stall = &s->stall,
	    .get = device_get,
	    .set = device_set,
	    .string = device_string,
	    .arg = s};
	return s;
}

const struct link_device *
sim_device(const struct sim *s)
{
	return &s->device;
}

int
sim_start(struct sim *s, struct link *link, char *cause, size_t size)
{
	s->link = link;
	if (link->ops->appear(link, cause, size) != 0)
		return -1;
	s->attached = true;
	s->then = boottime_ms();
	on_tick(-1, 0, s);
	return 0;
}

static const char *
test_name(int test)
{
	static const char *const names[] = {
	    "none", "passed", "warning", "failed", "aborted", "running", "none"};

	return test >= 0 && test <= UPS_TEST_NONE ? names[test] : "unknown";
}

static const char *
beeper_name(int beeper)
{
	if (beeper == UPS_BEEPER_DISABLED)
		return "disabled";
	return beeper == UPS_BEEPER_MUTED ? "muted" : "enabled";
}

static void
describe(struct sim *s, struct buf *answer)
{
	const struct ups *u = body_ups(s->body);

	buf_printf(answer, " mains=%s output=%s charge=%.1f load=%g runtime=%.0f",
	    ups_fed(u) ? "on" : "off", u->output ? "on" : "off",
	    u->battery.charge * 100.0, ups_load(u), ups_runtime(u));
	buf_printf(answer, " temperature=%.1f voltage=%.1f age=%g",
	    u->battery.temperature, battery_volts(&u->battery), u->battery.age * 100.0);
	buf_printf(answer, " test=%s beeper=%s usb=%s stall=%g speed=%g",
	    test_name(u->test), beeper_name(u->beeper), s->attached ? "on" : "off",
	    s->stall, s->speed);
}

void
sim_line(struct sim *s, const char *line, struct buf *answer)
{
	struct command c;
	char cause[256];

	if (command_parse(&c, line, cause, sizeof(cause)) != 0) {
		buf_printf(answer, "ERR %s", cause);
		return;
	}
	advance(s);
	act(s, &c);
	settle(s);
	buf_puts(answer, "OK");
	if (c.verb == COMMAND_STATUS)
		describe(s, answer);
}

void
sim_free(struct sim *s)
{
	if (s->link != NULL)
		s->link->ops->free(s->link);
	event_free(s->tick);
	event_free(s->back);
	body_free(s->body);
	free(s);
}
