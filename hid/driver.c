/* SPDX-License-Identifier: ISC */
#include "hid/driver.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "hid/overlay.h"
#include "lib/dline.h"
#include "lib/xmem.h"

/* An answer that failed sooner than this may have been a hiccup: it is asked once more. */
#define HICCUP_MS 1000

/* What the request in flight is for. */
enum work { IDLE, POLL, CONFIRM, WRITE, REREAD, STRING };

/* A command or setting: reports to write, then to read back. */
struct job {
	TAILQ_ENTRY(job) link;
	struct driver_result result;
	struct hidups_write writes[HIDUPS_WRITES_MAX];
	size_t nwrites, written, reread;
};

/* How often in a row a feature report could not be read, and until when it rests. */
struct health {
	unsigned failures;
	uint64_t rests_until;
	bool unknown; /* its values are no longer shown */
};

struct driver {
	const struct options *options;
	struct state *vars;  /* what the device and ups.conf say */
	struct state *state; /* what clients were told of it */
	struct overlay *overlay;

	/* The device, NULL without one, and what is known of its answers. */
	struct hid_desc *desc;
	struct hidups *ups;
	struct health health[256];
	uint64_t last_good;
	unsigned failed_polls;
	bool whole; /* everything has been read once since it came */
	bool hangs; /* no good answer since one did not come at all */
	bool doubt; /* it hung, and has not been read wholly since */
	bool gone;

	/* One round of reading. */
	uint8_t ids[256];
	size_t nids, at;
	bool full, any, clean; /* of everything; something was read; nothing hung */
	uint64_t next_poll, next_full;
	uint8_t strings[16];
	size_t nstrings, string_at;

	/* The request in flight. */
	enum work work;
	uint8_t id;
	bool again;
	uint64_t asked;

	bool confirm; /* `confirm_id` said that the mains are gone: ask it once more */
	uint8_t confirm_id;
	bool dirty, urgent; /* `vars` has news; that do not wait for the round's end */
	bool announce;      /* `state` has news: of the driver itself */

	TAILQ_HEAD(jobs, job) jobs, done;
	size_t njobs;
};

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
	struct job *j;

	driver_detach(d);
	while ((j = TAILQ_FIRST(&d->done)) != NULL) {
		TAILQ_REMOVE(&d->done, j, link);
		free(j);
	}
	overlay_free(d->overlay);
	state_free(d->vars);
	free(d);
}

/* Takes the device's values over into the variables. */
static void
refresh(struct driver *d)
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

static void
finish(struct driver *d, struct job *j, enum dserver_status status, int error)
{
	j->result.status = status;
	j->result.error = error;
	TAILQ_REMOVE(&d->jobs, j, link);
	TAILQ_INSERT_TAIL(&d->done, j, link);
	d->njobs--;
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
	struct job *j;

	if (d->ups == NULL)
		return;
	while ((j = TAILQ_FIRST(&d->jobs)) != NULL)
		finish(d, j, DSERVER_FAILED, ENODEV);
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
	refresh(d);
	d->confirm = false;
	d->urgent = true;
	if (on_battery(d) != before)
		d->next_poll = now;
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
	d->next_poll = now + d->options->interval_ms;
	if (d->full)
		d->next_full = now + d->options->full_ms;
}

/* Everything has been read: the values can be shown. */
static void
read_wholly(struct driver *d)
{
	d->whole = true;
	refresh(d);
	overlay_latch(d->overlay, d->vars);
	announce(d, "driver.state", "quiet");
}

/* What failed is unknown, but only once something else was read: a device that hangs
 * keeps its values. */
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
		if (d->health[id].failures > 0 && !d->health[id].unknown) {
			d->health[id].unknown = true;
			hidups_report_failed(d->ups, (uint8_t)id);
			refresh(d);
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
	struct hidups_write *w;
	struct job *j;

	if (d->ups == NULL || d->work != IDLE || d->gone)
		return false;
	if (d->confirm)
		return asks(d, ask, CONFIRM, HIDSOCK_GET, d->confirm_id, now);
	if ((j = TAILQ_FIRST(&d->jobs)) != NULL && j->written < j->nwrites) {
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
		refresh(d);
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
wrote(struct driver *d, int error)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	if (error != 0)
		finish(d, j, DSERVER_FAILED, error);
	else
		j->written++;
}

/* A report that a command wrote was read back, or refused that: not all can be read. */
static void
reread(struct driver *d, uint64_t now)
{
	struct job *j = TAILQ_FIRST(&d->jobs);

	if (++j->reread < j->nwrites)
		return;
	finish(d, j, DSERVER_DONE, 0);
	d->next_poll = now;
	d->urgent = true;
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
		wrote(d, error);
	else if (work == REREAD)
		reread(d, now);
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
	uint64_t next = UINT64_MAX;

	if (d->ups == NULL)
		return next;
	next = d->work != IDLE ? d->asked + DRIVER_STUCK_MS : d->next_poll;
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

/* Queues what hidups made of a command; a setting of the driver's own is done at once. */
static enum dserver_status
queue(struct driver *d, struct job *j, enum hidups_answer answer)
{
	if (answer == HIDUPS_OK && j->nwrites > 0) {
		TAILQ_INSERT_TAIL(&d->jobs, j, link);
		d->njobs++;
		return DSERVER_PENDING;
	}
	free(j);
	if (answer == HIDUPS_OK) {
		refresh(d);
		d->urgent = true;
		return DSERVER_DONE;
	}
	return answer == HIDUPS_INVALID ? DSERVER_INVALID : DSERVER_UNKNOWN;
}

/* A new job, or NULL with the reason when none can be taken now. */
static struct job *
job_new(
    struct driver *d, const char *name, unsigned long ticket, char *cause, size_t size)
{
	struct job *j;

	if (d->ups == NULL || d->gone) {
		snprintf(cause, size, "there is no device");
		return NULL;
	}
	if (d->njobs == DRIVER_JOBS_MAX) {
		snprintf(cause, size, "%d commands wait already", DRIVER_JOBS_MAX);
		return NULL;
	}
	j = xcalloc(1, sizeof(*j));
	j->result.ticket = ticket;
	snprintf(j->result.name, sizeof(j->result.name), "%s", name);
	return j;
}

enum dserver_status
driver_command(struct driver *d, const char *cmd, const char *value, unsigned long ticket,
    char *cause, size_t size)
{
	struct job *j = job_new(d, cmd, ticket, cause, size);

	if (j == NULL)
		return DSERVER_FAILED;
	return queue(d, j,
	    hidups_command(d->ups, cmd, value, j->writes, &j->nwrites, cause, size));
}

enum dserver_status
driver_set(struct driver *d, const char *var, const char *value, unsigned long ticket,
    char *cause, size_t size)
{
	struct job *j;

	if (state_get(d->options->overrides, var) != NULL) {
		snprintf(cause, size, "ups.conf overrides it");
		return DSERVER_INVALID;
	}
	if ((j = job_new(d, var, ticket, cause, size)) == NULL)
		return DSERVER_FAILED;
	return queue(
	    d, j, hidups_set(d->ups, var, value, j->writes, &j->nwrites, cause, size));
}

bool
driver_result(struct driver *d, struct driver_result *r)
{
	struct job *j = TAILQ_FIRST(&d->done);

	if (j == NULL)
		return false;
	*r = j->result;
	TAILQ_REMOVE(&d->done, j, link);
	free(j);
	return true;
}
