/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hid/driver.h"
#include "hid/driver_in.h"
#include "lib/dline.h"
#include "lib/xmem.h"

/* An answer that failed sooner than this may have been a hiccup: it is asked once more. */
#define HICCUP_MS 1000

/* A variable of the driver itself: known at once, with or without a device. */
static void
announce(struct driver *d, const char *name, const char *text)
{
	state_set(d->vars, name, text);
	state_set(d->state, name, text);
	d->announce = true;
}

struct driver *
driver_new(const struct options *o, struct state *s)
{
	struct driver *d = xcalloc(1, sizeof(*d));

	d->options = o;
	d->vars = state_new();
	d->state = s;
	d->overlay = overlay_new(o);
	TAILQ_INIT(&d->jobs);
	TAILQ_INIT(&d->done);
	announce(d, "driver.name", "usbhid-ups");
	announce(d, "driver.version", HOLDUP_VERSION);
	announce(d, "driver.version.internal", "holdup hid " HOLDUP_VERSION);
	announce(d, "driver.state", "init.device");
	for (size_t i = 0; i < o->driver->nvars; i++)
		announce(d, o->driver->vars[i]->name, o->driver->vars[i]->text);
	return d;
}

void
driver_free(struct driver *d)
{
	struct driver_result left;

	driver_detach(d);
	while (driver_result(d, &left))
		;
	overlay_free(d->overlay);
	state_free(d->vars);
	free(d);
}

void
driver_refresh(struct driver *d)
{
	hidups_vars(d->ups, d->vars);
	overlay_apply(d->overlay, d->vars);
	d->dirty = true;
}

static bool
on_battery(const struct driver *d)
{
	const char *status = state_get(d->vars, "ups.status");

	return status != NULL && state_status_has(status, "OB");
}

void
driver_attach(struct driver *d, struct hid_desc *desc, const struct hidups_ident *ident,
    uint64_t now)
{
	driver_detach(d);
	d->desc = desc;
	d->ups = hidups_new(desc, ident);
	/* As if a client had set them: they are the driver's own. */
	hidups_delays(d->ups, d->options->offdelay, d->options->ondelay);
	memset(d->health, 0, sizeof(d->health));
	d->last_good = d->next_poll = d->next_full = now;
	announce(d, "driver.version.data", hidups_map_name(d->ups));
	announce(d, "driver.state", "init.info");
}

void
driver_detach(struct driver *d)
{
	if (d->ups == NULL)
		return;
	driver_jobs_fail(d, ENODEV);
	hidups_free(d->ups);
	hid_desc_free(d->desc);
	d->ups = NULL;
	d->desc = NULL;
	d->work = IDLE;
	d->failed_polls = 0;
	d->whole = d->hangs = d->doubt = d->gone = false;
	d->confirm = d->again = d->dirty = d->urgent = false;
	d->nids = d->at = d->nstrings = d->string_at = 0;
	announce(d, "driver.state", "reconnect.trying");
}

void
driver_input(struct driver *d, const uint8_t *bytes, size_t len, uint64_t now)
{
	bool before = on_battery(d);

	if (d->ups == NULL || d->options->pollonly)
		return;
	d->last_good = now;
	d->any = true;
	if (!hidups_report(d->ups, HID_INPUT, bytes, len))
		return;
	driver_refresh(d);
	d->confirm = false;
	d->urgent = true;
	if (on_battery(d) != before)
		d->next_poll = now;
}

/* Milliseconds to the next round; soon, while the output is about to be cut. */
static uint64_t
interval(const struct driver *d)
{
	const char *timer = state_get(d->vars, "ups.timer.shutdown");

	return timer != NULL && timer[0] != '-' &&
		       d->options->interval_ms > DRIVER_COUNT_MS
		   ? DRIVER_COUNT_MS
		   : d->options->interval_ms;
}

/* Begins a round of reading: what moves, or everything. */
static void
begin_round(struct driver *d, uint64_t now)
{
	d->full = !d->whole || d->doubt || now >= d->next_full;
	d->nids = hidups_polls(d->ups, d->full, d->ids);
	d->at = 0;
	d->any = d->nids == 0;
	d->clean = true;
	d->next_poll = now + interval(d);
	if (d->full)
		d->next_full = now + d->options->full_ms;
}

/* Everything has been read: the values can be shown. */
static void
read_wholly(struct driver *d)
{
	d->whole = true;
	driver_refresh(d);
	overlay_latch(d->overlay, d->vars);
	announce(d, "driver.state", "quiet");
}

/* What failed twice is unknown, but only once something else was read: a device that
 * hangs keeps its values, and one bad answer takes nothing away. */
static void
end_round(struct driver *d)
{
	d->nids = d->at = 0;
	if (!d->any) {
		d->failed_polls++;
		return;
	}
	d->failed_polls = 0;
	for (unsigned id = 0; id < 256; id++) {
		if (d->health[id].failures > 1 && !d->health[id].unknown) {
			d->health[id].unknown = true;
			hidups_report_failed(d->ups, (uint8_t)id);
			driver_refresh(d);
		}
	}
	if (d->full && d->clean)
		d->doubt = false;
	if (d->whole || !d->full)
		return;
	d->string_at = 0;
	d->nstrings = hidups_strings(d->ups, d->strings);
	if (d->nstrings == 0)
		read_wholly(d);
}

/* Moves on to the next report of the round that does not rest. */
static bool
next_report(struct driver *d, uint64_t now)
{
	if (d->nids == 0) {
		if (d->nstrings > 0 || now < d->next_poll)
			return false;
		begin_round(d, now);
	}
	while (d->at < d->nids && d->health[d->ids[d->at]].rests_until > now)
		d->at++;
	if (d->at < d->nids)
		return true;
	end_round(d);
	return false;
}

static bool
asks(struct driver *d, struct driver_ask *ask, enum work work, enum hidsock_op op,
    uint8_t id, uint64_t now)
{
	*ask = (struct driver_ask){.op = op, .id = id};
	d->work = work;
	d->id = id;
	d->asked = now;
	return true;
}

bool
driver_ask(struct driver *d, uint64_t now, struct driver_ask *ask)
{
	const struct job *j = TAILQ_FIRST(&d->jobs);
	const struct hidups_write *w;

	if (d->ups == NULL || d->work != IDLE || d->gone)
		return false;
	if (d->confirm)
		return asks(d, ask, CONFIRM, HIDSOCK_GET, d->confirm_id, now);
	if (!driver_jobs_due(d, now))
		j = NULL;
	if (j != NULL && j->written < j->nwrites) {
		w = &j->writes[j->written];
		asks(d, ask, WRITE, HIDSOCK_SET, w->id, now);
		ask->data = w->bytes;
		ask->len = w->len;
		return true;
	}
	if (j != NULL)
		return asks(d, ask, REREAD, HIDSOCK_GET, j->writes[j->reread].id, now);
	if (next_report(d, now))
		return asks(d, ask, POLL, HIDSOCK_GET, d->ids[d->at], now);
	if (d->string_at < d->nstrings)
		return asks(
		    d, ask, STRING, HIDSOCK_STRING, d->strings[d->string_at], now);
	return false;
}

/* A report could not be read: it rests, each time longer. */
static void
failed_report(struct driver *d, uint64_t now)
{
	struct health *h = &d->health[d->id];
	uint64_t rest = DRIVER_SKIP_MS;

	for (unsigned i = 0; i < h->failures && rest < DRIVER_SKIP_MAX_MS; i++)
		rest *= 2;
	h->failures++;
	h->rests_until = now + rest;
}

/* A report came by request. A loss of the mains by it must be said twice. */
static void
took_report(struct driver *d, enum work work, const uint8_t *data, size_t len)
{
	bool before = on_battery(d);

	d->health[d->id] = (struct health){0};
	if (hidups_report(d->ups, HID_FEATURE, data, len))
		driver_refresh(d);
	if (work != CONFIRM && !before && on_battery(d)) {
		d->confirm = true;
		d->confirm_id = d->id;
	}
}

/* True when a read failed so fast that it is asked once more. */
static bool
hiccup(struct driver *d, int error, uint64_t now)
{
	if (d->again || error == 0 || error == ENODEV || now - d->asked >= HICCUP_MS)
		return false;
	d->again = true;
	return true;
}

static void
took_string(struct driver *d, const char *text, size_t len)
{
	char copy[128];

	snprintf(copy, sizeof(copy), "%.*s", (int)len, len > 0 ? text : "");
	hidups_string(d->ups, d->id, copy);
	if (++d->string_at < d->nstrings)
		return;
	d->nstrings = d->string_at = 0;
	read_wholly(d);
}

/* What an outcome says about the device as a whole. */
static void
judge(struct driver *d, int error, uint64_t now)
{
	if (error == ENODEV)
		d->gone = true;
	if (error == ETIMEDOUT && now - d->asked >= DRIVER_STUCK_MS) {
		d->hangs = d->doubt = true;
		d->clean = false;
	}
	if (error != 0)
		return;
	d->last_good = now;
	d->any = true;
	if (!d->hangs)
		return;
	/* Awake again: what failed only because of the hang is asked anew at once. */
	d->hangs = false;
	d->next_poll = now;
	for (size_t i = 0; i < 256; i++) {
		if (d->health[i].failures == 1)
			d->health[i].rests_until = now;
	}
}

void
driver_answer(struct driver *d, int error, const uint8_t *data, size_t len, uint64_t now)
{
	enum work work = d->work;

	if (work == IDLE)
		return;
	d->work = IDLE;
	if (error == 0 && len == 0 && work != WRITE && work != STRING)
		error = EPROTO;
	judge(d, error, now);
	if (work == POLL && hiccup(d, error, now))
		return;
	d->again = false;
	if (work == POLL)
		d->at++;
	if (work == CONFIRM)
		d->confirm = false;
	if (work == POLL || work == CONFIRM || work == REREAD) {
		if (error == 0)
			took_report(d, work, data, len);
		else if (work != REREAD)
			failed_report(d, now);
	}
	if (work == WRITE)
		driver_jobs_wrote(d, error);
	else if (work == REREAD)
		driver_jobs_reread(d, error, now);
	else if (work == STRING)
		took_string(d, (const char *)data, error == 0 ? len : 0);
}

enum driver_need
driver_check(const struct driver *d, uint64_t now)
{
	if (d->ups == NULL)
		return DRIVER_NOTHING;
	if (d->gone)
		return DRIVER_GONE;
	if (d->failed_polls >= DRIVER_FAILED_POLLS)
		return DRIVER_REOPEN;
	if (d->work != IDLE && now >= d->asked + DRIVER_STUCK_MS)
		return DRIVER_REASK;
	return DRIVER_NOTHING;
}

uint64_t
driver_deadline(const struct driver *d, uint64_t now)
{
	const struct job *j = TAILQ_FIRST(&d->jobs);
	uint64_t next = UINT64_MAX;

	if (d->ups == NULL)
		return next;
	next = d->work != IDLE ? d->asked + DRIVER_STUCK_MS : d->next_poll;
	if (d->work == IDLE && j != NULL && j->look < next)
		next = j->look;
	if (d->last_good + DRIVER_SILENCE_MS > now &&
	    d->last_good + DRIVER_SILENCE_MS < next)
		next = d->last_good + DRIVER_SILENCE_MS;
	return next;
}

bool
driver_publish(struct driver *d)
{
	bool publish = d->announce;

	if (d->whole && d->dirty && !d->confirm && (d->urgent || d->nids == 0)) {
		dline_copy(d->state, d->vars);
		d->dirty = d->urgent = false;
		publish = true;
	}
	d->announce = false;
	return publish;
}

bool
driver_fresh(const struct driver *d, uint64_t now)
{
	return d->ups != NULL && d->whole && !d->doubt &&
	       d->failed_polls < DRIVER_FAILED_POLLS &&
	       now < d->last_good + DRIVER_SILENCE_MS;
}
